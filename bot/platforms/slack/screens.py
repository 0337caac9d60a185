"""Replies as views: a question, a card, a form, a remark. Pure.

An answer is sent with its view, never clicked: the next question is then the direct answer to the
submission (``response_action``), and no rate limit of Slack's lies between two questions.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.cards import (
    Actions,
    Ask,
    Button,
    Divider,
    Form,
    Link,
    Message,
    Part,
    Reply,
    Say,
    Show,
    Transient,
)
from bot.cards import Text as Paragraph
from bot.platforms.slack import views
from bot.platforms.slack.buttons import OPEN, opening, pack
from bot.platforms.slack.escape import Block
from bot.platforms.slack.folding import Unfolded
from bot.platforms.slack.inbound import PRESS
from bot.platforms.slack.rendering import Rendering

__all__ = ["OPEN", "Page", "buttons", "holds", "inside", "is_question", "led", "screen", "together"]


@dataclass(frozen=True)
class Page(Show):
    """A page of the bot's in a modal; a remark on what is done from there stands above it.

    ``way`` are the pages one came by, this one last.
    """

    way: tuple[str, ...] = ()


def screen(reply: Reply, *, context: Rendering, conversation: str = "", page: int = 0) -> Block:
    """Return a reply as a modal. Raises ``ValueError`` for more than a view holds."""
    match reply:
        case Ask(form, errors):
            rest = {one.name for one in form.more}
            folded = not isinstance(reply, Unfolded) and rest.isdisjoint(errors)
            form = replace(form, intro=(*_wrong(form, errors), *form.intro))
            return views.modal(form, context=context, conversation=conversation, folded=folded)
        case Say(text):
            card = Message(text, (Paragraph(text),), title=context.words("slack.title"))
            return views.question(card, context=context, conversation=conversation)
        case Show(message):
            asked = _question(message, context, conversation) if is_question(message) else None
            card = inside(message)
            return asked or views.question(
                card, context=context, conversation=conversation, page=page
            )


def _wrong(form: Form, errors: Mapping[str, str]) -> Iterator[Paragraph]:
    """Yield what is wrong in a form, to stand above it: Slack shows no errors in a new view."""
    labels = {one.name: one.label for one in (*form.inputs, *form.more)}
    for name, error in errors.items():
        if name in labels:
            yield Paragraph(labels[name], "question")
        yield Paragraph(error)


def is_question(card: Message) -> bool:
    """Tell whether a card asks one thing: then it is sent, not clicked."""
    groups = [one for one in card.children if isinstance(one, Actions)]
    asked = [one for one in groups if one.layout != "row"]
    plain = all(isinstance(one, Actions | Paragraph | Divider) for one in card.children)
    return plain and len(asked) == 1 and all(isinstance(b, Button) for b in asked[0].children)


def _question(card: Message, context: Rendering, conversation: str) -> Block | None:
    """Return a question with its answers as radio buttons; to send none of them is to skip.

    ``None`` where they carry more than an option or a view can: buttons can.
    """
    asked = next(p for p in card.children if isinstance(p, Actions) and p.layout != "row")
    does = {one.action for one in asked.children if isinstance(one, Button)}
    skip = views.skip_of(card)
    parts = [
        _packed(part, {*does, *([skip.action] if skip else ())})
        if isinstance(part, Actions) and part.layout == "row"
        else part
        for part in card.children
    ]
    packed = inside(replace(card, children=tuple(parts)))
    try:
        view = views.questions((packed,), context=context, conversation=conversation)
        if skip is not None:
            way_on = pack(skip.action, skip.context, skip.value)
            view = view | {"private_metadata": views.carried(way_on, conversation)}
    except ValueError:
        return None
    return view


def _packed(part: Actions, does: set[str]) -> Actions:
    """Return a row whose buttons all stand below the question, but for those that answer it."""

    def one(button: Button | Link) -> Button | Link:
        if isinstance(button, Link) or not button.value or button.action in does:
            return button
        return replace(
            button,
            action=PRESS,
            context=pack(button.action, button.context, button.value),
            value="",
        )

    return Actions(tuple(map(one, part.children)), part.layout)


def inside(card: Message) -> Message:
    """Return a card whose links open in Slack itself: they then ask who presses them."""
    return replace(card, children=tuple(map(_opens_inside, card.children)))


def _opens_inside(part: Part) -> Part:
    if isinstance(part, Actions):
        return replace(part, children=tuple(map(opening, part.children)))
    if isinstance(part, Transient):
        return replace(part, children=tuple(map(_opens_inside, part.children)))
    return part


def together(title: str, cards: Sequence[Message]) -> Message:
    """Return the cards of a page as one."""
    parts: list[Part] = []
    for card in cards:
        if parts:
            parts.append(Divider())
        if card.title and card.title != title:
            parts.append(Paragraph(card.title, "question"))
        parts += card.children
    return Message(title, tuple(parts), title=title)


def led(way: tuple[str, ...], path: str) -> tuple[str, ...]:
    """Return the pages one has come to ``path`` by, of those one came ``way`` by.

    Who goes back is where he was before; another choice on the same page is no step.
    """
    if path in way:
        return way[: way.index(path)]
    return way[:-1] if way and _place(way[-1]) == _place(path) else way


def _place(path: str) -> list[str]:
    return path.split("/")[:2]


def holds(card: Message, context: str) -> bool:
    """Tell whether a card is about ``context``: one of its buttons carries it."""
    return any(
        one.context.split(":")[0] == context
        for part in card.children
        if isinstance(part, Actions)
        for one in part.children
        if isinstance(one, Button)
    )


def buttons(cards: Iterable[Message]) -> Iterator[Button]:
    """Yield every button of some cards."""
    for card in cards:
        for part in card.children:
            if isinstance(part, Actions):
                yield from (one for one in part.children if isinstance(one, Button))
