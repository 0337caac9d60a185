"""Each thing Slack tells is done once, by whichever process hears it, also after a restart.

Slack tells an event again after a minute where it got no answer, Socket Mode whatever was under way
when a connection closed, and a person sends a form again that did not seem to go through. What is
about to be done is noted under a hash, and what is noted is not done again; who dies over it has it
for a short lease, so that it is not lost.

Not noted is what may happen twice without harm: answers, which are idempotent by content and
revision and must leave no trace but their slot (privacy, protocol 6), and whatever only looks.
"""

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.cards import Ask, Reply, Say
from bot.domain.clock import Clock
from bot.flows.menu import ACTION as VERB
from bot.platforms.slack.folding import MORE
from bot.platforms.slack.front import WAITING
from bot.platforms.slack.screens import OPEN
from bot.platforms.slack.showing import Ack
from bot.platforms.slack.told import Pressed, Sent, Typed
from bot.platforms.slack.views import PAGE, QUESTIONS
from bot.storage import slack_heard
from bot.storage.slack_heard import Turn
from bot.storage.store import Store
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

ANSWERING = ("ask.", "ideas.", "votes.", "privacy.")
"""What the actions of somebody who answers begin with, and of who asks who sees it."""
LOOKING = frozenset({VERB, OPEN, PAGE, QUESTIONS, WAITING, MORE})
LOOKS, A_LOOK = 6, 0.25
"""How often, and how many seconds apart, somebody else's work is looked for before the answer."""

Wait = Callable[[float], Awaitable[None]]
Told = Typed | Pressed | Sent
Answer = Callable[[Told], Awaitable[Ack]]
Before = Callable[[Told, bool], Awaitable[Ack]]
"""Answers what came before; ``True``: it is done, ``False``: somebody is still at it."""


def key_of(told: Told) -> str | None:
    """Return what a click or a form is noted under; ``None`` for what may happen twice.

    A form is the same one as long as its view stands as it was and the same stands in it, whoever
    sends it again: Slack or the person. A command only opens something.
    """
    name = told.form if isinstance(told, Sent) else getattr(told, "action", "")
    if isinstance(told, Typed) or name in LOOKING or name.startswith(ANSWERING):
        return None
    here = told.origin
    if isinstance(told, Sent) and here.view and here.hash:
        return hashed(here.team, here.view, here.hash, told.form, dict(told.values))
    return hashed(here.team, here.event)


def hashed(*parts: object) -> str:
    """Return a hash by which something told can be known again, and nothing else."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


class Once:
    """Notes what is begun and what is done."""

    def __init__(self, store: Store, clock: Clock, wait: Wait = asyncio.sleep) -> None:
        self._store, self._clock, self._wait = store, clock, wait
        self._begun: dict[str, datetime] = {}

    async def answer(self, told: Told, work: Answer, before: Before) -> Ack:
        """Answer what was pressed or sent with ``work``, or as what came ``before``.

        ``work`` tells with ``came`` what came of it; where it does not, nothing did.
        """
        key = key_of(told)
        if key is None:
            return await work(told)
        turn = await self.turn(key, LOOKS)
        if turn is not Turn.MINE:
            return await before(told, turn is Turn.DONE)
        try:
            return await work(told)
        finally:
            await self.over(key, done=False)

    async def came(self, told: Told, reply: Reply | None) -> None:
        """Note that something is done; not where a form comes back or failed, to be sent again."""
        back = isinstance(told, Sent) and isinstance(reply, Ask)
        failed = isinstance(reply, Say) and reply.failed
        key = key_of(told)
        if key is not None and not back and not failed:
            await self.over(key, done=True)

    async def turn(self, key: str, looks: int = 1) -> Turn:
        """Return whose turn it is; somebody who is still at it is looked for ``looks`` times.

        Raises ``NotSaved``.
        """
        found = await self._begin(key)
        for _ in range(looks - 1):
            if found is Turn.BUSY:
                await self._wait(A_LOOK)
                found = await self._begin(key)
        return found

    async def over(self, key: str, *, done: bool) -> None:
        """Note that what was one's turn is done, or that nothing came of it; the first word stands.

        Where that cannot be noted it is another's turn when the lease is over.
        """
        at = self._begun.pop(key, None)
        if at is None:
            return
        note = slack_heard.end if done else slack_heard.let_go
        try:
            await self._store.write(lambda tx: note(tx, key, at))
        except StorageTrouble as trouble:
            log.error("%s", trouble)

    async def _begin(self, key: str) -> Turn:
        now = self._clock.now()
        found = await self._store.write(lambda tx: slack_heard.begin(tx, key, now))
        if found is Turn.MINE:
            self._begun[key] = now
        return found
