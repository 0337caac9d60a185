"""My page: what waits for me, my teams, what I have taken on, the group's overview, my wishes.

What a lead or a work-environment group finds here is what the person may see on their own pages;
each line leads there. The page is the home in Slack, too.
"""

from collections.abc import Sequence

from bot.cards import Actions, Button, Link, Message, Part, Text
from bot.domain.dialogues import KINDS
from bot.domain.people import NodeId, Role
from bot.domain.permissions import Action
from bot.flows import preferences, to_do
from bot.flows.actions import board
from bot.flows.desk import Guest
from bot.flows.dialogues import waiting as dialogue_waiting
from bot.flows.digests import amg
from bot.flows.digests.facts import answered_for
from bot.flows.env import Env
from bot.flows.results.words import level, score
from bot.flows.rounds import answering
from bot.flows.rounds import cards as asking
from bot.flows.rounds.answering import NotAnswered
from bot.flows.rounds.company import counted_with
from bot.flows.rounds.titles import round_title
from bot.flows.to_do import ToDo
from bot.storage import escalations, figures, rounds
from bot.storage.figures import Kept
from bot.storage.store import Tx

TEAMS = 5
"""Teams of one's own that stand here; the others are in the list of pages."""
LINES = 8
"""Things to do that stand here; how many more there are is said."""
LATEST = 6
"""Figures that are looked through for the newest of all employees."""


def waiting(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return a card for every open round the person is in, drawn from his own ballot."""
    cards = []
    for one in rounds.open_for(tx, asker.id):
        if one.opens_at > env.clock.now():
            continue
        if one.instrument == "checkin" and asker.person.checkins_off:
            continue
        if one.instrument in KINDS:
            card = dialogue_waiting.of_round(tx, env, asker, one)
            cards += [card] if card else []
            continue
        seen = answering.look(tx, env, asker.id, one.id)
        if not isinstance(seen, NotAnswered):
            with_ = counted_with(tx, asker.id, one)
            cards.append(asking.waiting(env, asker.reader, one, seen, env.clock.now(), with_))
    return tuple(cards)


def unanswered(tx: Tx, env: Env, asker: Guest) -> int:
    """Return how many open rounds still wait for something from the person now."""
    named = dialogue_waiting.unwritten(tx, env, asker)
    return len(to_do.open_rounds(tx, env, asker)) + len(named)


def page(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return the cards of the page."""
    asked = (*waiting(tx, env, asker), *dialogue_waiting.named(tx, env, asker))
    duties = to_do.duties(tx, env, asker)
    first = [_duties(asker, duties)] if duties else []
    if not duties and not unanswered(tx, env, asker):
        first = [_nothing(asker)]
    mine = board.mine(tx, asker)
    return (
        *((*asked, *first) if duties else (*first, *asked)),
        *(_team(tx, env, asker, node) for node in _teams(asker)),
        *([mine] if mine else ()),
        *(_group(tx, asker, node) for node in amg.groups(asker)[:TEAMS]),
        preferences.in_short(env, asker),
    )


def lines(things: Sequence[ToDo]) -> list[Part]:
    """Return things to do, each with what leads to it."""
    return [part for one in things for part in (Text(one.line), Actions((one.way,)))]


def led_nodes(asker: Guest) -> tuple[NodeId, ...]:
    """Return the nodes the person leads, home first."""
    led = [node for node in asker.who.nodes(Role.LEAD) if node in asker.tree]
    home_node = asker.person.home
    return tuple(sorted(led, key=lambda node: (node != home_node, asker.tree[node].name)))


def _duties(asker: Guest, duties: Sequence[ToDo]) -> Message:
    words = asker.reader.words
    parts = lines(duties[:LINES])
    if len(duties) > LINES:
        parts.append(Text(words("home.more", number=len(duties) - LINES), "quiet"))
    title = words("home.waiting")
    return Message(title, tuple(parts), title=title)


def _nothing(asker: Guest) -> Message:
    words = asker.reader.words
    text, title = words("home.nothing"), words("home.waiting")
    return Message(text, (Text(text),), title=title)


def _teams(asker: Guest) -> tuple[NodeId, ...]:
    own = (asker.person.home,) if asker.person.home in asker.tree else ()
    return tuple(dict.fromkeys((*own, *led_nodes(asker))))[:TEAMS]


def _team(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    """Return a team's card: what runs and the newest result; for its lead, how to go on."""
    words = asker.reader.words
    leads = asker.may(Action.START_ROUND, node)
    running = _running(tx, env, asker, node) if leads else []
    parts: list[Part] = [Text(line) for _, line in running]
    parts += _newest(tx, env, asker, node)
    row: list[Button | Link] = []
    if leads and "checkin" not in {instrument for instrument, _ in running}:
        label = words("team.button.start", what=words.instrument("checkin").title)
        row.append(Button("team.start", label, f"{node}:checkin", opens_form=True))
    if asker.may(Action.SEE_TEAM, node):
        row.append(Link(words("home.button.team"), f"team/{node}"))
    else:
        row.append(Link(words("action.button.board"), f"board/{node}"))
    title = asker.tree[node].name
    return Message(title, (*parts, Actions(tuple(row))), title=title)


def _running(tx: Tx, env: Env, asker: Guest, node: NodeId) -> list[tuple[str, str]]:
    """Return by instrument that a round of the whole team is open, and until when."""
    words, over = asker.reader.words, set(asker.tree.above(node))
    found = []
    for one in rounds.taking_answers(tx):
        if over & set(one.scope) and one.opens_at <= env.clock.now():
            closes = asking.local(one.closes_at, asker.reader.zone)
            title = round_title(words, one.instrument)
            found.append((one.instrument, words("team.open", what=title, closes=closes)))
    return found


def _newest(tx: Tx, env: Env, asker: Guest, node: NodeId) -> list[Part]:
    words = asker.reader.words
    wanted = [one for one in asker.tree.above(node) if asker.may(Action.SEE_RESULTS, one)]
    found = figures.published_for(tx, wanted, None, env.clock.now(), LATEST)
    newest = next((one for one in found if one.figure.audience.value == "employees"), None)
    if newest is None:
        return [Text(words("results.none_yet"), "quiet")]
    way = Link(words("home.button.open"), f"results/{newest.id}")
    return [Text(_said(asker, newest)), Actions((way,))]


def _said(asker: Guest, kept: Kept) -> str:
    words, overall = asker.reader.words, kept.figure.overall
    if overall and not words.instrument(kept.instrument).levels:
        said = words("result.overall", score=score(words, overall))
    else:
        named = level(words, kept.instrument, overall) if overall else words("result.not_shown")
        said = words("home.overall", said=named)
    what = words.instrument(kept.instrument).title
    closed = asking.local(kept.closed_at, asker.reader.zone)
    return words("home.newest", what=what, day=closed, said=said)


def _group(tx: Tx, asker: Guest, node: NodeId) -> Message:
    words = asker.reader.words
    number = len(escalations.waiting_at(tx, answered_for(tx, asker.tree, node)))
    text = words("home.group", number=number)
    way = Link(words("home.button.group"), f"amg/{node}")
    title = words("page.amg", team=asker.tree[node].name)
    return Message(title, (Text(text), Actions((way,))), title=title)
