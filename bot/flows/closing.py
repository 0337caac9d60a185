"""Closing a round: fix the ballots, count, keep only what may be published, destroy the key.

1. ``begin`` commits the state ``closing``: from here on no ballot changes.
2. ``count_ballots`` decrypts, shuffles and computes, outside any transaction.
3. ``finish`` stores what may be published, deletes the slots, writes the messages to the outbox
   and sets the state to closed, in one transaction that only one process can win.
4. ``bury`` destroys the key, leaves the tombstone and cuts the write-ahead log.

Each step can be repeated after a crash. A lost key voids the round (``void``): everybody is told
and asked again, nothing is guessed.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.domain.people import NodeId, PersonId, Role, Tree, rules_of
from bot.domain.results import AtomFigure, ParentFigure, Published
from bot.domain.rounds import Invited, Round, RoundState
from bot.flows.calendars import Calendars, calendar_from, team_calendar
from bot.flows.env import Env
from bot.flows.telling import Leads
from bot.privacy.ballots import Ballot, BallotBox
from bot.privacy.publish import count
from bot.schedule.calendar import NoWorkingDay, to_utc
from bot.storage import figures, outbox, people, rounds, slots
from bot.storage.outbox import Note, Outgoing
from bot.storage.rounds import Due
from bot.storage.store import Tx

LATE = timedelta(hours=1)
"""A close later than this after its time counts as late."""
LATEST = timedelta(days=60)
"""Somebody who is away longer than this is written to all the same."""


def begin(tx: Tx, due: Due, now: datetime) -> bool:
    """Fix the ballots; ``False`` when another process did, or the round is not due."""
    return rounds.advance(tx, due.round, due.state, RoundState.CLOSING, now, claimed=due.at)


def sealed_ballots(
    tx: Tx, round_id: str
) -> tuple[Round, tuple[Invited, ...], dict[bytes, bytes]] | None:
    """Return what ``count_ballots`` needs of a round in ``closing``; ``None`` if past that."""
    one = rounds.get(tx, round_id)
    if one is None or one.state is not RoundState.CLOSING:
        return None
    return one, rounds.members(tx, round_id), slots.everything(tx, round_id)


def count_ballots(
    env: Env, one: Round, members: Iterable[Invited], sealed: dict[bytes, bytes]
) -> Published:
    """Decrypt, shuffle and compute. Raises ``KeyLost`` or ``KeyDestroyed``; writes nothing."""
    box = BallotBox.of(one, env.keys.load(one.id))
    pairs = []
    for member in members:
        slot = box.slot(member.person)
        ballot = box.read(slot, sealed[slot]) if slot in sealed else Ballot.empty()
        pairs.append((member, ballot))
    env.chance.generator(one.id, "order").shuffle(pairs)
    return count(one, pairs, env.chance)


def finish(tx: Tx, env: Env, one: Round, published: Published, now: datetime) -> bool:
    """Keep what may be published and nothing else; ``False`` when another process did."""
    at = _publish_at(tx, env, one, now)
    if not rounds.advance(tx, one.id, RoundState.CLOSING, RoundState.CLOSED, at, publish_at=at):
        return False
    total = len(published.atoms) + len(published.parents)
    ids = {at: env.chance.token() for at in range(total)}
    said = sum(len(group.texts) for group in published.comments)
    comment_ids = [env.chance.token() for _ in range(said)]
    figures.insert_published(tx, one.id, published, ids, comment_ids)
    slots.delete_all(tx, one.id)
    _tell_leads_first(tx, env, one, published, ids, now)
    if said:
        _ask_amr(tx, env, one, published, now)
    return True


def bury(env: Env, one: Round) -> None:
    """Destroy the key of a round that is closed; can be repeated."""
    env.keys.destroy(one.id)


def void(tx: Tx, env: Env, one: Round, now: datetime) -> bool:
    """Void a round whose key is lost: nothing is guessed, everybody invited is told."""
    if not rounds.advance(tx, one.id, one.state, RoundState.VOID, now):
        return False  # due at once: what remains to be done is to ask again
    slots.delete_all(tx, one.id)
    members = rounds.members(tx, one.id)
    tree = people.tree(tx)
    everyone = [member.person for member in members]
    rows = _to_people(
        tx, env, tree, everyone, f"void:{one.id}", Note("round.void", {"round": one.id}), now
    )
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
    return True


def asked_again(tx: Tx, one: Round) -> bool:
    """Note that nothing remains to be done about a void round."""
    return rounds.advance(tx, one.id, RoundState.VOID, RoundState.VOID, None)


def drop_restored(tx: Tx, one: Round) -> bool:
    """Drop a round that a restored backup holds open although it was closed: never again opened.

    Its result was published after the backup was taken; the slots' key is gone for good.
    """
    if not rounds.advance(tx, one.id, one.state, RoundState.VOID, None):
        return False
    slots.delete_all(tx, one.id)
    return True


def publish(tx: Tx, env: Env, due: Due, now: datetime) -> bool:
    """Give the team its result; the lead cannot hold it back, the AMR's holds are final now."""
    if not rounds.advance(
        tx, due.round, RoundState.CLOSED, RoundState.REPORTED, None, claimed=due.at
    ):
        return False
    figures.erase_held(tx, due.round)
    one = rounds.get(tx, due.round)
    assert one is not None
    at = _channel_moment(tx, env, one, now)
    told: set[NodeId] = set()
    rows: list[Outgoing] = []
    for kept in figures.of_round(tx, one.id):
        if kept.figure.audience.value != "employees":
            continue
        nodes = getattr(kept.figure, "nodes", (kept.figure.at,))
        told.update(nodes)
        note = Note("result.team", {"round": one.id, "figure": kept.id})
        rows += [Outgoing(f"result:{one.id}:{kept.id}", f"node:{node}", note, at) for node in nodes]
    homes = sorted({m.node for m in rounds.members(tx, one.id) if not m.lead})
    for node in homes:
        if node not in told:
            note = Note("result.too_few", {"round": one.id, "node": node})
            rows.append(Outgoing(f"result:{one.id}:none", f"node:{node}", note, at))
    outbox.add(tx, (env.chance.token() for _ in rows), rows)
    return True


