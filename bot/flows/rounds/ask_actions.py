"""Handlers of everything a person does with his own ballot."""

from dataclasses import replace

from bot.cards import Ask, Button, Clicked, Reply, Say, Show
from bot.domain.people import rules_of
from bot.domain.rounds import Round
from bot.flows.calendars import Calendars, later_time
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.env import Reader
from bot.flows.rounds import answering, sheet
from bot.flows.rounds import cards as asking
from bot.flows.rounds.answering import NotAnswered, View
from bot.flows.rounds.engine import Answer, Back, Comment, Delete, Later, Move
from bot.privacy.comments import CommentTooLong, clean_comment
from bot.storage import people, rounds
from bot.storage.store import Tx


async def answer(desk: Desk, request: Request) -> Reply:
    """Take an answer to one question: ``revision:step:value``."""
    revision, step, value = _three(request)
    return await _move(desk, request, Answer(step, number(value)), revision)


async def skip(desk: Desk, request: Request) -> Reply:
    """Pass over one question: ``revision:step``."""
    revision, step = _two(request)
    return await _move(desk, request, Answer(step, None), revision)


async def back(desk: Desk, request: Request) -> Reply:
    """Go one step back: ``revision:step``."""
    revision, step = _two(request)
    return await _move(desk, request, Back(step), revision)


async def comment(desk: Desk, request: Request) -> Reply:
    """Take the comment; one that is too long is told before it is lost."""
    round_id, _, revision = request.context.partition(":")
    raw = getattr(request, "values", {}).get("comment") or ""
    try:
        text = clean_comment(str(raw)) or None
    except CommentTooLong as long:
        return await _too_long(desk, request, round_id, str(raw), long)
    return await _move(desk, request, Comment(text), number(revision), round_id, str(raw))


async def later(desk: Desk, request: Request) -> Reply:
    """Ask again later the same day, or the next working morning when the day is over."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words, now = asker.reader.words, desk.now()
        seen = answering.look(tx, desk.env, request.person, request.context)
        if isinstance(seen, NotAnswered):
            return asking.missed(asker.reader, seen)
        if seen.lost:
            return asking.reply(desk.env, asker.reader, seen)
        calendar = Calendars.read(tx, asker.tree, desk.env.defaults, [asker.id], now.date()).of(
            asker.person
        )
        until = later_time(now, calendar, seen.closes_at)
        if until is None:
            closes = asking.local(seen.closes_at, asker.reader.zone)
            return Say(words("ask.later_too_late", closes=closes))
        answering.move(
            tx, desk.env, request.person, request.context, Later(until), seen.ballot.revision
        )
        said = "ask.later_set" if seen.ballot.is_empty else "ask.rest_later_set"
        return Say(words(said, at=asking.local(until, asker.reader.zone)))

    return await desk.store.write(work)


async def delete(desk: Desk, request: Request) -> Reply:
    """Take all the person's answers in one round out again."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        done = answering.move(tx, desk.env, request.person, request.context, Delete(), 0)
        if isinstance(done, NotAnswered):
            return asking.missed(asker.reader, done)
        words = asker.reader.words
        again = Button("ask.show", words("ask.button.now"), request.context)
        return Show(asking.told(words("ask.review_title"), words("ask.deleted"), again))

    return await desk.store.write(work)


async def show(desk: Desk, request: Request) -> Reply:
    """Show one step, to change what was answered, or the one the person had come to.

    Where it is wished and the round is short, all its questions at once.
    """
    return await desk.store.read(lambda tx: shown(tx, desk, request))


def shown(tx: Tx, desk: Desk, request: Request) -> Reply:
    """Return what ``show`` shows."""
    asker, seen = _look(tx, desk, request)
    if isinstance(seen, NotAnswered):
        return asking.missed(asker.reader, seen)
    if _on_one_view(desk, request, seen):
        return sheet.opened(tx, desk.env, asker.reader, seen)
    step = getattr(request, "value", "") or seen.show
    if step is None:
        return Show(asking.finished(asker.reader, seen), done=True)
    if step not in seen.path.steps:
        raise NotUnderstood(request.context)
    return asking.reply(desk.env, asker.reader, replace(seen, show=step))


async def review(desk: Desk, request: Request) -> Reply:
    """Show the person his own answers; on a sheet they can be changed where they stand."""

    def work(tx: Tx) -> Reply:
        asker, seen = _look(tx, desk, request)
        if isinstance(seen, NotAnswered):
            return asking.missed(asker.reader, seen)
        if _on_one_view(desk, request, seen):
            return sheet.opened(tx, desk.env, asker.reader, seen)
        return Show(asking.review(desk.env, asker.reader, seen))

    return await desk.store.read(work)


