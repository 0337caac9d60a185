"""What is kept of Slack: people's ids there, teams' channels, what was sent, one-use tickets.

Nothing here tells who has answered or when: invitations and reminders are never kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.domain.people import PersonId
from bot.storage.store import Tx
from bot.storage.tables import (
    slack_channel,
    slack_erased,
    slack_install,
    slack_person,
    slack_picture,
    slack_sent,
    slack_ticket,
)

_WHO = select(slack_person).where(
    slack_person.c.team_id == bindparam("team"), slack_person.c.user_id == bindparam("user")
)


@dataclass(frozen=True)
class Member:
    """A person of the bot's as Slack knows him, and what his profile said last.

    He ``follows`` his profile in his language until he chooses one himself.
    """

    team: str
    user: str
    person: PersonId
    locale: str | None = None
    zone: str | None = None
    follows: bool = False


@dataclass(frozen=True)
class Bound:
    """A channel that is a conversation of the bot's (``node:ID``, ``amg:ID``), as it then was.

    ``id`` is the binding's own: rounds keep it, and it is a new one each time a channel is chosen.
    ``held`` says why nothing is posted there at present. Until it is ``filled``, not everybody in
    the channel is in the team yet.
    """

    id: str
    team: str
    channel: str
    conversation: str
    name: str
    private: bool
    held: str | None = None
    filled: bool = True


def member(tx: Tx, team: str, user: str) -> Member | None:
    """Return who somebody in Slack is."""
    row = tx.first(_WHO, {"team": team, "user": user})
    return _member(row) if row else None


def member_among(tx: Tx, teams: Iterable[str], user: str) -> Member | None:
    """Return who somebody is in the first of several workspaces that share their accounts."""
    found = (member(tx, team, user) for team in teams)
    return next((one for one in found if one is not None), None)


def members_of(tx: Tx, person: PersonId) -> tuple[Member, ...]:
    """Return a person's Slack accounts; one in each workspace at most matters."""
    query = select(slack_person).where(slack_person.c.person_id == person)
    rows = tx.rows(query.order_by(slack_person.c.team_id, slack_person.c.user_id))
    return tuple(map(_member, rows))


def put_member(tx: Tx, one: Member) -> None:
    """Keep who somebody in Slack is, and what his profile says."""
    tx.execute(_mine(one.team, one.user))
    tx.execute(
        insert(slack_person).values(
            team_id=one.team,
            user_id=one.user,
            person_id=one.person,
            locale=one.locale,
            zone=one.zone,
            follows=one.follows,
        )
    )


def drop_member(tx: Tx, team: str, user: str) -> None:
    """Forget who somebody in Slack is."""
    tx.execute(_mine(team, user))


def drop_teams(tx: Tx, gone: Iterable[str]) -> None:
    """Forget everything of workspaces the app was taken out of."""
    ids = list(gone)
    tx.execute(delete(slack_person).where(slack_person.c.team_id.in_(ids)))
    tx.execute(delete(slack_channel).where(slack_channel.c.team_id.in_(ids)))
    tx.execute(delete(slack_picture).where(slack_picture.c.team_id.in_(ids)))
    tx.execute(delete(slack_erased).where(slack_erased.c.team_id.in_(ids)))


def teams(tx: Tx) -> tuple[str, ...]:
    """Return the workspaces of which anything is kept: people or channels."""
    query = select(slack_person.c.team_id).union(select(slack_channel.c.team_id))
    return tuple(row.team_id for row in tx.rows(query.order_by("team_id")))


def channel(tx: Tx, team: str, channel_id: str) -> Bound | None:
    """Return what a channel is bound to."""
    query = select(slack_channel).where(
        slack_channel.c.team_id == team, slack_channel.c.channel_id == channel_id
    )
    row = tx.first(query)
    return _bound(row) if row else None


def channel_among(tx: Tx, teams: Iterable[str], channel_id: str) -> Bound | None:
    """Return what a channel is bound to that several workspaces share."""
    found = (channel(tx, team, channel_id) for team in teams)
    return next((one for one in found if one is not None), None)


def bound_to(tx: Tx, conversation: str) -> Bound | None:
    """Return the channel of a conversation."""
    row = tx.first(select(slack_channel).where(slack_channel.c.conversation == conversation))
    return _bound(row) if row else None


def all_bound(tx: Tx) -> tuple[Bound, ...]:
    """Return every bound channel."""
    rows = tx.rows(select(slack_channel).order_by(slack_channel.c.team_id, slack_channel.c.name))
    return tuple(map(_bound, rows))


def bind(tx: Tx, one: Bound) -> None:
    """Bind a channel to a conversation; whatever either was bound to before is let go."""
    tx.execute(
        delete(slack_channel).where(
            (slack_channel.c.conversation == one.conversation)
            | ((slack_channel.c.team_id == one.team) & (slack_channel.c.channel_id == one.channel))
        )
    )
    tx.execute(
        insert(slack_channel).values(
            id=one.id,
            team_id=one.team,
            channel_id=one.channel,
            conversation=one.conversation,
            name=one.name,
            private=one.private,
            held=one.held,
            filled=one.filled,
        )
    )


