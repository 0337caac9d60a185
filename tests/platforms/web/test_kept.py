"""Common replies are drawn once, and filled in for each reader as if drawn for him."""

import json
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest
from web_cards import comment_form, finished_card, question_card
from web_front import PlainWords

from bot.cards import Ask, Show
from bot.platforms.web.kept import Kept
from bot.platforms.web.render import Cards, Place, environment

CARDS = Cards(environment())
READERS = (
    ("person:dag-3", "/c/person:dag-3"),
    ("", "/"),
    ('"><script>alert(1)</script>', "/c/~'\"<&>"),
    ("æøå \\u0022 \\ 👩‍👩‍👧", "/c/%22\\"),
)
REPLIES = (
    Show(question_card("anchor"), common=True),
    Show(finished_card(), done=True, common=True),
    Ask(comment_form(), common=True),
)


def place(conversation: str, back: str) -> Place:
    return Place(PlainWords("da"), conversation, back, "d")


class Counted:
    """Draws as the web chat does, and counts how often."""

    def __init__(self, reply: Show | Ask) -> None:
        self.times = 0
        self._reply = reply

    def __call__(self, at: Place) -> Mapping[str, object]:
        self.times += 1
        match self._reply:
            case Show(message):
                return {"kind": "show", "html": CARDS.message(message, at)}
            case Ask(form):
                return {"kind": "ask", "html": CARDS.form(form, at)}


def kept() -> Kept:
    tokens = (f"gap{number:029d}" for number in count())
    return Kept(lambda: next(tokens))


@pytest.mark.parametrize("reply", REPLIES, ids=["question", "finished", "comment"])
def test_a_kept_reply_is_what_would_be_drawn_for_each_reader(reply: Show | Ask) -> None:
    here, draw = kept(), Counted(reply)

    for conversation, back in READERS:
        at = place(conversation, back)
        assert json.loads(here.body(reply, at, draw)) == dict(Counted(reply)(at))

    assert draw.times == 1


def test_another_card_or_language_or_end_is_drawn_anew() -> None:
    here, reply = kept(), REPLIES[0]
    assert isinstance(reply, Show)
    for other, language in (
        (reply, "da"),
        (reply, "sv"),
        (replace(reply, done=True), "da"),
        (replace(reply, message=question_card("told")), "da"),
    ):
        draw = Counted(other)
        at = replace(place("c", "/"), words=PlainWords(language))  # type: ignore[arg-type]
        here.body(other, at, draw)
        assert draw.times == 1


def test_a_chosen_button_makes_it_another_card() -> None:
    here, draw = kept(), Counted(REPLIES[0])
    here.body(REPLIES[0], place("c", "/"), draw)
    chosen = Show(question_card("anchor", 4), common=True)

    assert b'aria-pressed=\\"true\\"' in here.body(chosen, place("c", "/"), Counted(chosen))
