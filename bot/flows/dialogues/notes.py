"""What the notes of a dialogue say: to the team's channel, to its leader, to each who is asked."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.cards import Actions, Button, Link, Message, Part, Text
from bot.domain.dialogues import Dialogue, Phase
from bot.flows.dialogues.meeting import page_link
from bot.flows.dialogues.outcome import outcome_lines
from bot.flows.dialogues.people import SHOWS_ORDER
from bot.flows.dialogues.words import who_button
from bot.flows.env import Env, Reader
from bot.flows.rounds.cards import local
from bot.storage import dialogues
from bot.storage.store import Tx

Params = Mapping[str, Any]

NEWS = (
    *("begun", "meeting", "ideas", "destroyed", "empty", "vote"),
    *("order", "no_order", "outcome", "stopped"),
)
"""What a team's channel is told."""
MINE = ("group", "choose", "still")
"""What who leads is told."""
_AGAIN = ("destroyed", "empty")


def _news(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    one = dialogues.get(tx, params["dialogue"])
    event = params["event"]
    if one is None or event not in NEWS:
        return _unknown(reader)
    words = reader.words
    text = words(f"dialogue.news.{event}", topic=one.topic)
    parts: list[Part] = [Text(text)]
    if event == "begun" and one.phase is Phase.COLLECTING and one.until is not None:
        until = local(one.until, reader.zone)
        parts.append(Text(words("dialogue.until", until=until), "quiet"))
    if event in SHOWS_ORDER:
        parts += outcome_lines(tx, reader, one)
    return _card(reader, one, text, [*parts, Actions(_ways(reader, one, event))])


def _ways(reader: Reader, one: Dialogue, event: str) -> tuple[Button | Link, ...]:
    page = page_link(reader, one)
    if event in _AGAIN:
        label = reader.words("dialogue.button.again")
        again = Button("dialogue.new", label, one.node, f"again:{one.id}", opens_form=True)
        return (again,)
    return (page, who_button(reader, one.id))


def _mine(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    one = dialogues.get(tx, params["dialogue"])
    event = params["event"]
    if one is None or event not in MINE:
        return _unknown(reader)
    text = reader.words(f"dialogue.mine.{event}", topic=one.topic)
    parts: list[Part] = [Text(text)]
    if event == "group" and one.phase is Phase.GROUPING and one.until is not None:
        until = local(one.until, reader.zone)
        parts.append(Text(reader.words("dialogue.goes_on", until=until), "quiet"))
    return _card(reader, one, text, [*parts, Actions((page_link(reader, one),))])


def _invite(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    one = dialogues.get(tx, params["dialogue"])
    if one is None:
        return _unknown(reader)
    words = reader.words
    text = words("ideas.invite", topic=one.topic)
    parts: list[Part] = [Text(text), Text(words("ideas.named"), "quiet")]
    if one.phase is Phase.COLLECTING and one.until is not None:
        until = local(one.until, reader.zone)
        parts.append(Text(words("dialogue.until", until=until), "quiet"))
        show = Button("ideas.show", words("ideas.button.begin"), one.id, style="primary")
        parts.append(Actions((show, who_button(reader, one.id))))
    else:
        parts.append(Actions((page_link(reader, one),)))
    return _card(reader, one, text, parts)


def _card(reader: Reader, one: Dialogue, text: str, parts: list[Part]) -> Message:
    return Message(text, tuple(parts), title=reader.words("dialogue.title", topic=one.topic))


def _unknown(reader: Reader) -> Message:
    text = reader.words("note.unknown")
    return Message(text, (Text(text),))


WORDERS: Mapping[str, Callable[[Tx, Env, Reader, Params], Message]] = {
    "dialogue.news": _news,
    "dialogue.mine": _mine,
    "dialogue.invite": _invite,
}
