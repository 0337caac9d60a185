"""Invitations and reminders in Slack: a line and one button. Nothing of them is kept here.

Each message carries the id of its person's row in the outbox, so that one which may have gone out
can be looked for in his own conversation before it is sent again.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.cards import Actions, Button, Message
from bot.cards import Text as Paragraph
from bot.content.words import Words
from bot.flows.desk import NotAllowed, guest
from bot.flows.env import Env
from bot.flows.rounds import invitations
from bot.platforms.port import Nudge, Platform, Undelivered
from bot.platforms.slack import blocks, lookback
from bot.platforms.slack.direct import Direct
from bot.platforms.slack.front import WAITING
from bot.platforms.slack.lookback import Lookback
from bot.platforms.slack.notices import Notices
from bot.platforms.slack.pacing import Paces
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.posting import Posting, unsure
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.trouble import CLOSED, TROUBLE, error_of, undelivered
from bot.platforms.slack.workspaces import Workspaces, client_of
from bot.storage.outbox import LEASE
from bot.storage.slack_accounts import Member
from bot.storage.store import Store, Tx

A_ROUND = timedelta(days=60)
"""So far somebody's own conversation is looked back; no round is open longer."""
LONG = LEASE / 2
"""Who has not had his turn after this time has it in the next round of sending: nobody else may
take the rows up meanwhile, who would tell everybody again."""
TOGETHER = 8
"""Messages under way at a time; the pace decides how many a second."""

Told = Callable[[str, str], None]
"""Called with the workspace and the account of somebody who was just told something."""


class Nudging:
    """Tells people in Slack that something waits; others are told by ``inner``."""

    def __init__(
        self,
        store: Store,
        env: Env,
        people: Acquaintances,
        workspaces: Workspaces,
        api: str,
        inner: Platform,
        posting: Posting,
        told: Told,
        look: Lookback,
        direct: Direct,
        paces: Paces,
    ) -> None:
        self._told, self._look, self._direct, self._paces = told, look, direct, paces
        self._store, self._env, self._people = store, env, people
        self._workspaces, self._api = workspaces, api
        self._inner, self._posting, self._notices = inner, posting, Notices()

    async def nudge(self, nudges: Sequence[Nudge]) -> dict[Nudge, Undelivered]:
        """Tell people; return those who were not reached, with why.

        Who cannot be reached does not keep the others waiting.
        """
        few, until = asyncio.Semaphore(TOGETHER), self._env.clock.now() + LONG
        others: list[Nudge] = []
        missed: dict[Nudge, Undelivered] = {}

        async def tell(one: Nudge) -> None:
            async with few:
                try:
                    if self._env.clock.now() > until:
                        raise Undelivered("SLACK-2 no_time", again_in=1)
                    account = await self._people.account(one.person)
                    if account is None:
                        others.append(one)
                    else:
                        await self._tell(one, account)
                except Undelivered as problem:
                    missed[one] = problem
                except TROUBLE as trouble:
                    missed[one] = undelivered(trouble)
                except Exception as fault:  # what went out to others must be known all the same
                    missed[one] = Undelivered(f"SLACK-3 {type(fault).__name__}", unsure=True)

        await asyncio.gather(*map(tell, nudges))
        for code in sorted({problem.code for problem in missed.values()}):
            self._notices.say(f"SLACK-5 an invitation did not arrive: {code}")
        return {**missed, **(await self._inner.nudge(others) if others else {})}

    async def _tell(self, one: Nudge, account: Member) -> None:
        found = await self._store.read(lambda tx: invitation(tx, self._env, one))
        if found is None:
            return  # he has just left
        words, card = found
        drawn = blocks.message(card, context=Rendering(words, str))
        to = await client_of(self._workspaces, self._api, account.team)
        if one.again and await self._stands(to, account, one.id):
            return
        mark, user = lookback.mark(one.id, 1) if one.id else None, account.user
        try:
            said = await self._posting.patiently(
                account.team, user, lambda: to.chat_postMessage(
                    channel=user, text=drawn.text, blocks=list(drawn.blocks), metadata=mark
                ),
            )  # fmt: skip
        except TROUBLE as trouble:
            if error_of(trouble) in CLOSED:
                raise Undelivered(f"SLACK-2 {error_of(trouble)}", final=True) from None
            problem = undelivered(trouble)
            problem.unsure = unsure(trouble)
            raise problem from None
        self._direct.learn(account, said)
        self._told(account.team, account.user)

    async def _stands(self, to: AsyncWebClient, account: Member, id_: str) -> bool:
        """Tell whether somebody has an invitation already.

        Where Slack wants a wait, the look goes on after it: nobody stands here longer than the
        lease lasts.
        """
        channel = await self._direct.of(to, account)
        await self._paces.of(account.team).call("conversations.history")
        since = self._env.clock.now() - A_ROUND
        return bool(await self._look.standing(to, channel, id_, since))


def invitation(tx: Tx, env: Env, one: Nudge) -> tuple[Words, Message] | None:
    """Return what somebody is told: what waits and how long it takes, never what is asked.

    ``None`` for somebody who is gone.
    """
    try:
        reader = guest(tx, env, one.person).reader
    except NotAllowed:
        return None
    words = reader.words
    text = invitations.line(tx, reader, one.round, again=one.kind.endswith("reminder"))
    button = Button(WAITING, words("slack.answer"), one.round, style="primary", opens_form=True)
    return words, Message(text, (Paragraph(text), Actions((button,))))
