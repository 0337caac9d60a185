"""Reminding: once, in working hours, those who have not answered; and one bit for each lead."""

from datetime import date, datetime
from pathlib import Path

from town import Town, at, town

from bot.domain.people import Away, Grant, NodeRules, Role
from bot.domain.rounds import Round, RoundState
from bot.storage import outbox, people, rounds
from bot.storage.store import Tx

DAG = {f"dag-{n}" for n in range(1, 12)}


def reminded(t: Town) -> list[str]:
    return sorted(one.person for one in t.recorder.nudged if one.kind == "round.reminder")


async def bits(t: Town) -> dict[str, list[tuple[list[str], bool]]]:
    """Return the bits that were told, by recipient."""
    found: dict[str, list[tuple[list[str], bool]]] = {}
    for one in t.recorder.posted:
        if one.note.kind == "round.bit":
            told = (list(one.note.params["nodes"]), bool(one.note.params["reached"]))
            found.setdefault(one.recipient, []).append(told)
    return found


async def with_answers(t: Town, scope: tuple[str, ...], *people_: str) -> Round:
    opened = await t.open("checkin", scope)
    for person in people_:
        await t.answer(person, opened.id)
    return opened


async def pause(t: Town, first: date, last: date, **who: str) -> None:
    span, id_ = Away(first, last), t.bot.env.chance.token()
    await t.bot.store.write(lambda tx: people.add_away(tx, id_, span, **who))  # type: ignore[arg-type]


