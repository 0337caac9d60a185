"""Commands that serve nobody need no secret: a backup at night does not know the service's."""

import pytest
from terminal import Terminal

MODES = [
    {"sign_in": "header"},
    {"slack_mode": "socket"},
    {"slack_mode": "http", "public_url": "https://trivsel.example.org", "sign_in": "link"},
    {"slack_mode": "http", "slack_client_id": "1.2"},
]


@pytest.fixture(params=MODES)
def terminal_of_a_service(terminal: Terminal, request: pytest.FixtureRequest) -> Terminal:
    """Return a terminal with the settings file of a service, and none of its secrets."""
    lines = [f'{name} = "{value}"\n' for name, value in request.param.items()]
    terminal.file("trivselsbot.toml", "".join(lines))
    terminal.file("people.csv", "name,email,team\nAnna,anna@example.org,Solgården\n")
    return terminal


def test_people_backups_and_the_audit_need_none(terminal_of_a_service: Terminal) -> None:
    for words in (
        ("people", "import", "people.csv", "--apply"),
        ("people", "export", "out.csv"),
        ("backup", "copy.db"),
        ("restore", "copy.db", "--yes"),
        ("privacy-audit",),
        ("people", "erase", "anna@example.org", "--yes"),
    ):
        ran = terminal_of_a_service.run(*words)
        assert ran.code == 0, (words, ran.err)


def test_running_and_checking_need_them(terminal_of_a_service: Terminal) -> None:
    for word in ("run", "check"):
        ran = terminal_of_a_service.run(word)
        assert ran.code == 2
        assert "needed with" in ran.err


def test_a_typing_error_in_the_settings_is_told_all_the_same(terminal: Terminal) -> None:
    terminal.file("trivselsbot.toml", 'slack_rosters = "files"\n')
    ran = terminal.run("backup", "copy.db")
    assert ran.code == 2
    assert ran.err.startswith("slack_rosters: ")
