"""The app under test as Slack knows it: its credentials, scopes and events, and its installs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self

from double.reference import methods
from double.shapes import Json

SCOPES = frozenset({one for known in methods().values() for one in known.scopes}) | {
    "app_mentions:read",
    "commands",
}
"""Every bot scope the reference names; a test of the manifest gives the manifest's own."""

EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "team_join": ("users:read",),
    "tokens_revoked": (),
    "user_change": ("users:read",),
}
"""Events the double sends, each with the scopes of which an installation needs one."""


@dataclass
class App:
    """The app's registration: what its manifest asks for, and its secrets."""

    id: str = "A0TRIVSEL1"
    client_id: str = "100.200"
    client_secret: str = "client-secret-of-the-double"
    signing_secret: str = "signing-secret-of-the-double"
    verification_token: str = "verification-of-the-double"
    app_token: str = "xapp-1-A0TRIVSEL1-1-double"
    scopes: frozenset[str] = SCOPES
    events: frozenset[str] = frozenset(EVENT_SCOPES)
    redirect_urls: tuple[str, ...] = ()
    """Allowed redirects after an install; empty allows any."""
    distributed: bool = False
    """Whether others install it too, and Slack's Marketplace does not have it."""
    token_rotation: bool = False
    org_deployable: bool = True
    home_tab: bool = True
    messages_tab: bool = True
    interactivity: bool = True
    options_url: bool = True
    """Whether Slack knows where to ask for the options of a search; a socket needs no address."""
    commands: frozenset[str] = frozenset({"/trivsel"})
    shortcuts: frozenset[str] | None = None
    """The callback ids of its shortcuts; None allows any."""

    @classmethod
    def of_manifest(cls, manifest: Json) -> Self:
        """Return the app a manifest describes.

        Raises:
            ValueError: where Slack would not take the manifest: an event or a command without
                the scope it needs. That it fits the published schema is not looked at here.
        """
        features, settings = manifest.get("features", {}), manifest.get("settings", {})
        interactivity = settings.get("interactivity", {})
        oauth, home = manifest.get("oauth_config", {}), features.get("app_home", {})
        scopes = frozenset(oauth.get("scopes", {}).get("bot", ()))
        events = frozenset(settings.get("event_subscriptions", {}).get("bot_events", ()))
        commands = frozenset(one["command"] for one in features.get("slash_commands", ()))
        shortcuts = frozenset(one["callback_id"] for one in features.get("shortcuts", ()))
        bare = sorted(one for one in events if not _allowed(EVENT_SCOPES.get(one, ()), scopes))
        if (commands or shortcuts) and "commands" not in scopes:
            bare.append("slash commands and shortcuts")
        if bare:
            raise ValueError(f"the manifest lacks the scopes for {', '.join(bare)}")
        return cls(
            scopes=scopes,
            events=events,
            redirect_urls=tuple(oauth.get("redirect_urls", ())),
            distributed=bool(oauth.get("redirect_urls")),
            token_rotation=bool(settings.get("token_rotation_enabled")),
            org_deployable=bool(settings.get("org_deploy_enabled")),
            home_tab=bool(home.get("home_tab_enabled")),
            messages_tab=bool(home.get("messages_tab_enabled")),
            interactivity=bool(interactivity.get("is_enabled")),
            options_url=bool(
                settings.get("socket_mode_enabled") or interactivity.get("message_menu_options_url")
            ),
            commands=commands,
            shortcuts=shortcuts,
        )


def _allowed(needed: tuple[str, ...], scopes: frozenset[str]) -> bool:
    return not needed or bool(scopes.intersection(needed))


@dataclass
class Installation:
    """The app in one workspace, or (``team`` empty) in a whole enterprise."""

    bot_token: str
    bot_user: str
    bot_id: str
    scopes: set[str]
    team: str = ""
    enterprise: str = ""
    installer: str = ""
    refresh_token: str = ""
    expires_at: datetime | None = None
    older: dict[str, datetime | None] = field(default_factory=dict)
    """Tokens replaced by rotation, each with its own end."""
    revoked: bool = False
    uninstalled: bool = False
    granted_to: list[str] = field(default_factory=list)
    """The workspaces of an enterprise the app is allowed in."""

    def covers(self, team: str) -> bool:
        """Say whether this installation speaks for ``team``."""
        return team == self.team or team in self.granted_to
