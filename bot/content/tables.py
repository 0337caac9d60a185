"""TOML files as tables that remember where each value stands, and how packs overlay each other.

What the tables must hold is not known here: ``instrument_structure``, ``instrument_words``,
``messages``.
"""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class TomlFile:
    """A file of a pack: ``text`` is ``None`` when it is absent; ``broken`` when it is no TOML."""

    folder: Path
    name: str
    text: str | None = None
    broken: bool = False

    @property
    def path(self) -> Path:
        """Return where the file is, or would be."""
        return self.folder / self.name

    def line_of(self, path: KeyPath) -> int | None:
        """Return the line of a key, or of the nearest table above it; counted from 1."""
        for length in range(len(path), 0, -1):
            if (line := self._lines.get(path[:length])) is not None:
                return line
        return None

    @cached_property
    def _lines(self) -> Mapping[KeyPath, int]:
        """Index the keys; only needed when there is a fault, as ``tomllib`` keeps no lines."""
        lines: dict[KeyPath, int] = {}
        if self.text is None or self.broken:
            return lines
        table: KeyPath = ()
        for line, statement, content in _statements(self.text):
            paths = list(_paths(content))
            if statement.lstrip().startswith("["):
                table = paths[-1]
                lines.setdefault(table, line)
            else:
                for path in paths:
                    lines.setdefault((*table, *path), line)
        return lines


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, object]]]:
    """Yield each statement of a valid file with its first line; a statement may span lines."""
    start, gathered = 1, ""
    for number, line in enumerate(text.splitlines(), 1):
        gathered = f"{gathered}\n{line}" if gathered else line
        try:
            content = tomllib.loads(gathered)
        except tomllib.TOMLDecodeError:
            continue
        if content:
            yield start, gathered, content
        start, gathered = number + 1, ""


def _paths(content: Mapping[str, object], above: KeyPath = ()) -> Iterator[KeyPath]:
    for key, value in content.items():
        yield (*above, key)
        if isinstance(value, list) and value and isinstance(value[0], dict):
            value = value[0]
        if isinstance(value, dict):
            yield from _paths(value, (*above, key))


@dataclass(frozen=True)
class Leaf:
    """A value that is not a table."""

    file: TomlFile
    path: KeyPath
    value: object


@dataclass(frozen=True)
class Table:
    """A table, in file order."""

    file: TomlFile
    path: KeyPath = ()
    items: Mapping[str, "Table | Leaf"] = field(default_factory=dict)

    def table(self, key: str) -> "Table":
        """Return the table under ``key``; an empty one when there is none."""
        found = self.items.get(key)
        return found if isinstance(found, Table) else Table(self.file, (*self.path, key))

    def find(self, path: KeyPath) -> "Table | Leaf | None":
        """Return what stands at ``path``, from here."""
        here: Table | Leaf | None = self
        for key in path:
            if not isinstance(here, Table):
                return None
            here = here.items.get(key)
        return here

    def leaves(self) -> Iterator[Leaf]:
        """Yield every value below, in order; an empty table counts as one."""
        for key, item in self.items.items():
            if isinstance(item, Leaf):
                yield item
            elif item.items:
                yield from item.leaves()
            else:
                yield Leaf(item.file, (*self.path, key), {})


def table_of(file: TomlFile, content: Mapping[str, object], path: KeyPath = ()) -> Table:
    """Return parsed TOML as a table that knows its file."""
    items: dict[str, Table | Leaf] = {}
    for key, value in content.items():
        below = (*path, key)
        if isinstance(value, dict):
            items[key] = table_of(file, value, below)
        else:
            items[key] = Leaf(file, below, value)
    return Table(file, path, items)


def overlay(base: Table, over: Table, whole: Collection[str] = ()) -> Table:
    """Return ``base`` with the keys of ``over`` on top; new keys come last.

    Tables are merged key by key, except that what stands directly in a table named in ``whole``
    (such as each question in ``questions``) is replaced as a whole.
    """
    items = dict(base.items)
    replaced = bool(base.path) and base.path[-1] in whole
    for key, new in over.items.items():
        old = items.get(key)
        if not replaced and isinstance(old, Table) and isinstance(new, Table):
            items[key] = overlay(old, new, whole)
        else:
            items[key] = new
    return Table(base.file, base.path, items)
