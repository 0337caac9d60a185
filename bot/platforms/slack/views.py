"""Views: forms and questions as modals, cards as the home tab, and what comes back from them.

``private_metadata`` holds a form's opaque context, the conversation it was opened from and the
values of options that are too long for Slack's own; nothing anybody has typed or chosen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from bot.cards import Actions, Button, Form, Message, SelectInput, Text
from bot.content.words import Words
from bot.platforms.slack import inputs, limits, rich
from bot.platforms.slack.buttons import decode_option, option_value, pack, unpack
from bot.platforms.slack.escape import Block, clean, plain, shorten, size
from bot.platforms.slack.paging import VIEW, Chunk, pages, weight
from bot.platforms.slack.parts import Parts, context_line, heading, is_progress, text
from bot.platforms.slack.rendering import Rendering

PAGE = "slack.page"
"""The action of the buttons that leaf through a view too long for one; the value is the page."""
QUESTIONS = "slack.questions"
"""The ``callback_id`` of a view made by ``questions``."""

_ERROR = 500
"""Characters of an error under an input."""


def modal(
    form: Form, *, context: Rendering, conversation: str = "", foot: tuple[Button, ...] = ()
) -> Block:
    """Return a form as a modal; its ``callback_id`` is the form's id.

    ``foot`` are buttons under the inputs. Raises ``ValueError`` for a form with more inputs or
    options than a view holds, or a context too long.
    """
    words = context.words
    fields = [block for one in form.inputs for block in inputs.block(one, words)]
    return _modal(form, fields, context, conversation, foot)


def _modal(
    form: Form, fields: list[Block], context: Rendering, conversation: str, foot: tuple[Button, ...]
) -> Block:
    words = context.words
    if form.more:
        fields += [{"type": "divider"}, *rich.bold(form.more_label)]
        fields += [block for one in form.more for block in inputs.block(one, words)]
    if foot:
        fields += chain.from_iterable(Parts(context, in_message=False).part(Actions(foot)))
    intro = [*_full_title(form.title), *chain.from_iterable(map(text, form.intro))]
    if not intro and not fields:
        intro = heading(form.title)  # a view with nothing in it is refused
    blocks = [*_fitting(intro, limits.VIEW_BLOCKS - len(fields)), *fields]
    if len(blocks) > limits.VIEW_BLOCKS or sum(map(weight, blocks)) > limits.VIEW_BYTES:
        raise ValueError(f"{form.id}: more than a view holds")
    return {
        **_frame(form.title, blocks, words),
        "callback_id": form.id,
        "submit": plain(form.submit, limits.MODAL_TITLE),
        "private_metadata": _origin(
            form.context, conversation, inputs.long_values((*form.inputs, *form.more)).values()
        ),
    }


def question(card: Message, *, context: Rendering, conversation: str = "", page: int = 0) -> Block:
    """Return a card as a modal whose buttons answer it at once; a long card has several pages."""
    title = card.title or card.fallback
    parts = Parts(context, in_message=False).card(card, titled=False)
    chunks = [_full_title(card.title), *parts]
    blocks = _page([chunk for chunk in chunks if chunk], page, context)
    return {
        **_frame(title, blocks, context.words),
        "private_metadata": _origin("", conversation),
    }


def questions(cards: Sequence[Message], *, context: Rendering, conversation: str = "") -> Block:
    """Return several questions as one modal with radio buttons, all of which may be left alone.

    A card's choices become options, and so do its other buttons that do the same as they do
    ("don't know"); those that carry no value are no question's own and stand below. What was
    chosen: ``chosen``. Raises ``ValueError`` as ``modal`` does, and for no card at all.
    """
    if not cards:
        raise ValueError("no question")
    words = context.words
    said = dict.fromkeys(
        part
        for card in cards
        for part in card.children
        if isinstance(part, Text) and part.style != "question" and not is_progress(card, part)
    )
    form = Form(
        id=QUESTIONS,
        title=cards[0].title,
        inputs=(),
        submit=words("slack.send"),
        intro=tuple(said),
    )
    foot = dict.fromkeys(
        replace(one, style="plain")
        for card in cards
        for one in _buttons(card, choices=False)
        if not one.value
    )
    fields = [
        block
        for number, card in enumerate(cards)
        for block in inputs.block(_as_input(card, number), words, len(_buttons(card, choices=True)))
    ]
    return _modal(form, fields, context, conversation, tuple(foot))


def home(cards: Sequence[Message], *, context: Rendering, page: int = 0) -> Block:
    """Return cards as the home tab; more than it holds is leafed through with buttons.

    Raises ``ValueError`` for no card at all: Slack takes no empty tab.
    """
    if not cards:
        raise ValueError("no card")
    drawn = Parts(context, in_message=False)
    chunks: list[Chunk] = []
    for card in cards:
        if chunks:
            chunks.append([{"type": "divider"}])
        chunks += drawn.card(card)
    return {"type": "home", "blocks": _page(chunks, page, context)}


def values(view_state: Mapping[str, Any], form: Form) -> dict[str, object]:
    """Return what stands in a sent form, raw, by input; ``view_state`` is the view's ``state``.

    What came without belonging to the form is left out; what belongs to it is checked nowhere
    here (``bot.flows.forms`` does).
    """
    sent = view_state.get("values")
    if not isinstance(sent, Mapping):
        return {}
    found = {one.name: inputs.value(one, sent) for one in (*form.inputs, *form.more)}
    return {name: given for name, given in found.items() if given is not None}


def chosen(view_state: Mapping[str, Any]) -> tuple[tuple[str, str, str], ...]:
    """Return (action, context, value) of what was chosen in ``questions``, in their order.

    Raises ``ValueError`` for what is not a view of this bot's.
    """
    sent = view_state.get("values")
    if not isinstance(sent, Mapping):
        return ()
    picked = []
    for number in range(limits.VIEW_BLOCKS):
        given = inputs.value(SelectInput(str(number), "", ()), sent)
        if isinstance(given, list) and given:
            picked.append(decode_option(given[0]))
    return tuple(picked)


def errors(form: Form, found: Mapping[str, str]) -> dict[str, str]:
    """Return errors as Slack wants them, by block; what belongs to no input stands at the first.

    Raises ``ValueError`` when the form has no input to show them at.
    """
    fields = (*form.inputs, *form.more)
    names = [one.name for one in fields if not (isinstance(one, SelectInput) and not one.options)]
    if not names:
        raise ValueError(f"{form.id}: no input to show an error at")
    told: dict[str, str] = {}
    for name, error in found.items():
        at = inputs.block_id(name if name in names else names[0])
        told[at] = f"{told[at]} {clean(error)}" if at in told else clean(error)
    return {at: shorten(error, _ERROR) for at, error in told.items()}


def origin(view: Mapping[str, Any]) -> tuple[str, str]:
    """Return the form's context and the conversation a modal was opened from.

    Raises ``ValueError`` for another's view.
    """
    context, conversation, _ = _carried(view)
    return context, conversation


def long_values(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the long values of options that a modal carries, by what Slack was given instead.

    Raises ``ValueError`` for another's view.
    """
    _, _, packed = _carried(view)
    return {inputs.key(value): value for value in packed}


