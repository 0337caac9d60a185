"""Settings: the environment over the file over the default; all faults at once; no secret told."""

import os
from datetime import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import settings as reading
from bot.domain.people import NodeRules
from bot.settings import PREFIX, Settings, SettingsFaults

SECRET = "a-very-long-canary-secret"


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def faults(**given: object) -> tuple[str, ...]:
    with pytest.raises(SettingsFaults) as caught:
        reading.read(**given)
    return caught.value.faults


# name: (what the environment says, what the file says, what each is read as)
EVERY: dict[str, tuple[str, str, object, object]] = {
    "data": ("/srv/e", '"/srv/f"', Path("/srv/e"), Path("/srv/f")),
    "keys": ("/keys/e", '"/keys/f"', Path("/keys/e"), Path("/keys/f")),
    "content": ("/c/1, /c/2", '["/c/3"]', (Path("/c/1"), Path("/c/2")), (Path("/c/3"),)),
    "organisation": ("Env", '"File"', "Env", "File"),
    "language": ("sv", '"en"', "sv", "en"),
    "zone": ("Europe/Stockholm", '"Europe/Oslo"', "Europe/Stockholm", "Europe/Oslo"),
    "country": ("SE", '"NO"', "SE", "NO"),
    "day_starts": ("07:30", "06:45:00", time(7, 30), time(6, 45)),
    "day_ends": ("17:00", '"18:00"', time(17), time(18)),
    "threshold": ("8", "8", 8, 8),
    "comment_answers": ("9", "8", 9, 8),
    "lead_days": ("0", "3", 0, 3),
    "reminders": ("0", "1", 0, 1),
    "members_start": ("1", "false", True, False),
    "host": ("::1", '"localhost"', "::1", "localhost"),
    "port": ("9000", "9001", 9000, 9001),
    "sign_in": ("header", '"header"', "header", "header"),
    "sign_in_header": ("X-A", '"X-B"', "X-A", "X-B"),
    "sign_in_secret": (SECRET, f'"{SECRET}-2"', SECRET, f"{SECRET}-2"),
    "hosts": ("a.example,b.example", '["c.example"]', ("a.example", "b.example"), ("c.example",)),
    "slack_mode": ("off", '"off"', "off", "off"),
    "slack_bot_token": ("xoxb-e", '"xoxb-f"', "xoxb-e", "xoxb-f"),
    "slack_app_token": ("xapp-e", '"xapp-f"', "xapp-e", "xapp-f"),
    "slack_signing_secret": ("e", '"f"', "e", "f"),
    "slack_client_id": ("1.2", '"3.4"', "1.2", "3.4"),
    "slack_client_secret": ("e", '"f"', "e", "f"),
    "slack_token_keys": ("/t/e", '"/t/f"', Path("/t/e"), Path("/t/f")),
    "slack_workspaces": ("T1A, E2B", '["T3C"]', ("T1A", "E2B"), ("T3C",)),
    "slack_rosters": ("file", '"channel"', "file", "channel"),
    "slack_api": (
        "http://localhost:1/api",
        '"https://slack-gov.com/api/"',
        "http://localhost:1/api/",
        "https://slack-gov.com/api/",
    ),
    "public_url": (
        "https://e.example/",
        '"https://f.example"',
        "https://e.example",
        "https://f.example",
    ),
    "log_level": ("debug", '"error"', "debug", "error"),
    "figures_days": ("0", "3650", 0, 3650),
    "comments_days": ("30", "90", 30, 90),
    "messages_days": ("0", "100", 0, 100),
    "outbox_days": ("0", "30", 0, 30),
    "backup_days": ("7", "14", 7, 14),
}


def value(settings: Settings, name: str) -> object:
    found = getattr(settings, name)
    return found.get_secret_value() if isinstance(found, SecretStr) else found


def test_every_setting_is_tried_here() -> None:
    assert set(EVERY) == set(Settings.model_fields)


