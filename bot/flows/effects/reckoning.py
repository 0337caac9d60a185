"""What becomes of a team's answers to "does it work?": the published figure, and a word from it.

Nobody has the figure before the team: the lead is asked to decide when the team is told. Asking is
in ``effects.ask``, deciding in ``effects.decide``.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.action_items import ActionItem
from bot.domain.effects import can_be_judged, effect_of
from bot.domain.results import Published
from bot.domain.rounds import Invited, Round
from bot.flows.actions import agenda
from bot.flows.effects.known import figure_of, round_of
from bot.flows.env import Env
from bot.flows.rounds import scores
from bot.flows.telling import Leads, channel_moment
from bot.privacy.ballots import Ballot
from bot.storage import actions, figures, outbox
from bot.storage.figures import Kept
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx


def count(env: Env, one: Round, ballots: Sequence[tuple[Invited, Ballot]]) -> Published:
    """Return all that may be kept of the ballots: label, don't-know and participation.

    How the answers are spread is shown nowhere, so it is not kept.
    """
    counted = scores.count(env, one, ballots)
    atoms = tuple(
        replace(atom, questions=tuple(replace(q, distribution=None) for q in atom.questions))
        for atom in counted.atoms
    )
    return replace(counted, atoms=atoms)


def keep(tx: Tx, env: Env, one: Round, published: Published, now: datetime) -> None:  # noqa: ARG001
    """Store what may be published; nobody is told before the team."""
    total = len(published.atoms) + len(published.parents)
    ids = {at: env.chance.token() for at in range(total)}
    figures.insert_published(tx, one.id, published, ids, [])


def publish(tx: Tx, env: Env, one: Round, now: datetime) -> None:
    """Tell the team, keep the word for it with the action, and let the lead decide."""
    item = actions.get(tx, one.about)
    if item is None:
        return
    kept = figure_of(tx, item, one)
    asked = round_of(tx, item)
    if asked is not None and asked.id == one.id:
        item = _with_effect(tx, env, item, kept, now)
        if can_be_judged(item):  # it may have been dropped while the team was answering
            tell_deciders(tx, env, item, now)
    params = {"action": item.id, "figure": kept.id if kept else "", "round": one.id}
    at = channel_moment(tx, env, (item.node,), now)
    told = Outgoing(
        f"effect-result:{one.id}", f"node:{item.node}", Note("effect.result", params), at
    )
    outbox.add(tx, (env.chance.token(),), (told,))


def _with_effect(
    tx: Tx, env: Env, item: ActionItem, kept: Kept | None, now: datetime
) -> ActionItem:
    label = kept.figure.questions[0].label if kept else None
    effect = effect_of(label)
    if effect is None or effect is item.effect:
        return item
    return changed(tx, env, replace(item, effect=effect), now, by=None, kind="effect")


def changed(
    tx: Tx, env: Env, item: ActionItem, now: datetime, *, by: str | None, kind: str
) -> ActionItem:
    """Keep a changed action and plan anew; return it as it stands then.

    Raises ``RuntimeError`` where another changed it in between: the transaction is done again.
    """
    if not actions.change(tx, item, now, by, kind):
        raise RuntimeError("the action was changed in between")
    after = replace(item, version=item.version + 1)
    agenda.replan(tx, env, after, now)
    return after


def tell_deciders(tx: Tx, env: Env, item: ActionItem, at: datetime) -> None:
    """Write the nearest lead, once, that this turn of an action can be decided on."""
    leads = Leads.read(tx, env, at)
    note = Note("effect.decide", {"action": item.id, "turn": item.turn})
    leads.tell((item.node,), f"effect-decide:{item.id}:{item.turn}", note)
    leads.send(tx, env)
