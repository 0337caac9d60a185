"""Checks content without starting a bot: every fault of some folders, and messages nobody sends.

The checks themselves stand beside what they read: ``instrument_structure``, ``instrument_words``,
``messages``, ``samples``.
"""

from collections.abc import Collection
from pathlib import Path

from bot.content.documents import KEYS
from bot.content.faults import Code, ContentFaults, Fault
from bot.content.loader import load
from bot.content.model import Pack


def check(*folders: Path) -> tuple[Fault, ...]:
    """Return every fault of the pack in ``folders``, as for ``load``; empty when it may be used."""
    try:
        load(*folders)
    except ContentFaults as found:
        return found.faults
    return ()


def check_used(
    pack: Pack, used: Collection[str], prefixes: Collection[str] = ()
) -> tuple[Fault, ...]:
    """Return a fault for every declared message that is not in ``used``.

    ``prefixes`` are the beginnings of keys that are put together while the bot runs, such as
    ``"state."``; what begins so counts as used.
    """
    text = "no part of the bot sends this message"
    return tuple(
        Fault(Path("messages") / KEYS, key, None, Code.UNUSED_MESSAGE, text)
        for key in sorted(pack.keys)
        if key not in used and not key.startswith(tuple(prefixes))
    )
