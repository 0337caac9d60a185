"""``backup`` and ``restore``: the database copied while it is in use, and put back in its place.

The keys of open rounds are never part of a backup: a closed round cannot be opened again from one.
"""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot import settings as reading
from bot.app import KEY_FOLDER
from bot.commands.opened import NotReady, Offline
from bot.domain.rounds import Round, RoundState
from bot.flows.rounds import closing
from bot.privacy.keys import KeyStore, KeyStoreUnusable
from bot.storage import backup as copies
from bot.storage import meta, migrate, people, rounds
from bot.storage.store import Store, Tx
from bot.storage.trouble import Code, StorageUnusable

_STAMP = "%Y%m%d-%H%M%S"
_DATED = re.compile(r"trivselsbot-(\d{8}-\d{6})\.db")
"""Names that ``backup FOLDER`` gives; only such files are ever removed again."""


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Write over TARGET if it is a file that is there.")
def backup(target: Path, replace: bool) -> None:
    """Copy the database, also while the bot runs, to the file TARGET.

    If TARGET is a folder, the copy gets the time as its name, and copies made so that are older
    than the setting backup_days are removed.
    """
    settings = reading.read(Offline)
    if _inside(target, settings.key_folder):
        raise click.BadParameter("is in the key folder, which is never backed up.")
    if not settings.database.exists():
        raise NotReady(f"There is no database at {settings.database}: nothing to back up.")
    now = datetime.now(UTC)
    file = target / f"trivselsbot-{now.strftime(_STAMP)}.db" if target.is_dir() else target
    with click.progressbar(length=1, label="Copying") as bar:

        def progress(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        copies.back_up(settings.database, file, replace=replace, progress=progress)
    click.echo(f"Copied to {file} and checked. It holds names and results: keep it safe.")
    click.echo("The keys of open rounds are not in it, and must never be copied anywhere.")
    if target.is_dir():
        for old in _outdated(target, now - timedelta(days=settings.backup_days)):
            old.unlink()
            click.echo(f"Removed {old}: older than {settings.backup_days} days.")


def _inside(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _outdated(folder: Path, before: datetime) -> list[Path]:
    found = []
    for file in sorted(folder.iterdir()):
        name = _DATED.fullmatch(file.name)
        if name and datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC) < before:
            found.append(file)
    return found


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
def restore(file: Path, yes: bool) -> None:
    """Put the backup FILE in the database's place. The bot must not run.

    What is in the database now is copied beside it first. Rounds that were closed after the backup
    was made are not opened again.
    """
    settings = reading.read(Offline)
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    keys = KeyStore(settings.key_folder)
    keys.check()
    copies.verify(file)
    migrate.require(file)
    copies.require_alone(settings.database)
    if not yes:
        click.confirm(f"Replace {settings.database} by {file}?", abort=True)
    saved = _set_aside(settings.database)
    if saved:
        click.echo(f"What was there is in {saved}. Delete it when you are sure.")
    copies.put_in_place(file, settings.database)
    migrate.upgrade(settings.database)
    with Store.open(settings.database) as store:
        _put_right(store, keys)
        number = len(store.read_now(people.everybody))
        store.checkpoint_now()
    click.echo(f"Restored {settings.database}: {number} people. Start the bot.")


def _set_aside(database: Path) -> Path | None:
    """Copy what is there now, also when it is damaged; return the copy."""
    if not database.exists():
        return None
    stamp = datetime.now(UTC).strftime(_STAMP)
    saved = database.with_name(f"{database.name}.before-restore-{stamp}")
    try:
        copies.back_up(database, saved)
    except StorageUnusable as trouble:
        if trouble.code not in (Code.DAMAGED, Code.BACKUP_UNUSABLE):
            raise
        copies.copy_durably(database, saved)
    return saved


def _put_right(store: Store, keys: KeyStore) -> None:
    """Drop every round that has been closed since; tell what becomes of the others."""
    unfinished = store.read_now(rounds.taking_answers)
    over = [one for one in unfinished if keys.tombstoned(one.id)]

    def drop(tx: Tx) -> None:
        for one in over:
            closing.drop_restored(tx, one)

    if over:
        store.write_now(drop)
    for one in over:
        click.echo(f"{_named(one)}: was closed after this backup, and stays closed.")
    for one in unfinished:
        if one not in over:
            click.echo(f"{_named(one)}: {_fate(one, keys)}")
    _tell_about_folder(store, keys)


def _fate(one: Round, keys: KeyStore) -> str:
    if one.id not in keys.rounds():
        return "its key is gone; everybody is told and asked again when the bot has started."
    if one.state is RoundState.CLOSING:
        return "will be counted when the bot has started."
    return "goes on; answers given after the backup was made are lost."


def _tell_about_folder(store: Store, keys: KeyStore) -> None:
    """Say so if the bot would refuse to start with this key folder."""
    name = store.read_now(lambda tx: meta.get(tx, KEY_FOLDER))
    if name is None or not store.read_now(rounds.taking_answers):
        return
    try:
        keys.belong(str(name), fresh=False)
    except KeyStoreUnusable as other:
        click.echo(str(other), err=True)


def _named(one: Round) -> str:
    places = ", ".join(one.nodes[node][0] for node in one.scope if node in one.nodes)
    return f"Round {one.instrument} of {one.local_date} ({places})"


COMMANDS = (backup, restore)