@pytest.mark.parametrize("name", EVERY)
def test_the_environment_wins_over_the_file_and_the_file_over_the_default(
    name: str, empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_environment, in_file, from_environment, from_file = EVERY[name]
    if name == "sign_in":
        monkeypatch.setenv(PREFIX + "SIGN_IN_SECRET", SECRET)
    (empty_folder / "trivselsbot.toml").write_text(f"{name} = {in_file}\n")
    assert value(reading.read(), name) == from_file
    monkeypatch.setenv(PREFIX + name.upper(), in_environment)
    assert value(reading.read(), name) == from_environment


def test_without_any_setting_a_bot_can_start_and_is_strict() -> None:
    found = reading.read()
    assert (found.host, found.sign_in, found.threshold, found.comment_answers) == (
        "127.0.0.1",
        "local",
        5,
        10,
    )
    assert found.database == Path("data/trivselsbot.db")
    assert found.key_folder == Path("data/keys")


def test_the_defaults_fill_every_rule_of_a_node() -> None:
    rules = reading.read().rules
    assert all(getattr(rules, name) is not None for name in NodeRules.__dataclass_fields__)
    assert (rules.day_starts, rules.day_ends) == ("08:00", "16:00")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "KEYS", "")
    monkeypatch.setenv(PREFIX + "HOSTS", "")
    found = reading.read()
    assert found.key_folder == Path("data/keys")
    assert found.hosts == ()


def test_unknown_names_are_faults_wherever_they_stand(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + "PROT", "1")
    (empty_folder / "trivselsbot.toml").write_text("prot = 1\n")
    assert faults() == ("TRIVSELSBOT_PROT: no such setting", "prot: no such setting")


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("language", "no"),
        ("zone", "Mars/Olympus"),
        ("zone", "../etc"),
        ("country", "Danmark"),
        ("day_starts", "early"),
        ("threshold", "4"),
        ("threshold", "6"),
        ("comment_answers", "4"),
        ("comment_answers", "11"),
        ("lead_days", "6"),
        ("reminders", "2"),
        ("port", "70000"),
        ("sign_in", "none"),
        ("sign_in", "slack"),
        ("slack_workspaces", "Nordby"),
        ("log_level", "trace"),
        ("backup_days", "0"),
        ("figures_days", "-1"),
        ("comments_days", "1"),
        ("messages_days", "-1"),
        ("outbox_days", "7"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting(
    name: str, wrong: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), wrong)
    (line,) = faults()
    assert line.startswith(f"{name}: ")
    assert len(line) > len(name) + 12


def test_all_faults_come_at_once_also_those_between_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, wrong in {
        "PORT": "x",
        "COUNTRY": "Sverige",
        "NONSENSE": "1",
        "DAY_STARTS": "17:00",
        "HOST": "0.0.0.0",
    }.items():
        monkeypatch.setenv(PREFIX + name, wrong)
    assert [line.split(":")[0] for line in faults()] == [
        "TRIVSELSBOT_NONSENSE",
        "country",
        "port",
        "day_starts",
        "sign_in",
    ]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"day_starts": "16:00", "day_ends": "08:00"}, "day_starts: must be earlier"),
        ({"threshold": 8, "comment_answers": 7}, "comment_answers: must not be under threshold"),
        ({"host": "0.0.0.0"}, "sign_in: 'local' lets anybody be anybody"),
        ({"host": "192.0.2.7"}, "sign_in: 'local' lets anybody be anybody"),
        ({"sign_in": "header"}, "sign_in_secret: needed with sign_in 'header'"),
        (
            {"figures_days": 100, "comments_days": 101},
            "comments_days: must not be longer than figures_days",
        ),
        (
            {"figures_days": 100, "comments_days": 0},
            "comments_days: must not be longer than figures_days",
        ),
        ({"sign_in_secret": "short"}, "sign_in_secret: at least 16 characters"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(given: dict[str, object], fault: str) -> None:
    (line,) = faults(**given)
    assert line.startswith(fault)


def test_behind_a_proxy_the_bot_may_listen_elsewhere() -> None:
    found = reading.read(host="0.0.0.0", sign_in="header", sign_in_secret=SECRET)
    assert found.host == "0.0.0.0"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"port = \n", "(at line 1, column 8)"),
        (b"\xff\xfe", "not UTF-8"),
    ],
)
def test_a_broken_settings_file_is_told_with_its_name(
    content: bytes, told: str, empty_folder: Path
) -> None:
    (empty_folder / "trivselsbot.toml").write_bytes(content)
    (line,) = faults()
    assert line.startswith("trivselsbot.toml: ")
    assert told in line


