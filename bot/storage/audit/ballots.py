"""Slots and keys: exactly one slot for everybody invited while a round is open, and nothing after.

Slots are worked out again where a key is there; no ballot is opened.
"""

from collections.abc import Iterator

from bot.privacy.ballots import ballot_size
from bot.privacy.sealing import NONCE_BYTES, TAG_BYTES, RoundKey
from bot.storage.audit.evidence import STANDING, Evidence, KeyFolder, Row
from bot.storage.audit.report import Finding
from bot.storage.engine import files

_SEAL = NONCE_BYTES + TAG_BYTES


def slots(found: Evidence) -> Iterator[Finding]:
    """Yield what is wrong with the slots of each round."""
    for round_id, one in found.rounds.items():
        rows = found.slots.get(round_id, [])
        if one["state"] in STANDING:
            yield from _standing(found, one, rows)
        elif rows:
            why = f"{len(rows)} slots of a round that is {one['state']}"
            yield Finding("AUDIT-11", why, "slot", "", round_id)
    for round_id in found.slots.keys() - found.rounds.keys():
        yield Finding("AUDIT-11", "slots of a round that is not there", "slot", "", round_id)


def _standing(found: Evidence, one: Row, rows: list[Row]) -> Iterator[Finding]:
    round_id = one["id"]
    invited = [row["person_id"] for row in found.rosters.get(round_id, [])]
    if len(rows) != len(invited):
        why = f"{len(rows)} slots for {len(invited)} invited: it tells who is missing"
        yield Finding("AUDIT-12", why, "slot", "", round_id)
    ids = [row["slot"] for row in rows]
    if ids != sorted(ids):
        yield Finding("AUDIT-13", "slots lie in another order than their own", "slot", "", round_id)
    asked, comments = len(one["frozen"]["questions"]), one["frozen"]["comments"]
    size = ballot_size(asked, comments, one["instrument"]) + _SEAL
    lengths = {len(row["ballot"]) for row in rows}
    if lengths - {size}:
        why = f"ballots are not all of {size} bytes: their length tells something"
        yield Finding("AUDIT-14", why, "slot", "ballot", round_id)
    if len({row["ballot"] for row in rows}) != len(rows):
        yield Finding("AUDIT-15", "two ballots are alike, bit for bit", "slot", "ballot", round_id)
    raw = found.keys.key(round_id) if found.keys else None
    if raw is not None:
        key = RoundKey(raw)
        if {key.slot(person) for person in invited} != set(ids):
            why = "slots are not those of the people invited, under the round's key"
            yield Finding("AUDIT-16", why, "slot", "slot", round_id)


def key_folder(found: Evidence, keys: KeyFolder) -> Iterator[Finding]:
    """Yield keys that should be gone, tombstones that are missing, and doors that stand open."""
    for name, mode in sorted(keys.modes.items()):
        if mode & 0o077:
            why = f"others may read it (mode {mode:04o})"
            yield Finding("AUDIT-21", why, "key folder", "" if name == "." else name)
    for round_id in sorted(keys.keys & keys.tombstones):
        why = "a key lies beside its own tombstone"
        yield Finding("AUDIT-22", why, "key folder", "", round_id)
    for round_id, one in sorted(found.rounds.items()):
        if one["state"] in STANDING:
            continue
        if round_id in keys.keys - keys.tombstones:
            why = f"the key of a round that is {one['state']}: it opens copies of its ballots"
            yield Finding("AUDIT-23", why, "key folder", "", round_id)
        elif round_id not in keys.tombstones:
            why = "no tombstone: an old copy of key and database could open the round again"
            yield Finding("AUDIT-24", why, "key folder", "", round_id)


def files_open_to_others(found: Evidence) -> Iterator[Finding]:
    """Yield database files that others on the machine may read: they hold names and results."""
    for file in files(found.database):
        mode = file.stat().st_mode & 0o777
        if mode & 0o077:
            yield Finding("AUDIT-25", f"others may read it (mode {mode:04o})", file.name)


def notes(found: Evidence) -> Iterator[str]:
    """Yield what is as it should be, and still good to know."""
    standing = [one for one in found.rounds.values() if one["state"] in STANDING]
    if found.keys is None:
        yield "no key folder was given: keys, tombstones and the owners of slots were not checked"
        return
    if found.database.parent.absolute() in found.keys.path.absolute().parents:
        yield "the key folder lies beside the database: leave it out of every backup"
    for one in standing:
        yield _about_open(one, found.keys)
    strange = found.keys.keys - found.rounds.keys()
    if strange:
        yield f"{len(strange)} keys of rounds this database does not know: they open nothing here"


def _about_open(one: Row, keys: KeyFolder) -> str:
    start = f"round {one['id']} is {one['state']}"
    if one["id"] in keys.tombstones:
        return f"{start}, but its key was destroyed: this is an old copy, and it stays shut"
    if one["id"] not in keys.keys:
        return f"{start}, and its key is not here: nobody can open its ballots with these files"
    return (
        f"{start}: until it closes, whoever holds this database and this key folder together can "
        "see who has answered, and what"
    )
