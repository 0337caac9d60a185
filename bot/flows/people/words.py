"""The words a people file may use, in Danish, Swedish and English: headings, roles, days. Pure.

How the file is read stands in ``people.file``; what is done with it in ``people.importing``.
"""

import re
from collections.abc import Mapping

from bot.domain.languages import Language
from bot.domain.people import Role

COLUMNS = ("id", "name", "email", "team", "language", "working_days", "roles")
"""The columns in the order an export has them."""

_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "id": (
        "person id",
        "person",
        "employee id",
        "employee number",
        "medarbejdernummer",
        "medarbejdernr",
        "anställningsnummer",
        "anställningsnr",
    ),
    "name": ("navn", "namn", "full name", "fulde navn"),
    "email": ("e-mail", "mail", "e-post", "epost", "e-mailadresse", "e-postadress", "e-mailadress"),
    "team": (
        "path",
        "unit",
        "department",
        "hold",
        "afdeling",
        "enhed",
        "gruppe",
        "placering",
        "avdelning",
        "enhet",
        "grupp",
    ),
    "language": ("sprog", "språk"),
    "working_days": ("working days", "workdays", "arbejdsdage", "arbetsdagar"),
    "roles": ("role", "roller", "rolle", "roll"),
}
HEADINGS: Mapping[str, str] = {
    word: column for column, words in _HEADINGS.items() for word in (column, *words)
}
"""Heading in small letters to column."""

_ROLES: Mapping[Role, tuple[str, ...]] = {
    Role.LEAD: ("leder", "teamleder", "team lead", "team leader", "leader", "chef", "ledare"),
    Role.AMG: ("arbejdsmiljøgruppe", "arbetsmiljögrupp", "work-environment group"),
    Role.AMR: ("arbejdsmiljørepræsentant", "skyddsombud", "work-environment representative"),
    Role.ADMIN: ("administrator", "administratør", "administratör"),
}
ROLES: Mapping[str, Role] = {
    word: role for role, words in _ROLES.items() for word in (role.value, *words)
}

_LANGUAGES: Mapping[Language, tuple[str, ...]] = {
    "da": ("dansk", "danska", "danish"),
    "sv": ("svensk", "svenska", "swedish"),
    "en": ("engelsk", "engelska", "english"),
}
LANGUAGE_WORDS: Mapping[str, Language] = {
    word: code for code, words in _LANGUAGES.items() for word in (code, *words)
}

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The weekdays as an export writes them, Monday first."""

_DAY_NAMES = (
    ("monday", "mandag", "måndag", "mon", "man", "mån", "ma", "må"),
    ("tuesday", "tirsdag", "tisdag", "tue", "tir", "tis", "ti"),
    ("wednesday", "onsdag", "wed", "ons", "on"),
    ("thursday", "torsdag", "thu", "tor", "to"),
    ("friday", "fredag", "fri", "fre", "fr"),
    ("saturday", "lørdag", "lördag", "sat", "lør", "lör", "lø", "lö"),
    ("sunday", "søndag", "söndag", "sun", "søn", "sön", "sø", "sö"),
)
_DAY = {name: day for day, names in enumerate(_DAY_NAMES) for name in (*names, str(day + 1))}


def heading(cell: str) -> str | None:
    """Return the column a heading names, or ``None``."""
    return HEADINGS.get(" ".join(cell.replace("_", " ").casefold().split()).rstrip(":")) or (
        HEADINGS.get(cell.strip().casefold())
    )


def language(cell: str) -> Language | None:
    """Return the language a cell names, or ``None``."""
    return LANGUAGE_WORDS.get(cell.casefold())


def working_days(cell: str) -> frozenset[int] | None:
    """Return the weekdays of a cell such as ``mon wed``, ``ma-fr`` or ``1-4``, or ``None``."""
    found: set[int] = set()
    for part in re.split(r"[\s,;|]+", re.sub(r"\s*[-–]\s*", "-", cell.casefold().strip())):
        first, dash, last = part.rstrip(".").partition("-")
        if first not in _DAY or (dash and last not in _DAY):
            return None
        end = _DAY[last] if dash else _DAY[first]
        if end < _DAY[first]:
            return None
        found.update(range(_DAY[first], end + 1))
    return frozenset(found)


def split_path(cell: str) -> tuple[str, ...]:
    """Return the names of a path such as ``Region > Hospital > Ward`` or ``A / B``, top first.

    The sign between two names has a space on both sides: a team may be called "Aften/nat".
    """
    return tuple(" ".join(name.split()) for name in re.split(r"(?:^|\s)[/>](?=\s|$)", cell.strip()))


_ROLE_WORD = "|".join(re.escape(word) for word in sorted(ROLES, key=len, reverse=True))
_BETWEEN_ROLES = re.compile(rf"[;|]|,(?=\s*(?:{_ROLE_WORD})\s*(?:@|,|;|\||$))", re.IGNORECASE)


def split_roles(cell: str) -> tuple[tuple[str, Role | None, tuple[str, ...]], ...]:
    """Return, per role, what was written, the role (``None``: unknown) and its place.

    An empty place is the person's own team; otherwise a team's path, or its name alone. A comma
    parts two roles only where a role follows: it may also be part of a team's name.
    """
    found = []
    for written in _BETWEEN_ROLES.split(cell):
        word, at, place = written.strip().partition("@")
        if word or at:
            role = ROLES.get(" ".join(word.casefold().split()))
            found.append((written.strip(), role, split_path(place) if at else ()))
    return tuple(found)
