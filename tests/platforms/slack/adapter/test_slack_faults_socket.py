"""Socket Mode when the connection fails: what is under way is finished, and has one effect."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from double import Person, SlackDouble
from slack_faults import CANARY, codes, fails, lines, unspoken
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack import socket as socket_mode
from bot.storage import people

CONNECT = "apps.connections.open"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connect again without waiting."""
    monkeypatch.setattr(socket_mode, "WAITS", (0.0,))
    monkeypatch.setattr(socket_mode, "MENDING", 0.0)


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    people_ = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people_, transport="socket") as town:
        yield town


async def connected(t: SlackTown, times: int) -> None:
    """Wait until the bot has connected so often, and has a connection."""
    await t.double.until(lambda: len(opened(t.double)) >= times and t.double.socket.connections)


def opened(double: SlackDouble) -> list[object]:
    return [one for one in double.state.calls if one.method == CONNECT and not one.error]


async def away(t: SlackTown, anna: Person) -> int:
    """Return how often somebody is noted to be away."""
    kept = await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", t.clock.now().date()))
    return len(kept)


class Slow:
    """A front that waits with each form until it is let go on."""

    def __init__(self, front: Any) -> None:
        self._front = front
        self.begun, self.go_on = asyncio.Event(), asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._front, name)

    async def handle(self, inbound: Any) -> Any:
        self.begun.set()
        await self.go_on.wait()
        return await self._front.handle(inbound)


DAYS = {"in.first": "2026-03-20", "in.last": "2026-03-24"}


async def test_a_connection_that_is_cut_is_opened_anew_and_says_nothing_of_it(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await t.double.socket.cut()
    await connected(t, 2)
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    assert anna.modals
    assert codes(caplog) == {}


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_connection_slack_wants_to_end_is_left_for_another_and_loses_nothing(
    t: SlackTown, caplog: pytest.LogCaptureFixture, reason: str
) -> None:
    caplog.set_level("DEBUG")
    slow = Slow(t.bot.front)
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    t.slack.hearing._front = slow
    sent = asyncio.create_task(anna.submit(DAYS))
    await slow.begun.wait()
    await t.double.socket.warn(reason)
    # The old one is listened to until it ends.
    await t.double.until(lambda: len(t.double.socket.connections) == 2)
    slow.go_on.set()
    assert await sent == "updated"
    assert await away(t, anna) == 1
    assert codes(caplog) == {}


async def test_a_submission_during_which_the_connection_ends_has_one_effect_when_it_comes_again(
    t: SlackTown,
) -> None:
    slow = Slow(t.bot.front)
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    t.slack.hearing._front = slow
    sent = asyncio.create_task(anna.submit(DAYS))
    await slow.begun.wait()
    await t.double.socket.cut()
    assert await sent == "trouble"
    await connected(t, 2)
    slow.go_on.set()
    again = await t.double.redeliver()
    assert again.acknowledged
    t.double.forgive("unknown_envelope")  # the first is acknowledged over the other connection
    assert anna.hears(anna.modal, again) == "updated"
    assert await away(t, anna) == 1


async def test_what_is_under_way_when_the_bot_stops_is_still_acknowledged(t: SlackTown) -> None:
    slow = Slow(t.bot.front)
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    t.slack.hearing._front = slow
    sent = asyncio.create_task(anna.submit(DAYS))
    await slow.begun.wait()
    stopped = asyncio.create_task(t.slack.close())
    await asyncio.sleep(0)
    slow.go_on.set()
    assert await sent == "updated"
    await stopped
    assert await away(t, anna) == 1
    assert not t.double.socket.connections


@pytest.mark.parametrize(
    ("how", "line"),
    [
        ({"error": "invalid_auth"}, "SLACK-6 no connection to Slack: invalid_auth"),
        ({"error": "account_inactive"}, "SLACK-6 no connection to Slack: account_inactive"),
        ({"error": "forbidden_team"}, "SLACK-6 no connection to Slack: forbidden_team"),
        ({"error": "internal_error"}, "SLACK-11 no connection to Slack: internal_error"),
        ({"way": "status"}, "SLACK-11 no connection to Slack: fatal_error"),
        ({"way": "dropped"}, "SLACK-11 no connection to Slack: ServerDisconnectedError"),
        ({"way": "garbage"}, "SLACK-11 no connection to Slack: status_200"),
        (
            {"way": "status", "status": 429, "retry_after": 0},
            "SLACK-11 no connection to Slack: ratelimited",
        ),
    ],
)
async def test_a_connection_that_cannot_be_opened_is_tried_until_it_can_with_one_line(
    t: SlackTown, caplog: pytest.LogCaptureFixture, how: dict[str, Any], line: str
) -> None:
    caplog.set_level("DEBUG")
    fails(t, CONNECT, times=5, **how)
    await t.double.socket.cut()
    await connected(t, 2)
    assert [one for one in lines(caplog) if "SLACK-" in one] == [line]
    assert unspoken(caplog, t.double.app.app_token)


async def test_socket_mode_that_is_switched_off_is_said_once_and_tried_again(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    await t.double.socket.warn("link_disabled")
    await connected(t, 2)
    assert codes(caplog) == {"SLACK-6": 1}


ENVELOPES = [
    CANARY,
    "{" + CANARY,
    json.dumps([CANARY]),
    json.dumps({"envelope_id": "e1", "type": "interactive", "payload": CANARY}),
    json.dumps({"envelope_id": 7, "type": "interactive", "payload": {"text": CANARY}}),
    json.dumps({"type": "interactive", "payload": {"text": CANARY}}),
    json.dumps({"envelope_id": "e1", "type": "interactive", "payload": {"text": CANARY}}),
    json.dumps({"envelope_id": "e1", "type": "events_api", "payload": {"event": [CANARY]}}),
    "[" * 100_000,
]


@pytest.mark.parametrize("text", ENVELOPES, ids=lambda one: one[:40])
async def test_an_envelope_that_cannot_be_read_is_not_acknowledged_and_has_one_line(
    t: SlackTown, caplog: pytest.LogCaptureFixture, text: str
) -> None:
    caplog.set_level("DEBUG")
    (connection,) = t.double.socket.connections
    await connection.send_str(text)
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")  # what comes after it is answered
    assert anna.modals
    assert codes(caplog) == {"SLACK-1": 1}
    assert unspoken(caplog)
