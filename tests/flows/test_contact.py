"""The connection to a chat: since when it is there or away, and how coarsely hearing is told."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.flows.contact import PATIENCE, Contact, State

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def state(contact: Contact, now: datetime) -> State:
    found = contact.state(now)
    assert found is not None
    return found


def test_without_a_chat_there_is_nothing_to_tell() -> None:
    assert Contact().state(NINE) is None


def test_a_connection_that_never_comes_is_away_from_the_start() -> None:
    contact = Contact()
    contact.begin("Slack", NINE, held=True)
    assert not state(contact, NINE + PATIENCE - timedelta(seconds=1)).silent
    found = state(contact, NINE + PATIENCE)
    assert (found.connected, found.since, found.silent) == (False, NINE, True)


def test_a_connection_counts_from_when_it_came_and_from_when_it_went() -> None:
    contact = Contact()
    contact.begin("Slack", NINE, held=True)
    came, went = NINE + timedelta(minutes=1), NINE + timedelta(hours=2)
    contact.connected(came)
    contact.connected(came + timedelta(minutes=30))  # another one, before the first is let go
    assert state(contact, went).since == came
    contact.lost(went)
    contact.lost(went + timedelta(minutes=3))
    assert state(contact, went).since == went
    assert state(contact, went + PATIENCE).silent
    contact.connected(went + PATIENCE)
    assert not state(contact, went + PATIENCE).silent


def test_a_chat_that_comes_by_itself_is_never_away() -> None:
    contact = Contact()
    contact.begin("Slack", NINE, held=False)
    found = state(contact, NINE + timedelta(days=3))
    assert (found.connected, found.since, found.silent) == (True, None, False)


@pytest.mark.parametrize(("minute", "told"), [(0, 0), (14, 0), (15, 15), (44, 30), (59, 45)])
def test_when_somebody_was_heard_is_told_to_the_quarter_of_an_hour(minute: int, told: int) -> None:
    contact = Contact()
    contact.begin("Slack", NINE, held=False)
    contact.heard(NINE.replace(minute=minute, second=59, microsecond=7))
    assert state(contact, NINE).heard == NINE.replace(minute=told)
