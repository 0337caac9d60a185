"""``slack``: what an operator does about Slack."""

import json
from pathlib import Path

import click

from bot import settings as reading
from bot.content.loader import load, shipped_folder
from bot.platforms.slack.sealing import add_key


@click.group()
def slack() -> None:
    """Set Slack up: the app's manifest, and keys for many workspaces."""


@slack.command()
@click.option("--mode", type=click.Choice(["socket", "http"]), help="Default: slack_mode.")
@click.option("--url", help="Where Slack finds the bot over HTTP. Default: public_url.")
@click.option("--many", is_flag=True, help="For an app that is installed in many workspaces.")
def manifest(mode: str | None, url: str | None, many: bool) -> None:
    """Print the app's manifest, to be pasted at api.slack.com/apps."""
    from bot.platforms.slack.manifest import manifest as drawn

    settings = reading.read()
    chosen = mode or ("http" if settings.slack_mode == "http" else "socket")
    at = (url or settings.public_url or "").rstrip("/")
    if (chosen == "http" or many) and not at.startswith("https://"):
        raise click.UsageError("over HTTP Slack needs an address that begins with https:// (--url)")
    words = load(shipped_folder(), *settings.content).words(settings.language)
    found = drawn(words, "http" if chosen == "http" else "socket", at, many=many)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@slack.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def key(file: Path) -> None:
    """Put a new key into FILE, for slack_token_keys; older ones still open what they sealed."""
    add_key(file)
    click.echo(f"{file}: a new key stands first. Keep the file out of backups of the database.")


COMMANDS = (slack,)
