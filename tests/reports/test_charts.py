"""The parent side: queue, memory, and a child that may crash, hang or talk nonsense."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from chart_examples import chart, plain

from bot.cards import Bar
from bot.reports.chart_request import PNG_SIGNATURE
from bot.reports.charts import ChartFailed, Charts, Kept

FAKE = Path(__file__).parent / "fake_chart_worker.py"


@pytest.fixture
async def charts(tmp_path: Path) -> AsyncIterator[Charts]:
    one = fake_charts(tmp_path)
    yield one
    await one.close()


def fake_charts(folder: Path, *, idle: float = 30, timeout: float = 10) -> Charts:
    return Charts(
        idle=idle, timeout=timeout, worker=(sys.executable, "-IS", str(FAKE), f"{folder}")
    )


def starts(folder: Path) -> list[int]:
    return [int(file.name.split("-")[1]) for file in folder.glob("started-*")]


def requests(folder: Path) -> int:
    file = folder / "requests"
    return len(file.read_bytes()) if file.exists() else 0


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def gone(pid: int) -> bool:
    for _ in range(200):
        if not alive(pid):
            return True
        await asyncio.sleep(0.02)
    return False


async def test_nothing_is_started_before_the_first_chart(tmp_path: Path, charts: Charts) -> None:
    await asyncio.sleep(0.05)
    assert starts(tmp_path) == []


async def test_one_child_draws_chart_after_chart(tmp_path: Path, charts: Charts) -> None:
    first, second = await charts.draw(plain(1)), await charts.draw(plain(2))
    assert first.startswith(PNG_SIGNATURE)
    assert first != second
    assert len(starts(tmp_path)) == 1


async def test_the_child_ends_after_an_idle_while_and_comes_back(tmp_path: Path) -> None:
    charts = fake_charts(tmp_path, idle=0.1)
    await charts.draw(plain(1))
    (pid,) = starts(tmp_path)
    assert await gone(pid)
    await charts.draw(plain(2))
    assert len(starts(tmp_path)) == 2
    await charts.close()


async def test_the_child_stays_while_charts_keep_coming(tmp_path: Path) -> None:
    charts = fake_charts(tmp_path, idle=0.5)
    for number in range(6):
        await charts.draw(plain(number))
        await asyncio.sleep(0.15)
    assert len(starts(tmp_path)) == 1
    await charts.close()


async def test_a_child_that_crashes_half_way_is_replaced(tmp_path: Path, charts: Charts) -> None:
    (tmp_path / "crash1").touch()
    assert (await charts.draw(plain(1))).startswith(PNG_SIGNATURE)
    assert len(starts(tmp_path)) == 2


async def test_a_child_killed_while_it_draws_is_replaced(tmp_path: Path, charts: Charts) -> None:
    (tmp_path / "hang1").touch()
    drawing = asyncio.create_task(charts.draw(plain(1)))
    while not requests(tmp_path):
        await asyncio.sleep(0.01)
    os.kill(starts(tmp_path)[0], 9)
    assert (await drawing).startswith(PNG_SIGNATURE)


async def test_a_child_killed_between_two_charts_is_replaced(
    tmp_path: Path, charts: Charts
) -> None:
    await charts.draw(plain(1))
    os.kill(starts(tmp_path)[0], 9)
    assert (await charts.draw(plain(2))).startswith(PNG_SIGNATURE)
    assert len(starts(tmp_path)) == 2


async def test_after_the_second_crash_the_chart_fails_and_the_next_one_is_drawn(
    tmp_path: Path, charts: Charts
) -> None:
    (tmp_path / "crash1").touch()
    (tmp_path / "crash2").touch()
    with pytest.raises(ChartFailed):
        await charts.draw(plain(1))
    assert len(starts(tmp_path)) == 2
    assert (await charts.draw(plain(1))).startswith(PNG_SIGNATURE)


async def test_a_child_that_hangs_is_ended_and_replaced(tmp_path: Path) -> None:
    charts = fake_charts(tmp_path, timeout=0.6)
    (tmp_path / "hang1").touch()
    assert (await charts.draw(plain(1))).startswith(PNG_SIGNATURE)
    assert sum(alive(pid) for pid in starts(tmp_path)) == 1
    await charts.close()


async def test_a_child_that_floods_the_pipe_is_ended_and_replaced(
    tmp_path: Path, charts: Charts
) -> None:
    (tmp_path / "flood1").touch()
    async with asyncio.timeout(5):
        assert (await charts.draw(plain(1))).startswith(PNG_SIGNATURE)
    assert sum(alive(pid) for pid in starts(tmp_path)) == 1


async def test_an_error_in_the_drawing_fails_at_once_and_keeps_the_child(
    tmp_path: Path, charts: Charts
) -> None:
    (tmp_path / "error1").touch()
    with pytest.raises(ChartFailed, match="MemoryError"):
        await charts.draw(plain(1))
    assert (await charts.draw(plain(1))).startswith(PNG_SIGNATURE)
    assert len(starts(tmp_path)) == 1


async def test_a_child_that_cannot_be_started_fails_the_chart() -> None:
    charts = Charts(worker=("no-such-program-anywhere",))
    with pytest.raises(ChartFailed):
        await charts.draw(plain(1))
    await charts.close()


async def test_many_at_once_are_drawn_one_after_another_each_its_own(
    tmp_path: Path, charts: Charts
) -> None:
    pictures = await asyncio.gather(*(charts.draw(plain(number)) for number in range(20)))
    for number, picture in enumerate(pictures):
        assert f'"Sp\\u00f8rgsm\\u00e5l {number}"'.encode() in picture
    assert len(starts(tmp_path)) == 1


async def test_the_same_chart_asked_for_many_times_is_drawn_once(
    tmp_path: Path, charts: Charts
) -> None:
    (tmp_path / "slow1").touch()
    pictures = await asyncio.gather(*(charts.draw(plain(1)) for _ in range(10)))
    assert len(set(pictures)) == 1
    assert requests(tmp_path) == 1


async def test_theme_and_width_make_another_picture(tmp_path: Path, charts: Charts) -> None:
    for theme, width in (("light", 720), ("dark", 720), ("light", 360)):
        await charts.draw(plain(1), theme=theme, width_px=width)
    assert requests(tmp_path) == 3


async def test_who_stops_waiting_half_way_spoils_nobody_elses_picture(
    tmp_path: Path, charts: Charts
) -> None:
    (tmp_path / "slow1").touch()
    drawing = asyncio.create_task(charts.draw(plain(1)))
    while not requests(tmp_path):
        await asyncio.sleep(0.01)
    drawing.cancel()
    picture = await charts.draw(plain(2))
    assert b'l 2"' in picture
    with pytest.raises(asyncio.CancelledError):
        await drawing


async def test_closing_ends_the_child_and_fails_what_waits(tmp_path: Path, charts: Charts) -> None:
    (tmp_path / "hang1").touch()
    waiting = [asyncio.create_task(charts.draw(plain(number))) for number in range(3)]
    while not requests(tmp_path):
        await asyncio.sleep(0.01)
    await charts.close()
    assert all(
        isinstance(one, ChartFailed)
        for one in await asyncio.gather(*waiting, return_exceptions=True)
    )
    assert not any(alive(pid) for pid in starts(tmp_path))
    with pytest.raises(ChartFailed):
        await charts.draw(plain(9))


async def test_closing_twice_or_unused_is_nothing_special(tmp_path: Path) -> None:
    charts = fake_charts(tmp_path)
    await charts.close()
    await charts.close()
    assert starts(tmp_path) == []


async def test_the_child_sees_none_of_the_bots_secrets(
    charts: Charts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIVSEL_SLACK_TOKEN", "canary")
    assert b" [] " in await charts.draw(plain(1))


@pytest.mark.parametrize(
    "undrawable",
    [
        chart(),
        chart(*[Bar("a", 3, "3")] * 13),
        chart(Bar("a", float("nan"), "3")),
        chart(Bar("a", 3, "3", float("inf"))),
    ],
    ids=["no bars", "too many bars", "not a number", "endless"],
)
async def test_what_makes_no_picture_fails_without_a_child(
    tmp_path: Path, charts: Charts, undrawable: object
) -> None:
    with pytest.raises(ChartFailed):
        await charts.draw(undrawable)  # type: ignore[arg-type]
    assert starts(tmp_path) == []


@pytest.mark.parametrize("width", [0, 239, 1441, -720])
async def test_a_width_no_screen_has_fails(charts: Charts, width: int) -> None:
    with pytest.raises(ChartFailed):
        await charts.draw(plain(1), width_px=width)


def test_pictures_not_asked_for_the_longest_make_room() -> None:
    kept = Kept(most=2, most_bytes=1000)
    kept.put(b"a", b"1")
    kept.put(b"b", b"2")
    assert kept.get(b"a") == b"1"
    kept.put(b"c", b"3")
    assert (kept.get(b"a"), kept.get(b"b"), kept.get(b"c")) == (b"1", None, b"3")


def test_the_kept_pictures_never_exceed_their_bytes() -> None:
    kept = Kept(most=32, most_bytes=100)
    for letter in b"abcdef":
        kept.put(bytes([letter]), b"x" * 40)
    assert len(kept) == 2
    kept.put(b"huge", b"x" * 101)
    assert len(kept) == 0
    kept.put(b"a", b"x" * 99)
    assert len(kept) == 1
