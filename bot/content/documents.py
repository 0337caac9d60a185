"""The files of a pack and of the folders laid over it, read once and overlaid.

Says which files a pack has and which do not belong; what must stand in them is not known here.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from bot.content.faults import Code, Fault, FaultList
from bot.content.tables import Table, TomlFile, overlay, table_of
from bot.domain.languages import LANGUAGES

PACK, SOURCES, KEYS, STRUCTURE = "pack.toml", "sources.toml", "keys.toml", "instrument.toml"
WORD_FILES = frozenset(f"{language}.toml" for language in LANGUAGES)

_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True)
class Document:
    """One file of the pack in every folder, the ``layers`` that were found, and all overlaid."""

    files: tuple[TomlFile, ...]
    layers: tuple[Table, ...]
    root: Table

    @property
    def broken(self) -> bool:
        """Tell whether a folder's file could not be read, so that nothing can be said of it."""
        return any(file.broken for file in self.files)

    @property
    def absent(self) -> bool:
        """Tell whether no folder has the file."""
        return all(file.text is None and not file.broken for file in self.files)

    def file_in(self, folder: Path) -> TomlFile:
        """Return the file of one folder, whether or not it is there."""
        return next(file for file in self.files if file.folder == folder)


class Shelf:
    """The pack's folder and the folders laid over it, the last on top."""

    def __init__(self, folders: Sequence[Path], faults: FaultList) -> None:
        self.folders = tuple(folders)
        self._faults = faults

    def document(self, name: str, whole: Collection[str] = ()) -> Document:
        """Read ``name`` in every folder; ``whole`` as in ``tables.overlay``."""
        read = [self._read(folder, name) for folder in self.folders]
        files = tuple(file for file, _ in read)
        layers = tuple(table for _, table in read if table is not None)
        if not layers:
            return Document(files, layers, Table(files[0]))
        root = reduce(lambda base, over: overlay(base, over, whole), layers)
        return Document(files, layers, root)

    def instruments(self) -> tuple[str, ...]:
        """Return the ids of all instruments: the folders that hold at least one TOML file."""
        found = {file.parent.name: None for file in self._files("instruments/*/*.toml")}
        return tuple(found)

    def refuse_other_files(self) -> None:
        """Report missing folders, and TOML files that no part of the bot would read."""
        for folder in self.folders:
            if not folder.is_dir():
                self._note(folder, Code.MISSING_FILE, "this folder is missing")
        self._refuse("*.toml", {PACK, SOURCES})
        self._refuse("messages/*.toml", {KEYS, *WORD_FILES})
        self._refuse("instruments/*.toml", set())
        self._refuse("instruments/*/*.toml", {STRUCTURE, *WORD_FILES})

    def _refuse(self, pattern: str, known: Collection[str]) -> None:
        for file in self._files(pattern):
            if file.name not in known:
                expected = ", ".join(sorted(known)) or "folders, one for each instrument"
                self._note(
                    file, Code.UNKNOWN_FILE, f"nothing reads this file; here belong: {expected}"
                )

    def _files(self, pattern: str) -> Iterator[Path]:
        for folder in self.folders:
            yield from sorted(folder.glob(pattern))

    def _read(self, folder: Path, name: str) -> tuple[TomlFile, Table | None]:
        path = folder / name
        if not path.is_file():
            return TomlFile(folder, name), None
        try:
            text = path.read_text(encoding="utf-8-sig")
            file = TomlFile(folder, name, text)
            return file, table_of(file, tomllib.loads(text))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            self._note(path, Code.BROKEN_TOML, "the file is not saved as UTF-8", line)
        except tomllib.TOMLDecodeError as error:
            self._note(path, Code.BROKEN_TOML, f"this is not TOML: {error}", _line(error, text))
        return TomlFile(folder, name, broken=True), None

    def _note(self, path: Path, code: Code, text: str, line: int | None = None) -> None:
        self._faults.note(Fault(path, "", line, code, text))


def _line(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = _AT_LINE.search(str(error))
    return int(found[1]) if found else len(text.splitlines())
