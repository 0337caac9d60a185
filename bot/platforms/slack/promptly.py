"""An acknowledgement in time, however long the work takes: Slack waits for three seconds.

1. A payload that came before gets the same answer as then.
2. Work that takes longer goes on by itself. Nothing is said to be saved before it is: a form stays
   as it was sent, and says that it is not saved yet.
3. What comes of it is shown when it is there: in the window it was sent from, else as a whisper.
   A form sent again meanwhile gets its own answer, for it is one form (``once``).
4. Where very many are late at once, Slack would refuse so many calls: a window that cannot change
   soon stays as it is. It asks to send again, and then says what came of it.
"""

import asyncio

from bot.cards import Say
from bot.domain.clock import Clock
from bot.platforms.slack.hearing import Hearing, Told
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.passing import A_WHILE, Passing
from bot.platforms.slack.showing import Ack, Showing
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.told import Origin, Sent
from bot.platforms.slack.trouble import OVERTAKEN, TROUBLE, error_of

SOON = 2.0
"""Seconds the work is waited for; who it is from takes up to ``workspaces.AT_ONCE`` before."""
LATEST = 20.0
"""Seconds after which nobody looks at a window any more that said to send again."""
ANSWERS = 2_000
"""Answers that are remembered, for a payload that comes twice."""


class Promptly:
    """Has what Slack tells heard, and acknowledges it in time."""

    def __init__(
        self, hearing: Hearing, showing: Showing, tasks: Tasks, paces: Paces, clock: Clock
    ) -> None:
        self._hearing, self._showing, self._tasks, self._paces = hearing, showing, tasks, paces
        self._notices = Notices()
        self._answered: Passing[tuple[str, str], asyncio.Future[Ack]]
        self._answered = Passing(ANSWERS, A_WHILE, clock)

    async def hears(self, told: Told, arrived: float | None = None) -> Ack:
        """Return what goes out with the acknowledgement. Never raises.

        ``arrived``: when Slack began to wait, in the event loop's seconds; now, if it is not said.
        """
        key = told.origin.team, told.origin.event
        before = self._answered.find(key)
        if before is not None:
            return await asyncio.shield(before)
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._answered.keep(key, answer)
        ack: Ack = {}
        try:
            ack = await self._in_time(told, arrived)
        finally:
            answer.set_result(ack)
        return ack

    async def _in_time(self, told: Told, arrived: float | None) -> Ack:
        work = self._tasks.start(self._hearing.hears(told))
        now = asyncio.get_running_loop().time()
        waited = now - arrived if arrived is not None else 0.0
        await asyncio.wait({work}, timeout=max(0.0, SOON - waited))
        if work.done():
            return {} if work.cancelled() else work.result()
        self._notices.say("SLACK-15 an acknowledgement went out before its work was done")
        said = await self._say(told.origin, "slack.not_yet") if isinstance(told, Sent) else {}
        self._tasks.start(self._afterwards(told, work, said))
        return said

    async def _say(self, here: Origin, key: str) -> Ack:
        words = self._hearing.words_for(here)
        return await self._showing.show(here, Say(words(key), failed=True), words, "")

    async def _afterwards(self, told: Told, work: asyncio.Task[Ack], said: Ack) -> None:
        """Show what came of work that took longer than its acknowledgement.

        What somebody has sent or opened in the same window meanwhile stands.
        """
        ack, here = await work, told.origin
        if isinstance(told, Sent) and not ack:
            ack = await self._say(here, "slack.sent_before")
        if "text" in ack:
            await self._showing.whisper(here, str(ack["text"]))
        elif ack.get("response_action") == "update":
            if not await self._paces.of(here.team).call("views.update", LATEST):
                self._notices.say("SLACK-15 too many are late: their windows ask to send again")
                return
            same = said.get("response_action") == "errors"
            try:
                await self._showing.replace(here, ack["view"], here.hash if same else "")
            except TROUBLE as trouble:
                if error_of(trouble) not in OVERTAKEN:
                    self._notices.say(f"SLACK-2 views.update: {error_of(trouble)}")
