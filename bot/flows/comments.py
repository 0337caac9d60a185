"""Comments of a round: looked through by the AMR before the team reads them, then shown to it.

They stand in no message that stays as it was sent (``Transient``): what is held back is gone from
everywhere at publication, and what was shown once its time is over.
"""

from bot.cards import Actions, Button, Divider, Message, Part, Reply, Say, Show, Text, Transient
from bot.domain.permissions import Action, allowed
from bot.domain.rounds import Round
from bot.flows.desk import Desk, Handlers, NotAllowed, NotUnderstood, Request, guest
from bot.flows.env import Env, Reader
from bot.flows.results import cards, reading
from bot.flows.results.words import title_of
from bot.flows.rounds.cards import local, who_button
from bot.storage import figures, people, rounds
from bot.storage.figures import KeptComment
from bot.storage.store import Tx


def to_review(tx: Tx, env: Env, reader: Reader, round_id: str) -> Message:
    """Return the comments with a way to hold back one that names a person, until publication.

    Whoever is elected for one of the teams they come from sees them, and nobody else.
    """
    words = reader.words
    one = rounds.get(tx, round_id)
    title = words("comments.title")
    if one is not None and env.clock.now() >= one.publish_at:
        return Message(title, (Text(words("comments.over")),), title=title)
    mine = _of_reader(tx, reader, one) if one else ()
    if one is None or not mine:
        return Message(words("note.unknown"), (Text(words("note.unknown")),))
    publish = local(one.publish_at, reader.zone)
    line = words("comments.waiting", number=len(mine), publish=publish)
    opens = Button("comments.open", words("comments.button.review"), one.id, style="primary")
    parts: tuple[Part, ...] = (
        Text(line),
        Transient(opens, tuple(_with_buttons(reader, one, mine))),
        Actions((who_button(reader, one.id),)),
    )
    return Message(line, parts, title=title)


def _of_reader(tx: Tx, reader: Reader, one: Round) -> tuple[KeptComment, ...]:
    who = people.who(tx, reader.person) if reader.person else None
    if who is None:
        return ()
    tree = people.tree(tx)

    def his(comment: KeptComment) -> bool:
        return any(allowed(who, Action.REVIEW_COMMENTS, node, tree) for node in comment.nodes)

    return tuple(filter(his, figures.comments(tx, one.id)))


def _with_buttons(reader: Reader, one: Round, comments: tuple[KeptComment, ...]) -> list[Part]:
    words = reader.words
    parts: list[Part] = [Text(words("comments.review")), Divider()]
    for comment in comments:
        parts.append(Text(comment.text, "quote"))
        label = words("comments.button.release" if comment.held else "comments.button.hold")
        value = f"{comment.id}:{'show' if comment.held else 'hold'}"
        button = Button("comments.hold", label, one.id, value, "quiet", chosen=comment.held)
        if comment.held:
            parts.append(Text(words("comments.held"), "quiet"))
        parts.append(Actions((button,)))
    return parts


async def review(desk: Desk, request: Request) -> Reply:
    """Show the comments of a round to who is elected to look through them."""

    def read(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        one = rounds.get(tx, request.context)
        if one is None:
            raise NotUnderstood(request.context)
        if not _of_reader(tx, asker.reader, one):
            raise NotAllowed(Action.REVIEW_COMMENTS.value)
        return Show(to_review(tx, desk.env, asker.reader, one.id))

    return await desk.store.read(read)


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
        return Show(to_review(tx, desk.env, asker.reader, one.id))

    return await desk.store.write(work)


async def shown(desk: Desk, request: Request) -> Reply:
    """Show what was written beside a result, to whoever may see the result now."""

    def read(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words = asker.reader.words
        found = reading.visible(tx, asker, request.context, desk.now())
        if found is None or not found.public:
            raise NotAllowed(Action.SEE_RESULTS.value)
        parts = cards.comments(asker.reader, found) or [Text(words("comments.gone"))]
        title = title_of(asker.reader, found)
        who = Actions((who_button(asker.reader, found.round.id),))
        return Show(Message(title, (*parts, who), title=title))

    return await desk.store.read(read)


HANDLERS: Handlers = {
    "comments.open": review,
    "comments.hold": hold,
    "comments.shown": shown,
}