async def who_sees(desk: Desk, request: Request) -> Reply:
    """Show who sees what, with the numbers in force for this round or this person's team."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        one = rounds.get(tx, request.context) if request.context else None
        threshold, comments = numbers_in_force(desk, asker, one)
        return Show(asking.who_sees_what(asker.reader, threshold, comments), aside=True)

    return await desk.store.read(work)


async def off(desk: Desk, request: Request) -> Reply:
    """Stop asking this person for check-ins, until he takes it back."""
    return await _set_checkins(desk, request, off=True)


async def on(desk: Desk, request: Request) -> Reply:
    """Ask this person for check-ins again."""
    return await _set_checkins(desk, request, off=False)


def numbers_in_force(desk: Desk, asker: Guest, one: Round | None) -> tuple[int, int]:
    """Return the thresholds for scores and comments: the round's, or the person's team's."""
    if one is not None:
        return one.threshold, one.comment_answers
    rules = rules_of(asker.tree, asker.person.home, desk.env.defaults)
    return rules.threshold, max(rules.threshold, rules.comment_answers)


HANDLERS: Handlers = {
    "ask.answer": answer,
    "ask.skip": skip,
    "ask.back": back,
    "ask.comment": comment,
    "ask.later": later,
    "ask.off": off,
    "ask.on": on,
    "ask.delete": delete,
    "ask.show": show,
    "ask.review": review,
    "ask.who": who_sees,
    "privacy.show": who_sees,
}


async def _move(
    desk: Desk,
    request: Request,
    move: Move,
    revision: int,
    round_id: str = "",
    typed: str = "",
) -> Reply:
    def work(tx: Tx) -> tuple[Reader, View | NotAnswered]:
        reader = guest(tx, desk.env, request.person).reader
        target = round_id or request.context
        return reader, answering.move(tx, desk.env, request.person, target, move, revision)

    # Worded when it is durable: whoever comes next need not wait for this one's words.
    reader, done = await desk.store.write(work)
    if isinstance(done, NotAnswered):
        return asking.missed(reader, done)
    if done.stale and typed:  # what was typed is worth more than the rule: shown, to send again
        form = asking.comment_form(reader, replace(done, stale=False), typed)
        return Ask(form, {"comment": reader.words("ask.comment.stale")})
    return asking.reply(desk.env, reader, done)


async def _set_checkins(desk: Desk, request: Request, *, off: bool) -> Reply:
    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        people.set_checkins_off(tx, asker.id, off)
        words = asker.reader.words
        if off and request.context:  # pressed below a question, where no page shows it taken back
            again = Button("ask.on", words("me.button.checkins_on"), request.context)
            return Show(asking.told(words("ask.button.off"), words("me.checkins_off"), again))
        if request.context and not off:
            asked = shown(tx, desk, request)
            if not isinstance(asked, Say):  # the round it was taken back in is open still
                return asked
        return Say(words("me.checkins_off" if off else "me.checkins_on"))

    return await desk.store.write(work)


async def _too_long(
    desk: Desk, request: Request, round_id: str, typed: str, long: CommentTooLong
) -> Reply:
    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        seen = answering.look(tx, desk.env, request.person, round_id)
        if isinstance(seen, NotAnswered):
            return asking.missed(asker.reader, seen)
        told = asker.reader.words("form.too_long", length=long.length, limit=long.limit)
        return Ask(asking.comment_form(asker.reader, seen, typed), {"comment": told})

    return await desk.store.read(work)


def _look(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, View | NotAnswered]:
    asker = guest(tx, desk.env, request.person)
    return asker, answering.look(tx, desk.env, request.person, request.context)


def _on_one_view(desk: Desk, request: Request, seen: View) -> bool:
    return isinstance(request, Clicked) and request.whole and sheet.fits(desk.env.pack, seen)


def _two(request: Request) -> tuple[int, str]:
    revision, _, step = _value(request).partition(":")
    return number(revision), step


def _three(request: Request) -> tuple[int, str, str]:
    revision, step = _two(request)
    step, _, value = step.rpartition(":")
    return revision, step, value


def _value(request: Request) -> str:
    if not isinstance(request, Clicked):
        raise NotUnderstood(request.context)
    return request.value


def number(text: str) -> int:
    """Return a number of a payload. Raises ``NotUnderstood``."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotUnderstood("number")
    return int(text)
