"""The auditor anyone can run: what can be linked in a database, with and without its key folder.

It opens the files as an attacker would, changes nothing, and shares no query with the bot. It says
nothing can be linked, or exactly what: which round, table and column, and why.

- ``evidence``  what was copied: rows, and the key folder.
- ``schema``    places where a person, a time and an answer could meet.
- ``ballots``   slots and keys.
- ``notes``     the outbox and the conversations.
- ``figures``   what was published, recomputed; its comments in ``comments``.
- ``talks``     dialogues: their ideas and their votes.
- ``traces``    what lies in the files outside any row.
- ``report``    what is said about it.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from bot.storage.audit import ballots, figures, notes, schema, talks, traces
from bot.storage.audit.evidence import Evidence, evidence, look_into
from bot.storage.audit.report import Finding, Report

__all__ = ["Finding", "Report", "audit"]

SETTLE_SECONDS = 1.0
"""Between the commit that closes a round and the end of its key lie a few milliseconds."""


def audit(database: Path, keys: Path | None = None, logs: Sequence[Path] = ()) -> Report:
    """Return what can be linked in a database, live or a backup; nothing is changed.

    Without ``keys`` all that concerns the key folder is left out, and the report says so. ``logs``
    are log files to look through. Raise ``StorageUnusable`` when something cannot be read.
    """
    with evidence(database, keys) as found:
        findings = [*schema.walk(found)]
        if not any(one.code == "AUDIT-01" for one in findings):
            findings += _contents(found, logs)
        told = tuple(ballots.notes(found))
        looked_at = {
            "rounds": len(found.rounds),
            "slots": sum(map(len, found.slots.values())),
            "people": len(found.people),
            "tables": len(found.tables),
            "files": len(logs) + 1,
        }
    return Report(tuple(dict.fromkeys(findings)), told, looked_at)


def _contents(found: Evidence, logs: Sequence[Path]) -> list[Finding]:
    return [
        *ballots.files_open_to_others(found),
        *ballots.slots(found),
        *_about_keys(found),
        *notes.look(found),
        *figures.look(found),
        *talks.look(found),
        *traces.look(found, logs),
    ]


def _about_keys(found: Evidence) -> list[Finding]:
    """Look at the key folder, and again a moment later: a round may be closing as we look."""
    if found.keys is None:
        return []
    first = [*ballots.key_folder(found, found.keys)]
    if not first:
        return []
    time.sleep(SETTLE_SECONDS)
    again = {*ballots.key_folder(found, look_into(found.keys.path))}
    return [one for one in first if one in again]
