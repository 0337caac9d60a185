import copy
import dataclasses
import json
import logging
import pickle
import pprint
import traceback
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rounds_made import a_round

from bot.domain.chance import SystemChance
from bot.domain.rounds import AskedQuestion, Invited
from bot.privacy.ballots import (
    ID_LIMIT,
    Ballot,
    BallotBox,
    BallotTooLarge,
    BallotUnreadable,
    ballot_size,
    decode,
    encode,
)
from bot.privacy.comments import COMMENT_LIMIT, clean_comment
from bot.privacy.publish import count
from bot.privacy.sealing import RoundKey, SealBroken

CANARY = "canary-7f3a"
ROUND = a_round()
FULL = Ballot(3, {"canary-question": 5, "pressure": None}, CANARY, True, None)


def a_box() -> BallotBox:
    return BallotBox.of(ROUND, RoundKey(bytes(range(32))))


texts = st.text(max_size=60).map(clean_comment)
ballots = st.builds(
    Ballot,
    revision=st.integers(0, 2**31),
    answers=st.dictionaries(
        st.text("abcdefæøå.-", min_size=1, max_size=ID_LIMIT // 2),
        st.one_of(st.none(), st.integers(0, 5)),
        max_size=10,
    ),
    comment=st.one_of(st.none(), texts),
    comment_done=st.booleans(),
    later=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
)


@given(ballots)
def test_a_ballot_comes_back_as_it_was_written_and_all_have_one_length(ballot: Ballot) -> None:
    written = encode(ballot, ballot_size(10, comments=True))
    assert len(written) == ballot_size(10, comments=True)
    assert decode(written) == ballot


@pytest.mark.parametrize("letter", ["a", "\U0001f642", '"', "\\", "\n.", "字"])
@pytest.mark.parametrize("questions", [1, 3, 33])
def test_the_fullest_ballot_fits(letter: str, questions: int) -> None:
    fullest = Ballot(
        revision=2**62,
        answers={f"{at:0{ID_LIMIT}}": None for at in range(questions)},
        comment=clean_comment((letter * COMMENT_LIMIT)[:COMMENT_LIMIT]),
        later=datetime(2026, 3, 2, 8, 15, 30, 123456, tzinfo=UTC),
    )
    size = ballot_size(questions, comments=True)
    assert decode(encode(fullest, size)) == fullest


def test_the_size_depends_on_the_round_and_not_on_the_person() -> None:
    assert ballot_size(3, comments=True) - ballot_size(3, comments=False) == 4 * COMMENT_LIMIT
    assert ballot_size(3, comments=False) == ballot_size(3, comments=False)


def test_all_sealed_ballots_of_a_round_have_one_length() -> None:
    box = a_box()
    sealed = [box.empty("p1"), box.seal("p2", FULL), box.seal("p1", Ballot(1, {"calm": 0}))]
    assert len({len(one.ciphertext) for one in sealed}) == 1
    assert {len(one.slot) for one in sealed} == {32}
    assert all(CANARY.encode() not in one.ciphertext for one in sealed)


def test_a_ballot_is_read_from_its_own_slot_only() -> None:
    box = a_box()
    sealed = box.seal("p1", FULL)
    assert box.read(*sealed) == FULL
    assert box.slots(["p1", "p2"])[sealed.slot] == "p1"
    with pytest.raises(SealBroken):
        box.read(box.slot("p2"), sealed.ciphertext)


def test_a_box_of_another_round_reads_nothing() -> None:
    other = BallotBox.of(a_round(id="f" * 32), RoundKey(bytes(range(32))))
    with pytest.raises(SealBroken):
        other.read(*a_box().seal("p1", FULL))


def test_a_wish_to_be_asked_later_leaves_a_ballot_empty() -> None:
    assert Ballot.empty().is_empty
    assert Ballot(1, later=datetime(2026, 3, 5, tzinfo=UTC)).is_empty
    assert Ballot(1, comment_done=True).is_empty
    assert not Ballot(1, {"calm": None}).is_empty
    assert not Ballot(1, comment="x").is_empty


def test_skipping_is_not_answering_but_not_knowing_and_writing_are() -> None:
    assert not Ballot(1, {"calm": None}).answered
    assert Ballot(1, {"calm": 0}).answered
    assert Ballot(1, {"calm": None}, "x").answered


def test_an_emptied_ballot_keeps_its_revision() -> None:
    assert Ballot.empty(8) == Ballot(revision=8)


@pytest.mark.parametrize("value", [-1, 6, 2.5, "3"])
def test_an_answer_off_the_scale_is_refused_without_repeating_it(value: int) -> None:
    with pytest.raises(ValueError, match=r"^an answer is 0 to 5, or None$"):
        Ballot(1, {"calm": value})


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Ballot(1, later=datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


def test_answers_cannot_be_changed_from_outside() -> None:
    answers: dict[str, int | None] = {"calm": 3}
    ballot = Ballot(1, answers)
    answers["calm"] = 5
    assert ballot.answers["calm"] == 3
    with pytest.raises(TypeError):
        ballot.answers["calm"] = 5  # type: ignore[index]


@dataclasses.dataclass(frozen=True)
class Container:
    ballot: Ballot


def test_a_ballot_never_shows_what_it_holds() -> None:
    holder = Container(FULL)
    shown = [repr(FULL), str(FULL), f"{FULL}", f"{FULL!r}", "%s" % FULL, repr([FULL])]  # noqa: UP031
    shown += [repr(holder), str({"b": FULL}), pprint.pformat(FULL), pprint.pformat(holder)]
    shown += [json.dumps({"b": FULL}, default=str), ascii(FULL)]
    assert all("canary" not in text and "5" not in text for text in shown)


def test_a_ballot_is_not_shown_in_a_log(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("trial")
    log.warning("ballot %s %r", FULL, Container(FULL))
    try:
        raise ValueError(FULL)
    except ValueError:
        log.exception("failed")
    assert "failed" in caplog.text
    assert "canary" not in caplog.text


def test_a_traceback_with_local_variables_does_not_show_a_ballot() -> None:
    def fails(ballot: Ballot) -> None:
        raise RuntimeError(ballot)

    with pytest.raises(RuntimeError) as caught:
        fails(FULL)
    lines = traceback.TracebackException.from_exception(caught.value, capture_locals=True).format()
    text = "".join(line for line in lines if "CANARY =" not in line)
    assert "Ballot(<not shown>)" in text
    assert "canary" not in text


def test_a_ballot_cannot_be_carried_off() -> None:
    for carry in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            carry(FULL)
    with pytest.raises(TypeError):
        dataclasses.asdict(Container(FULL))
    assert not hasattr(FULL, "__dict__")


def test_a_ballot_that_does_not_fit_is_refused_without_a_word_of_it() -> None:
    too_long = Ballot(1, {"q" * 3000: 1}, CANARY)
    with pytest.raises(BallotTooLarge) as caught:
        encode(too_long, ballot_size(1, comments=False))
    assert told(caught.value) == f"a ballot of this round has at most {ballot_size(1, False)} bytes"


def test_half_a_surrogate_pair_raises_no_error_that_would_carry_the_comment() -> None:
    broken = Ballot(1, comment=f"{CANARY}\ud83d")
    assert decode(encode(broken, ballot_size(1, comments=True))).comment == f"{CANARY}?"


def frame(text: bytes) -> bytes:
    return len(text).to_bytes(4, "big") + text


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        frame(b"canary"),
        frame(b'{"a":{"canary":9},"c":null,"d":true,"l":null,"r":1}'),
        frame(b'{"a":{},"c":null,"d":true,"l":"canary","r":1}'),
        frame(b'["canary"]'),
        frame(b'{"canary":1}'),
        frame(b'"canary\xff"'),
    ],
)
def test_bytes_that_are_no_ballot_are_refused_without_a_word_of_them(plaintext: bytes) -> None:
    with pytest.raises(BallotUnreadable) as caught:
        decode(plaintext)
    assert told(caught.value) == "these bytes are no ballot"


def told(error: BaseException) -> str:
    """Return what an error says, itself and everything it carries along."""
    assert error.__context__ is None
    assert error.__cause__ is None
    return str(error)


def test_ten_thousand_ballots_of_eight_hundred_teams_are_counted_whole() -> None:
    questions = tuple(AskedQuestion(f"maturity-topic-{at}") for at in range(10))
    teams = {f"team-{at}": (f"Team {at}", "n0") for at in range(800)}
    big = a_round(questions=questions, nodes={"n0": ("Top", None), **teams})
    box = BallotBox.of(big, RoundKey(bytes(range(32))))
    members = {f"p{at}": Invited(f"p{at}", f"team-{at % 800}") for at in range(10_000)}
    answers = {question.id: at % 6 for at, question in enumerate(questions)}
    sealed = [box.seal(person, Ballot(1, answers, "Det går.")) for person in members]
    owners = box.slots(members)
    opened = [(members[owners[one.slot]], box.read(*one)) for one in sealed]
    published = count(big, opened, SystemChance())
    assert len(published.atoms) == 800
    assert sum(atom.answered for atom in published.atoms) == 10_000
