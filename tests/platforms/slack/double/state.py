"""All of Slack in one place: its records, and how they are found. It knows no wire."""

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.domain.clock import Clock
from double.app import App, Installation
from double.rates import DISTRIBUTED, Rates
from double.shapes import Json, Oracle, Refused, Violation
from double.triggers import Triggers
from double.world import Channel, File, Message, Team, User, UserGroup, View


@dataclass(frozen=True)
class CallMade:
    """One call of the Web API. ``error`` is empty where it went well."""

    method: str
    args: Json
    error: str
    at: datetime


@dataclass
class Scheduled:
    """A message waiting for its time."""

    id: str
    channel: str
    post_at: int
    message: Message


@dataclass
class Grant:
    """Somebody's consent to an install, waiting to be exchanged."""

    installation: Installation
    redirect_uri: str
    issued: datetime


class State:
    """Slack's records, for one app."""

    def __init__(self, clock: Clock, app: App) -> None:
        self.clock = clock
        self.app = app
        self.address = ""
        """Where the double's server listens, without a slash at the end."""
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        """A person's open modals, the top one last."""
        self.filled: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        """What a person has filled in on a message, by his id and its timestamp."""
        self.homes: dict[tuple[str, str], str] = {}
        self.files: dict[str, File] = {}
        self.groups: dict[str, UserGroup] = {}
        self.scheduled: list[Scheduled] = []
        self.installations: list[Installation] = []
        self.oracle: Oracle | None = None
        self.rates = Rates(clock.now, a_minute=dict(DISTRIBUTED) if app.distributed else {})
        self.triggers = Triggers(clock.now)
        self.calls: list[CallMade] = []
        self.violations: list[Violation] = []
        self.codes: dict[str, Grant] = {}
        self.announcements: list[tuple[Installation, Json]] = []
        """Events caused by the app's own calls, which wait to be sent."""
        self.file_processing = timedelta(0)
        """How long Slack takes before a block may show an uploaded picture."""
        self.tickets: dict[str, datetime] = {}
        """Socket Mode addresses given out and not used yet."""
        self._numbers = itertools.count(1)
        self._changed = asyncio.Event()

    # --- Making -------------------------------------------------------------------------------

    def new_id(self, prefix: str) -> str:
        """Return an id as Slack's look: a letter and capitals or digits."""
        return f"{prefix}0{next(self._numbers):09d}"

    def new_ts(self) -> str:
        """Return a message's timestamp, unique and in order."""
        return f"{int(self.clock.now().timestamp())}.{next(self._numbers):06d}"

    def new_hash(self) -> str:
        """Return a view's next hash."""
        return f"{int(self.clock.now().timestamp())}.{next(self._numbers):08x}"

    def violate(self, code: str, where: str, what: str) -> None:
        """Note what a correct app never does; the test hears of it at its end."""
        self.violations.append(Violation(code, where, what))
        self.note_change()

    # --- Finding ------------------------------------------------------------------------------

    def installation_for(self, team: str) -> Installation | None:
        """Return the standing installation that speaks for ``team``."""
        live = (one for one in self.installations if not one.uninstalled)
        return next((one for one in live if one.covers(team)), None)

    def user(self, user_id: object, installation: Installation) -> User:
        """Return somebody the app may know of, or refuse."""
        found = self.users.get(str(user_id))
        if found is None or not self._knows(found, installation):
            raise Refused("user_not_found")
        if found.invisible:
            raise Refused("user_not_visible")
        return found

    def _knows(self, user: User, installation: Installation) -> bool:
        here = installation.covers(user.team)
        return here or any(self.sees(one, installation) for one in self.rooms_of(user.id))

    def rooms_of(self, user_id: str) -> Iterator[Channel]:
        """Give the conversations a person is in."""
        return (one for one in self.channels.values() if user_id in one.members)

    def sees(self, channel: Channel, installation: Installation) -> bool:
        """Say whether the app's bot can know that ``channel`` exists."""
        teams = (channel.team, *channel.shared_with)
        if not any(installation.covers(team) for team in teams):
            return False
        return channel.kind == "public" or installation.bot_user in channel.members

    def channel(self, channel_id: object, installation: Installation) -> Channel:
        """Return a conversation the app may know of, or refuse."""
        found = self.channels.get(str(channel_id))
        if found is None or not self.sees(found, installation):
            raise Refused("channel_not_found")
        return found

    def message(self, channel: Channel, ts: object) -> Message:
        """Return a message that stands in ``channel``, or refuse. Ephemeral ones are not found."""
        for one in channel.messages:
            if one.ts == ts and not one.deleted and not one.only_for:
                return one
        raise Refused("message_not_found")

    def direct(self, user: User, installation: Installation) -> Channel:
        """Return the conversation of the app's bot with ``user``, opened if need be."""
        pair = {user.id, installation.bot_user}
        for one in self.channels.values():
            if one.kind == "im" and set(one.members) == pair:
                return one
        team = installation.team or user.team
        opened = Channel(self.new_id("D"), "directmessage", team, "im", sorted(pair))
        self.channels[opened.id] = opened
        return opened

    def teams_of(self, installation: Installation) -> list[Team]:
        """Return the workspaces an installation speaks for."""
        return [one for one in self.teams.values() if installation.covers(one.id)]

    # --- Waiting ------------------------------------------------------------------------------

    def note_change(self) -> None:
        """Wake whoever waits for something to happen."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def change(self) -> None:
        """Return when something has happened."""
        await self._changed.wait()

    def now(self) -> datetime:
        """Return the clock's present, in UTC."""
        return self.clock.now().astimezone(UTC)
