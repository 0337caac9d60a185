"""``slack``: what an operator does about Slack."""

import json
from pathlib import Path

import click

from bot import settings as reading
from bot.commands.opened import Offline
from bot.content.loader import load, shipped_folder
from bot.platforms.slack.sealing import NoKeyAdded, add_key
from bot.settings import values


@click.group()
def slack() -> None:
    """Set Slack up: the app's manifest, and keys for many workspaces."""


@slack.command()
@click.option(
    "--mode",
    type=click.Choice(["socket", "http"]),
    help="Default: http with --url or --many, else slack_mode, else socket.",
)
@click.option("--url", help="Where Slack finds the bot over HTTP. Default: public_url.")
@click.option("--many", is_flag=True, help="For an app that is installed in many workspaces.")
def manifest(mode: str | None, url: str | None, many: bool) -> None:
    """Print the app's manifest, to be pasted at api.slack.com/apps."""
    from bot.platforms.slack.manifest import manifest as drawn

    settings = reading.read(Offline)
    http = many or bool(url) or settings.slack_mode == "http" if mode is None else mode == "http"
    if many and not http:
        raise click.UsageError("an app for many workspaces needs --mode http")
    if url and not http:
        raise click.UsageError("--url is for --mode http: in Socket Mode Slack needs no address")
    at = _address(url or settings.public_url) if http else ""
    words = load(shipped_folder(), *settings.content).words(settings.language)
    found = drawn(words, "http" if http else "socket", at, many=many)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _address(given: str | None) -> str:
    """Return where Slack finds the bot, without a slash at the end."""
    from bot.platforms.slack.edge import EVENTS

    try:
        at = values.web_address(given) or ""
    except ValueError as wrong:
        raise click.BadParameter(str(wrong), param_hint="--url") from None
    if not at.startswith("https://"):
        raise click.UsageError("over HTTP Slack needs an address that begins with https:// (--url)")
    if at.endswith(EVENTS):
        raise click.BadParameter(f"leave {EVENTS} out; the manifest adds it", param_hint="--url")
    return at


@slack.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def key(file: Path) -> None:
    """Put a new key into FILE, for slack_token_keys; older ones still open what they sealed."""
    try:
        number = add_key(file)
    except NoKeyAdded as refused:
        raise click.BadParameter(f"{file}: {refused}", param_hint="FILE") from None
    older = "" if number == 1 else f" of {number}; the others still open what they sealed"
    click.echo(f"{file}: a new key stands first{older}.")
    click.echo("Keep it out of backups of the database, and restart the bot if it runs.")


COMMANDS = (slack,)
