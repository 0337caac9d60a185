"""What Slack sends, read into what the flows understand. Pure; nothing typed is repeated."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.platforms.slack import limits, origins, view_state
from bot.platforms.slack.buttons import decode_action, decode_option, unpack
from bot.platforms.slack.escape import unescape
from bot.platforms.slack.folding import MORE
from bot.platforms.slack.inputs import name_of
from bot.platforms.slack.origins import text
from bot.platforms.slack.told import Malformed, Origin, Pressed, Searched, Sent, Typed
from bot.platforms.slack.views import QUESTIONS, origin

PRESS = "slack.press"
"""A button whose whole payload stands in its context: it has a value and stands under a question.
"""

Json = Mapping[str, Any]

_NO_TRIGGER = "-"
"""Stands in a search, which opens nothing."""


def command(body: Json) -> Typed:
    """Read a slash command. Raises ``Malformed``."""
    return Typed(origins.of_command(body), unescape(text(body, "text"))[: limits.TYPED])


def shortcut(body: Json, verbs: Mapping[str, str]) -> Typed:
    """Read a shortcut as the command it stands for; a message's text is read by ``mentions``."""
    verb = verbs.get(text(body, "callback_id"))
    if verb is None:
        raise Malformed("no shortcut of this app's")
    message = body.get("message")
    said = text(message, "text") if isinstance(message, Mapping) else ""
    return Typed(origins.of_action(body), verb, said)


def click(body: Json) -> Pressed:
    """Read a pressed button. Raises ``Malformed``."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise Malformed("no action")
    try:
        action, context, value = decode_action(actions[0])
        if action == PRESS:
            action, context, value = unpack(context, 3)
        here = origins.of_action(body)
        if action == MORE:
            return Pressed(here, action, context, value, view_state.values(_view(body)))
        return Pressed(here, action, context, value)
    except ValueError:
        raise Malformed("not a button of this app's") from None


def submission(body: Json) -> Sent | Pressed:
    """Read a sent modal; one made of questions is the button that was chosen, or the way on.

    Raises ``Malformed``.
    """
    view = _view(body)
    fields = view_state.fields(view)
    here = replace(origins.of_action(body), submitted=True, inputs=fields)
    try:
        context, _ = origin(view)
        here = replace(here, context=context)
        form = text(view, "callback_id")
        if form == QUESTIONS:
            return _chosen(here, view, context)
        return Sent(here, form, context, view_state.values(view))
    except ValueError:
        raise Malformed("not a view of this app's") from None


def suggestion(body: Json) -> Searched:
    """Read what is searched for in an open form. Raises ``Malformed``."""
    view, name = body.get("view"), name_of(text(body, "block_id"))
    if not isinstance(view, Mapping) or name is None:
        raise Malformed("no input of a form")
    here = origins.of_action({**body, "trigger_id": _NO_TRIGGER})
    try:
        context, _ = origin(view)
    except ValueError:
        raise Malformed("not a view of this app's") from None
    return Searched(here, text(view, "callback_id"), context, name, text(body, "value"))


def _chosen(here: Origin, view: Json, context: str) -> Sent | Pressed:
    """Return the first option that was chosen; without one, the way on the view carries."""
    for block in here.inputs:
        option = (view_state.field(view, block) or {}).get("selected_option")
        if isinstance(option, Mapping):
            return Pressed(here, *decode_option(option.get("value")))
    if context:
        action, about, value = unpack(context, 3)
        return Pressed(here, action, about, value)
    return Sent(here, QUESTIONS)


def _view(body: Json) -> Json:
    view = body.get("view")
    if not isinstance(view, Mapping):
        raise Malformed("no view")
    return view
