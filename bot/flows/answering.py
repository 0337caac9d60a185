"""Taking answers: one slot is read, one move made, one slot written. Nothing else is touched.

What a person sees of it is in ``asking``; the rules of the moves are in ``engine``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.people import PersonId, Role
from bot.domain.rounds import Round, RoundId
from bot.flows.calendars import Calendars
from bot.flows.engine import Later, Move, Moved, Path, Stale, current, make
from bot.flows.env import Env
from bot.privacy.ballots import Ballot, BallotBox, ballot_size
from bot.privacy.keys import KeyDestroyed, KeyLost
from bot.storage import people, rounds, slots
from bot.storage.slots import OpenSlot
from bot.storage.store import Tx


class Missed(StrEnum):
    """Why nothing could be answered."""

    CLOSED = "closed"
    NOT_INVITED = "not_invited"
    VOID = "void"


@dataclass(frozen=True)
class View:
    """What one person may see of his own ballot, in the direct reply to his own request."""

    round: RoundId
    instrument: str
    path: Path
    ballot: Ballot
    show: str | None
    """The step to show; ``None`` when everything is answered."""
    zone: str
    closes_at: datetime
    publish_at: datetime
    before: int | None = None
    stale: bool = False
    listeners: tuple[str, ...] = ()
    """Whom to write to, where there is no comment box: the elected representatives."""


@dataclass(frozen=True)
class NotAnswered:
    """Nothing was changed. ``publish_at`` says when the result comes, where it is known."""

    why: Missed
    publish_at: datetime | None = None
    zone: str | None = None
    published: bool = False
    """The result is out already."""


def look(tx: Tx, env: Env, person: PersonId, round_id: RoundId) -> View | NotAnswered:
    """Return where the person stands in the round."""
    opened = _open(tx, env, person, round_id)
    if isinstance(opened, NotAnswered):
        return opened
    found, _, ballot = opened
    path = _path(found)
    listeners = _listeners(tx, person, path)
    return _view(round_id, found, path, ballot, current(path, ballot), listeners=listeners)


def move(
    tx: Tx, env: Env, person: PersonId, round_id: RoundId, wanted: Move, revision: int
) -> View | NotAnswered:
    """Make the person's move and store it in his slot.

    Raises ``NotOnPath`` for a step or value the round does not have.
    """
    opened = _open(tx, env, person, round_id)
    if isinstance(opened, NotAnswered):
        return opened
    found, box, ballot = opened
    path = _path(found)
    outcome = make(path, ballot, wanted, revision)
    listeners = _listeners(tx, person, path) if outcome.show is None else ()
    if not isinstance(outcome, Moved):
        stale = isinstance(outcome, Stale)
        return _view(round_id, found, path, ballot, outcome.show, stale=stale, listeners=listeners)
    sealed = box.seal(person, outcome.ballot)
    slots.write(tx, round_id, sealed.slot, sealed.ciphertext)
    if isinstance(wanted, Later):
        until = wanted.until
        tx.after_commit(lambda: env.laters.note(round_id, until))
    return _view(
        round_id,
        found,
        path,
        outcome.ballot,
        outcome.show,
        before=outcome.before,
        listeners=listeners,
    )


def erase(tx: Tx, env: Env, person: PersonId) -> int:
    """Empty the slots of somebody who leaves or is erased; return in how many open rounds."""
    emptied = 0
    for one in rounds.open_for(tx, person):
        opened = _open(tx, env, person, one.id)
        if not isinstance(opened, NotAnswered):
            _, box, ballot = opened
            sealed = box.seal(person, Ballot.empty(ballot.revision + 1))
            slots.write(tx, one.id, sealed.slot, sealed.ciphertext)
            emptied += 1
    return emptied


def ballots(
    tx: Tx, env: Env, one: Round, who: Iterable[PersonId] | None = None
) -> dict[PersonId, Ballot]:
    """Return the ballots of an open round, everybody's or those of ``who``: for reminders only."""
    box = BallotBox.of(one, env.keys.load(one.id))
    if who is None:
        owners = box.slots(member.person for member in rounds.members(tx, one.id))
        sealed = slots.everything(tx, one.id)
    else:
        owners = box.slots(who)
        sealed = slots.some(tx, one.id, owners)
    return {owners[key]: box.read(key, kept) for key, kept in sealed.items() if key in owners}


