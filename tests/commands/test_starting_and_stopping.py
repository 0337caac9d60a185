"""``run`` and ``demo``: when they refuse to start, and that they stop at a signal, drained."""

import errno
import http.client
import os
import signal
import socket
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from terminal import Process, Terminal

from bot.storage import migrate


def test_run_listens_on_this_machine_only_unless_somebody_vouches_for_people(
    terminal: Terminal,
) -> None:
    terminal.set(host="0.0.0.0")
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("sign_in: 'local' lets anybody be anybody")
    terminal.set(sign_in="header", sign_in_secret="short")
    assert terminal.run("run").lines[0] == "sign_in_secret: at least 16 characters"


def test_run_refuses_a_key_folder_others_may_enter(terminal: Terminal) -> None:
    keys = terminal.folder / "keys"
    keys.mkdir()
    keys.chmod(0o750)
    terminal.set(keys=keys)
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("KEYS-4: Others may enter the key folder.")
    assert not (terminal.folder / "data" / "trivselsbot.db").exists()


def test_run_refuses_a_key_folder_that_cannot_be_made(terminal: Terminal) -> None:
    terminal.file("keys", "a file, no folder")
    terminal.set(keys=terminal.folder / "keys")
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("KEYS-1: The key folder is not there.")


def test_run_refuses_a_key_folder_it_cannot_read(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The refusal is played, for these tests may run as root, who may read everything."""
    keys = terminal.folder / "keys"
    keys.mkdir(mode=0o700)
    terminal.set(keys=keys)
    listed = os.listdir

    def refused(folder: str | Path = ".") -> list[str]:
        if Path(folder) == keys:
            raise PermissionError(errno.EACCES, "refused")
        return listed(folder)

    monkeypatch.setattr(os, "listdir", refused)
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("KEYS-2")


def test_run_refuses_a_database_of_a_newer_version(terminal: Terminal) -> None:
    database = terminal.settings.database
    migrate.upgrade(database)
    with closing(sqlite3.connect(database)) as driver:
        driver.execute("UPDATE alembic_version SET version_num='9999'")
        driver.commit()
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("STORE-7: ")
    assert terminal.run("people", "export", "x.csv").lines[0].startswith("STORE-7: ")


def test_run_refuses_a_file_that_is_no_database(terminal: Terminal) -> None:
    terminal.settings.data.mkdir()
    terminal.settings.database.write_bytes(b"something else altogether" * 100)
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("STORE-5: ")


def test_run_says_so_when_the_port_is_taken(terminal: Terminal) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        terminal.set(port=taken.getsockname()[1])
        ran = terminal.run("run")
    assert ran.code == 2
    assert "WEB-1: cannot listen on 127.0.0.1:" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT], ids=lambda sign: sign.name)
def test_run_stops_at_a_signal_with_everything_put_away(tmp_path: Path, sign: int) -> None:
    with Process(tmp_path, "run", port=0) as process:
        port = process.wait_for(r"http://127\.0\.0\.1:(\d+)")
        assert port != "0"
        assert "Nobody is here yet: trivselsbot people import" in process.said
        with closing(http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)) as visitor:
            visitor.request("GET", "/sign-in")
            assert visitor.getresponse().status == 200
        code, seconds = process.stop(sign)
    assert code == 0, process.said
    assert seconds < 5
    assert "the tick has stopped" in process.said
    assert process.said.rstrip().endswith("stopped")
    assert "Traceback" not in process.said
    # An emptied log shows that the database was closed, not left.
    assert not (tmp_path / "data" / "trivselsbot.db-wal").exists()
    assert stat.S_IMODE((tmp_path / "data" / "keys").stat().st_mode) == 0o700


@pytest.mark.slow
def test_demo_starts_in_its_own_folder_and_stops_with_a_page_left_open(tmp_path: Path) -> None:
    with Process(tmp_path, "demo", "--port", 0) as process:
        port = int(process.wait_for(r"http://127\.0\.0\.1:(\d+)", 110))
        with closing(socket.create_connection(("127.0.0.1", port), 10)) as visitor:
            visitor.sendall(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert b" 200 " in visitor.recv(200)
            code, seconds = process.stop(signal.SIGTERM)
    assert code == 0, process.said
    assert seconds < 5
    assert (tmp_path / "data" / "demo" / "trivselsbot.db").exists()
    assert not (tmp_path / "data" / "trivselsbot.db").exists()


def test_demo_empties_no_folder_that_is_not_a_demos(terminal: Terminal) -> None:
    terminal.settings.data.mkdir()
    kept = terminal.file("data/trivselsbot.db", "somebody's data")
    for more in ((), ("--fresh",)):
        ran = terminal.run("demo", "--data", "data", "--port", 0, *more)
        assert ran.code == 2
        assert "data holds something that is no demo" in ran.err
    assert kept.read_text() == "somebody's data"


def test_run_refuses_to_let_people_choose_who_they_are_beside_slack(terminal: Terminal) -> None:
    terminal.set(slack_mode="socket", slack_bot_token="xoxb-1", slack_app_token="xapp-1")
    terminal.set(sign_in="local")
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[0].startswith("sign_in: 'local' lets anybody be anybody, and does not go with")
    assert "xoxb-1" not in ran.err


@pytest.mark.slow
def test_demo_leaves_slack_alone_whatever_the_settings_say(tmp_path: Path) -> None:
    told = {"slack_mode": "socket", "slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    with Process(tmp_path, "demo", "--port", 0, slack_api="http://127.0.0.1:1", **told) as process:
        port = int(process.wait_for(r"http://127\.0\.0\.1:(\d+)", 110))
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as visitor:
            visitor.request("GET", "/sign-in")
            assert visitor.getresponse().status == 200
        assert process.stop(signal.SIGTERM)[0] == 0
    assert "SLACK-" not in process.said
