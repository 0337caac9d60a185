"""The verbs of ``/trivsel``: any language works for anybody, marks may be left out.

Which words mean which verb is content (``verbs.*``): the first is the verb's name in the language,
the others are understood too.
"""

import difflib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.model import Pack
from bot.content.words import Words
from bot.domain.languages import LANGUAGES

VERBS = (
    "checkin",
    "maturity",
    "dialogue",
    "action",
    "results",
    "digest",
    "away",
    "plan",
    "settings",
    "privacy",
    "help",
)
MENU = "menu"
_DOUBLED = str.maketrans(dict(zip("åøöä", ("aa", "oe", "oe", "ae"), strict=True)))
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "é": "e"})


@dataclass(frozen=True)
class Understood:
    """A verb and what was typed after it."""

    verb: str
    rest: str = ""


@dataclass(frozen=True)
class NotUnderstood:
    """No verb; ``nearest`` is the one that may have been meant."""

    typed: str
    nearest: str | None


def understand(pack: Pack, text: str) -> Understood | NotUnderstood:
    """Return the verb meant by what stands after ``/trivsel``; nothing at all is the menu.

    One letter wrong in a word of five or more is understood; what is further off is asked about.
    """
    first, *more = text.split(maxsplit=1) or [""]
    if not first:
        return Understood(MENU)
    rest = more[0].strip() if more else ""
    spoken = _spoken(pack)
    for key in _folded("".join(text.split())):
        if key in spoken:  # also "hvem ser hvad" and "check in", as two or three words
            return Understood(spoken[key])
    for key in _folded(first):
        if key in spoken:
            return Understood(spoken[key], rest)
    close = difflib.get_close_matches(_folded(first)[0], spoken, n=1, cutoff=0.6)
    if not close:
        return NotUnderstood(first, None)
    alike = difflib.SequenceMatcher(None, _folded(first)[0], close[0]).ratio()
    if alike >= 0.85 and len(first) >= 5:
        return Understood(spoken[close[0]], rest)
    return NotUnderstood(first, spoken[close[0]])


def name_of(words: Words, verb: str) -> str:
    """Return the verb's name in the reader's language."""
    return words(f"verbs.{verb}").split(",")[0].strip()


def _spoken(pack: Pack) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        words = pack.words(language)
        for verb in VERBS:
            for word in words(f"verbs.{verb}").split(","):
                for key in _folded(word):
                    found.setdefault(key, verb)
    return found


def _folded(word: str) -> tuple[str, ...]:
    """Return how a word may be typed: å as a or aa, ø and ö as o or oe, æ and ä as a or ae."""
    plain = unicodedata.normalize("NFC", word).strip().lower().replace("-", "").replace("_", "")
    doubled = plain.translate(_DOUBLED)
    bare = plain.replace("æ", "a").translate(_LETTERS)
    return plain.translate(_LETTERS), doubled.translate(_LETTERS), bare
