"""What the walks through Slack share: a team in its channel, leafing to a button, sending forms."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from double import Channel, ImpossibleError, Message, Person, SlackDouble
from double.reading import elements
from double.world import View
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.people import Grant, Role
from bot.flows.programmes import registry as programmes
from bot.storage import people
from bot.storage.store import Tx

Surface = Message | View


@dataclass(frozen=True)
class Walk:
    """A town whose first team and whose work-environment group each have their channel."""

    t: SlackTown
    team: Channel
    group: Channel

    def who(self, id_: str) -> Person:
        """Return a person with his hands at Slack."""
        return self.t.somebody(id_)

    async def ticks(self) -> None:
        """Let the bot do what is due now."""
        await self.t.bot.tick(self.t.clock.now())

    async def press(self, who: Person, name: str, holding: str = "") -> None:
        """Press a button in the open modal, leafing on to the page it stands on."""
        for _ in range(20):
            if (found := button(who.modal, name, holding)) is not None:
                return await self._use(who, found, who.modal)
            if (leaf := button(who.modal, "Næste")) is None:
                break
            await self._use(who, leaf, who.modal)
        raise ImpossibleError(f"{name} ({holding}) stands on no page: {who.reads()}")

    async def press_on(self, who: Person, on: Message, name: str, holding: str = "") -> None:
        """Press a button of a message; an open modal would hide it and is closed."""
        if who.modals:
            await who.close_modal(all_of_them=True)
        found = button(on, name, holding)
        assert found is not None, (name, who.reads(on))
        await self._use(who, found, on)

    async def _use(self, who: Person, name: str, on: Surface) -> None:
        await who.click(name, on=on)
        assert who.trouble == ""
        await self.t.settled()


@asynccontextmanager
async def walk(
    folder: Path, double: SlackDouble, clock: MovableClock, transport: str
) -> AsyncIterator[Walk]:
    """Start the bot with a team of eleven, and ``boss``, ``dag-2`` and ``dag-4`` as the group."""
    async with slack_town(folder, double, clock, cast(("dag", 11)), transport=transport) as t:
        folk = [t.somebody(f"dag-{n}") for n in range(1, 12)]
        team = double.channel("dagholdet", *folk, private=True)
        group = double.channel("amg", t.somebody("boss"), folk[1], folk[3], private=True)
        await t.bind(team, "node:dag")
        await t.bind(group, "amg:org")

        def work(tx: Tx) -> None:
            people.put_grants(tx, "boss", [*people.roles(tx, "boss"), _in_group("boss")])
            people.put_grants(tx, "dag-4", [_in_group("dag-4")])
            programmes.settle(tx, t.bot.env, clock.now())

        await t.bot.store.write(work)
        await t.bot.tick(clock.now())  # the welcomes
        await t.travel(clock.now() + timedelta(minutes=5))
        yield Walk(t, team, group)


def _in_group(person: str) -> Grant:
    return Grant(person, "org", Role.AMG)


def button(surface: Surface, name: str, holding: str = "") -> str | None:
    """Return the id of the first button of an action (or label) that carries ``holding``."""
    for one in elements(blocks_of(surface)):
        if one.kind == "button" and one.named(name) and holding in str(one.body.get("value", "")):
            return str(one.body["action_id"])
    return None


def blocks_of(surface: Surface) -> list[dict[str, Any]]:
    return list(surface.payload["blocks"] if isinstance(surface, View) else surface.blocks)


async def send(who: Person, values: Mapping[str, object]) -> None:
    """Fill in and send the modal on top, with the rest of it where need be; it must be taken."""
    named = {f"in.{name}": value for name, value in values.items()}
    if not set(named) <= {one.get("block_id") for one in blocks_of(who.modal)}:
        await who.click("slack.more", on=who.modal)
    assert await who.submit(named) in ("updated", "closed"), (who.errors, who.reads())


def filled(who: Person, value: int, comment: str = "") -> dict[str, object]:
    """Return a check-in's sheet with one answer to every question, as it stands open."""
    inputs = [one for one in blocks_of(who.modal) if one["type"] == "input"]
    return {
        one["block_id"]: comment or None if one["block_id"] == "in.comment" else str(value)
        for one in inputs
    }


def choices(who: Person, name: str) -> dict[str, str]:
    """Return what an input of the open modal offers: labels to values."""
    found = next(b for b in blocks_of(who.modal) if b.get("block_id") == f"in.{name}")
    return {one["text"]["text"]: one["value"] for one in found["element"]["options"]}


def newest(who: Person, words: str, channel: Channel | None = None) -> Message:
    """Return the newest message somebody sees in which ``words`` stand."""
    seen = who.sees(channel)
    for one in reversed(seen):
        if words in who.reads(one):
            return one
    raise ImpossibleError(f"{who.user.name} sees no {words!r} in {[who.reads(m) for m in seen]}")
