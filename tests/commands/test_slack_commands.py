"""``slack manifest`` and ``slack key``: before there is an app, and with wrong input."""

import json
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from terminal import Process, Terminal

URL = "https://trivsel.example.org"


def manifest(terminal: Terminal, *options: str) -> dict[str, dict[str, object]]:
    ran = terminal.run("slack", "manifest", *options)
    assert (ran.code, ran.err) == (0, "")
    found: dict[str, dict[str, object]] = json.loads(ran.out)
    return found


@pytest.mark.parametrize(
    "settings",
    [
        {"slack_mode": "socket"},
        {"slack_mode": "http", "public_url": URL},
        {"sign_in": "header"},
        {"slack_mode": "http", "public_url": URL, "slack_client_secret": "x"},
    ],
)
def test_a_manifest_comes_before_anything_the_app_will_give(
    terminal: Terminal, settings: dict[str, str]
) -> None:
    terminal.set(**settings)
    over_socket = settings.get("slack_mode") != "http"
    assert manifest(terminal)["settings"]["socket_mode_enabled"] is over_socket


def test_what_is_wrong_with_other_settings_is_told_all_the_same(terminal: Terminal) -> None:
    terminal.set(slack_mode="sokcet", port="x")
    ran = terminal.run("slack", "manifest")
    assert ran.code == 2
    assert [line.split(":")[0] for line in ran.lines[:-1]] == ["port", "slack_mode"]


@pytest.mark.parametrize(
    "options", [("--mode", "http", "--url", URL), ("--url", URL + "/"), ("--url", URL, "--many")]
)
def test_an_address_is_for_http(terminal: Terminal, options: tuple[str, ...]) -> None:
    found = manifest(terminal, *options)["settings"]
    assert found["socket_mode_enabled"] is False
    assert found["event_subscriptions"]["request_url"] == f"{URL}/slack/events"  # type: ignore[index]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--mode", "http"), "https://"),
        (("--many",), "https://"),
        (("--url", "http://trivsel.example.org"), "https://"),
        (("--url", "https://"), "write it like"),
        (("--url", "https://tri vsel.example.org/?x"), "write it like"),
        (("--url", f"{URL}/slack/events"), "leave /slack/events out"),
        (("--mode", "socket", "--url", URL), "--mode http"),
        (("--mode", "socket", "--many"), "--mode http"),
    ],
)
def test_a_manifest_slack_could_do_nothing_with_is_not_printed(
    terminal: Terminal, options: tuple[str, ...], told: str
) -> None:
    ran = terminal.run("slack", "manifest", *options)
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_new_key_stands_first_and_nobody_else_may_read_it(terminal: Terminal) -> None:
    file = terminal.folder / "slack.keys"
    assert terminal.run("slack", "key", file).code == 0
    (first,) = file.read_text().split()
    file.chmod(0o644)
    assert terminal.run("slack", "key", file).code == 0
    second, kept = file.read_text().split()
    assert kept == first
    Fernet(second.encode())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [one.name for one in terminal.folder.iterdir()] == ["slack.keys"]


def test_no_key_is_ever_printed(terminal: Terminal) -> None:
    file = terminal.folder / "slack.keys"
    terminal.run("slack", "key", file)
    ran = terminal.run("slack", "key", file)
    assert not [key for key in file.read_text().split() if key in ran.out + ran.err]


@pytest.mark.parametrize("text", [b"not a key\n", b"\xff\xfe"])
def test_a_file_that_holds_something_else_is_left_alone(terminal: Terminal, text: bytes) -> None:
    file = terminal.folder / "notes.txt"
    file.write_bytes(text)
    ran = terminal.run("slack", "key", file)
    assert ran.code == 2
    assert "nothing was changed" in ran.err
    assert file.read_bytes() == text


def test_a_key_that_cannot_be_written_is_told_with_the_file(terminal: Terminal) -> None:
    file: Path = terminal.folder / "nowhere" / "slack.keys"
    ran = terminal.run("slack", "key", file)
    assert ran.code == 2
    assert f"{file}: cannot be written (No such file or directory)" in ran.err


def test_a_link_to_the_keys_stays_a_link(terminal: Terminal) -> None:
    mounted = terminal.folder / "mounted.keys"
    link = terminal.folder / "slack.keys"
    link.symlink_to(mounted)
    assert terminal.run("slack", "key", link).code == 0
    assert link.is_symlink()
    assert mounted.read_text()


@pytest.mark.slow
def test_a_token_without_a_mode_is_noticed(tmp_path: Path) -> None:
    with Process(tmp_path, "run", port=0, slack_bot_token="xoxb-1") as process:
        process.wait_for("set slack_mode")


def test_online_says_how_slack_is_turned_on(terminal: Terminal) -> None:
    ran = terminal.run("check", "--online")
    assert ran.code == 0
    assert "slack_mode" in ran.out