def test_a_settings_file_that_was_named_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "SETTINGS", "elsewhere.toml")
    monkeypatch.setenv(PREFIX + "PORT", "x")
    assert [line.split(":")[0] for line in faults()] == ["elsewhere.toml", "port"]


def test_the_secret_is_never_printed(empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PREFIX + "SIGN_IN_SECRET", SECRET)
    found = reading.read(sign_in="header")
    for text in (repr(found), str(found), repr(found.model_dump()), found.model_dump_json()):
        assert SECRET not in text
    monkeypatch.setenv(PREFIX + "SIGN_IN_SECRET", "canary")
    monkeypatch.setenv(PREFIX + "PORT", "canary-port")
    told = "\n".join(faults(sign_in="header"))
    assert "sign_in_secret" in told
    assert "canary" not in told


def test_slack_tells_everything_it_lacks_at_once() -> None:
    assert [line.split(":")[0] for line in faults(slack_mode="socket")] == [
        "slack_app_token",
        "slack_bot_token",
    ]
    assert [line.split(":")[0] for line in faults(slack_mode="http", slack_client_id="1.2")] == [
        "slack_signing_secret",
        "slack_client_secret",
        "slack_token_keys",
        "slack_workspaces",
        "public_url",
    ]


def test_a_slack_token_of_the_wrong_kind_is_told_and_not_repeated() -> None:
    found = faults(slack_mode="socket", slack_bot_token="xapp-hemmelig", slack_app_token="xoxb-tys")
    assert [line.split(":")[0] for line in found] == ["slack_bot_token", "slack_app_token"]
    assert "hemmelig" not in repr(found)


def test_slacks_keys_do_not_lie_beside_what_they_seal(tmp_path: Path) -> None:
    given = {"slack_client_id": "1", "slack_client_secret": "s", "slack_signing_secret": "s",
             "public_url": "https://a.example", "slack_mode": "http",
             "slack_workspaces": "T0NORDBY"}  # fmt: skip
    (line,) = faults(data=tmp_path, slack_token_keys=tmp_path / "slack.keys", **given)
    assert line.startswith("slack_token_keys")


def test_without_slack_nothing_of_it_is_needed() -> None:
    assert reading.read(slack_bot_token="anything").slack_mode == "off"


IN_SLACK = {"slack_mode": "socket", "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}


def test_with_slack_nobody_signs_in_unless_the_settings_say_how() -> None:
    assert reading.read(**IN_SLACK).sign_in == "none"
    url = "https://trivsel.example.org"
    assert reading.read(sign_in="link", public_url=url, **IN_SLACK).sign_in == "link"
    assert reading.read(sign_in="header", sign_in_secret=SECRET, **IN_SLACK).sign_in == "header"
    assert reading.read(host="0.0.0.0", **IN_SLACK).host == "0.0.0.0"


def test_with_slack_nobody_can_be_let_to_choose_who_he_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(PREFIX + "SIGN_IN", "local")
    (line,) = faults(**IN_SLACK)
    assert line.startswith("sign_in: 'local'")
    assert "'link' or 'header'" in line


def test_the_list_of_workspaces_is_for_an_app_of_many() -> None:
    (line,) = faults(slack_workspaces="T0NORDBY", **IN_SLACK)
    assert line == "slack_workspaces: is for an app with slack_client_id"


def test_the_organisations_own_name_is_the_one_that_was_set() -> None:
    assert reading.read().own_name == ""
    assert reading.read(organisation="Nordby").own_name == "Nordby"
