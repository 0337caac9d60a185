"""How to talk about a result with the team: one step a card, in own words, ending in what to do.

The order is that of the promoting approach: how it is at its best, how it is now, how we get there.
"""

from dataclasses import dataclass

from bot.cards import Actions, Button, Clicked, Message, Part, Reply, Show, Text
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows.actions import people as action_people
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.dialogues import people as dialogue_people
from bot.flows.env import Env
from bot.flows.results import reading as results
from bot.flows.results.words import ends
from bot.storage.store import Tx

STEPS = ("prepare", "show", "best", "now", "how", "agree")
_ASKS = "best"
"""The step in which the result's own question to talk about is asked."""


@dataclass(frozen=True)
class About:
    """The result that is talked about: its figure, and the question with most to gain."""

    figure: str = ""
    node: NodeId = ""
    question: str = ""
    talk: str = ""


async def show(desk: Desk, request: Request) -> Reply:
    """Show one step. Context: the figure that is talked about, or nothing; value: which step."""

    def read(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        about = _about(tx, desk.env, asker, request.context)
        return Show(card(desk.env, asker, about, _at(request)))

    return await desk.store.read(read)


HANDLERS: Handlers = {"result.guide": show}


def card(env: Env, asker: Guest, about: About, at: int) -> Message:
    """Return one step with its ways back and on; the last leads to a dialogue or an action."""
    words, step = asker.reader.words, STEPS[at]
    parts: list[Part] = [
        Text(words("guide.step", at=at + 1, of=len(STEPS)), "quiet"),
        Text(words(f"guide.{step}.title"), "question"),
        Text(words(f"guide.{step}.text")),
    ]
    if step == _ASKS and about.talk:
        parts += [Text(words("guide.ask"), "quiet"), Text(about.talk, "quote")]
    last = at == len(STEPS) - 1
    if last and (begin := _begin(env, asker, about)):
        parts.append(Actions(begin))
    ways = [_way(asker, about, "back", at - 1)] if at else []
    ways += [] if last else [_way(asker, about, "next", at + 1)]
    parts.append(Actions(tuple(ways)))
    title = words("guide.title")
    line = f"{title}: {words(f'guide.{step}.title')}"
    return Message(line, tuple(parts), title=title, progress=(at + 1, len(STEPS)))


def _way(asker: Guest, about: About, name: str, to: int) -> Button:
    label = asker.reader.words(f"guide.button.{name}")
    style = "primary" if name == "next" else "quiet"
    return Button("result.guide", label, about.figure, str(to), style)  # type: ignore[arg-type]


def _begin(env: Env, asker: Guest, about: About) -> tuple[Button, ...]:
    words = asker.reader.words
    source = f"result:{about.figure}:{about.question}" if about.question else ""
    found = []
    if dialogue_people.may_start(env, asker, about.node):
        label = words("guide.button.dialogue")
        found.append(Button("dialogue.new", label, about.node, source, "primary", opens_form=True))
    if action_people.may_add(env, asker, about.node):
        style = "plain" if found else "primary"
        label = words("guide.button.action")
        found.append(
            Button("action.new", label, about.node, source, style, opens_form=True)  # type: ignore[arg-type]
        )
    return tuple(found)


def _about(tx: Tx, env: Env, asker: Guest, figure: str) -> About:
    """Return the result, if this person may see it now; else only where he is at home."""
    home = About(node=asker.person.home)
    found = results.read(tx, figure, env.clock.now()) if figure else None
    if found is None:
        return home
    action = Action.SEE_RESULTS if found.public else Action.SEE_RESULTS_EARLY
    nodes = getattr(found.kept.figure, "nodes", (found.kept.figure.at,))
    mine = [node for node in nodes if node in asker.tree and asker.may(action, node)]
    if not mine:
        return home
    if not found.shown:
        return About(figure, mine[0])
    _, most = ends(found.shown)
    words = asker.reader.words.instrument(found.round.instrument)
    talk = words.questions[most.question].talk
    # Before the team has the result, nothing that names it is begun with everybody.
    return About(figure, mine[0], most.question if found.public else "", talk)


def _at(request: Request) -> int:
    value = request.value if isinstance(request, Clicked) else ""
    if value and value not in {str(number) for number in range(len(STEPS))}:
        raise NotUnderstood("no such step")
    return int(value or 0)
