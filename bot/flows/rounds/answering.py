"""Taking answers: one slot is read, one move made, one slot written. Nothing else is touched.

What a person sees of it is in ``asking``; the rules of the moves are in ``engine``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.dialogues import IDEAS, VOTES
from bot.domain.people import PersonId
from bot.domain.rounds import EFFECT, Round, RoundId
from bot.flows.calendars import Calendars
from bot.flows.env import Env
from bot.flows.listeners import listeners as whom
from bot.flows.rounds import unreadable
from bot.flows.rounds.engine import (
    Answer,
    Back,
    Choose,
    Comment,
    Delete,
    Fill,
    Later,
    Move,
    Moved,
    NotOnPath,
    Path,
    Stale,
    Write,
    current,
    make,
)
from bot.privacy.ballots import Ballot, BallotBox, ballot_size
from bot.privacy.keys import KeyDestroyed, KeyLost
from bot.storage import actions, people, rounds, slots
from bot.storage.slots import Terms
from bot.storage.store import Tx

_ANSWERS = (Answer, Fill, Comment, Back, Later, Delete)
_MOVES: Mapping[str, tuple[type, ...]] = {
    IDEAS: (Write, Later, Delete),
    VOTES: (Choose, Later, Delete),
}
"""What can be done in a dialogue's rounds; everywhere else, ``_ANSWERS``."""


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
    lost: bool = False
    """What was answered cannot be read any more; the person may answer again."""
    listeners: tuple[str, ...] = ()
    """Whom to write to, where there is no comment box: the elected representatives."""
    about: str = ""
    """What the round asks about, where that is one thing."""
    what: str = ""
    """The action it asks about, as it was worded when the round opened."""


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
    terms, ballot = opened.terms, opened.ballot
    path = _path(terms)
    listeners = () if path.comment else whom(tx, person)
    show = current(path, ballot)
    seen = _view(round_id, terms, path, ballot, show, listeners=listeners, lost=opened.lost)
    return _with_what(tx, terms, seen)


def move(
    tx: Tx, env: Env, person: PersonId, round_id: RoundId, wanted: Move, revision: int
) -> View | NotAnswered:
    """Make the person's move and store it in his slot.

    Raises ``NotOnPath`` for a step or value the round does not have.
    """
    opened = _open(tx, env, person, round_id)
    if isinstance(opened, NotAnswered):
        return opened
    terms, ballot = opened.terms, opened.ballot
    path = _path(terms)
    if opened.lost and revision != ballot.revision:
        return _with_what(tx, terms, _told(tx, round_id, opened, path, wanted))
    if isinstance(wanted, _MOVES.get(terms.instrument, _ANSWERS)):
        outcome = make(path, ballot, wanted, revision)
    else:
        raise NotOnPath("no move of this round")
    listeners = whom(tx, person) if outcome.show is None and not path.comment else ()
    if not isinstance(outcome, Moved):
        stale = isinstance(outcome, Stale)
        seen = _view(round_id, terms, path, ballot, outcome.show, stale=stale, listeners=listeners)
        return _with_what(tx, terms, seen)
    _store(tx, round_id, opened, outcome.ballot)
    if isinstance(wanted, Later):
        until = wanted.until
        tx.after_commit(lambda: env.laters.note(round_id, until))
    seen = _view(
        round_id,
        terms,
        path,
        outcome.ballot,
        outcome.show,
        before=outcome.before,
        listeners=listeners,
    )
    return _with_what(tx, terms, seen)


def erase(tx: Tx, env: Env, person: PersonId) -> int:
    """Empty the slots of somebody who leaves or is erased; return in how many open rounds."""
    emptied = 0
    for one in rounds.open_for(tx, person):
        opened = _open(tx, env, person, one.id)
        if not isinstance(opened, NotAnswered):
            _store(tx, one.id, opened, Ballot.empty(opened.ballot.revision + 1))
            emptied += 1
    return emptied


