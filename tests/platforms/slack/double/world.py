"""What exists in Slack: teams, people, channels, messages, files, views. Plain records.

They are mutable on purpose: this is a world that changes, and tests look at it.
"""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from double.shapes import Json

Kind = Literal["public", "private", "im", "mpim"]


@dataclass(frozen=True)
class Enterprise:
    """An organisation of several workspaces."""

    id: str
    name: str


@dataclass
class Team:
    """A workspace."""

    id: str
    name: str
    enterprise: Enterprise | None = None

    @property
    def domain(self) -> str:
        """The name in its address."""
        return self.name.lower().replace(" ", "-")


@dataclass
class User:
    """A member of a workspace, or somebody seen there from another one."""

    id: str
    team: str
    name: str
    real_name: str
    email: str
    locale: str = "da-DK"
    tz: str = "Europe/Copenhagen"
    role: Literal["member", "admin", "guest", "single_channel_guest", "bot", "stranger"] = "member"
    deleted: bool = False
    invisible: bool = False
    """Not visible to the app, as some people are to guests and across organisations."""
    refuses: str = ""
    """The error a message or a DM to this person is refused with; empty: none."""

    def shown(self, *, locale: bool = False, email: bool = False) -> Json:
        """Return the user object of the Web API."""
        profile: Json = {"real_name": self.real_name, "display_name": self.name}
        if email and self.role != "bot":
            profile["email"] = self.email
        user: Json = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": self.role == "bot",
            "is_app_user": False,
            "updated": 1,
        }
        if self.deleted:
            return user
        user |= {
            "real_name": self.real_name,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": 0,
            "is_admin": self.role == "admin",
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.role in ("guest", "single_channel_guest"),
            "is_ultra_restricted": self.role == "single_channel_guest",
        }
        if self.role == "stranger":
            user["is_stranger"] = True
        if locale:
            user["locale"] = self.locale
        return user


@dataclass
class Message:
    """One message, ephemeral where ``only_for`` names a person."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    app: bool = False
    metadata: Json | None = None
    thread_ts: str = ""
    only_for: str = ""
    files: list[str] = field(default_factory=list)
    reactions: list[tuple[str, str]] = field(default_factory=list)
    edits: int = 0
    deleted: bool = False
    history: list[tuple[str, list[Json]]] = field(default_factory=list)
    """What it said before each edit."""

    @property
    def pings(self) -> list[str]:
        """Who and what the text and the blocks mention: ``@U…``, ``!channel``, ``#C…``."""
        return re.findall(r"<([@!#][^>|]+)", f"{self.text} {self.blocks}")


@dataclass
class Channel:
    """A channel, a group or a direct conversation."""

    id: str
    name: str
    team: str
    kind: Kind = "public"
    members: list[str] = field(default_factory=list)
    archived: bool = False
    shared_with: list[str] = field(default_factory=list)
    """Other workspaces that see it (Slack Connect)."""
    messages: list[Message] = field(default_factory=list)

    def shown(self) -> Json:
        """Return the conversation object of the Web API."""
        channel: Json = {
            "id": self.id,
            "is_channel": self.kind in ("public", "private"),
            "is_group": False,
            "is_im": self.kind == "im",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "public",
            "is_archived": self.archived,
            "is_shared": bool(self.shared_with),
            "is_ext_shared": bool(self.shared_with),
            "is_org_shared": False,
            "context_team_id": self.team,
            "created": 1,
        }
        if self.kind != "im":
            channel |= {"name": self.name, "name_normalized": self.name, "is_general": False}
            channel |= {"topic": {"value": ""}, "purpose": {"value": ""}}
        return channel


@dataclass
class View:
    """An open modal or a published home."""

    id: str
    kind: Literal["modal", "home"]
    user: str
    team: str
    payload: Json
    hash: str
    root: str
    previous: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    """What the person has filled in: block id, then action id."""
    closed: bool = False

    @property
    def external_id(self) -> str:
        """The app's own name for it."""
        return str(self.payload.get("external_id") or "")


@dataclass
class File:
    """A file on its way up, uploaded, or shared."""

    id: str
    team: str
    name: str
    length: int
    alt_text: str = ""
    title: str = ""
    body: bytes = b""
    state: Literal["asked", "uploaded", "complete"] = "asked"
    ready_at: datetime | None = None
    """From when a block may show it: Slack prepares pictures after they came."""
    shared_in: list[str] = field(default_factory=list)
    deleted: bool = False

    def shown(self) -> Json:
        """Return the file object of the Web API."""
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title,
            "size": self.length,
            "alt_txt": self.alt_text,
            "channels": list(self.shared_in),
        }


@dataclass
class UserGroup:
    """A named group of people in a workspace."""

    id: str
    team: str
    handle: str
    users: list[str] = field(default_factory=list)
