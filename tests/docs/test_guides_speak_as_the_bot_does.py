"""What the guides call a button or a command is what the bot calls it, in their language."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.domain.languages import LANGUAGES, Language

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES: Mapping[Language, tuple[str, ...]] = {
    "da": ("da/medarbejder.md", "da/teamleder.md", "da/arbejdsmiljoegruppe.md"),
    "sv": ("sv/medarbetare.md", "sv/chef.md", "sv/arbetsmiljogrupp.md"),
    "en": ("employee.md", "team-lead.md", "amg.md"),
}
EVERY = [(language, name) for language in LANGUAGES for name in GUIDES[language]]
SLACKS_OWN = {"Apps", "Home", "Messages", "More message shortcuts"}
"""What Slack itself calls what one presses; it speaks neither Danish nor Swedish."""
NAMED = re.compile(r"(?<![*\w])\*([^*]+)\*(?![*\w])")
TYPED = re.compile(r"`/trivsel ([^`]+)`")


def messages(language: Language) -> dict[str, object]:
    return tomllib.loads((ROOT / "content" / "messages" / f"{language}.toml").read_text())


def texts(found: Mapping[str, object]) -> Iterator[str]:
    for value in found.values():
        if isinstance(value, Mapping):
            yield from texts(value)
        else:
            yield str(value)


def flowing(file: Path) -> str:
    """Return a guide without its line breaks: a name may stand on two lines."""
    return re.sub(r"\s+", " ", file.read_text())


def unknown(language: Language, file: Path) -> list[str]:
    """Return what is named in italics and is no text of the bot's, nor how one begins."""
    said = set(texts(messages(language)))
    begun = {text.partition(":")[0] for text in said} | SLACKS_OWN
    return [name for name in NAMED.findall(flowing(file)) if name not in said | begun]


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_what_is_pressed_has_the_name_it_has_in_the_bot(language: Language, name: str) -> None:
    assert unknown(language, DOCS / name) == []


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_what_is_typed_is_a_command_of_the_guides_language(language: Language, name: str) -> None:
    verbs = messages(language)["verbs"]
    assert isinstance(verbs, Mapping)
    known = {word.strip() for text in verbs.values() for word in str(text).split(",")}
    typed = TYPED.findall(flowing(DOCS / name))
    assert typed
    assert [word for word in typed if word not in known] == []


def test_a_name_that_is_none_is_found(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("Press *Start\nnow*, **never** *Begin at once*, or *Take a pause*.")
    assert unknown("en", guide) == ["Begin at once"]


def test_the_demos_buttons_in_the_readme_are_the_demos() -> None:
    """The demo's people are Danes."""
    _, _, after = flowing(ROOT / "README.md").partition("## Try it")
    pressed = NAMED.findall(after.partition("## ")[0])
    assert pressed
    assert set(pressed) <= set(texts(messages("da")))
