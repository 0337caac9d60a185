"""Who people are in Slack: their accounts there, and what their profiles said last."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from bot.domain.people import PersonId
from bot.storage.store import Tx
from bot.storage.tables import slack_person

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


def _mine(team: str, user: str) -> Any:
    return delete(slack_person).where(
        slack_person.c.team_id == team, slack_person.c.user_id == user
    )


def _member(row: Row[Any]) -> Member:
    return Member(row.team_id, row.user_id, row.person_id, row.locale, row.zone, row.follows)
