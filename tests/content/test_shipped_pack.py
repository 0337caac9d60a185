"""The pack that comes with the bot: without a fault, quick to load, and every message sent."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import bot
from bot.content.check import check, check_used
from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.content.preview import preview
from bot.domain.languages import LANGUAGES

BOT = Path(bot.__file__).parent
COMPUTED: dict[str, str] = {}
"""Beginnings of keys that are put together while the bot runs, each with its reason.

An f-string such as ``f"state.{state}"`` is found by itself; only what is put together in another
way must be named here.
"""
PAGE = re.compile(r"""\b(?:words|w)\(\s*["']([a-z0-9_.-]*[a-z0-9_-])["']""")
PAGE_TABLE = re.compile(r"""\(\s*"[a-z]+",\s*"(web\.[a-z0-9_.-]+)"\s*\)""")
"""Keys that lie in a table on a page before they are asked for."""
PAGE_BEGINNING = re.compile(r"""\b(?:words|w)\(\s*["']([a-z0-9_.-]+\.)["']\s*~""")
BEGINNING = re.compile(r"[a-z0-9_-]+\.[a-z0-9_.-]*")


def test_the_shipped_pack_is_without_faults() -> None:
    assert [str(fault) for fault in check(shipped_folder())] == []


@pytest.fixture(scope="module")
def shipped() -> Pack:
    return load(shipped_folder())


def test_every_shipped_instrument_can_be_shown_in_every_language(shipped: Pack) -> None:
    for language in LANGUAGES:
        for name, instrument in shipped.instruments.items():
            shown = preview(shipped, name, language)
            assert shown.count("    source: ") == len(instrument.questions)


def test_every_shipped_message_is_sent_by_some_part_of_the_bot(shipped: Pack) -> None:
    nodes = list(_nodes())
    used = set(_texts(nodes)) | set(_asked_for_by_pages())
    beginnings = {*_beginnings(nodes), *_beginnings_on_pages(), *COMPUTED}
    unused = check_used(shipped, used, beginnings)
    assert [fault.key for fault in unused] == []


def test_every_message_the_code_asks_for_is_shipped(shipped: Pack) -> None:
    asked = {*_asked_for(_nodes()), *_asked_for_by_pages()}
    assert sorted(asked - set(shipped.keys)) == []


def _nodes() -> Iterator[ast.AST]:
    for file in sorted(BOT.rglob("*.py")):
        yield from ast.walk(ast.parse(file.read_text("utf-8")))


def _texts(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield every text in the code; a key may lie in a table before it is asked for."""
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _beginnings(nodes: list[ast.AST]) -> Iterator[str]:
    """Yield how the keys begin that an f-string completes."""
    for node in nodes:
        match node:
            case ast.JoinedStr(values=[ast.Constant(value=str(begin)), *_]):
                if BEGINNING.fullmatch(begin):
                    yield begin


def _asked_for(nodes: Iterator[ast.AST]) -> Iterator[str]:
    """Yield the keys that are written out where ``words(...)`` is called."""
    for node in nodes:
        match node:
            case ast.Call(
                func=ast.Name(id="words") | ast.Attribute(attr="words"),
                args=[ast.Constant(value=str(key)), *_],
            ) if "." in key:
                yield key


def _asked_for_by_pages() -> Iterator[str]:
    for page in sorted(BOT.rglob("*.html")):
        yield from PAGE.findall(page.read_text("utf-8"))
        yield from PAGE_TABLE.findall(page.read_text("utf-8"))


def _beginnings_on_pages() -> Iterator[str]:
    """Yield how the keys begin that a page completes: ``w("web.list." ~ kind)``."""
    for page in sorted(BOT.rglob("*.html")):
        yield from PAGE_BEGINNING.findall(page.read_text("utf-8"))
