"""What who speaks for a channel outside the bot is asked and told about it.

Results go to the channel their round opened with. Where the team has another by then, or none, they
wait until a lead has said whether they go there or stay in the bot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.cards import Actions, Button, Message, Reply, Say, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.digests.telling import members
from bot.flows.env import Env, Reader
from bot.flows.telling import Leads, to_people
from bot.storage import channels, outbox, people, rounds
from bot.storage.channels import Choice
from bot.storage.outbox import Delivery, Note
from bot.storage.store import Tx

Params = Mapping[str, Any]

POST, KEEP = "post", "keep"
GROUP = "amg:"
"""What the conversations of work-environment groups begin with."""


@dataclass(frozen=True)
class Moved:
    """A conversation whose channel is not the one a round opened with; ids of bindings, or empty.

    ``name`` is what the channel there is now is called.
    """

    conversation: str
    was: str
    now: str
    name: str = ""


def opened_with(tx: Tx, one: Delivery) -> str | None:
    """Return the binding a message's round opened with, empty for none.

    ``None`` for a message that is no round's result: it goes to the channel there is.
    """
    round_id = one.note.params.get("round")
    kind, _, node = one.recipient.partition(":")
    found = rounds.get(tx, round_id) if isinstance(round_id, str) and kind == "node" else None
    return found.channels.get(node, "") if found else None


def ask_where(tx: Tx, env: Env, moved: Moved) -> None:
    """Ask a team's leads, once, where the results go that wait."""
    params = {"conversation": moved.conversation, "was": moved.was, "now": moved.now}
    leads = Leads.read(tx, env, env.clock.now())
    purpose = f"channel-moved:{moved.conversation}:{moved.was}:{moved.now}"
    note = Note("channel.moved", params | {"name": moved.name})
    leads.tell((node_of(moved.conversation),), purpose, note)
    leads.send(tx, env)


def tell_whose_it_is(tx: Tx, env: Env, conversation: str, purpose: str, note: Note) -> None:
    """Write to who speaks for a channel: a team's leads, or the members of the nearest group."""
    now = env.clock.now()
    if is_group(conversation):
        tree, node = people.tree(tx), node_of(conversation)
        groups = (members(tx, one) for one in tree.above(node)) if node in tree else iter(())
        whom = next((found for found in groups if found), ())
        rows = to_people(tx, env, tree, whom, purpose, note, now)
        outbox.add(tx, (env.chance.token() for _ in rows), rows)
        return
    leads = Leads.read(tx, env, now)
    leads.tell((node_of(conversation),), purpose, note)
    leads.send(tx, env)


def may_say(asker: Guest, conversation: str) -> bool:
    """Tell whether somebody speaks for a channel: who sees the digest for a group's."""
    action = Action.SEE_DIGEST if is_group(conversation) else Action.CHANGE_SCHEDULE
    return asker.may(action, node_of(conversation))


def is_group(conversation: str) -> bool:
    """Tell whether a conversation is a work-environment group's."""
    return conversation.startswith(GROUP)


async def where(desk: Desk, request: Request) -> Reply:
    """Keep what a lead says of results that wait, and send them on their way."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        conversation = request.context
        asker.must(Action.CHANGE_SCHEDULE, node_of(conversation))
        said, was, now = _chosen(request)
        words = asker.reader.words
        if channels.bound_ids(tx, (conversation,)).get(conversation, "") != now:
            return Say(words("channel.moved.again"))
        channels.choose(tx, Choice(conversation, was, now, said == POST))
        outbox.hurry(tx, conversation, desk.now())
        return Say(words(f"channel.moved.{said}_done"))

    return await desk.store.write(work)


def _chosen(request: Request) -> tuple[str, str, str]:
    said, was, now = getattr(request, "value", "").split(":")
    if said not in (POST, KEEP) or (said == POST and not now):
        raise NotUnderstood("channel.where")
    return said, was, now


def node_of(conversation: str) -> NodeId:
    """Return the node whose channel a conversation is."""
    return conversation.partition(":")[2]


HANDLERS: Handlers = {"channel.where": where}


def _held(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    """Ask about a channel that is not what it was when it was chosen; or say that it is again."""
    words, why = reader.words, str(params["why"])
    group = is_group(str(params.get("conversation", "")))
    said = words(f"channel.held.{why}", name=f"#{params['name']}", group=group)
    if why == "back":
        return Message(said, (Text(said),), title=words("channel.held.title_back"))
    label, sure = words("channel.held.keep"), words("channel.held.sure")
    keep = Button("slack.channel.keep", label, str(params["channel"]), why, confirm=sure)
    title = words("channel.held.title")
    return Message(said, (Text(said), Actions((keep,))), title=title)


def _moved(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    """Ask a lead where results go whose round opened with another channel."""
    words, conversation = reader.words, str(params["conversation"])
    tree, node = people.tree(tx), node_of(conversation)
    was, now = str(params["was"]), str(params["now"])
    team = tree[node].name if node in tree else ""
    if now:
        why = "to" if was else "late"
        said = words(f"channel.moved.{why}", team=team, name=f"#{params['name']}")
    else:
        said = words("channel.moved.gone", team=team)

    def button(choice: str) -> Button:
        label = words(f"channel.moved.{choice}")
        return Button("channel.where", label, conversation, f"{choice}:{was}:{now}")

    ways = (button(POST), button(KEEP)) if now else (button(KEEP),)
    return Message(said, (Text(said), Actions(ways)), title=words("channel.moved.title"))


def _none(tx: Tx, env: Env, reader: Reader, params: Params) -> Message:  # noqa: ARG001
    """Tell a lead that his team has no channel, and what happens to its result."""
    tree = people.tree(tx)
    names = [tree[node].name for node in params["nodes"] if node in tree]
    words = reader.words
    said = words("channel.none.text", team=names, number=len(names))
    parts = (Text(said), Text(words("channel.none.how")))
    return Message(said, parts, title=words("channel.none.title"))


WORDERS: Mapping[str, Any] = {
    "channel.held": _held,
    "channel.moved": _moved,
    "channel.none": _none,
}
