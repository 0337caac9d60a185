"""What lies in the files outside any row: free pages, write-ahead log, journal, and given logs.

Raw bytes, as somebody with a disk editor sees them. A sealed ballot is found by its shape, a
ballot in clear by the words every ballot has.
"""

import mmap
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from bot.storage.audit.evidence import STANDING, Evidence
from bot.storage.audit.report import Finding
from bot.storage.engine import files

# A record of ``slot``: header size, a text of 32 and 32 raw bytes, a ballot of any length.
_SLOT_ROW = re.compile(rb"[\x04-\x07]\x4d\x4c[\x80-\xff]{0,3}[\x00-\x7f]([0-9a-f]{32})", re.DOTALL)
_BALLOT = re.compile(rb'"a":\{[^{}]{0,4000}\},"c":(?:null|")|"d":(?:true|false),"l":(?:null|")')
_CLICK = re.compile(rb"\b\d{1,9}:([a-z0-9_.-]{1,64}):[0-5]\b")
_LONG = 12
"""Characters from which a comment in a log is a comment and no coincidence."""
_HEADER, _SIZE_AT, _FREE_AT = 100, 16, 32


def look(found: Evidence, logs: Sequence[Path]) -> Iterator[Finding]:
    """Yield what can be read in the files although no row holds it."""
    ended = {id_ for id_, one in found.rounds.items() if one["state"] not in STANDING}
    for file in files(found.database):
        if file.name.endswith("-shm") or not file.stat().st_size:
            continue
        with _bytes_of(file) as raw:
            yield from _in_clear(raw, file)
            yield from _left_over(raw, file, ended)
    with _bytes_of(found.database) as raw:
        yield from _free_pages(raw, found.database)
    for log in logs:
        yield from _in_log(found, log)


def _in_clear(raw: mmap.mmap, file: Path) -> Iterator[Finding]:
    if _BALLOT.search(raw):
        yield Finding("AUDIT-81", "a ballot in clear lies in the file", file.name)


def _left_over(raw: mmap.mmap, file: Path, ended: set[str]) -> Iterator[Finding]:
    """Yield sealed ballots of closed rounds that are still somewhere in the bytes."""
    left = {match[1].decode() for match in _SLOT_ROW.finditer(raw)} & ended
    for round_id in sorted(left):
        why = "sealed ballots of a closed round are still in the file; an old copy of its key opens"
        yield Finding("AUDIT-82", f"{why} them", file.name, "", round_id)


def _free_pages(raw: mmap.mmap, file: Path) -> Iterator[Finding]:
    """Walk SQLite's list of free pages; with ``secure_delete`` each is zeros, or a list of others.

    Source: "Database File Format" of SQLite, 1.5 (the freelist).
    """
    size = int.from_bytes(raw[_SIZE_AT : _SIZE_AT + 2], "big")
    size = 65536 if size == 1 else size
    pages = len(raw) // size if size else 0
    trunk = int.from_bytes(raw[_FREE_AT : _FREE_AT + 4], "big")
    seen: set[int] = set()
    dirty = 0
    while 0 < trunk <= pages and trunk not in seen:
        seen.add(trunk)
        page = raw[(trunk - 1) * size : trunk * size]
        words = [int.from_bytes(page[at : at + 4], "big") for at in range(0, size, 4)]
        count = min(words[1], len(words) - 2)
        leaves = [leaf for leaf in words[2 : 2 + count] if 0 < leaf <= pages]
        # Numbers of pages that were on the list earlier may stand behind it; nothing else may.
        dirty += any(word > pages for word in words[2 + count :])
        for leaf in leaves:
            dirty += any(raw[(leaf - 1) * size : leaf * size])
        trunk = words[0]
    if dirty:
        why = f"{dirty} free pages still hold what was deleted (secure_delete was off)"
        yield Finding("AUDIT-83", why, file.name)


def _in_log(found: Evidence, log: Path) -> Iterator[Finding]:
    questions = {
        question.encode()
        for one in found.rounds.values()
        for question, _ in one["frozen"]["questions"]
    }
    written = [*found.all_of("comment"), *found.all_of("idea")]
    comments = {row["text"].encode() for row in written if len(row["text"]) >= _LONG}
    if not log.stat().st_size:
        return
    with _bytes_of(log) as raw:
        yield from _in_clear(raw, log)
        if any(match[1] in questions for match in _CLICK.finditer(raw)):
            yield Finding("AUDIT-84", "an answer to a question stands in the log", log.name)
        yield from _comments_in(raw, comments, log)


def _comments_in(raw: mmap.mmap, comments: Iterable[bytes], log: Path) -> Iterator[Finding]:
    if any(raw.find(comment) >= 0 for comment in comments):
        yield Finding("AUDIT-85", "a comment stands in the log", log.name)


def _bytes_of(file: Path) -> "closing[mmap.mmap]":
    with file.open("rb") as opened:
        return closing(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ))
