"""Drawing cards: golden HTML of every part, and that hostile text stays text.

To draw the golden files anew after a change on purpose: ``DRAW_GOLDEN=1 pytest …``; then read them.
"""

import os
from collections.abc import Callable, Mapping
from datetime import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from web_cards import (
    chart,
    comment_form,
    every_input,
    every_part,
    finished_card,
    hostile,
    question_card,
    result_card,
    sheet,
)
from web_front import PlainWords

from bot.cards import Actions, Button, Form, Message, Text, TimeInput
from bot.content.loader import load
from bot.content.model import Pack
from bot.domain.languages import LANGUAGES
from bot.platforms.web.render import Cards, Place, environment, href

GOLDEN = Path(__file__).parent / "golden"
PLACE = Place(PlainWords("da"), "dm", "/c/dm", "x", event=lambda: "e1")
CARDS = Cards(environment())

DRAWN: Mapping[str, Callable[[], str]] = {
    "question": lambda: CARDS.message(question_card("anchor"), PLACE),
    "question-chosen": lambda: CARDS.message(question_card("told", 4), PLACE),
    "statements": lambda: CARDS.message(question_card("priority", 0), PLACE),
    "finished": lambda: CARDS.message(finished_card(), PLACE),
    "result": lambda: CARDS.message(result_card(), PLACE),
    "every-part": lambda: CARDS.message(every_part(), PLACE),
    "plain-chart": lambda: CARDS.message(
        Message("x", (type(chart())(**{**vars(chart()), "context": ""}),)), PLACE
    ),
    "comment-form": lambda: CARDS.form(comment_form(), PLACE),
    "sheet": lambda: CARDS.form(sheet(), PLACE),
    "every-input": lambda: CARDS.form(every_input(), PLACE),
    "every-input-wrong": lambda: CARDS.form(
        every_input(),
        PLACE,
        {one.name: f"Forkert: {one.name}" for one in every_input().inputs} | {"": "I alt."},
        {"name": "Ro", "size": "mange", "levels": ["i", "g"], "trial": False, "owner": "p7"},
    ),
}


@pytest.mark.parametrize("name", DRAWN)
def test_cards_are_drawn_as_they_were_approved(name: str) -> None:
    file = GOLDEN / f"{name}.html"
    drawn = "\n".join(line for line in DRAWN[name]().splitlines() if line.strip()) + "\n"
    if os.environ.get("DRAW_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")

    assert drawn == file.read_text(encoding="utf-8")


class Reader(HTMLParser):
    """Collects the elements and the text of a piece of HTML, and that every tag is closed."""

    VOID = frozenset({"input", "img", "hr", "source", "use"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(str(html))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("name", DRAWN)
def test_every_element_is_closed_and_every_id_is_there_once(name: str) -> None:
    reader = Reader(DRAWN[name]())

    assert reader.open == []
    ids = [found["id"] for _, found in reader.elements if "id" in found]
    assert len(ids) == len(set(ids))
    for _, attributes in reader.elements:
        for kind in ("aria-labelledby", "aria-describedby", "for"):
            assert set((attributes.get(kind) or "").split()) <= set(ids)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "' onmouseover='alert(1)",
        "</textarea></form></dialog>",
        "{{ 7 * 7 }}{% raw %}",
        "*fed* _skrå_ [link](https://x) <@U123> <!channel> @here",
        "&lt;b&gt; &amp; &#x3c;",
        "\u202ebagvendt\u2066",
        "مرحبا بالعالم",
        "x" * 10_000,
        "javascript:alert(1)",
        "ZWJ 👩‍⚕️ \x00 \x1b[31m",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    harmless = Reader(CARDS.message(hostile("x"), PLACE))
    reader = Reader(CARDS.message(hostile(text), PLACE))

    assert [tag for tag, _ in reader.elements] == [tag for tag, _ in harmless.elements]
    assert [found.keys() for _, found in reader.elements] == [
        found.keys() for _, found in harmless.elements
    ]
    for kept in ("value", "data-id"):
        assert any(text in (found.get(kept) or "") for _, found in reader.elements)
    assert reader.words.count(text) >= 9


def test_every_text_somebody_may_have_written_finds_its_own_direction() -> None:
    reader = Reader(CARDS.message(hostile("x"), PLACE))

    for tag in ("p", "h2", "h3", "dt", "dd", "th", "td", "caption", "figcaption"):
        assert any("dir" in found for found in reader.all(tag)), tag


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("me", "/me"),
        ("/help", "/help"),
        ("team/b 12", "/team/b%2012"),
        ("//evil.example", "/evil.example"),
        ("\\\\evil", "/evil"),
        ("javascript:alert(1)", "/javascript%3Aalert%281%29"),
        ("c/æ", "/c/%C3%A6"),
    ],
)
def test_a_link_stays_on_this_site(path: str, address: str) -> None:
    assert href(path) == address


