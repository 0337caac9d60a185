"""Closing: the lead first, then the team; too few; late; void; and who may look."""

from datetime import timedelta
from pathlib import Path

from closed_rounds import DA, SAID, answered, channel, team, texts
from town import Town, at, town

from bot.cards import Say
from bot.domain.people import Away, Node, NodeRules
from bot.domain.rounds import Round, RoundState
from bot.storage import figures, people, rounds

# --- The lead first -------------------------------------------------------------------------------


async def test_the_lead_has_the_result_a_working_day_before_the_team(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        await t.travel(opened.closes_at)
        assert [note.kind for note in await t.notes("person:dag-1")][-1] == "result.lead"
        assert await t.notes("node:dag") == []
        assert opened.publish_at == at(6)
        early = (await t.shown("dag-1", "person:dag-1"))[-1]
        assert DA("result.advice.1") in texts(early)
        await t.travel(at(6))
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]


async def test_the_team_has_its_result_though_the_lead_is_gone(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-1", ()))
        await t.travel(opened.publish_at)
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]
        assert "result.lead" in [note.kind for note in await t.notes("person:boss")]


async def test_a_lead_on_leave_gets_it_when_he_is_back(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        span = Away(at(5).date(), at(10).date())
        await t.bot.store.write(lambda tx: people.add_away(tx, "1" * 32, span, person_id="dag-1"))
        await t.travel(at(10, 16))
        assert "result.lead" not in [note.kind for note in await t.notes("person:dag-1")]
        await t.travel(at(11, 8))
        assert "result.lead" in [note.kind for note in await t.notes("person:dag-1")]


async def test_a_lead_who_is_one_no_more_sees_no_early_result(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        await t.travel(opened.closes_at)
        kept = (await t.bot.store.read(lambda tx: figures.of_round(tx, opened.id)))[0]
        assert await t.bot.front.page("dag-1", f"results/{kept.id}")
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-1", ()))
        assert texts((await t.shown("dag-1", "person:dag-1"))[-1]) == [DA("note.unknown")]
        assert await t.bot.front.page("dag-1", f"results/{kept.id}") is None


async def test_who_may_open_a_result_before_and_after_the_team_has_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        await t.travel(opened.closes_at)
        kept = (await t.bot.store.read(lambda tx: figures.of_round(tx, opened.id)))[0]
        everybody = ("dag-1", "boss", "dag-2", "dag-5", "aften-1", "aften-2", "nobody")

        async def may_look() -> set[str]:
            found = set()
            for person in everybody:
                page = await t.bot.front.page(person, f"results/{kept.id}")
                chart = await t.bot.front.chart(person, kept.id)
                assert (page is None) == (chart is None)
                found |= {person} if page else set()
            return found

        assert await may_look() == {"dag-1", "boss"}
        assert "results/" not in repr(await t.bot.front.page("dag-1", "results"))
        await t.travel(opened.publish_at)
        assert await may_look() == {"dag-1", "boss", "dag-2", "dag-5"}
        assert f"results/{kept.id}" in repr(await t.bot.front.page("dag-5", "results"))
        assert await t.bot.front.page("dag-5", "results/" + "0" * 32) is None


# --- Too few, pairs, parents ----------------------------------------------------------------------


async def test_too_few_answers_give_an_invitation_to_talk_and_no_figure(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(1, 6)))
        await t.travel(opened.publish_at)
        assert await t.bot.store.read(lambda tx: figures.of_round(tx, opened.id)) == ()
        card = (await channel(t, "dag", "dag-5"))[-1]
        assert DA("result.too_few", team="Dag", threshold=5) in texts(card)
        assert DA.instrument("checkin").questions["anchor"].talk in texts(card)
        assert " af 10" not in repr(card)
        assert "result.too_few" in [note.kind for note in await t.notes("person:dag-1")]


async def test_teams_counted_together_are_posted_to_both_under_both_names(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("org",))
        few = team("nat", range(2, 5)) | team("aften", range(2, 5))
        await answered(t, opened, few | team("dag", range(2, 9)))
        await t.travel(opened.publish_at)
        for node in ("nat", "aften"):
            card = (await channel(t, node, f"{node}-2"))[-1]
            assert "Nat" in card.title
            assert "Aften" in card.title
            assert "6 af 10 svarede." in repr(card)
        whole = (await channel(t, "org", "nat-2"))[-1]
        assert "Organisationen" in whole.title
        assert "13 af 20 svarede." in repr(whole)


async def test_who_has_too_few_is_told_though_the_neighbours_have_a_result(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("org",))
        await answered(t, opened, team("dag", range(2, 9)) | team("nat", range(2, 4)))
        await t.travel(opened.publish_at)
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]
        assert [note.kind for note in await t.notes("node:nat")] == ["result.too_few"]
        assert [note.kind for note in await t.notes("node:aften")] == ["result.too_few"]
        assert await t.notes("node:org") == []


