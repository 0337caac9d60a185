"""Finding options by what somebody types. Pure.

Case, accents and the ways one letter is written in our languages make no difference: "aase" finds
Åse, "jorgen" Jørgen, "soren" Sören.
"""

import re
import unicodedata
from collections.abc import Iterable

_AS_ONE = (("æ", "ae"), ("ø", "oe"), ("ä", "ae"), ("ö", "oe"), ("å", "aa"))
_SHORT = (("ae", "a"), ("oe", "o"), ("aa", "a"), ("ð", "d"), ("þ", "th"), ("ł", "l"), ("đ", "d"))
_WORDS = re.compile(r"\w+")

Option = tuple[str, str]
"""A value and its label."""


def found(options: Iterable[Option], typed: str) -> list[Option]:
    """Return the options whose label has everything typed in it, best first.

    First those in which each typed word begins a word, then the others; in each, the order they
    came in. Nothing typed: all of them.
    """
    whole = _folded(typed).strip()
    wanted = _WORDS.findall(whole)
    begin: list[Option] = []
    within: list[Option] = []
    for option in options:
        label = _folded(option[1])
        words = _WORDS.findall(label)
        if all(any(word.startswith(one) for word in words) for one in wanted) and (
            wanted or whole in label
        ):
            begin.append(option)
        elif whole in label or (wanted and all(one in label for one in wanted)):
            within.append(option)
    return [*begin, *within]


def _folded(text: str) -> str:
    """Return a text in which letters that people write in several ways are one."""
    text = unicodedata.normalize("NFC", text.casefold())
    for letter, two in _AS_ONE:
        text = text.replace(letter, two)
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    for two, one in _SHORT:
        bare = bare.replace(two, one)
    return bare
