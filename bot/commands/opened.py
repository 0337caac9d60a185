"""Settings, database and key folder for one command: beside a running bot, or without one."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from bot.app import KEY_FOLDER
from bot.content.loader import load, shipped_folder
from bot.domain.chance import SystemChance
from bot.domain.clock import Clock
from bot.flows.env import Env
from bot.privacy.keys import KeyStore
from bot.settings import Settings
from bot.storage import meta, migrate, rounds
from bot.storage.store import Store

_NONE = "There is no database at {}: import people first, or start the bot."


class Offline(Settings):
    """Settings for a command that serves nobody: what only a running bot needs may be missing.

    Secrets stand in the service's own environment, where a backup at night does not see them.
    """

    def _sign_in_faults(self) -> list[str]:
        return []

    def _slack_faults(self) -> list[str]:
        return []


class NotReady(click.ClickException):
    """There is no database yet, or one of an older version; the text says what to do."""

    exit_code = 2


def has_database(settings: Settings) -> bool:
    """Tell whether there is a database of this version. Raises ``NotReady``, ``StorageUnusable``.

    ``False``: there is none yet.
    """
    here = migrate.current(settings.database)
    if here is None:
        return False
    if migrate.require(settings.database) != migrate.newest():
        raise NotReady("The database is of an older version: start the bot once, then try again.")
    return True


@contextmanager
def reading(settings: Settings) -> Iterator[Store]:
    """Open the database to look at it; nothing is created. Raises ``NotReady``."""
    if not has_database(settings):
        raise NotReady(_NONE.format(settings.database))
    with Store.open(settings.database) as store:
        yield store


@contextmanager
def working(settings: Settings, *, create: bool = False) -> Iterator[tuple[Store, Env]]:
    """Open database and key folder to change something in them.

    Raises what a bot's start raises: content, key folder and database must be sound, and the key
    folder must be the database's own as long as rounds are open.
    """
    if not has_database(settings) and not create:
        raise NotReady(_NONE.format(settings.database))
    pack = load(shipped_folder(), *settings.content)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = KeyStore(settings.key_folder)
    keys.check()
    migrate.upgrade(settings.database)
    env = Env(pack, keys, Clock(), SystemChance(), settings.rules, settings.own_name)
    with Store.open(settings.database) as store:
        name = store.read_now(lambda tx: meta.get(tx, KEY_FOLDER))
        if name is not None and store.read_now(rounds.taking_answers):
            keys.belong(str(name), fresh=False)
        yield store, env
