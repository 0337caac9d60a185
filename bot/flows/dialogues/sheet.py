"""What one person has written in a dialogue over some days, and writing it.

Without names it lies in his sealed ballot alone, and a change touches nothing else; with names it
lies with his name on it, for nobody else to see until all have had their days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.action_items import Factor
from bot.domain.dialogues import IDEAS, STEPS, Dialogue, Idea, Phase, Step, Written
from bot.domain.rounds import RoundId
from bot.flows.desk import Guest
from bot.flows.dialogues.people import belongs
from bot.flows.env import Env
from bot.flows.rounds import answering
from bot.flows.rounds.answering import Missed, NotAnswered, View
from bot.flows.rounds.engine import Delete, Write
from bot.storage import ideas, rounds
from bot.storage.store import Tx


@dataclass(frozen=True)
class Sheet:
    """What somebody has written so far, for himself alone."""

    dialogue: Dialogue
    written: tuple[Written, ...]
    done: frozenset[Step]
    """Questions he has written to or passed over."""
    closes_at: datetime
    revision: int = 0
    round: RoundId = ""
    """The round whose ballot it lies in; none where it bears a name."""
    later: datetime | None = None
    stale: bool = False
    """Something was written in another window since; nothing was changed."""
    lost: bool = False
    """What was written cannot be read any more; it may be written again."""

    def of(self, step: Step) -> tuple[Written, ...]:
        """Return what was written to one question."""
        return tuple(one for one in self.written if one.step is step)

    @property
    def step(self) -> Step | None:
        """Return the first question that was not done, ``None`` when all were."""
        return next((step for step in STEPS if step not in self.done), None)


def read(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> Sheet | NotAnswered:
    """Return the person's sheet, or why he has none (any more)."""
    if not one.sealed:
        return _named(tx, env, asker, one)
    round_id = _round(tx, one)
    if round_id is None:
        return NotAnswered(Missed.CLOSED)
    return _sealed(one, answering.look(tx, env, asker.id, round_id))


def write(
    tx: Tx,
    env: Env,
    asker: Guest,
    one: Dialogue,
    step: Step,
    written: Sequence[Written],
    revision: int,
) -> Sheet | NotAnswered:
    """Put what was written in place of what stood at one question; nothing passes it over."""
    if not one.sealed:
        found = _named(tx, env, asker, one)
        if isinstance(found, Sheet) and found.of(step) != tuple(written):
            ideas.remove_of(tx, one.id, asker.id, step)
            ideas.insert_all(tx, [_signed(env, asker, one, each) for each in written])
        return _named(tx, env, asker, one)
    round_id = _round(tx, one)
    if round_id is None:
        return NotAnswered(Missed.CLOSED)
    entries = tuple((step.value, each.text, each.factor or "") for each in written)
    move = Write(step.value, entries)
    return _sealed(one, answering.move(tx, env, asker.id, round_id, move, revision))


def delete(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> Sheet | NotAnswered:
    """Take everything the person has written out again."""
    if not one.sealed:
        if isinstance(_named(tx, env, asker, one), Sheet):
            ideas.remove_of(tx, one.id, asker.id)
        return _named(tx, env, asker, one)
    round_id = _round(tx, one)
    if round_id is None:
        return NotAnswered(Missed.CLOSED)
    return _sealed(one, answering.move(tx, env, asker.id, round_id, Delete(), 0))


def _round(tx: Tx, one: Dialogue) -> RoundId | None:
    found = rounds.about(tx, IDEAS, one.id)
    return found[0].id if found else None


def _sealed(one: Dialogue, seen: View | NotAnswered) -> Sheet | NotAnswered:
    if isinstance(seen, NotAnswered):
        return seen
    written = tuple(
        Written(Step(step), text, Factor(mark) if mark else None)
        for step, text, mark in seen.ballot.entries
    )
    return Sheet(
        dialogue=one,
        written=written,
        done=frozenset(Step(step) for step in seen.ballot.answers),
        closes_at=seen.closes_at,
        revision=seen.ballot.revision,
        round=seen.round,
        later=seen.ballot.later,
        stale=seen.stale,
        lost=seen.lost,
    )


def _named(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> Sheet | NotAnswered:
    if not belongs(asker, one.node):
        return NotAnswered(Missed.NOT_INVITED)
    open_ = one.phase is Phase.COLLECTING and one.until and env.clock.now() < one.until
    if not open_ or one.until is None:
        return NotAnswered(Missed.CLOSED)
    mine = ideas.of_dialogue(tx, one.id, author=asker.id)
    written = tuple(Written(idea.step, idea.text, idea.factor) for idea in mine)
    return Sheet(one, written, frozenset(each.step for each in written), one.until)


def _signed(env: Env, asker: Guest, one: Dialogue, each: Written) -> Idea:
    id_ = env.chance.token()
    return Idea(id_, one.id, each.step, each.text, each.factor, author=asker.id)
