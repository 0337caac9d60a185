"""How a person would like it: language, days off and working days, check-ins or none.

Asked and kept here, each in a form of its own. Nobody else is told; what waits is ``home``.
"""

from datetime import date

from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    DateInput,
    Form,
    Link,
    Message,
    Part,
    Reply,
    Say,
    SelectInput,
    Text,
)
from bot.domain.languages import LANGUAGES, Language
from bot.domain.people import Away, rules_of
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.env import Env
from bot.flows.rounds.cards import local
from bot.storage import people
from bot.storage.store import Tx

PATH = "preferences"
"""The page's path."""
TEAM = "team"
"""The option that means: as my team has it."""
LONGEST_AWAY = 400
"""Days; longer than this is a slip of the pen."""


def page(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return the cards of the page."""
    return _settings(env, asker), _pauses(tx, env, asker)


def card(tx: Tx, env: Env, asker: Guest) -> Message:
    """Return the page as one card, for where there are no pages."""
    first, second = page(tx, env, asker)
    apart = Text(second.title, "question")
    return Message(first.fallback, (*first.children, apart, *second.children), title=first.title)


def in_short(env: Env, asker: Guest) -> Message:
    """Return it in a few lines, with the way to change it."""
    words = asker.reader.words
    told = " ".join((_language(asker), _when(env, asker), _asked(asker)))
    change = Link(words("me.button.change"), PATH)
    title = words("me.settings")
    return Message(title, (Text(told), Actions((change,))), title=title)


def _settings(env: Env, asker: Guest) -> Message:
    words, off = asker.reader.words, asker.person.checkins_off
    asked = Button(
        "ask.on" if off else "ask.off",
        words("me.button.checkins_on" if off else "me.button.checkins_off"),
    )
    parts: tuple[Part, ...] = (
        Text(_language(asker)),
        Actions((Button("me.language", words("me.button.language"), opens_form=True),)),
        Text(_asked(asker)),
        Actions((asked,)),
        Text(_when(env, asker)),
        Actions((Button("me.days", words("me.button.days"), opens_form=True),)),
    )
    return Message(words("me.settings"), parts, title=words("me.settings"))


def _language(asker: Guest) -> str:
    words = asker.reader.words
    return words("me.language_now", language=words(f"language.{words.language}"))


def _asked(asker: Guest) -> str:
    off = asker.person.checkins_off
    return asker.reader.words("me.checkins_are_off" if off else "me.checkins_are_on")


def _when(env: Env, asker: Guest) -> str:
    words = asker.reader.words
    return words("me.days_now", days=[words(f"weekday.{day}") for day in _days(env, asker)])


def _pauses(tx: Tx, env: Env, asker: Guest) -> Message:
    words = asker.reader.words
    today = local(env.clock.now(), asker.reader.zone).date()
    parts: list[Part] = [Text(words("me.away_text"))]
    for away_id, span in people.aways(tx, asker.id, today):
        parts.append(Text(words("me.away_span", first=span.first, last=span.last)))
        parts.append(Actions((Button("me.back", words("me.button.back"), away_id, style="quiet"),)))
    parts.append(Actions((Button("me.away", words("me.button.away"), opens_form=True),)))
    return Message(words("me.away"), tuple(parts), title=words("me.away"))


def _days(env: Env, asker: Guest) -> list[int]:
    person = asker.person
    if person.working_days is not None:
        return sorted(person.working_days)
    return sorted(rules_of(asker.tree, person.home, env.defaults).working_days)


async def away(desk: Desk, request: Request) -> Reply:
    """Ask from when to when, or keep what was answered."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words = asker.reader.words
        today = local(desk.now(), asker.reader.zone).date()
        form = away_form(asker, today)
        if isinstance(request, Clicked):
            return Ask(form)
        filled = forms.read(form, request.values, words)
        errors = dict(filled.errors)
        first, last = filled.values["first"], filled.values["last"]
        if not errors and (last < first or (last - first).days > LONGEST_AWAY):
            errors["last"] = words("me.away_order")
        elif not errors and last < today:
            errors["last"] = words("me.away_past")
        if errors:
            return Ask(away_form(asker, today, first, last), errors)
        people.add_away(tx, desk.env.chance.token(), Away(first, last), person_id=asker.id)
        return Say(words("me.away_kept", first=first, last=last))

    return await desk.store.write(work)


def away_form(
    asker: Guest, today: date, first: date | None = None, last: date | None = None
) -> Form:
    """Return the form for a pause of one's own."""
    words = asker.reader.words
    return Form(
        id="me.away",
        title=words("me.away"),
        inputs=(
            DateInput("first", words("form.first_day"), first or today),
            DateInput("last", words("form.last_day"), last),
        ),
        submit=words("form.save"),
        intro=(Text(words("me.away_text"), "quiet"),),
    )


async def come_back(desk: Desk, request: Request) -> Reply:
    """Remove one of the person's own pauses."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        people.remove_away(tx, request.context, person_id=asker.id)
        return Say(asker.reader.words("me.away_removed"))

    return await desk.store.write(work)


async def language(desk: Desk, request: Request) -> Reply:
    """Ask which language, or keep what was chosen."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words = asker.reader.words
        options = tuple((one, words(f"language.{one}")) for one in LANGUAGES)
        chosen = asker.person.language or TEAM
        form = Form(
            id="me.language",
            title=words("me.button.language"),
            inputs=(
                SelectInput(
                    "language",
                    words("form.language"),
                    ((TEAM, words("form.as_team")), *options),
                    (chosen,),
                ),
            ),
            submit=words("form.save"),
        )
        values = forms.taken(form, request, words)
        if isinstance(values, Ask):
            return values
        wanted: Language | None = next(
            (one for one in LANGUAGES if (one,) == values["language"]), None
        )
        people.set_language(tx, asker.id, wanted)
        spoken = guest(tx, desk.env, request.person).reader.words
        return Say(spoken("me.language_now", language=spoken(f"language.{spoken.language}")))

    return await desk.store.write(work)


async def days(desk: Desk, request: Request) -> Reply:
    """Ask which weekdays the person works, or keep what was chosen."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words = asker.reader.words
        options = tuple((str(day), words(f"weekday.{day}")) for day in range(7))
        form = Form(
            id="me.days",
            title=words("me.button.days"),
            inputs=(
                SelectInput(
                    "days",
                    words("form.days"),
                    options,
                    tuple(str(day) for day in _days(desk.env, asker)),
                    hint=words("form.days_hint"),
                    many=True,
                ),
            ),
            submit=words("form.save"),
        )
        values = forms.taken(form, request, words)
        if isinstance(values, Ask):
            return values
        wanted = frozenset(int(day) for day in values["days"])
        usual = rules_of(asker.tree, asker.person.home, desk.env.defaults).working_days
        people.set_working_days(tx, asker.id, None if wanted == usual else wanted)
        return Say(words("me.days_kept", days=[words(f"weekday.{day}") for day in sorted(wanted)]))

    return await desk.store.write(work)


HANDLERS: Handlers = {
    "me.away": away,
    "me.back": come_back,
    "me.language": language,
    "me.days": days,
}
