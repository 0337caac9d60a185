"""How fast Slack is called, on a clock of the test's own: what it refuses depends on arrivals."""

from itertools import pairwise

import pytest

from bot.platforms.slack.pacing import CHANNEL_GAP, GAP, LARGEST_GAP, TIER_3, Pace


class Wrist:
    """A watch in seconds, moved by whoever waits."""

    def __init__(self) -> None:
        self.now = 1_000.0

    async def wait(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def watch() -> Wrist:
    return Wrist()


@pytest.fixture
def pace(watch: Wrist) -> Pace:
    return Pace(watch.wait, lambda: watch.now)


async def sends(pace: Pace, watch: Wrist, channel: str, *, out: float, back: float) -> float:
    """Send a message that takes some seconds each way; return when it arrived at Slack."""
    await pace.turn(channel)
    watch.now += out
    arrived = watch.now
    watch.now += back
    pace.well(channel)
    return arrived


@pytest.mark.parametrize(
    ("first", "second"), [((0.0, 0.0), (0.0, 0.0)), ((3.0, 0.1), (0.0, 0.1)), ((0.1, 5.0), (0, 0))]
)
async def test_a_second_lies_between_two_arrivals_however_long_the_first_was_on_its_way(
    pace: Pace, watch: Wrist, first: tuple[float, float], second: tuple[float, float]
) -> None:
    before = await sends(pace, watch, "C1", out=first[0], back=first[1])
    after = await sends(pace, watch, "C1", out=second[0], back=second[1])
    assert after - before >= CHANNEL_GAP - 1e-6


async def test_channels_wait_for_each_other_only_a_moment(pace: Pace, watch: Wrist) -> None:
    arrivals = [await sends(pace, watch, f"C{n}", out=0, back=0) for n in range(5)]
    gaps = [after - before for before, after in pairwise(arrivals)]
    assert gaps == pytest.approx([GAP] * 4)


async def test_a_channel_long_forgotten_may_still_be_answered(pace: Pace) -> None:
    pace.well("C-of-before")
    assert pace.paused() == 0


async def test_slack_says_wait_and_the_gap_widens_and_comes_down_again(
    pace: Pace, watch: Wrist
) -> None:
    start = watch.now
    for _ in range(9):
        pace.too_fast(10)
    assert pace.gap == LARGEST_GAP
    assert pace.paused() == pytest.approx(10)
    await pace.turn("C1")
    assert watch.now >= start + 10
    for _ in range(200):
        pace.well("C1")
    assert pace.gap == GAP


async def test_a_method_waits_when_its_minute_is_full(pace: Pace, watch: Wrist) -> None:
    start = watch.now
    for _ in range(TIER_3):
        await pace.call("conversations.info")
    assert watch.now == start
    await pace.call("conversations.info")
    assert watch.now == pytest.approx(start + 60)


async def test_who_cannot_wait_so_long_is_told_at_once_and_takes_nobodys_place(
    pace: Pace, watch: Wrist
) -> None:
    start = watch.now
    for _ in range(TIER_3):
        assert await pace.call("conversations.info", 0)
    watch.now += 30
    assert not await pace.call("conversations.info", within=20)
    assert watch.now == start + 30
    assert await pace.call("conversations.info", within=30)
    assert watch.now == pytest.approx(start + 60)
