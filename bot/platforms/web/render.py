"""Draws cards as HTML. Pure: the same card, place and words give the same text.

Everything is escaped by the templates; no template marks anything as safe but what another
template drew. Pages around the cards: ``pages``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.cards import (
    Actions,
    Button,
    Chart,
    Countdown,
    Divider,
    Fields,
    Form,
    Input,
    Link,
    Message,
    Part,
    SelectInput,
    Table,
    Text,
    in_place,
)
from bot.platforms.web.port import Wording

_SHORT_CHOICE = 6
"""Characters of the longest label with which five choices still stand beside each other on a
phone 360 pixels wide."""
_FEW_OPTIONS = 6
"""Up to so many options are shown at once; more fold into a list."""


@dataclass(frozen=True)
class Place:
    """Where a card is drawn: its words, the conversation, the page to go back to, and its ids."""

    words: Wording
    conversation: str = ""
    back: str = "/"
    ids: str = "c"
    """What the card's HTML ids begin with; unique on a page."""
    level: int = 2
    """The heading level of the card's title."""
    event: Callable[[], str] = lambda: ""
    """Draws the id that makes a repeated click one click; the script fills in an empty one."""


@dataclass(frozen=True)
class Drawn:
    """A part of a card with what its template needs beside it."""

    kind: str
    part: Part
    id: str
    level: int = 0
    labelled_by: str = ""
    """The id of the text that names a group of choices."""
    keys: Mapping[int, str] = field(default_factory=dict)
    """The keyboard's shortcut of the child at an index."""


def environment() -> Environment:
    """Return the templates, with the few functions they use."""
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(arrange=arrange, choice_class=choice_class, foot=foot)
    env.filters.update(href=href, chart_path=chart_path, typed=typed_value, input_kind=input_kind)
    env.tests.update(link=lambda one: isinstance(one, Link), folded=_is_folded)
    return env


class Cards:
    """Draws single cards and forms."""

    def __init__(self, env: Environment) -> None:
        self._macros: Any = env.get_template("parts.html").module

    def message(self, card: Message, place: Place) -> Markup:
        """Return a card."""
        drawn: Markup = self._macros.card(card, place)
        return drawn

    def form(
        self,
        form: Form,
        place: Place,
        errors: Mapping[str, str] | None = None,
        typed: Mapping[str, object] | None = None,
    ) -> Markup:
        """Return a form; ``typed`` is what stood in it when it was sent, ``errors`` by input."""
        drawn: Markup = self._macros.form(form, place, errors or {}, typed or {})
        return drawn


def arrange(card: Message, place: Place) -> list[Drawn]:
    """Return a card's parts with their ids, heading levels, labels and keys."""
    card = in_place(card)  # drawn from the state each time: what has to go again is gone by then
    level = place.level + 1 if card.title else place.level
    label = f"{place.ids}-title" if card.title else ""
    found: list[Drawn] = []
    for number, part in enumerate(card.children):
        id_ = f"{place.ids}-{number}"
        keys: Mapping[int, str] = {}
        if isinstance(part, Text) and part.style == "question":
            label = id_
        if isinstance(part, Actions):
            keys = _keys(card, part)
        found.append(Drawn(_KINDS[type(part)], part, id_, level, label, keys))
    return found


def foot(form: Form, place: Place) -> Drawn:
    """Return the buttons below a form, as a card's are."""
    return Drawn(_KINDS[Actions], Actions(form.foot), f"{place.ids}-foot")


_KINDS: Mapping[type[Part], str] = {
    Text: "text",
    Fields: "fields",
    Table: "table",
    Chart: "chart",
    Countdown: "countdown",
    Divider: "divider",
    Actions: "actions",
}


def _keys(card: Message, actions: Actions) -> Mapping[int, str]:
    """Return the keys 1 to 9 for the choices of a question, 0 for its way to answer with none.

    That way is the first button outside the choices that does what the choices do.
    """
    if actions.layout != "row":
        buttons = [n for n, one in enumerate(actions.children) if isinstance(one, Button)]
        return {index: str(key) for key, index in enumerate(buttons[:9], start=1)}
    answers = {
        one.action
        for part in card.children
        if isinstance(part, Actions) and part.layout != "row"
        for one in part.children
        if isinstance(one, Button)
    }
    for index, one in enumerate(actions.children):
        if isinstance(one, Button) and one.action in answers:
            return {index: "0"}
    return {}


def choice_class(actions: Actions) -> str:
    """Return the class that says how a group of buttons is laid out."""
    if actions.layout != "choices":
        return actions.layout
    longest = max((len(one.label) for one in actions.children), default=0)
    return "choices short" if longest <= _SHORT_CHOICE else "choices"


def href(path: str) -> str:
    """Return a page's address on this site, whatever a path begins with."""
    return "/" + quote(path.lstrip("/\\"), safe="/~")


def chart_path(context: str, theme: str) -> str:
    """Return the address of a figure's picture."""
    return f"/chart/{quote(context, safe='')}.png?theme={theme}"


def input_kind(one: Input) -> str:
    """Return the name of an input's kind."""
    return type(one).__name__.removesuffix("Input").lower()


def typed_value(one: Input, typed: Mapping[str, object]) -> object:
    """Return what stands in an input: what was typed, else the form's own value."""
    own = typed.get(one.name, one.value)
    if isinstance(one, SelectInput):
        if isinstance(own, list | tuple):
            return tuple(own)
        return (own,) if own else ()
    if isinstance(own, time):
        return own.strftime("%H:%M")  # a browser's field takes no seconds
    return "" if own is None else own


def _is_folded(one: SelectInput) -> bool:
    return not one.many and len(one.options) > _FEW_OPTIONS
