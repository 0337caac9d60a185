"""What came of dialogues and actions, counted from what stands in the database at the end."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime

from bot.domain.action_items import ActionItem, ActionState, Verdict
from bot.domain.dialogues import VOTES, Dialogue, Phase, Way
from bot.domain.effects import known
from bot.domain.people import NodeId
from bot.domain.rounds import EFFECT
from bot.storage import actions, dialogues, escalations, ideas, people, rounds
from bot.storage.store import Tx

EVERYTHING = 1_000_000


def of_dialogues(tx: Tx, nodes: Iterable[NodeId], written: Counter[str]) -> Counter[str]:
    """Count dialogues, and their ideas and votes; ``written`` are ideas by dialogue."""
    found: Counter[str] = Counter()
    for one in dialogues.of_nodes(tx, nodes, EVERYTHING):
        found["dialogues_started"] += 1
        found["dialogues_met"] += one.way is Way.MEETING
        found["dialogues_running" if one.running else "dialogues_ended"] += 1
        shown = len(ideas.of_dialogue(tx, one.id)) if one.phase is not Phase.COLLECTING else 0
        found["ideas_written"] += written[one.id]
        found["ideas_shown"] += shown
        found["ideas_destroyed"] += _destroyed(one, written[one.id] - shown)
        counted = dialogues.took_part(tx, one.id) is not None
        closed = any(not vote.state.takes_answers for vote in rounds.about(tx, VOTES, one.id))
        found["votes_counted"] += counted
        found["votes_too_few"] += closed and not counted
    return found


def of_actions(tx: Tx, nodes: Iterable[NodeId], today: date) -> Counter[str]:
    """Count actions by state, by what is known of their effect, and by what was decided."""
    found: Counter[str] = Counter()
    for one in actions.of_nodes(tx, nodes):
        found["agreed"] += 1
        found.update(_state(one, today))
        found["shared"] += one.shared
        events = [event for event in actions.history(tx, one.id) if event.kind == "decided"]
        found["adjust"] += one.turn - 1
        found.update(
            event.item.verdict.value
            for event in events
            if event.item.verdict not in (None, Verdict.ADJUST)
        )
    return found


def of_checks(tx: Tx, checked: Collection[tuple[str, int]]) -> Counter[str]:
    """Count how often it was asked whether an action works: of whom, and what came of it.

    ``checked`` are actions with the turn in which it was asked.
    """
    asked = {action for action, _ in checked}
    found = Counter(checked=len(asked), checks=len(checked))
    found["checks_team"] = sum(len(rounds.about(tx, EFFECT, action)) for action in asked)
    for action, turn in checked:
        events = actions.history(tx, action)
        item = [event.item for event in events if event.item.turn == turn][-1]
        effect = known(item)
        found[effect.value if effect else "unknown"] += 1
        found["checks_label"] += item.effect is not None
        open_ = item.verdict is None and item.state is not ActionState.DROPPED
        found["undecided"] += open_ and item == events[-1].item
    return found


def of_escalations(tx: Tx, nodes: Iterable[NodeId]) -> Counter[str]:
    """Count what was passed on, and what of it was answered."""
    sent = escalations.sent_from(tx, nodes)
    answered = sum(not one.waiting for one in sent)
    return Counter(escalations_asked=len(sent), escalations_answered=answered)


def all_of_it(
    tx: Tx, now: datetime, written: Counter[str], checked: Collection[tuple[str, int]]
) -> Counter[str]:
    """Count everything there is of dialogues and actions."""
    tree = people.tree(tx)
    nodes = tree.under(tree.root.id)
    return (
        of_dialogues(tx, nodes, written)
        + of_actions(tx, nodes, now.date())
        + of_checks(tx, checked)
        + of_escalations(tx, nodes)
    )


def _destroyed(one: Dialogue, lost: int) -> int:
    return lost if one.sealed and one.phase is not Phase.COLLECTING else 0


def _state(one: ActionItem, today: date) -> Iterable[str]:
    match one.state:
        case ActionState.DONE:
            late = one.done_on is not None and one.done_on > one.due
            return ("done", "done_late") if late else ("done",)
        case ActionState.DROPPED:
            return ("dropped",)
        case ActionState.ESCALATED:
            return ("passed_on",)
    return ("standing", "late") if one.due < today else ("standing",)
