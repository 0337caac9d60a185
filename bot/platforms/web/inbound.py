"""Reads requests into what the flows understand; nothing typed is repeated when it is refused.

A form's fields are named by how they are read: ``t.`` text, ``m.`` many choices, ``b.`` yes or no.
What the values mean is checked by the flows.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.cards import Clicked, Submitted

_MOST_FIELDS = 500
_MOST_ID = 500
"""Characters of an id: action, context, event and the like."""


class Malformed(Exception):  # noqa: N818 - says what is the case
    """The request cannot be read; what it held is not repeated here."""


@dataclass(frozen=True)
class Fields:
    """The fields of a posted form, every one with all its values."""

    values: Mapping[str, tuple[str, ...]] = field(repr=False)

    def one(self, name: str) -> str:
        """Return a field's value, empty when absent. Raises ``Malformed`` for two."""
        found = self.values.get(name, ("",))
        if len(found) != 1:
            raise Malformed("a field came twice")
        return found[0]

    def id(self, name: str, *, needed: bool = True) -> str:
        """Return a short value without control characters. Raises ``Malformed``."""
        found = self.one(name)
        if len(found) > _MOST_ID or not found.isprintable() or (needed and not found):
            raise Malformed(f"not an id: {name}")
        return found


async def read_fields(request: Request) -> Fields:
    """Return the posted fields, with line breaks as ``\\n``. Raises ``Malformed``."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise Malformed("not a form")
    body = await request.body()
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:  # its text would quote what was typed
        raise Malformed("not a readable form") from None
    for name, value in pairs:
        found[name] += (value.replace("\r\n", "\n").replace("\r", "\n"),)
    return Fields(dict(found))


def clicked(fields: Fields, person: str) -> Clicked:
    """Return the click on a button. Raises ``Malformed``."""
    return Clicked(
        event=fields.id("event"),
        person=person,
        conversation=fields.id("conversation", needed=False),
        action=fields.id("action"),
        context=fields.id("context", needed=False),
        value=fields.one("value"),
    )


def submitted(fields: Fields, person: str) -> Submitted:
    """Return the submission of a form: text as ``str``, many as ``list``, yes or no as ``bool``.

    Raises ``Malformed``.
    """
    return Submitted(
        event=fields.id("event"),
        person=person,
        conversation=fields.id("conversation", needed=False),
        form=fields.id("form"),
        context=fields.id("context", needed=False),
        values=_values(fields),
    )


def _values(fields: Fields) -> dict[str, object]:
    values: dict[str, object] = {}
    for name, found in fields.values.items():
        kind, dot, bare = name.partition(".")
        if not dot or not bare:
            continue
        match kind:
            case "t":
                values[bare] = fields.one(name)
            case "m":
                # the empty one is always sent, so that "nothing chosen" can be told from "absent"
                values[bare] = [value for value in found if value]
            case "b":
                values[bare] = "true" in found
    return values


def local_path(path: str) -> str:
    """Return ``path`` when it leads to a page of this site, ``/`` otherwise."""
    fine = path.startswith("/") and not path.startswith("//") and path.isprintable()
    return path if fine and "\\" not in path and len(path) <= _MOST_ID else "/"
