"""What invented people do with actions: begin, finish, put off, ask for help, judge, pass on."""

from bot.cards import Show
from bot.domain.action_items import ActionItem, Effect, Verdict
from bot.flows.front import Front
from bot.rehearsal.hands import Hands


class Doings:
    """What each does with the actions he has to do with."""

    def __init__(self, front: Front) -> None:
        self._hands = Hands(front)

    async def press(self, person: str, does: str, action: str) -> bool:
        """Press one of an action's plain buttons: ``start``, ``done``, ``snooze`` or ``help``."""
        reply = await self._hands.click(person, f"action.{does}", action)
        return isinstance(reply, Show) or does in ("snooze", "help")

    async def new_date(self, person: str, action: str) -> bool:
        """Take the date that is proposed."""
        return await self._hands.fill(person, "action.date", action)

    async def drop(self, person: str, action: str, learnt: str) -> bool:
        """Drop it and say what was learnt."""
        return await self._hands.fill(person, "action.drop", action, learnt=learnt)

    async def lend_a_hand(self, lead: str, action: str) -> bool:
        """Become a helper."""
        return await self._hands.fill(lead, "action.edit", action, helpers=[lead])

    async def take_over(self, lead: str, action: str) -> bool:
        """Become responsible for what somebody has left."""
        return await self._hands.fill(lead, "action.edit", action, responsible=[lead])

    async def say(self, person: str, item: ActionItem, effect: Effect) -> None:
        """Say by name whether it works."""
        await self._hands.click(person, "effect.say", f"{item.id}:{item.turn}", effect.value)

    async def decide(self, lead: str, item: ActionItem, verdict: Verdict, learnt: str) -> bool:
        """Decide what becomes of an action that was judged."""
        context = f"{item.id}:{item.turn}"
        match verdict:
            case Verdict.ADJUST:
                return await self._hands.fill(lead, "effect.adjust", context)
            case Verdict.DROP:
                return await self._hands.fill(lead, "effect.stop", context, learnt=learnt)
        reply = await self._hands.click(lead, "effect.keep", context, verdict.value)
        return isinstance(reply, Show)

    async def share(self, lead: str, action: str) -> None:
        """Show it to other teams."""
        await self._hands.click(lead, "effect.share", action, "yes")

    async def pass_on(self, lead: str, node: str, wish: str, action: str = "") -> bool:
        """Send what cannot be solved here to the level above."""
        return await self._hands.fill(lead, "escalation.new", node, action, wish=wish)

    async def reply(self, person: str, escalation: str, state: str, text: str) -> bool:
        """Answer what was passed on."""
        return await self._hands.fill(
            person, "escalation.answer", escalation, state=[state], text=text
        )