def ballots(
    tx: Tx, env: Env, one: Round, who: Iterable[PersonId] | None = None
) -> dict[PersonId, Ballot]:
    """Return the ballots of an open round, everybody's or those of ``who``: for reminders only.

    One that cannot be opened is as good as empty; where none can, that raises ``KeyLost``.
    """
    box = BallotBox.of(one, env.keys.load(one.id))
    if who is None:
        everyone = [member.person for member in rounds.members(tx, one.id)]
        sealed = slots.everything(tx, one.id)
        return dict(unreadable.everybodys(one.id, box, everyone, sealed).ballots)
    wanted = list(who)
    return unreadable.some(box, wanted, slots.some(tx, one.id, box.slots(wanted)))


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


@dataclass(frozen=True)
class _Opened:
    """One person's ballot, taken out of its slot."""

    terms: Terms
    box: BallotBox
    slot: bytes
    ballot: Ballot
    lost: bool
    """It could not be opened; ``ballot`` is an empty one in its place."""


def _told(tx: Tx, round_id: RoundId, opened: _Opened, path: Path, wanted: Move) -> View:
    """Tell a person whose ballot cannot be read before anything else is taken from him.

    His wish to have his answers deleted needs no reading; nothing else is lost by waiting.
    """
    if isinstance(wanted, Delete):
        _store(tx, round_id, opened, opened.ballot)
    show = current(path, opened.ballot)
    return _view(round_id, opened.terms, path, opened.ballot, show, lost=True)


def _store(tx: Tx, round_id: RoundId, opened: _Opened, ballot: Ballot) -> None:
    slots.write(tx, round_id, opened.slot, opened.box.seal_in(opened.slot, ballot))


def _open(tx: Tx, env: Env, person: PersonId, round_id: RoundId) -> _Opened | NotAnswered:
    try:
        key = env.keys.load(round_id)
    except (KeyDestroyed, KeyLost, ValueError):
        return _missed(tx, env, person, round_id)
    slot = key.slot(person)
    found = slots.read(tx, round_id, slot)
    if found is None:
        return _missed(tx, env, person, round_id)
    terms, now = found.terms, env.clock.now()
    if not found.state.takes_answers or now >= terms.closes_at:
        out = now >= terms.publish_at
        return NotAnswered(Missed.CLOSED, terms.publish_at, terms.zone, published=out)
    size = ballot_size(len(terms.questions), terms.comments, terms.instrument)
    box = BallotBox(key, round_id, size)
    ballot = unreadable.opened(box, slot, found.sealed)
    instead = ballot or unreadable.stand_in(found.sealed)
    return _Opened(terms, box, slot, instead, lost=ballot is None)


def _missed(tx: Tx, env: Env, person: PersonId, round_id: RoundId) -> NotAnswered:
    one = rounds.get(tx, round_id)
    if one is None or rounds.member(tx, round_id, person) is None:
        return NotAnswered(Missed.NOT_INVITED)
    if one.state.takes_answers or one.state.value == "void":
        return NotAnswered(Missed.VOID)
    out = env.clock.now() >= one.publish_at
    return NotAnswered(Missed.CLOSED, one.publish_at, one.zone, published=out)


def _path(terms: Terms) -> Path:
    return Path(terms.questions, terms.comments, terms.scales)


def _with_what(tx: Tx, terms: Terms, seen: View) -> View:
    """Add what the round asks about: whoever changes an action's words changes no open question."""
    if terms.instrument != EFFECT:
        return seen
    item = actions.as_of(tx, terms.about, terms.opens_at)
    return replace(seen, what=item.what if item else "")


def _view(
    round_id: RoundId,
    terms: Terms,
    path: Path,
    ballot: Ballot,
    show: str | None,
    *,
    before: int | None = None,
    stale: bool = False,
    lost: bool = False,
    listeners: tuple[str, ...] = (),
) -> View:
    return View(
        round=round_id,
        instrument=terms.instrument,
        path=path,
        ballot=ballot,
        show=show,
        zone=terms.zone,
        closes_at=terms.closes_at,
        publish_at=terms.publish_at,
        before=before,
        stale=stale,
        lost=lost,
        listeners=listeners,
        about=terms.about,
    )
