"""What the bot shows, as plain text: the words people read, in their order, and what they press.

What surrounds them is for the author and stays in English.
"""

from collections.abc import Iterable, Iterator

from bot.cards import (
    Actions,
    Ask,
    Chart,
    Countdown,
    DateInput,
    Fields,
    Form,
    Input,
    Link,
    Message,
    NumberInput,
    Part,
    Reply,
    SelectInput,
    Show,
    Table,
    Text,
    TextInput,
    TimeInput,
    ToggleInput,
    Transient,
)
from bot.rehearsal.seen import Opened, Seen, cards

_INDENT = " " * 4
_QUOTE = "> "


def in_words(seen: Iterable[Seen]) -> str:
    """Return what is seen as text, a line between two things."""
    return f"\n\n{_INDENT}* * *\n\n".join("\n".join(_lines(one)) for one in seen) + "\n"


def _lines(one: Seen) -> Iterator[str]:
    if isinstance(one, Opened):
        yield from _reply(one.reply)
        return
    for number, card in enumerate(cards(one)):
        yield from ("",) if number else ()
        yield from _card(card)


def _card(card: Message) -> Iterator[str]:
    if card.title:
        yield from _headed(card.title)
    for part in card.children:
        yield from _part(part)


def _reply(reply: Reply) -> Iterator[str]:
    match reply:
        case Show(message):
            yield from _card(message)
        case Ask(form):
            yield from _form(form)
        case _:
            yield reply.text


def _form(form: Form) -> Iterator[str]:
    """Yield a form's lines: every input with what stands in it, then what is pressed."""
    yield from _headed(form.title)
    yield from (one.text for one in form.intro)
    for one in form.inputs:
        yield from _input(one)
    if form.more:
        yield form.more_label
        for one in form.more:
            yield from (f"{_INDENT}{line}" for line in _input(one))
    yield _pressed((*(one.label for one in form.foot), form.submit))


def _part(part: Part) -> Iterator[str]:
    match part:
        case Text(text, style):
            yield f"{_QUOTE}{text}" if style == "quote" else text
        case Fields(pairs):
            yield from (f"{name}: {value}" for name, value in pairs)
        case Chart(title=title, bars=bars):
            yield title
            yield from (f"{_INDENT}{bar.label}: {bar.words}" for bar in bars)
        case Table(columns, rows, caption):
            yield caption
            yield from (f"{_INDENT}{' | '.join(row)}" for row in _rows(columns, rows))
        case Countdown(words):
            yield words
        case Actions(children):
            yield _pressed(one.label for one in children)
        case Transient(opens):
            yield _pressed((opens.label,))
        case _:
            yield "---"


def _rows(
    columns: tuple[str, ...], rows: tuple[tuple[str | Link, ...], ...]
) -> Iterator[tuple[str, ...]]:
    yield columns
    for row in rows:
        yield tuple(cell.label if isinstance(cell, Link) else cell for cell in row)


def _input(one: Input) -> Iterator[str]:
    match one:
        case SelectInput(options=options, value=chosen):
            yield f"{one.label}:"
            yield from (
                f"{_INDENT}{'(*)' if value in chosen else '( )'} {label}"
                for value, label in options
            )
        case ToggleInput(value=on):
            yield f"[{'x' if on else ' '}] {one.label}"
        case TimeInput():
            yield f"{one.label}: {one.value.strftime('%H:%M') if one.value else ''}".rstrip()
        case TextInput() | NumberInput() | DateInput():
            yield f"{one.label}: {'' if one.value is None else one.value}".rstrip()
    if one.hint:
        yield f"{_INDENT}{one.hint}"


def _pressed(labels: Iterable[str]) -> str:
    return " ".join(f"[{label}]" for label in labels)


def _headed(title: str) -> Iterator[str]:
    yield title
    yield "=" * len(title)
