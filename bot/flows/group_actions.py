"""What the administrator does around the outbox: looking at it, trying a delivery again.

And whether the bot is in touch with its chat.
"""

from bot.cards import Actions, Button, Message, Part, Reply, Say, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.env import Env
from bot.flows.programmes import resting
from bot.flows.rounds.cards import local
from bot.flows.teams import roles
from bot.storage import outbox, slack_channels
from bot.storage.store import Tx


async def retry(desk: Desk, request: Request) -> Reply:
    """Try again to deliver what was given up."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        asker.must(Action.SEE_OPERATIONS, asker.tree.root.id)
        outbox.revive(tx, request.context, desk.now())
        return Say(asker.reader.words("operations.retrying"))

    return await desk.store.write(work)


def operations(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return the administrator's page: the outbox in numbers, and dead letters with a retry."""
    root: NodeId = asker.tree.root.id
    asker.must(Action.SEE_OPERATIONS, root)
    words = asker.reader.words
    counts = outbox.counts(tx, but=("invite:", "remind:"))
    waiting, dead = counts.get(outbox.WAITING, 0), counts.get(outbox.DEAD, 0)
    parts: list[Part] = [Text(words("operations.outbox", waiting=waiting, dead=dead))]
    parts += _contact(tx, env, asker)
    orphans = resting.number(tx)
    if orphans:
        parts.append(Text(words("operations.plans_rest", number=orphans, code=resting.CODE)))
    for one in outbox.dead(tx):
        purpose = one.purpose.partition(":")[0]
        code = one.problem or "?"
        parts.append(Text(words("operations.dead_line", purpose=purpose, code=code)))
        button = Button("operations.retry", words("operations.button.retry"), one.id)
        parts.append(Actions((button,)))
    parts += roles.ways(env, asker, root)
    title = words("page.operations")
    return (Message(title, tuple(parts), title=title),)


def _contact(tx: Tx, env: Env, asker: Guest) -> list[Part]:
    """Return how things stand with the chat that is not the bot's own, where there is one."""
    found, words, zone = env.contact.state(env.clock.now()), asker.reader.words, asker.reader.zone
    if found is None:
        return []
    if found.since is None:
        lines = [words("operations.contact.comes", chat=found.chat)]
    else:
        key = "connected" if found.connected else "away"
        since = local(found.since, zone)
        lines = [words(f"operations.contact.{key}", chat=found.chat, at=since)]
    if found.heard is None:
        lines.append(words("operations.contact.silent", chat=found.chat))
    else:
        heard = local(found.heard, zone)
        lines.append(words("operations.contact.heard", chat=found.chat, at=heard))
    held = tuple(f"#{one.name}" for one in slack_channels.all_bound(tx) if one.held)
    if held:
        lines.append(words("operations.contact.held", number=len(held), names=held))
    return [Text(line) for line in lines]


HANDLERS: Handlers = {
    "operations.retry": retry,
}
