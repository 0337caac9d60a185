"""Comments in Slack: behind a button in every message, so that what is held back stays nowhere."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import SlackDouble
from slack_walk import Walk, walk

from bot.domain.clock import MovableClock
from bot.domain.rounds import Round
from bot.storage import figures, past_rounds

HELD = "kanariefuglen peger på Peter"
SAID = {"dag-3": HELD, "dag-4": "Godt samarbejde", "dag-5": "Mere ro", "dag-6": "Tak for kaffe"}


@pytest.fixture(params=["http", "socket"])
async def w(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[Walk]:
    async with walk(tmp_path, slack, clock, request.param) as found:
        yield found


async def closed(w: Walk) -> Round:
    opened = await w.t.open("checkin")
    for n in range(2, 12):
        await w.t.answer(f"dag-{n}", opened.id, 4, SAID.get(f"dag-{n}"))
    await w.t.travel(opened.closes_at)
    return opened


def on_messages(w: Walk) -> str:
    """Return everything that stands in a conversation, for anybody."""
    rooms = w.t.double.state.channels.values()
    return str([(one.text, one.blocks, one.history) for room in rooms for one in room.messages])


def on_screens(w: Walk) -> str:
    """Return everything that stands in a home or an open window."""
    return str([one.payload for one in w.t.double.state.views.values() if not one.closed])


async def test_a_comment_that_is_held_back_stays_nowhere_in_slack(w: Walk) -> None:
    opened = await closed(w)
    elected = w.who("dag-2")
    asked = elected.newest(elected.dm)
    assert "4 kommentarer" in elected.reads(asked)
    assert not any(text in on_messages(w) for text in SAID.values())
    await w.press_on(elected, asked, "comments.open")
    assert all(text in elected.reads() for text in SAID.values())
    kept = await w.t.bot.store.read(lambda tx: figures.comments(tx, opened.id))
    id_ = next(one.id for one in kept if one.text == HELD)
    await w.press(elected, "comments.hold", f"{id_}:hold")
    assert "Holdt tilbage" in elected.reads()
    await elected.close_modal(all_of_them=True)
    await elected.opens_home()
    await w.t.travel(opened.publish_at + timedelta(days=5))
    for one in (w.who("dag-2"), w.who("dag-5")):
        await one.opens_home()
    await w.press_on(elected, asked, "comments.open")
    assert "ligger fast" in elected.reads()
    assert HELD not in on_messages(w)
    assert HELD not in on_screens(w)
    assert not any(text in on_messages(w) for text in SAID.values())


async def test_what_was_shown_opens_from_the_channel_until_its_time_is_over(w: Walk) -> None:
    opened = await closed(w)
    await w.t.travel(opened.publish_at + timedelta(minutes=5))
    anna = w.who("dag-5")
    posted = next(m for m in reversed(anna.sees(w.team)) if "Kommentarer (4)" in anna.reads(m))
    await w.press_on(anna, posted, "comments.shown")
    assert all(text in anna.reads() for text in SAID.values())
    year = opened.publish_at + timedelta(days=366)
    await w.t.bot.store.write(lambda tx: past_rounds.forget_comments(tx, year, 20))
    await w.press_on(anna, posted, "comments.shown")
    assert not any(text in anna.reads() for text in SAID.values())
    assert not any(text in on_messages(w) for text in SAID.values())
