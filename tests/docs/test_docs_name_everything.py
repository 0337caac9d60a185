"""The guides name every setting, command and code there is, and no code there is not."""

import csv
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import commands
from bot.domain.people import Role
from bot.flows.people.file import read
from bot.flows.people.importing import compare
from bot.flows.people.plan import Standing
from bot.flows.people.words import COLUMNS
from bot.privacy.key_errors import ADVICE
from bot.settings import Settings
from bot.storage.trouble import Code

ROOT = Path(__file__).parents[2]
OPERATOR = (ROOT / "docs" / "operator.md").read_text()
CODE = re.compile(r"\b(?!UTF)[A-Z]{3,}-\d+\b")
AUDIT = "AUDIT-"


def words_of(group: click.Group, *above: str) -> Iterator[str]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from words_of(command, *above, name)
        else:
            yield " ".join((*above, name))


def codes_in_the_source() -> set[str]:
    return {
        code
        for file in (ROOT / "bot").rglob("*.py")
        for code in CODE.findall(file.read_text())
        if "migrations" not in file.parts
    }


def rows(heading: str) -> dict[str, list[str]]:
    """Return the rows of the table with this first heading, by the first cell without marks."""
    _, _, after = OPERATOR.partition(f"\n| {heading} |")
    assert after, heading
    table = after.partition("\n\n")[0].splitlines()[2:]
    found = {}
    for line in table:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for name in re.sub(r"[`*]", "", cells[0]).split(", "):
            found[name] = cells[1:]
    return found


@pytest.mark.parametrize("name", [*Settings.model_fields])
def test_every_setting_has_its_row_with_the_default_that_is_in_force(name: str) -> None:
    default, meaning = rows("setting")[name][:2]
    assert len(meaning) > 15
    found = Settings.model_fields[name].default
    if isinstance(found, str | int):
        assert f"`{found}`" in default


def test_no_setting_is_described_that_does_not_exist() -> None:
    assert set(rows("setting")) == set(Settings.model_fields)


@pytest.mark.parametrize("words", [*words_of(commands)])
def test_every_command_has_its_row(words: str) -> None:
    assert f"trivselsbot {words}" in rows("command")


def test_every_option_of_the_commands_that_change_something_is_told() -> None:
    for words in (("run",), ("people", "import"), ("backup",)):
        command: click.Command = commands
        for word in words:
            assert isinstance(command, click.Group)
            command = command.commands[word]
        for option in (one for one in command.params if isinstance(one, click.Option)):
            if option.name not in ("help", "full"):
                assert f"`{option.opts[-1]}" in OPERATOR or f" {option.opts[-1]}" in OPERATOR, (
                    words,
                    option.opts,
                )


def test_every_code_in_the_source_has_its_row_with_what_to_do() -> None:
    table = rows("code")
    wanted = {code for code in codes_in_the_source() if not code.startswith(AUDIT)}
    assert wanted >= set(ADVICE) | {code.value for code in Code}
    assert wanted == set(table)
    assert all(len(" ".join(cells)) > 25 for cells in table.values())


def test_every_group_of_audit_codes_is_described() -> None:
    groups = {f"{code[:-1]}x" for code in codes_in_the_source() if code.startswith(AUDIT)}
    assert groups
    assert groups == set(rows("codes"))


def test_every_column_and_role_of_a_people_file_is_described() -> None:
    described = rows("column")
    assert set(described) == set(COLUMNS)
    for role in Role:
        assert f"`{role.value}`" in described["roles"][0]


def test_the_example_of_a_people_file_can_be_imported() -> None:
    (example,) = re.findall(r"```csv\n(.*?)```", OPERATOR, re.DOTALL)
    plan = compare(read(example.encode()), Standing(), iter("abcdefgh").__next__)
    assert len(plan.new) == len(list(csv.reader(io.StringIO(example)))) - 1
    assert plan.warnings == ()


def test_the_settings_shown_and_shipped_are_settings() -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", OPERATOR, re.DOTALL)
    shipped = (ROOT / "deploy" / "trivselsbot.toml").read_text()
    for text in (shown, shipped):
        given = tomllib.loads(text)
        assert set(given) <= set(Settings.model_fields)
        assert given["keys"] != given["data"]
    in_environment = re.findall(r"TRIVSELSBOT_(\w+)", "".join((*_deployed(), OPERATOR)))
    assert {name.lower() for name in in_environment} <= {*Settings.model_fields, "settings"}


def _deployed() -> list[str]:
    return [file.read_text() for file in sorted((ROOT / "deploy").iterdir()) if file.is_file()]


def test_every_file_in_deploy_is_described() -> None:
    for file in (ROOT / "deploy").iterdir():
        if file.is_file():
            assert f"`{file.name}`" in OPERATOR or f"`deploy/{file.name}`" in OPERATOR


@pytest.mark.parametrize(
    "guide",
    [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))],
    ids=lambda file: file.name,
)
def test_links_between_the_guides_lead_somewhere(guide: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", guide.read_text()):
        if "://" in target or target.startswith("mailto:"):
            continue
        path, _, anchor = target.partition("#")
        file = guide.parent / path if path else guide
        assert file.exists(), target
        if anchor:
            assert anchor in _anchors(file.read_text()), target


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
