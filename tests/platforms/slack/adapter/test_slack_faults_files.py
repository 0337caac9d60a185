"""A picture that cannot be drawn or uploaded: the message goes out with the figures in words."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from double import Channel, SlackDouble
from slack_faults import codes, fails, given_up, unspoken
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.reports.charts import ChartFailed

STEPS = ("files.getUploadURLExternal", "upload", "files.completeUploadExternal")
AWAY: tuple[dict[str, Any], ...] = ({"way": "status", "status": 503}, {"way": "dropped"})
REFUSED: tuple[dict[str, Any], ...] = ({"way": "garbage"}, {"error": "missing_scope"})
FAULTS = [
    *((step, how) for step in STEPS for how in AWAY),
    *((step, how) for step in STEPS if step != "upload" for how in REFUSED),
]
"""Where the bytes go, nothing is answered but a status."""


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        yield town


async def result(t: SlackTown) -> Channel:
    """Let a check-in be answered, and its result come into the team's channel."""
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    opened = await t.open("checkin")
    for n in range(1, 7):
        await t.answer(f"dag-{n}", opened.id)
    await t.travel(opened.publish_at + timedelta(days=1))
    return channel


def stands_in_words(t: SlackTown, channel: Channel) -> bool:
    """Tell whether the result stands there once, with its figures and no picture."""
    (posted,) = t.double.messages(channel)
    pictures = [one for one in posted.blocks if one["type"] == "image"]
    return not pictures and "svarede" in t.somebody("dag-1").reads(posted)


@pytest.mark.parametrize(("step", "how"), FAULTS)
async def test_a_picture_that_is_not_uploaded_keeps_no_message_back(
    t: SlackTown, caplog: pytest.LogCaptureFixture, step: str, how: dict[str, Any]
) -> None:
    caplog.set_level("DEBUG")
    fails(t, step, times=1000, **how)
    channel = await result(t)
    assert stands_in_words(t, channel)
    assert codes(caplog) == {"SLACK-2": 1}
    assert unspoken(caplog, "chart.png", "Dag 3")
    assert await given_up(t) == {}


async def test_a_picture_that_cannot_be_drawn_keeps_no_message_back(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: object) -> bytes:
        raise ChartFailed("Dag 3: kanariefuglen synger")

    t.slack.delivery._sending._pictures._draw = broken
    channel = await result(t)
    assert stands_in_words(t, channel)
    assert codes(caplog) == {"SLACK-2": 1}
    assert unspoken(caplog)
