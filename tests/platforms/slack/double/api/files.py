"""files.*: the three steps of an upload, and looking at and deleting what was uploaded."""

from double.api.chat import may_post
from double.api.content import checked_blocks
from double.calls import Call, method
from double.shapes import Json, Refused
from double.state import State
from double.world import Channel, File, Message

ALT = 1_000


@method("files.getUploadURLExternal")
def ask(call: Call) -> Json:
    """Return where to send the bytes."""
    state, args = call.state, call.args
    if args["length"] <= 0:
        raise Refused("missing_argument", wrong="length must be over 0")
    alt = str(args.get("alt_txt") or "")
    if len(alt) > ALT:
        raise Refused("alt_txt_too_large", wrong=f"alt_txt is over {ALT:,} characters")
    new = state.new_id("F")
    team = call.installation.team or call.installation.enterprise
    state.files[new] = File(new, team, args["filename"], args["length"], alt)
    return {"upload_url": f"{state.address}/upload/v1/{new}", "file_id": new}


def receive(state: State, file_id: str, body: bytes) -> None:
    """Take the bytes of an upload.

    Raises:
        Refused: for an address that was not given out, was used, or a wrong length.
    """
    file = state.files.get(file_id)
    if file is None or file.state != "asked":
        raise Refused("file_not_found", wrong="bytes for no upload that waits", status=404)
    if len(body) != file.length:
        wrong = f"{file.length} bytes were announced and {len(body)} came"
        raise Refused("file_update_failed", wrong=wrong, status=400)
    file.body, file.state = body, "uploaded"
    state.note_change()


@method("files.completeUploadExternal")
def complete(call: Call) -> Json:
    """Finish uploads, and share them where a channel is named."""
    files = [finished(call, one) for one in call.args["files"]]
    names = str(call.args.get("channels") or call.args.get("channel_id") or "")
    rooms = [room(call, one) for one in names.split(",") if one]
    for file in files:
        file.state, file.ready_at = "complete", call.state.now() + call.state.file_processing
    for one in rooms:
        share(call, one, files)
    return {"files": [file.shown() for file in files]}


def finished(call: Call, asked: object) -> File:
    """Return one file of the list whose bytes have come."""
    if not isinstance(asked, dict) or not asked.get("id"):
        raise Refused("invalid_arguments", wrong="files must be objects with an id")
    unknown = set(asked) - {"id", "title", "highlight_type"}
    if unknown:
        raise Refused("invalid_arguments", wrong=f"not properties of a file: {sorted(unknown)}")
    file = call.state.files.get(str(asked["id"]))
    if file is None or file.state != "uploaded":
        raise Refused("file_not_found", wrong="completed before its bytes came, or twice")
    file.title = str(asked.get("title") or file.name)
    return file


def room(call: Call, channel_id: str) -> Channel:
    """Return a channel a file may be shared in."""
    channel = call.state.channel(channel_id, call.installation)
    may_post(call, channel)
    return channel


def share(call: Call, channel: Channel, files: list[File]) -> None:
    """Post the message that carries the files."""
    thread = str(call.args.get("thread_ts") or "")
    if thread and not any(one.ts == thread for one in channel.messages):
        raise Refused("thread_not_found")
    message = Message(
        ts=call.state.new_ts(),
        channel=channel.id,
        user=call.installation.bot_user,
        text=str(call.args.get("initial_comment") or ""),
        blocks=checked_blocks(call.state, call.args.get("blocks")),
        app=True,
        thread_ts=thread,
        files=[one.id for one in files],
    )
    channel.messages.append(message)
    for file in files:
        file.shared_in.append(channel.id)


def known(call: Call) -> File:
    """Return the file a call names, or refuse."""
    file = call.state.files.get(call.args["file"])
    if file is None:
        raise Refused("file_not_found")
    if file.deleted:
        raise Refused("file_deleted")
    return file


@method("files.info")
def info(call: Call) -> Json:
    """Describe a file; its ``mimetype`` is empty until Slack has prepared it."""
    file = known(call)
    ready = file.ready_at is not None and call.state.now() >= file.ready_at
    return {"file": file.shown() | {"mimetype": "image/png" if ready else ""}}


@method("files.delete")
def delete(call: Call) -> Json:
    """Delete a file."""
    known(call).deleted = True
    return {}
