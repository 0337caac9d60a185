"""Questions as one modal: their answers are options, chosen and sent. And what was chosen."""

from collections.abc import Sequence
from dataclasses import replace

from bot.cards import Actions, Button, Form, Message, SelectInput, Text
from bot.platforms.slack import inputs, limits
from bot.platforms.slack.buttons import option_value
from bot.platforms.slack.escape import Block
from bot.platforms.slack.inputs import Drawing
from bot.platforms.slack.modals import assembled
from bot.platforms.slack.parts import is_progress
from bot.platforms.slack.rendering import Rendering

QUESTIONS = "slack.questions"
"""The ``callback_id`` of a view made by ``questions``."""


def questions(cards: Sequence[Message], *, context: Rendering, conversation: str = "") -> Block:
    """Return several questions as one modal with radio buttons, all of which may be left alone.

    A card's choices become options, and so do its other buttons that do the same as they do
    ("don't know"); those that carry no value are no question's own and stand below. What was
    chosen: ``chosen``. Raises ``ValueError`` for no card at all, for an answer that no option can
    carry, and for more answers than one list holds: ``leafing.question`` shows such a card.
    """
    if not cards:
        raise ValueError("no question")
    words = context.words
    alone = len(cards) == 1
    said = dict.fromkeys(
        part
        for card in cards
        for part in card.children
        if isinstance(part, Text)
        and part.style != "question"
        and (alone or not is_progress(card, part))
    )
    if alone and cards[0].progress and not any(is_progress(cards[0], part) for part in said):
        said = dict.fromkeys((Text("{}/{}".format(*cards[0].progress), "quiet"), *said))
    form = Form(
        id=QUESTIONS,
        title=cards[0].title,
        inputs=(),
        submit=words("slack.go_on" if alone and _goes_on(cards[0]) else "slack.send"),
        intro=tuple(said),
    )
    foot = dict.fromkeys(
        replace(one, style="plain")
        for card in cards
        for one in _buttons(card, choices=False)
        if not one.value
    )
    skips = words("slack.may_skip")
    asked = [_as_input(card, number, skips) for number, card in enumerate(cards)]
    stated = [len(_buttons(card, choices=True)) for card in cards]

    def drawn(how: Drawing) -> list[Block]:
        how = replace(how, listed=limits.OPTIONS)  # no answer of a question is searched
        both = zip(asked, stated, strict=True)
        return [block for one, count in both for block in inputs.block(one, words, how, count)]

    return assembled(form, drawn, context, conversation, tuple(foot))


def skip_of(card: Message) -> Button | None:
    """Return the button that passes a question over; sending no choice does the same."""
    passes = (one for one in _buttons(card, choices=False) if one.value)
    return next((one for one in passes if one.action.endswith(".skip")), None)


def _goes_on(card: Message) -> bool:
    """Tell whether there are questions after this one."""
    return card.progress is not None and card.progress[0] < card.progress[1]


def _as_input(card: Message, number: int, skips: str) -> SelectInput:
    """Return a question's card as one choice among its answers; ``skips`` says how to pass it."""
    answers = _buttons(card, choices=True)
    does = {one.action for one in answers}
    answers += [one for one in _buttons(card, choices=False) if one.action in does]
    if len(answers) > limits.OPTIONS:
        raise ValueError(f"{len(answers)} answers to one question")
    asked = next(
        (p.text for p in card.children if isinstance(p, Text) and p.style == "question"),
        card.fallback,
    )
    return SelectInput(
        name=str(number),
        label=asked,
        options=tuple((option_value(one), one.label) for one in answers),
        value=tuple(option_value(one) for one in answers if one.chosen),
        hint=skips if skip_of(card) else "",
        required=False,
    )


def _buttons(card: Message, *, choices: bool) -> list[Button]:
    """Return a card's choices, or its other buttons."""
    return [
        one
        for part in card.children
        if isinstance(part, Actions) and (part.layout != "row") == choices
        for one in part.children
        if isinstance(one, Button)
    ]
