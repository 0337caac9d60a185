"""A digest as a card: the snapshot's ids worded for one reader, each line leading to the thing.

Whatever a line names is looked up when it is read: what is gone, or is not public any more, is
left out. No line names a person.
"""

from collections.abc import Iterable, Iterator, Sequence

from bot.cards import Actions, Link, Message, Part, Table, Text
from bot.content.words import Words
from bot.domain import effects
from bot.domain.action_items import ActionItem, Perspective, Prevention
from bot.domain.people import NodeId, Tree
from bot.flows.digests.saying import Digest
from bot.flows.env import Env, Reader
from bot.flows.escalations.cards import short
from bot.flows.results.words import level
from bot.flows.rounds.cards import local
from bot.storage import actions, escalations, figures, people, rounds
from bot.storage.figures import Kept
from bot.storage.store import Tx

Row = tuple[str | Link, ...]


def card(tx: Tx, env: Env, reader: Reader, node: NodeId, digest: Digest) -> Message:
    """Return the digest as a card."""
    words, tree = reader.words, people.tree(tx)
    title = words("digest.title", team=tree[node].name)
    parts: list[Part] = [Text(words("digest.intro", since=digest.since, until=digest.today))]
    if digest.quiet:
        parts = [Text(words("digest.quiet", since=digest.since))]
    parts += _point(tx, reader, tree, digest)
    parts += sections(tx, env, reader, node, digest)
    parts += balance(words, digest)
    return Message(title, tuple(parts), title=title)


def sections(tx: Tx, env: Env, reader: Reader, node: NodeId, digest: Digest) -> Iterator[Part]:
    """Yield the sections that have something in them, each followed by what was cut."""
    tree = people.tree(tx)
    for name, part in _sections(tx, env, reader, tree, digest):
        if not part.rows:
            continue
        yield part
        more = digest.total.get(name, 0) - len(getattr(digest, name))
        if more > 0:
            label = reader.words("digest.more", number=more)
            path = f"board/{node}/late" if name == "late" else f"amg/{node}/{name}"
            yield Actions((Link(label, path),))


def _sections(
    tx: Tx, env: Env, reader: Reader, tree: Tree, digest: Digest
) -> Iterator[tuple[str, Table]]:
    yield "waiting", _waiting(tx, reader, tree, digest)
    yield "late", _actions(tx, reader, tree, "late", digest.late)
    yield "due", _actions(tx, reader, tree, "due", digest.due)
    yield "done", _actions(tx, reader, tree, "done", digest.done)
    yield "results", _results(tx, env, reader, digest)
    yield "untouched", _untouched(tx, env, reader, digest)
    yield "spread", _actions(tx, reader, tree, "spread", digest.spread)


def _table(words: Words, name: str, columns: Iterable[str], rows: Iterable[Row]) -> Table:
    heads = tuple(words(f"digest.column.{column}") for column in columns)
    return Table(heads, tuple(rows), words(f"digest.section.{name}"))


def _actions(tx: Tx, reader: Reader, tree: Tree, name: str, ids: Sequence[str]) -> Table:
    words = reader.words
    found = (actions.get(tx, id_) for id_ in ids)
    last = {"done": "effect", "spread": "effect"}.get(name, "date")
    rows = (
        (Link(short(one.what), f"action/{one.id}"), _name(tree, one.node), _last(words, name, one))
        for one in found
        if one is not None
    )
    return _table(words, name, ("action", "team", last), rows)


def _last(words: Words, name: str, one: ActionItem) -> str:
    if name not in ("done", "spread"):
        return words("digest.day", day=one.due)
    found = effects.known(one)
    return words(f"effect_word.{found.value}") if found else words("digest.not_known")


def _waiting(tx: Tx, reader: Reader, tree: Tree, digest: Digest) -> Table:
    words = reader.words
    rows = []
    for id_, days in zip(digest.waiting, digest.days, strict=True):
        one = escalations.get(tx, id_)
        if one is None or not one.waiting:
            continue
        waited = words("digest.waited", days=days)
        rows.append(
            (Link(short(one.wish), f"escalation/{id_}"), _name(tree, one.from_node), waited)
        )
    return _table(words, "waiting", ("wish", "team", "waited"), rows)


def _results(tx: Tx, env: Env, reader: Reader, digest: Digest) -> Table:
    words = reader.words
    rows = []
    for id_, moved in zip(digest.results, digest.trends, strict=True):
        kept = _public(tx, env, id_)
        if kept is not None and kept.figure.overall is not None:
            said = level(words, kept.instrument, kept.figure.overall)
            way = words(f"digest.trend.{moved}") if moved else words("digest.trend.first")
            rows.append((_result_link(tx, reader, kept), said, way))
    return _table(words, "results", ("result", "overall", "trend"), rows)


def _untouched(tx: Tx, env: Env, reader: Reader, digest: Digest) -> Table:
    words = reader.words
    found = (_public(tx, env, id_) for id_ in digest.untouched)
    rows = (
        (_result_link(tx, reader, kept), level(words, kept.instrument, kept.figure.overall))
        for kept in found
        if kept is not None and kept.figure.overall is not None
    )
    return _table(words, "untouched", ("result", "overall"), rows)


def _public(tx: Tx, env: Env, figure: str) -> Kept | None:
    kept = figures.get(tx, figure)
    return kept if kept is not None and kept.publish_at <= env.clock.now() else None


def _result_link(tx: Tx, reader: Reader, kept: Kept) -> Link:
    words, one = reader.words, rounds.get(tx, kept.round)
    nodes = getattr(kept.figure, "nodes", (kept.figure.at,))
    names = [one.nodes[node][0] for node in nodes if node in one.nodes] if one else []
    what = words.instrument(kept.instrument).title
    day = local(kept.publish_at, reader.zone).date()
    return Link(words("digest.result", what=what, team=names, day=day), f"results/{kept.id}")


def balance(words: Words, digest: Digest) -> list[Part]:
    """Say how the open actions are spread; kindly, where the promoting ones are not the most."""
    if not sum(digest.perspectives):
        return []
    kinds = {one.value: n for one, n in zip(Perspective, digest.perspectives, strict=True)}
    levels = {one.value: n for one, n in zip(Prevention, digest.preventions, strict=True)}
    parts: list[Part] = [
        Text(words("digest.perspectives", **kinds)),
        Text(words("digest.preventions", **levels)),
    ]
    if not digest.promoting_leads:
        parts.append(Text(words("digest.promote_more")))
    return parts


def _point(tx: Tx, reader: Reader, tree: Tree, digest: Digest) -> list[Part]:
    """Propose the one point; nothing where there is none, or its thing is gone."""
    words, (kind, about) = reader.words, digest.point
    what, team = "", [""]
    match kind:
        case "":
            return []
        case "waiting":
            one = escalations.get(tx, about)
            if one is None or not one.waiting:
                return []
            what, team = short(one.wish), [_name(tree, one.from_node)]
        case "untouched":
            kept = figures.get(tx, about)
            if kept is None:
                return []
            nodes = getattr(kept.figure, "nodes", (kept.figure.at,))
            what = words.instrument(kept.instrument).title
            team = [_name(tree, node) for node in nodes]
        case "late" | "spread":
            item = actions.get(tx, about)
            if item is None:
                return []
            what, team = short(item.what), [_name(tree, item.node)]
    return [Text(words(f"digest.point.{kind}", what=what, team=team), "question")]


def _name(tree: Tree, node: NodeId) -> str:
    return tree[node].name if node in tree else "–"
