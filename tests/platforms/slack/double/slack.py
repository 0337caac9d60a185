"""The double itself: a whole Slack for one test, and what happens to it from outside.

    async with SlackDouble(clock) as slack:
        anna = slack.person("anna")
        slack.speaks_http(asgi_app)
        await anna.command("/trivsel")

Leaving the block raises for every violation that was not forgiven.
"""

import asyncio
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

import httpx

from bot.domain.clock import Clock
from double.admin import Administrator
from double.app import App, Installation
from double.delivery import Delivery, PostOffice
from double.faults import Fault, Faults
from double.lines import HttpLine, SocketLine
from double.people import Person
from double.server import Server
from double.shapes import Oracle, Violation, WrongUseError
from double.state import State
from double.world import Channel, Enterprise, Kind, Message, Team, User, UserGroup

REQUESTS = "http://app.test/slack/events"
PATIENCE = 10.0


class SlackDouble:
    """Slack, as far as one app can tell."""

    def __init__(
        self,
        clock: Clock,
        *,
        app: App | None = None,
        installed: bool = True,
        signed_at: Callable[[], float] = time.time,
        patience: float = PATIENCE,
        oracle: Oracle | None = None,
    ) -> None:
        self.app = app or App()
        self.state = State(clock, self.app)
        self.state.oracle = oracle
        self.post = PostOffice(self.state)
        self.admin = Administrator(self.state, self.post)
        self.faults = Faults()
        self.socket = SocketLine(self.state, patience)
        self.socket.connected = self._catch_up
        self.consenting: tuple[Person, Team | None] | None = None
        """Who says yes when a browser comes to install, and where; None in a whole enterprise."""
        self._server = Server(self.state, self.faults, self.socket, self._consent)
        self._people: dict[str, Person] = {}
        self._signed_at = signed_at
        self._patience = patience
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.team = self.workspace("Nordvest")
        if installed:
            self.admin.install(self.team)

    async def __aenter__(self) -> Self:
        await self._server.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        await self.close()
        if error is None:
            self.check()

    async def close(self) -> None:
        """Stop the server and everything that still waits."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.close()
        if self._client is not None:
            await self._client.aclose()

    # --- The two transports -------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """The ``base_url`` for slack_sdk's clients."""
        return f"{self.state.address}/api/"

    @property
    def authorize_url(self) -> str:
        """Where an install begins."""
        return f"{self.state.address}/oauth/v2/authorize"

    @property
    def bot_token(self) -> str:
        """The token of the first workspace."""
        return self.installation().bot_token

    def speaks_http(self, app: Any = None, url: str = REQUESTS) -> HttpLine:
        """Deliver over HTTP from now on: to an ASGI ``app``, or to a server at ``url``."""
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False) if app else None
        self._client = httpx.AsyncClient(transport=transport, trust_env=False, verify=False)
        line = HttpLine(self.state, self._client, url, self._signed_at, self._patience)
        self.post.line = line
        return line

    def speaks_socket_mode(self) -> SocketLine:
        """Deliver over Socket Mode from now on."""
        self.post.line = self.socket
        return self.socket

    # --- Who and what there is ----------------------------------------------------------------

    def workspace(self, name: str, enterprise: Enterprise | None = None) -> Team:
        """Make a workspace."""
        team = Team(self.state.new_id("T"), name, enterprise)
        self.state.teams[team.id] = team
        return team

    def enterprise(self, name: str) -> Enterprise:
        """Make an enterprise, for workspaces to stand in."""
        return Enterprise(self.state.new_id("E"), name)

    def person(self, name: str, team: Team | None = None, **traits: Any) -> Person:
        """Return the person of that name, made at the first call; ``traits`` are a ``User``'s."""
        if name in self._people:
            return self._people[name]
        home = team or self.team
        email = f"{name}@{home.domain}.example"
        user = User(self.state.new_id("U"), home.id, name, name.title(), email, **traits)
        self.state.users[user.id] = user
        self._people[name] = Person(self.state, self.post, user)
        return self._people[name]

    def channel(
        self, name: str, *members: Person, private: bool = False, bot: bool = True,
        team: Team | None = None,
    ) -> Channel:  # fmt: skip
        """Make a channel, with the app's bot in it unless told otherwise."""
        home = team or self.team
        inside = [one.id for one in members]
        if bot:
            inside.append(self.installation(home).bot_user)
        kind: Kind = "private" if private else "public"
        channel = Channel(self.state.new_id("C"), name, home.id, kind, inside)
        self.state.channels[channel.id] = channel
        return channel

    def group(self, handle: str, *members: Person) -> UserGroup:
        """Make a user group in the first workspace."""
        users = [one.id for one in members]
        group = UserGroup(self.state.new_id("S"), self.team.id, handle, users)
        self.state.groups[group.id] = group
        return group

    def messages(self, channel: Channel) -> list[Message]:
        """Return what everybody sees in ``channel``, the oldest first."""
        return [one for one in channel.messages if not one.deleted and not one.only_for]

    def _consent(self, url: str) -> str:
        if self.consenting is None:
            raise RuntimeError("nobody is there to consent: set consenting")
        person, team = self.consenting
        return self.admin.consents(url, person, team)

    def installation(self, team: Team | None = None) -> Installation:
        """Return the installation that speaks for a workspace."""
        return self.admin.installation(team or self.team)

    # --- Time, faults, judgement ---------------------------------------------------------------

    async def deliver_due(self) -> None:
        """Do what Slack does by itself once the clock has moved: retries, scheduled posts."""
        await self.post.deliver_due()

    async def redeliver(self, delivery: Delivery | None = None) -> Delivery:
        """Deliver the last thing, or ``delivery``, a second time."""
        return await self.post.again(delivery or self.post.sent[-1])

    def fails(self, method: str, error: str = "", **how: Any) -> None:
        """Order a fault for the next call of ``method``; ``how`` are a ``Fault``'s fields."""
        self.faults.plan(Fault(method, how.pop("way", "error"), error, **how))

    def go_on(self) -> None:
        """End the silences that were ordered."""
        self._server.go_on()

    async def until(self, condition: Callable[[], object], patience: float = PATIENCE) -> None:
        """Return once ``condition`` holds; looked at after each thing that happens here.

        Raises:
            TimeoutError: after ``patience`` seconds of waiting for nothing.
        """
        async with asyncio.timeout(patience):
            while not condition():
                await self.state.change()

    def calls(self, method: str) -> list[dict[str, Any]]:
        """Return the arguments of every call of ``method``, refused ones too."""
        return [one.args for one in self.state.calls if one.method == method]

    def forgive(self, code: str) -> list[Violation]:
        """Take back violations a test caused on purpose; there must be some."""
        found = [one for one in self.state.violations if one.code == code]
        if not found:
            raise AssertionError(f"no {code} to forgive, only {self.state.violations}")
        self.state.violations = [one for one in self.state.violations if one.code != code]
        return found

    def check(self) -> None:
        """Raise for all violations at once.

        Raises:
            WrongUseError: where there are any.
        """
        if self.state.violations:
            raise WrongUseError(self.state.violations)

    def _catch_up(self) -> None:
        task = asyncio.get_running_loop().create_task(self.post.deliver_due())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
