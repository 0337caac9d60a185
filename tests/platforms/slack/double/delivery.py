"""Delivers to the app and judges the answer: three seconds, one retry at once, two more later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from double import payloads
from double.api.scheduling import post_due
from double.app import EVENT_SCOPES, Installation
from double.lines import Answer, Kind, Line, Retry
from double.shapes import ImpossibleError, Json
from double.state import State
from double.world import Channel

IN_TIME = timedelta(seconds=3)
LATER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""When an event is tried again, counted from the try before."""

Outcome = Literal["acknowledged", "late", "refused", "unconnected", "closed", "silent"]
REASONS: dict[Outcome, str] = {
    "late": "http_timeout",
    "refused": "http_error",
    "unconnected": "connection_failed",
    "closed": "connection_failed",
    "silent": "http_timeout",
}


@dataclass
class Delivery:
    """Something sent to the app, and how each try ended."""

    kind: Kind
    payload: Json
    outcomes: list[Outcome] = field(default_factory=list)
    answer: Answer = field(default_factory=Answer)

    @property
    def acknowledged(self) -> bool:
        """Whether the last try was acknowledged in time."""
        return self.outcomes[-1:] == ["acknowledged"]


@dataclass
class Waiting:
    """An event to try again, from ``due`` on."""

    delivery: Delivery
    due: datetime
    retry: int


@dataclass
class PostOffice:
    """Sends over whatever line the test has chosen, and keeps what was sent."""

    state: State
    line: Line | None = None
    sent: list[Delivery] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    harsh: bool = True
    """Whether a refused, late or missing acknowledgement is a violation."""

    async def interact(self, kind: Kind, payload: Json) -> Delivery:
        """Deliver a command or an interaction, which Slack tries once."""
        if kind == "interactive" and not self.state.app.interactivity:
            raise ImpossibleError("the app's manifest has no interactivity: nothing can be used")
        delivery = Delivery(kind, payload)
        self.sent.append(delivery)
        await self._try(delivery, None)
        return delivery

    async def again(self, delivery: Delivery) -> Delivery:
        """Deliver the very same thing once more, as after an acknowledgement that got lost."""
        retry = (1, "http_timeout") if delivery.kind == "events_api" else None
        await self._try(delivery, retry)
        return delivery

    async def event(
        self, body: Json, *, team: str, channel: Channel | None = None, kind: str = ""
    ) -> Delivery | None:
        """Deliver an event to the installation it concerns; None where the app does not get it."""
        installation = self.state.installation_for(team)
        if installation is None or not self._subscribed(installation, kind or body["type"]):
            return None
        return await self.event_to(installation, body, team=team, channel=channel)

    async def event_to(
        self, installation: Installation, body: Json, *, team: str, channel: Channel | None = None
    ) -> Delivery:
        """Deliver an event to one installation, with the retry that comes at once."""
        payload = payloads.event(self.state, installation, team, body, channel)
        delivery = Delivery("events_api", payload)
        self.sent.append(delivery)
        await self._try_event(delivery, 0)
        return delivery

    def _subscribed(self, installation: Installation, kind: str) -> bool:
        needed: Sequence[str] = EVENT_SCOPES[kind]
        allowed = not needed or bool(installation.scopes.intersection(needed))
        return allowed and kind in self.state.app.events

    async def _try_event(self, delivery: Delivery, number: int) -> None:
        last = delivery.outcomes[-1] if delivery.outcomes else "silent"
        await self._try(delivery, (number, REASONS.get(last, "")) if number else None)
        if delivery.acknowledged or delivery.answer.no_retry or number >= len(LATER):
            return
        if number == 0 and delivery.outcomes[-1] != "unconnected":
            await self._try_event(delivery, 1)
            return
        due = self.state.now() + LATER[number]
        self.waiting.append(Waiting(delivery, due, number + 1))

    async def deliver_due(self) -> None:
        """Do what Slack does by itself as time goes by: retries, scheduled posts, news."""
        post_due(self.state)
        news, self.state.announcements = self.state.announcements, []
        for installation, body in news:
            if self._subscribed(installation, body["type"]):
                team = installation.team or installation.granted_to[0]
                await self.event_to(installation, body, team=team)
        due = [one for one in self.waiting if one.due <= self.state.now()]
        self.waiting = [one for one in self.waiting if one not in due]
        for one in due:
            await self._try_event(one.delivery, one.retry)

    async def _try(self, delivery: Delivery, retry: Retry) -> None:
        if self.line is None:
            raise RuntimeError("the double does not know how to reach the app")
        start = self.state.now()
        delivery.answer = answer = await self.line.send(delivery.kind, delivery.payload, retry)
        outcome: Outcome = answer.trouble or "acknowledged"
        if outcome == "acknowledged" and self.state.now() - start > IN_TIME:
            outcome = "late"
        elif outcome == "acknowledged" and answer.status != 200:
            outcome = "refused"
        delivery.outcomes.append(outcome)
        if self.harsh and outcome in ("late", "refused", "silent"):
            what = str(delivery.payload.get("type", delivery.kind))
            inner = delivery.payload.get("event", {}).get("type", "")
            words = (
                f"{what} {inner}: answered {answer.status}" if answer.status else f"{what} {inner}"
            )
            self.state.violate(f"{outcome}_acknowledgement", delivery.kind, words)
        self.state.note_change()
