"""Where the app is installed, its tokens sealed, and what goes when it is taken out."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from bot.storage.store import Tx
from bot.storage.tables import (
    slack_channel,
    slack_erased,
    slack_install,
    slack_person,
    slack_picture,
)


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


def teams(tx: Tx) -> tuple[str, ...]:
    """Return the workspaces of which anything is kept: people or channels."""
    query = select(slack_person.c.team_id).union(select(slack_channel.c.team_id))
    return tuple(row.team_id for row in tx.rows(query.order_by("team_id")))


def drop_teams(tx: Tx, gone: Iterable[str]) -> None:
    """Forget everything of workspaces the app was taken out of."""
    ids = list(gone)
    tx.execute(delete(slack_person).where(slack_person.c.team_id.in_(ids)))
    tx.execute(delete(slack_channel).where(slack_channel.c.team_id.in_(ids)))
    tx.execute(delete(slack_picture).where(slack_picture.c.team_id.in_(ids)))
    tx.execute(delete(slack_erased).where(slack_erased.c.team_id.in_(ids)))
