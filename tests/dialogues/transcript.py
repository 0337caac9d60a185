"""A conversation as lines of text, with the whole bot stopped and started between two replies."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from textwrap import wrap

from town import MONDAY, Town, buttons, cast, town

from bot.cards import (
    Actions,
    Ask,
    Button,
    Chart,
    Countdown,
    Divider,
    Fields,
    Form,
    Input,
    Link,
    Message,
    NumberInput,
    Part,
    Reply,
    Say,
    SelectInput,
    Show,
    Table,
    Text,
    TextInput,
    in_place,
)
from bot.domain.languages import Language
from bot.rehearsal.hands import as_offered
from bot.rehearsal.organisation import Cast
from bot.storage import people

WIDTH = 88
NOBODY_NEW = Cast((), (), ())


class Talk:
    """One person's conversation with the bot. What he sees on his screen is all that is kept."""

    def __init__(self, folder: Path, person: str, language: Language) -> None:
        self._folder, self._person, self._language = folder, person, language
        self._now = MONDAY
        self._starts = 0
        self._screen: Reply | None = None
        self._lines: list[str] = []

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Town]:
        """Start the bot for one reply and stop it again."""
        everybody = NOBODY_NEW if self._starts else cast(("dag", 11))
        self._starts += 1
        async with town(self._folder, everybody, now=self._now, seed=self._starts) as t:
            if everybody.people:
                await t.bot.store.write(self._speak)
            yield t
            self._now = t.clock.now()

    def _speak(self, tx: people.Tx) -> None:
        people.set_language(tx, self._person, self._language)

    def note(self, what: str) -> None:
        """Write down what happens around the conversation."""
        self._lines += ["", f"— {what} —"]

    async def look(self, conversation: str = "", number: int = -1) -> None:
        """Look into a conversation, one's own or a channel: the newest card, or another."""
        async with self.bot() as t:
            cards = await t.shown(self._person, conversation or f"person:{self._person}")
            self._told(Show(cards[number]))

    async def visit(self, path: str) -> None:
        """Open a page: all its cards, one after the other."""
        async with self.bot() as t:
            found = await t.bot.front.page(self._person, path)
            assert found is not None
            self._lines += ["", f"> {found.title}"]
            for card in found.cards:
                self._lines += ["", *_card(card)]
            parts = tuple(part for card in found.cards for part in card.children)
            self._screen = Show(Message(found.title, parts))

    async def press(self, action: str, value: str | None = None) -> None:
        """Press a button that is on the screen."""
        assert isinstance(self._screen, Show), self._screen
        button = next(
            one
            for one in buttons(self._screen.message)
            if one.action == action and (value is None or one.value.endswith(value))
        )
        await self.press_again(button)

    async def press_again(self, button: Button) -> None:
        """Press a button, whether or not it still stands on the screen."""
        self._lines += ["", f"> {button.label}"]
        async with self.bot() as t:
            self._told(await t.press(self._person, button))

    async def fill_in(self, **values: str | list[str]) -> None:
        """Send the form that is on the screen; of options, give their values."""
        assert isinstance(self._screen, Ask), self._screen
        form = self._screen.form
        shown = [_typed(form, name, value) for name, value in values.items()]
        self._lines += ["", *(f"> {value}" for value in shown)]
        async with self.bot() as t:
            self._told(await t.submit(self._person, form.id, form.context, **values))

    async def send(self, **changed: str | list[str]) -> None:
        """Send the form that is on the screen as it stands but for what is changed."""
        assert isinstance(self._screen, Ask), self._screen
        form = self._screen.form
        shown = [_typed(form, name, value) for name, value in changed.items()]
        self._lines += ["", *(f"> {value}" for value in shown)]
        values = as_offered(form) | changed
        async with self.bot() as t:
            self._told(await t.submit(self._person, form.id, form.context, **values))

    async def hand_over(self, person: str) -> None:
        """Go on with somebody else, who speaks the same language."""
        self._person = person
        async with self.bot() as t:
            await t.bot.store.write(self._speak)

    async def type(self, text: str) -> None:
        """Type a command."""
        self._lines += ["", f"> /trivsel {text}".rstrip()]
        async with self.bot() as t:
            self._told(await t.type(self._person, text))

    async def travel(self, until: datetime) -> None:
        """Let time pass."""
        async with self.bot() as t:
            await t.travel(until)

    def options(self, name: str) -> list[str]:
        """Return the values of the options of an input on the screen."""
        assert isinstance(self._screen, Ask)
        one = next(one for one in self._screen.form.inputs if one.name == name)
        assert isinstance(one, SelectInput)
        return [value for value, _ in one.options]

    def on_screen(self, action: str) -> Button:
        """Return a button that is on the screen, to keep it."""
        assert isinstance(self._screen, Show)
        return next(one for one in buttons(self._screen.message) if one.action == action)

    @property
    def text(self) -> str:
        """Return the whole conversation."""
        return "\n".join(self._lines).strip() + "\n"

    def _told(self, reply: Reply) -> None:
        self._lines += ["", *lines_of(reply)]
        if not isinstance(reply, Say):
            self._screen = reply


