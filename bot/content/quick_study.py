"""Reads the template that nearly every message is: text, values, and a choice by one comparison.

Whatever is not exactly that is left to ``templates``; so nothing can be wrong with what is read
here. The two must say the same; a property test compares them.
"""

import re
from collections.abc import Collection

from bot.content.formats import FILTERS
from bot.content.studies import Study, Use

_PIECE = re.compile(
    r"""(?<!\{)(?:
      \{\{\ *(?P<value>[a-z_][a-z0-9_]*)(\ *\|\ *(?P<filter>[a-z]+))?\ *\}\}(?!\})
    | \{%\ *(?P<branch>if|elif)\ +(?P<subject>[a-z_][a-z0-9_]*)
      (?:\ *(?P<sign>[=!]=|[<>]=?)\ *
        (?:(?P<number>[0-9]+)|(?P<quote>["'])(?P<text>[^"'\\\n]*)(?P=quote))
      )?\ *%\}
    | \{%\ *(?P<word>else|endif)\ *%\}
    )""",
    re.VERBOSE,
)
_OPENINGS = ("{{", "{%", "{#")


def quick_study(template: str, values: Collection[str]) -> Study | None:
    """Return what a plain template does, or ``None`` when it is not plain or not right."""
    found = Study()
    rest = _PIECE.sub("", template)
    if any(opening in rest for opening in _OPENINGS):
        return None
    found.literal = len(rest)
    open_choices: list[str] = []
    for piece in _PIECE.finditer(template):
        if piece["value"]:
            understood = _value(found, piece, values)
        else:
            understood = _nests(open_choices, piece) and _condition(found, piece, values)
        if not understood:
            return None
    return None if open_choices else found


def _value(found: Study, piece: re.Match[str], values: Collection[str]) -> bool:
    if piece["value"] not in values or (piece["filter"] and piece["filter"] not in FILTERS):
        return False
    found.write(piece["value"], piece["filter"])
    return True


def _nests(open_choices: list[str], piece: re.Match[str]) -> bool:
    """Tell whether a branch stands where it may; ``open_choices`` holds the last branch of each."""
    word = piece["branch"] or piece["word"]
    if word == "if":
        open_choices.append(word)
        return True
    if not open_choices or (word != "endif" and open_choices[-1] == "else"):
        return False
    if word == "endif":
        open_choices.pop()
    else:
        open_choices[-1] = word
    return True


def _condition(found: Study, piece: re.Match[str], values: Collection[str]) -> bool:
    subject = piece["subject"]
    if subject is None:
        return True
    if subject not in values:
        return False
    if piece["number"] is not None:
        found.take(subject, Use.NUMBER)
    elif piece["text"] is not None:
        found.choices.setdefault(subject, set()).add(piece["text"])
        return piece["sign"] in ("==", "!=")
    return True
