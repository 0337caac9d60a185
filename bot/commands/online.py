"""What ``check --online`` tries, by the settings: one's own workspace, or those of an install."""

import click

from bot.settings import Settings
from bot.storage import slack_channels, slack_installs
from bot.storage.slack_channels import Bound
from bot.storage.slack_installs import Install
from bot.storage.store import Store, Tx


async def tried(settings: Settings) -> bool:
    """Try Slack, and tell what is wrong there; ``True`` where nothing is.

    Raises ``TokenKeysUnusable``.
    """
    if settings.slack_mode == "off":
        click.echo("Slack is off: nothing to try. slack_mode turns it on: socket or http.")
        return True
    from bot.platforms.slack.online import reachable

    found = await _many(settings) if settings.slack_client_id else await _own(settings)
    if settings.slack_mode == "http" and settings.public_url:
        found += await reachable(settings.public_url)
    elif settings.slack_mode == "http":
        click.echo("Slack: without public_url it is not tried whether Slack's requests come in.")
    for line in found:
        click.echo(line)
    if not found:
        click.echo("Slack: nothing is wrong with what was tried.")
        if settings.slack_mode == "socket":
            click.echo("Whether it is connected says the running bot: /health, or its log.")
    return not found


async def _own(settings: Settings) -> tuple[str, ...]:
    from bot.platforms.slack.online import faults, whose

    assert settings.slack_bot_token is not None
    token, app = settings.slack_bot_token.get_secret_value(), settings.slack_app_token
    bound, _ = await _kept(settings)
    found = await faults(
        token,
        app.get_secret_value() if app and settings.slack_mode == "socket" else None,
        bound,
        settings.slack_api,
    )
    if not found:
        channels = ", ".join(f"#{one.name}" for one in bound) or "none yet"
        who = await whose(settings.slack_api, token)
        click.echo(f"Slack: {who or 'the bot'}; channels: {channels}.")
    return found


async def _many(settings: Settings) -> tuple[str, ...]:
    from bot.platforms.slack.online_installs import faults
    from bot.platforms.slack.sealing import read_keys

    assert settings.slack_token_keys is not None
    keys = read_keys(settings.slack_token_keys)
    bound, installs = await _kept(settings)
    if not installs:
        click.echo(f"Slack: installed nowhere yet; begin at {settings.public_url}/slack/install")
        return ()
    found = await faults(installs, keys, settings.slack_workspaces, bound, settings.slack_api)
    if not found:
        click.echo(f"Slack: installed in {', '.join(_places(installs))}.")
    return found


def _places(installs: tuple[Install, ...]) -> list[str]:
    """Return the ids of workspaces and organisations."""
    return sorted(one.id.partition(":")[2] for one in installs)


async def _kept(settings: Settings) -> tuple[tuple[Bound, ...], tuple[Install, ...]]:
    """Return the channels and installs of the database, where there is one."""
    if not settings.database.is_file():
        return (), ()

    def read(tx: Tx) -> tuple[tuple[Bound, ...], tuple[Install, ...]]:
        rows = (slack_installs.install(tx, id_) for id_ in slack_installs.installs(tx))
        return slack_channels.all_bound(tx), tuple(row for row in rows if row is not None)

    async with Store.open(settings.database) as store:
        return await store.read(read)
