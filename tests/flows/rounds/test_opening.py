"""Opening a round: who is asked what and when, and when no round is opened at all."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from town import MONDAY, Town, at, cast, town, words_of

from bot.cards import Ask, Say
from bot.domain.people import Away, Grant, Node, NodeRules, Person, Role
from bot.domain.rounds import Round
from bot.flows.rounds.opening import Reason, Refused, Wish, plan
from bot.rehearsal.organisation import Cast
from bot.storage import people, rounds
from bot.storage.store import Tx


async def change(t: Town, person: str, **new: object) -> None:
    def work(tx: Tx) -> None:
        one = people.get(tx, person)
        assert one is not None
        people.put_person(tx, replace(one, **new))  # type: ignore[arg-type]

    await t.bot.store.write(work)


async def rules(t: Town, node: str, **new: object) -> None:
    await t.bot.store.write(
        lambda tx: people.set_rules(tx, node, NodeRules(**new))  # type: ignore[arg-type]
    )


async def away(t: Town, first: int, last: int, **who: str) -> None:
    span = Away(date(2026, 3, first), date(2026, 3, last))
    await t.bot.store.write(
        lambda tx: people.add_away(tx, t.bot.env.chance.token(), span, **who)  # type: ignore[arg-type]
    )


async def refused(t: Town, *scope: str, instrument: str = "checkin") -> Refused:
    found = await t.try_open(instrument, scope)
    assert isinstance(found, Refused), found
    return found


async def invited_at(
    t: Town, scope: tuple[str, ...], when: datetime = MONDAY
) -> dict[str, datetime]:
    """Plan a round and return when each person's invitation is due."""
    planned = await t.bot.store.read(
        lambda tx: plan(tx, t.bot.env, Wish(scope, "checkin", when, 3))
    )
    assert not isinstance(planned, Refused), planned
    return {one.recipient.removeprefix("person:"): one.due_at for one in planned.invitations}


async def members(t: Town, one: Round) -> dict[str, tuple[str, bool]]:
    found = await t.bot.store.read(lambda tx: rounds.members(tx, one.id))
    return {member.person: (member.node, member.lead) for member in found}


# --- Too few, and the threshold -------------------------------------------------------------------


async def test_leads_do_not_count_towards_the_threshold(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("five", 5), ("six", 6))) as t:
        found = await refused(t, "five")
        assert (found.reason, found.people, found.threshold) == (Reason.TOO_FEW, 4, 5)
        assert await t.open("checkin", ("six",))


async def test_the_strictest_node_inside_decides_the_threshold(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await rules(t, "aften", threshold=8, comment_answers=9)
        opened = await t.open("checkin", ("org",))
        assert (opened.threshold, opened.comment_answers) == (8, 10)
        assert (await t.open("maturity", ("dag",))).threshold == 5


async def test_a_team_under_its_own_stricter_threshold_is_refused(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await rules(t, "aften", threshold=8)
        assert (await refused(t, "aften")).reason is Reason.TOO_FEW


async def test_the_form_offers_nothing_that_the_opening_would_refuse(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("five", 5), ("six", 6), ("four", 4))) as t:
        alone = await t.click("six-1", "team.start", "six:checkin")
        assert isinstance(alone, Ask)
        assert "five" not in repr(alone)
        assert isinstance(await t.click("five-1", "team.start", "five:checkin"), Say)
        form = await t.click("boss", "team.start", "five:checkin")
        assert isinstance(form, Ask)
        options = [value for value, _ in form.form.inputs[0].options]  # type: ignore[union-attr]
        assert options == ["five,four", "five,six", "org"]
        for option in options:
            started = await t.bot.store.read(
                lambda tx, option=option: plan(
                    tx, t.bot.env, Wish(tuple(option.split(",")), "checkin", MONDAY, 3)
                )
            )
            assert not isinstance(started, Refused)


async def test_who_has_left_is_neither_asked_nor_counted(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("six", 6))) as t:
        await change(t, "six-6", active=False)
        assert (await refused(t, "six")).people == 4


