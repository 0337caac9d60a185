"""What Slack sends an app: slash commands, interactions, events. Built from the state only."""

from double.app import Installation
from double.shapes import Json
from double.state import State
from double.world import Channel, Message, User, View


def sender(state: State, installation: Installation, user: User) -> Json:
    """Return what every interaction says about who, where and which app."""
    team = installation.team or user.team
    workspace = state.teams[team]
    enterprise = workspace.enterprise
    who = {"id": user.id, "username": user.name, "name": user.name, "team_id": user.team}
    org_wide = not installation.team
    return {
        "user": who,
        "team": None if org_wide else {"id": team, "domain": workspace.domain},
        "enterprise": {"id": enterprise.id, "name": enterprise.name} if enterprise else None,
        "is_enterprise_install": org_wide,
        "api_app_id": state.app.id,
        "token": state.app.verification_token,
    }


def name_for_app(channel: Channel) -> str:
    """Return a channel's name as payloads give it: private ones keep theirs to themselves."""
    hidden = {"private": "privategroup", "im": "directmessage", "mpim": "privategroup"}
    return hidden.get(channel.kind, channel.name)


def command(
    state: State, installation: Installation, user: User, channel: Channel, word: str, text: str
) -> Json:
    """Return a slash command, as the fields of its form."""
    team = installation.team or user.team
    workspace = state.teams[team]
    url = state.triggers.response_url(team, channel.id, user.id)
    payload = {
        "token": state.app.verification_token,
        "team_id": team,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": name_for_app(channel),
        "user_id": user.id,
        "user_name": user.name,
        "command": word,
        "text": text,
        "api_app_id": state.app.id,
        "is_enterprise_install": "true" if not installation.team else "false",
        "response_url": f"{state.address}/respond/{url}",
        "trigger_id": state.triggers.issue(team, user.id),
    }
    if workspace.enterprise:
        payload["enterprise_id"] = workspace.enterprise.id
        payload["enterprise_name"] = workspace.enterprise.name
    return payload


def clicked_in_view(
    state: State, installation: Installation, user: User, view: Json, action: Json
) -> Json:
    """Return a use of an element in a modal or a home."""
    inside = view["id"] if view["type"] == "modal" else ""
    return sender(state, installation, user) | {
        "type": "block_actions",
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": state.triggers.issue(installation.team or user.team, user.id, inside),
        "view": view,
        "state": view["state"],
        "actions": [action],
    }


def clicked_in_message(
    state: State, installation: Installation, user: User, message: Message, action: Json,
    values: Json,
) -> Json:  # fmt: skip
    """Return a use of an element in a message. An ephemeral one does not come along."""
    channel, team = state.channels[message.channel], installation.team or user.team
    url = state.triggers.response_url(team, channel.id, user.id, message.ts)
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    payload = sender(state, installation, user) | {
        "type": "block_actions",
        "container": container | {"is_ephemeral": bool(message.only_for)},
        "trigger_id": state.triggers.issue(team, user.id),
        "channel": {"id": channel.id, "name": name_for_app(channel)},
        "state": {"values": values},
        "response_url": f"{state.address}/respond/{url}",
        "actions": [action],
    }
    if not message.only_for:
        payload["message"] = as_message(installation, message)
    return payload


def as_message(installation: Installation, message: Message) -> Json:
    """Return a message as interactions carry it."""
    said: Json = {"type": "message", "ts": message.ts, "user": message.user, "text": message.text}
    if message.app:
        said |= {"bot_id": installation.bot_id, "blocks": message.blocks}
    if message.thread_ts:
        said["thread_ts"] = message.thread_ts
    return said


def searched(
    state: State, installation: Installation, user: User, view: Json, element: Json, text: str
) -> Json:
    """Return what a person has typed into a search. No trigger comes along: nothing may open."""
    return sender(state, installation, user) | {
        "type": "block_suggestion",
        "container": {"type": "view", "view_id": view["id"]},
        "view": view,
        **element,
        "value": text,
    }


def submitted(state: State, installation: Installation, user: User, view: Json) -> Json:
    """Return a modal's submission."""
    return sender(state, installation, user) | {
        "type": "view_submission",
        "trigger_id": state.triggers.issue(installation.team or user.team, user.id, view["id"]),
        "view": view,
        "response_urls": [],
    }


def closed(
    state: State, installation: Installation, user: User, view: Json, *, all_of_them: bool
) -> Json:
    """Return the news that a person closed a modal."""
    body = {"type": "view_closed", "view": view, "is_cleared": all_of_them}
    return sender(state, installation, user) | body


def shortcut(
    state: State, installation: Installation, user: User, callback_id: str,
    message: Message | None = None,
) -> Json:  # fmt: skip
    """Return a global shortcut, or one on a message."""
    team = installation.team or user.team
    payload = sender(state, installation, user) | {
        "type": "message_action" if message else "shortcut",
        "callback_id": callback_id,
        "action_ts": state.new_ts(),
        "trigger_id": state.triggers.issue(team, user.id),
    }
    if message is not None:
        channel = state.channels[message.channel]
        url = state.triggers.response_url(team, channel.id, user.id, message.ts)
        payload |= {
            "channel": {"id": channel.id, "name": name_for_app(channel)},
            "message_ts": message.ts,
            "message": as_message(installation, message),
            "response_url": f"{state.address}/respond/{url}",
        }
    return payload


def event(
    state: State, installation: Installation, team: str, body: Json, channel: Channel | None
) -> Json:
    """Return an event in its envelope; ``event_id`` names it for good."""
    enterprise = state.teams[team].enterprise
    authorised = {
        "enterprise_id": enterprise.id if enterprise else None,
        "team_id": installation.team or team,
        "user_id": installation.bot_user,
        "is_bot": True,
        "is_enterprise_install": not installation.team,
    }
    payload = {
        "token": state.app.verification_token,
        "team_id": team,
        "context_team_id": team,
        "context_enterprise_id": enterprise.id if enterprise else None,
        "api_app_id": state.app.id,
        "event": body | {"event_ts": state.new_ts()},
        "type": "event_callback",
        "event_id": state.new_id("Ev"),
        "event_time": int(state.now().timestamp()),
        "authorizations": [authorised],
        "is_ext_shared_channel": bool(channel and channel.shared_with),
        "event_context": state.new_id("4-"),
    }
    if enterprise:
        payload["enterprise_id"] = enterprise.id
    return payload


def view_of(view: View, body: Json) -> Json:
    """Return a view's shown body with the state as it is this moment, safe from later changes."""
    return body | {"state": {"values": {block: dict(one) for block, one in view.state.items()}}}
