"""What the tests of faults share: lines with codes, a canary, and messages in the outbox."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from double import Fault
from slack_town import SlackTown

from bot.storage import outbox
from bot.storage.outbox import Delivery, Note, Outgoing

CANARY = "kanariefuglen synger"
CODE = re.compile(r"\b(?:SLACK|SEND|TICK|FRONT)-\d+\b")


def codes(caplog: pytest.LogCaptureFixture) -> Counter[str]:
    """Count the codes that were logged."""
    return Counter(code for line in lines(caplog) for code in CODE.findall(line))


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the bot itself has logged, of any level."""
    return [one.getMessage() for one in caplog.records if one.name.startswith("bot.")]


def unspoken(caplog: pytest.LogCaptureFixture, *secret: str) -> bool:
    """Tell whether none of these stand in any log, the libraries' among them."""
    return not [one for one in (CANARY, *secret) if one in caplog.text]


def fails(t: SlackTown, method: str, error: str = "", **how: Any) -> None:
    """Order a fault, also one that the method's page does not name."""
    t.double.faults.planned.append(Fault(method, how.pop("way", "error"), error, **how))


async def put(t: SlackTown, *recipients: str) -> list[str]:
    """Put a message for each into the outbox, and send what is due; return their ids."""
    ids = [t.bot.env.chance.token() for _ in recipients]
    at = t.clock.now()
    rows = [
        Outgoing(f"test-{id_}", who, Note("typed", {"text": CANARY}), at)
        for id_, who in zip(ids, recipients, strict=True)
    ]
    await t.bot.store.write(lambda tx: outbox.add(tx, ids, rows))
    await t.bot.tick(at)
    return ids


async def waiting(t: SlackTown, id_: str) -> Delivery | None:
    """Return a message that waits to be sent again."""
    far = t.clock.now() + timedelta(days=400)
    due = await t.bot.store.read(lambda tx: outbox.due(tx, far))
    return next((one for one in due if one.id == id_), None)


async def given_up(t: SlackTown) -> dict[str, str | None]:
    """Return the messages that were given up, each with its code."""
    return {one.id: one.problem for one in await t.bot.store.read(outbox.dead)}
