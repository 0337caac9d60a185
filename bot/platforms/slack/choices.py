"""Options found again: by what somebody types to find one, and by the key that comes back for one.

A view carries what its form is about and none of the options; the form is asked for again, of
those who made it, for the person who asks. So it works after a restart and in any process, and
nobody is offered what he may not choose any more. What is typed is kept and logged nowhere.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.cards import Ask, Form, Reply, Say, SelectInput
from bot.content.words import Words
from bot.domain.people import PersonId
from bot.domain.recent import Recent
from bot.platforms.slack import limits, searching, selects
from bot.platforms.slack.escape import Block, plain
from bot.platforms.slack.folding import Unfolded, filled
from bot.platforms.slack.front import Front, Own
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.told import Origin, Pressed, Searched, Sent

log = logging.getLogger(__name__)

OPEN = 200
"""Forms of the adapter's own that are remembered while their view is open."""


class Choices:
    """Finds options. ``own`` are the buttons and forms of the adapter itself."""

    def __init__(self, front: Front, people: Acquaintances, own: Mapping[str, Own]) -> None:
        self._front, self._people, self._own = front, people, own
        self._open: Recent[tuple[str, ...], Form] = Recent(OPEN)

    async def offers(self, told: Searched) -> Mapping[str, Any]:
        """Return what a search finds, as Slack takes it. Never raises; it then finds nothing."""
        try:
            return await self._offers(told)
        except Exception as fault:
            log.error("SLACK-3 a search was not answered: %s", type(fault).__name__)
            return {"options": []}

    async def _offers(self, told: Searched) -> Mapping[str, Any]:
        person = await self._people.person(told.origin.team, told.origin.user)
        form, words = await self._form(told.origin, person, told.form, told.context)
        one = _select(form, told.name) if form else None
        if one is None or words is None:
            return {"options": []}
        found = searching.found(one.options, told.text)
        drawn = list(selects.options(found[: limits.OPTIONS]))
        if len(found) <= limits.OPTIONS:
            return {"options": drawn}
        label = words("slack.found", shown=limits.OPTIONS, number=len(found))
        group: Block = {"label": plain(label, limits.OPTION), "options": drawn}
        return {"option_groups": [group]}

    async def whole(self, told: Sent) -> Sent:
        """Return a sent form with the true values of options that Slack could not carry.

        What is not offered any more stays as it is, for the form's own reader to refuse.
        """
        given = {name: one for name, one in told.values.items() if isinstance(one, list)}
        short = [one for chosen in given.values() for one in chosen]
        if not any(selects.stands_for_another(str(one)) for one in short):
            return told
        person = await self._people.person(told.origin.team, told.origin.user)
        form, _ = await self._form(told.origin, person, told.form, told.context)
        values = dict(told.values)
        for name, chosen in given.items():
            one = _select(form, name) if form else None
            if one is not None:
                values[name] = selects.undone(one, chosen)
        return Sent(told.origin, told.form, told.context, values)

    async def unfolded(self, told: Pressed | Sent, person: str | None, words: Words) -> Reply:
        """Return a form with its rest, and with what stands in it already."""
        here = told.origin
        form, _ = await self._form(here, person, told.context, here.context)
        if form is None or not isinstance(told, Pressed):
            return Say(words("slack.not_shown"))
        return Unfolded(filled(replace(form, context=here.context), told.typed))

    async def _form(
        self, here: Origin, person: PersonId | None, form: str, context: str
    ) -> tuple[Form | None, Words | None]:
        """Return a form as it is for the person now, and his words; nothing is done by that."""
        language = await self._front.language(person) if person else None
        words = self._front.words(language) if language else None
        if person is None or words is None:
            return None, words
        if form in self._own:
            return await self._of_mine(here, person, form, context, words), words
        conversation = here.conversation or f"person:{person}"
        return await self._front.form(person, conversation, form, context), words

    async def _of_mine(
        self, here: Origin, person: PersonId, form: str, context: str, words: Words
    ) -> Form | None:
        """Return a form of the adapter's own, which may have to ask Slack: once for each view."""
        key = here.team, here.user, here.view, form, context
        known = self._open.find(key)
        if known is None:
            reply = await self._own[form](Pressed(here, form, context), person, words)
            known = reply.form if isinstance(reply, Ask) else None
            if known is not None:
                self._open.keep(key, known)
        return known if known is not None and known.id == form else None


def _select(form: Form, name: str) -> SelectInput | None:
    for one in (*form.inputs, *form.more):
        if one.name == name and isinstance(one, SelectInput):
            return one
    return None
