"""Cards as Slack gets them, as they were approved; and that Slack would take each.

To draw the golden files anew after a change on purpose: ``DRAW_GOLDEN=1 pytest …``; then read them,
and look at them with ``trivselsbot preview … --platform slack --png``.
"""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import slack_oracle as oracle
from slack_cards import FILE, asked, board, form, rendering, result, review, sheet, statements, talk

from bot.cards import Message
from bot.platforms.slack import blocks, views

GOLDEN = Path(__file__).parent / "golden"
CONTEXT = rendering("da", fig1=FILE)


def posted(card: Message, language: str = "da") -> dict[str, Any]:
    context = CONTEXT if language == "da" else rendering("sv", fig1=FILE)
    drawn = blocks.message(card, context=context)
    return {"text": drawn.text, "blocks": list(drawn.blocks), "more": list(drawn.more)}


MESSAGES: Mapping[str, Callable[[], dict[str, Any]]] = {
    "question": lambda: posted(asked(2, chosen=4)),
    "statements": lambda: posted(statements()),
    "result": lambda: posted(result()),
    "result-without-picture": lambda: posted(result(picture=False), "sv"),
    "review": lambda: posted(review()),
    "table": lambda: posted(board()),
    "dialogue": lambda: posted(talk()),
}
VIEWS: Mapping[str, Callable[[], dict[str, Any]]] = {
    "form": lambda: views.modal(form(), context=CONTEXT, conversation="C1"),
    "form-folded": lambda: views.modal(form(), context=CONTEXT, folded=True),
    "question-view": lambda: views.question(asked(1), context=CONTEXT, conversation="D1"),
    "questions-view": lambda: views.questions([asked(1), asked(2, chosen=3)], context=CONTEXT),
    "sheet-view": lambda: views.modal(sheet(), context=CONTEXT, conversation="D1"),
    "home": lambda: views.home([review(), board(), talk()], context=CONTEXT),
}


@pytest.mark.parametrize("name", [*MESSAGES, *VIEWS])
def test_cards_are_drawn_as_they_were_approved(name: str) -> None:
    file = GOLDEN / f"{name}.json"
    made = {**MESSAGES, **VIEWS}[name]()
    drawn = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
    if os.environ.get("DRAW_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(drawn, encoding="utf-8")

    assert drawn == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_would_take_the_approved_messages(name: str) -> None:
    made = MESSAGES[name]()
    assert made["more"] == []
    assert oracle.in_message(made["blocks"]) == []
    assert oracle.in_structure(made["blocks"]) == []


@pytest.mark.parametrize("name", VIEWS)
def test_slack_would_take_the_approved_views(name: str) -> None:
    made = VIEWS[name]()
    assert oracle.in_view(made) == []
    assert oracle.in_structure(made["blocks"], made) == []
