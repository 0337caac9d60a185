"""The pack that comes with the bot: without a fault, quick to load, and every message sent."""

import ast
import re
import time
from collections.abc import Callable, Iterator
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
PAGE = re.compile(r"""\bwords\(\s*["']([a-z0-9_.-]+)["']""")
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
    unused = check_used(shipped, used, {*_beginnings(nodes), *COMPUTED})
    assert [fault.key for fault in unused] == []


def test_every_message_the_code_asks_for_is_shipped(shipped: Pack) -> None:
    asked = {*_asked_for(_nodes()), *_asked_for_by_pages()}
    assert sorted(asked - set(shipped.keys)) == []


@pytest.mark.slow
def test_the_shipped_pack_loads_and_speaks_quickly(shipped: Pack) -> None:
    """In seconds of this process, so that a busy machine does not decide."""
    assert _best(lambda: load(shipped_folder())) < 0.150
    words = shipped.words("da")
    key = next(name for name, key in shipped.keys.items() if not key.values)
    words(key)
    assert _best(lambda: [words(key) for _ in range(1000)]) / 1000 < 50e-6


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


def _best(work: Callable[[], object]) -> float:
    """Return the shortest of five runs."""
    taken = []
    for _ in range(5):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)
