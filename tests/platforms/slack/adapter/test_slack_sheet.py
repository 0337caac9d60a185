"""A check-in on one view, over both transports: opened from anywhere, sent as one, never lost."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from double import Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import blocks_of, button, filled
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.rounds import Round
from bot.flows.rounds import answering
from bot.flows.rounds.answering import View
from bot.privacy.ballots import Ballot
from bot.rehearsal.organisation import Cast

CANARY = "kanariefuglen synger"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with slack_town(
        tmp_path, slack, clock, cast(("dag", 11)), transport=request.param
    ) as town:
        for n in range(1, 12):
            town.somebody(f"dag-{n}")
        await town.bot.tick(clock.now())
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


async def ballot(t: SlackTown, one: Round, person: str = "dag-3") -> Ballot:
    seen = await t.bot.store.read(lambda tx: answering.look(tx, t.bot.env, person, one.id))
    assert isinstance(seen, View)
    return seen.ballot


async def invited(t: SlackTown, person: str = "dag-3") -> Person:
    """Open the sheet from the invitation."""
    who = t.somebody(person)
    await who.click("slack.waiting", on=who.newest(who.dm))
    assert sheet_open(who)
    return who


def sheet_open(who: Person) -> bool:
    return bool(who.modals) and who.modal.payload["callback_id"] == "ask.sheet"


def questions(one: Round) -> tuple[str, ...]:
    return tuple(f"in.{question.id}" for question in one.questions)


def chosen(who: Person) -> list[str]:
    """Return what stands chosen on the sheet, question by question; empty for nothing."""
    elements = [one["element"] for one in blocks_of(who.modal) if one["type"] == "input"]
    radios = [one for one in elements if one["type"] == "radio_buttons"]
    return [one.get("initial_option", {}).get("value", "") for one in radios]


def rows(t: SlackTown) -> dict[str, list[object]]:
    with closing(sqlite3.connect(t.bot.settings.database)) as db:
        names = [row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
        return {name: sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))) for name in names}


# --- Opening --------------------------------------------------------------------------------------


async def test_the_invitation_opens_all_questions_and_the_comment_on_one_view(
    t: SlackTown,
) -> None:
    one = await t.open()
    anna = await invited(t)
    inputs = [block for block in blocks_of(anna.modal) if block["type"] == "input"]
    assert [block["block_id"] for block in inputs] == [*questions(one), "in.comment"]
    assert all(block["optional"] for block in inputs)
    assert "Dine svar er anonyme" in anna.reads()
    for action in ("ask.later", "ask.off", "ask.who"):
        assert button(anna.modal, action)


@pytest.mark.parametrize("verb", ["tjek", "avstämning", "checkin"])
async def test_the_command_opens_it_in_any_language(t: SlackTown, verb: str) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", verb)
    assert sheet_open(anna)


async def test_the_home_names_what_waits_and_opens_it(t: SlackTown) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.opens_home()
    await t.settled()
    assert anna.home is not None
    assert button(anna.home, "ask.answer") is None
    await anna.click("slack.waiting", on=anna.home)
    await t.settled()
    assert sheet_open(anna)


async def test_my_page_names_what_waits_and_no_answer_is_clicked_there(t: SlackTown) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await anna.click(str(button(anna.modal, "slack.open", '"me"')), on=anna.modal)
    await t.settled()
    assert button(anna.modal, "ask.answer") is None
    await anna.click("slack.waiting", on=anna.modal)
    await t.settled()
    assert sheet_open(anna)


async def test_maturity_stays_one_topic_a_view(t: SlackTown) -> None:
    await t.open("maturity")
    anna = t.somebody("dag-3")
    await anna.click("slack.waiting", on=anna.newest(anna.dm))
    assert anna.modal.payload["callback_id"] == "slack.questions"


# --- Sending --------------------------------------------------------------------------------------


async def test_sending_it_writes_one_slot_and_calls_nobody(t: SlackTown) -> None:
    one = await t.open()
    anna = await invited(t)
    before, seen, calls = rows(t), len(anna.sees()), len(t.double.state.calls)
    commits = t.bot.store.commits
    assert await anna.submit(filled(anna, 4, CANARY)) == "updated"
    after = rows(t)
    assert {name for name in before if before[name] != after[name]} == {"slot"}
    assert len(set(after["slot"]) - set(before["slot"])) == 1
    assert t.bot.store.commits == commits + 1
    assert len(t.double.state.calls) == calls
    assert len(anna.sees()) == seen
    assert "Tak" in anna.reads()
    kept = await ballot(t, one)
    assert (kept.revision, kept.comment, set(kept.answers.values())) == (1, CANARY, {4})


async def test_what_is_left_alone_is_offered_again_with_the_rest_chosen(t: SlackTown) -> None:
    one = await t.open()
    anna = await invited(t)
    first, *rest = questions(one)
    assert await anna.submit({first: "2"}) == "updated"
    assert f"{len(rest)} spørgsmål er ikke besvaret" in anna.reads()
    await anna.click("ask.sheet", on=anna.modal)
    await t.settled()
    assert chosen(anna) == ["2", *("" for _ in rest)]
    assert await anna.submit(dict.fromkeys(rest, "0")) == "updated"
    assert "Tak" in anna.reads()
    assert sorted((await ballot(t, one)).answers.values(), key=str) == [0] * len(rest) + [2]


async def test_answers_are_changed_on_the_same_view(t: SlackTown) -> None:
    one = await t.open()
    anna = await invited(t)
    await anna.submit(filled(anna, 4, CANARY))
    await anna.click("ask.review", on=anna.modal)
    await t.settled()
    assert sheet_open(anna)
    assert set(chosen(anna)) == {"4"}
    assert CANARY in str(blocks_of(anna.modal))
    assert await anna.submit({questions(one)[0]: "1"}) == "updated"
    kept = await ballot(t, one)
    assert next(iter(kept.answers.values())) == 1
    assert kept.comment == CANARY
    await anna.click("slack.waiting", on=anna.newest(anna.dm))  # the old invitation again
    assert sheet_open(anna)
    assert chosen(anna)[0] == "1"


async def test_answers_are_deleted_from_the_foot(t: SlackTown) -> None:
    one = await t.open()
    anna = await invited(t)
    await anna.submit(filled(anna, 4))
    await anna.click("ask.review", on=anna.modal)
    await t.settled()
    await anna.click("ask.delete", on=anna.modal, confirms=False)
    await t.settled()
    assert not (await ballot(t, one)).is_empty
    await anna.click("ask.delete", on=anna.modal)
    await t.settled()
    assert "slettet" in anna.reads()
    assert (await ballot(t, one)).is_empty


async def test_who_sees_what_is_laid_over_and_what_was_filled_in_stays(t: SlackTown) -> None:
    await t.open()
    anna = await invited(t)
    sheet = anna.modal.id
    await anna.click("ask.who", on=anna.modal)
    await t.settled()
    assert anna.modals[0].id == sheet
    assert "Hvem ser hvad?" in anna.reads()
    await anna.close_modal()
    assert anna.modal.id == sheet
    assert await anna.submit(filled(anna, 5)) == "updated"


# --- Twice, late and wrong ------------------------------------------------------------------------


async def test_a_submission_that_comes_twice_has_one_effect_and_one_answer(t: SlackTown) -> None:
    one = await t.open()
    anna = await invited(t)
    await anna.submit(filled(anna, 4, CANARY))
    first = t.double.post.sent[-1]
    kept = await ballot(t, one)
    again = await t.double.redeliver(first)
    assert again.answer.body == first.answer.body
    assert await ballot(t, one) == kept


async def test_the_same_after_a_restart(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as before:
        for n in range(1, 12):
            before.somebody(f"dag-{n}")
        await before.bot.tick(clock.now())
        one = await before.open()
        await before.travel(clock.now() + timedelta(minutes=5))
        anna = await invited(before)
        await anna.submit(filled(anna, 4, CANARY))
        first, kept = slack.post.sent[-1], await ballot(before, one)
    async with slack_town(tmp_path, slack, clock, Cast((), (), ())) as after:
        again = await slack.redeliver(first)
        assert again.answer.body == first.answer.body
        assert await ballot(after, one) == kept


async def test_a_sheet_overtaken_elsewhere_comes_back_with_what_was_chosen_and_why(
    t: SlackTown,
) -> None:
    one = await t.open()
    anna = await invited(t)
    await t.answer("dag-3", one.id, 4)  # in the browser, meanwhile
    assert await anna.submit(filled(anna, 2, CANARY)) == "updated"
    assert sheet_open(anna)
    assert "Det du valgte, står her endnu" in anna.reads()
    assert "Gemt lige nu" in anna.reads()
    assert set(chosen(anna)) == {"2"}
    assert set((await ballot(t, one)).answers.values()) == {4}
    assert await anna.submit() == "updated"
    assert set((await ballot(t, one)).answers.values()) == {2}
    assert (await ballot(t, one)).comment == CANARY


async def test_a_comment_too_long_is_told_under_its_box_and_everything_stays(
    t: SlackTown, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await t.open()
    anna = await invited(t)
    monkeypatch.setattr("bot.flows.rounds.sheet_actions.clean_comment", _short)
    assert await anna.submit(filled(anna, 2, CANARY)) == "errors"
    assert list(anna.errors) == ["in.comment"]
    monkeypatch.undo()
    assert await anna.submit() == "updated"
    assert set((await ballot(t, one)).answers.values()) == {2}


def _short(text: str) -> str:
    """Slack's own box lets nobody write more than the bot takes, unless an emoji counts double."""
    from bot.privacy.comments import clean_comment

    return clean_comment(text, 5)


async def test_after_the_close_it_is_said_kindly_and_nothing_is_kept(t: SlackTown) -> None:
    one = await t.open()
    anna = await invited(t)
    await t.travel(one.closes_at)
    assert await anna.submit(filled(anna, 4)) == "updated"
    assert "svaret kom ikke med" in anna.reads()


async def test_nothing_of_it_stands_in_a_message_a_call_or_a_log(
    t: SlackTown, caplog: pytest.LogCaptureFixture
) -> None:
    await t.open()
    anna = await invited(t)
    await anna.submit(filled(anna, 4, CANARY))
    assert CANARY not in str([one.blocks for one in anna.sees()])
    assert CANARY not in str([call.args for call in t.double.state.calls])
    assert CANARY not in caplog.text
