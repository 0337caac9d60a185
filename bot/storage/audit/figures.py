"""Published figures: recomputed from rosters and from each other, never from answers.

What may be published is ruled in ``bot.privacy``; here a stored result is held against it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.results import Audience, Band, Bound, Label, QuestionFigure
from bot.domain.rounds import FIVE_POINTS
from bot.privacy.atoms import Place, places
from bot.privacy.labels import (
    DISTRIBUTION_FROM,
    FINE_FROM,
    lowest_shown,
    mean_label,
    overall,
    weight,
)
from bot.storage.audit import comments
from bot.storage.audit.evidence import COUNTED, Evidence, Row, by_round
from bot.storage.audit.report import Finding

LEAST = 5
"""The threshold no installation may go under."""
THRESHOLDS = (LEAST, 8)
_DATA = {"atom": {"answered", "invited", "overall", "questions", "nodes"}}
_DATA["parent"] = _DATA["atom"] - {"nodes"}
_QUESTION = {"question", "label", "dont_know", "distribution"}


@dataclass(frozen=True)
class Shown:
    """A stored figure, read anew."""

    kind: str
    audience: Audience
    at: str
    nodes: frozenset[str]
    answered: int
    invited: int
    questions: tuple[QuestionFigure, ...]
    overall: Label | None


def look(found: Evidence) -> Iterator[Finding]:
    """Yield what should not have been published, round by round."""
    figures = by_round(found.all_of("figure"))
    texts = by_round(found.all_of("comment"))
    for round_id, one in found.rounds.items():
        for problem in _rules(one):
            yield Finding("AUDIT-41", problem, "round", "frozen", round_id)
        yield from _bit(found, one)
        rows, said = figures.get(round_id, []), texts.get(round_id, [])
        if one["state"] not in COUNTED:
            for table in [name for name, has in (("figure", rows), ("comment", said)) if has]:
                why = f"something of a round that is {one['state']} was published"
                yield Finding("AUDIT-42", why, table, "", round_id)
            continue
        for code, column, why in _figures(found, one, rows):
            yield Finding(code, why, "figure", column, round_id)
        for code, column, why in comments.look(found, one, rows, said):
            yield Finding(code, why, "comment", column, round_id)


Problem = tuple[str, str, str]
"""Code, column, why."""


def _rules(one: Row) -> Iterator[str]:
    threshold, said = one["frozen"]["threshold"], one["frozen"]["comment_answers"]
    if threshold not in THRESHOLDS:
        yield f"counted from {threshold} answers; the least is {LEAST}, or a stricter 8"
    if not max(LEAST, threshold) <= said <= 10:
        yield f"comments are shown from {said} answers; it is {threshold} to 10"


def _bit(found: Evidence, one: Row) -> Iterator[Finding]:
    homes = {row["node_id"] for row in found.rosters.get(one["id"], [])}
    known = homes | set(one["tree"]["nodes"])
    told = one["reached"]
    if told and (not all(isinstance(bit, bool) for bit in told.values()) or told.keys() - known):
        why = "more is noted about an open round than one bit for each group"
        yield Finding("AUDIT-43", why, "round", "reached", one["id"])


def _figures(found: Evidence, one: Row, rows: list[Row]) -> Iterator[Problem]:
    shown = []
    for row in rows:
        data = json.loads(row["data"])
        extra = data.keys() - _DATA.get(row["kind"], set())
        extra |= {name for asked in data["questions"] for name in asked.keys() - _QUESTION}
        if extra:
            yield "AUDIT-44", "data", f"more than may be published: {', '.join(sorted(extra))}"
        try:
            shown.append(_read(row, data))
        except (KeyError, ValueError, TypeError) as wrong:
            yield "AUDIT-44", "data", f"not a figure ({type(wrong).__name__})"
            return
    root = _root(one)
    for audience in Audience:
        atoms = [f for f in shown if f.audience is audience and f.kind == "atom"]
        parents = [f for f in shown if f.audience is audience and f.kind == "parent"]
        yield from _atoms(found, one, root, atoms, audience)
        yield from _parents(one, root, atoms, parents)
    for figure in shown:
        yield from _labels(one, figure)


def _atoms(
    found: Evidence, one: Row, root: Place, atoms: list[Shown], audience: Audience
) -> Iterator[Problem]:
    threshold = one["frozen"]["threshold"]
    invited = found.invited(one["id"], audience)
    under = {place.at: {n for p in place.walk() for n in p.nodes} for place in root.walk()}
    covered: set[str] = set()
    for atom in atoms:
        if atom.answered < max(threshold, LEAST):
            yield "AUDIT-51", "data", f"a group with {atom.answered} answers, under {threshold}"
        if atom.answered > atom.invited:
            yield "AUDIT-52", "data", "a group with more answers than people"
        if covered & atom.nodes:
            yield "AUDIT-53", "data", "two groups overlap: one can be taken from the other"
        covered |= atom.nodes
        if atom.nodes - invited.keys() or atom.nodes - under.get(atom.at, set()):
            yield "AUDIT-54", "data", "a group counts nodes that were not invited there"
        expected = sum(invited.get(node, 0) for node in atom.nodes)
        if atom.invited != expected:
            yield "AUDIT-55", "data", f"invited is {atom.invited}, the roster says {expected}"
    if len({atom.at for atom in atoms}) != len(atoms):
        yield "AUDIT-53", "at_node", "two groups formed at one place"


def _labels(one: Row, figure: Shown) -> Iterator[Problem]:
    """Yield values that no drawing and clipping can have given."""
    for asked in figure.questions:
        parent = figure.kind == "parent"
        spread = asked.distribution is not None
        least = DISTRIBUTION_FROM if spread else one["frozen"]["threshold"]
        if asked.label is None:
            if asked.dont_know is not None or spread:
                yield "AUDIT-61", "data", "shares of a question whose figure is not shown"
            continue
        if figure.answered < least:
            yield "AUDIT-61", "data", "a distribution or a figure of too few answers"
        if parent and (asked.dont_know is not None or spread):
            yield "AUDIT-61", "data", "a figure above groups shows more than the mean of labels"
        scale = one["frozen"].get("scales", {}).get(asked.question, FIVE_POINTS)
        if not parent and not _possible(asked.label, least, figure.answered, scale):
            why = f"the label {asked.label.bound.value} {asked.label.value} is not rounded and "
            yield "AUDIT-62", "data", f"{why}clipped as {figure.answered} answers ask for"
    if figure.overall != overall(figure.questions, figure.answered):
        yield "AUDIT-63", "data", "the overall figure is not the mean of the labels shown"


def _possible(label: Label, least: int, most: int, scale: Sequence[int]) -> bool:
    """Tell whether a label can be that of some number of answers from ``least`` to ``most``."""
    value = label.value * 10
    if most < least or value != round(value):
        return False
    for n in {least, most, *(edge for edge in (9, 10, FINE_FROM) if least <= edge <= most)}:
        low = lowest_shown(n, scale)
        step = 1 if n >= FINE_FROM else 5
        fits = {
            Bound.AT_MOST: value == low,
            Bound.AT_LEAST: value == 60 - low,
            Bound.ABOUT: low < value < 60 - low and value % step == 0,
        }
        if fits[label.bound]:
            return True
    return False


def _parents(one: Row, root: Place, atoms: list[Shown], parents: list[Shown]) -> Iterator[Problem]:
    """Yield figures above groups that are not a function of what the groups show."""
    expected = {}
    for place in root.walk():
        inside = {below.at for below in place.walk()}
        below = [atom for atom in atoms if atom.at in inside]
        if len(below) > 1:
            expected[place.at] = _mean(one, below)
    stored = {figure.at: _plain(figure) for figure in parents}
    for at in sorted(expected.keys() | stored.keys()):
        if expected.get(at) != stored.get(at):
            why = f"the figure above the groups of {at} is not a function of their labels"
            yield "AUDIT-64", "data", why


def _mean(one: Row, atoms: list[Shown]) -> tuple[Any, ...]:
    answered = sum(atom.answered for atom in atoms)
    labels = {}
    for question, _ in one["frozen"]["questions"]:
        parts = [
            (asked.label, weight(atom.answered))
            for atom in atoms
            for asked in atom.questions
            if asked.question == question and asked.label is not None
        ]
        labels[question] = mean_label(parts, answered)
    return answered, sum(atom.invited for atom in atoms), labels


def _plain(figure: Shown) -> tuple[Any, ...]:
    labels = {asked.question: asked.label for asked in figure.questions}
    return figure.answered, figure.invited, labels


def _read(row: Row, data: Mapping[str, Any]) -> Shown:
    asked = tuple(
        QuestionFigure(
            one["question"],
            _label(one["label"]),
            Band(one["dont_know"]) if one["dont_know"] else None,
            tuple(Band(band) for band in one["distribution"]) if one["distribution"] else None,
        )
        for one in data["questions"]
    )
    return Shown(
        row["kind"],
        Audience(row["audience"]),
        row["at_node"],
        frozenset(data.get("nodes", ())),
        data["answered"],
        data["invited"],
        asked,
        _label(data["overall"]),
    )


def _label(data: Mapping[str, Any] | None) -> Label | None:
    return Label(data["value"], Bound(data["bound"])) if data else None


def _root(one: Row) -> Place:
    nodes = {key: (name, parent) for key, (name, parent) in one["tree"]["nodes"].items()}
    return places(tuple(one["frozen"]["scope"]), nodes, one["tree"]["units"])
