"""views.*: modals on a stack of at most three, and each person's home."""

from double.api.content import missing_pictures, named
from double.blockkit import too_large, view_faults
from double.calls import Call, method
from double.reading import blank_state
from double.shapes import Json, Refused
from double.state import State
from double.world import View

DEEPEST = 3


def checked(state: State, payload: Json, kind: str, team: str, instead_of: str = "") -> Json:
    """Return a view's payload as Slack keeps it.

    Raises:
        Refused: ``invalid_arguments`` (a violation), ``view_too_large``, ``duplicate_external_id``.
    """
    found = view_faults(payload)
    if payload.get("type") != kind:
        found.append(f"view.type must be {kind} here")
    found += missing_pictures(state, payload)
    if not found and not too_large(payload) and state.oracle is not None:
        found = state.oracle.view(payload)
    if found:
        raise Refused("invalid_arguments", wrong="; ".join(found), messages=tuple(found))
    if too_large(payload):
        raise Refused("view_too_large", wrong="a view is over 250 kB")
    name = payload.get("external_id")
    for one in state.views.values():
        same = name and not one.closed and one.team == team and one.external_id == name
        if same and one.id != instead_of:
            raise Refused("duplicate_external_id", wrong="an external_id stands for two views")
    return payload | {"blocks": named(state, payload["blocks"])}


def shown(state: State, view: View) -> Json:
    """Return a view as the Web API and the interaction payloads show it."""
    payload = view.payload
    optional = ("title", "submit", "close")
    installation = state.installation_for(view.team)
    return {
        "id": view.id,
        "team_id": view.team,
        "type": view.kind,
        "blocks": payload["blocks"],
        "private_metadata": payload.get("private_metadata", ""),
        "callback_id": payload.get("callback_id", ""),
        "external_id": view.external_id,
        "state": {"values": view.state},
        "hash": view.hash,
        "clear_on_close": payload.get("clear_on_close", False),
        "notify_on_close": payload.get("notify_on_close", False),
        "root_view_id": view.root,
        "previous_view_id": view.previous,
        "app_id": state.app.id,
        "app_installed_team_id": view.team,
        "bot_id": installation.bot_id if installation else "",
        **{key: payload.get(key) for key in optional},
    }


def put(state: State, user: str, team: str, payload: Json) -> View:
    """Open a checked modal on top of what ``user`` has open."""
    stack = state.stacks.setdefault(user, [])
    if len(stack) >= DEEPEST:
        raise Refused("push_limit_reached", wrong=f"more than {DEEPEST} modals on the stack")
    new = state.new_id("V")
    root = state.views[stack[0]].id if stack else new
    below = stack[-1] if stack else None
    view = View(new, "modal", user, team, payload, state.new_hash(), root, below)
    view.state = blank_state(payload["blocks"])
    state.views[new] = view
    stack.append(new)
    state.note_change()
    return view


def replace(state: State, view: View, payload: Json) -> None:
    """Show ``payload`` in the place of ``view``; what was typed stays where its ids do."""
    kept = view.state
    view.payload, view.hash = payload, state.new_hash()
    view.state = blank_state(payload["blocks"])
    for block, actions in view.state.items():
        for action in actions:
            before = kept.get(block, {}).get(action)
            if before is not None and before.get("type") == actions[action].get("type"):
                actions[action] = before
    state.note_change()


def shut(state: State, view: View) -> None:
    """Close one modal."""
    view.closed = True
    stack = state.stacks.get(view.user, [])
    if view.id in stack:
        stack.remove(view.id)
    state.note_change()


def clear(state: State, user: str) -> None:
    """Close everything a person has open."""
    for one in list(state.stacks.get(user, [])):
        shut(state, state.views[one])


@method("views.open")
def open_modal(call: Call) -> Json:
    """Open a modal; from inside a modal it lands on top of it."""
    state = call.state
    trigger = state.triggers.exchange(call.args.get("trigger_id"), call.installation.covers)
    payload = checked(state, call.args["view"], "modal", trigger.team)
    if not trigger.view:
        clear(state, trigger.user)
    return {"view": shown(state, put(state, trigger.user, trigger.team, payload))}


@method("views.push")
def push(call: Call) -> Json:
    """Put a modal on top of the one the interaction happened in."""
    state = call.state
    trigger = state.triggers.exchange(call.args.get("trigger_id"), call.installation.covers)
    below = state.views.get(trigger.view)
    if below is None or below.closed:
        raise Refused("not_found", wrong="" if below else "a push that comes from no modal")
    payload = checked(state, call.args["view"], "modal", trigger.team)
    return {"view": shown(state, put(state, trigger.user, trigger.team, payload))}


@method("views.update")
def update(call: Call) -> Json:
    """Show something else in an open modal."""
    state, args = call.state, call.args
    if not args.get("view_id") and not args.get("external_id"):
        raise Refused("invalid_arguments", wrong="neither view_id nor external_id")
    found = [
        one
        for one in state.views.values()
        if one.id == args.get("view_id")
        or (args.get("external_id") and one.external_id == args["external_id"])
    ]
    view = next((one for one in found if not one.closed), None)
    if view is None or not call.installation.covers(view.team):
        raise Refused("not_found")
    if args.get("hash") not in (None, view.hash):
        raise Refused("hash_conflict")
    replace(state, view, checked(state, args["view"], view.kind, view.team, view.id))
    return {"view": shown(state, view)}


@method("views.publish")
def publish(call: Call) -> Json:
    """Show a person's home."""
    state, args = call.state, call.args
    if not state.app.home_tab:
        raise Refused("not_enabled", wrong="the app has no home tab")
    user = state.user(args["user_id"], call.installation)
    if user.deleted or user.role == "stranger":
        raise Refused("user_not_found")
    team = user.team
    known = state.views.get(state.homes.get((team, user.id), ""))
    if args.get("hash") is not None and (known is None or args["hash"] != known.hash):
        raise Refused("hash_conflict")
    payload = checked(state, args["view"], "home", team, known.id if known else "")
    if known is not None:
        replace(state, known, payload)
        return {"view": shown(state, known)}
    new = state.new_id("V")
    view = View(new, "home", user.id, team, payload, state.new_hash(), new)
    view.state = blank_state(payload["blocks"])
    state.views[new] = view
    state.homes[team, user.id] = new
    return {"view": shown(state, view)}
