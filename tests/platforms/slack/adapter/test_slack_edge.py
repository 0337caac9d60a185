"""What comes over HTTP and is not Slack's, or not whole: refused, and nothing of it kept."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from double import SlackDouble
from double.lines import HttpLine
from hypothesis import given
from hypothesis import strategies as st
from slack_town import SlackTown, slack_town

from bot.domain.clock import MovableClock
from bot.platforms.slack import edge

FORM = "application/x-www-form-urlencoded"
CANARY = "kanariefugl"


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock) as town:
        yield town


def line(t: SlackTown) -> HttpLine:
    found = t.double.post.line
    assert isinstance(found, HttpLine)
    return found


async def test_a_forged_signature_and_an_old_request_are_refused(t: SlackTown) -> None:
    body = urlencode({"command": "/trivsel", "text": CANARY}).encode()
    assert (await line(t).post(body, FORM, secret="gættet")).status_code == 401
    assert (await line(t).post(body, FORM, age=301)).status_code == 401
    assert (await line(t).post(body, FORM, age=-301)).status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"{" + CANARY.encode(), "application/json"),
        (b'["' + CANARY.encode() + b'"]', "application/json"),
        (b"\xff\xfe" + CANARY.encode(), "application/json"),
        (urlencode({"payload": "{" + CANARY}).encode(), FORM),
        (urlencode({"payload": f'"{CANARY}"'}).encode(), FORM),
        (urlencode({"noget": CANARY}).encode(), FORM),
        (CANARY.encode(), "text/plain"),
        (b"[" * 100_000, "application/json"),
    ],
)
async def test_what_cannot_be_read_is_refused_without_a_trace(
    t: SlackTown, caplog: pytest.LogCaptureFixture, body: bytes, kind: str
) -> None:
    caplog.set_level(0)
    answer = await line(t).post(body, kind)
    assert answer.status_code == 400
    assert CANARY not in answer.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "block_actions", "actions": [{"action_id": "andet", "value": CANARY}]},
        {"type": "block_actions", "actions": [{"action_id": "me.away|1", "value": CANARY}]},
        {"type": "view_submission", "view": {"type": "modal", "private_metadata": CANARY}},
        {"type": "view_submission", "view": {"type": "modal", "callback_id": "x", "state": 7}},
        {"type": "shortcut", "callback_id": CANARY},
        {"type": "noget_helt_nyt", "x": CANARY},
    ],
)
async def test_a_payload_of_another_shape_is_acknowledged_without_a_trace(
    t: SlackTown, caplog: pytest.LogCaptureFixture, payload: dict[str, object]
) -> None:
    caplog.set_level(0)
    who = {"id": t.somebody("dag-3").id, "team_id": t.double.team.id}
    whole = {"user": who, "team": {"id": t.double.team.id}, "trigger_id": "1.2.3", **payload}
    body = urlencode({"payload": json.dumps(whole)}).encode()
    answer = await line(t).post(body, FORM)
    assert answer.status_code == 200
    assert CANARY not in answer.text
    assert CANARY not in caplog.text


async def test_too_much_is_refused(t: SlackTown) -> None:
    answer = await line(t).post(b"x" * (1024 * 1024 + 1), "application/json")
    assert answer.status_code == 413


async def test_slack_confirms_the_address(t: SlackTown) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "abc", "token": "x"}).encode()
    answer = await line(t).post(body, "application/json")
    assert answer.status_code == 200
    assert "abc" in answer.text


@given(st.dictionaries(st.text(), st.text(), min_size=1))
def test_a_form_is_read_as_pythons_own_library_reads_it(sent: dict[str, str]) -> None:
    body = urlencode(sent)
    read = edge.fields(body.encode())
    assert read == sent
    assert read == dict(parse_qsl(body, keep_blank_values=True))


@pytest.mark.parametrize("body", [b"a", b"a=1&b", b"a=%FF", b"a=\xff", b""])
def test_what_is_no_form_is_not_read(body: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of two libraries
        edge.fields(body)
