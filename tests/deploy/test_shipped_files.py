"""What is shipped to run the bot with lets Slack in, and nobody else past the sign-in."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.routing import Route
from town import shipped

from bot.app import started, web
from bot.platforms.slack.consent import BACK, BEGIN
from bot.platforms.slack.edge import BODY_LIMIT, EVENTS
from bot.platforms.slack.links import PATH
from bot.platforms.slack.sealing import add_key
from bot.platforms.web.session import Sessions
from bot.settings import Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
SLACK = (EVENTS, BEGIN, BACK, PATH.format(token="x"))


@dataclass(frozen=True)
class Location:
    """A location of the proxy, with its directives; ``header`` for lines so marked."""

    path: str
    exact: bool
    lines: tuple[str, ...]

    def says(self, start: str) -> list[str]:
        return [line for line in self.lines if line.startswith(start)]

    def takes(self, path: str) -> bool:
        return path == self.path if self.exact else path.startswith(self.path)


def locations(text: str = NGINX) -> list[Location]:
    bare = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
    found = re.findall(r"location (= )?(\S+) \{(.*?)\n    \}", bare, re.DOTALL)
    return [
        Location(path, bool(exact), tuple(line.strip() for line in body.strip().splitlines()))
        for exact, path, body in found
    ]


def location_of(path: str) -> Location:
    """Return the location nginx chooses: the exact one, else the longest beginning."""
    taking = [one for one in locations() if one.takes(path)]
    return max(taking, key=lambda one: (one.exact, len(one.path)))


async def slack_routes(folder: Path) -> set[str]:
    """Return every address the bot has because of Slack, however it is set up."""
    add_key(folder / "slack.keys")
    settings = Settings(
        data=folder / "data", slack_mode="http", slack_signing_secret="s", sign_in="link",
        slack_client_id="1.2", slack_client_secret="s", slack_token_keys=folder / "slack.keys",
        slack_workspaces=("T0NORDBY",), public_url="https://trivsel.example.org",
    )  # fmt: skip
    async with started(settings, pack=shipped()) as bot:
        assert bot.slack is not None
        beside = {one.path for one in bot.slack.routes() if isinstance(one, Route)}
        (chat,) = web(bot, Sessions(b"k" * 32)).routes[len(beside) :]
        within = {one.path for one in chat.routes or () if isinstance(one, Route)}
    return beside | {path for path in within if path.startswith("/open/")}


async def test_the_proxys_test_knows_every_address_of_slacks(tmp_path: Path) -> None:
    assert await slack_routes(tmp_path) == {EVENTS, BEGIN, BACK, PATH}


@pytest.mark.parametrize("path", SLACK)
def test_slack_gets_to_the_bot_without_signing_in_and_without_a_trace(path: str) -> None:
    found = location_of(path)
    assert found.path != "/"
    assert not found.says("auth_request")
    assert found.says("proxy_pass http://127.0.0.1:8710;")
    assert found.says("access_log off;")
    assert found.says("proxy_set_header Host $host;")


@pytest.mark.parametrize("path", SLACK)
def test_nobody_who_comes_as_slack_is_taken_for_somebody_signed_in(path: str) -> None:
    found = location_of(path)
    assert found.says('proxy_set_header X-Forwarded-Email "";')
    assert found.says('proxy_set_header X-Trivselsbot-Secret "";')


def test_the_proxy_takes_whatever_the_bot_takes_from_slack() -> None:
    (line,) = location_of(EVENTS).says("client_max_body_size")
    assert int(line.split()[1].removesuffix("m;")) * 1024 * 1024 >= BODY_LIMIT


@pytest.mark.parametrize("path", ["/", "/me", "/results/x", "/slackish", "/opened", "/health"])
def test_everything_else_is_behind_the_sign_in(path: str) -> None:
    assert location_of(path).says("auth_request /oauth2/auth;")


def test_what_link_takes_out_of_the_pages_is_all_there_is_of_the_sign_in() -> None:
    left = [line for line in location_of("/").lines if not line.endswith("# header")]
    assert not [line for line in left if "auth" in line or "Email" in line or "Secret" in line]


def settings_in_comments(text: str) -> list[str]:
    return re.findall(r"^# (\w+) = ", text, re.MULTILINE)


def test_settings_in_comments_are_settings_and_can_be_taken_in() -> None:
    text = (DEPLOY / "trivselsbot.toml").read_text()
    named = settings_in_comments(text)
    assert "slack_mode" in named
    assert set(named) <= set(Settings.model_fields)
    for line in re.findall(r"^# (\w+ = .+)$", text, re.MULTILINE):
        (name,) = tomllib.loads(line)
        assert name in Settings.model_fields


def test_the_container_and_the_unit_say_where_slacks_tokens_go() -> None:
    for file in ("compose.yaml", "trivselsbot.service"):
        named = re.findall(r"TRIVSELSBOT_(\w+)", (DEPLOY / file).read_text())
        assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"} <= set(named)
        assert {name.lower() for name in named} <= {*Settings.model_fields, "settings"}
