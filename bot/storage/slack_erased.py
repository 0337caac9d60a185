"""Accounts of people who were erased, so that their channel does not bring them back by itself.

A row holds a hash of the account and its workspace: no name, and nothing of who the person was.
"""

import hashlib
import json
from collections.abc import Iterable

from sqlalchemy import delete, select

from bot.domain.people import PersonId
from bot.storage.store import Tx
from bot.storage.tables import slack_erased, slack_person


def remember(tx: Tx, person: PersonId) -> None:
    """Note the accounts of somebody who is being erased, while they are known still."""
    query = select(slack_person.c.team_id, slack_person.c.user_id)
    for row in tx.rows(query.where(slack_person.c.person_id == person)):
        mark = {"team_id": row.team_id, "account": _hash(row.team_id, row.user_id)}
        tx.insert_new(slack_erased, [mark])


def is_erased(tx: Tx, teams: Iterable[str], user: str) -> bool:
    """Tell whether an account, of any of these workspaces, was an erased person's."""
    marks = [_hash(team, user) for team in teams]
    query = select(slack_erased.c.account).where(slack_erased.c.account.in_(marks))
    return tx.first(query) is not None


def forget(tx: Tx, team: str, user: str) -> None:
    """Let somebody in again, who has come back by himself."""
    tx.execute(delete(slack_erased).where(slack_erased.c.account == _hash(team, user)))


def _hash(team: str, user: str) -> str:
    return hashlib.sha256(json.dumps([team, user]).encode()).hexdigest()