def _publish_at(tx: Tx, env: Env, one: Round, now: datetime) -> datetime:
    """Return when the team gets the result: as was said, or later if the close itself was late.

    The leads keep their days before the team, and the AMR the time to look at the comments.
    """
    if now - one.closes_at < LATE:
        return one.publish_at
    tree = people.tree(tx)
    scope = [node for node in one.scope if node in tree] or [tree.root.id]
    calendar = team_calendar(tx, tree, env.defaults, scope, now.date())
    planned = calendar.local(one.publish_at)
    days = calendar.working_days_between(calendar.local(one.closes_at).date(), planned.date())
    if days < 1:
        return one.publish_at
    try:
        day = calendar.add_working_days(calendar.local(now).date(), days)
    except NoWorkingDay:
        return one.publish_at
    return max(one.publish_at, to_utc(datetime.combine(day, planned.time()), calendar.zone))


def _channel_moment(tx: Tx, env: Env, one: Round, now: datetime) -> datetime:
    """Return when to post in the channels: now, or in the morning when the bot was down."""
    tree = people.tree(tx)
    scope = [node for node in one.scope if node in tree] or [tree.root.id]
    calendar = calendar_from(rules_of(tree, scope[0], env.defaults))
    try:
        return calendar.next_moment(now)
    except NoWorkingDay:
        return now


def _tell_leads_first(
    tx: Tx, env: Env, one: Round, published: Published, ids: dict[int, str], now: datetime
) -> None:
    leads = Leads.read(tx, env, now)
    shown: tuple[AtomFigure | ParentFigure, ...] = (*published.atoms, *published.parents)
    for at, figure in enumerate(shown):
        if figure.audience.value != "employees":
            continue
        nodes = getattr(figure, "nodes", (figure.at,))
        params = {"round": one.id, "figure": ids[at]}
        leads.tell(nodes, f"lead:{one.id}:{ids[at]}", Note("result.lead", params))
    for node in published.too_few:
        params = {"round": one.id, "node": node}
        leads.tell((node,), f"lead:{one.id}:none:{node}", Note("result.too_few", params))
    leads.send(tx, env)


def _ask_amr(tx: Tx, env: Env, one: Round, published: Published, now: datetime) -> None:
    tree = people.tree(tx)
    over = {
        above
        for group in published.comments
        for node in group.nodes
        if node in tree
        for above in tree.above(node)
    }
    amrs = [grant.person for grant in people.grants(tx, Role.AMR) if grant.node in over]
    note = Note("comments.review", {"round": one.id})
    rows = _to_people(tx, env, tree, sorted(set(amrs)), f"comments:{one.id}", note, now)
    outbox.add(tx, (env.chance.token() for _ in rows), rows)


def _to_people(
    tx: Tx,
    env: Env,
    tree: Tree,
    who: Iterable[PersonId],
    purpose: str,
    note: Note,
    now: datetime,
) -> list[Outgoing]:
    wanted = list(who)
    calendars = Calendars.read(tx, tree, env.defaults, wanted, now.date())
    known = people.by_ids(tx, wanted)
    rows = []
    for person_id in wanted:
        person = known.get(person_id)
        if person is not None and person.active:
            at = calendars.first_moment(person, now, now + LATEST)
            rows.append(Outgoing(purpose, f"person:{person_id}", note, at))
    return rows
