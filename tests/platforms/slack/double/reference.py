"""The tests' own copy of Slack's reference: what each method takes, needs and may refuse."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "reference"


@dataclass(frozen=True)
class Argument:
    """One argument; ``type`` is empty where Slack's page names none."""

    type: str
    required: bool


@dataclass(frozen=True)
class Method:
    """One Web API method. One of ``scopes`` is enough."""

    name: str
    args: Mapping[str, Argument]
    errors: frozenset[str]
    scopes: tuple[str, ...]
    tier: str


@cache
def methods() -> Mapping[str, Method]:
    """Return every method the double knows, by name."""
    beyond = json.loads((FOLDER / "beyond.json").read_text())
    known: dict[str, Any] = json.loads((FOLDER / "methods.json").read_text()) | beyond["methods"]
    found = {}
    for name, page in known.items():
        args = {arg: Argument(one["type"], one["required"]) for arg, one in page["args"].items()}
        errors = {*page["errors"], *beyond["errors"].get(name, ()), *beyond["everywhere"]}
        found[name] = Method(name, args, frozenset(errors), tuple(page["scopes"]), page["tier"])
    return found
