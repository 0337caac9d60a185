"""Checks the arguments of a call against the reference, and brings them into their types."""

import json
from collections.abc import Mapping
from typing import Any

from double.reference import Method
from double.shapes import Json, Refused

OBJECTS: Mapping[str, type] = {"view": dict, "metadata": dict, "blocks": list, "attachments": list}
"""Arguments that are JSON in themselves; Slack's pages give most of them no type."""

BOOLEANS: Mapping[object, bool] = {"true": True, "false": False, "1": True, "0": False}


def arguments(method: Method, raw: Mapping[str, object]) -> Json:
    """Return the arguments in their types.

    ``team_id`` is taken by every method: Bolt's client sends it along with each call.

    Raises:
        Refused: ``invalid_arguments`` with every fault at once; always a violation.
    """
    given = {name: value for name, value in raw.items() if value is not None}
    faults = [
        f"{name} is not an argument of {method.name}"
        for name in given
        if name not in method.args and name != "team_id"
    ]
    faults += [
        f"missing required field: {name}"
        for name, argument in method.args.items()
        if argument.required and given.get(name) in (None, "")
    ]
    typed: Json = {}
    for name, value in given.items():
        argument = method.args.get(name)
        try:
            typed[name] = typed_as(name, argument.type if argument else "string", value)
        except ValueError as fault:
            faults.append(str(fault))
    if faults:
        raise Refused("invalid_arguments", wrong="; ".join(faults), messages=tuple(faults))
    return typed


def typed_as(name: str, kind: str, value: object) -> Any:
    """Return one argument in its type.

    Raises:
        ValueError: in words, without the value: it may be an answer.
    """
    if name in OBJECTS:
        return _structure(name, value, OBJECTS[name])
    if kind == "array":
        return _array(name, value)
    if kind == "boolean":
        truth = value if isinstance(value, bool) else BOOLEANS.get(value)
        if truth is None:
            raise ValueError(f"{name} must be a boolean")
        return truth
    if kind in ("integer", "number"):
        return _number(name, value)
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a string, not {type(value).__name__}")
    return value


def _structure(name: str, value: object, shape: type) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise ValueError(f"{name} is not JSON") from None
    if not isinstance(value, shape):
        raise ValueError(f"{name} must be a JSON {'object' if shape is dict else 'array'}")
    return value


def _array(name: str, value: object) -> list[object]:
    if isinstance(value, list):
        return value
    if isinstance(value, str) and value.startswith("["):
        return list(_structure(name, value, list))
    if isinstance(value, str):
        return list(value.split(","))
    raise ValueError(f"{name} must be an array")


def _number(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError(f"{name} must be a whole number")
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} must be a whole number") from None
