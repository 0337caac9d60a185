"""What becomes of ideas written without names: shown to all together, or destroyed unread.

The reckoning of rounds of ``ideas``; when it is called, and that it happens once, is ``closing``'s.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.action_items import Factor
from bot.domain.dialogues import Idea, Phase, Step
from bot.domain.rounds import Invited, Round
from bot.flows.dialogues import phases
from bot.flows.env import Env
from bot.privacy.ballots import Ballot, Entry
from bot.privacy.talks import gathered
from bot.storage import dialogues, ideas
from bot.storage.store import Tx


def count(env: Env, one: Round, ballots: Sequence[tuple[Invited, Ballot]]) -> tuple[Entry, ...]:
    """Return the ideas, shuffled; none where too few have contributed."""
    rng = env.chance.generator(one.id, "ideas")
    return gathered([ballot.entries for _, ballot in ballots], one.threshold, rng)


def keep(tx: Tx, env: Env, one: Round, counted: tuple[Entry, ...], now: datetime) -> None:
    """Store the ideas without authors and let the team see them."""
    dialogue = dialogues.get(tx, one.about)
    if dialogue is None or dialogue.phase is not Phase.COLLECTING:
        return  # it ended meanwhile, its team is gone: nobody is left to read them
    ideas.insert_all(
        tx,
        [
            Idea(
                id=env.chance.token(),
                dialogue=dialogue.id,
                step=Step(step),
                text=text,
                factor=Factor(mark) if mark else None,
            )
            for step, text, mark in counted
        ],
    )
    phases.collected(tx, env, dialogue, now)


def publish(tx: Tx, env: Env, one: Round, now: datetime) -> None:
    """Do nothing more: ideas are the team's as soon as they are kept."""
