"""Choices among options: shown at once, folded into a list, or searched where no list holds them.

What Slack is given for an option is short and always the same for the same value, so that it can
be found again in the form, whoever draws it (``choices``).
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from bot.cards import SelectInput
from bot.content.words import Words
from bot.platforms.slack import limits
from bot.platforms.slack.escape import Block, clean, plain, size

_SHOWN = 6
"""Up to so many options one can choose one of are shown at once; more fold into a list."""
_DIGEST = "#"
"""The beginning of what stands for a value that Slack cannot carry."""
_AFTER = 1
"""Characters after which Slack asks what there is."""


def key(option: str) -> str:
    """Return what Slack is given for an option: its value, or a digest of one it cannot carry."""
    short = 0 < size(option) <= limits.OPTION_VALUE and option == clean(option)
    if short and not option.startswith(_DIGEST):
        return option
    return _DIGEST + hashlib.sha256(option.encode("utf-8", "surrogatepass")).hexdigest()


def stands_for_another(given: str) -> bool:
    """Tell whether what came back for an option is not its value itself."""
    return given.startswith(_DIGEST)


def undone(one: SelectInput, given: Iterable[object]) -> list[str]:
    """Return the values of options by what came back for them; unknown ones as they came."""
    known = {key(option): option for option, _ in one.options}
    return [known.get(str(chosen), str(chosen)) for chosen in given]


def elements(one: SelectInput, words: Words, listed: int = limits.OPTIONS) -> list[Block]:
    """Return the element to choose with; more than ``listed`` options are searched.

    It is several where more is chosen beforehand than a search starts from.
    """
    drawn = list(options(one.options))
    keys = {key(value) for value in one.value}
    chosen = [option for option in drawn if option["value"] in keys]
    chosen = chosen if one.many else chosen[:1]
    if len(drawn) <= listed:
        return [_chosen(_offered(one, drawn), one, chosen)]
    starts = range(0, max(len(chosen), 1), limits.OPTIONS)
    groups = [chosen[start : start + limits.OPTIONS] for start in starts]
    return [_chosen(_search(one, words), one, group) for group in groups]


def options(found: Iterable[tuple[str, str]]) -> Iterator[Block]:
    """Yield options, each once; a label goes on below where it is too long for a line."""
    seen: set[str] = set()
    for option, label in found:
        given = key(option)
        if given in seen:
            continue
        seen.add(given)
        text = plain(label, limits.OPTION)
        drawn: Block = {"text": text, "value": given}
        if text["text"] != clean(label):
            rest = clean(label)[len(text["text"]) - 1 :].lstrip()
            drawn["description"] = plain(rest, limits.OPTION_DESCRIPTION)
        yield drawn


def _chosen(select: Block, one: SelectInput, chosen: Sequence[Block]) -> Block:
    if not chosen:
        return select
    return select | ({"initial_options": chosen} if one.many else {"initial_option": chosen[0]})


def _offered(one: SelectInput, drawn: Sequence[Block]) -> Block:
    if one.many:
        few = len(drawn) <= limits.FEW_OPTIONS
        kind = "checkboxes" if few else "multi_static_select"
    else:
        kind = "radio_buttons" if len(drawn) <= _SHOWN else "static_select"
    return {"options": list(drawn), "type": kind}


def _search(one: SelectInput, words: Words) -> Block:
    return {
        "type": "multi_external_select" if one.many else "external_select",
        "min_query_length": _AFTER,
        "placeholder": plain(words("slack.search", number=len(one.options)), limits.PLACEHOLDER),
    }
