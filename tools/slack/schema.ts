// What the JSON schema of Block Kit is made from. @slack/types lets a view hold any block at all;
// here only the blocks Slack knows.
import type { HomeView, KnownBlock, ModalView } from "@slack/types";

export type Blocks = KnownBlock[];
export type Modal = Omit<ModalView, "blocks"> & { blocks: KnownBlock[] };
export type Home = Omit<HomeView, "blocks"> & { blocks: KnownBlock[] };
