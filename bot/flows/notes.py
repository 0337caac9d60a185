"""What a stored note says: from a kind and plain ids to a card, worded for one reader.

Every kind that is ever written to the outbox or a conversation is here.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.cards import Actions, Button, Link, Message, Part, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action, allowed
from bot.flows import channels, comments, organisation
from bot.flows.actions import notes as action_notes
from bot.flows.dialogues import notes as dialogue_notes
from bot.flows.digests import telling as digest_tell
from bot.flows.effects import notes as effect_notes
from bot.flows.env import Env, Reader
from bot.flows.escalations import cards as escalation_cards
from bot.flows.programmes import team_reminder
from bot.flows.results import cards as result_cards
from bot.flows.results import reading as results
from bot.flows.rounds.cards import local
from bot.flows.rounds.titles import round_title
from bot.flows.teams import basics as team_basics
from bot.flows.teams import filled as team_filled
from bot.flows.teams import roles_told
from bot.storage import people, rounds
from bot.storage.outbox import Note
from bot.storage.store import Tx

Params = Mapping[str, Any]
Worder = Callable[[Tx, Env, Reader, Params], Message]


def card(tx: Tx, env: Env, reader: Reader, note: Note) -> Message:
    """Return the note as the reader sees it now."""
    worder = KINDS.get(note.kind)
    if worder is None:
        return _plain(reader.words("note.unknown"))
    return worder(tx, env, reader, note.params)


def _plain(text: str) -> Message:
    return Message(text, (Text(text),))


def _typed(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    return _plain(str(params["text"]))


def _welcome(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    words = reader.words
    parts: tuple[Part, ...] = (
        Text(words("welcome.text", organisation=organisation.name(tx, env))),
        Text(words("welcome.anonymous")),
        Actions((Button("privacy.show", words("ask.button.who")), Link(words("page.me"), "me"))),
    )
    return Message(words("welcome.title"), parts, title=words("welcome.title"))


def _bit(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    one = rounds.get(tx, params["round"])
    if one is None:
        return _plain(reader.words("note.unknown"))
    names = [one.nodes[node][0] for node in params["nodes"] if node in one.nodes]
    title = reader.words.instrument(one.instrument).title
    key = "round.reached" if params["reached"] else "round.not_reached"
    text = reader.words(key, team=names, closes=local(one.closes_at, reader.zone))
    return Message(text, (Text(text),), title=title)


def _refused(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    words, tree = reader.words, people.tree(tx)
    names = [tree[node].name for node in params["scope"] if node in tree]
    text = words(f"round.refused.{params['reason']}", team=names, threshold=params["threshold"])
    return Message(text, (Text(text),), title=round_title(words, params["instrument"]))


def _void(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    one = rounds.get(tx, params["round"])
    title = round_title(reader.words, one.instrument) if one else ""
    text = reader.words("round.void")
    return Message(text, (Text(text),), title=title)


def _result(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    found = results.read(tx, params["figure"], env.clock.now())
    if found is None:
        return _plain(reader.words("note.unknown"))
    return result_cards.card(reader, found)


def _early(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    found = results.read(tx, params["figure"], env.clock.now())
    if found is None or not _may(tx, reader, found):
        return _plain(reader.words("note.unknown"))
    return result_cards.card(reader, found, early=True)


def _may(tx: Tx, reader: Reader, found: results.Result) -> bool:
    """Tell whether who once was sent a figure may still see it: he may have changed roles."""
    action = Action.SEE_RESULTS if found.public else Action.SEE_RESULTS_EARLY
    nodes = getattr(found.kept.figure, "nodes", (found.kept.figure.at,))
    return _allowed_at_one(tx, reader, action, nodes)


def _allowed_at_one(tx: Tx, reader: Reader, action: Action, nodes: Iterable[NodeId]) -> bool:
    who = people.who(tx, reader.person) if reader.person else None
    tree = people.tree(tx)
    return who is not None and any(allowed(who, action, node, tree) for node in nodes)


def _too_few(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    one = rounds.get(tx, params["round"])
    if one is None:
        return _plain(reader.words("note.unknown"))
    return result_cards.too_few(reader, one, params["node"])


def _review(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    return comments.to_review(tx, env, reader, params["round"])


def _dead(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    words = reader.words
    text = words("operations.dead_letter", code=params["code"])
    link = Actions((Link(words("page.operations"), "operations"),))
    return Message(text, (Text(text), link), title=words("page.operations"))


def _resting(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    words = reader.words
    text = words("operations.plan_rests", code=params["code"])
    return Message(text, (Text(text),), title=words("page.operations"))


def _hello(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:
    """Say hello in a channel that is no team's yet, with the way to set one up."""
    words = reader.words
    text = words("slack.setup.text_file" if params["file"] else "slack.setup.text")
    button = Button(
        "slack.setup",
        words("slack.setup.button"),
        str(params["channel"]),
        style="primary",
        opens_form=True,
    )
    return Message(text, (Text(text), Actions((button,))), title=words("slack.setup.title"))


KINDS: Mapping[str, Worder] = {
    "typed": _typed,
    "welcome": _welcome,
    "round.bit": _bit,
    "round.refused": _refused,
    "round.void": _void,
    "result.team": _result,
    "result.lead": _early,
    "result.too_few": _too_few,
    "comments.review": _review,
    "operations.dead": _dead,
    **channels.WORDERS,
    "slack.welcome": _hello,
    **team_basics.WORDERS,
    **team_filled.WORDERS,
    **roles_told.WORDERS,
    **dialogue_notes.WORDERS,
    "team.reminder": team_reminder.worded,
    "digest": digest_tell.worded,
    "digest.dates": digest_tell.worded_dates,
    "escalation.new": escalation_cards.worded,
    "escalation.answered": escalation_cards.worded,
    **action_notes.KINDS,
    **effect_notes.KINDS,
    "operations.plan": _resting,
}
"""All kinds but the private ones (``reminding.PRIVATE``), which are drawn from the state."""
