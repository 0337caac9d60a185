"""Long values, and what becomes of a view that Slack does not show, or shows too late."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from town import cast

from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    Divider,
    Form,
    Inbound,
    Message,
    Say,
    SelectInput,
    Show,
    Submitted,
    Text,
)
from bot.domain.clock import MovableClock
from bot.platforms.slack import showing
from bot.platforms.slack.choices import Choices

LONG = "lang værdi " * 20


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    people = cast(("dag", 6))
    async with slack_town(tmp_path, slack, clock, people, transport=request.param) as town:
        yield town


class Asking:
    """A front that shows one form, or one page after another, and notes what comes of it."""

    def __init__(self, front: Any, reply: Ask | Show) -> None:
        self._front, self._reply = front, reply
        self.heard: list[Inbound] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._front, name)

    async def form(self, person: str, conversation: str, form: str, context: str) -> Form | None:
        asked = self._reply.form if isinstance(self._reply, Ask) else None
        same = asked is not None and (asked.id, asked.context) == (form, context)
        return asked if same else None

    async def handle(self, inbound: Inbound) -> Ask | Show | Say:
        self.heard.append(inbound)
        return Say("Tak") if isinstance(inbound, Submitted) else self._reply


def ask(*inputs: SelectInput, common: bool = False) -> Ask:
    return Ask(Form("test.form", "Vælg", inputs, "Gem", context="n1"), common=common)


def several(*values: str, name: str = "one", many: bool = False) -> SelectInput:
    options = tuple((value, f"Nr. {at}") for at, value in enumerate(values))
    return SelectInput(name, "Hvilken?", options, many=many)


async def given(t: SlackTown, reply: Ask) -> Submitted:
    """Choose the last option of each input, over a whole round trip; return what arrives."""
    front = Asking(t.bot.front, reply)
    t.slack.hearing._front = front
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    t.slack.hearing.choices = Choices(front, t.slack.people, {})  # as a new process has it
    chosen: dict[str, object] = {}
    for block in anna.modal.payload["blocks"]:
        value = block["element"]["options"][-1]["value"]
        many = block["element"]["type"] == "checkboxes"
        chosen[block["block_id"]] = [value] if many else value
    assert await anna.submit(chosen) == "updated"
    (sent,) = [one for one in front.heard if isinstance(one, Submitted)]
    return sent


@pytest.mark.parametrize("common", [False, True])
@pytest.mark.parametrize("many", [False, True])
async def test_a_value_longer_than_slacks_options_arrives_whole_also_after_a_restart(
    t: SlackTown, many: bool, common: bool
) -> None:
    sent = await given(t, ask(several("p7", LONG, many=many), common=common))
    assert sent.values == {"one": [LONG]}
    assert sent.context == "n1"


async def test_more_long_values_than_a_view_carries_arrive_whole(t: SlackTown) -> None:
    values = [f"{number} {LONG * 2}" for number in range(10)]
    sent = await given(t, ask(several(*values, name="a"), several("", *values[:5], name="b")))
    assert sent.values == {"a": [values[-1]], "b": [values[4]]}


def paged(title: str) -> Show:
    lines = (Text(f"{title}: linje {number}") for number in range(120))
    parts = [part for line in lines for part in (line, Divider())]
    on = Actions((Button("test.on", "Videre", "n1"),))
    return Show(Message(title, (on, *parts), title=title))


async def opened(t: SlackTown) -> tuple[Person, Asking]:
    front = Asking(t.bot.front, paged("Første"))
    t.slack.hearing._front = front
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    front._reply = paged("Anden")
    return anna, front


def remarks(person: Person) -> list[str]:
    return [one.text for one in person.sees() if one.app]


async def test_when_slack_is_silent_at_a_command_he_is_acknowledged_and_told(
    t: SlackTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "BRIEFLY", 0.0)
    anna = t.somebody("dag-3")
    t.double.fails("views.open", way="silence")
    await anna.command("/trivsel")
    assert (anna.trouble, anna.modals) == ("", [])
    await t.double.until(lambda: not t.double.faults.planned[-1].times)
    t.double.go_on()
    await t.settled()
    assert "Slack kunne ikke vise det" in anna.newest().text
    assert anna.newest().only_for == anna.id


async def test_when_slack_is_silent_at_a_press_the_view_stays_and_he_is_told(
    t: SlackTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, _ = await opened(t)
    before = anna.modal.payload
    monkeypatch.setattr(showing, "BRIEFLY", 0.0)
    t.double.fails("views.update", way="silence")
    await anna.click("Videre", on=anna.modal)
    assert anna.trouble == ""
    await t.double.until(lambda: not t.double.faults.planned[-1].times)
    t.double.go_on()
    await t.settled()
    assert anna.modal.payload == before
    assert "Slack kunne ikke vise det" in anna.newest(anna.dm).text
    await anna.click("slack.page", on=anna.modal)
    await t.settled()
    assert "Første" in anna.reads(anna.modal)


@pytest.mark.parametrize("error", ["hash_conflict", "not_found"])
async def test_a_view_that_was_changed_or_closed_meanwhile_stays_so_and_nobody_is_bothered(
    t: SlackTown, error: str
) -> None:
    anna, front = await opened(t)
    before, said = anna.modal.payload, remarks(anna)
    t.double.fails("views.update", error)
    await anna.click("Videre", on=anna.modal)
    await t.settled()
    assert anna.trouble == ""
    assert anna.modal.payload == before
    assert remarks(anna) == said
    assert len([one for one in front.heard if isinstance(one, Clicked)]) == 1
    await anna.click("slack.page", on=anna.modal)
    await t.settled()
    assert "Første" in anna.reads(anna.modal)


async def test_of_two_presses_on_the_same_view_the_first_one_shown_stands(t: SlackTown) -> None:
    anna, front = await opened(t)
    await anna.click("Videre", on=anna.modal)
    await t.settled()
    press = t.double.post.sent[-1]
    front._reply = paged("Tredje")
    press.payload = press.payload | {"trigger_id": press.payload["trigger_id"] + ".2"}
    await t.double.redeliver(press)  # another press, on the view as it was before
    await t.settled()
    assert len([one for one in front.heard if isinstance(one, Clicked)]) == 2
    assert t.double.state.calls[-1].error == "hash_conflict"
    assert "Anden" in anna.reads(anna.modal)
    await anna.click("slack.page", on=anna.modal)
    await t.settled()
    assert "Anden" in anna.reads(anna.modal)
