"""The digest as its group gets it: to channel and members, once, only what may be shown."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from group_town import (
    AMG,
    AMR,
    BOSS,
    LEAD,
    agree,
    card,
    done,
    item,
    links,
    plan_of,
    sent,
    with_group,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from town import MONDAY, Town, at, cast, town, words_of

from bot.domain.action_items import Effect, Perspective
from bot.domain.people import Grant, Node, Role
from bot.flows.programmes import registry as programmes
from bot.rehearsal.organisation import Cast
from bot.storage import audit, figures, outbox, people, people_bulk, schedules
from bot.storage.outbox import Note, Outgoing
from bot.storage.store import Tx

NOBODY_NEW = Cast((), (), ())
FIRST = at(7, 9, month=4)
"""The first Tuesday of April, after Easter."""


async def test_it_comes_to_channel_and_members_on_the_first_tuesday(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        assert (await plan_of(t, "org", "digest")).next_run_at == FIRST
        await t.travel(at(7, 8, 59, month=4))
        assert await sent(t, "amg:org", "digest") == []
        await t.travel(FIRST)
        for place in ("amg:org", f"person:{AMR}", f"person:{AMG}", f"person:{BOSS}"):
            assert len(await sent(t, place, "digest")) == 1, place
        assert await sent(t, f"person:{LEAD}", "digest") == []
        assert await sent(t, "node:org", "digest") == []


async def test_a_quiet_month_gives_a_short_one(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await t.travel(FIRST)
        told = await card(t, AMR, "amg:org", "digest")
        assert len(told.children) == 2
        assert "ikke noget nyt" in words_of(told)


async def test_it_tells_of_actions_and_each_line_leads_to_its_action(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        late = item("a" * 32, due=date(2026, 3, 20))
        soon = item("b" * 32, node="aften", due=date(2026, 4, 20), follow_up=date(2026, 5, 4))
        ended = item("c" * 32, node="nat")
        far = item("d" * 32, due=date(2026, 6, 20), follow_up=date(2026, 7, 4))
        await agree(t, late, soon, ended, far)
        await t.travel(at(18))
        await done(t, ended.id, said=Effect.PARTLY)
        await t.travel(FIRST)
        told = await card(t, AMR, "amg:org", "digest")
        assert links(told)[:3] == [f"action/{one.id}" for one in (late, soon, ended)]
        said = words_of(told)
        for what in ("Tiltag aaa", "fredag den 20. marts", "Nat", "Virker delvis", "3 fremmende"):
            assert what in said, what
        assert "Tiltag ddd" not in said


async def test_nobody_is_named_who_is_late(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await agree(t, item("a" * 32, responsible="aften-5", helpers=("aften-6",)))
        await t.travel(FIRST)
        for reader in (AMR, AMG, BOSS):
            told = words_of(await card(t, reader, "amg:org", "digest"))
            assert "Tiltag aaa" in told
            assert "Aften 5" not in told
            assert "Aften 6" not in told
        assert "aften-5" not in str((await sent(t, "amg:org", "digest"))[0].params)


async def test_results_come_with_words_and_trend_and_never_before_the_team_has_them(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        for month, value in ((3, 2), (4, 4)):
            one = await t.open("checkin", ("dag",), open_days=3)
            for n in range(2, 12):
                await t.answer(f"dag-{n}", one.id, value)
            await t.travel(at(7, 8, month=month + 1) if month == 3 else at(30, month=4))
        await t.travel(at(5, 10, month=5))
        first, second = await sent(t, "amg:org", "digest")
        assert len(first.params["results"]) == len(second.params["results"]) == 1
        kept = await t.bot.store.read(lambda tx: figures.get(tx, second.params["results"][0]))
        assert kept is not None
        told = await card(t, AMR, "amg:org", "digest")
        assert f"results/{kept.id}" in links(told)
        assert "Frem" in words_of(told)
        assert "answered" not in str(second.params)


async def test_an_unpublished_result_is_not_told(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(30, 10)) as t:
        await with_group(t)
        one = await t.open("checkin", ("dag",), open_days=2)
        for n in range(2, 12):
            await t.answer(f"dag-{n}", one.id, 2)
        await t.travel(FIRST)
        closed = await t.round(one.id)
        assert closed.closes_at < FIRST < closed.publish_at
        assert (await sent(t, "amg:org", "digest"))[0].params["results"] == []
        page = await t.bot.front.page(AMR, "amg/org")
        assert "results/" not in repr(page)


async def test_a_low_result_with_nothing_agreed_becomes_the_point_for_the_meeting(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        one = await t.open("checkin", ("dag",), open_days=3)
        for n in range(2, 12):
            await t.answer(f"dag-{n}", one.id, 2)
        await t.travel(FIRST)
        note = (await sent(t, "amg:org", "digest"))[0]
        assert note.params["untouched"] == note.params["results"]
        assert note.params["point"][0] == "untouched"
        told = words_of(await card(t, AMR, "amg:org", "digest"))
        assert "Hvordan hjælper vi Dag godt i gang" in told


async def test_what_was_told_is_looked_up_again_when_it_is_read(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await agree(t, item("a" * 32))
        await t.travel(FIRST)
        await done(t, "a" * 32, what="Et bedre navn")
        assert "Et bedre navn" in words_of(await card(t, AMR, "amg:org", "digest"))


async def test_who_has_left_the_group_can_read_it_no_more(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await agree(t, item("a" * 32))
        await t.travel(FIRST)
        assert "Tiltag aaa" in words_of(await card(t, AMG, f"person:{AMG}", "digest"))
        await t.bot.store.write(lambda tx: people.put_grants(tx, AMG, ()))
        assert "Tiltag aaa" not in words_of(await card(t, AMG, f"person:{AMG}", "digest"))
        assert await t.bot.front.conversation(AMG, "amg:org") is None


async def test_a_group_without_members_is_sent_nothing_and_goes_on_when_it_has_some(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)

        def nobody(tx: Tx) -> None:
            for grant in people.grants(tx, Role.AMG, Role.AMR):
                people.put_grants(tx, grant.person, ())

        await t.bot.store.write(nobody)
        await t.travel(FIRST)
        assert await t.notes("amg:org") == []
        back = [Grant(AMR, "org", Role.AMR)]
        await t.bot.store.write(lambda tx: people.put_grants(tx, AMR, back))
        await t.travel(at(5, 10, month=5))
        assert len(await sent(t, "amg:org", "digest")) == 1


async def test_a_digest_looks_at_its_own_branch_alone(tmp_path: Path) -> None:
    crew = cast(("dag", 6), ("nat", 6))
    crew = replace(crew, nodes=(*crew.nodes, Node("ude", "Ude", "org")))
    async with town(tmp_path, crew, now=at(5)) as t:
        await with_group(t, "dag")
        await agree(t, item("a" * 32), item("b" * 32, node="nat"))
        await t.travel(FIRST)
        assert (await sent(t, "amg:dag", "digest"))[0].params["late"] == ["a" * 32]
        assert (await sent(t, "amg:org", "digest"))[0].params["late"] == ["a" * 32, "b" * 32]


async def test_members_away_get_it_when_they_are_back(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await t.submit(AMR, "me.away", first="2026-04-06", last="2026-04-10")
        await t.travel(at(12, month=4))
        assert await sent(t, f"person:{AMR}", "digest") == []
        assert len(await sent(t, "amg:org", "digest")) == 1
        await t.travel(at(13, 9, month=4))
        assert len(await sent(t, f"person:{AMR}", "digest")) == 1


async def test_the_audit_takes_what_a_digest_stores_and_nothing_more(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        one = await t.open("checkin", ("dag",), open_days=3)
        for n in range(2, 12):
            await t.answer(f"dag-{n}", one.id, 2)
        await agree(t, item("a" * 32), item("b" * 32, perspective=Perspective.HANDLING))
        await t.travel(FIRST)
        where = t.bot.settings
        assert len(await sent(t, "amg:org", "digest")) == 1
    report = audit.audit(where.database, where.key_folder)
    assert [str(found) for found in report.findings] == []


async def test_plans_come_by_themselves_and_what_is_switched_off_stays_off(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        assert await t.bot.store.read(schedules.everything) == ()
        await t.bot.keep_house()
        plan = await plan_of(t, "org", "digest")
        off = {"rhythm": "off", "weekday": "1", "nth": "1", "at": "9.00"}
        await t.submit(AMR, "digest.plan", "org", **off)
    async with town(tmp_path, NOBODY_NEW, now=at(6), seed=8) as t:
        await t.bot.keep_house()
        kept = await plan_of(t, "org", "digest")
        assert (kept.id, kept.active, kept.next_run_at) == (plan.id, False, None)
        await t.travel(at(10, month=4))
        assert await t.notes("amg:org") == []


async def test_before_the_first_import_there_is_nothing_to_plan(tmp_path: Path) -> None:
    async with town(tmp_path, NOBODY_NEW) as t:
        assert await t.bot.store.write(lambda tx: programmes.settle(tx, t.bot.env, MONDAY)) == 0


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.integers(1, 60 * 24 * 6), st.sampled_from(["tick", "w1", "meetings", "away"])),
        min_size=3,
        max_size=10,
    )
)
async def test_at_most_one_a_day_to_anybody_whatever_the_ticks(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("town")
    async with town(folder, cast(("dag", 6))) as t:
        await with_group(t)
        for number, (minutes, deed) in enumerate(steps):
            t.clock.move_to(t.clock.now() + timedelta(minutes=minutes))
            if deed in ("w1", "meetings"):
                await _replan(t, deed, number)
            for _ in range(2):
                await t.bot.tick(t.clock.now())
            for place in ("amg:org", f"person:{AMR}"):
                days = [note.params["today"] for note in await sent(t, place, "digest")]
                assert len(set(days)) == len(days)


async def _replan(t: Town, rhythm: str, number: int) -> None:
    today = t.clock.now().date()
    dates = "\n".join((today + timedelta(days=n)).isoformat() for n in (1, 2, 3, 9))
    when = {"weekday": str(number % 5), "nth": "1", "at": f"{8 + number % 8}.00"}
    await t.submit(AMR, "digest.plan", "org", rhythm=rhythm, dates=dates, before="1", **when)


@pytest.mark.parametrize(
    "change", [{"late": ["Peter er sur"]}, {"point": ["late", "Peter er sur"]}, {"who": "x"}]
)
async def test_the_audit_finds_a_digest_that_says_more_than_ids(
    tmp_path: Path, change: dict[str, object]
) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
        await agree(t, item("a" * 32))
        await t.travel(FIRST)
        (note,) = await sent(t, "amg:org", "digest")
        more = Note("digest", {**note.params, **change})
        row = Outgoing("x", f"person:{AMR}", more, t.clock.now())
        await t.bot.store.write(lambda tx: outbox.add(tx, ["f" * 32], [row]))
        where = t.bot.settings
    found = audit.audit(where.database, where.key_folder).findings
    assert {one.code for one in found} == {"AUDIT-32"}


async def test_a_node_whose_group_has_a_digest_under_way_is_not_taken_away(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(5)) as t:
        row = Outgoing("x", "amg:nat", Note("digest.dates", {"node": "nat"}), FIRST)
        await t.bot.store.write(lambda tx: outbox.add(tx, ["f" * 32], [row]))
        assert "nat" in await t.bot.store.read(people_bulk.needed_nodes)


PARTS = st.lists(
    st.tuples(st.integers(3, 8), st.integers(3, 8), st.integers(-20, 20), st.booleans()),
    min_size=1,
    max_size=14,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(parts=PARTS)
async def test_no_channel_ever_names_who_is_responsible_or_helps(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[int, int, int, bool]]
) -> None:
    async with town(tmp_path_factory.mktemp("town"), cast(("dag", 9)), now=at(5)) as t:
        await with_group(t)

        def rename(tx: Tx) -> None:
            for person in people.everybody(tx, ["dag"]):
                people.put_person(tx, replace(person, name=f"Navngivet {person.id}"))

        await t.bot.store.write(rename)
        for number, (responsible, helper, days, ended) in enumerate(parts):
            due = FIRST.date() + timedelta(days=days)
            one = item(
                f"{number:032}",
                responsible=f"dag-{responsible}",
                helpers=(f"dag-{helper}",),
                due=due,
                follow_up=due + timedelta(days=30),
            )
            await agree(t, one)
            if ended:
                await done(t, one.id, said=Effect.WORKS)
        await t.travel(FIRST)
        shown = [*await t.shown(AMR, "amg:org"), *await t.shown("dag-9", "node:dag")]
        assert "action/" in repr(shown)
        assert "Navngivet" not in repr(shown)
        assert "dag-3" not in repr([*await t.notes("amg:org"), *await t.notes("node:dag")])


@pytest.mark.parametrize(
    ("down_until", "told"),
    [
        (at(7, 11, month=4), "2026-04-07"),
        (at(9, 20, month=4), "2026-04-10"),
        (at(30, 10, month=4), ""),
    ],
)
async def test_a_missed_one_is_made_up_for_once_unless_the_next_is_near(
    tmp_path: Path, down_until: datetime, told: str
) -> None:
    async with town(tmp_path, now=at(5)) as t:
        await with_group(t)
    async with town(tmp_path, NOBODY_NEW, now=down_until, seed=8) as t:
        await t.travel(at(4, month=5))
        days = [note.params["today"] for note in await sent(t, "amg:org", "digest")]
        assert days == ([told] if told else [])
        await t.travel(at(5, 10, month=5))
        assert len(await sent(t, "amg:org", "digest")) == len(days) + 1
