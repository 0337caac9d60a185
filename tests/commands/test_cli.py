"""The command line refuses with every fault on its line, and never with a traceback."""

import subprocess
import sys

import click
import pytest
from terminal import Terminal

from bot import cli
from bot.cli import commands
from bot.content.check import check as faults_in
from bot.content.loader import shipped_folder


def every_command(group: click.Group, *above: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for name, command in group.commands.items():
        found.append((*above, name))
        if isinstance(command, click.Group):
            found += every_command(command, *above, name)
    return found


@pytest.mark.parametrize("words", every_command(commands), ids=" ".join)
def test_every_command_explains_itself(terminal: Terminal, words: tuple[str, ...]) -> None:
    ran = terminal.run(*words, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"Usage: trivselsbot {' '.join(words)}")
    assert len(ran.out.splitlines()[2].strip()) > 20


def test_without_a_command_it_says_what_there_is(terminal: Terminal) -> None:
    ran = terminal.run("--help")
    assert ran.code == 0
    for name in ("run", "demo", "check", "preview", "people", "backup", "restore"):
        assert f"\n  {name} " in ran.out


def test_what_not_everybody_needs_is_loaded_by_nobody_else() -> None:
    heavy = ("slack_bolt", "slack_sdk", "aiohttp", "matplotlib", "docx", "playwright")
    told = f"import sys, bot.cli; print([one for one in {heavy} if one in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_an_unknown_command_is_answered_with_a_hint(terminal: Terminal) -> None:
    ran = terminal.run("ruin")
    assert ran.code == 2
    assert "No such command 'ruin'" in ran.err


def test_all_wrong_settings_are_told_at_once(terminal: Terminal) -> None:
    terminal.set(port="x", zone="Europe/Atlantis", host="0.0.0.0", colour="red")
    ran = terminal.run("check")
    assert ran.code == 2
    assert [line.split(":")[0] for line in ran.lines] == [
        "TRIVSELSBOT_COLOUR",
        "zone",
        "port",
        "sign_in",
        "Not started",
    ]
    assert ran.lines[-1] == "Not started: 4 thing(s) to put right."


def test_what_nobody_foresaw_gets_a_code_and_no_value_of_anybody(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        try:
            raise KeyError("the canary sang")
        except KeyError as cause:
            raise RuntimeError("the canary sang again") from cause

    monkeypatch.setattr(cli.content, "faults_in", fail)
    ran = terminal.run("check")
    assert ran.code == 2
    assert len(ran.lines) == 1
    assert ran.lines[0].startswith("CLI-1: something unexpected happened (RuntimeError).")
    told = terminal.run("--debug", "check")
    assert "in fail" in told.err
    assert "KeyError:" in told.err
    assert "canary" not in ran.err + ran.out + told.err + told.out


def test_check_finds_the_shipped_content_without_fault(terminal: Terminal) -> None:
    ran = terminal.run("check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("No faults: ")


def test_check_tells_every_fault_of_another_pack_with_file_and_line(terminal: Terminal) -> None:
    folder = terminal.folder / "own"
    (folder / "messages").mkdir(parents=True)
    broken = folder / "messages" / "da.toml"
    broken.write_text("[welcome]\ntitle = {{\n")
    (folder / "messages" / "no.toml").write_text("x = 1")
    ran = terminal.run("check", "--content", folder)
    assert ran.code == 1
    assert f"{broken}:2: " in ran.out
    assert "no.toml" in ran.out
    assert ran.lines == [f"{len(ran.out.splitlines())} faults."]


def test_preview_shows_an_instrument_in_a_language(terminal: Terminal) -> None:
    swedish = terminal.run("preview", "maturity", "--lang", "sv")
    assert swedish.code == 0
    danish = terminal.run("preview", "maturity")
    assert len(swedish.out.splitlines()) > 60
    assert swedish.out != danish.out


def test_preview_of_what_is_not_there_says_what_is(terminal: Terminal) -> None:
    ran = terminal.run("preview", "horoscope")
    assert ran.code == 2
    assert "there is checkin, effect, maturity" in ran.err
    assert terminal.run("preview", "checkin", "--lang", "no").code == 2


def test_faulty_own_content_never_starts_a_bot(terminal: Terminal) -> None:
    folder = terminal.folder / "own"
    (folder / "messages").mkdir(parents=True)
    (folder / "messages" / "sv.toml").write_text('[welcome]\nnonsense = "x"\n')
    terminal.set(content=folder)
    ran = terminal.run("run")
    assert ran.code == 2
    assert ran.lines[:-1] == [str(fault) for fault in faults_in(shipped_folder(), folder)]
    assert not (terminal.folder / "data" / "trivselsbot.db").exists()


def test_a_content_folder_that_is_not_there_is_told(terminal: Terminal) -> None:
    terminal.set(content=terminal.folder / "nowhere")
    ran = terminal.run("check")
    assert ran.code in (1, 2)
    assert "nowhere" in ran.out + ran.err
