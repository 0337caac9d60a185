import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy.comments import COMMENT_LIMIT, CommentTooLong, clean_comment


def test_an_ordinary_comment_stays_as_it_is() -> None:
    assert (
        clean_comment("Vi når det – næsten altid 🙂\nTak.") == "Vi når det – næsten altid 🙂\nTak."
    )


def test_line_breaks_of_every_kind_become_one_kind() -> None:
    assert clean_comment("a\r\nb\rc\u2028d\u0085e") == "a\nb\nc\nd\ne"


def test_control_characters_go_and_a_tab_becomes_a_space() -> None:
    assert clean_comment("a\0b\x1bc\td\x7fe") == "abc de"


def test_marks_that_turn_the_direction_of_writing_go_and_the_words_stay() -> None:
    turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    assert clean_comment(f"a{turning}b") == "ab"
    assert clean_comment("שלום") == "שלום"


def test_letters_are_composed() -> None:
    assert clean_comment("a\u030a") == "å"


def test_half_a_surrogate_pair_goes() -> None:
    assert clean_comment("a\ud83db") == "ab"


def test_a_comment_of_nothing_but_space_is_empty() -> None:
    assert clean_comment(" \n\t ") == ""


def test_a_comment_over_the_limit_is_refused_and_not_quoted() -> None:
    assert len(clean_comment("x" * COMMENT_LIMIT)) == COMMENT_LIMIT
    with pytest.raises(CommentTooLong) as caught:
        clean_comment("x" * (COMMENT_LIMIT + 1))
    assert (caught.value.length, caught.value.limit) == (601, 600)
    assert str(caught.value) == "601 characters, at most 600"


@given(st.text(st.characters(), max_size=150))
def test_cleaning_twice_changes_nothing_and_leaves_only_text(text: str) -> None:
    once = clean_comment(text)
    assert clean_comment(once) == once
    assert {unicodedata.category(character) for character in once if character != "\n"}.isdisjoint(
        {"Cc", "Cs"}
    )
    assert len(once.encode()) <= 4 * COMMENT_LIMIT
