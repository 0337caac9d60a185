"""``preview --platform slack --png``: what it draws, and what it says when it cannot."""

from pathlib import Path

import pytest
from terminal import Terminal

from bot.rehearsal import slack_picture


def test_a_picture_is_written_to_the_file(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_picture, "draw", lambda surfaces, _: b"png of %d" % len(surfaces))
    file = tmp_path / "topic.png"
    arguments = ("--platform", "slack", "--png", file, "--question", "priority")
    ran = terminal.run("preview", "maturity", *arguments)
    assert (ran.code, file.read_bytes()) == (0, b"png of 1")


def test_what_is_missing_on_the_machine_is_said(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_picture, "missing", lambda built: "Pictures need Chromium.")
    ran = terminal.run("preview", "checkin", "--platform", "slack", "--png", tmp_path / "x.png")
    assert ran.code != 0
    assert "Pictures need Chromium." in ran.err
    assert not (tmp_path / "x.png").exists()


def test_a_picture_needs_a_platform_and_a_file_and_a_question_that_exists(
    terminal: Terminal, tmp_path: Path
) -> None:
    for arguments in (
        ("--png", tmp_path / "x.png"),
        ("--platform", "slack"),
        ("--question", "anchor"),
        ("--platform", "slack", "--png", tmp_path / "x.png", "--question", "horoscope"),
    ):
        ran = terminal.run("preview", "checkin", *arguments)
        assert ran.code == 2
        assert "png" in ran.err.lower() or "horoscope" in ran.err
