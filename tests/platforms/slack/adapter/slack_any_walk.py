"""A walk at random through everything people can do in Slack, and what may happen to them there.

A ``Walk`` has a bot, the people and the channels; each ``step()`` draws a move and makes it. The
moves: ``slack_any_doings``, ``slack_any_happenings``. Whether all is well: ``slack_any_checks``.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path
from random import Random

from double import Channel, ImpossibleError, Person, SlackDouble
from slack_any_filling import Typing
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.people import Grant, Role
from bot.flows.programmes import registry as programmes
from bot.rehearsal.organisation import Cast
from bot.storage import people
from bot.storage.store import Tx

Move = Callable[["Walk"], Awaitable[None]]


class Walk:
    """A town in Slack, and one who walks through it with a die."""

    def __init__(
        self, folder: Path, double: SlackDouble, clock: MovableClock, transport: str, seed: int
    ) -> None:
        self.folder, self.double, self.clock, self.transport = folder, double, clock, transport
        self.chance, self.seed = Random(seed), seed
        self.typing = Typing(self.chance)
        self.story = ["0 a round"]
        self.folk: list[Person] = []
        self.channels: list[Channel] = []
        self.taken: list[tuple[Person, str, dict[str, object]]] = []
        """Who has sent which round's answers, and was told that they are kept."""
        self.faulty = False
        """Whether any fault was ordered since the walk began."""
        self.at: Person | None = None
        """Who did something last; he often goes on."""
        self.together = False
        self.busy: list[Person] = []
        """Who acts while several do ``together``: one's own client does one thing at a time."""
        self._stack, self._starts = AsyncExitStack(), 0
        self.t: SlackTown

    # --- Beginning and end ----------------------------------------------------------------------

    async def begin(self) -> None:
        """Start the bot with two teams in their channels, and a few who are not in any."""
        await self.start(cast(("dag", 11), ("aften", 5)))
        t, double = self.t, self.double
        names = ("boss", *(f"dag-{n}" for n in range(1, 12)), *(f"aften-{n}" for n in range(1, 6)))
        known = [t.somebody(one) for one in names]
        newcomer, guest = t.somebody("ny"), t.somebody("gaest", role="guest")
        elsewhere = double.workspace("Sydvest")
        stranger = double.person("fremmed", elsewhere, role="stranger")
        self.folk, self.elsewhere = [*known, newcomer, guest, stranger], elsewhere
        dag = double.channel("dagholdet", *known[1:12], guest, private=True)
        aften = double.channel("aftenholdet", *known[12:])
        group = double.channel("amg", known[0], known[2], private=True)
        free = double.channel("kaffe", *known[:4], newcomer)
        empty = double.channel("tomt", known[1], newcomer, bot=False)
        self.channels = [dag, aften, group, free, empty]
        for one, conversation in ((dag, "node:dag"), (aften, "node:aften"), (group, "amg:org")):
            await t.bind(one, conversation)

        def work(tx: Tx) -> None:
            people.put_grants(
                tx, "boss", [*people.roles(tx, "boss"), Grant("boss", "org", Role.AMG)]
            )
            programmes.settle(tx, t.bot.env, self.clock.now())

        await t.bot.store.write(work)
        await t.sends()
        await self.lets_pass(timedelta(minutes=5))

    async def start(self, whom: Cast) -> None:
        """Start the bot; again, after ``close``, on the same folder."""
        self._starts += 1
        self.t = await self._stack.enter_async_context(
            slack_town(
                self.folder, self.double, self.clock, whom, transport=self.transport,
                seed=self.seed * 1_000 + self._starts,
            )
        )  # fmt: skip

    async def close(self) -> None:
        """End the bot."""
        await self._stack.aclose()
        self._stack = AsyncExitStack()

    async def quiet_week(self) -> None:
        """Let a week go by in which nobody does anything and Slack never fails."""
        self.double.faults.planned.clear()
        self.story.append("a quiet week")
        for _ in range(8):
            await self.lets_pass(timedelta(days=1))

    async def lets_pass(self, span: timedelta) -> None:
        """Let time go by."""
        await self.t.travel(self.clock.now() + span)
        await self.double.deliver_due()
        await self.t.sends()

    # --- A step ---------------------------------------------------------------------------------

    async def step(self, moves: Mapping[Move, int]) -> None:
        """Draw a move, each as likely as it weighs, and make it."""
        (move,) = self.chance.choices(list(moves), list(moves.values()))
        self.story.append(f"{len(self.story)} {move.__name__}")
        try:
            await move(self)
            await self.t.settled()
            if self.chance.random() < 0.3:
                await self.t.sends()
        except ImpossibleError as no:
            self.told(f"- {no}"[:120])

    def told(self, what: str) -> None:
        """Add to the story."""
        self.story[-1] += f" {what}"

    def someone(self) -> Person:
        """Return who acts; often the same as before."""
        able = [one for one in self.folk if not one.user.deleted and one not in self.busy]
        if self.at in able and self.chance.random() < 0.65:
            chosen = self.at
        else:
            leads = [one for one in able if one.user.name in ("boss", "dag-1", "dag-2")]
            chosen = self.chance.choice(leads if leads and self.chance.random() < 0.3 else able)
        assert chosen is not None
        if chosen.user.role == "stranger" and not list(self.double.state.rooms_of(chosen.id)):
            raise ImpossibleError("he is in no channel")
        self.at = chosen
        if self.together:
            self.busy.append(chosen)
        self.told(chosen.user.name)
        return chosen

    def member(self) -> Person:
        """Return who acts, where only people of the workspace can."""
        chosen = self.someone()
        if chosen.user.role == "stranger":
            raise ImpossibleError("the app is not installed where he is")
        return chosen
