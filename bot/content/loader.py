"""Loads a content pack: reads its folders, has everything checked, and hands over a ``Pack``.

Wrong content never starts a bot: ``load`` either returns a pack without faults or raises all of
them at once.
"""

from collections.abc import Mapping
from pathlib import Path

from bot.content.documents import KEYS, PACK, SOURCES, STRUCTURE, Document, Shelf
from bot.content.faults import Code, FaultList
from bot.content.fields import Fields
from bot.content.instrument_structure import WHOLE, read_structure
from bot.content.instrument_words import has_levels, read_words
from bot.content.messages import read_keys, read_messages
from bot.content.model import Instrument, InstrumentWords, Pack, Source
from bot.domain.languages import LANGUAGES, Language


def shipped_folder() -> Path:
    """Return the folder of the pack that comes with the bot: in the wheel, or in the sources."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_content"
    return installed if installed.is_dir() else package.parent / "content"


def load(*folders: Path) -> Pack:
    """Return the pack in the first folder with the later ones laid over it; the shipped by default.

    A later folder is an organisation's own. It may hold any part of a pack: a text replaces the
    text with the same key, a question's structure replaces that question, a new instrument is
    added. Raises ``ContentFaults`` with every fault of every folder.
    """
    faults = FaultList()
    shelf = Shelf(folders or (shipped_folder(),), faults)
    shelf.refuse_other_files()
    name, version = _read_pack(shelf.document(PACK), faults)
    sources = _read_sources(shelf.document(SOURCES, ("sources",)), faults)
    instruments, words = _read_instruments(shelf, sources, faults)
    declared = read_keys(shelf.document(f"messages/{KEYS}"), faults)
    messages = read_messages(
        declared,
        {language: shelf.document(f"messages/{language}.toml") for language in LANGUAGES},
        faults,
    )
    faults.raise_if_any()
    return Pack(
        name=name,
        version=version,
        sources=sources or {},
        instruments=instruments,
        instrument_words=words,
        keys=declared.keys,
        messages=messages,
    )


def _read_pack(document: Document, faults: FaultList) -> tuple[str, int]:
    if document.absent:
        faults.missing(document.files[0], (), Code.MISSING_FILE)
    if document.broken or document.absent:
        return "", 1
    fields = Fields(document.root, faults)
    name, version = fields.text("name"), fields.number("version")
    languages = fields.tags("languages", LANGUAGES, Code.UNKNOWN_LANGUAGE)
    for language in LANGUAGES:
        if language not in languages:
            text = f"every pack speaks {', '.join(LANGUAGES)}; “{language}” is missing"
            fields.fault("languages", Code.MISSING_LANGUAGE, text)
    fields.refuse_others()
    return name, version


def _read_sources(document: Document, faults: FaultList) -> Mapping[str, Source] | None:
    """Return the works by id, or ``None`` when they cannot be known."""
    if document.absent:
        faults.missing(document.files[0], (), Code.MISSING_FILE)
    if document.broken or document.absent:
        return None
    fields = Fields(document.root, faults)
    found = {}
    for name, source in fields.tables("sources"):
        found[name] = Source(
            id=name,
            title=source.text("title"),
            publisher=source.text("publisher"),
            language=source.text("language"),
            year=source.number("year") if "year" in source.table.items else None,
        )
        source.refuse_others()
    fields.refuse_others()
    return found


def _read_instruments(
    shelf: Shelf, sources: Mapping[str, Source] | None, faults: FaultList
) -> tuple[dict[str, Instrument], dict[Language, dict[str, InstrumentWords]]]:
    instruments: dict[str, Instrument] = {}
    words: dict[Language, dict[str, InstrumentWords]] = {language: {} for language in LANGUAGES}
    known = None if sources is None else tuple(sources)
    for name in shelf.instruments():
        structure = shelf.document(f"instruments/{name}/{STRUCTURE}", WHOLE)
        documents = {
            language: shelf.document(f"instruments/{name}/{language}.toml")
            for language in LANGUAGES
        }
        instrument = read_structure(name, structure, known, faults)
        if instrument is None:
            continue
        instruments[name] = instrument
        levels = any(has_levels(document) for document in documents.values())
        for language, document in documents.items():
            words[language][name] = read_words(instrument, structure, document, levels, faults)
    return instruments, words
