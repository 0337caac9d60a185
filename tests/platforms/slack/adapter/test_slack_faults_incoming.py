"""What comes in and is not Slack's, not whole, or from where the bot may not speak."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from double import SlackDouble
from double.lines import HttpLine
from slack_faults import CANARY, codes, fails, unspoken
from slack_town import SlackTown, slack_town
from town import cast

from bot.domain.clock import MovableClock
from bot.platforms.slack.workspaces import OwnWorkspace

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, transport: str
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 6)), transport=transport) as town:
        yield town


def line(t: SlackTown) -> HttpLine:
    assert isinstance(t.double.post.line, HttpLine)
    return t.double.post.line


over_http = pytest.mark.parametrize("transport", ["http"], indirect=True)
"""Socket Mode has no requests; its envelopes are in ``test_slack_faults_socket``."""


@over_http
@pytest.mark.parametrize("how", [{"secret": "gættet"}, {"age": 301}, {"age": -301}])
async def test_a_request_slack_has_not_signed_or_long_ago_is_refused(
    t: SlackTown, caplog: pytest.LogCaptureFixture, how: dict[str, Any]
) -> None:
    caplog.set_level("DEBUG")
    body = urlencode({"command": "/trivsel", "text": CANARY}).encode()
    assert (await line(t).post(body, FORM, **how)).status_code == 401
    assert codes(caplog) == {"SLACK-9": 1}
    assert unspoken(caplog)


@over_http
@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{" + CANARY.encode(), JSON),
        (json.dumps([CANARY]).encode(), JSON),
        (b"\xff\xfe" + CANARY.encode(), JSON),
        (b"[" * 100_000, JSON),
        (urlencode({"payload": "{" + CANARY}).encode(), FORM),
        (urlencode({"payload": f'"{CANARY}"'}).encode(), FORM),
        (urlencode({"noget": CANARY}).encode(), FORM),
        (CANARY.encode(), "text/plain"),
    ],
)
async def test_a_request_that_cannot_be_read_is_refused_with_one_line(
    t: SlackTown, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    caplog.set_level("DEBUG")
    answer = await line(t).post(body, kind)
    assert answer.status_code == 400
    assert CANARY not in answer.text
    assert codes(caplog) == {"SLACK-1": 1}
    assert unspoken(caplog)


@over_http
async def test_a_request_that_is_too_large_is_refused_with_one_line(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    body = CANARY.encode() + b"x" * 1024 * 1024
    assert (await line(t).post(body, JSON)).status_code == 413
    assert codes(caplog) == {"SLACK-1": 1}
    assert unspoken(caplog)


SHAPES: list[dict[str, Any]] = [
    {"type": "block_actions"},
    {"type": "block_actions", "actions": []},
    {"type": "block_actions", "actions": [CANARY]},
    {"type": "block_actions", "actions": [{"action_id": 7, "value": CANARY}]},
    {"type": "block_actions", "team": CANARY, "actions": [{"action_id": "menu"}]},
    {"type": "block_suggestion", "action_id": [CANARY]},
    {"type": "view_submission"},
    {"type": "view_submission", "view": CANARY},
    {"type": "view_submission", "user": None, "view": {"type": "modal"}},
    {"type": "shortcut", "callback_id": [CANARY]},
    {"type": "event_callback", "event": CANARY},
    {"type": "event_callback", "event": {"type": [CANARY]}},
    {"type": [CANARY]},
]
NOT_OURS: list[dict[str, Any]] = [
    {"type": "block_actions", "actions": [{"action_id": "andet", "value": CANARY}]},
    {
        "type": "view_submission",
        "view": {"type": "modal", "callback_id": "x", "private_metadata": CANARY},
    },
    {"type": "shortcut", "callback_id": CANARY},
    {"type": "message_action", "callback_id": CANARY},
    {"type": "event_callback", "event_id": "Ev1", "event": {"type": "user_change"}},
    {"type": "event_callback", "event_id": "Ev2", "event": {"type": "member_joined_channel"}},
    {"type": "event_callback", "event": {"type": "user_change"}},
]


def whole(t: SlackTown, payload: dict[str, Any]) -> dict[str, Any]:
    """Return a payload with what all have in common."""
    team = t.double.team.id
    who = {"id": t.somebody("dag-3").id, "team_id": team}
    envelope = {"user": who, "team": {"id": team}, "team_id": team, "trigger_id": "1.2.3"}
    return {**envelope, "said": CANARY, **payload}


@pytest.mark.parametrize("payload", NOT_OURS, ids=lambda one: json.dumps(one)[9:60])
async def test_a_payload_that_is_none_of_this_apps_is_acknowledged_with_one_line(
    t: SlackTown, caplog: pytest.LogCaptureFixture, payload: dict[str, Any]
) -> None:
    caplog.set_level("DEBUG")
    kind: Any = "events_api" if "event" in payload else "interactive"
    assert t.double.post.line is not None
    answer = await t.double.post.line.send(kind, whole(t, payload))
    await t.settled()
    assert (answer.status, answer.body) == (200, None)
    assert t.double.calls("views.open") == []
    assert sum(codes(caplog).values()) == 1
    assert set(codes(caplog)) <= {"SLACK-1", "SLACK-3"}
    assert unspoken(caplog)


@pytest.mark.parametrize("payload", SHAPES, ids=lambda one: json.dumps(one)[9:60])
async def test_a_payload_of_another_shape_is_refused_and_has_one_line(
    t: SlackTown, transport: str, caplog: pytest.LogCaptureFixture, payload: dict[str, Any]
) -> None:
    caplog.set_level("DEBUG")
    t.double.socket.patience = 0.2  # for an acknowledgement that does not come
    kind: Any = "events_api" if "event" in payload else "interactive"
    before = len(t.double.calls("views.open"))
    assert t.double.post.line is not None
    answer = await t.double.post.line.send(kind, whole(t, payload))
    await t.settled()
    assert answer.trouble == "silent" if transport == "socket" else answer.status == 400
    assert CANARY not in str(answer.body)
    assert len(t.double.calls("views.open")) == before
    assert codes(caplog) == {"SLACK-1": 1}
    assert unspoken(caplog)


async def test_a_payload_of_a_kind_nobody_listens_for_is_acknowledged_in_silence(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert t.double.post.line is not None
    team = t.double.team.id
    said = {"type": "noget_helt_nyt", "team": {"id": team}, "said": CANARY}
    assert (await t.double.post.line.send("interactive", said)).status == 200
    assert codes(caplog) == {}
    assert unspoken(caplog)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"error": "token_revoked"}, "SLACK-6"),
        ({"error": "account_inactive"}, "SLACK-6"),
        ({"way": "status", "status": 503}, "SLACK-2"),
        ({"way": "dropped"}, "SLACK-2"),
    ],
)
async def test_who_types_a_command_while_the_bot_may_not_speak_is_told_and_can_go_on_later(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, transport: str,
    caplog: pytest.LogCaptureFixture, how: dict[str, Any], code: str, times: int,
) -> None:  # fmt: skip
    caplog.set_level("DEBUG")
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=transport) as t:
        await t.settled()
        assert isinstance(t.slack.workspaces, OwnWorkspace)
        t.slack.workspaces._found = None  # as where Slack told nothing at the start either
        fails(t, "auth.test", times=times, **how)
        anna = t.somebody("dag-3")
        for _ in range(times):
            said = await anna.command("/trivsel", CANARY)
            assert said is not None
            assert said.text.startswith("Jeg kan ikke få forbindelse til Slack lige nu.")
            assert said.only_for == anna.id
        assert codes(caplog) == {code: 1}
        assert unspoken(caplog, slack.bot_token)
        await anna.command("/trivsel")
        await t.settled()
        assert anna.modals


async def test_a_workspace_the_app_is_not_in_gets_no_answer_but_that(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    assert t.double.post.line is not None
    url = f"{t.double.state.address}/respond/x"
    said = {"command": "/trivsel", "team_id": "T0FREMMED", "user_id": "U1", "text": CANARY}
    for _ in range(3):
        answer = await t.double.post.line.send(
            "slash_commands", {**said, "trigger_id": "1.2", "channel_id": "C1", "response_url": url}
        )
        assert answer.status == 200
    t.double.forgive("invalid_url")
    assert codes(caplog) == {"SLACK-6": 1}
    assert unspoken(caplog, "T0FREMMED")
