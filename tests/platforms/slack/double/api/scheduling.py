"""chat.scheduleMessage: messages that wait, and what Slack does when their time comes."""

from datetime import UTC, datetime, timedelta

from double.api.chat import addressed, composed, may_post
from double.calls import Call, method
from double.shapes import Json, Refused
from double.state import Scheduled, State

FARTHEST = timedelta(days=120)


@method("chat.scheduleMessage")
def schedule(call: Call) -> Json:
    """Keep a message for later."""
    state = call.state
    channel = addressed(call)
    may_post(call, channel)
    at = datetime.fromtimestamp(call.args["post_at"], UTC)
    if at <= state.now():
        raise Refused("time_in_past")
    if at > state.now() + FARTHEST:
        raise Refused("time_too_far", wrong="a message may wait 120 days at most")
    message = composed(call, channel)
    state.rates.schedule(channel.id)
    waiting = Scheduled(state.new_id("Q"), channel.id, call.args["post_at"], message)
    state.scheduled.append(waiting)
    return {
        "channel": channel.id,
        "scheduled_message_id": waiting.id,
        "post_at": waiting.post_at,
        "message": {"text": message.text},
    }


def post_due(state: State) -> None:
    """Post every scheduled message whose time has come.

    One with metadata is dropped without a word: Slack documents that it never arrives.
    """
    now = state.now().timestamp()
    due = [one for one in state.scheduled if one.post_at <= now]
    state.scheduled = [one for one in state.scheduled if one.post_at > now]
    for one in due:
        if one.message.metadata is None and not state.channels[one.channel].archived:
            one.message.ts = state.new_ts()
            state.channels[one.channel].messages.append(one.message)
    state.note_change()
