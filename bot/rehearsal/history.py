"""The weeks before a demo begins: what a newcomer finds on the board, in the history, the digest.

Everything is done by invented people through the same door as everybody's, on the demo's clock: a
dialogue from a result, two actions of it, one of them done, judged and shown to others; a wish that
waits for its answer; the digest of last month.
"""

from datetime import date, datetime, timedelta

from bot.app import Bot
from bot.domain.action_items import ActionItem, ActionState, Effect, Verdict
from bot.domain.clock import MovableClock
from bot.domain.dialogues import Dialogue, Phase
from bot.domain.effects import can_be_judged
from bot.rehearsal.doings import Doings
from bot.rehearsal.everyday import Everyday
from bot.rehearsal.hands import Hands
from bot.rehearsal.sayings import THEMES, WISHES
from bot.rehearsal.talks import Talks
from bot.rehearsal.travel import travel
from bot.storage import actions, dialogues

TEAM, LEAD, RESPONSIBLE = "dag", "dag-1", "dag-5"
TOP, HEAD = "solgaarden", "ledelse-1"
ASKS_FOR, ASKS = "koekken", "koekken-1"
DAY, AFTERNOON, SATURDAY = timedelta(days=1), timedelta(hours=4, minutes=29), 5
TALK = timedelta(days=14)
"""After so long the team has its first result and begins to talk."""
PASS_ON = timedelta(days=38)
DIGEST = timedelta(days=43)
"""When the digest comes: the Tuesday before the demo begins."""
TUESDAY = "1"
SOON, LONG = 3, 5
"""Working days until the one action is done, and from the demo's beginning to the other."""


class History:
    """Lives through the weeks before ``starts``, day by day, from ``begins`` on."""

    def __init__(self, bot: Bot, clock: MovableClock, everyday: Everyday, starts: datetime) -> None:
        self._bot, self._clock, self._everyday = bot, clock, everyday
        self._begins, self._starts = clock.now(), starts
        self._talks, self._doings = Talks(bot.front), Doings(bot.front)
        self._hands = Hands(bot.front)

    async def live(self) -> None:
        """Go through it all; on every afternoon people do what they have to do."""
        await self._choose_a_day_for_the_digest()
        at = self._begins + AFTERNOON
        while at < self._starts - AFTERNOON:
            await travel(self._bot, self._clock, at)
            if at.weekday() < SATURDAY:
                await self._afternoon(at - self._begins - AFTERNOON, at.date())
            at += DAY
        await travel(self._bot, self._clock, self._starts)

    async def _choose_a_day_for_the_digest(self) -> None:
        day = (self._begins + DIGEST).date()
        nth = (day.day - 1) // 7 + 1
        chosen = str(nth) if nth < 5 else "last"
        await self._hands.fill(
            HEAD, "digest.plan", TOP, rhythm=["m1"], weekday=[TUESDAY], nth=[chosen]
        )

    async def _afternoon(self, since: timedelta, today: date) -> None:
        await self._everyday.take_part()
        if since == TALK:
            await self._talks.start(LEAD, TEAM, THEMES[0].topic)
        if since == PASS_ON:
            await self._doings.pass_on(ASKS, ASKS_FOR, WISHES[1])
        for one in await self._bot.store.read(lambda tx: dialogues.running(tx, (TEAM,))):
            await self._lead_on(one, today)
        for item in await self._bot.store.read(lambda tx: actions.of_nodes(tx, (TEAM,))):
            await self._work_on(item, today)

    async def _lead_on(self, one: Dialogue, today: date) -> None:
        """Show the ideas for the vote; make an action soon done, and one that takes time."""
        if one.phase is Phase.CHOOSING:
            soon = await self._everyday.working_days_on(TEAM, today, SOON)
            long = await self._everyday.working_days_on(TEAM, self._starts.date(), LONG)
            for due, days in ((soon, 1), (long, 5)):
                await self._agree(one, due, days)
        await self._talks.lead_on(LEAD, one)

    async def _agree(self, one: Dialogue, due: date, days: int) -> None:
        follow_up = await self._everyday.working_days_on(TEAM, due, days)
        said = {
            "responsible": [RESPONSIBLE],
            "due": due.isoformat(),
            "follow_up": follow_up.isoformat(),
        }
        rng = self._bot.env.chance.generator("history", one.id)
        await self._talks.agree(LEAD, one, 1, rng, said=said)

    async def _work_on(self, item: ActionItem, today: date) -> None:
        """Take the first step at once; get the first one done, judge it and show it to others."""
        early = item.due < self._starts.date()
        if item.state is ActionState.OPEN:
            await self._doings.press(RESPONSIBLE, "start", item.id)
        elif item.state is ActionState.IN_PROGRESS and early and today >= item.due:
            await self._doings.press(RESPONSIBLE, "done", item.id)
        elif early and can_be_judged(item) and today >= item.follow_up:
            if item.said is None:
                await self._doings.say(RESPONSIBLE, item, Effect.WORKS)
            elif await self._doings.decide(LEAD, item, Verdict.SCALE, ""):
                await self._doings.share(LEAD, item.id)
