"""chat.*: posting, changing and deleting messages."""

from double.api.content import checked_blocks, checked_metadata, checked_text
from double.app import Installation
from double.calls import Call, method
from double.shapes import Json, Refused
from double.state import State
from double.world import Channel, Message


def shown(message: Message, installation: Installation, *, metadata: bool = False) -> Json:
    """Return a message as the Web API shows it."""
    one: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    if message.app:
        one |= {"bot_id": installation.bot_id, "team": installation.team}
    if message.blocks:
        one["blocks"] = message.blocks
    if message.thread_ts:
        one["thread_ts"] = message.thread_ts
    if message.edits:
        one["edited"] = {"user": message.user, "ts": message.ts}
    if metadata and message.metadata:
        one["metadata"] = message.metadata
    return one


def may_post(call: Call, channel: Channel) -> None:
    """Refuse where the bot cannot post."""
    if channel.archived:
        raise Refused("is_archived")
    if call.installation.bot_user not in channel.members:
        if "chat:write.public" in call.installation.scopes and channel.kind == "public":
            return
        raise Refused("not_in_channel")


def addressed(call: Call) -> Channel:
    """Return the conversation a message is for; a person's id means his direct one."""
    state, target = call.state, str(call.args["channel"])
    if target.startswith(("U", "W")):
        user = state.user(target, call.installation)
        if user.deleted or user.role in ("bot", "stranger"):
            raise Refused("channel_not_found")
        target = state.direct(user, call.installation).id
    channel = state.channel(target, call.installation)
    if channel.kind == "im":
        other = next(one for one in channel.members if one != call.installation.bot_user)
        user = state.users[other]
        if user.deleted:
            raise Refused("is_archived")
        if user.refuses:
            raise Refused(user.refuses)
        if not state.app.messages_tab:
            raise Refused("messages_tab_disabled")
    return channel


def composed(call: Call, channel: Channel) -> Message:
    """Return the message a call describes, checked and not posted yet."""
    state, args = call.state, call.args
    text = checked_text(args)
    thread = str(args.get("thread_ts") or "")
    if thread:
        state.message(channel, thread)
    return Message(
        ts=state.new_ts(),
        channel=channel.id,
        user=call.installation.bot_user,
        text=text,
        blocks=checked_blocks(state, args.get("blocks")),
        app=True,
        metadata=checked_metadata(args),
        thread_ts=thread,
    )


@method("chat.postMessage")
def post(call: Call) -> Json:
    """Post a message."""
    channel = addressed(call)
    may_post(call, channel)
    try:
        message = composed(call, channel)
    except Refused as refusal:
        if refusal.error == "message_not_found":
            raise Refused("cannot_reply_to_message") from None
        raise
    call.state.rates.post(channel.id)
    channel.messages.append(message)
    said = shown(message, call.installation, metadata=True)
    return {"channel": channel.id, "ts": message.ts, "message": said}


@method("chat.postEphemeral")
def post_ephemeral(call: Call) -> Json:
    """Show one person a message that nobody else sees and that does not last."""
    channel = addressed(call)
    may_post(call, channel)
    reader = str(call.args["user"])
    if reader not in channel.members:
        raise Refused("user_not_in_channel")
    message = composed(call, channel)
    message.only_for = reader
    channel.messages.append(message)
    return {"message_ts": message.ts}


def own(call: Call, ts: str, refusal: str) -> tuple[Channel, Message]:
    """Return the bot's own message, or refuse."""
    channel = call.state.channel(call.args["channel"], call.installation)
    message = call.state.message(channel, call.args[ts])
    if message.user != call.installation.bot_user:
        raise Refused(refusal)
    return channel, message


@method("chat.update")
def update(call: Call) -> Json:
    """Change a message of the bot's own."""
    channel, message = own(call, "ts", "cant_update_message")
    if channel.archived:
        raise Refused("cant_update_message")
    text = checked_text(call.args)
    blocks = checked_blocks(call.state, call.args.get("blocks"))
    metadata = checked_metadata(call.args)
    rewrite(message, text, blocks)
    message.metadata = metadata if metadata is not None else message.metadata
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": text,
        "message": shown(message, call.installation),
    }


def rewrite(message: Message, text: str, blocks: list[Json]) -> None:
    """Give a message new words, and remember the old ones."""
    message.history.append((message.text, message.blocks))
    message.text, message.blocks = text, blocks
    message.edits += 1


@method("chat.delete")
def delete(call: Call) -> Json:
    """Delete a message of the bot's own."""
    channel, message = own(call, "ts", "cant_delete_message")
    message.deleted = True
    return {"channel": channel.id, "ts": message.ts}


@method("chat.getPermalink")
def permalink(call: Call) -> Json:
    """Return a message's lasting address."""
    channel = call.state.channel(call.args["channel"], call.installation)
    message = call.state.message(channel, call.args["message_ts"])
    domain = call.state.teams[channel.team].domain
    place = f"{channel.id}/p{message.ts.replace('.', '')}"
    link = f"https://{domain}.slack.example/archives/{place}"
    return {"channel": channel.id, "permalink": link}


@method("reactions.add")
def react(call: Call) -> Json:
    """Put an emoji under a message."""
    channel = call.state.channel(call.args["channel"], call.installation)
    message = call.state.message(channel, call.args["timestamp"])
    if channel.archived:
        raise Refused("is_archived")
    reaction = (str(call.args["name"]), call.installation.bot_user)
    if reaction in message.reactions:
        raise Refused("already_reacted")
    message.reactions.append(reaction)
    return {}


def post_answer(state: State, channel: Channel, message: Message) -> None:
    """Put a message in ``channel`` that came as the answer to an interaction."""
    channel.messages.append(message)
    state.note_change()
