"""My page: what waits for me, my language, my days off, my own answers, and who sees what."""

from datetime import date

from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    DateInput,
    Form,
    Message,
    Part,
    Reply,
    Say,
    SelectInput,
    Text,
)
from bot.domain.dialogues import KINDS
from bot.domain.languages import LANGUAGES, Language
from bot.domain.people import Away, rules_of
from bot.domain.rounds import Round
from bot.flows import forms
from bot.flows.actions import board
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.dialogues import waiting as dialogue_waiting
from bot.flows.env import Env
from bot.flows.rounds import answering
from bot.flows.rounds import cards as asking
from bot.flows.rounds.answering import NotAnswered
from bot.storage import people, rounds
from bot.storage.store import Tx

TEAM = "team"
"""The option that means: as my team has it."""
LONGEST_AWAY = 400
"""Days; longer than this is a slip of the pen."""


def waiting(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return a card for every open round the person is in, drawn from his own ballot."""
    cards = []
    for one in rounds.open_for(tx, asker.id):
        if one.opens_at > env.clock.now():
            continue
        if one.instrument == "checkin" and asker.person.checkins_off:
            continue
        if one.instrument in KINDS:
            card = dialogue_waiting.of_round(tx, env, asker, one)
            cards += [card] if card else []
            continue
        seen = answering.look(tx, env, asker.id, one.id)
        if not isinstance(seen, NotAnswered):
            with_ = _counted_with(tx, asker, one)
            cards.append(asking.waiting(env, asker.reader, one, seen, env.clock.now(), with_))
    return tuple(cards)


def _counted_with(tx: Tx, asker: Guest, one: Round) -> tuple[str, ...]:
    """Return the names of the small teams that were put together, the person's own among them."""
    member = rounds.member(tx, one.id, asker.id)
    unit = next((unit for unit in one.units if member and member.node in unit), ())
    return tuple(one.nodes[node][0] for node in unit)


def unanswered(tx: Tx, env: Env, asker: Guest) -> int:
    """Return how many open rounds still wait for something from the person now."""
    number = 0
    for one in rounds.open_for(tx, asker.id):
        seen = answering.look(tx, env, asker.id, one.id)
        if isinstance(seen, NotAnswered) or seen.show is None or one.opens_at > env.clock.now():
            continue
        postponed = seen.ballot.later is not None and seen.ballot.later > env.clock.now()
        off = one.instrument == "checkin" and asker.person.checkins_off
        number += not (postponed or off)
    return number + dialogue_waiting.number_named(tx, env, asker)


def page(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return the cards of the page."""
    own = [card] if (card := board.mine(tx, asker)) else []
    named = dialogue_waiting.named(tx, env, asker)
    return (*waiting(tx, env, asker), *named, *own, _settings(env, asker), _pauses(tx, env, asker))


def _settings(env: Env, asker: Guest) -> Message:
    words, person = asker.reader.words, asker.person
    off = person.checkins_off
    parts: tuple[Part, ...] = (
        Text(words("me.language_now", language=words(f"language.{words.language}"))),
        Actions((Button("me.language", words("me.button.language"), opens_form=True),)),
        Text(words("me.checkins_are_off" if off else "me.checkins_are_on")),
        Actions(
            (
                Button(
                    "ask.on" if off else "ask.off",
                    words("me.button.checkins_on" if off else "me.button.checkins_off"),
                ),
            )
        ),
        Text(words("me.days_now", days=[words(f"weekday.{day}") for day in _days(env, asker)])),
        Actions((Button("me.days", words("me.button.days"), opens_form=True),)),
        Actions((Button("privacy.show", words("ask.button.who"), style="quiet"),)),
    )
    return Message(words("me.settings"), parts, title=words("me.settings"))


def _pauses(tx: Tx, env: Env, asker: Guest) -> Message:
    words = asker.reader.words
    today = asking.local(env.clock.now(), asker.reader.zone).date()
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
        today = asking.local(desk.now(), asker.reader.zone).date()
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
        if isinstance(request, Clicked):
            return Ask(form)
        filled = forms.read(form, request.values, words)
        if filled.errors:
            return Ask(form, filled.errors)
        wanted: Language | None = next(
            (one for one in LANGUAGES if (one,) == filled.values["language"]), None
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
        if isinstance(request, Clicked):
            return Ask(form)
        filled = forms.read(form, request.values, words)
        if filled.errors:
            return Ask(form, filled.errors)
        wanted = frozenset(int(day) for day in filled.values["days"])
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
