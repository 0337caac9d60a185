"""Colours one can tell apart, and texts that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.chart_request import Theme
from bot.reports.chart_style import COLOURS, LABEL, SCORE, SMALL, TITLE, Font, tidy, wrap

THEMES = pytest.mark.parametrize("theme", ["light", "dark"])
ONE = Font(1)


def letters(text: str, font: Font) -> float:
    return len(text)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [part / 255 for part in bytes.fromhex(colour[1:])]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@THEMES
def test_text_is_readable_for_weak_eyes(theme: Theme) -> None:
    colours = COLOURS[theme]
    assert contrast(colours.ink, colours.paper) >= 7
    assert contrast(colours.quiet, colours.paper) >= 4.5


@THEMES
def test_bars_and_marks_are_told_apart_by_lightness_alone(theme: Theme) -> None:
    colours = COLOURS[theme]
    assert contrast(colours.bar, colours.paper) >= 3
    assert contrast(colours.bar, colours.track) >= 3
    assert contrast(colours.ink, colours.track) >= 3
    # The mark has an edge of paper where it lies on a bar.
    assert contrast(colours.paper, colours.ink) >= 3


def test_no_text_is_smaller_than_a_phone_can_show() -> None:
    assert min(font.size for font in (LABEL, SCORE, SMALL, TITLE)) >= 11


def test_unseen_letters_and_missing_emoji_go_and_missing_letters_become_a_box() -> None:
    drawable = "abc□ ".__contains__
    assert tidy("a\0b\u202ec\u200d\ufeff", drawable) == "abc"
    assert tidy("a 🎉 b", drawable) == "a b"
    assert tidy("a漢", drawable) == "a□"
    assert tidy(" a\n\t\u2028b\u00a0 ", drawable) == "a b"


def test_lines_break_at_spaces() -> None:
    assert wrap("en to tre fire", 6, ONE, letters, 4) == ("en to", "tre", "fire")


def test_a_word_too_wide_is_broken_with_a_hyphen_and_not_for_two_letters() -> None:
    assert wrap("arbejdsmiljø", 7, ONE, letters, 4) == ("arbejd-", "smiljø")
    assert wrap("abcdefgh", 7, ONE, letters, 4) == ("abcd-", "efgh")


def test_what_does_not_fit_is_shortened_visibly() -> None:
    assert wrap("en to tre fire fem", 6, ONE, letters, 2) == ("en to", "tre…")
    assert wrap("a" * 50, 6, ONE, letters, 2) == ("aaaaa-", "aaaaa…")


def test_no_text_is_no_line() -> None:
    assert wrap("", 6, ONE, letters, 2) == ()


TEXTS = st.text(st.sampled_from("abcæøå1-"), max_size=40)


@given(st.lists(TEXTS.filter(bool), max_size=12), st.integers(6, 30), st.integers(1, 5))
def test_lines_are_few_and_fit_and_lose_nothing_unseen(
    words: list[str], room: int, most: int
) -> None:
    text = " ".join(words)
    lines = wrap(text, room, ONE, letters, most)
    assert len(lines) <= most
    assert all(len(line) <= room for line in lines)
    if not lines or not lines[-1].endswith("…"):

        def bare(some: str) -> str:
            return some.replace(" ", "").replace("-", "")

        assert bare("".join(lines)) == bare(text)
