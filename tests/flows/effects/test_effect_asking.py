"""On the follow-up day the responsible is asked by name and the team without, each once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from effect_town import (
    LEAD,
    RESPONSIBLE,
    agree,
    answer,
    asked,
    follow_up,
    item,
    now,
    one_round,
    roster,
)
from town import Town, at, buttons, cast, town, words_of

from bot.cards import Say, Show
from bot.domain.action_items import ActionState, Effect
from bot.domain.people import Grant, Role
from bot.domain.rounds import RoundState
from bot.flows.effects import ask as effect_ask
from bot.flows.rounds import running
from bot.rehearsal.organisation import Cast
from bot.storage import actions, outbox, people
from bot.storage.store import Tx

OTHER = "b" * 32
TEAM = cast(("dag", 11))


async def kinds(t: Town, conversation: str) -> list[str]:
    return [note.kind for note in await t.notes(conversation)]


async def change(t: Town, **changes: object) -> None:
    before = await now(t)
    after = replace(before, **changes)  # type: ignore[arg-type]
    await t.bot.store.write(
        lambda tx: actions.change(tx, after, t.clock.now(), RESPONSIBLE, "changed")
    )


async def test_the_team_is_asked_one_question_about_the_action_for_three_working_days(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        one = await one_round(t)
        assert (one.instrument, one.about, one.scope) == ("effect", "a" * 32, ("dag",))
        assert [(q.id, q.scale) for q in one.questions] == [("works", (1, 3, 5))]
        assert (one.opens_at, one.closes_at) == (at(16, 8), at(19, 8))
        assert one.publish_at == one.closes_at
        assert not one.comments
        card = (await t.shown("dag-4", "person:dag-4"))[-1]
        assert "Ti minutters ro hver morgen" in words_of(card)
        values = [b.value for b in buttons(card) if b.action == "ask.answer"]
        assert values == ["0:works:1", "0:works:3", "0:works:5", "0:works:0"]


async def test_whoever_speaks_by_name_is_not_asked_without(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        invited = await roster(t, await one_round(t))
        assert invited == {f"dag-{n}" for n in range(2, 12)} - {RESPONSIBLE}
        assert "effect.ask" in await kinds(t, f"person:{RESPONSIBLE}")
        assert "effect.ask" not in await kinds(t, f"person:{LEAD}")


async def test_asking_again_asks_nobody_twice(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        await follow_up(t, one)
        for hours in (0, 1, 30):
            t.clock.move_to(t.clock.now() + timedelta(hours=hours))
            await effect_ask.go(t.bot.store, t.bot.env, one, t.clock.now())
            await t.bot.tick(t.clock.now())
        assert len(await asked(t, one.id)) == 1
        assert (await kinds(t, f"person:{RESPONSIBLE}")).count("effect.ask") == 1


async def test_after_a_crash_between_the_round_and_the_notes_the_notes_are_written(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        t.clock.move_to(at(16, 9))
        wish = await t.bot.store.read(
            lambda tx: effect_ask._wish(tx, t.bot.env, one, t.clock.now())
        )
        await running.open_round(t.bot.store, t.bot.env, wish)
        await effect_ask.go(t.bot.store, t.bot.env, one, t.clock.now())
        await t.bot.tick(t.clock.now())
        assert len(await asked(t, one.id)) == 1
        assert "effect.ask" in await kinds(t, f"person:{RESPONSIBLE}")


async def test_a_team_too_small_is_invited_to_talk_and_the_lead_decides_some_days_later(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 6))) as t:  # without lead and responsible: four
        await follow_up(t, await agree(t, item()))
        await t.bot.tick(t.clock.now())
        assert await asked(t, "a" * 32) == ()
        assert "effect.talk" in await kinds(t, "node:dag")
        assert "effect.decide" not in await kinds(t, f"person:{LEAD}")
        await t.travel(at(19, 12))
        assert "effect.decide" in await kinds(t, f"person:{LEAD}")
        card = (await t.shown(LEAD, f"person:{LEAD}"))[-1]
        assert t.bot.front.words("da")("effect.propose.talk") in words_of(card)


async def test_what_was_dropped_decided_or_gone_on_is_not_asked_about(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        await change(t, state=ActionState.DROPPED)
        await effect_ask.go(t.bot.store, t.bot.env, one, t.clock.now())
        await change(t, state=ActionState.IN_PROGRESS, turn=2)
        await effect_ask.go(t.bot.store, t.bot.env, one, t.clock.now())
        assert await asked(t, one.id) == ()
        assert await t.bot.store.read(lambda tx: outbox.counts(tx)) == await t.bot.store.read(
            lambda tx: outbox.counts(tx, but=("effect-",))
        )


async def test_a_value_the_scale_does_not_have_is_refused(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        one = await one_round(t)
        told = t.bot.front.words("da")("error.not_understood")
        for value in ("2", "4", "6"):
            reply = await t.click("dag-4", "ask.answer", one.id, f"0:works:{value}")
            assert reply == Say(told)
        assert isinstance(await t.click("dag-4", "ask.answer", one.id, "0:works:3"), Show)
        reviewed = await t.click("dag-4", "ask.review", one.id)
        assert t.bot.front.words("da").instrument("effect").scales["effect"][1] in repr(reviewed)


async def test_whoever_changes_the_words_of_the_action_changes_no_open_question(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        one = await one_round(t)
        t.clock.move_to(t.clock.now() + timedelta(hours=1))
        await change(t, what="Noget helt andet")
        for person in ("dag-4", "dag-5"):
            card = (await t.shown(person, f"person:{person}"))[-1]
            assert "Noget helt andet" not in words_of(card)
            reply = await t.click(person, "ask.show", one.id)
            assert "Ti minutters ro" in repr(reply)


async def test_a_new_responsible_who_was_asked_with_the_team_does_not_say_it_by_name_too(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        await follow_up(t, one)
        await change(t, responsible="dag-5")
        reply = await t.click("dag-5", "effect.say", f"{one.id}:1", "works")
        assert reply == Say(t.bot.front.words("da")("effect.said_with_team"))
        assert (await now(t)).said is None


async def test_who_has_said_it_by_name_is_left_out_also_when_another_is_responsible_now(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        await t.click(RESPONSIBLE, "effect.say", f"{one.id}:1", "partly")
        await change(t, responsible="dag-5")
        await follow_up(t, one)
        assert not {RESPONSIBLE, "dag-5"} & await roster(t, await one_round(t))


async def test_two_actions_of_one_circle_are_asked_about_at_once_and_the_third_a_week_later(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        for letter in "abc":
            await agree(t, item(id=letter * 32, state=ActionState.OPEN))
        t.clock.move_to(at(16, 9))
        for letter in "abc":
            await effect_ask.go(t.bot.store, t.bot.env, item(id=letter * 32), t.clock.now())
        opened = [(await one_round(t, letter * 32)).opens_at for letter in "abc"]
        assert opened == [at(16, 9), at(16, 9), at(23, 9)]
        waiting = await t.shown("dag-4", "person:dag-4")
        assert sum("Synes du" in words_of(card) for card in waiting) == 2


async def test_circles_that_differ_by_a_person_are_asked_five_working_days_apart(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await agree(t, item(state=ActionState.OPEN))
        await agree(t, item(id=OTHER, responsible="dag-7", state=ActionState.OPEN))
        t.clock.move_to(at(16, 9))
        for one in (item(), item(id=OTHER, responsible="dag-7")):
            await effect_ask.go(t.bot.store, t.bot.env, one, t.clock.now())
        first, second = await one_round(t), await one_round(t, OTHER)
        assert await roster(t, first) ^ await roster(t, second) == {RESPONSIBLE, "dag-7"}
        assert (first.opens_at, second.opens_at) == (at(16, 9), at(23, 9))


async def test_a_new_turn_is_a_new_question_never_within_five_working_days(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        await follow_up(t, one)
        await t.travel(at(19, 8))
        await change(t, turn=2, verdict=None)
        await effect_ask.go(t.bot.store, t.bot.env, await now(t), t.clock.now())
        again, first = await asked(t, one.id)
        assert (first.opens_at, again.opens_at) == (at(16, 8), at(23, 8))


async def test_a_lost_key_asks_the_same_people_again_about_the_same_action(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await follow_up(t, await agree(t, item()))
        first = await one_round(t)
        before = await roster(t, first)
        (t.bot.settings.key_folder / f"{first.id}.key").unlink()
    async with town(tmp_path, Cast((), (), ()), now=first.closes_at) as t:
        await t.bot.tick(t.clock.now())
        again = next(one for one in await asked(t, "a" * 32) if one.id != first.id)
        assert (again.replaces, again.about) == (first.id, first.about)
        assert await roster(t, again) == before
        assert again.publish_at == again.closes_at
        await answer(t, again, [5] * 6)
        await t.travel(again.closes_at)
        assert (await now(t)).effect is Effect.WORKS


async def test_leads_above_are_no_part_of_the_circle_and_leads_below_are_counted_apart(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 7), ("aften", 7))) as t:

        def grant(tx: Tx) -> None:
            people.put_grants(tx, "dag-4", [Grant("dag-4", "org", Role.LEAD)])

        await t.bot.store.write(grant)
        await follow_up(t, await agree(t, item(node="org", responsible="aften-3")))
        one = await one_round(t)
        invited = await roster(t, one)
        assert not {"boss", "dag-4", "aften-3"} & invited
        assert {"dag-1", "aften-1", "dag-3"} <= invited


async def test_the_question_is_no_round_a_lead_can_start(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        page = await t.bot.front.page(LEAD, "team/dag")
        assert page is not None
        assert not any(
            button.context == "dag:effect" for card in page.cards for button in buttons(card)
        )


async def test_nobody_is_asked_while_the_team_has_no_working_day(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await agree(t, item())
        await follow_up(t, one, at(14, 12))  # a Saturday: the round opens on Monday
        assert (await one_round(t)).opens_at == at(16, 8)
        assert (await t.round((await one_round(t)).id)).state is RoundState.OPEN
