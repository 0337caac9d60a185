"""``preview``: what people meet besides questions, drawn from an invented organisation."""

from pathlib import Path

import pytest
from terminal import Terminal

from bot.rehearsal import slack_picture


def test_help_and_an_unknown_name_say_what_there_is(terminal: Terminal) -> None:
    told = " ".join(terminal.run("preview", "--help").out.split())
    unknown = terminal.run("preview", "horoscope")
    for name in ("home", "menu", "invitation", "result", "action", "dialogue", "digest", "set-up"):
        assert name in told
        assert name in unknown.err
    assert unknown.code == 2
    assert "checkin" in unknown.err


def test_whose_view_it_is_has_to_fit_what_is_shown(terminal: Terminal) -> None:
    digest = terminal.run("preview", "digest", "--as", "lead")
    assert (digest.code, "amg" in digest.err) == (2, True)
    asked = terminal.run("preview", "checkin", "--as", "lead")
    assert (asked.code, "--as" in asked.err) == (2, True)
    home = terminal.run("preview", "home", "--question", "anchor")
    assert (home.code, "--question" in home.err) == (2, True)


@pytest.mark.slow
def test_in_the_terminal_it_reads_as_people_read_it(terminal: Terminal) -> None:
    ran = terminal.run("preview", "invitation", "--lang", "sv")
    assert ran.code == 0
    assert "anonymt" in ran.out
    assert ran.out.rstrip().endswith("[Se frågorna]")
    assert "INFO" not in ran.err


@pytest.mark.slow
def test_a_result_is_drawn_with_its_chart(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []

    def draw(surfaces: object, pictures: dict[str, str]) -> bytes:
        seen.append((surfaces, pictures))
        return b"a picture"

    monkeypatch.setattr(slack_picture, "missing", lambda built: None)
    monkeypatch.setattr(slack_picture, "draw", draw)
    file = tmp_path / "result.png"
    ran = terminal.run("preview", "result", "--platform", "slack", "--png", file)
    ((surfaces, pictures),) = seen
    (chart,) = pictures
    assert (ran.code, file.read_bytes()) == (0, b"a picture")
    assert chart in str(surfaces)
    assert pictures[chart].startswith("data:image/png;base64,")


def test_what_is_missing_on_the_machine_is_said_before_anything_is_invented(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack_picture, "missing", lambda built: "Pictures need Chromium.")
    ran = terminal.run("preview", "home", "--platform", "slack", "--png", tmp_path / "x.png")
    assert ran.code == 1
    assert "Pictures need Chromium." in ran.err
    assert "Inventing" not in ran.err
