"""Everything an operator can set, where it is read from, and what does not go together."""

import os
from datetime import time
from pathlib import Path
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from bot.domain.languages import Language
from bot.domain.people import NodeRules
from bot.domain.retention import Retention
from bot.settings import values

PREFIX = "TRIVSELSBOT_"
LEAST_KEPT = 30
"""Days; what is forgotten at all is kept for so long at least."""
_BUT = {False: "", True: " and an app for many workspaces"}


class SettingsFaults(Exception):  # noqa: N818 - plural: every fault at once
    """The settings cannot be used; ``faults`` are lines of "setting: what is wrong"."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Settings(BaseSettings):
    """Everything an operator can set. Each field is described in ``docs/operator.md``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", hide_input_in_errors=True
    )

    data: Path = Path("data")
    keys: Path | None = None
    content: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(values.listed)] = ()

    organisation: str = "Organisationen"
    language: Language = "da"
    zone: Annotated[str, AfterValidator(values.zone)] = "Europe/Copenhagen"
    country: Annotated[str, AfterValidator(values.country)] = "DK"
    day_starts: time = time(8)
    day_ends: time = time(16)
    threshold: Annotated[Literal[5, 8], BeforeValidator(values.number)] = 5
    comment_answers: Annotated[int, Field(ge=5, le=10)] = 10
    lead_days: Annotated[int, Field(ge=0, le=5)] = 1
    reminders: Annotated[Literal[0, 1], BeforeValidator(values.number)] = 1
    members_start: bool = False

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8710
    sign_in: Literal["local", "header", "link", "none"] = "local"
    sign_in_header: str = "X-Forwarded-Email"
    sign_in_secret: SecretStr | None = None
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(values.listed)] = ()

    slack_mode: Literal["off", "socket", "http"] = "off"
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_token_keys: Path | None = None
    slack_workspaces: Annotated[
        tuple[str, ...], NoDecode, BeforeValidator(values.listed), AfterValidator(values.workspaces)
    ] = ()
    slack_rosters: Literal["channel", "file"] = "channel"
    slack_api: Annotated[str, AfterValidator(values.api_address)] = "https://slack.com/api/"
    public_url: Annotated[str | None, AfterValidator(values.web_address)] = None

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    backup_days: Annotated[int, Field(ge=1, le=365)] = 30
    figures_days: Annotated[int, Field(ge=0, le=36500)] = 1826
    comments_days: Annotated[int, Field(ge=0, le=36500)] = 365
    messages_days: Annotated[int, Field(ge=0, le=36500)] = 365
    outbox_days: Annotated[int, Field(ge=0, le=36500)] = 90

    @model_validator(mode="after")
    def _together(self) -> "Settings":
        faults = []
        if self.day_starts >= self.day_ends:
            faults.append("day_starts: must be earlier than day_ends")
        if self.comment_answers < self.threshold:
            faults.append("comment_answers: must not be under threshold")
        faults += self._sign_in_faults()
        faults += self._kept_too_short()
        faults += self._slack_faults()
        if self.figures_days and not 0 < self.comments_days <= self.figures_days:
            faults.append("comments_days: must not be longer than figures_days")
        if faults:
            raise SettingsFaults(tuple(faults))
        return self

    def _sign_in_faults(self) -> list[str]:
        """Return what is wrong with how people sign in; with Slack they do not unless it is said.

        Whoever reaches the address of Slack's requests would otherwise choose who he is.
        """
        in_slack = self.slack_mode != "off"
        if in_slack and "sign_in" not in self.model_fields_set:
            self.sign_in = "none"
        faults = []
        if self.sign_in == "local" and in_slack:
            faults.append(
                "sign_in: 'local' lets anybody be anybody, and does not go with Slack; leave it "
                "out (there are no pages then), or set it to 'link' or 'header'"
            )
        elif self.sign_in == "local" and self.host not in values.LOOPBACK:
            faults.append(
                "sign_in: 'local' lets anybody be anybody, so the bot then only listens on "
                "127.0.0.1; to listen elsewhere set sign_in to 'header' behind a sign-in proxy"
            )
        if self.sign_in == "header" and not self.sign_in_secret:
            faults.append("sign_in_secret: needed with sign_in 'header' (at least 16 characters)")
        if self.sign_in == "link" and not (self.public_url and in_slack):
            faults.append("sign_in: 'link' needs public_url, and Slack to give the links")
        if self.sign_in == "none" and not in_slack:
            faults.append("sign_in: 'none' is for Slack; without it nobody would reach the bot")
        if self.sign_in_secret and len(self.sign_in_secret.get_secret_value()) < 16:
            faults.append("sign_in_secret: at least 16 characters")
        return faults

    def _slack_faults(self) -> list[str]:
        """Return what Slack lacks to run as wished; a secret is never repeated."""
        if self.slack_mode == "off":
            return []
        faults = []
        many = bool(self.slack_client_id or self.slack_client_secret)
        needed = {
            "slack_app_token": self.slack_mode == "socket",
            "slack_signing_secret": self.slack_mode == "http",
            "slack_bot_token": not many,
            "slack_client_id": many,
            "slack_client_secret": many,
            "slack_token_keys": many,
            "slack_workspaces": many,
            "public_url": many,
        }
        for name, is_needed in needed.items():
            if is_needed and not getattr(self, name):
                faults.append(f"{name}: needed with slack_mode '{self.slack_mode}'{_BUT[many]}")
        for name, start in (("slack_bot_token", "xoxb-"), ("slack_app_token", "xapp-")):
            token = getattr(self, name)
            if token and not token.get_secret_value().startswith(start):
                faults.append(f"{name}: begins with {start}, no quotes or spaces around it")
        if self.slack_workspaces and not many:
            faults.append("slack_workspaces: is for an app with slack_client_id")
        keys = self.slack_token_keys
        if keys and keys.resolve().is_relative_to(self.data.resolve()):
            faults.append("slack_token_keys: must not lie in data, where the tokens are")
        return faults

    def _kept_too_short(self) -> list[str]:
        """What is kept for a few days only would be gone before everybody is back from leave."""
        names = ("figures_days", "comments_days", "messages_days", "outbox_days")
        short = [name for name in names if 0 < getattr(self, name) < LEAST_KEPT]
        return [f"{name}: at least {LEAST_KEPT}, or 0 to keep for good" for name in short]

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - a .env file is not read
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - nor a secrets folder
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read, strongest first: arguments, environment, the settings file."""
        file = TomlConfigSettingsSource(settings_cls, settings_file())
        return init_settings, env_settings, file

    @property
    def own_name(self) -> str:
        """The organisation's name where it is set; empty where the tree's top has it."""
        return self.organisation if "organisation" in self.model_fields_set else ""

    @property
    def database(self) -> Path:
        """The database file."""
        return self.data / "trivselsbot.db"

    @property
    def key_folder(self) -> Path:
        """Where round keys live; never part of a backup."""
        return self.keys or self.data / "keys"

    @property
    def retention(self) -> Retention:
        """How long what is over is kept."""
        return Retention(
            figures=self.figures_days,
            comments=self.comments_days,
            messages=self.messages_days,
            outbox=self.outbox_days,
        )

    @property
    def rules(self) -> NodeRules:
        """The rules a node has when neither it nor a node above says otherwise."""
        return NodeRules(
            language=self.language,
            zone=self.zone,
            country=self.country,
            working_days=frozenset(range(5)),
            day_starts=self.day_starts.strftime("%H:%M"),
            day_ends=self.day_ends.strftime("%H:%M"),
            threshold=self.threshold,
            comment_answers=self.comment_answers,
            lead_days=self.lead_days,
            reminders=self.reminders,
            members_start=self.members_start,
        )


def settings_file() -> Path:
    """Return the settings file's path; it need not exist unless it was named."""
    return Path(os.environ.get(PREFIX + "SETTINGS", "trivselsbot.toml"))
