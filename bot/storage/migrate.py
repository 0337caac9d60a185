"""Brings a database to the schema of the code in one transaction, or refuses and changes nothing.

The steps lie in ``migrations/versions``, numbered, and are run by Alembic; there is no way down but
the backup that is made before each way up. What the tables are is told in ``tables``.
"""

import io
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.exc import DBAPIError

from bot.storage import backup, changes, engine
from bot.storage.tables import metadata as tables
from bot.storage.trouble import Code, StorageTrouble, StorageUnusable

HOME = Path(__file__).parent / "migrations"
STEPS = HOME / "versions"

_TIDY = {
    "hooks": "format, check",
    "check.type": "module",
    "check.module": "ruff",
    "check.options": "check --quiet --fix --exit-zero REVISION_SCRIPT_FILENAME",
    "format.type": "module",
    "format.module": "ruff",
    "format.options": "format --quiet REVISION_SCRIPT_FILENAME",
}
"""What Alembic has done to a step it has written."""


def upgrade(database: str | Path, *, steps: Path = STEPS) -> Path | None:
    """Bring the database to the newest schema, creating it where there is none.

    Before an older one is changed it is copied to ``NAME.before-REVISION`` beside it; return that
    file, or ``None`` if none was needed. Two processes may do this at once: one waits for the
    other. Raise ``StorageUnusable`` for a database that is newer than the code, that is somebody
    else's, or that cannot be migrated; it is then as it was.
    """
    path = engine.locate(str(database))
    engine.prepare_file(path)
    migrating = engine.migration_engine(path)
    try:
        with migrating.begin() as connection:
            saved = _upgrade(connection, path, steps)
            changes.watch(connection)
            return saved
    except StorageTrouble:
        raise
    except Exception as error:
        if engine.code_of(error) is not None:
            raise engine.unusable(path, error) from None
        raise StorageUnusable(Code.MIGRATION_FAILED, f"{path}: {type(error).__name__}") from error
    finally:
        migrating.dispose()


def current(database: str | Path) -> str | None:
    """Return the revision the database has; ``None`` for a new, empty one or no file at all."""
    path = engine.locate(str(database))
    if not path.exists():
        return None
    looking = engine.look_engine(path)
    try:
        with looking.begin() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except DBAPIError as error:
        raise engine.unusable(path, error) from None
    finally:
        looking.dispose()


def require(database: Path, *, steps: Path = STEPS) -> str:
    """Return the revision of a file that this version can use or bring up to date.

    Raise ``StorageUnusable`` for one that is newer than the code or none of the bot's.
    """
    here = current(database)
    if here is None:
        raise StorageUnusable(Code.FOREIGN, f"{database} has none of the bot's tables")
    _refuse_newer(here, database, steps)
    return here


def newest(steps: Path = STEPS) -> str | None:
    """Return the revision the code expects."""
    return ScriptDirectory.from_config(_config(steps)).get_current_head()


def autogenerate(
    message: str, *, replace: str | None = None, steps: Path = STEPS, metadata: MetaData = tables
) -> Path:
    """Write the step that leads from the last one to ``metadata``; return its file. For developers.

    ``replace`` names the last revision, if it has never left this machine and is to be written
    anew. Read what was written: Alembic sees a renamed column as one dropped and one added.
    """
    if replace is not None:
        for file in steps.glob(f"{replace}_*.py"):
            file.unlink()
    number = replace or f"{int(newest(steps) or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        upgrade(path, steps=steps)
        migrating = engine.migration_engine(path)
        try:
            with migrating.begin() as connection:
                config = _config(steps, connection, metadata)
                for name, value in _TIDY.items():
                    config.set_section_option("post_write_hooks", name, value)
                command.revision(config, message, autogenerate=True, rev_id=number)
        finally:
            migrating.dispose()
    (written,) = steps.glob(f"{number}_*.py")
    kept = (line for line in written.read_text().splitlines(True) if "    # ### " not in line)
    written.write_text("".join(kept).rstrip() + "\n")
    return written


def _upgrade(connection: Connection, path: Path, steps: Path) -> Path | None:
    """Decide and act under the write lock, so that a second process finds the work done."""
    head = newest(steps)
    here = MigrationContext.configure(connection).get_current_revision()
    if here == head:
        return None
    saved = None
    if here is not None:
        _refuse_newer(here, path, steps)
        saved = path.with_name(f"{path.name}.before-{head}")
        backup.back_up(path, saved, replace=True)
    elif inspect(connection).get_table_names():
        raise StorageUnusable(Code.FOREIGN, f"{path} has tables, but none of the bot's")
    command.upgrade(_config(steps, connection), "head")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        raise StorageUnusable(Code.MIGRATION_FAILED, f"{path}: rows would refer to missing rows")
    return saved


def _refuse_newer(here: str, path: Path, steps: Path) -> None:
    try:
        ScriptDirectory.from_config(_config(steps)).get_revision(here)
    except CommandError:
        raise StorageUnusable(
            Code.NEWER, f"{path} has schema {here}, this version knows {newest(steps)}"
        ) from None


def _config(
    steps: Path, connection: Connection | None = None, metadata: MetaData = tables
) -> Config:
    config = Config(stdout=io.StringIO())
    options = {
        "script_location": str(HOME),
        "version_locations": str(steps),
        "path_separator": "newline",
        "file_template": "%(rev)s_%(slug)s",
    }
    for name, value in options.items():
        config.set_main_option(name, value.replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config
