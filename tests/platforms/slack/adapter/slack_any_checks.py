"""What holds after each move of a walk at random, whatever it was."""

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from double import Message, Person
from double.reading import elements
from slack_any_walk import Walk
from slack_walk import blocks_of
from sqlalchemy import select

from bot.domain.people import NodeId
from bot.domain.rounds import RoundId
from bot.flows.rounds import answering
from bot.flows.rounds.answering import View
from bot.platforms.slack.lookback import EVENT
from bot.privacy.ballots import Ballot
from bot.privacy.comments import clean_comment
from bot.storage import outbox, people, rounds
from bot.storage import slack_accounts as accounts
from bot.storage.store import Tx
from bot.storage.tables import delivery

NEVER = ("SLACK-3", "SLACK-1 ", "TICK-", "FRONT-", "SEND-3", "never retrieved")
ASKS = ("slack.waiting", "ask.")
Ballots = dict[tuple[str, RoundId, NodeId], Ballot]
"""By person, round, and the team he is in: who leaves it takes his answers with him."""


@dataclass
class Checks:
    """Looks at a walk from outside."""

    walk: Walk
    records: list[logging.LogRecord]
    ballots: Ballots = field(default_factory=dict)
    _read: Counter[str] = field(default_factory=Counter)
    _logged: int = 0
    kept: int = 0
    """Sheets that were found as they were sent."""

    async def look(self) -> None:
        """Look at all that has to hold now. Raises ``AssertionError``, and what the double saw."""
        state = self.walk.double.state
        # The bot waits by moving the clock: a wait that goes on after an acknowledgement seems to
        # have come before it.
        known = ("late_acknowledgement",)
        state.violations = [one for one in state.violations if one.code not in known]
        self.walk.double.check()
        self._log()
        self._messages()
        await self._rosters()
        self._twice()
        before, self.ballots = self.ballots, await self.walk.t.bot.store.read(self._taken)
        await self._lost(before)

    async def at_the_end(self) -> None:
        """Look at what a quiet week leaves."""
        await self.look()
        now = self.walk.clock.now()
        rows = await self.walk.t.bot.store.read(
            lambda tx: [dict(row._mapping) for row in tx.rows(select(delivery))]
        )
        for row in rows:
            if row["state"] == outbox.WAITING:
                held = str(row["problem"]).startswith("SLACK-4")
                assert row["due_at"] > now, row
                assert row["problem"] is None or held, row
            elif row["state"] == outbox.DEAD:
                assert row["problem"], row

    # --- What ---------------------------------------------------------------------------------

    def _log(self) -> None:
        new, self._logged = self.records[self._logged :], len(self.records)
        for one in new:
            line = f"{one.name}: {one.getMessage()} {one.exc_text or ''}"
            wrong = [code for code in NEVER if code in line]
            assert not wrong, line
            if one.levelno >= logging.ERROR and not self.walk.faulty and "SEND-1" not in line:
                raise AssertionError(line)
            spoken = [mark for mark in self.walk.typing.marks if mark in line]
            assert not spoken, line

    def _messages(self) -> None:
        """No answer stands in a message, and nobody is asked whom nobody may ask."""
        for room in self.walk.double.state.channels.values():
            new = room.messages[self._read[room.id] :]
            self._read[room.id] = len(room.messages)
            for one in new:
                if not one.app:
                    continue
                text = f"{one.text} {one.blocks}"
                told = [mark for mark in self.walk.typing.private if mark in text]
                assert not told, (room.name, text)
                if room.kind == "im" and asks(one):
                    self._may_be_asked(room.members)
        for who in self.walk.folk:
            if unfit(who) and who.modals:
                form = str(who.modal.payload.get("callback_id"))
                assert not form.startswith(("ask.", "slack.questions")), (who.user.name, form)

    def _may_be_asked(self, members: list[str]) -> None:
        for who in self.walk.folk:
            assert who.id not in members or not unfit(who), f"{who.user.name} was asked"

    async def _rosters(self) -> None:
        """Nobody is in a new round who may not be asked."""

        def invited(tx: Tx) -> dict[RoundId, set[str]]:
            found = {}
            for one in rounds.taking_answers(tx):
                if one.id not in self._read:
                    found[one.id] = {member.person for member in rounds.members(tx, one.id)}
            return found

        new = await self.walk.t.bot.store.read(invited)
        for one, roster in new.items():
            self._read[one] = 1
            for who in filter(unfit, self.walk.folk):
                mine = await self.walk.t.bot.store.read(
                    lambda tx, w=who: (
                        {m.person for p in (w.user.name,) for m in accounts.members_of(tx, p)}
                        | {w.user.name}
                    )  # type: ignore[misc]
                )
                assert not mine & roster, (who.user.name, one)

    def _twice(self) -> None:
        """No page of a message stands twice, and no invitation."""
        seen: Counter[Any] = Counter()
        for room in self.walk.double.state.channels.values():
            for one in room.messages:
                if one.deleted or not one.app or one.only_for:
                    continue
                if not one.metadata and room.kind == "im" and asks(one):
                    seen[room.id, str(one.blocks), int(float(one.ts)) // 900] += 1
                if not one.metadata or one.metadata.get("event_type") != EVENT:
                    continue
                told = one.metadata["event_payload"]
                seen[room.id, told["id"], told.get("page")] += 1
        twice = {key: n for key, n in seen.items() if n > 1}
        assert not twice, twice

    def _taken(self, tx: Tx) -> Ballots:
        """Return everybody's own answers in the rounds that take them."""
        found = {}
        env = self.walk.t.bot.env
        for one in rounds.taking_answers(tx):
            for member in rounds.members(tx, one.id):
                seen = answering.look(tx, env, member.person, one.id)
                here = people.active(tx, member.person)
                if isinstance(seen, View) and here is not None:
                    assert not seen.lost
                    found[member.person, one.id, here.home] = seen.ballot
        return found

    async def _lost(self, before: Ballots) -> None:
        """What somebody has answered changes only by his own hand; what he has sent is there."""
        actor = await self._person(self.walk.at) if self.walk.at else None
        for key, ballot in before.items():
            now = self.ballots.get(key)
            if now is not None and actor not in (None, key[0]):
                assert said(now) == said(ballot), (key, actor, said(now), said(ballot))
        taken, self.walk.taken = self.walk.taken, []
        for who, one, given in taken[-1:]:
            person = await self._person(who)
            found = next((b for key, b in self.ballots.items() if key[:2] == (person, one)), None)
            if found is None:
                continue
            for step, value in given.items():
                if step == "comment":
                    assert found.comment == (clean_comment(str(value or "")) or None)
                elif value is not None:
                    assert found.answers[step] == int(str(value)), (who.user.name, step)
            self.kept += 1

    async def _person(self, who: Person) -> str | None:
        """Return who somebody is to the bot."""
        team = self.walk.double.team.id
        found = await self.walk.t.bot.store.read(lambda tx: accounts.member(tx, team, who.id))
        return found.person if found else who.user.name


def said(one: Ballot) -> object:
    """Return what somebody has said in a ballot, not when he wishes to be asked again."""
    return dict(one.answers), one.comment, one.entries


def unfit(who: Person) -> bool:
    """Tell whether somebody may never be asked, as he is now."""
    return who.user.deleted or who.user.role not in ("member", "admin")


def asks(one: Message) -> bool:
    """Tell whether a message asks somebody to answer."""
    return any(
        str(element.body.get("action_id", "")).startswith(ASKS)
        for element in elements(blocks_of(one))
    )