def moved(view: Block, conversation: str) -> Block:
    """Return a modal as opened from another conversation."""
    context, _, packed = _carried(view)
    return view | {"private_metadata": _origin(context, conversation, packed)}


def _carried(view: Mapping[str, Any]) -> tuple[str, str, list[str]]:
    metadata = view.get("private_metadata")
    try:
        context, conversation = unpack(metadata, 2)
    except ValueError:
        context, conversation, packed = unpack(metadata, 3)
        return context, conversation, unpack(packed)
    return context, conversation, []


def _origin(context: str, conversation: str, long: Iterable[str] = ()) -> str:
    """Return what a view carries, with as many of the long values as there is room for."""
    packed = pack(context, conversation)
    if size(packed) > limits.METADATA:
        raise ValueError("a context longer than a view can carry")
    carried: list[str] = []
    for value in long:
        more = pack(context, conversation, pack(*carried, value))
        if size(more) <= limits.METADATA:
            carried.append(value)
            packed = more
    return packed


def _frame(title: str, blocks: Sequence[Block], words: Words) -> Block:
    return {
        "type": "modal",
        "title": plain(title, limits.MODAL_TITLE),
        "blocks": list(blocks),
        "close": plain(words("slack.close"), limits.MODAL_TITLE),
    }


def _full_title(title: str) -> list[Block]:
    """Return the whole title to stand in the view where Slack's frame cannot hold it."""
    return heading(title) if size(title) > limits.MODAL_TITLE else []


def _fitting(intro: Sequence[Block], most: int) -> list[Block]:
    """Return an introduction, cut visibly where the inputs leave it no room."""
    if len(intro) <= most:
        return list(intro)
    return [*intro[: most - 1], context_line("…")] if most > 0 else []


def _page(chunks: Sequence[Chunk], page: int, context: Rendering) -> list[Block]:
    """Return one page of a view, with buttons to the others where there are any."""
    found = pages(chunks, VIEW)
    at = min(max(page, 0), len(found) - 1)
    if len(found) == 1:
        return found[0]
    words = context.words
    leaves = []
    if at > 0:
        leaves.append(Button(PAGE, words("slack.previous"), value=str(at - 1)))
    if at < len(found) - 1:
        leaves.append(Button(PAGE, words("slack.next"), value=str(at + 1)))
    (buttons,) = Parts(context, in_message=False).part(Actions(tuple(leaves)))
    return [*found[at], context_line(words("slack.page", at=at + 1, of=len(found))), *buttons]


def _as_input(card: Message, number: int) -> SelectInput:
    """Return a question's card as one choice among its answers."""
    options = _buttons(card, choices=True)
    does = {one.action for one in options}
    options += [one for one in _buttons(card, choices=False) if one.action in does]
    asked = next(
        (p.text for p in card.children if isinstance(p, Text) and p.style == "question"),
        card.fallback,
    )
    return SelectInput(
        name=str(number),
        label=asked,
        options=tuple((option_value(one), one.label) for one in options),
        value=tuple(option_value(one) for one in options if one.chosen),
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
