"""The work-environment group's own page: what its digest would say now, what waits for it, and when
the digest comes. Its channel: who is in it.
"""

from dataclasses import replace
from datetime import timedelta

from bot.cards import Actions, Button, Link, Message, Part, Reply, Say, Show, Text
from bot.domain.people import NodeId, Role
from bot.domain.permissions import Action
from bot.flows.actions import board
from bot.flows.calendars import team_calendar
from bot.flows.desk import Desk, Guest, guest
from bot.flows.digests import cards as digest_cards
from bot.flows.digests import telling as digest_tell
from bot.flows.digests.facts import answered_for, gather
from bot.flows.digests.saying import SECTIONS, Digest, reckon
from bot.flows.env import Env
from bot.flows.escalations.cards import waiting_here
from bot.flows.programmes import registry as programmes
from bot.flows.programmes.words import describe
from bot.storage import people, schedules
from bot.storage.store import Tx

MONTH = timedelta(days=31)
EVERYTHING = 500
"""Lines of a section that is shown on a page of its own."""


def groups(asker: Guest) -> tuple[NodeId, ...]:
    """Return the nodes in whose work-environment group the person is, home first."""
    found = [node for node in asker.who.nodes(Role.AMG, Role.AMR) if node in asker.tree]
    over = asker.tree.above(asker.person.home) if asker.person.home in asker.tree else ()
    return tuple(sorted(found, key=lambda node: (node not in over, asker.tree[node].name)))


def page(tx: Tx, env: Env, asker: Guest, node: NodeId, section: str) -> tuple[Message, ...]:
    """Return the cards of ``amg/<node>``, or of one section of it. Raises ``NotAllowed``."""
    asker.must(Action.SEE_DIGEST, node)
    if section:
        return (_section(tx, env, asker, node, section),)
    cards = [live(tx, env, asker, node), _waiting(tx, env, asker, node)]
    cards += [_board(asker, node), _plan(tx, asker, node)]
    return tuple(card for card in cards if card is not None)


def live(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    """Return the digest as it would be now."""
    return digest_cards.card(tx, env, asker.reader, node, now(tx, env, node))


def now(tx: Tx, env: Env, node: NodeId, shown: int | None = None) -> Digest:
    """Return what there is to say now, since the last digest."""
    at = env.clock.now()
    calendar = team_calendar(tx, people.tree(tx), env.defaults, (node,), at.date())
    plan = schedules.find(tx, (node,), digest_tell.NAME)
    since = (programmes.looked(tx, plan) if plan else None) or at - MONTH
    soon = calendar.local(at + MONTH).date()
    facts = gather(tx, env, node, since, at, soon, calendar)
    return reckon(facts) if shown is None else reckon(facts, shown)


def _section(tx: Tx, env: Env, asker: Guest, node: NodeId, section: str) -> Message:
    words = asker.reader.words
    whole = now(tx, env, node, EVERYTHING)
    kept = {name: () for name in SECTIONS if name != section}
    kept |= {} if section == "waiting" else {"days": ()}
    kept |= {} if section == "results" else {"trends": ()}
    alone = Digest(**{**vars(whole), **kept})
    parts = [*digest_cards.sections(tx, env, asker.reader, node, alone)]
    if not parts:
        parts = [Text(words("amg.nothing"))]
    back = Link(words("amg.back"), f"amg/{node}")
    title = words("page.amg", team=asker.tree[node].name)
    return Message(title, (*parts, Actions((back,))), title=title)


def _waiting(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message | None:
    """Return what the person himself may answer, with the buttons for it."""
    words = asker.reader.words
    levels = answered_for(tx, asker.tree, node)
    mine = tuple(one for one in levels if asker.may(Action.ANSWER_ESCALATION, one))
    parts = waiting_here(tx, env, asker, mine)
    if not parts:
        return None
    title = words("digest.section.waiting")
    return Message(title, tuple(parts), title=title)


def _board(asker: Guest, node: NodeId) -> Message:
    """Return the ways to the board of all teams below, by state, date, perspective and level."""
    filters = board.filters(asker.reader.words, node, board.Filter())
    parts = [
        Actions(tuple(replace(one, chosen=False) for one in part.children))
        if isinstance(part, Actions)
        else part
        for part in filters.children
    ]
    title = asker.reader.words("reminder.button.board")
    return Message(title, tuple(parts), title=title)


def _plan(tx: Tx, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    plan = schedules.find(tx, (node,), digest_tell.NAME)
    line = describe(asker, plan) if plan else words("digest.no_plan")
    parts: list[Part] = [Text(line)]
    if asker.may(Action.PLAN_DIGEST, node):
        button = Button("digest.plan", words("digest.button.plan"), node, opens_form=True)
        parts.append(
            Actions(
                (button, Link(words("amg.channel", team=asker.tree[node].name), f"c/amg:{node}"))
            )
        )
    title = words("digest.plan_title")
    return Message(title, tuple(parts), title=title)


async def overview(desk: Desk, person: str) -> Reply:
    """Answer ``/trivsel digest``: the digest as it is now, or the way to one's own team's board."""

    def read(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, person)
        words = asker.reader.words
        mine = groups(asker)
        if mine:
            card = live(tx, desk.env, asker, mine[0])
            links = [
                Link(words("page.amg", team=asker.tree[one].name), f"amg/{one}") for one in mine
            ]
            return Show(
                Message(card.fallback, (*card.children, Actions(tuple(links))), title=card.title)
            )
        home = asker.person.home
        if home not in asker.tree:
            return Say(words("amg.members_only"))
        board = Link(words("reminder.button.board"), f"board/{home}")
        text = words("amg.members_only")
        return Show(Message(text, (Text(text), Actions((board,))), title=words("amg.title")))

    return await desk.store.read(read)
