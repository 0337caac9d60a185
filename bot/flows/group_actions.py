"""What a group does around a result, and the administrator around the outbox.

Holding back a comment that names somebody, trying a delivery again.
"""

from bot.cards import Actions, Button, Message, Part, Reply, Say, Show, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.desk import Desk, Guest, Handlers, NotAllowed, NotUnderstood, Request, guest
from bot.flows.notes import comments_to_review
from bot.flows.programmes import resting
from bot.storage import figures, outbox, rounds
from bot.storage.store import Tx


async def hold(desk: Desk, request: Request) -> Reply:
    """Hold a comment back, or let it through again: ``comment:hold`` or ``comment:show``."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        comment_id, _, wish = getattr(request, "value", "").partition(":")
        one = rounds.get(tx, request.context)
        target = next(
            (c for c in figures.comments(tx, request.context) if c.id == comment_id), None
        )
        if one is None or target is None or wish not in ("hold", "show"):
            raise NotUnderstood(request.context)
        if not any(asker.may(Action.REVIEW_COMMENTS, node) for node in target.nodes):
            raise NotAllowed(Action.REVIEW_COMMENTS.value)
        if desk.now() >= one.publish_at:
            return Say(asker.reader.words("comments.over"))
        figures.hold(tx, one.id, comment_id, wish == "hold")
        return Show(comments_to_review(tx, desk.env, asker.reader, one.id))

    return await desk.store.write(work)


async def retry(desk: Desk, request: Request) -> Reply:
    """Try again to deliver what was given up."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        asker.must(Action.SEE_OPERATIONS, asker.tree.root.id)
        outbox.revive(tx, request.context, desk.now())
        return Say(asker.reader.words("operations.retrying"))

    return await desk.store.write(work)


def operations(tx: Tx, asker: Guest) -> tuple[Message, ...]:
    """Return the administrator's page: the outbox in numbers, and dead letters with a retry."""
    root: NodeId = asker.tree.root.id
    asker.must(Action.SEE_OPERATIONS, root)
    words = asker.reader.words
    counts = outbox.counts(tx, but=("invite:", "remind:"))
    waiting, dead = counts.get(outbox.WAITING, 0), counts.get(outbox.DEAD, 0)
    parts: list[Part] = [Text(words("operations.outbox", waiting=waiting, dead=dead))]
    orphans = resting.number(tx)
    if orphans:
        parts.append(Text(words("operations.plans_rest", number=orphans, code=resting.CODE)))
    for one in outbox.dead(tx):
        purpose = one.purpose.partition(":")[0]
        code = one.problem or "?"
        parts.append(Text(words("operations.dead_line", purpose=purpose, code=code)))
        button = Button("operations.retry", words("operations.button.retry"), one.id)
        parts.append(Actions((button,)))
    title = words("page.operations")
    return (Message(title, tuple(parts), title=title),)


HANDLERS: Handlers = {
    "comments.hold": hold,
    "operations.retry": retry,
}
