"""When the reminder and the digest come is the team's and the group's to choose."""

from datetime import time
from pathlib import Path

import pytest
from group_town import AMG, AMR, LEAD, agree, card, item, named, page, plan_of, sent, with_group
from town import Town, at, town, words_of

from bot.cards import Ask, Reply, Say
from bot.schedule.cadence import Cadence
from bot.schedule.meetings import Meetings
from bot.schedule.plans import rule_of

WHEN = {"weekday": "1", "nth": "1", "at": "9.00"}


async def choose(t: Town, rhythm: str, person: str = AMR, **change: object) -> Reply:
    values = {"rhythm": rhythm, "dates": "", "before": "5", **WHEN} | change
    return await t.submit(person, "digest.plan", "org", **values)


async def test_the_form_shows_what_holds_now(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        asked = await t.click(AMR, "digest.plan", "org")
        assert isinstance(asked, Ask)
        now = {one.name: one.value for one in (*asked.form.inputs, *asked.form.more)}
        assert now == {
            "rhythm": ("m1",),
            "dates": "",
            "before": 5,
            "weekday": ("1",),
            "nth": ("1",),
            "at": time(9),
        }


async def test_weekly_monthly_and_off(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        said = await choose(t, "w1", weekday="3", at="13.30")
        assert isinstance(said, Say)
        assert "hver torsdag kl. 13.30" in said.text
        weekly = await plan_of(t, "org", "digest")
        assert weekly.next_run_at == at(5, 13, 30)
        rule = rule_of(weekly.cadence)
        assert isinstance(rule, Cadence)
        assert (rule.kind, rule.weekday, rule.at) == ("weekly", 3, time(13, 30))
        await choose(t, "off")
        off = await plan_of(t, "org", "digest")
        assert (off.active, off.next_run_at) == (False, None)
        asked = await t.click(AMR, "digest.plan", "org")
        assert isinstance(asked, Ask)
        assert asked.form.inputs[0].value == ("off",)
        await choose(t, "m1", nth="last")
        assert (await plan_of(t, "org", "digest")).next_run_at == at(31, 9)


async def test_before_each_listed_meeting_until_the_dates_run_out(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        said = await choose(t, "meetings", dates="17.3.2026\n9/4 2026")
        assert isinstance(said, Say)
        assert "5 arbejdsdage før hvert møde kl. 9.00" in said.text
        plan = await plan_of(t, "org", "digest")
        assert isinstance(rule_of(plan.cadence), Meetings)
        assert plan.next_run_at == at(10, 9)
        await t.travel(at(31))
        first, last = await sent(t, "amg:org", "digest")
        assert (first.params["last"], last.params["last"]) == (False, True)
        told = await card(t, AMR, "amg:org", "digest")
        assert "sidste møde på jeres liste" in words_of(told)
        assert named(told, "digest.plan")
        over = await plan_of(t, "org", "digest")
        assert (over.active, over.next_run_at) == (True, None)
        await t.travel(at(30, month=6))
        assert len(await sent(t, "amg:org", "digest")) == 2
        await choose(t, "meetings", dates="2026-08-20")
        await t.travel(at(14, month=8))
        assert len(await sent(t, "amg:org", "digest")) == 3


async def test_when_the_last_one_was_slept_through_the_group_is_asked_for_dates(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        await choose(t, "meetings", dates="17.3.2026")
        t.clock.move_to(at(18, 10))
        for _ in range(3):
            await t.bot.tick(t.clock.now())
        assert await sent(t, "amg:org", "digest") == []
        for place in ("amg:org", f"person:{AMR}", f"person:{AMG}"):
            assert len(await sent(t, place, "digest.dates")) == 1, place
        asked = await card(t, AMR, "amg:org", "digest.dates")
        assert [button.context for button in named(asked, "digest.plan")] == ["org"]


@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("", "mindst én mødedato"),
        ("i morgen", "i morgen"),
        ("31.2.2026", "31.2.2026"),
        ("1.2.2026", "allerede passeret"),
        ("5.3.2026", "for tæt på"),
        ("x" * 700, "700 tegn"),
    ],
)
async def test_dates_that_do_not_work_are_told_and_nothing_is_changed(
    tmp_path: Path, dates: str, said: str
) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        before = await plan_of(t, "org", "digest")
        reply = await choose(t, "meetings", dates=dates)
        assert isinstance(reply, Ask)
        assert said in reply.errors["dates"]
        assert await plan_of(t, "org", "digest") == before


@pytest.mark.parametrize(
    ("name", "value"),
    [("at", "7.00"), ("at", "x"), ("rhythm", "w9"), ("weekday", "9"), ("before", "21")],
)
async def test_other_wrong_values_are_told_at_their_field(
    tmp_path: Path, name: str, value: str
) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        change = {"rhythm": "w1", "at": "9.00", "weekday": "1", "before": "5"} | {name: value}
        reply = await choose(t, **change)
        assert isinstance(reply, Ask)
        assert list(reply.errors) == [name]


async def test_a_node_without_a_group_has_no_digest_to_plan(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        for reply in (
            await t.click(LEAD, "digest.plan", "dag"),
            await t.submit(LEAD, "digest.plan", "dag", rhythm="w1", **WHEN),
        ):
            assert isinstance(reply, Say)
            assert "ikke en arbejdsmiljøgruppe" in reply.text


async def test_the_team_page_tells_when_the_reminder_comes_and_how_to_change_it(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await agree(t, item("a" * 32))
        cards = await page(t, LEAD, "team/dag")
        assert "hver mandag kl. 9.00" in repr(cards)
        assert [b.context for c in cards for b in named(c, "reminder.plan")] == ["dag"]
        await t.submit(LEAD, "reminder.plan", "dag", rhythm="w2", **WHEN)
        assert (await plan_of(t, "dag", "team_reminder")).next_run_at == at(3, 9)
        assert "hver anden tirsdag" in repr(await page(t, LEAD, "team/dag"))
        assert "hver anden tirsdag" not in repr(await page(t, "aften-1", "team/aften"))


async def test_the_organisations_digest_is_no_line_of_a_teams_plan(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await with_group(t)
        assert "overblik (" not in repr(await page(t, LEAD, "team/dag"))
