"""``privacy-audit``: what can be found in a database by whoever has copied it."""

import json
import sys
from pathlib import Path

import click

from bot import settings as reading
from bot.commands.opened import Offline
from bot.storage.audit import audit

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("privacy-audit")
@click.option("--database", type=_FILE, help="A database or backup; without it, the bot's own.")
@click.option("--keys", type=_FOLDER, help="The key folder that belongs to it.")
@click.option("--log", "logs", type=_FILE, multiple=True, help="A log file to look through too.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON.")
def privacy_audit(
    database: Path | None, keys: Path | None, logs: tuple[Path, ...], as_json: bool
) -> None:
    """Show what can be linked in the database and key folder: nothing, or exactly what."""
    settings = reading.read(Offline)
    if database is None:
        database, keys = settings.database, keys or settings.key_folder
    report = audit(database, keys, logs)
    if as_json:
        click.echo(json.dumps(report.as_plain(), indent=2))
    else:
        for finding in report.findings:
            click.echo(str(finding))
        for note in report.notes:
            click.echo(f"Note: {note}.")
        seen = ", ".join(f"{number} {what}" for what, number in report.looked_at.items())
        verdict = f"{len(report.findings)} things" if report.findings else "Nothing"
        click.echo(f"{verdict} can be linked ({seen}).")
    sys.exit(0 if report.clean else 1)


COMMANDS = (privacy_audit,)
