"""Reads and checks one language's words of an instrument against its structure."""

from collections.abc import Sequence
from typing import cast

from bot.content import limits
from bot.content.documents import Document
from bot.content.faults import Code, FaultList
from bot.content.limits import Limit
from bot.content.model import Instrument, Scale
from bot.content.tables import KeyPath, Leaf, Table, TomlFile
from bot.content.wording import FiveTexts, InstrumentWords, Options, QuestionWords
from bot.domain.rounds import FIVE_POINTS

LEVEL_TABLES = ("levels", "level_meanings")


def read_words(
    instrument: Instrument,
    structure: Document,
    document: Document,
    levels: bool,
    faults: FaultList,
) -> InstrumentWords:
    """Return the instrument's words in one language, with every fault noted.

    ``structure`` tells which folder declared what, for there the words are due as well; with
    ``levels`` the level names and meanings are due too, as another language has them.
    """
    reading = _Reading(structure, document, faults)
    words = InstrumentWords(
        title=reading.text(("title",), limits.TITLE),
        intro=reading.text(("intro",), limits.INTRO),
        scales={
            scale.id: reading.options(("scales", scale.id), scale.values, limits.SCALE_WORD)
            for scale in instrument.scales.values()
            if scale.style == "words"
        },
        questions={
            question.id: _question(reading, question.id, instrument.scales.get(question.scale))
            for question in instrument.questions
        },
        levels=reading.five(("levels",), limits.LEVEL) if levels else None,
        level_meanings=(
            reading.five(("level_meanings",), limits.LEVEL_MEANING) if levels else None
        ),
    )
    reading.refuse_others()
    return words


def has_levels(document: Document) -> bool:
    """Tell whether the words speak of levels."""
    return any(key in document.root.items for key in LEVEL_TABLES)


def _question(reading: "_Reading", question: str, scale: Scale | None) -> QuestionWords:
    here = ("questions", question)
    own = scale.values if scale is not None and scale.style == "statements" else None
    return QuestionWords(
        text=reading.text((*here, "text"), limits.QUESTION),
        short=reading.text((*here, "short"), limits.SHORT),
        talk=reading.text((*here, "talk"), limits.TALK),
        statements=reading.options(here, own, limits.STATEMENT) if own else None,
    )


class _Reading:
    """Remembers which keys were asked for, so that the others can be called unknown."""

    def __init__(self, structure: Document, document: Document, faults: FaultList) -> None:
        self._structure = structure
        self._document = document
        self._faults = faults
        self._wanted: set[KeyPath] = set()

    def text(self, path: KeyPath, limit: Limit) -> str:
        """Return the text at ``path``, or an empty one with its fault noted."""
        self._wanted.update(path[:length] for length in range(1, len(path) + 1))
        found = self._document.root.find(path)
        if found is None:
            due = self._document.file_in(self._declared(path).folder)
            self._faults.missing(due, path, Code.MISSING_LANGUAGE)
            return ""
        if isinstance(found, Table) or not isinstance(found.value, str):
            self._faults.add(found.file, path, Code.WRONG_TYPE, "this must be a text")
            return ""
        self._check(found, found.value, limit)
        return found.value

    def options(self, path: KeyPath, values: Sequence[int], limit: Limit) -> Options:
        """Return the texts of a scale's values below ``path``."""
        return tuple(self.text((*path, str(value)), limit) for value in values)

    def five(self, path: KeyPath, limit: Limit) -> FiveTexts:
        """Return the texts of the values 1 to 5 below ``path``."""
        return cast(FiveTexts, self.options(path, FIVE_POINTS, limit))

    def refuse_others(self) -> None:
        """Report every key nothing asked for, at the highest table that is unknown."""
        for leaf in self._document.root.leaves():
            unknown = next(
                (
                    leaf.path[:length]
                    for length in range(1, len(leaf.path) + 1)
                    if leaf.path[:length] not in self._wanted
                ),
                None,
            )
            if unknown is not None and not self._left_behind(leaf):
                self._faults.add(leaf.file, unknown, Code.UNKNOWN_KEY, "nothing reads this key")

    def _check(self, leaf: Leaf, text: str, limit: Limit) -> None:
        if not text.strip():
            self._faults.add(leaf.file, leaf.path, Code.EMPTY_TEXT, "this text is empty")
        if len(text) > limit.most:
            too_long = f"{len(text)} characters; at most {limit.most}: {limit.reason}"
            self._faults.add(leaf.file, leaf.path, Code.TOO_LONG, too_long)

    def _declared(self, path: KeyPath) -> TomlFile:
        """Return the structure file that declares what the words at ``path`` belong to."""
        item = self._structure.root.find(path[:2])
        return item.file if item is not None else self._structure.root.file

    def _left_behind(self, leaf: Leaf) -> bool:
        """Tell whether a later folder changed the structure these words once fitted."""
        folders = [file.folder for file in self._document.files]
        declared = self._declared(leaf.path).folder
        return folders.index(declared) > folders.index(leaf.file.folder)