async def test_a_comment_box_stands_only_where_the_roster_can_reach_the_threshold(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("eleven", 11), ("ten", 10))) as t:
        assert (await t.open("checkin", ("eleven",))).comments
        small = await t.open("checkin", ("ten",))
        assert not small.comments
        last = await t.answer("ten-2", small.id)
        assert "Eleven 2" in repr(last)


async def test_a_lower_rule_for_comments_never_goes_under_the_threshold(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("ten", 10))) as t:
        await rules(t, "ten", comment_answers=5, threshold=8)
        opened = await t.open("checkin", ("ten",))
        assert (opened.comments, opened.comment_answers) == (True, 8)


# --- Roster and rotation --------------------------------------------------------------------------


async def test_a_lead_is_asked_in_his_home_and_counted_with_the_leads(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        found = await members(t, await t.open("checkin", ("org",)))
        assert found["boss"] == ("org", True)
        assert found["aften-1"] == ("aften", True)
        assert found["aften-2"] == ("aften", False)
        assert len(found) == 24


async def test_who_leads_one_unit_and_works_in_another_has_one_slot_at_home(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        both = [Grant("dag-3", "nat", Role.LEAD), Grant("dag-3", "aften", Role.AMR)]
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-3", both))
        found = await members(t, await t.open("checkin", ("org",)))
        assert found["dag-3"] == ("dag", True)


async def test_rotation_is_kept_for_each_scope_by_itself(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        first = await t.open("checkin", ("dag",))
        other = await t.open("checkin", ("aften",))
        assert first.questions == other.questions
        await t.travel(at(16))
        second = await t.open("checkin", ("dag",))
        assert not {one.id for one in first.questions[1:]} & {one.id for one in second.questions}
        assert second.questions[0].id == first.questions[0].id == "anchor"


# --- Asked recently -------------------------------------------------------------------------------


async def test_nobody_is_asked_the_same_again_within_five_working_days(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.open("checkin", ("dag",))
        await t.travel(at(6, 16))
        found = await refused(t, "dag")
        assert (found.reason, found.earliest) == (Reason.ASKED_RECENTLY, date(2026, 3, 9))
        assert await t.open("maturity", ("dag",))
        await t.travel(at(9))
        assert await t.open("checkin", ("dag",))


async def test_in_an_overlapping_scope_only_those_are_asked_who_were_not(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.open("checkin", ("dag",))
        everybody = await t.open("checkin", ("org",))
        found = await members(t, everybody)
        assert {node for node, _ in found.values()} == {"org", "aften", "nat"}
        assert "dag-4" not in found
        assert (await refused(t, "aften")).reason is Reason.ASKED_RECENTLY


async def test_when_too_few_are_left_over_nobody_is_asked(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 11), ("nat", 4))) as t:
        await t.open("checkin", ("dag",))
        assert (await refused(t, "org")).reason is Reason.ASKED_RECENTLY


# --- Small siblings -------------------------------------------------------------------------------


async def test_small_siblings_are_put_together_and_both_are_told(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("org",))
        assert [set(unit) for unit in opened.units] == [{"nat", "aften"}]
        names = [one.title() for one in opened.units[0]]
        together = t.bot.front.words("da")("ask.waiting.together", team=names)
        for person in ("nat-2", "aften-2"):
            told = words_of((await t.shown(person, f"person:{person}"))[-1])
            assert together in told
        alone = words_of((await t.shown("dag-2", "person:dag-2"))[-1])
        assert together not in alone


async def test_a_chosen_pair_is_named_to_both(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.open("checkin", ("nat", "aften"))
        for person in ("nat-2", "aften-2"):
            told = words_of((await t.shown(person, f"person:{person}"))[-1])
            assert "Nat" in told
            assert "Aften" in told


# --- When people are written to -------------------------------------------------------------------


async def test_everybody_is_invited_in_his_own_hours(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await change(t, "dag-2", working_days=frozenset({2, 3}))
        await change(t, "dag-3", zone="America/New_York")
        await away(t, 2, 3, person_id="dag-4")
        await away(t, 1, 31, person_id="dag-5")
        await change(t, "dag-6", working_days=frozenset({5, 6}))
        due = await invited_at(t, ("dag",))
        closes = at(5)
        assert due["dag-7"] == MONDAY
        assert due["dag-2"] == at(4, 8)
        assert due["dag-3"] == at(2, 14)
        assert due["dag-4"] == at(4, 8)
        assert due["dag-5"] == closes
        assert due["dag-6"] == closes


async def test_a_round_started_in_the_evening_waits_for_the_morning(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(2, 20)) as t:
        values = {"scope": "dag", "questions": "3", "open_days": "3"}
        told = await t.submit("dag-1", "team.start", "dag:checkin", **values)
        assert "tirsdag den 3. marts kl. 8.00" in repr(told)
        assert not any(
            "Trivselstjek" in card.title for card in await t.shown("dag-2", "person:dag-2")
        )
        await t.travel(at(3, 8))
        assert any("Trivselstjek" in card.title for card in await t.shown("dag-2", "person:dag-2"))
        assert {one.person for one in t.recorder.nudged} == {f"dag-{n}" for n in range(1, 12)}


async def test_a_holiday_and_a_team_pause_are_not_counted_as_open_days(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(1, 9, month=4)) as t:  # Wednesday before Easter 2026
        opened = await t.open("checkin", ("dag",))
        assert opened.closes_at == at(9, 9, month=4)
        span = Away(date(2026, 4, 2), date(2026, 4, 14))
        await t.bot.store.write(lambda tx: people.add_away(tx, "1" * 32, span, node_id="aften"))
        paused = await t.open("checkin", ("aften",))
        assert paused.closes_at == at(17, 9, month=4)


async def test_the_team_has_its_result_at_the_same_time_of_day_across_a_clock_change(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, now=at(24)) as t:  # the clock changes on Sunday 29 March
        opened = await t.open("checkin", ("dag",), open_days=3)
        assert (opened.closes_at, opened.publish_at) == (at(27), at(30))


async def test_no_working_day_ahead_is_told_to_the_lead(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        span = Away(date(2026, 3, 3), date(2030, 1, 1))
        await t.bot.store.write(lambda tx: people.add_away(tx, "1" * 32, span, node_id="dag"))
        values = {"scope": "dag", "questions": "3", "open_days": "3"}
        told = await t.submit("dag-1", "team.start", "dag:checkin", **values)
        assert isinstance(told, Say)
        assert told.text == t.bot.front.words("da")("team.no_working_day")
        assert not told.failed


@pytest.mark.parametrize("values", [{}, {"scope": "nat"}, {"scope": "dag,nat"}, {"scope": "x"}])
async def test_a_scope_that_was_not_offered_cannot_be_chosen(
    tmp_path: Path, values: dict[str, str]
) -> None:
    async with town(tmp_path) as t:
        told = await t.submit(
            "dag-1", "team.start", "dag:checkin", questions="3", open_days="3", **values
        )
        assert isinstance(told, Ask)
        assert "scope" in told.errors
        assert await t.bot.store.read(rounds.taking_answers) == ()


async def test_an_organisation_of_departments_is_asked_as_one(tmp_path: Path) -> None:
    nodes = (
        Node("org", "Org"),
        Node("a", "A", "org"),
        Node("a1", "A1", "a"),
        Node("a2", "A2", "a"),
    )
    folk = tuple(
        Person(f"{home}-{n}", f"{home} {n}", home) for home in ("a1", "a2") for n in range(6)
    )
    async with town(tmp_path, Cast(nodes, folk, ())) as t:
        opened = await t.open("checkin", ("org",))
        assert len(await members(t, opened)) == 12
        assert opened.closes_at - opened.opens_at == timedelta(days=3)
