"""Shows a whole instrument as plain text, for whoever writes or reads it before it is asked.

The words are the language's own; what surrounds them is for the author and stays in English.
"""

from collections.abc import Iterator

from bot.content.model import Instrument, Pack, Question
from bot.domain.languages import Language

_INDENT = " " * 4


def preview(pack: Pack, instrument_id: str, language: Language) -> str:
    """Return title, introduction and every question with options, tags, good end and source.

    Raises ``KeyError`` when the pack has no such instrument.
    """
    instrument = pack.instruments[instrument_id]
    lines = list(_heading(pack, instrument, language))
    for number, question in enumerate(instrument.questions, 1):
        lines += ["", *_question(pack, instrument, question, number, language)]
    lines += _levels(pack, instrument, language)
    return "\n".join(lines) + "\n"


def _heading(pack: Pack, instrument: Instrument, language: Language) -> Iterator[str]:
    words = pack.words(language).instrument(instrument.id)
    yield words.title
    yield "=" * len(words.title)
    yield words.intro
    yield ""
    yield f"{instrument.id}, version {instrument.version}, in {language}"
    yield _asks(instrument)
    yield f"comment box: {_yes(instrument.comment)}"
    yield f"leads counted apart: {_yes(instrument.leads_apart)}"
    yield "sources:"
    yield from (f"{_INDENT}{_source(pack, one)}" for one in instrument.sources)


def _asks(instrument: Instrument) -> str:
    count = len(instrument.questions)
    if instrument.order == "fixed":
        return f"asks all {count} questions, in this order"
    fewest, most = instrument.ask
    return f"asks {fewest} to {most} of {count} questions a time, the anchor first"


def _question(
    pack: Pack, instrument: Instrument, question: Question, number: int, language: Language
) -> Iterator[str]:
    words = pack.words(language).instrument(instrument.id).questions[question.id]
    options = pack.options(instrument.id, question.id, language)
    yield f"{number}. {words.text}"
    good = 5 if question.pole == "high" else 1
    for value, option in options:
        yield f"{_INDENT}{value}  {option}{'   (the good end)' if value == good else ''}"
    yield f"{_INDENT}label: {words.short}"
    yield f"{_INDENT}to talk about: {words.talk}"
    yield f"{_INDENT}id: {question.id}{' (asked every time)' if question.anchor else ''}"
    yield f"{_INDENT}asks for: {'what works' if question.resource else 'a strain'}"
    for name in ("sides", "balances", "dimensions", "marks"):
        if tags := getattr(question, name):
            yield f"{_INDENT}{name}: {', '.join(tags)}"
    yield f"{_INDENT}source: {_source(pack, question.source)}"


def _levels(pack: Pack, instrument: Instrument, language: Language) -> Iterator[str]:
    words = pack.words(language).instrument(instrument.id)
    if words.levels is None or words.level_meanings is None:
        return
    yield ""
    yield "Levels of the overall figure"
    for value, name, meaning in zip("12345", words.levels, words.level_meanings, strict=True):
        yield f"{_INDENT}{value}  {name}: {meaning}"


def _source(pack: Pack, source: str) -> str:
    work = pack.sources[source]
    year = f", {work.year}" if work.year else ""
    return f"{work.title} ({work.publisher}{year})"


def _yes(flag: bool) -> str:
    return "yes" if flag else "no"
