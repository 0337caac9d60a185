"""Simulated colleagues: they answer through the same door as everybody, each with a mood.

What they answer depends on the seed, the person and the question alone, never on the order in
which they are asked.
"""

import random
from dataclasses import dataclass

from bot.cards import Actions, Ask, Button, Message, Show
from bot.domain.chance import Chance
from bot.flows.front import Front
from bot.rehearsal.hands import Hands

PATIENCE = 40
"""More moves than any instrument needs; a colleague who is not done by then has met a bug."""
COMMENTS = (
    "Det hjælper når vi lige taler dagen igennem om morgenen.",
    "Jeg vil gerne have lidt mere ro til det skriftlige.",
    "Godt at vi hjælper hinanden på tværs.",
    "Vagtplanen kommer for sent.",
    "Kaffepausen sammen betyder meget.",
)


@dataclass(frozen=True)
class Manner:
    """How a colleague takes part."""

    answers: bool
    postpones: bool
    comments: bool
    mood: float


def manner(rng: random.Random, willing: float) -> Manner:
    """Draw how somebody takes part in one round; ``willing`` is the chance that he answers."""
    return Manner(
        answers=rng.random() < willing,
        postpones=rng.random() < 0.1,
        comments=rng.random() < 0.4,
        mood=rng.gauss(3.4, 0.6),
    )


class Colleagues:
    """Answers for people who are not there."""

    def __init__(self, front: Front, chance: Chance) -> None:
        self._hands, self._chance = Hands(front), chance

    async def answer(self, person: str, round_id: str, how: Manner, conversation: str = "") -> bool:
        """Walk one person through one round; tell whether he got to the end."""
        rng = self._chance.generator("colleague", person, round_id)
        hands = self._hands
        reply = await hands.click(person, "ask.show", round_id, conversation=conversation)
        for _ in range(PATIENCE):
            if isinstance(reply, Ask):
                text = rng.choice(COMMENTS) if how.comments else ""
                reply = await hands.send(person, reply.form, {"comment": text}, conversation)
            elif isinstance(reply, Show) and not reply.done:
                button = _choose(reply.message, rng, how)
                if button is None:
                    return False
                reply = await hands.press(person, button, conversation)
            else:
                return isinstance(reply, Show)
        return False

    async def begin(self, person: str, round_id: str, how: Manner) -> None:
        """Answer one question and leave the others."""
        rng = self._chance.generator("colleague", person, round_id)
        reply = await self._hands.click(person, "ask.show", round_id)
        if isinstance(reply, Show) and not reply.done:
            button = _choose(reply.message, rng, how)
            if button is not None:
                await self._hands.press(person, button)

    async def postpone(self, person: str, round_id: str) -> None:
        """Say "later"."""
        await self._hands.click(person, "ask.later", round_id)


def _choose(card: Message, rng: random.Random, how: Manner) -> Button | None:
    """Choose among the card's answers as somebody in that mood would; now and then none of them."""
    rows = [part for part in card.children if isinstance(part, Actions)]
    choices = [
        button
        for row in rows
        if row.layout != "row"
        for button in row.children
        if isinstance(button, Button)
    ]
    if not choices:
        return None
    others = [
        button
        for row in rows
        if row.layout == "row"
        for button in row.children
        if isinstance(button, Button) and button.action in ("ask.answer", "ask.skip")
    ]
    if others and rng.random() < 0.06:
        return rng.choice(others)
    value = min(5.0, max(1.0, rng.gauss(how.mood, 0.9)))
    return choices[round((value - 1) / 4 * (len(choices) - 1))]
