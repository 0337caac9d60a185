"""What a person does with a sheet: open it, and send everything on it as one move."""

from collections.abc import Mapping
from dataclasses import replace

from bot.cards import Ask, Clicked, Reply, Say, Show, Submitted
from bot.domain.dialogues import KINDS
from bot.flows.desk import Desk, Handlers, NotUnderstood, Request, guest
from bot.flows.dialogues import waiting as dialogue_waiting
from bot.flows.env import Reader
from bot.flows.rounds import answering, sheet
from bot.flows.rounds import cards as asking
from bot.flows.rounds.answering import NotAnswered, View
from bot.flows.rounds.ask_actions import number, shown
from bot.flows.rounds.engine import COMMENT, Comment, Fill, check
from bot.privacy.comments import CommentTooLong, clean_comment
from bot.storage import rounds
from bot.storage.store import Tx


async def fill(desk: Desk, request: Request) -> Reply:
    """Open a round on one view, or take what was sent on it (``round:revision``).

    A round that is too long for that is opened at its next question.
    """
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _open(tx, desk, request))
    round_id, _, revision = request.context.partition(":")
    answers, typed = _answers(request.values), request.values.get(COMMENT)
    try:
        comment = None if typed is None else Comment(clean_comment(str(typed)) or None)
    except CommentTooLong as long:
        return await _too_long(desk, request, Fill(answers), long)
    sent, at = Fill(answers, comment), number(revision)

    def work(tx: Tx) -> tuple[Reader, View | NotAnswered]:
        reader = guest(tx, desk.env, request.person).reader
        return reader, answering.move(tx, desk.env, request.person, round_id, sent, at)

    # Worded when it is durable: whoever comes next need not wait for this one's words.
    reader, done = await desk.store.write(work)
    if isinstance(done, NotAnswered):
        return asking.missed(reader, done)
    return sheet.taken(desk.env, reader, done, sent)


HANDLERS: Handlers = {"ask.sheet": fill}


def _open(tx: Tx, desk: Desk, request: Clicked) -> Reply:
    one = rounds.get(tx, request.context)
    if one is None or one.instrument not in KINDS:
        return shown(tx, desk, replace(request, whole=True))
    asker = guest(tx, desk.env, request.person)
    invited = rounds.member(tx, one.id, asker.id) is not None
    card = dialogue_waiting.of_round(tx, desk.env, asker, one) if invited else None
    return Show(card) if card else Say(asker.reader.words("ask.not_invited"))


async def _too_long(desk: Desk, request: Submitted, sent: Fill, long: CommentTooLong) -> Reply:
    """Show the sheet again with all that was chosen and typed."""
    round_id, _, revision = request.context.partition(":")
    at, typed = number(revision), str(request.values.get(COMMENT))

    def work(tx: Tx) -> Reply:
        reader = guest(tx, desk.env, request.person).reader
        seen = answering.look(tx, desk.env, request.person, round_id)
        if isinstance(seen, NotAnswered):
            return asking.missed(reader, seen)
        if not sheet.fits(desk.env.pack, seen):
            raise NotUnderstood("no such sheet")
        for step, value in sent.answers.items():
            check(seen.path, step, value)
        told = reader.words("form.too_long", length=long.length, limit=long.limit)
        changed = at != seen.ballot.revision
        errors = sheet.differing(desk.env, reader, seen, sent) if changed else {}
        drawn = sheet.form(desk.env, reader, seen, sent, typed=typed)
        return Ask(drawn, errors | {COMMENT: told}, language=reader.words.language)

    return await desk.store.read(work)


def _answers(values: Mapping[str, object]) -> dict[str, int]:
    """Return what was chosen, by question; platforms send one choice bare or as a list."""
    found = {}
    for step, given in values.items():
        listed = given if isinstance(given, list | tuple) else (given,)
        chosen = [one for one in listed if one not in (None, "")]
        if len(chosen) > 1:
            raise NotUnderstood("several answers to one question")
        if chosen and step != COMMENT:
            found[step] = number(str(chosen[0]))
    return found