# --- Late, void -----------------------------------------------------------------------------------


async def test_a_click_after_the_close_is_told_when_the_result_comes_and_then_that_it_is_out(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.travel(opened.closes_at - timedelta(seconds=1))
        t.clock.move_to(opened.closes_at)  # the tick has not come yet
        for _ in range(2):
            told = await t.click("dag-3", "ask.answer", opened.id, "0:anchor:4")
            assert isinstance(told, Say)
            assert "fredag den 6. marts kl. 9.00" in told.text
            await t.travel(opened.closes_at)
        await t.travel(opened.publish_at)
        told = await t.click("dag-3", "ask.answer", opened.id, "0:anchor:4")
        assert told == Say(DA("ask.closed_out"))


async def test_a_click_on_somebody_elses_round_changes_nothing(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        for person, where in (("aften-2", opened.id), ("dag-3", "0" * 32), ("dag-3", "../x")):
            for action, value in (
                ("ask.answer", "0:anchor:4"),
                ("ask.delete", ""),
                ("ask.review", ""),
            ):
                told = await t.click(person, action, where, value)
                assert told == Say(DA("ask.not_invited"))


async def test_a_late_close_gives_the_lead_and_the_representative_their_day_all_the_same(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 12)), SAID)
        t.clock.move_to(at(6, 23))  # down from Wednesday to late on Friday
        await t.bot.tick(t.clock.now())
        assert (await t.round(opened.id)).publish_at == at(9)
        told = await t.click("dag-3", "ask.answer", opened.id, "0:anchor:4")
        assert "mandag den 9. marts" in repr(told)
        await t.travel(at(8, 12))
        assert await t.notes("node:dag") == []
        await t.travel(at(9))
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]
        assert [note.kind for note in await t.notes("person:dag-1")][-1] == "result.lead"


async def test_a_result_that_comes_due_at_night_is_posted_in_the_morning(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        await t.travel(opened.closes_at)
        t.clock.move_to(at(6, 20))
        await t.bot.tick(t.clock.now())
        assert await t.notes("node:dag") == []
        await t.travel(at(9, 8))
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]


def lose_key(t: Town, opened: Round) -> None:
    for file in t.bot.settings.key_folder.glob(f"{opened.id}*"):
        file.unlink()
    t.bot.env.keys._loaded.clear()


async def test_a_lost_key_voids_the_round_tells_everybody_and_asks_again(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.answer("dag-3", opened.id)
        lose_key(t, opened)
        await t.travel(opened.remind_at or opened.closes_at)
        assert (await t.round(opened.id)).state is RoundState.VOID
        for n in range(1, 12):
            assert "round.void" in [note.kind for note in await t.notes(f"person:dag-{n}")]
        (again,) = await t.bot.store.read(rounds.taking_answers)
        assert again.replaces == opened.id
        assert again.questions == opened.questions
        assert await t.click("dag-3", "ask.review", opened.id) == Say(DA("ask.void"))
        await t.travel(again.publish_at)
        assert len(await t.bot.store.read(rounds.known_ids)) == 2


async def test_a_void_round_that_cannot_be_asked_again_at_once_is_asked_when_it_can(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        lose_key(t, opened)
        span = Away(at(3).date(), at(3).date().replace(year=2029))
        await t.bot.store.write(lambda tx: people.add_away(tx, "1" * 32, span, node_id="dag"))
        t.clock.move_to(at(3, 13))
        await t.bot.tick(t.clock.now())
        assert (await t.round(opened.id)).state is RoundState.VOID
        assert await t.bot.store.read(rounds.taking_answers) == ()
        await t.bot.store.write(lambda tx: people.remove_away(tx, "1" * 32, node_id="dag"))
        t.clock.move_to(at(3, 13, 10))
        await t.bot.tick(t.clock.now())
        (again,) = await t.bot.store.read(rounds.taking_answers)
        assert again.replaces == opened.id


async def test_when_too_few_are_left_to_ask_again_the_lead_is_told(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        lose_key(t, opened)
        eight = NodeRules(threshold=8)
        await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", eight))
        await t.bot.store.write(
            lambda tx: [people.put_person(tx, _gone(people.get(tx, f"dag-{n}"))) for n in (2, 3, 4)]
        )
        await t.travel(opened.remind_at or opened.closes_at)
        assert await t.bot.store.read(rounds.taking_answers) == ()
        assert "round.refused" in [note.kind for note in await t.notes("person:dag-1")]


def _gone(one: people.Person | None) -> people.Person:
    from dataclasses import replace

    assert one is not None
    return replace(one, active=False)


async def test_a_team_that_is_renamed_keeps_its_name_in_the_result_of_the_round(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9)))
        await t.bot.store.write(lambda tx: people.put_node(tx, Node("dag", "Nyt navn", "org")))
        await t.travel(opened.publish_at)
        assert (await channel(t, "dag", "dag-5"))[-1].title.endswith("Dag")