def test_choices_have_the_keys_one_to_five_and_dont_know_has_nought() -> None:
    reader = Reader(CARDS.message(question_card("told"), PLACE))

    keys = [found.get("data-key") for found in reader.all("button")]
    assert keys == ["1", "2", "3", "4", "5", "0", None, None]


def test_what_was_chosen_is_said_in_words_a_reader_hears() -> None:
    reader = Reader(CARDS.message(question_card("told", 4), PLACE))

    pressed = [found.get("aria-pressed") for found in reader.all("button")]
    assert pressed == ["false", "false", "false", "true", "false", None, None, None]


def test_the_buttons_at_a_forms_foot_stand_outside_it_and_send_nothing_of_it() -> None:
    reader = Reader(CARDS.form(sheet(), PLACE))

    sent, *others = reader.all("form")
    assert sent["action"] == "/submit"
    assert [one["action"] for one in others] == ["/act", "/act"]
    acts = [one["value"] for one in reader.all("input") if one.get("name") == "action"]
    assert acts == ["ask.delete", "ask.who"]
    # an element of a form inside a form would be refused, or swallowed, by a browser
    html = str(CARDS.form(sheet(), PLACE))
    assert html.index("</form>") < html.index('action="/act"')


@pytest.mark.parametrize(
    ("typed", "shown"), [({}, "08:05"), ({"at": "9.30"}, "9.30"), ({"at": ""}, "")]
)
def test_a_time_of_day_is_a_field_of_the_browsers_own(typed: dict[str, str], shown: str) -> None:
    asked = Form("f", "Titel", (TimeInput("at", "Klokken", time(8, 5)),), "Gem")
    reader = Reader(CARDS.form(asked, PLACE, {}, typed))

    (field,) = (one for one in reader.all("input") if one.get("name") == "t.at")
    assert (field["type"], field["value"]) == ("time", shown)


def test_what_cannot_be_taken_back_is_done_by_a_second_button_behind_the_first() -> None:
    html = str(CARDS.form(sheet(), PLACE))
    _, _, folded = html.partition('<details class="confirm">')
    folded, _, after = folded.partition("</details>")
    opens, _, does = folded.partition("</summary>")
    assert "Slet mine svar" in opens
    assert 'action="/act"' not in opens
    assert "Helt sikkert?" in does
    assert 'value="ask.delete"' in does
    assert 'value="ask.who"' in after


@pytest.mark.parametrize(
    ("labels", "short"), [(("Ja", "Nej"), True), (("Aldrig", "Sjældent"), False)]
)
def test_only_short_choices_stay_side_by_side_on_a_phone(
    labels: tuple[str, ...], short: bool
) -> None:
    choices = Actions(tuple(Button("a", label, style="choice") for label in labels), "choices")
    html = CARDS.message(Message("x", (Text("Hvad?", "question"), choices)), PLACE)

    assert ('class="actions choices short"' in html) == short


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_words_fill_every_card_and_form(pack: Pack, language: str) -> None:
    words = pack.words(language)  # type: ignore[arg-type]
    place = Place(words, "dm", "/c/dm", "x")
    for card in (question_card("told", 4), result_card(), every_part(), finished_card()):
        assert "web." not in CARDS.message(card, place)
    assert "web." not in CARDS.form(every_input(), place, {"name": "x"})
