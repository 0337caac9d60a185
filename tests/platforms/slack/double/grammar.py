"""The words Block Kit's rules are written in: small checks that are put together to larger ones.

A check takes a value and its path and gives the faults as texts that never quote the value.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Check = Callable[[Any, str], Iterator[str]]


@dataclass(frozen=True)
class Shape:
    """An object: its required and optional keys, each with a check; other keys are faults.

    ``closed`` false lets other keys pass: for blocks too new to be described in full.
    """

    needs: Mapping[str, Check] = field(default_factory=dict)
    may: Mapping[str, Check] = field(default_factory=dict)
    closed: bool = True

    def __call__(self, value: Any, path: str) -> Iterator[str]:
        """Give the faults of ``value``."""
        if not isinstance(value, dict):
            yield f"{path} must be an object"
            return
        for key in self.needs:
            if value.get(key) is None:
                yield f"{path}.{key} is missing"
        for key, part in value.items():
            check = self.needs.get(key) or self.may.get(key)
            if check is not None:
                yield from check(part, f"{path}.{key}")
            elif self.closed and key != "type":
                yield f"{path}.{key} is not a property of {value.get('type', 'this object')}"


def anything(value: Any, path: str) -> Iterator[str]:
    """Accept whatever stands there."""
    yield from ()


def string(limit: int, low: int = 0) -> Check:
    """Accept a text of ``low`` to ``limit`` characters."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{path} must be a string"
        elif not low <= len(value) <= limit:
            yield f"{path} has {len(value)} characters, allowed are {low} to {limit}"

    return check


def boolean(value: Any, path: str) -> Iterator[str]:
    """Accept true and false."""
    if not isinstance(value, bool):
        yield f"{path} must be true or false"


def whole(value: Any, path: str) -> Iterator[str]:
    """Accept a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        yield f"{path} must be a whole number"


def word(*allowed: str) -> Check:
    """Accept one of some words."""

    def check(value: Any, path: str) -> Iterator[str]:
        if value not in allowed:
            yield f"{path} must be one of {', '.join(allowed)}"

    return check


def many(each: Check, limit: int, low: int = 1) -> Check:
    """Accept a list of ``low`` to ``limit`` things."""

    def check(value: Any, path: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{path} must be a list"
            return
        if not low <= len(value) <= limit:
            yield f"{path} has {len(value)} entries, allowed are {low} to {limit}"
        for place, one in enumerate(value):
            yield from each(one, f"{path}[{place}]")

    return check


def text(limit: int, *kinds: str, low: int = 1) -> Check:
    """Accept a text object of one of ``kinds`` (both where none is named)."""
    allowed = kinds or ("plain_text", "mrkdwn")
    plain = Shape({"type": word(*allowed), "text": string(limit, low)}, {"emoji": boolean})
    marked = Shape({"type": word(*allowed), "text": string(limit, low)}, {"verbatim": boolean})

    def check(value: Any, path: str) -> Iterator[str]:
        is_plain = isinstance(value, dict) and value.get("type") == "plain_text"
        yield from (plain if is_plain else marked)(value, path)

    return check


def one_of(shapes: Mapping[str, Check], *types: str) -> Check:
    """Accept an object whose ``type`` is one of ``types``, checked as that shape."""

    def check(value: Any, path: str) -> Iterator[str]:
        kind = value.get("type") if isinstance(value, dict) else None
        if kind not in types:
            yield f"{path} must be one of {', '.join(types)}"
        else:
            yield from shapes[kind](value, path)

    return check


def both(*checks: Check) -> Check:
    """Accept what every check accepts."""

    def check(value: Any, path: str) -> Iterator[str]:
        for one in checks:
            yield from one(value, path)

    return check


def unlike(values: Sequence[str], path: str, what: str) -> Iterator[str]:
    """Give a fault where the same text stands twice."""
    if len(set(values)) != len(values):
        yield f"{path}: the same {what} stands twice"
