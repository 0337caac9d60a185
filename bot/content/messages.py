"""Reads and checks the messages: their declared keys, and each language's templates.

What a template may do: ``templates``; how long it may get here: ``samples``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.content.documents import Document
from bot.content.faults import Code, FaultList
from bot.content.fields import Fields
from bot.content.limits import KINDS
from bot.content.samples import Samples
from bot.content.studies import Study, Use
from bot.content.tables import KeyPath, Leaf, Table, TomlFile
from bot.content.templates import study
from bot.content.wording import MessageKey
from bot.domain.languages import Language

_PART = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_VALUE = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED = frozenset(
    {"and", "else", "false", "if", "in", "is", "loop", "none", "not", "or", "true"}
)


@dataclass(frozen=True)
class Declared:
    """The declared keys and the files they are declared in; ``complete`` unless one was broken."""

    keys: Mapping[str, MessageKey]
    files: Mapping[str, TomlFile]
    complete: bool


def read_keys(document: Document, faults: FaultList) -> Declared:
    """Return every declared message, with the faults of the declarations noted."""
    keys: dict[str, MessageKey] = {}
    files: dict[str, TomlFile] = {}
    if document.absent:
        faults.missing(document.files[0], (), Code.MISSING_FILE)
    for layer in document.layers:
        for table in _declarations(layer, faults):
            name, key = ".".join(table.path), _key(table, faults)
            if keys.setdefault(name, key) != key:
                text = "the bot fills this message itself; its values and kind cannot change"
                faults.add(table.file, table.path, Code.CHANGED_MESSAGE, text)
            files.setdefault(name, table.file)
    return Declared(keys, files, complete=not (document.broken or document.absent))


def _declarations(table: Table, faults: FaultList) -> Iterator[Table]:
    """Yield the tables that declare a message: those below a group that hold values."""
    for item in table.items.values():
        if isinstance(item, Leaf):
            text = "a message is declared as a table of its own: [group.name]"
            faults.add(item.file, item.path, Code.WRONG_TYPE, text)
        elif len(item.path) > 1 and (not item.items or _has_leaf(item)):
            yield item
        else:
            yield from _declarations(item, faults)


def _has_leaf(table: Table) -> bool:
    return any(isinstance(item, Leaf) for item in table.items.values())


def _key(table: Table, faults: FaultList) -> MessageKey:
    fields = Fields(table, faults)
    if not all(_PART.fullmatch(part) for part in table.path):
        fields.fault_here(Code.WRONG_ID, "keys are lower case: a-z, 0-9, hyphen and underscore")
    values = fields.names("values")
    for value in values:
        if not _VALUE.fullmatch(value) or value in _RESERVED or values.count(value) > 1:
            fields.fault("values", Code.WRONG_ID, f"“{value}” cannot be the name of a value")
    kind = fields.choice("kind", tuple(KINDS), Code.UNKNOWN_CHOICE)
    fields.refuse_others()
    return MessageKey(values, kind)


def read_messages(
    declared: Declared, documents: Mapping[Language, Document], faults: FaultList
) -> Mapping[Language, Mapping[str, str]]:
    """Return each language's templates by key, with every fault noted.

    All languages are read before the lengths are measured: what a value is taken for in one
    language tells what it is in the others.
    """
    samples = {language: Samples(language) for language in documents}
    found = {
        language: _leaves(declared, document, faults) for language, document in documents.items()
    }
    for name, key in declared.keys.items():
        here = {language: leaves[name] for language, leaves in found.items() if name in leaves}
        _check_templates(key, here, samples, faults)
    return {
        language: {name: str(leaf.value) for name, leaf in leaves.items()}
        for language, leaves in found.items()
    }


def _leaves(declared: Declared, document: Document, faults: FaultList) -> Mapping[str, Leaf]:
    """Return the language's templates that are texts; report what is missing or too much."""
    found: dict[str, Leaf] = {}
    for name, file in declared.files.items():
        path: KeyPath = tuple(name.split("."))
        item = document.root.find(path)
        if item is None:
            faults.missing(document.file_in(file.folder), path, Code.MISSING_LANGUAGE)
        elif isinstance(item, Table) or not isinstance(item.value, str):
            faults.add(item.file, path, Code.WRONG_TYPE, "this must be a text")
        else:
            found[name] = item
    if declared.complete:
        for leaf in document.root.leaves():
            if ".".join(leaf.path) not in declared.keys and not _under_key(declared, leaf.path):
                text = "no message is declared with this key"
                faults.add(leaf.file, leaf.path, Code.UNDECLARED_MESSAGE, text)
    return found


def _under_key(declared: Declared, path: KeyPath) -> bool:
    """Tell whether a message stands above: that one has been reported as no text."""
    return any(".".join(path[:length]) in declared.keys for length in range(1, len(path)))


def _check_templates(
    key: MessageKey,
    leaves: Mapping[Language, Leaf],
    samples: Mapping[Language, Samples],
    faults: FaultList,
) -> None:
    studies = {
        language: study(str(leaf.value), key.values, samples[language].sandbox)
        for language, leaf in leaves.items()
    }
    uses = _uses(key, studies)
    for language, leaf in leaves.items():
        template, found = str(leaf.value), studies[language]
        problems = list(_problems(key, template, found, uses))
        if not problems:
            problems = list(samples[language].problems(template, key, found, uses))
        for code, text in problems:
            faults.add(leaf.file, leaf.path, code, text)


def _uses(key: MessageKey, studies: Mapping[Language, Study]) -> Mapping[str, Use]:
    """Return what each value is: what most languages take it for, else the most telling use.

    A number may also be written plainly, so text is no vote against it.
    """
    found: dict[str, Use] = {}
    for name in key.values:
        votes = Counter(use for one in studies.values() for use in one.uses.get(name, ()))
        if Use.NUMBER in votes:
            votes[Use.NUMBER] += votes.pop(Use.TEXT, 0)
        found[name] = max(Use, key=votes.__getitem__) if votes else Use.TEXT
    return found


def _problems(
    key: MessageKey, template: str, found: Study, uses: Mapping[str, Use]
) -> Iterator[tuple[Code, str]]:
    yield from found.problems
    if not template.strip():
        yield Code.EMPTY_TEXT, "this text is empty"
    for name in key.values:
        for use in sorted(found.uses.get(name, ())):
            if use is not uses[name] and {use, uses[name]} != {Use.NUMBER, Use.TEXT}:
                text = f"“{name}” is {uses[name]} and is used as {use} here; a filter writes it"
                yield Code.MIXED_VALUE, text
