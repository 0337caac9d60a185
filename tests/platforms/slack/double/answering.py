"""What an app may answer an interaction with: a command's reply, a view action, a response URL."""

from typing import Literal

from double.api import views
from double.api.chat import rewrite
from double.api.content import checked_blocks
from double.elements import suggested
from double.lines import Answer
from double.shapes import Json, Refused
from double.state import State
from double.world import Message, View

REPLY_KEYS = frozenset(
    {
        "text", "blocks", "response_type", "replace_original", "delete_original", "thread_ts",
        "mrkdwn", "unfurl_links", "unfurl_media", "metadata", "attachments", "link_names", "parse",
    }
)  # fmt: skip

Submission = Literal["closed", "errors", "updated", "pushed", "cleared", "trouble"]


def reply(state: State, body: Json | str | None, *, channel: str, user: str) -> Message | None:
    """Show a command's direct answer; None where there is none. A wrong one is a violation."""
    if not body:
        return None
    said: Json = {"text": body} if isinstance(body, str) else body
    try:
        return posted(state, said, channel=channel, user=user)
    except Refused as refusal:
        state.violate(refusal.error, "command", refusal.wrong)
        return None


def posted(state: State, said: Json, *, channel: str, user: str) -> Message:
    """Show what an app answered, to one person or (``in_channel``) to all."""
    unknown = set(said) - REPLY_KEYS
    if unknown:
        raise Refused("invalid_payload", wrong=f"not properties of a reply: {sorted(unknown)}")
    if said.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise Refused("invalid_payload", wrong="no such response_type")
    if not said.get("text") and not said.get("blocks"):
        raise Refused("no_text", wrong="neither text nor blocks")
    room = state.channels[channel]
    installation = state.installation_for(room.team)
    message = Message(
        ts=state.new_ts(),
        channel=channel,
        user=installation.bot_user if installation else "",
        text=str(said.get("text") or ""),
        blocks=checked_blocks(state, said.get("blocks")),
        app=True,
        only_for="" if said.get("response_type") == "in_channel" else user,
    )
    room.messages.append(message)
    state.note_change()
    return message


def respond(state: State, url_id: str, said: Json) -> None:
    """Answer at a response URL.

    Raises:
        Refused: with the status Slack's hooks answer with.
    """
    try:
        url = state.triggers.redeem(url_id)
        source = next((m for m in state.channels[url.channel].messages if m.ts == url.source), None)
        if said.get("delete_original") and source:
            source.deleted = True
        elif said.get("replace_original") and source:
            rewrite(source, str(said.get("text") or ""), checked_blocks(state, said.get("blocks")))
        else:
            posted(state, said, channel=url.channel, user=url.user)
    except Refused as refusal:
        if refusal.wrong:
            state.violate(refusal.error, "response_url", refusal.wrong)
        refusal.status = 404 if refusal.status == 404 else 400
        raise
    state.note_change()


def submission(state: State, view: View, answer: Answer) -> tuple[Submission, dict[str, str]]:
    """Carry out the app's answer to a submission; say what became of it, and the errors shown."""
    body = answer.body or {}
    try:
        if not isinstance(body, dict):
            raise Refused("invalid_response", wrong="a text answers no submission")
        return carried_out(state, view, body)
    except Refused as refusal:
        state.violate(refusal.error, "view_submission", refusal.wrong or refusal.error)
        return "trouble", {}


def carried_out(state: State, view: View, body: Json) -> tuple[Submission, dict[str, str]]:
    """Do what ``response_action`` says.

    Raises:
        Refused: where the answer is wrong, which the person sees as trouble.
    """
    action = body.get("response_action")
    if action == "errors":
        return "errors", shown_errors(view, body.get("errors"))
    if action == "clear":
        views.clear(state, view.user)
        return "cleared", {}
    if action == "update":
        payload = views.checked(state, body.get("view") or {}, "modal", view.team, view.id)
        views.replace(state, view, payload)
        return "updated", {}
    if action == "push":
        payload = views.checked(state, body.get("view") or {}, "modal", view.team)
        views.put(state, view.user, view.team, payload)
        return "pushed", {}
    if body:
        raise Refused("invalid_response", wrong="no response_action Slack knows")
    if not view.closed:
        views.shut(state, view)
    return "closed", {}


def offered(state: State, answer: Answer) -> list[Json]:
    """Return the options an app offers to a search; a wrong offer is a violation, and empty."""
    faults = list(suggested(answer.body, "suggestions"))
    for one in faults:
        state.violate("invalid_suggestions", "block_suggestion", one)
    if faults or not isinstance(answer.body, dict):
        return []
    groups = answer.body.get("option_groups") or []
    return [*answer.body.get("options", ()), *(one for group in groups for one in group["options"])]


def shown_errors(view: View, errors: object) -> dict[str, str]:
    """Return the errors by block, each under an input that stands in the view."""
    inputs = {one["block_id"] for one in view.payload["blocks"] if one["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Refused("invalid_response", wrong="errors without an error")
    if not set(errors) <= inputs:
        raise Refused("invalid_response", wrong="an error under something that is no input")
    if not all(isinstance(one, str) and one for one in errors.values()):
        raise Refused("invalid_response", wrong="an error without words")
    return dict(errors)
