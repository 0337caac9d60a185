"""The operator's table of Slack's faults and what the adapter does agree, both ways."""

import re
from pathlib import Path

import pytest
from slack_sdk.errors import SlackApiError

from bot.platforms.port import Undelivered
from bot.platforms.slack import socket, trouble
from bot.platforms.slack.tokens import LOST

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operator.md").read_text()
CODE = re.compile(r"SLACK-\d+")
ASKED = {"warning", "refresh_requested"}
"""What Slack says when it asks for another connection."""
PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable"}


def table() -> list[list[str]]:
    _, _, after = GUIDE.partition("\n| fault |")
    lines = after.partition("\n\n")[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def named(cell: str) -> set[str]:
    """Return the errors a cell names; commands and settings have a space or a dash."""
    return set(re.findall(r"`([a-z_]+)`", cell))


def rows_of(error: str) -> list[list[str]]:
    return [row for row in table() if error in named(row[0])]


def outcome(error: str, status: int = 200) -> Undelivered:
    response = type("R", (), {"data": {"ok": False, "error": error}, "status_code": status})()
    return trouble.undelivered(SlackApiError("", response))  # type: ignore[no-untyped-call]


OF_MESSAGES = sorted(trouble.GONE | trouble.CLOSED | trouble.NO_TOKEN | trouble.WRONG | PASSING)


@pytest.mark.parametrize("error", OF_MESSAGES)
def test_every_error_of_a_message_has_its_row_with_its_code(error: str) -> None:
    found = outcome(error)
    codes = " ".join(row[3] for row in rows_of(error))
    assert found.code.split()[0] in codes
    if found.final:
        assert "SEND-1" in codes


@pytest.mark.parametrize("error", sorted(trouble.NO_TOKEN))
def test_what_waits_for_an_operator_waits_as_long_as_the_table_says(error: str) -> None:
    found = outcome(error)
    assert (found.again_in, found.tries) == (3600, 7 * 24)
    (row,) = rows_of(error)
    assert "every hour for a week" in row[2]


@pytest.mark.parametrize("error", sorted(trouble.LATE | trouble.OVERTAKEN))
def test_every_error_of_a_view_has_its_row(error: str) -> None:
    assert [row[3] for row in rows_of(error)] == ["SLACK-2"]


def test_every_error_of_a_connection_or_a_renewal_has_its_row() -> None:
    told = set().union(*(named(row[0]) for row in table()))
    assert told >= socket.REFUSED
    assert LOST & told == LOST


def test_no_error_stands_in_the_table_that_the_adapter_does_not_tell_apart() -> None:
    known = {*OF_MESSAGES, *trouble.LATE, *trouble.OVERTAKEN, *socket.REFUSED, *LOST, *ASKED}
    told = set().union(*(named(row[0]) for row in table()))
    assert told == known


def test_the_table_has_every_code_of_the_adapter_and_no_other() -> None:
    source = "".join(
        file.read_text() for file in sorted((ROOT / "bot" / "platforms" / "slack").glob("*.py"))
    )
    told = set(CODE.findall(" ".join(row[3] for row in table())))
    assert told == set(CODE.findall(source))


def test_every_row_says_what_people_see_and_what_the_bot_does() -> None:
    assert all(len(row) == 4 and all(row) for row in table())
    assert len(table()) > 25