def wake_laters(tx: Tx, env: Env, one: Round, now: datetime) -> tuple[PersonId, ...]:
    """Return who asked to be asked again by ``now``, and forget that they did.

    Nobody is woken outside his own hours, as might be after downtime: he is looked at again then.
    """
    if not one.state.takes_answers or now >= one.closes_at:
        return ()
    box = BallotBox.of(one, env.keys.load(one.id))
    postponed = {
        person: ballot
        for person, ballot in ballots(tx, env, one).items()
        if ballot.later is not None
    }
    known = people.by_ids(tx, sorted(postponed))
    calendars = Calendars.read(tx, people.tree(tx), env.defaults, sorted(postponed), now.date())
    woken = []
    for person, ballot in postponed.items():
        assert ballot.later is not None
        at = calendars.first_moment(known[person], max(ballot.later, now), one.closes_at)
        if at > now:
            if at < one.closes_at:
                env.laters.note(one.id, at)
            continue
        sealed = box.seal(person, replace(ballot, later=None))
        slots.write(tx, one.id, sealed.slot, sealed.ciphertext)
        if known[person].wants(one.instrument):
            woken.append(person)
    return tuple(sorted(woken))


def _open(
    tx: Tx, env: Env, person: PersonId, round_id: RoundId
) -> tuple[OpenSlot, BallotBox, Ballot] | NotAnswered:
    try:
        key = env.keys.load(round_id)
    except (KeyDestroyed, KeyLost, ValueError):
        return _missed(tx, env, person, round_id)
    slot = key.slot(person)
    found = slots.read(tx, round_id, slot)
    if found is None:
        return _missed(tx, env, person, round_id)
    if not found.state.takes_answers or env.clock.now() >= found.closes_at:
        out = env.clock.now() >= found.publish_at
        return NotAnswered(Missed.CLOSED, found.publish_at, found.zone, published=out)
    box = BallotBox(key, round_id, ballot_size(len(found.questions), found.comments))
    return found, box, box.read(slot, found.sealed)


def _missed(tx: Tx, env: Env, person: PersonId, round_id: RoundId) -> NotAnswered:
    one = rounds.get(tx, round_id)
    if one is None or rounds.member(tx, round_id, person) is None:
        return NotAnswered(Missed.NOT_INVITED)
    if one.state.takes_answers or one.state.value == "void":
        return NotAnswered(Missed.VOID)
    out = env.clock.now() >= one.publish_at
    return NotAnswered(Missed.CLOSED, one.publish_at, one.zone, published=out)


def _listeners(tx: Tx, person: PersonId, path: Path) -> tuple[str, ...]:
    """Return the person's elected representatives by name, where there is no comment box."""
    found = None if path.comment else people.at_home(tx, person)
    if found is None:
        return ()
    _, over = found
    elected = sorted({g.person for g in people.grants(tx, Role.AMR) if g.node in over})
    known = people.by_ids(tx, elected)
    return tuple(
        f"{known[one].name} ({known[one].email})" if known[one].email else known[one].name
        for one in elected
        if one != person
    )


def _path(found: OpenSlot) -> Path:
    return Path(tuple(question.id for question in found.questions), found.comments)


def _view(
    round_id: RoundId,
    found: OpenSlot,
    path: Path,
    ballot: Ballot,
    show: str | None,
    *,
    before: int | None = None,
    stale: bool = False,
    listeners: tuple[str, ...] = (),
) -> View:
    return View(
        round=round_id,
        instrument=found.instrument,
        path=path,
        ballot=ballot,
        show=show,
        zone=found.zone,
        closes_at=found.closes_at,
        publish_at=found.publish_at,
        before=before,
        stale=stale,
        listeners=listeners,
    )