def lines_of(reply: Reply) -> list[str]:
    """Return a reply as lines of text."""
    match reply:
        case Say(text, failed):
            return _wrapped(text, "!  " if failed else "   ")
        case Show(message):
            return list(_card(message))
        case Ask(form, errors):
            return list(_form(form, dict(errors)))


def _card(card: Message) -> Iterator[str]:
    if card.title:
        yield f"   {card.title.upper()}"
    for part in in_place(card).children:
        yield from _part(part)


def _part(part: Part) -> Iterator[str]:
    match part:
        case Text(text, style):
            yield from _wrapped(f"“{text}”" if style == "quote" else text, "   ")
        case Fields(pairs):
            yield from (f"   {name}: {value}" for name, value in pairs)
        case Actions(children, layout):
            names = [_name(one) for one in children]
            yield from names if layout != "row" else _wrapped("  ".join(names).strip(), "   ")
        case Chart(_, bars):
            yield from (f"   {bar.label:<32} {bar.words}" for bar in bars)
        case Table(columns, rows, caption):
            yield f"   {caption}: {' | '.join(columns)}"
            yield from (f"   {' | '.join(map(_cell, row))}" for row in rows)
        case Countdown(words):
            yield from _wrapped(words, "   ")
        case Divider():
            yield "   ---"


def _cell(cell: str | Link) -> str:
    return f"[{cell.label}]" if isinstance(cell, Link) else cell


def _name(one: object) -> str:
    label = getattr(one, "label", "")
    return (
        f"   ({'•' if getattr(one, 'chosen', False) else ' '}) {label}"
        if (getattr(one, "style", "") == "choice")
        else f"[{label}]"
    )


def _form(form: Form, errors: dict[str, str]) -> Iterator[str]:
    yield f"   {form.title.upper()}"
    for text in form.intro:
        yield from _wrapped(text.text, "   ")
    for one in form.inputs:
        yield f"   {one.label}: {_stands(one)}"
        if isinstance(one, SelectInput):
            yield from (
                f"   ({'•' if key in one.value else ' '}) {name}" for key, name in one.options
            )
        if one.name in errors:
            yield from _wrapped(errors[one.name], "   ! ")
        yield from _wrapped(one.hint, "     ")
    if form.more:
        yield f"   + {form.more_label}"
    yield f"   [{form.submit}]"


def _stands(one: Input) -> str:
    """Return what stands in an input before anybody touches it."""
    match one:
        case TextInput(value=value):
            return value if 0 < len(value) < 60 else f"({len(value)} tegn)" if value else "…"
        case NumberInput(value=number):
            return "…" if number is None else str(number)
        case _:
            return ""


def _typed(form: Form, name: str, value: str | list[str]) -> str:
    """Return what was typed or chosen, as it stands on the screen."""
    one = next(one for one in (*form.inputs, *form.more) if one.name == name)
    if isinstance(one, SelectInput):
        labels = dict(one.options)
        chosen = [value] if isinstance(value, str) else value
        return ", ".join(f"(•) {labels[each]}" for each in chosen)
    return f"“{value}”" if len(value) < 60 else f"“({len(value)} tegn)”"


def _wrapped(text: str, margin: str) -> list[str]:
    blank = " " * len(margin)
    return wrap(text, WIDTH, initial_indent=margin, subsequent_indent=blank) or [margin.rstrip()]
