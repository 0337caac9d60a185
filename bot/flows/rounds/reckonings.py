"""What each instrument's closed ballots become. ``closing`` calls it; nothing else does.

A reckoning counts ballots outside any transaction, keeps what may be published inside the one that
closes the round, and tells the teams when the round is reported.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.domain.dialogues import IDEAS, VOTES
from bot.domain.rounds import EFFECT, Invited, Round
from bot.flows.dialogues import ideas, votes
from bot.flows.effects import reckoning as effect
from bot.flows.env import Env
from bot.flows.rounds import scores
from bot.privacy.ballots import Ballot
from bot.storage.store import Tx


class Reckoning(Protocol):
    """The three steps; a module of functions is one."""

    def count(self, env: Env, one: Round, ballots: Sequence[tuple[Invited, Ballot]]) -> Any:
        """Return what may be kept of the ballots; they come shuffled. Writes nothing."""
        ...

    def keep(self, tx: Tx, env: Env, one: Round, counted: Any, now: datetime) -> None:
        """Store what was counted, in the transaction that deletes the slots."""
        ...

    def publish(self, tx: Tx, env: Env, one: Round, now: datetime) -> None:
        """Give the teams what was kept."""
        ...


def of(one: Round) -> Reckoning:
    """Return the reckoning of a round's instrument: scores, unless it has one of its own."""
    return _OWN.get(one.instrument, scores)


_OWN: Mapping[str, Reckoning] = {EFFECT: effect, IDEAS: ideas, VOTES: votes}
