"""The engine: whatever is pressed, in whatever order and however often, no answer is lost."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.flows.rounds.engine import (
    COMMENT,
    Answer,
    Back,
    Comment,
    Delete,
    Fill,
    Later,
    Move,
    Moved,
    NotOnPath,
    Outcome,
    Path,
    Stale,
    Unchanged,
    current,
    has_answer,
    make,
)
from bot.privacy.ballots import Ballot, ballot_size, decode, encode

PATH = Path(("anchor", "calm", "help"), comment=True)
SIZE = ballot_size(3, comments=True)
LATER = datetime(2026, 3, 2, 15, tzinfo=UTC)


def reloaded(ballot: Ballot) -> Ballot:
    """Store the state and read it again, as a restart between two replies does."""
    return decode(encode(ballot, SIZE))


def done(outcome: Outcome) -> Moved:
    assert isinstance(outcome, Moved)
    return outcome


def after(*moves: Move) -> Ballot:
    """Make moves one after the other, each drawn when it is made."""
    ballot = Ballot.empty()
    for move in moves:
        ballot = reloaded(done(make(PATH, ballot, move, ballot.revision)).ballot)
    return ballot


ALL = after(Answer("anchor", 4), Answer("calm", 0), Answer("help", None), Comment("Tak"))


def test_the_question_to_ask_is_the_first_without_an_answer() -> None:
    asked = []
    ballot = Ballot.empty()
    while (step := current(PATH, ballot)) is not None:
        asked.append(step)
        move = Comment(None) if step == COMMENT else Answer(step, 3)
        ballot = reloaded(done(make(PATH, ballot, move, ballot.revision)).ballot)
    assert asked == ["anchor", "calm", "help", COMMENT]


def test_without_a_comment_box_the_last_question_is_the_last_step() -> None:
    short = Path(("anchor",), comment=False)
    assert short.steps == ("anchor",)
    assert current(short, after(Answer("anchor", 1))) is None


@pytest.mark.parametrize("value", [1, 2, 3, 4, 5, 0, None])
def test_a_value_a_dont_know_and_a_skip_all_lead_on(value: int | None) -> None:
    ballot = after(Answer("anchor", value))
    assert ballot.answers == {"anchor": value}
    assert current(PATH, ballot) == "calm"


def test_a_skip_is_no_answer_and_a_dont_know_is() -> None:
    assert not after(Answer("anchor", None)).answered
    assert after(Answer("anchor", 0)).answered


def test_back_takes_the_answer_out_and_asks_it_again_with_what_stood_there() -> None:
    ballot = after(Answer("anchor", 4), Answer("calm", 2))
    went = done(make(PATH, ballot, Back("help"), ballot.revision))
    assert (went.show, went.before) == ("calm", 2)
    assert went.ballot.answers == {"anchor": 4}


def test_back_from_the_end_opens_the_comment_without_losing_it() -> None:
    went = done(make(PATH, ALL, Back("the end"), ALL.revision))
    assert went.show == COMMENT
    assert went.ballot.comment == "Tak"


def test_there_is_nothing_before_the_first_question() -> None:
    empty = Ballot.empty()
    assert make(PATH, empty, Back("anchor"), 0) == Unchanged("anchor")


def test_an_answer_is_changed_where_it_stands() -> None:
    changed = done(make(PATH, ALL, Answer("anchor", 5), ALL.revision))
    assert changed.ballot.answers == {"anchor": 5, "calm": 0, "help": None}
    assert changed.show is None


def test_deleting_takes_out_answers_and_comment_and_asks_from_the_start() -> None:
    emptied = done(make(PATH, ALL, Delete(), 0))
    assert emptied.ballot.is_empty
    assert emptied.show == "anchor"
    assert make(PATH, emptied.ballot, Delete(), 0) == Unchanged("anchor")


def test_deleting_asks_for_the_comment_again_though_none_was_written() -> None:
    passed_over = after(Comment(None))
    assert not done(make(PATH, passed_over, Delete(), 0)).ballot.comment_done


def test_later_leaves_the_card_on_the_screen_as_good_as_before() -> None:
    later = done(make(PATH, Ballot.empty(), Later(LATER), 0)).ballot
    assert later.later == LATER
    assert later.is_empty
    answered = done(make(PATH, later, Answer("anchor", 3), 0)).ballot
    assert answered.answers == {"anchor": 3}
    assert answered.later is None


def test_a_double_click_has_one_effect() -> None:
    ballot = after(Answer("anchor", 4))
    assert make(PATH, ballot, Answer("anchor", 4), 0) == Unchanged("calm")
    assert make(PATH, ALL, Comment("Tak"), 0) == Unchanged(None)


def test_an_old_window_never_overwrites_a_newer_answer() -> None:
    assert make(PATH, ALL, Answer("anchor", 1), 0) == Stale(None)
    assert make(PATH, ALL, Comment("ældre"), 3) == Stale(None)
    assert make(PATH, ALL, Back("calm"), 1) == Stale(None)


def test_an_event_brought_twice_does_not_bring_back_what_was_deleted() -> None:
    emptied = done(make(PATH, ALL, Delete(), 0)).ballot
    assert make(PATH, emptied, Answer("anchor", 4), 0) == Stale("anchor")
    assert make(PATH, emptied, Comment("Tak"), 3) == Stale("anchor")


def test_an_event_brought_twice_does_not_undo_a_step_back() -> None:
    ballot = after(Answer("anchor", 4), Back("calm"))
    assert make(PATH, ballot, Answer("anchor", 4), 0) == Stale("anchor")


@pytest.mark.parametrize(
    "move",
    [Answer("elsewhere", 3), Answer("anchor", 6), Answer("anchor", -1), Answer("", 3)],
)
def test_a_step_or_value_that_does_not_exist_is_refused(move: Move) -> None:
    with pytest.raises(NotOnPath):
        make(PATH, Ballot.empty(), move, 0)


def test_a_value_that_its_own_scale_does_not_have_is_refused() -> None:
    path = Path(("effect", "calm"), comment=False, scales={"effect": (1, 3, 5)})
    for value in (2, 4, 6, -1):
        with pytest.raises(NotOnPath):
            make(path, Ballot(), Answer("effect", value), 0)
    for value in (None, 0, 1, 3, 5):
        assert done(make(path, Ballot(), Answer("effect", value), 0)).show == "calm"
    assert done(make(path, Ballot(), Answer("calm", 2), 0)).show == "effect"


def test_a_comment_is_refused_where_there_is_no_box() -> None:
    with pytest.raises(NotOnPath):
        make(Path(("anchor",), comment=False), Ballot.empty(), Comment("hej"), 0)


def test_no_outcome_shows_an_answer_when_it_is_printed() -> None:
    assert "4" not in repr(done(make(PATH, Ballot.empty(), Answer("anchor", 4), 0)))


# --- Any sequence of moves ------------------------------------------------------------------------

# --- A whole sheet --------------------------------------------------------------------------------


def test_a_sheet_is_one_move_and_ends_with_the_box_passed_over() -> None:
    moved = done(make(PATH, Ballot.empty(), Fill({"anchor": 4, "calm": 0, "help": 1}), 0))
    assert moved.ballot == Ballot(1, {"anchor": 4, "calm": 0, "help": 1}, comment_done=True)
    assert moved.show is None


def test_what_a_sheet_leaves_alone_stays_as_it_is() -> None:
    before = after(Answer("anchor", None), Answer("calm", 2))
    moved = done(make(PATH, before, Fill({"calm": 3}), before.revision))
    assert moved.ballot.answers == {"anchor": None, "calm": 3}
    assert not moved.ballot.comment_done
    assert moved.show == "help"


def test_a_sheets_comment_is_kept_left_alone_or_taken_out() -> None:
    kept = done(make(PATH, Ballot.empty(), Fill({}, Comment("Tak")), 0)).ballot
    assert (kept.comment, kept.comment_done) == ("Tak", True)
    alone = done(make(PATH, kept, Fill({"anchor": 4}), 1)).ballot
    assert alone.comment == "Tak"
    out = done(make(PATH, alone, Fill({}, Comment(None)), 2)).ballot
    assert (out.comment, out.comment_done, dict(out.answers)) == (None, True, {"anchor": 4})


def test_the_same_sheet_again_changes_nothing_and_another_old_one_is_stale() -> None:
    sheet = Fill({"anchor": 4, "calm": 2}, Comment("Tak"))
    ballot = done(make(PATH, Ballot.empty(), sheet, 0)).ballot
    assert make(PATH, ballot, sheet, 0) == Unchanged("help")
    assert make(PATH, ballot, Fill({"anchor": 4}), 0) == Unchanged("help")
    assert make(PATH, ballot, Fill({"help": 5}), 0) == Stale("help")
    assert make(PATH, ballot, Fill({}, Comment(None)), 0) == Stale("help")


def test_an_empty_sheet_does_nothing() -> None:
    assert make(PATH, Ballot.empty(), Fill({}, Comment(None)), 0) == Unchanged("anchor")


def test_answering_on_a_sheet_ends_the_wish_for_later() -> None:
    before = after(Later(LATER))
    assert done(make(PATH, before, Fill({"anchor": 4}), 0)).ballot.later is None


@pytest.mark.parametrize(
    "sheet",
    [Fill({"nowhere": 4}), Fill({"anchor": 6}), Fill({"anchor": -1}), Fill({COMMENT: 4})],
)
def test_a_sheet_with_something_the_round_does_not_have_is_refused_whole(sheet: Fill) -> None:
    with pytest.raises(NotOnPath):
        make(PATH, Ballot.empty(), sheet, 0)


def test_a_round_without_a_box_takes_no_comment() -> None:
    short = Path(("anchor",), comment=False)
    with pytest.raises(NotOnPath):
        make(short, Ballot.empty(), Fill({"anchor": 4}, Comment("Tak")), 0)
    moved = done(make(short, Ballot.empty(), Fill({"anchor": 4}), 0))
    assert not moved.ballot.comment_done
    assert moved.show is None


def test_a_sheet_does_not_show_what_stands_on_it() -> None:
    assert repr(Fill({"anchor": 4}, Comment("Tak"))) == "Fill()"


moves = st.one_of(
    st.builds(Answer, st.sampled_from(PATH.questions), st.sampled_from([None, 0, 1, 2, 3, 4, 5])),
    st.builds(Comment, st.none() | st.text(max_size=20)),
    st.builds(
        Fill,
        st.dictionaries(st.sampled_from(PATH.questions), st.integers(0, 5)),
        st.none() | st.builds(Comment, st.none() | st.text(max_size=20)),
    ),
    st.builds(Back, st.sampled_from([*PATH.steps, "the end"])),
    st.builds(Later, st.just(LATER) | st.just(LATER + timedelta(hours=1))),
    st.builds(Delete),
)


@dataclass(frozen=True)
class Press:
    """A move, how old the card was it stood on, and how often it was pressed."""

    move: Move
    age: int
    times: int


presses = st.builds(Press, moves, st.sampled_from([0, 0, 0, 1, 2, 5]), st.sampled_from([1, 1, 2]))


def _kept(before: Ballot, after_it: Ballot, move: Move) -> None:
    """Nothing but what the move is about has changed."""
    gone = before.answers.keys() - after_it.answers.keys()
    match move:
        case Delete():
            assert after_it.is_empty
        case Back():
            assert len(gone) <= 1
            assert after_it.comment == before.comment
        case Answer(step, value):
            assert after_it.answers == {**before.answers, step: value}
            assert after_it.comment == before.comment
        case Comment(text):
            assert after_it.answers == before.answers
            assert (after_it.comment, after_it.comment_done) == (text, True)
        case Fill(answers, comment):
            assert after_it.answers == {**before.answers, **answers}
            assert after_it.comment == (comment.text if comment else before.comment)
            assert after_it.comment_done >= before.comment_done
        case Later(until):
            assert after_it == replace(before, later=until)


@given(st.lists(presses, max_size=25))
def test_whatever_is_pressed_no_answer_is_lost(pressed: list[Press]) -> None:
    ballot = Ballot.empty()
    for press in pressed:
        drawn = max(0, ballot.revision - press.age)
        for _ in range(press.times):
            before = ballot
            outcome = make(PATH, before, press.move, drawn)
            if isinstance(outcome, Moved):
                _kept(before, outcome.ballot, press.move)
                assert outcome.ballot.revision >= before.revision
                if drawn < before.revision:
                    assert isinstance(press.move, Delete | Later)
                ballot = reloaded(outcome.ballot)
                assert ballot == outcome.ballot
            assert outcome.show is None or outcome.show in PATH.steps
            if outcome.show != current(PATH, ballot):
                assert isinstance(press.move, Back)


@given(st.lists(presses, max_size=15))
def test_from_any_state_everything_can_be_answered_to_the_end(pressed: list[Press]) -> None:
    ballot = Ballot.empty()
    for press in pressed:
        outcome = make(PATH, ballot, press.move, ballot.revision)
        ballot = outcome.ballot if isinstance(outcome, Moved) else ballot
    for _ in PATH.steps:
        step = current(PATH, ballot)
        if step is None:
            break
        move = Comment(None) if step == COMMENT else Answer(step, 3)
        ballot = done(make(PATH, ballot, move, ballot.revision)).ballot
    assert all(has_answer(ballot, step) for step in PATH.steps)
