"""The nouns of wording: what one language says about an instrument, and what a message key is.

How they are read from files: ``instrument_words`` and ``messages``; how they are filled: ``words``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FiveTexts = tuple[str, str, str, str, str]
"""One text for each of the values 1 to 5, in that order."""
Options = tuple[str, ...]
"""One text for each value of a scale, in its order."""


@dataclass(frozen=True)
class QuestionWords:
    """A question in one language.

    ``short`` labels it in charts and lists; ``talk`` is an open question for the team to talk
    about beside its figure. ``statements`` are its own options, on a scale of that style.
    """

    text: str
    short: str
    talk: str
    statements: Options | None = None


@dataclass(frozen=True)
class InstrumentWords:
    """An instrument in one language; ``scales`` and ``questions`` are keyed by id.

    ``levels`` and ``level_meanings`` name and explain an overall figure of 1 to 5, where the
    instrument speaks of levels (maturity: *passivt … skabende*).
    """

    title: str
    intro: str
    scales: Mapping[str, Options]
    questions: Mapping[str, QuestionWords]
    levels: FiveTexts | None = None
    level_meanings: FiveTexts | None = None


@dataclass(frozen=True)
class MessageKey:
    """A declared message: the values its template may name, and the kind that limits its length."""

    values: tuple[str, ...]
    kind: str
