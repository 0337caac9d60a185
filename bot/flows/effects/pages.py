"""What pages say of actions' effects: an action's own page, a figure's, history and what is shared.

Which page a path means is ``front``'s.
"""

from bot.cards import Actions, Message, Part
from bot.domain.action_items import ActionItem, ActionState
from bot.domain.effects import can_be_judged, can_be_shared
from bot.domain.permissions import Action
from bot.domain.rounds import EFFECT
from bot.flows.actions import history
from bot.flows.desk import Guest
from bot.flows.effects import cards as effect_cards
from bot.flows.effects import shared
from bot.flows.env import Env
from bot.flows.results import cards as result_cards
from bot.flows.results import reading as results
from bot.flows.rounds.cards import local
from bot.flows.views import Page
from bot.storage import actions
from bot.storage.store import Tx

_BEGUN = (ActionState.IN_PROGRESS, ActionState.DONE)


def about_action(tx: Tx, env: Env, asker: Guest, item: ActionItem) -> tuple[Message, ...]:
    """Return what stands on an action's page from its follow-up day on, for who may act on it."""
    reader = asker.reader
    decides = asker.may(Action.DECIDE_ACTION, item.node)
    if not can_be_judged(item):
        if not (decides and can_be_shared(item)):
            return ()
        return (effect_cards.outcome(reader, item, lead=True),)
    today = local(env.clock.now(), reader.zone).date()
    if today < item.follow_up or item.state not in _BEGUN:
        return ()
    ask = (effect_cards.ask(reader, item),) if asker.id == item.responsible else ()
    decide = (effect_cards.decide(tx, env, reader, item),) if decides else ()
    return tuple(_here(card) for card in (*ask, *decide))


def _here(card: Message) -> Message:
    """Take the way to the action's page out, where one is there already."""
    parts: list[Part] = []
    for part in card.children:
        if isinstance(part, Actions):
            left = tuple(one for one in part.children if getattr(one, "action", "") != "")
            if left:
                parts.append(Actions(left, part.layout))
        else:
            parts.append(part)
    return Message(card.fallback, tuple(parts), card.title)


def of_figure(tx: Tx, asker: Guest, found: results.Result, *, early: bool) -> tuple[Message, ...]:
    """Return a figure's page: of an action's effect, or of a question set."""
    if found.round.instrument != EFFECT:
        return result_cards.detail(asker.reader, found, early=early)
    item = actions.as_of(tx, found.round.about, found.kept.closed_at)
    return (effect_cards.result(asker.reader, item, found.kept),) if item else ()


def of_history(tx: Tx, env: Env, asker: Guest, where: str, path: str) -> Page | None:
    """Return a page of a team's story; raises ``NotAllowed``."""
    node, _, at = where.partition("/")
    if node not in asker.tree:
        return None
    cards = history.page(tx, env, asker, node, at)
    if cards is None:
        return None
    return Page(path, asker.reader.words("history.title", team=asker.tree[node].name), cards)


def of_shared(tx: Tx, asker: Guest, path: str) -> Page:
    """Return what works elsewhere."""
    return Page(path, asker.reader.words("shared.title"), shared.page(tx, asker))
