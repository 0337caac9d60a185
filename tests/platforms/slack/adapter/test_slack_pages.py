"""A message of several pages: after trouble between two of them, each stands there once."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from double import Channel, SlackDouble
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack.lookback import EVENT
from bot.rehearsal.organisation import Cast
from bot.storage import outbox
from bot.storage.outbox import Note, Outgoing

LONG = " ".join(f"Linje {number} af mange." for number in range(1_500))


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), private=True)
    await t.bind(channel, "node:dag")
    return channel


async def send(t: SlackTown) -> str:
    id_ = t.bot.env.chance.token()
    row = Outgoing("test", "node:dag", Note("typed", {"text": LONG}), t.clock.now())
    await t.bot.store.write(lambda tx: outbox.add(tx, [id_], [row]))
    await t.bot.tick(t.clock.now())
    return id_


def page(wanted: int) -> Callable[[dict[str, Any]], bool]:
    def is_it(args: dict[str, Any]) -> bool:
        given = args.get("metadata") or {}
        found = json.loads(given) if isinstance(given, str) else given
        to_team = not str(args.get("channel")).startswith("U")  # a welcome has a first page, too
        return to_team and found.get("event_payload", {}).get("page") == wanted

    return is_it


def standing(t: SlackTown, channel: Channel) -> list[tuple[str, object]]:
    marks = [one.metadata for one in t.double.messages(channel)]
    assert all(one is not None and one["event_type"] == EVENT for one in marks)
    payloads = [one["event_payload"] for one in marks if one is not None]
    return [(one["id"], one["page"]) for one in payloads]


async def test_every_page_says_whose_it_is_and_which(t: SlackTown, care: Channel) -> None:
    id_ = await send(t)
    count = len(t.double.messages(care))
    assert count > 2
    assert standing(t, care) == [(id_, number) for number in range(1, count + 1)]


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize(
    "how",
    [
        {"way": "answer lost"},
        {"way": "dropped"},
        {"way": "garbage"},
        {"way": "status", "status": 429, "retry_after": 7},
        {"way": "status", "status": 503},
        {"way": "error", "error": "fatal_error"},
    ],
    ids=lambda how: f"{how['way']} {how.get('status', '')}",
)
async def test_trouble_at_any_page_loses_and_doubles_nothing(
    t: SlackTown, care: Channel, number: int, how: dict[str, Any]
) -> None:
    t.double.fails("chat.postMessage", which=page(number), **how)
    id_ = await send(t)
    assert len(standing(t, care)) == (number if how["way"] == "answer lost" else number - 1)
    await t.travel(t.clock.now() + timedelta(hours=1))
    pages = standing(t, care)
    assert len(pages) > 3
    assert pages == [(id_, at) for at in range(1, len(pages) + 1)]
    await t.travel(t.clock.now() + timedelta(hours=1))
    assert standing(t, care) == pages
    assert not await t.bot.store.read(outbox.dead)


async def test_a_crash_between_two_pages_is_mended_by_who_starts_next(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as first:
        care = slack.channel("dagholdet", first.somebody("dag-1"), private=True)
        await first.bind(care, "node:dag")
        posting = first.slack.delivery._sending._posting
        post = posting.paced

        async def dying(team: str, channel: str, call: Any) -> Any:
            if channel == care.id and len(slack.messages(care)) == 2:
                raise SystemError("the process ended here")
            return await post(team, channel, call)

        monkeypatch.setattr(posting, "paced", dying)
        id_ = await send(first)
        assert len(standing(first, care)) == 2
    async with slack_town(tmp_path, slack, clock, Cast((), (), ())) as second:
        await second.travel(clock.now() + timedelta(hours=1))
        pages = standing(second, care)
        assert len(pages) > 3
        assert pages == [(id_, at) for at in range(1, len(pages) + 1)]
