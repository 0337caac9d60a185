"""conversations.* and users.conversations: channels, who is in them, and what was said."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from double.api.chat import shown
from double.calls import Call, method, missing_scope
from double.paging import page
from double.shapes import Json, Refused
from double.world import Channel, Message

PREFIX = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
A_FEW = 15
"""Messages a distributed app outside the Marketplace gets at once, and may ask for."""
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def scoped(call: Call, channel: Channel, right: str) -> Channel:
    """Return ``channel`` where the installation may read its kind, or refuse."""
    needed = f"{PREFIX[channel.kind]}:{right}"
    if needed not in call.installation.scopes:
        raise missing_scope(call.state, call.installation, needed)
    return channel


def readable(call: Call, right: str) -> Channel:
    """Return the channel a call names, where it may be read."""
    return scoped(call, call.state.channel(call.args["channel"], call.installation), right)


def described(call: Call, channel: Channel) -> Json:
    """Return a channel with what depends on who asks."""
    said = channel.shown() | {"is_member": call.installation.bot_user in channel.members}
    if channel.kind == "im":
        said["user"] = next(one for one in channel.members if one != call.installation.bot_user)
        said["is_user_deleted"] = call.state.users[said["user"]].deleted
    return said


@method("conversations.info")
def info(call: Call) -> Json:
    """Describe one conversation."""
    channel = readable(call, "read")
    said = described(call, channel)
    if call.args.get("include_num_members"):
        said["num_members"] = len(channel.members)
    if call.args.get("include_locale"):
        said["locale"] = "da-DK"
    return {"channel": said}


def kinds(call: Call) -> set[str]:
    """Return the kinds of conversation asked for, each with its own scope."""
    asked = str(call.args.get("types") or "public_channel").split(",")
    unknown = [one for one in asked if one not in TYPES]
    if unknown:
        raise Refused("invalid_types", wrong=f"no such types: {unknown}")
    for one in asked:
        needed = f"{PREFIX[TYPES[one]]}:read"
        if needed not in call.installation.scopes:
            raise missing_scope(call.state, call.installation, needed)
    return {TYPES[one] for one in asked}


def listed(call: Call, channels: Iterable[Channel]) -> Json:
    """Return a page of ``channels``, those of the kinds and the workspace asked for."""
    wanted = kinds(call)
    needs_team(call)
    team = call.args.get("team_id") or call.installation.team
    found = [
        one
        for one in channels
        if one.kind in wanted
        and team in (one.team, *one.shared_with)
        and call.state.sees(one, call.installation)
        and not (call.args.get("exclude_archived") and one.archived)
    ]
    part, more = page(found, call.args)
    return {"channels": [described(call, one) for one in part], **more}


def needs_team(call: Call) -> None:
    """Refuse a call with an organisation's token that names no workspace."""
    if not call.installation.team and not call.args.get("team_id"):
        raise Refused("missing_argument", wrong="an org-wide token needs team_id here")


@method("conversations.list")
def list_all(call: Call) -> Json:
    """List the conversations of a workspace."""
    return listed(call, call.state.channels.values())


@method("users.conversations")
def list_of_user(call: Call) -> Json:
    """List the conversations somebody is in; nobody named means the bot."""
    user = call.args.get("user") or call.installation.bot_user
    return listed(call, call.state.rooms_of(user))


@method("conversations.members")
def members(call: Call) -> Json:
    """List the ids of those in a conversation."""
    part, more = page(readable(call, "read").members, call.args)
    return {"members": part, **more}


@method("conversations.open")
def open_direct(call: Call) -> Json:
    """Open the direct conversation with one person."""
    state, asked = call.state, str(call.args.get("users") or "")
    if call.args.get("channel"):
        return {"channel": {"id": state.channel(call.args["channel"], call.installation).id}}
    ids = [one for one in asked.split(",") if one]
    if not ids:
        raise Refused("users_list_not_supplied", wrong="neither users nor channel")
    needed = "im:write" if len(ids) == 1 else "mpim:write"
    if needed not in call.installation.scopes:
        raise missing_scope(state, call.installation, needed)
    users = [state.user(one, call.installation) for one in ids]
    if any(one.deleted for one in users):
        raise Refused("user_disabled")
    if any(one.role == "stranger" for one in users):
        raise Refused("user_not_visible")
    if len(users) > 1:
        people = sorted({*ids, call.installation.bot_user})
        room = Channel(state.new_id("G"), "mpdm", users[0].team, "mpim", people)
        state.channels[room.id] = room
        return {"channel": {"id": room.id}}
    direct = state.direct(users[0], call.installation)
    return {"channel": described(call, direct) if call.args.get("return_im") else {"id": direct.id}}


@method("conversations.history")
def history(call: Call) -> Json:
    """Show what was said at the top level, the newest first."""
    channel = heard(call)
    return told(call, [one for one in channel.messages if not one.thread_ts])


@method("conversations.replies")
def replies(call: Call) -> Json:
    """Show a thread, its parent first."""
    channel, thread = heard(call), call.args["ts"]
    found = [one for one in channel.messages if thread in (one.ts, one.thread_ts)]
    if not found:
        raise Refused("thread_not_found")
    return told(call, found, newest_first=False)


def heard(call: Call) -> Channel:
    """Return the channel a call reads in, where the bot is a member."""
    channel = readable(call, "history")
    if call.installation.bot_user not in channel.members:
        declared = "not_in_channel" in call.method.errors
        raise Refused("not_in_channel" if declared else "channel_not_found")
    return channel


def told(call: Call, messages: list[Message], *, newest_first: bool = True) -> Json:
    """Return a page of ``messages`` between the times asked for."""
    oldest, latest = moment(call, "oldest", "0"), moment(call, "latest", "99999999999")
    inclusive = bool(call.args.get("inclusive"))
    found = [
        one
        for one in messages
        if not one.deleted
        and not one.only_for
        and (
            oldest < Decimal(one.ts) < latest or (inclusive and Decimal(one.ts) in (oldest, latest))
        )
    ]
    found.sort(key=lambda one: Decimal(one.ts), reverse=newest_first)
    few = call.state.app.distributed
    part, more = page(found, call.args, *((A_FEW, A_FEW) if few else ()))
    metadata = bool(call.args.get("include_all_metadata"))
    said = [shown(one, call.installation, metadata=metadata) for one in part]
    return {"messages": said, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def moment(call: Call, name: str, otherwise: str) -> Decimal:
    """Return a timestamp out of the arguments."""
    try:
        return Decimal(str(call.args.get(name) or otherwise))
    except InvalidOperation:
        raise Refused(f"invalid_ts_{name}", wrong=f"{name} is no timestamp") from None
