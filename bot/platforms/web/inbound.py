"""Reads requests into what the flows understand; nothing typed is repeated when it is refused.

A form's fields are named by how they are read: ``t.`` text, ``m.`` many choices, ``b.`` yes or no.
What the values mean is checked by the flows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

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
    found: dict[str, tuple[str, ...]] = {}
    try:
        for name, value in _pairs((await request.body()).decode("ascii")):
            found[name] = (*found.get(name, ()), value)
    except ValueError:  # its text would quote what was typed
        raise Malformed("not a readable form") from None
    return Fields(found)


def _pairs(body: str) -> Iterator[tuple[str, str]]:
    """Yield names and values as a browser encodes them. Raises ``ValueError``.

    A third of what ``parse_qsl`` takes, which decodes what is plain as well.
    """
    coded = body.split("&") if body else []
    if len(coded) > _MOST_FIELDS:
        raise ValueError("too many fields")
    for pair in coded:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ValueError("a field without a value")
        yield _decoded(name), _decoded(value).replace("\r\n", "\n").replace("\r", "\n")


def _decoded(text: str) -> str:
    if "+" in text:
        text = text.replace("+", " ")
    return unquote(text, errors="strict") if "%" in text else text


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
