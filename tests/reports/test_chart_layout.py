"""Where things stand, with a ruler that needs no font."""

from itertools import combinations

import pytest
from chart_examples import CHECKIN, chart
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards import Bar, Chart
from bot.reports.chart_layout import BAR, MARK, Box, Line, Mark, Picture, lay_out
from bot.reports.chart_request import Theme, decode, drawing, encode
from bot.reports.chart_style import COLOURS, WIDTH, Font

WORDS = st.text(st.sampled_from("abcæøå -,½W$"), max_size=80).map(
    lambda text: " ".join(text.split())
)
SCORES = st.floats(1, 5)
BARS = st.builds(Bar, WORDS, SCORES, WORDS, st.none() | SCORES)
CHARTS = st.builds(
    Chart,
    title=WORDS,
    bars=st.lists(BARS, min_size=1, max_size=12).map(tuple),
    low=WORDS,
    high=WORDS,
    alt=st.just(""),
    before=WORDS,
)


def ruler(text: str, font: Font) -> float:
    return len(text) * font.size * (0.7 if font.bold else 0.6)


def laid_out(drawn: Chart, theme: Theme = "light") -> Picture:
    return lay_out(drawing(drawn, theme, 720), ruler)


def lines(picture: Picture) -> list[Line]:
    return [shape for shape in picture.shapes if isinstance(shape, Line)]


def filled(picture: Picture, colour: str) -> list[Box]:
    return [shape for shape in picture.shapes if isinstance(shape, Box) and shape.colour == colour]


def overlap(one: Line, other: Line) -> bool:
    across = min(one.x + ruler(one.text, one.font), other.x + ruler(other.text, other.font)) - max(
        one.x, other.x
    )
    down = min(one.y, other.y) - max(one.y - one.font.size, other.y - other.font.size)
    return across > 0.01 and down > 0.01


@settings(max_examples=60, deadline=None)
@given(CHARTS)
def test_no_text_leaves_the_picture_or_runs_into_another(drawn: Chart) -> None:
    picture = laid_out(drawn)
    texts = [line for line in lines(picture) if line.text]
    for line in texts:
        assert line.x >= 0
        assert line.x + ruler(line.text, line.font) <= WIDTH
        assert line.font.size <= line.y <= picture.height
    assert not [pair for pair in combinations(texts, 2) if overlap(*pair)]


@settings(max_examples=60, deadline=None)
@given(CHARTS)
def test_no_bar_or_mark_meets_a_text(drawn: Chart) -> None:
    picture = laid_out(drawn)
    bars = filled(picture, COLOURS["light"].track)
    for line in (one for one in lines(picture) if one.text):
        right, top = line.x + ruler(line.text, line.font), line.y - 0.7 * line.font.size
        for bar in bars:
            level = top < bar.y + bar.height and line.y > bar.y
            assert not level or right <= bar.x - MARK or line.x >= bar.x + bar.width + MARK


@given(SCORES)
def test_a_bars_length_says_its_value(value: float) -> None:
    picture = laid_out(chart(Bar("a", value, "")))
    (track,) = filled(picture, COLOURS["light"].track)
    (bar,) = filled(picture, COLOURS["light"].bar)
    assert bar.x == track.x
    assert bar.width == pytest.approx(max(3, track.width * (value - 1) / 4))


def test_a_value_outside_the_scale_stays_on_the_paper() -> None:
    picture = laid_out(chart(Bar("a", 9, "9", -3), before="Sidst"))
    (track,) = filled(picture, COLOURS["light"].track)
    (bar,) = filled(picture, COLOURS["light"].bar)
    marks = [shape for shape in picture.shapes if isinstance(shape, Mark)]
    assert bar.width == track.width
    assert marks[0].x == track.x


def test_the_words_are_shown_as_they_are() -> None:
    texts = [line.text for line in lines(laid_out(CHECKIN))]
    for bar in CHECKIN.bars:
        assert bar.words in texts
    assert texts[-1] == "Sidste runde"
    assert [text for text in texts if text in "12345"] == ["1", "2", "3", "4", "5"]


def test_a_legend_stands_only_where_there_is_a_last_round() -> None:
    without = chart(Bar("a", 3, "3"), before="Sidste runde")
    assert "Sidste runde" not in [line.text for line in lines(laid_out(without))]
    assert not [shape for shape in laid_out(without).shapes if isinstance(shape, Mark)]


def test_a_chart_of_twelve_bars_is_no_higher_than_three_phone_widths() -> None:
    picture = laid_out(chart(*[Bar("Det svære bliver på arbejdet", 3, "mellem aktivt og")] * 12))
    assert picture.height < 3 * WIDTH
    assert len(filled(picture, COLOURS["light"].track)) == 12
    assert BAR >= 12


def test_both_themes_lay_out_alike() -> None:
    light, dark = laid_out(CHECKIN), laid_out(CHECKIN, "dark")
    assert light.height == dark.height
    assert [(line.x, line.y) for line in lines(light)] == [(line.x, line.y) for line in lines(dark)]
    assert light.paper != dark.paper


@given(CHARTS)
def test_a_request_is_read_as_it_was_written(drawn: Chart) -> None:
    asked = drawing(drawn, "dark", 360)
    assert decode(encode(asked)) == asked


def test_alt_text_and_context_make_no_other_request() -> None:
    one = Chart("a", (Bar("a", 3, "3"),), "lav", "høj", "alt", "context")
    other = Chart("a", (Bar("a", 3, "3"),), "lav", "høj", "another", "elsewhere")
    assert encode(drawing(one, "light", 720)) == encode(drawing(other, "light", 720))
