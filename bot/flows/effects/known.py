"""What is known of an action's effect: which round asked this turn, and the figure it left."""

from datetime import datetime

from bot.domain.action_items import ActionId, ActionItem
from bot.domain.results import Audience
from bot.domain.rounds import EFFECT, Round
from bot.storage import actions, figures, rounds
from bot.storage.figures import Kept
from bot.storage.store import Tx


def round_of(tx: Tx, item: ActionItem) -> Round | None:
    """Return the round that asks, or asked, the team about this turn of an action."""
    history = actions.history(tx, item.id)
    began = next((event.at for event in history if event.item.turn == item.turn), None)
    if began is None:
        return None
    asked = rounds.about(tx, EFFECT, item.id)
    after = next((event.at for event in history if event.item.turn > item.turn), None)
    return next(
        (one for one in asked if began <= one.opens_at and (after is None or one.opens_at < after)),
        None,
    )


def figure_of(tx: Tx, item: ActionItem, one: Round | None) -> Kept | None:
    """Return what all the employees asked about the action said; ``None``: too few answered."""
    if one is None:
        return None
    found = (kept for kept in figures.of_round(tx, one.id) if kept.figure.at == item.node)
    return next((kept for kept in found if kept.figure.audience is Audience.EMPLOYEES), None)


def figure_now(tx: Tx, item: ActionItem, now: datetime) -> Kept | None:
    """Return what the team said of this turn, as soon as it has been told itself."""
    kept = figure_of(tx, item, round_of(tx, item))
    return kept if kept is not None and kept.publish_at <= now else None


def at_turn(tx: Tx, action_id: ActionId, turn: int) -> ActionItem | None:
    """Return the action as it stands, or as it stood at the end of an earlier turn."""
    item = actions.get(tx, action_id)
    if item is None or item.turn == turn:
        return item
    of_turn = [one.item for one in actions.history(tx, action_id) if one.item.turn == turn]
    return of_turn[-1] if of_turn else None
