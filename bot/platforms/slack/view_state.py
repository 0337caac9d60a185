"""What stands in an open or a sent form, read from the view that Slack sends along. Pure.

Of a form that begins with what has to be filled in, the rest that is not shown stands in it too.
"""

from collections.abc import Mapping
from typing import Any

from bot.platforms.slack.buttons import decode_action
from bot.platforms.slack.folding import MORE, held
from bot.platforms.slack.inputs import FIELD, name_of

Json = Mapping[str, Any]


def fields(view: Json) -> tuple[str, ...]:
    """Return the ids of the blocks that are inputs."""
    return tuple(str(one.get("block_id")) for one in _blocks(view) if one.get("type") == "input")


def values(view: Json) -> dict[str, object]:
    """Return what stands in a form by input: text, a list of choices, or yes and no.

    Raises ``ValueError`` where what is not shown is not the bot's.
    """
    found: dict[str, object] = {}
    for block in _blocks(view):
        id_, element = str(block.get("block_id")), block.get("element")
        entry, name = field(view, id_), name_of(id_)
        if name is None or not isinstance(element, Mapping) or entry is None:
            continue
        given, before = _value(element, entry), found.get(name)
        if isinstance(given, list) and isinstance(before, list):
            given = [*before, *given]
        found[name] = given
    return {**_folded(view), **found}


def field(view: Json, block: str) -> Json | None:
    """Return what Slack says stands in a block; ``None`` where it says nothing."""
    state = view.get("state")
    sent = state.get("values") if isinstance(state, Mapping) else None
    entry = sent.get(block) if isinstance(sent, Mapping) else None
    found = entry.get(FIELD) if isinstance(entry, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _blocks(view: Json) -> list[Json]:
    return [one for one in view.get("blocks") or () if isinstance(one, Mapping)]


def _folded(view: Json) -> dict[str, object]:
    """Return what stands in the rest of a form that is not shown. Raises ``ValueError``."""
    for block in _blocks(view):
        for one in (*(block.get("elements") or ()), block.get("accessory")):
            if isinstance(one, Mapping) and str(one.get("action_id")).startswith(f"{MORE}|"):
                return held(decode_action(one)[2])
    return {}


def _value(element: Json, held: Json) -> object:
    kind = element.get("type")
    if kind in ("plain_text_input", "number_input"):
        return str(held.get("value") or "")
    if kind == "datepicker":
        return str(held.get("selected_date") or "")
    if kind == "timepicker":
        return str(held.get("selected_time") or "")
    several = held.get("selected_options")
    options = several if isinstance(several, list) else [held.get("selected_option")]
    chosen = [str(one.get("value", "")) for one in options if isinstance(one, Mapping)]
    offered = list(element.get("options") or ())
    if kind == "checkboxes" and len(offered) == 1 and offered[0].get("value") == "true":
        return bool(chosen)
    return chosen
