"""The nouns of content: instruments, scales, questions, and the pack that holds them.

No words stand in an instrument and no structure in its words; the two meet by id, in ``Pack``.
Reading and checking: ``loader``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bot.content.wording import (
    FiveTexts,
    InstrumentWords,
    MessageKey,
    Options,
    QuestionWords,
)
from bot.content.words import Words
from bot.domain.languages import LANGUAGES, Language
from bot.domain.rounds import FIVE_POINTS

__all__ = [
    "BALANCES",
    "DIMENSIONS",
    "MARKS",
    "SIDES",
    "FiveTexts",
    "Instrument",
    "InstrumentWords",
    "MessageKey",
    "Options",
    "Pack",
    "Question",
    "QuestionWords",
    "Scale",
    "Source",
    "Words",
]

Order = Literal["rotate", "fixed"]
Pole = Literal["high", "low"]
Style = Literal["words", "statements"]

SCALES = (FIVE_POINTS, (1, 3, 5))
"""The values a scale may have. A new one passes the enumerator in the privacy tests first."""

SIDES = ("health", "safety", "environment", "relations", "purpose")
"""The five sides of well-being (domain, 4)."""
BALANCES = (
    "demands-resources",
    "effort-reward",
    "time-quality",
    "draining-energising",
    "competence-challenge",
    "work-private",
)
"""The six balances (domain, 4)."""
DIMENSIONS = (
    "culture",
    "content",
    "workload",
    "schedule",
    "control",
    "environment",
    "relations",
    "role",
    "career",
    "home",
)
"""The ten dimensions of the psychosocial environment (domain, 4)."""
MARKS = ("participation", "influence", "development", "recovery", "knowledge", "responsibility")
"""The marks of a health-promoting workplace (domain, 2)."""


@dataclass(frozen=True)
class Source:
    """A work the content draws its meaning from, never its sentences; ``year`` where it has one."""

    id: str
    title: str
    publisher: str
    language: str
    year: int | None = None


@dataclass(frozen=True)
class Scale:
    """Values from 1 to 5, rising: five of them, or three (1, 3, 5).

    "Don't know" (0) belongs to every scale and has no words of its own.
    """

    id: str
    style: Style
    values: tuple[int, ...] = FIVE_POINTS


@dataclass(frozen=True)
class Question:
    """One question's structure. ``pole`` says which end is good; the tags say what it is about."""

    id: str
    scale: str
    pole: Pole
    source: str
    anchor: bool = False
    resource: bool = False
    sides: tuple[str, ...] = ()
    balances: tuple[str, ...] = ()
    dimensions: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instrument:
    """A question set. ``ask`` is the fewest and the most questions a time; all, when fixed."""

    id: str
    version: int
    order: Order
    ask: tuple[int, int]
    comment: bool
    leads_apart: bool
    sources: tuple[str, ...]
    scales: Mapping[str, Scale]
    questions: tuple[Question, ...]

    def question(self, question: str) -> Question:
        """Return one question by id; raises ``KeyError``."""
        return self._by_id[question]

    @cached_property
    def _by_id(self) -> Mapping[str, Question]:
        return {question.id: question for question in self.questions}


@dataclass(frozen=True)
class Pack:
    """Everything the bot can ask and say, in every language; already found to be without faults."""

    name: str
    version: int
    sources: Mapping[str, Source]
    instruments: Mapping[str, Instrument]
    instrument_words: Mapping[Language, Mapping[str, InstrumentWords]]
    keys: Mapping[str, MessageKey]
    messages: Mapping[Language, Mapping[str, str]]

    def words(self, language: Language) -> Words:
        """Return the pack's words in one language; the same object every time."""
        return self._voices[language]

    @cached_property
    def _voices(self) -> Mapping[Language, Words]:
        return {
            language: Words(
                language, self.keys, self.messages[language], self.instrument_words[language]
            )
            for language in LANGUAGES
        }

    def options(
        self, instrument: str, question: str, language: Language
    ) -> tuple[tuple[int, str], ...]:
        """Return each value of one question's scale with what it is called there.

        Raises ``KeyError`` for an instrument or question the pack does not have.
        """
        asked = self.instruments[instrument]
        values = asked.scales[asked.question(question).scale].values
        words = self.option_words(instrument, question, language)
        return tuple(zip(values, words, strict=True))

    def option_words(self, instrument: str, question: str, language: Language) -> Options:
        """Return what a scale's values are called at one question, whatever the scale's style.

        Raises ``KeyError`` for an instrument or question the pack does not have.
        """
        words = self.instrument_words[language][instrument]
        statements = words.questions[question].statements
        if statements is not None:
            return statements
        return words.scales[self.instruments[instrument].question(question).scale]
