"""What invented people do in a dialogue: write ideas, vote, lead it on, agree on actions."""

import random
from collections.abc import Mapping, Sequence

from bot.cards import Ask, SelectInput, Show
from bot.domain.action_items import Factor
from bot.domain.dialogues import STEPS, Dialogue, Step, Way
from bot.flows.front import Front
from bot.privacy.talks import votes_each
from bot.rehearsal.hands import Hands
from bot.rehearsal.sayings import theme_of

MARKS = {
    Step.BEST: ("none", Factor.HEALTH.value),
    Step.NOW: ("none", "none", Factor.HEALTH.value, Factor.RISK.value),
    Step.HOW: ("none", "none", Factor.HEALTH.value),
}
"""How ideas are marked; many are not."""


class Talks:
    """The part of each in the dialogues of his team."""

    def __init__(self, front: Front) -> None:
        self._hands = Hands(front)

    async def start(
        self, lead: str, node: str, topic: str, source: str = "", way: Way = Way.DAYS
    ) -> str | None:
        """Start a dialogue, on a topic of one's own or as it is proposed; return its id.

        A team too small to write without names is offered names, and that is taken. ``None``:
        it was not begun; there is one like it, or there is nobody to ask.
        """
        form = await self._hands.open(lead, "dialogue.new", node, source)
        if form is None:
            return None
        changed = {"way": [way.value]} | ({} if source else {"topic": topic})
        reply = await self._hands.send(lead, form, changed)
        if not isinstance(reply, Show):
            return None
        links = (getattr(one, "url", "") for part in reply.message.children for one in _of(part))
        return next((url.partition("/")[2] for url in links if url.startswith("dialogue/")), None)

    async def write(self, person: str, one: Dialogue, rng: random.Random, steps: int = 3) -> int:
        """Write an idea, sometimes two, to the first so many questions; return how many."""
        theme, written = theme_of(one.topic), 0
        for step in STEPS[:steps]:
            texts = rng.sample(theme.said(step), 1 + (rng.random() < 0.15))
            form = await self._hands.open(person, "ideas.write", one.id, step.value)
            if form is None:
                return written
            ideas = {f"idea_{n}": text for n, text in enumerate(texts, start=1)}
            marks = {f"mark_{n}": [rng.choice(MARKS[step])] for n, _ in enumerate(texts, start=1)}
            reply = await self._hands.send(person, form, {**ideas, **marks})
            written += 0 if isinstance(reply, Ask) else len(texts)
        return written

    async def add(self, person: str, one: Dialogue, step: Step, rng: random.Random) -> bool:
        """Add an idea in a meeting."""
        text = rng.choice(theme_of(one.topic).said(step))
        context, mark = f"{one.id}:{step.value}", [rng.choice(MARKS[step])]
        return await self._hands.fill(person, "dialogue.add", context, idea_1=text, mark_1=mark)

    async def vote(self, person: str, one: Dialogue, rng: random.Random) -> bool:
        """Give one's votes; tell whether there was something to vote on."""
        form = await self._hands.open(person, "votes.cast", one.id)
        if form is None:
            return False
        groups = _options(form.inputs, "groups")
        chosen = rng.sample(groups, votes_each(len(groups)))
        return not isinstance(await self._hands.send(person, form, {"groups": chosen}), Ask)

    async def lead_on(self, lead: str, one: Dialogue) -> bool:
        """Press what leads the dialogue on, if it is there."""
        buttons = await self._hands.buttons(lead, f"dialogue/{one.id}", "dialogue.next")
        for button in buttons[:1]:
            await self._hands.press(lead, button)
        return bool(buttons)

    async def agree(
        self,
        lead: str,
        one: Dialogue,
        most: int,
        rng: random.Random,
        *,
        but: str = "",
        said: Mapping[str, object] | None = None,
    ) -> list[str]:
        """Make actions of the first ideas, each with a first step; return their ids.

        Anybody may become responsible, though not ``but``; ``said`` is filled in besides.
        """
        buttons = await self._hands.buttons(lead, f"dialogue/{one.id}", "action.new")
        made = []
        for button in buttons[:most]:
            form = await self._hands.open(lead, button.action, button.context, button.value)
            if form is None:
                continue
            idea = str(next(one.value for one in form.inputs if one.name == "what"))
            who = [one for one in _options(form.inputs, "responsible") if one != but]
            filled = {
                "first_step": theme_of(one.topic).first_step(idea),
                "responsible": [rng.choice(who)],
            }
            reply = await self._hands.send(lead, form, {**filled, **(said or {})})
            if not isinstance(reply, Ask):
                made.append(form.context.split(":")[1])
        return made


def _options(inputs: Sequence[object], name: str) -> list[str]:
    found = (one for one in inputs if isinstance(one, SelectInput) and one.name == name)
    return [value for one in found for value, _ in one.options]


def _of(part: object) -> Sequence[object]:
    children: Sequence[object] = getattr(part, "children", ())
    return children
