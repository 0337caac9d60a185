"""The line with which somebody is invited: what, where, how much, how long, and until when.

It stands in a notification, so it says nothing about the person: not whether he has begun, nor
what it is about where a team has named that itself.
"""

from bot.domain.dialogues import IDEAS, VOTES
from bot.domain.rounds import EFFECT, Round
from bot.flows.env import Reader
from bot.flows.rounds.cards import local
from bot.flows.rounds.titles import round_title
from bot.storage import people, rounds
from bot.storage.store import Tx

OF_THEIR_OWN = frozenset({"checkin", "maturity", EFFECT, IDEAS, VOTES})
"""Instruments with words of their own (``invite.*``)."""
FEW_TEAMS = 2
"""Teams that are named; of more together, the person's own is."""


def line(tx: Tx, reader: Reader, round_id: str, *, again: bool = False) -> str:
    """Return the line of an invitation, or of a reminder (``again``)."""
    one = rounds.get(tx, round_id) if round_id else None
    text = _about(tx, reader, one) if one else reader.words("invite.any")
    return reader.words("invite.again", line=text) if again else text


def _about(tx: Tx, reader: Reader, one: Round) -> str:
    words, closes = reader.words, local(one.closes_at, reader.zone)
    team, number = _teams(tx, reader, one), len(one.questions)
    if one.instrument not in OF_THEIR_OWN:
        what = round_title(words, one.instrument)
        return words("invite.other", what=what, team=team, number=number, closes=closes)
    if one.instrument in ("checkin", "maturity"):
        return words(f"invite.{one.instrument}", team=team, number=number, closes=closes)
    return words(f"invite.{one.instrument}", team=team, closes=closes)


def _teams(tx: Tx, reader: Reader, one: Round) -> list[str]:
    names = [one.nodes[node][0] for node in one.scope if node in one.nodes]
    if len(names) <= FEW_TEAMS or not reader.person:
        return names
    member = rounds.member(tx, one.id, reader.person)
    own = people.place(tx, member.node).name if member else names[0]
    return [own]
