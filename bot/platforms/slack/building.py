"""Builds the adapter from the settings; the only place here that reads them."""

from urllib.parse import urljoin

from pydantic import SecretStr

from bot.flows.env import Env
from bot.platforms.port import Platform
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.consent import AUTHORIZE, Consent
from bot.platforms.slack.front import Front
from bot.platforms.slack.installs import Installs
from bot.platforms.slack.links import Links
from bot.platforms.slack.pictures import Draw
from bot.platforms.slack.sealing import read_keys
from bot.platforms.slack.workspaces import OwnWorkspace
from bot.settings import Settings
from bot.storage.store import Store


def from_settings(
    settings: Settings, env: Env, store: Store, front: Front, inner: Platform, draw: Draw,
    links_key: bytes,
) -> Slack:  # fmt: skip
    """Return the adapter as the settings want it. Raises ``TokenKeysUnusable``."""
    socket, api = settings.slack_mode == "socket", settings.slack_api
    options = Options(
        app_token=_told(settings.slack_app_token) if socket else None,
        signing_secret=_told(settings.slack_signing_secret),
        channel_rosters=settings.slack_rosters == "channel",
        language=settings.language,
        api=api,
    )
    links = None
    if settings.public_url and settings.sign_in == "link":
        links = Links(store, env.clock, env.chance, links_key, settings.public_url)
    if settings.slack_client_id and settings.slack_token_keys and settings.public_url:
        secret = _told(settings.slack_client_secret) or ""
        keys = read_keys(settings.slack_token_keys)
        installs = Installs(
            store, env.clock, keys, api, settings.slack_client_id, secret,
            settings.slack_workspaces,
        )  # fmt: skip
        words = env.pack.words(settings.language)
        consent = Consent(
            store, env.clock, env.chance, installs, words, api,
            settings.public_url, settings.slack_client_id, secret, urljoin(api, AUTHORIZE),
        )  # fmt: skip
        return Slack(
            store, env, front, installs, inner, draw, options, links=links, consent=consent
        )
    own = OwnWorkspace(api, _told(settings.slack_bot_token) or "")
    return Slack(store, env, front, own, inner, draw, options, links=links)


def _told(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret else None