async def test_everybody_without_an_answer_is_reminded_once_and_nobody_else(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_answers(t, ("dag",), "dag-2", "dag-3")
        assert opened.remind_at == at(3, 13)
        await t.travel(opened.closes_at)
        assert reminded(t) == sorted(DAG - {"dag-2", "dag-3"})


async def test_who_has_skipped_or_begun_is_not_reminded_and_who_deleted_is(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_answers(t, ("dag",), "dag-4")
        await t.click("dag-2", "ask.skip", opened.id, "0:anchor")
        await t.click("dag-3", "ask.answer", opened.id, "0:anchor:0")
        await t.click("dag-4", "ask.delete", opened.id)
        await t.travel(opened.closes_at)
        assert {"dag-2", "dag-3", "dag-4"} & set(reminded(t)) == {"dag-4"}


async def test_who_wants_the_rest_of_a_long_round_later_is_asked_then_and_goes_on_from_there(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("maturity", ("dag",))
        first = opened.questions[0]
        before = await t.click("dag-2", "ask.show", opened.id)
        assert "Resten senere" not in repr(before)
        await t.click("dag-2", "ask.answer", opened.id, f"0:{first.id}:4")
        begun = await t.click("dag-2", "ask.show", opened.id, first.id)
        assert "Resten senere" in repr(begun)
        told = await t.click("dag-2", "ask.later", opened.id)
        assert "Dine svar er gemt." in repr(told)
        asked = len(t.recorder.nudged)
        await t.travel(at(3, 12))
        assert [one.person for one in t.recorder.nudged[asked:]] == ["dag-2"]
        onward = await t.click("dag-2", "ask.show", opened.id)
        assert "2 af 10" in repr(onward)


async def test_who_wants_to_be_asked_later_is_asked_then_and_not_before(tmp_path: Path) -> None:
    async with town(tmp_path, now=at(3, 9)) as t:
        opened = await t.open("checkin", ("dag",), open_days=1)
        assert opened.remind_at == at(3, 13)
        await t.travel(at(3, 11))
        await t.click("dag-2", "ask.later", opened.id)
        await t.travel(at(3, 13))
        assert reminded(t) == sorted(DAG - {"dag-2"})
        before = len(t.recorder.nudged)
        await t.travel(at(3, 14))
        assert [one.person for one in t.recorder.nudged[before:]] == ["dag-2"]


async def test_who_comes_to_work_after_the_reminder_is_asked_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await pause(t, date(2026, 3, 2), date(2026, 3, 3), person_id="dag-2")
        opened = await t.open("checkin", ("dag",))
        await t.travel(opened.closes_at)
        asked = [one for one in t.recorder.nudged if one.person == "dag-2"]
        assert len(asked) == 1


async def test_a_reminder_that_comes_due_while_the_bot_is_down_waits_for_the_morning(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        t.clock.move_to(at(3, 22))
        await t.bot.tick(t.clock.now())
        assert (await t.round(opened.id)).state is RoundState.REMINDED
        assert reminded(t) == []
        await t.answer("dag-2", opened.id)
        await t.travel(at(4, 7, 59))
        assert reminded(t) == []
        assert await bits(t) == {}
        await t.travel(at(4, 8))
        assert reminded(t) == sorted(DAG - {"dag-2"})
        assert await bits(t) == {"person:dag-1": [(["dag"], False)]}


async def test_rows_written_before_the_bot_went_down_wait_for_the_morning_too(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.travel(at(3, 12, 59))
        t.recorder.nudged.clear()
        t.clock.move_to(at(3, 13))
        await t.bot.tick(t.clock.now())
        assert reminded(t) == sorted(DAG)
        await t.bot.store.write(lambda tx: _due_again(tx, opened, at(3, 13)))
        t.recorder.nudged.clear()
        t.clock.move_to(at(3, 23))
        await t.bot.tick(t.clock.now())
        assert reminded(t) == []
        await t.travel(at(4, 8))
        assert reminded(t) == sorted(DAG)


def _due_again(tx: Tx, opened: Round, when: datetime) -> None:
    """Stand in for a process that died before it sent what was due."""
    from sqlalchemy import update

    from bot.storage.tables import delivery

    rows = update(delivery).where(delivery.c.purpose == f"remind:{opened.id}")
    tx.execute(rows.values(state=outbox.WAITING, due_at=when))


async def test_no_reminder_where_the_team_wants_none(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        none = NodeRules(reminders=0)
        await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", none))
        opened = await t.open("checkin", ("dag",))
        await t.travel(opened.closes_at)
        assert opened.remind_at is None
        assert reminded(t) == []


async def test_the_bit_is_told_once_to_each_teams_own_lead(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_answers(t, ("org",), *(f"dag-{n}" for n in range(2, 7)), "aften-2")
        await t.travel(opened.closes_at)
        told = await bits(t)
        assert told.keys() == {"person:dag-1", "person:aften-1", "person:nat-1"}
        assert told["person:dag-1"] == [(["dag"], True)]
        assert [reached for _, reached in told["person:nat-1"]] == [False]
        assert set(told["person:nat-1"][0][0]) == {"nat", "aften"}


async def test_one_answer_less_and_the_bit_is_not_set_and_a_leads_own_does_not_help(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await with_answers(t, ("dag",), *(f"dag-{n}" for n in range(1, 6)))
        await t.travel(opened.closes_at)
        assert await bits(t) == {"person:dag-1": [(["dag"], False)]}


async def test_a_chosen_pair_has_one_bit(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_answers(
            t, ("nat", "aften"), "nat-2", "nat-3", "aften-2", "aften-3", "aften-4"
        )
        await t.travel(opened.closes_at)
        both = (["nat", "aften"], True)
        assert await bits(t) == {"person:aften-1": [both], "person:nat-1": [both]}


async def test_who_leads_several_units_hears_of_each_once(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        two = [Grant("dag-1", node, Role.LEAD) for node in ("dag", "aften")]
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-1", two))
        opened = await t.open("checkin", ("org",))
        await t.travel(opened.closes_at)
        told = await bits(t)
        assert len(told["person:dag-1"]) == 2
        assert sorted(node for nodes, _ in told["person:dag-1"] for node in nodes) == [
            "aften",
            "dag",
            "nat",
        ]


async def test_a_team_without_a_lead_has_its_bit_told_to_the_next_one_up(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.bot.store.write(lambda tx: people.put_grants(tx, "aften-1", ()))
        opened = await t.open("checkin", ("org",))
        await t.travel(opened.closes_at)
        told = await bits(t)
        assert {"person:boss", "person:nat-1", "person:dag-1"} == told.keys()


async def test_only_a_lead_sees_the_bit_on_the_teams_page(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        admin = [Grant("aften-5", "org", Role.ADMIN), Grant("aften-5", "org", Role.AMG)]
        await t.bot.store.write(lambda tx: people.put_grants(tx, "aften-5", admin))
        opened = await with_answers(t, ("dag",), *(f"dag-{n}" for n in range(2, 7)))
        words = t.bot.front.words("da")
        before = repr(await t.bot.front.page("dag-1", "team/dag"))
        assert words("team.bit_later") in before
        assert words("team.reached") not in before
        await t.travel(opened.remind_at or opened.closes_at)
        await t.answer("dag-7", opened.id)
        assert words("team.reached") in repr(await t.bot.front.page("dag-1", "team/dag"))
        for other in ("dag-2", "aften-5"):  # the elected representative, an administrator
            page = await t.bot.front.page(other, "team/dag")
            assert page is not None
            assert words("team.reached") not in repr(page)


async def test_the_bit_does_not_follow_the_answers(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_answers(t, ("dag",), *(f"dag-{n}" for n in range(2, 6)))
        await t.travel(opened.remind_at or opened.closes_at)
        for n in range(6, 12):
            await t.answer(f"dag-{n}", opened.id)
        assert await t.bot.store.read(lambda tx: rounds.reached(tx, opened.id)) == {"dag": False}
        words = t.bot.front.words("da")
        assert words("team.not_reached") in repr(await t.bot.front.page("dag-1", "team/dag"))
