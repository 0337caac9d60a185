"""What each does with his own ideas over some days: look, write, pass over, delete.

The cards are in ``dialogues.cards``; where what was written lies is in ``dialogues.sheet``.
"""

from bot.cards import Ask, Clicked, Reply, Say, Show
from bot.domain.dialogues import STEPS, Dialogue, Step
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.dialogues import sheet as sheets
from bot.flows.dialogues.cards import finished, read_ideas, review_card, sheet_form, step_card
from bot.flows.dialogues.people import seen
from bot.flows.dialogues.sheet import Sheet
from bot.flows.env import Env, Reader
from bot.flows.rounds.answering import Missed, NotAnswered
from bot.storage.store import Tx


async def show(desk: Desk, request: Request) -> Reply:
    """Show one question, or the one the person has come to."""

    def work(tx: Tx) -> Reply:
        asker, one = _asked(tx, desk, request)
        found = sheets.read(tx, desk.env, asker, one)
        if isinstance(found, NotAnswered):
            return _missed(asker.reader, found)
        return _next(tx, desk.env, asker, found, _step(getattr(request, "value", "")) or found.step)

    return await desk.store.read(work)


async def skip(desk: Desk, request: Request) -> Reply:
    """Pass a question over, or leave it as it is, and go on: ``revision:step``."""

    def work(tx: Tx) -> Reply:
        asker, one = _asked(tx, desk, request)
        revision, _, name = getattr(request, "value", "").partition(":")
        step = _known_step(name)
        found = sheets.read(tx, desk.env, asker, one)
        if isinstance(found, Sheet) and one.sealed:
            kept = found.of(step)
            found = sheets.write(tx, desk.env, asker, one, step, kept, _number(revision))
        if isinstance(found, NotAnswered):
            return _missed(asker.reader, found)
        return _next(tx, desk.env, asker, found, found.step if found.stale else _after(step))

    return await desk.store.write(work)


async def write(desk: Desk, request: Request) -> Reply:
    """Open the form of one question, or take what was written."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _open(tx, desk, request))
    return await desk.store.write(lambda tx: _take(tx, desk, request))


async def review(desk: Desk, request: Request) -> Reply:
    """Show the person everything he has written."""

    def work(tx: Tx) -> Reply:
        asker, one = _asked(tx, desk, request)
        found = sheets.read(tx, desk.env, asker, one)
        if isinstance(found, NotAnswered):
            return _missed(asker.reader, found)
        return Show(review_card(asker.reader, found))

    return await desk.store.read(work)


async def delete(desk: Desk, request: Request) -> Reply:
    """Take everything the person has written out again."""

    def work(tx: Tx) -> Reply:
        asker, one = _asked(tx, desk, request)
        found = sheets.delete(tx, desk.env, asker, one)
        if isinstance(found, NotAnswered):
            return _missed(asker.reader, found)
        return Say(asker.reader.words("ideas.deleted"))

    return await desk.store.write(work)


HANDLERS: Handlers = {
    "ideas.show": show,
    "ideas.skip": skip,
    "ideas.write": write,
    "ideas.review": review,
    "ideas.delete": delete,
}


def _open(tx: Tx, desk: Desk, request: Clicked) -> Reply:
    asker, one = _asked(tx, desk, request)
    step = _known_step(request.value)
    found = sheets.read(tx, desk.env, asker, one)
    if isinstance(found, NotAnswered):
        return _missed(asker.reader, found)
    return Ask(sheet_form(tx, desk.env, asker, found, step))


def _take(tx: Tx, desk: Desk, request: Request) -> Reply:
    """Keep what was written; what cannot be kept comes back with the reason, nothing is lost."""
    assert not isinstance(request, Clicked)
    dialogue_id, name, revision = [*request.context.split(":"), "", ""][:3]
    asker = guest(tx, desk.env, request.person)
    one, step = seen(tx, asker, dialogue_id), _known_step(name)
    before = sheets.read(tx, desk.env, asker, one)
    sheet = Sheet(one, (), frozenset(), desk.now()) if isinstance(before, NotAnswered) else before
    form = sheet_form(tx, desk.env, asker, sheet, step)
    filled = forms.read(form, request.values, asker.reader.words)
    written, errors = read_ideas(asker.reader, step, filled.values)
    errors |= filled.errors
    if isinstance(before, NotAnswered):
        return Ask(form, {"idea_1": _why(asker.reader, before)})
    if errors:
        return Ask(form, errors)
    found = sheets.write(tx, desk.env, asker, one, step, written, _number(revision))
    if isinstance(found, NotAnswered):
        return Ask(form, {"idea_1": _why(asker.reader, found)})
    if found.stale or found.lost:
        again = sheet_form(tx, desk.env, asker, found, step)
        told = "ideas.lost" if found.lost else "ideas.stale"
        return Ask(again, {"idea_1": asker.reader.words(told)})
    return _next(tx, desk.env, asker, found, _after(step))


def _next(tx: Tx, env: Env, asker: Guest, sheet: Sheet, step: Step | None) -> Reply:
    if step is None:
        return Show(finished(asker.reader, sheet), done=not sheet.stale)
    return Show(step_card(tx, env, asker, sheet, step))


def _missed(reader: Reader, why: NotAnswered) -> Reply:
    return Say(_why(reader, why))


def _why(reader: Reader, why: NotAnswered) -> str:
    match why.why:
        case Missed.CLOSED:
            return reader.words("ideas.closed")
        case Missed.VOID:
            return reader.words("ask.void")
        case _:
            return reader.words("ideas.not_invited")


def _asked(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, Dialogue]:
    asker = guest(tx, desk.env, request.person)
    return asker, seen(tx, asker, request.context)


def _after(step: Step) -> Step | None:
    at = STEPS.index(step) + 1
    return STEPS[at] if at < len(STEPS) else None


def _step(text: str) -> Step | None:
    return _known_step(text) if text else None


def _known_step(text: str) -> Step:
    if text not in STEPS:
        raise NotUnderstood("step")
    return Step(text)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise NotUnderstood("number")
    return int(text)
