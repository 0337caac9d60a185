"""What holds whatever people type and however time passes.

No action is without a responsible and a date, and every reminder is sent at most once.
"""

import asyncio
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from acting import LEAD, MEMBER, OTHER, filled
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import MONDAY, Town, cast, town

from bot.cards import Ask
from bot.flows.actions import agenda_tick
from bot.rehearsal.organisation import Cast
from bot.storage import actions, people
from bot.storage.store import Tx
from bot.storage.tables import action

NOBODY_NEW = Cast((), (), ())
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=20),
    st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(str),
    st.sampled_from([LEAD, MEMBER, "aften-1", "nobody", "risk", "none", "group", "2026-03-16"]),
    st.lists(st.sampled_from([MEMBER, OTHER, "nobody"]), max_size=3),
    st.booleans(),
)
FIELDS = st.sampled_from(
    ["what", "first_step", "responsible", "due", "follow_up", "helpers", "milestones", "factor"]
)
TYPED = st.dictionaries(FIELDS, ANYTHING, max_size=4)


@pytest.mark.slow
@FEW
@given(forms=st.lists(TYPED, min_size=1, max_size=6), edits=st.lists(TYPED, max_size=4))
def test_no_action_is_without_a_responsible_and_a_date_whatever_is_typed(
    forms: list[dict[str, object]], edits: list[dict[str, object]]
) -> None:
    async def work(t: Town) -> None:
        for change in forms:
            asked = await t.click(LEAD, "action.new", "dag")
            assert isinstance(asked, Ask)
            sent = filled(**change)
            reply = await t.submit(LEAD, "action.new", asked.form.context, **sent)
            assert not isinstance(reply, Ask) or reply.errors
        kept = await t.bot.store.read(lambda tx: actions.of_nodes(tx, ["dag"]))
        for item, change in zip(kept, edits, strict=False):
            sent = filled(**change)
            await t.submit(LEAD, "action.edit", f"{item.id}:1:1", **sent)
        await t.bot.store.read(_all_in_order)

    _in_a_town(work)


def _all_in_order(tx: Tx) -> None:
    known = {one.id for one in people.all_known(tx)}
    for row in tx.rows(action.select()):
        assert row.responsible_id in known
        assert row.due >= row.created_on
        assert row.follow_up >= row.due


STEPS = st.lists(
    st.one_of(
        st.integers(1, 15 * 24).map(lambda hours: ("jump", hours)),
        st.sampled_from(
            [("tick", 0), ("twice", 0), ("restart", 0), ("back", 0), ("start", 0), ("snooze", 0)]
        ),
        st.integers(0, 30).map(lambda days: ("date", days)),
    ),
    min_size=3,
    max_size=14,
)


@pytest.mark.slow
@FEW
@given(steps=STEPS)
def test_every_reminder_is_sent_at_most_once_whatever_the_clock_and_the_server_do(
    steps: list[tuple[str, int]],
) -> None:
    sent: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        now, item, seed = MONDAY, "", 1
        while steps or not item:
            now, item, steps = asyncio.run(
                _until_restart(Path(folder), now, item, steps, seed, sent)
            )
            seed += 1
    assert all(number == 1 for number in sent.values()), sent
    assert sum(1 for purpose, _ in sent if purpose.startswith("action-first")) <= 1


async def _until_restart(
    folder: Path,
    now: datetime,
    item: str,
    steps: list[tuple[str, int]],
    seed: int,
    sent: Counter[tuple[str, str]],
) -> tuple[datetime, str, list[tuple[str, int]]]:
    everybody = NOBODY_NEW if item else cast(("dag", 8))
    async with town(folder, everybody, now=now, seed=seed) as t:
        if not item:
            asked = await t.click(LEAD, "action.new", "dag")
            assert isinstance(asked, Ask)
            await t.submit(LEAD, "action.new", asked.form.context, **filled())
            item = asked.form.context.split(":")[1]
        for number, (what, value) in enumerate(steps):
            if what == "restart":
                steps = steps[number + 1 :]
                break
            await _do(t, item, what, value)
        else:
            steps = []
        sent.update(
            (str(one.note.params.get("cause", one.purpose)), one.recipient)
            for one in t.recorder.posted
            if one.note.kind.startswith("action.")
        )
        return t.clock.now(), item, steps


async def _do(t: Town, item: str, what: str, value: int) -> None:
    """Let time pass or somebody act; every step is followed by a look, as it is in life."""
    if what == "jump":  # the server slept meanwhile
        t.clock.move_to(t.clock.now() + timedelta(hours=value))
    elif what == "twice":
        ahead = await t.bot.store.read(actions.next_at)
        t.clock.move_to(ahead or t.clock.now())
        moment = t.clock.now()
        due = await t.bot.store.read(lambda tx: actions.due(tx, moment))
        racing = [
            agenda_tick.go_on(t.bot.store, t.bot.env, one, moment) for one in due for _ in range(3)
        ]
        await asyncio.gather(*racing)
    elif what == "back":  # the server's clock was set right, three hours back
        await t.bot.tick(t.clock.now() - timedelta(hours=3))
    elif what == "date":
        wanted = t.clock.now().date() + timedelta(days=value)
        asked = await t.click(MEMBER, "action.date", item)
        if isinstance(asked, Ask):
            await t.submit(MEMBER, "action.date", asked.form.context, due=wanted.isoformat())
    elif what in ("start", "snooze"):
        await t.click(MEMBER, f"action.{what}", item)
    await t.bot.tick(t.clock.now())


def _in_a_town(work: Callable[[Town], Awaitable[None]]) -> None:
    async def run() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with town(Path(folder), cast(("dag", 8), ("aften", 6))) as t:
                await work(t)

    asyncio.run(run())
