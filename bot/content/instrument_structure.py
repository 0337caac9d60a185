"""Reads and checks an instrument's structure: order, scales, questions, tags. No words here."""

import re
from collections.abc import Mapping, Sequence
from typing import get_args

from bot.content.documents import Document
from bot.content.faults import Code, FaultList
from bot.content.fields import Fields
from bot.content.model import (
    BALANCES,
    DIMENSIONS,
    MARKS,
    SCALES,
    SIDES,
    Instrument,
    Order,
    Pole,
    Question,
    Scale,
    Style,
)
from bot.domain.rounds import FIVE_POINTS

WHOLE = ("questions", "scales")
"""A folder laid over another replaces these as wholes: a half-changed question is nobody's."""

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ORDERS: tuple[Order, ...] = get_args(Order)
_POLES: tuple[Pole, ...] = get_args(Pole)
_STYLES: tuple[Style, ...] = get_args(Style)


def read_structure(
    instrument_id: str, document: Document, sources: Sequence[str] | None, faults: FaultList
) -> Instrument | None:
    """Return the instrument, with every fault of its structure noted; ``None`` if unreadable.

    ``instrument_id`` is its folder's name and must be its id; ``sources`` are the known works
    (``None`` when they could not be read, and so cannot be checked against).
    """
    if document.broken:
        return None
    if document.absent:
        home = next(file for file in document.files if file.path.parent.is_dir())
        faults.missing(home, (), Code.MISSING_FILE)
        return None
    fields = Fields(document.root, faults)
    _check_instrument_id(fields, instrument_id)
    order = fields.choice("order", _ORDERS, Code.UNKNOWN_CHOICE)
    scales = _scales(fields)
    questions = _questions(fields, tuple(scales), sources)
    instrument = Instrument(
        id=instrument_id,
        version=fields.number("version"),
        order=order,
        ask=_ask(fields, order, questions),
        comment=fields.flag("comment"),
        leads_apart=fields.flag("leads_apart"),
        sources=_known(fields, "sources", sources),
        scales=scales,
        questions=questions,
    )
    fields.refuse_others()
    _check_anchor(fields, instrument)
    _check_unused_scales(document, instrument, faults)
    return instrument


def _check_instrument_id(fields: Fields, folder: str) -> None:
    found = fields.text("id")
    if found and (found != folder or not _ID.fullmatch(found)):
        text = f"the id must be the folder's name (“{folder}”), in a-z, 0-9 and hyphens"
        fields.fault("id", Code.WRONG_ID, text)


def _check_id(fields: Fields, name: str) -> None:
    if not _ID.fullmatch(name):
        fields.fault_here(Code.WRONG_ID, f"“{name}”: ids are lower case: a-z, 0-9 and hyphens")


def _scales(fields: Fields) -> Mapping[str, Scale]:
    found = {}
    for name, scale in fields.tables("scales"):
        _check_id(scale, name)
        style = scale.choice("style", _STYLES, Code.UNKNOWN_CHOICE)
        found[name] = Scale(name, style, _values(scale))
        scale.refuse_others()
    return found


def _values(scale: Fields) -> tuple[int, ...]:
    """Return a scale's values; all five where the field is left out."""
    values = scale.numbers("values")
    if values is None:
        return FIVE_POINTS
    if values not in SCALES:
        known = " or ".join(str(list(one)) for one in SCALES)
        scale.fault("values", Code.UNKNOWN_CHOICE, f"the values of a scale are {known}")
        return FIVE_POINTS
    return values


def _questions(
    fields: Fields, scales: Sequence[str], sources: Sequence[str] | None
) -> tuple[Question, ...]:
    found = []
    for name, question in fields.tables("questions"):
        _check_id(question, name)
        found.append(_question(name, question, scales, sources))
        question.refuse_others()
    return tuple(found)


def _question(
    name: str, fields: Fields, scales: Sequence[str], sources: Sequence[str] | None
) -> Question:
    scale, source = fields.text("scale"), fields.text("source")
    fields.check_known("scale", scale, scales, Code.UNKNOWN_SCALE)
    if sources is not None:
        fields.check_known("source", source, sources, Code.UNKNOWN_SOURCE)
    return Question(
        id=name,
        scale=scale,
        pole=fields.choice("pole", _POLES, Code.UNKNOWN_POLE),
        source=source,
        anchor=fields.flag("anchor", default=False),
        resource=fields.flag("resource"),
        sides=fields.tags("sides", SIDES, Code.UNKNOWN_TAG),
        balances=fields.tags("balances", BALANCES, Code.UNKNOWN_TAG),
        dimensions=fields.tags("dimensions", DIMENSIONS, Code.UNKNOWN_TAG),
        marks=fields.tags("marks", MARKS, Code.UNKNOWN_TAG),
    )


def _known(fields: Fields, key: str, sources: Sequence[str] | None) -> tuple[str, ...]:
    if sources is None:
        return fields.names(key)
    return fields.tags(key, sources, Code.UNKNOWN_SOURCE)


def _ask(fields: Fields, order: Order, questions: Sequence[Question]) -> tuple[int, int]:
    """Return how many questions a time; a fixed order asks them all."""
    everything = (len(questions), len(questions))
    if order == "fixed":
        fields.refuse("ask", "a fixed instrument asks all its questions; leave “ask” out")
        return everything
    ask = fields.pair("ask")
    if ask is None:
        return everything
    fewest, most = ask
    if not 1 <= fewest <= most <= len(questions):
        text = f"fewest and most questions must lie in order between 1 and {len(questions)}"
        fields.fault("ask", Code.ASK_BOUNDS, text)
    elif sum(question.resource for question in questions) < (most + 1) // 2:
        text = f"half of {most} questions must be resource = true; there are too few"
        fields.fault("ask", Code.RESOURCE_SHARE, text)
    return ask


def _check_anchor(fields: Fields, instrument: Instrument) -> None:
    anchors = [question.id for question in instrument.questions if question.anchor]
    if instrument.order == "fixed":
        for anchor in anchors:
            text = "only a rotating instrument has an anchor"
            fields.fault_at(("questions", anchor, "anchor"), Code.ANCHOR_COUNT, text)
    elif not anchors:
        text = "a rotating instrument has exactly one anchor, this one has none"
        fields.fault("questions", Code.ANCHOR_COUNT, text)
    else:
        for anchor in anchors[1:]:
            text = f"a rotating instrument has exactly one anchor; {anchors[0]} is one already"
            fields.fault_at(("questions", anchor, "anchor"), Code.ANCHOR_COUNT, text)


def _check_unused_scales(document: Document, instrument: Instrument, faults: FaultList) -> None:
    """A scale may go out of use when an own folder replaces questions; in one folder it may not."""
    if sum(file.text is not None for file in document.files) > 1:
        return
    used = {question.scale for question in instrument.questions}
    for name in instrument.scales:
        if name not in used:
            path = ("scales", name)
            faults.add(document.root.file, path, Code.UNUSED_SCALE, "no question uses this scale")