def fill(tx: Tx, one: Bound) -> bool:
    """Note that everybody in a channel is in its team; tell whether that was news."""
    query = update(slack_channel).where(slack_channel.c.id == one.id, ~slack_channel.c.filled)
    return bool(tx.execute(query.values(filled=True)).rowcount)


def unbind(tx: Tx, conversation: str) -> None:
    """Let a conversation's channel go."""
    tx.execute(delete(slack_channel).where(slack_channel.c.conversation == conversation))


def hold(tx: Tx, one: Bound, why: str | None) -> bool:
    """Hold a channel, or let go of it with ``None``; tell whether that was news."""
    query = update(slack_channel).where(
        slack_channel.c.team_id == one.team,
        slack_channel.c.channel_id == one.channel,
        slack_channel.c.held.is_distinct_from(why),
    )
    return bool(tx.execute(query.values(held=why)).rowcount)


@dataclass(frozen=True)
class Begun:
    """A delivery that was begun before: since when, and its message where it is known to stand.

    Without a message it may stand there, or not.
    """

    at: datetime
    message: str | None


def begun(tx: Tx, ids: Iterable[str]) -> dict[str, Begun]:
    """Return those deliveries that were begun before."""
    query = select(slack_sent).where(slack_sent.c.delivery_id.in_(list(ids)))
    return {row.delivery_id: Begun(row.begun_at, row.message) for row in tx.rows(query)}


def begin_sending(tx: Tx, id_: str, now: datetime) -> None:
    """Note that a delivery is about to be sent."""
    row = {"delivery_id": id_, "begun_at": now, "channel_id": None, "message": None}
    tx.insert_new(slack_sent, [row])


def sent(tx: Tx, delivery_id: str, channel_id: str, message: str) -> None:
    """Note where a delivery stands."""
    query = update(slack_sent).where(slack_sent.c.delivery_id == delivery_id)
    tx.execute(query.values(channel_id=channel_id, message=message))


def not_sent(tx: Tx, ids: Iterable[str]) -> None:
    """Note that Slack has refused these, so that they certainly stand nowhere."""
    tx.execute(delete(slack_sent).where(slack_sent.c.delivery_id.in_(list(ids))))


def put_ticket(tx: Tx, id_: str, until: datetime) -> None:
    """Keep a ticket that may be used once until then."""
    tx.execute(delete(slack_ticket).where(slack_ticket.c.id == id_))
    tx.execute(insert(slack_ticket).values(id=id_, until=until))


def take_turn(tx: Tx, id_: str, now: datetime, until: datetime) -> bool:
    """Take a turn that nobody else gets before ``until``; ``False`` while somebody has it."""
    before = slack_ticket.c.id == id_, slack_ticket.c.until <= now
    tx.execute(delete(slack_ticket).where(*before))
    return bool(tx.insert_new(slack_ticket, [{"id": id_, "until": until}]))


def use_ticket(tx: Tx, id_: str, now: datetime) -> bool:
    """Use a ticket up; ``False`` when there is none or its time is over. Old ones go."""
    tx.execute(delete(slack_ticket).where(slack_ticket.c.until < now))
    return bool(tx.execute(delete(slack_ticket).where(slack_ticket.c.id == id_)).rowcount)


@dataclass(frozen=True)
class Install:
    """An install of the app, its tokens sealed; ``id`` is ``team:ID`` or ``enterprise:ID``."""

    id: str
    sealed: bytes
    version: int = 1


def install(tx: Tx, id_: str) -> Install | None:
    """Return an install."""
    row = tx.first(select(slack_install).where(slack_install.c.id == id_))
    return Install(row.id, row.sealed, row.version) if row else None


def installs(tx: Tx) -> tuple[str, ...]:
    """Return the ids of all installs."""
    return tuple(row.id for row in tx.rows(select(slack_install.c.id).order_by("id")))


def put_install(tx: Tx, id_: str, sealed: bytes) -> None:
    """Keep an install, new or in place of what was there."""
    before = install(tx, id_)
    drop_install(tx, id_)
    kind, _, place = id_.partition(":")
    tx.execute(
        insert(slack_install).values(
            id=id_,
            team_id=place if kind == "team" else None,
            enterprise_id=place if kind == "enterprise" else None,
            sealed=sealed,
            version=before.version + 1 if before else 1,
        )
    )


def renew_install(tx: Tx, one: Install, sealed: bytes) -> bool:
    """Keep new tokens, unless somebody else has renewed them since ``one`` was read."""
    query = update(slack_install).where(
        slack_install.c.id == one.id, slack_install.c.version == one.version
    )
    return bool(tx.execute(query.values(sealed=sealed, version=one.version + 1)).rowcount)


def drop_install(tx: Tx, id_: str) -> bool:
    """Erase an install with its tokens; tell whether there was one."""
    return bool(tx.execute(delete(slack_install).where(slack_install.c.id == id_)).rowcount)


def _mine(team: str, user: str) -> Any:
    return delete(slack_person).where(
        slack_person.c.team_id == team, slack_person.c.user_id == user
    )


def _member(row: Row[Any]) -> Member:
    return Member(row.team_id, row.user_id, row.person_id, row.locale, row.zone, row.follows)


def _bound(row: Row[Any]) -> Bound:
    return Bound(
        row.id,
        row.team_id,
        row.channel_id,
        row.conversation,
        row.name,
        row.private,
        row.held,
        row.filled,
    )
