"""What people do on their screens: click, open a form, fill it in, look at a page for a button.

Everybody invented comes through this, the same door as everybody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    Form,
    Input,
    Message,
    Reply,
    Submitted,
    in_place,
)
from bot.flows.front import Front


@dataclass(frozen=True)
class Hands:
    """The hands of all of them."""

    front: Front

    async def click(
        self, person: str, action: str, context: str = "", value: str = "", conversation: str = ""
    ) -> Reply:
        """Press a button one has seen."""
        event = f"{person}/{context}"
        return await self.front.handle(Clicked(event, person, conversation, action, context, value))

    async def press(self, person: str, button: Button, conversation: str = "") -> Reply:
        """Press a button that is there."""
        return await self.click(person, button.action, button.context, button.value, conversation)

    async def open(self, person: str, action: str, context: str, value: str = "") -> Form | None:
        """Press a button that opens a form; ``None`` where it says something else by now."""
        reply = await self.click(person, action, context, value)
        return reply.form if isinstance(reply, Ask) else None

    async def send(
        self, person: str, form: Form, changed: Mapping[str, object], conversation: str = ""
    ) -> Reply:
        """Send a form as it was offered but for what is ``changed``."""
        event = f"{person}/{form.context}"
        values = {**as_offered(form), **changed}
        return await self.front.handle(
            Submitted(event, person, conversation, form.id, form.context, values)
        )

    async def fill(
        self, person: str, action: str, context: str, value: str = "", **changed: object
    ) -> bool:
        """Open a form and send it; tell whether it was there and was taken."""
        form = await self.open(person, action, context, value)
        return form is not None and not isinstance(await self.send(person, form, changed), Ask)

    async def buttons(self, person: str, path: str, action: str) -> list[Button]:
        """Return the buttons of one action on a page as the person sees it."""
        page = await self.front.page(person, path)
        found = on_cards(page.cards) if page else []
        return [one for one in found if one.action == action]


def on_cards(cards: Iterable[Message]) -> list[Button]:
    """Return the buttons on cards, in order."""
    return [
        one
        for card in cards
        for part in in_place(card).children
        if isinstance(part, Actions)
        for one in part.children
        if isinstance(one, Button)
    ]


def as_offered(form: Form) -> dict[str, object]:
    """Return what a form holds when nothing in it is changed."""
    return {one.name: _plain(one) for one in (*form.inputs, *form.more)}


def _plain(one: Input) -> object:
    value: object = one.value
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value
