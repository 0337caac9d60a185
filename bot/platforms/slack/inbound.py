"""What Slack sends, read into what the flows understand. Pure; nothing typed is repeated."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.platforms.slack import limits
from bot.platforms.slack.buttons import decode_action, decode_option, unpack
from bot.platforms.slack.escape import unescape
from bot.platforms.slack.folding import MORE, held
from bot.platforms.slack.inputs import FIELD, name_of
from bot.platforms.slack.told import Malformed, Origin, Pressed, Searched, Sent, Typed
from bot.platforms.slack.views import QUESTIONS, origin

__all__ = [
    "PRESS",
    "Malformed",
    "Origin",
    "Pressed",
    "Searched",
    "Sent",
    "Typed",
    "click",
    "command",
    "shortcut",
    "submission",
    "suggestion",
]

PRESS = "slack.press"
"""A button whose whole payload stands in its context: it has a value and stands under a question.
"""

Json = Mapping[str, Any]

_NO_TRIGGER = "-"
"""Stands in a search, which opens nothing."""


def command(body: Json) -> Typed:
    """Read a slash command. Raises ``Malformed``."""
    here = Origin(
        team=_id(body, "team_id"),
        user=_id(body, "user_id"),
        event=_id(body, "trigger_id"),
        trigger=_id(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        channel=_id(body, "channel_id"),
    )
    return Typed(here, unescape(_text(body, "text"))[: limits.TYPED])


def shortcut(body: Json, verbs: Mapping[str, str]) -> Typed:
    """Read a shortcut as the command it stands for; a message's text is read by ``mentions``."""
    verb = verbs.get(_text(body, "callback_id"))
    if verb is None:
        raise Malformed("no shortcut of this app's")
    message = body.get("message")
    said = _text(message, "text") if isinstance(message, Mapping) else ""
    channel = body.get("channel")
    here = Origin(
        team=_team(body),
        user=_user(body),
        event=_id(body, "trigger_id"),
        trigger=_id(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        channel=_id(channel, "id") if isinstance(channel, Mapping) else "",
    )
    return Typed(here, verb, said)


def click(body: Json) -> Pressed:
    """Read a pressed button. Raises ``Malformed``."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise Malformed("no action")
    try:
        action, context, value = decode_action(actions[0])
        if action == PRESS:
            action, context, value = unpack(context, 3)
        here = _surface(body)
        if action == MORE:
            return Pressed(here, action, context, value, _filled_in(body))
        return Pressed(here, action, context, value)
    except ValueError:
        raise Malformed("not a button of this app's") from None


def submission(body: Json) -> Sent | Pressed:
    """Read a sent modal; one made of questions is the button that was chosen, or the way on.

    Raises ``Malformed``.
    """
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise Malformed("no view")
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    sent = values if isinstance(values, Mapping) else {}
    blocks = [one for one in view.get("blocks") or () if isinstance(one, Mapping)]
    fields = tuple(str(one.get("block_id")) for one in blocks if one.get("type") == "input")
    here = replace(_surface(body), submitted=True, inputs=fields)
    try:
        context, _ = origin(view)
        here = replace(here, context=context)
        form = _text(view, "callback_id")
        if form == QUESTIONS:
            return _chosen(here, sent, context)
        return Sent(here, form, context, {**_folded(blocks), **_values(blocks, sent)})
    except ValueError:
        raise Malformed("not a view of this app's") from None


def _filled_in(body: Json) -> dict[str, object]:
    """Return what stands in the open form that something was pressed in, its folded rest too."""
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise Malformed("no view")
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    blocks = [one for one in view.get("blocks") or () if isinstance(one, Mapping)]
    found = _values(blocks, values if isinstance(values, Mapping) else {})
    return {**_folded(blocks), **found}


def _folded(blocks: list[Json]) -> dict[str, object]:
    """Return what stands in the rest of a form that is not shown. Raises ``ValueError``."""
    for block in blocks:
        for one in (*(block.get("elements") or ()), block.get("accessory")):
            if isinstance(one, Mapping) and str(one.get("action_id")).startswith(f"{MORE}|"):
                return held(decode_action(one)[2])
    return {}


def _chosen(here: Origin, sent: Json, context: str) -> Sent | Pressed:
    """Return the first option that was chosen; without one, the way on the view carries."""
    for block in here.inputs:
        entry = sent.get(block)
        field_ = entry.get(FIELD) if isinstance(entry, Mapping) else None
        option = field_.get("selected_option") if isinstance(field_, Mapping) else None
        if isinstance(option, Mapping):
            return Pressed(here, *decode_option(option.get("value")))
    if context:
        action, about, value = unpack(context, 3)
        return Pressed(here, action, about, value)
    return Sent(here, QUESTIONS)


def suggestion(body: Json) -> Searched:
    """Read what is searched for in an open form. Raises ``Malformed``."""
    view, name = body.get("view"), name_of(_text(body, "block_id"))
    if not isinstance(view, Mapping) or name is None:
        raise Malformed("no input of a form")
    here = _surface({**body, "trigger_id": _NO_TRIGGER})
    try:
        context, _ = origin(view)
    except ValueError:
        raise Malformed("not a view of this app's") from None
    return Searched(here, _text(view, "callback_id"), context, name, _text(body, "value"))


def _values(blocks: list[Json], sent: Json) -> dict[str, object]:
    """Return what stands in a form by input: text, a list of choices, or yes and no."""
    found: dict[str, object] = {}
    for block in blocks:
        id_, element = str(block.get("block_id")), block.get("element")
        entry, name = sent.get(id_), name_of(id_)
        held = entry.get(FIELD) if isinstance(entry, Mapping) else None
        if name is None or not isinstance(element, Mapping) or not isinstance(held, Mapping):
            continue
        given, before = _value(element, held), found.get(name)
        if isinstance(given, list) and isinstance(before, list):
            given = [*before, *given]
        found[name] = given
    return found


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


def _surface(body: Json) -> Origin:
    """Return who pressed or sent something, and on what."""
    view, channel, container = body.get("view"), body.get("channel"), body.get("container")
    on_view = isinstance(view, Mapping)
    context = conversation = ""
    if isinstance(view, Mapping) and view.get("type") == "modal":
        try:
            context, conversation = origin(view)
        except ValueError:
            raise Malformed("not a view of this app's") from None
    kind = str(view.get("type")) if isinstance(view, Mapping) else "message"
    return Origin(
        team=_team(body),
        user=_user(body),
        event=_id(body, "trigger_id"),
        trigger=_id(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        channel=_id(channel, "id") if isinstance(channel, Mapping) else "",
        surface=kind if on_view or isinstance(container, Mapping) else "message",
        view=_id(view, "id") if isinstance(view, Mapping) else "",
        hash=_text(view, "hash") if isinstance(view, Mapping) else "",
        conversation=conversation,
        context=context,
        below=_text(view, "previous_view_id") if isinstance(view, Mapping) else "",
        depth=_depth(view) if isinstance(view, Mapping) else 1,
    )


def _depth(view: Json) -> int:
    """Return how many modals lie one on another up to this one."""
    below = _text(view, "previous_view_id")
    if not below:
        return 1
    return 2 if below == _text(view, "root_view_id") else 3


def _team(body: Json) -> str:
    """Return the workspace; of an org-wide install, the one the person belongs to."""
    team, user = body.get("team"), body.get("user")
    if isinstance(team, Mapping):
        return _id(team, "id")
    if isinstance(user, Mapping):
        return _id(user, "team_id")
    raise Malformed("no team")


def _user(body: Json) -> str:
    user = body.get("user")
    if not isinstance(user, Mapping):
        raise Malformed("no user")
    return _id(user, "id")


def _id(body: Json, name: str) -> str:
    found = body.get(name)
    if not isinstance(found, str) or not found or len(found) > limits.ID or not found.isprintable():
        raise Malformed(f"not an id: {name}")
    return found


def _text(body: Json, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
