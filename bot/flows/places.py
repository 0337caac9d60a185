"""Where a person can go: what stands in his sidebar, and the conversations he may read."""

from bot.domain.people import Role
from bot.domain.permissions import Action
from bot.flows import home, notes, organisation
from bot.flows.desk import Guest
from bot.flows.digests import amg
from bot.flows.env import Env
from bot.flows.rounds.cards import local
from bot.flows.views import Conversation, Entry, Item, Sidebar
from bot.storage import actions, chat, dialogues, people
from bot.storage.store import Tx


def sidebar(tx: Tx, env: Env, asker: Guest) -> Sidebar:
    """Return where somebody can go."""
    return Sidebar(
        person=asker.id,
        name=asker.person.name,
        language=asker.reader.words.language,
        organisation=organisation.name(tx, env),
        entries=_entries(tx, env, asker),
        demo=env.demo,
    )


def conversation(
    tx: Tx, env: Env, asker: Guest, id_: str, before: int | None
) -> Conversation | None:
    """Return a conversation, older than ``before`` where that is given; ``None``: none of his.

    Raises ``NotAllowed``.
    """
    words = asker.reader.words
    kind, _, owner = id_.partition(":")
    if kind == "person" and owner == asker.id:
        title, note, can_post = words("chat.bot"), words("chat.bot_note"), True
        waiting = () if before else home.waiting(tx, env, asker)
    elif kind == "node" and owner in asker.tree:
        asker.must(Action.SEE_RESULTS, owner)
        number = len(people.everybody(tx, asker.tree.under(owner)))
        title = asker.tree[owner].name
        note, waiting = words("team.people", number=number), ()
        can_post = asker.may(Action.POST_IN_CHANNEL, owner)
    elif kind == "amg" and owner in asker.tree:
        asker.must(Action.SEE_DIGEST, owner)
        title = words("amg.channel", team=asker.tree[owner].name)
        note, waiting, can_post = words("amg.channel_note"), (), True
    else:
        return None
    names = {one.id: one.name for one in people.all_known(tx)}
    posted = chat.latest(tx, id_, before=before)
    items = tuple(
        Item(
            id=one.id,
            author=names.get(one.author, "?") if one.author else None,
            at=words("chat.at", at=local(one.at, asker.reader.zone)),
            card=notes.card(tx, env, asker.reader, one.note),
        )
        for one in posted
    )
    older = posted[0].id if len(posted) == 60 else None
    return Conversation(id_, title, note, items, waiting, older, can_post)


def _entries(tx: Tx, env: Env, asker: Guest) -> tuple[Entry, ...]:
    words = asker.reader.words
    roles = asker.who.nodes(Role.LEAD, Role.AMG, Role.AMR)
    own = [
        *asker.tree.above(asker.person.home),
        *(node for node in roles if node in asker.tree),
    ]
    channels = list(dict.fromkeys(own))
    groups = amg.groups(asker)
    direct = chat.direct_id(asker.id)
    shared = [*map(chat.channel_id, channels), *map(chat.group_id, groups)]
    newest = chat.last_ids(tx, [direct, *shared])
    found = [
        Entry(
            f"c/{direct}",
            words("chat.bot"),
            "direct",
            newest.get(direct, 0),
            home.unanswered(tx, env, asker),
        )
    ]
    for node in channels:
        id_ = chat.channel_id(node)
        found.append(Entry(f"c/{id_}", asker.tree[node].name, "channel", newest.get(id_, 0)))
    for node in groups:
        id_ = chat.group_id(node)
        name = words("amg.channel", team=asker.tree[node].name)
        found.append(Entry(f"c/{id_}", name, "channel", newest.get(id_, 0)))
    found += [
        Entry("me", words("page.me"), "page"),
        Entry("results", words("page.results"), "page"),
        Entry(f"board/{asker.person.home}", words("board.title"), "page"),
    ]
    found += [
        Entry(f"dialogue/{one.id}", words("dialogue.title", topic=one.topic), "page")
        for one in dialogues.running(tx, channels)
    ]
    led = home.led_nodes(asker)
    watched = [node for node in roles if node in asker.tree and node not in led]
    found += [
        Entry(f"team/{node}", words("page.team", team=asker.tree[node].name), "page")
        for node in dict.fromkeys([*led, *watched])
    ]
    found += [
        Entry(f"amg/{node}", words("page.amg", team=asker.tree[node].name), "page")
        for node in groups
    ]
    if actions.any_shared(tx):
        found.append(Entry("shared", words("shared.title"), "page"))
    found += [
        Entry("privacy", words("page.privacy"), "page"),
        Entry("help", words("page.help"), "page"),
    ]
    if asker.may(Action.SEE_OPERATIONS, asker.tree.root.id):
        found.append(Entry("operations", words("page.operations"), "page"))
    return tuple(found)
