"""A dialogue over some days, from the first idea to what became of it."""

from datetime import timedelta

import pytest
from talks import (
    SAID,
    begin,
    events,
    go_on,
    groups_of,
    ideas_of,
    on_page,
    page,
    said,
    standing,
    vote,
    write,
    write_all,
)
from town import Town, at, buttons, cast, town

from bot.cards import Ask, Say, Show
from bot.domain.action_items import ActionItem, Factor
from bot.domain.dialogues import Naming, Phase, Step, Way
from bot.domain.people import NodeRules
from bot.domain.rounds import RoundState
from bot.flows.people.applying import erase
from bot.storage import actions, dialogues, ideas, people, rounds

WRITERS = [f"dag-{n}" for n in range(3, 9)]


async def collected(t: Town, **wish: object):
    """A dialogue in which six have written one idea to each question, now to be grouped."""
    one = await begin(t, **wish)
    for person in WRITERS:
        await write_all(t, person, one)
    await t.travel(at(5))
    return await standing(t, one)


async def voting(t: Town, **wish: object):
    one = await collected(t, **wish)
    await go_on(t, one)
    await t.bot.tick(t.clock.now())
    return await standing(t, one)


async def test_from_the_first_idea_to_the_outcome_in_the_channel(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        assert one.phase is Phase.COLLECTING
        for person in WRITERS:
            assert isinstance(await write_all(t, person, one), Show)
        assert await ideas_of(t, one) == ()
        await t.travel(at(5))  # three working days
        assert (await standing(t, one)).phase is Phase.GROUPING
        found = await ideas_of(t, one)
        assert len(found) == 18
        assert {idea.author for idea in found} == {None}
        await go_on(t, one)
        votes = await groups_of(t, one)
        assert (await standing(t, one)).phase is Phase.VOTING
        favourite = votes[2].id
        for person in WRITERS:
            assert "Tak" in said(await vote(t, person, one, favourite))
        await t.travel(at(9))
        assert (await standing(t, one)).phase is Phase.CHOOSING
        ordered = await groups_of(t, one)
        assert ordered[0].id == favourite
        assert [group.place for group in ordered] == [1, 2, 3, 4, 5, 6]
        makes = await on_page(t, "dag-1", one, "action.new")
        assert [button.context for button in makes] == ["dag"] * 3
        assert makes[0].value == f"dialogue:{one.id}:{favourite}"
        await go_on(t, one)
        await t.bot.tick(t.clock.now())
        assert (await standing(t, one)).phase is Phase.ENDED
        assert await events(t) == ["begun", "ideas", "vote", "order", "outcome"]


async def test_each_is_asked_best_now_how_in_that_order_and_may_go_back_or_skip(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        card = (await t.shown("dag-3", "person:dag-3"))[-1]
        assert card.progress == (1, 3)
        assert "bedst" in repr(card)
        reply = await write(t, "dag-3", one, Step.BEST, "A", "B", mark="health")
        assert reply.message.progress == (2, 3)
        back = next(b for b in buttons(reply.message) if b.action == "ideas.show")
        assert (await t.press("dag-3", back)).message.progress == (1, 3)
        skip = next(b for b in buttons(reply.message) if b.action == "ideas.skip")
        reply = await t.press("dag-3", skip)
        assert reply.message.progress == (3, 3)
        reply = await write(t, "dag-3", one, Step.HOW, "C")
        assert reply.done
        seen = await t.click("dag-3", "ideas.review", one.id)
        assert all(f'"{text}"' in repr(seen) or f"'{text}" in repr(seen) for text in "ABC")


async def test_an_idea_may_be_edited_and_deleted_until_the_close(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        await write(t, "dag-3", one, Step.BEST, "Først")
        form = await t.click("dag-3", "ideas.write", one.id, "best")
        assert form.form.inputs[0].value == "Først"
        await write(t, "dag-3", one, Step.BEST, "Så")
        seen = repr(await t.click("dag-3", "ideas.review", one.id))
        assert "Så" in seen
        assert "Først" not in seen
        await t.click("dag-3", "ideas.delete", one.id)
        assert "Så" not in repr(await t.click("dag-3", "ideas.review", one.id))


async def test_a_mark_goes_with_the_idea(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        for person in WRITERS:
            await write(t, person, one, Step.HOW, f"Mere ro {person}", mark="risk")
        await t.travel(at(5))
        assert {idea.factor for idea in await ideas_of(t, one)} == {Factor.RISK}
        assert {group.factor for group in await groups_of(t, one)} == set()
        await go_on(t, one)
        assert {group.factor for group in await groups_of(t, one)} == {Factor.RISK}


async def test_what_was_agreed_before_comes_before_new_ideas(tmp_path):
    async with town(tmp_path) as t:
        day = at(2).date()
        item = ActionItem(
            "a" * 32, "dag", "Fælles morgenkaffe", "Køb kaffe", "dag-4", day, day, day
        )
        await t.bot.store.write(lambda tx: actions.insert_new(tx, item, at(2), "dag-1"))
        await begin(t)
        card = (await t.shown("dag-3", "person:dag-3"))[-1]
        told = [getattr(part, "text", "") for part in card.children]
        assert next(n for n, text in enumerate(told) if "morgenkaffe" in text) < next(
            n for n, text in enumerate(told) if text == "Hvordan er det når det er bedst?"
        )


async def test_before_typing_it_says_what_becomes_of_it(tmp_path):
    async with town(tmp_path) as t:
        sealed = await begin(t)
        form = await t.click("dag-3", "ideas.write", sealed.id, "best")
        told = repr(form.form.intro)
        assert "Anonymt" in told
        assert "mindst 5" in told
        assert "slettes de ulæst" in told
        named = await begin(t, topic="Møder", naming="named")
        form = await t.click("dag-3", "ideas.write", named.id, "best")
        assert "dit navn" in repr(form.form.intro)
        assert "Anonymt" not in repr(form.form.intro)


@pytest.mark.parametrize("writers", [0, 1, 4])
async def test_under_five_everything_is_destroyed_unread_and_nobody_learns_how_many(
    tmp_path, writers
):
    async with town(tmp_path) as t:
        one = await begin(t)
        for person in WRITERS[:writers]:
            await write_all(t, person, one)
        await t.travel(at(6))
        ended = await standing(t, one)
        assert ended.phase is Phase.ENDED
        assert await ideas_of(t, one) == ()
        assert await events(t) == ["begun", "destroyed"]
        card = (await t.shown("dag-3", "node:dag"))[-1]
        again = next(b for b in buttons(card) if b.action == "dialogue.new")
        form = await t.press("dag-1", again)
        assert isinstance(form, Ask)
        assert form.form.inputs[0].value == "Samarbejde"
        assert form.form.inputs[1].value == (Way.MEETING.value,)


async def test_named_ideas_are_ones_own_until_the_time_is_up_and_then_bear_names(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t, naming="named", days="2")
        await t.bot.tick(t.clock.now())
        notes = await t.notes("person:dag-3")
        assert "dialogue.invite" in [note.kind for note in notes]
        await write_all(t, "dag-3", one)
        assert len(await ideas_of(t, one)) == 3
        for person in ("dag-1", "dag-4"):
            assert SAID[Step.NOW] not in repr(await t.bot.front.page(person, f"dialogue/{one.id}"))
        await t.travel(at(4))
        assert (await standing(t, one)).phase is Phase.GROUPING
        seen = repr(await page(t, "dag-4", one))
        assert f"{SAID[Step.NOW]} dag-3 – Dag 3" in seen


async def test_a_named_dialogue_waits_on_my_page_until_something_is_written(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t, naming="named")
        found = await t.bot.front.page("dag-3", "me")
        assert any(card.progress == (1, 3) for card in found.cards)
        sidebar = await t.bot.front.sidebar("dag-3")
        assert sidebar.entries[0].waiting == 1
        await write_all(t, "dag-3", one)
        sidebar = await t.bot.front.sidebar("dag-3")
        assert sidebar.entries[0].waiting == 0


async def test_groups_are_merged_and_named_and_no_idea_is_lost(tmp_path):
    async with town(tmp_path) as t:
        one = await collected(t)
        (button,) = [
            b
            for b in await on_page(t, "dag-1", one, "dialogue.group")
            if b.context.endswith(":how:")
        ]
        form = (await t.press("dag-1", button)).form
        chosen = [value for value, _ in form.inputs[0].options[:3]]
        told = await t.submit("dag-1", form.id, form.context, ideas=chosen, name="Mandagsmøde")
        assert "3 idéer" in said(told)
        (made,) = await groups_of(t, one)
        assert made.name == "Mandagsmøde"
        assert len(await ideas_of(t, one)) == 18
        more = [value for value, _ in form.inputs[0].options[3:4]]
        await t.submit("dag-1", form.id, form.context, ideas=more, name="mandagsmøde")
        (same,) = await groups_of(t, one)
        inside = [idea.id for idea in await ideas_of(t, one) if idea.group == same.id]
        assert sorted(inside) == sorted([*chosen, *more])
        await t.click("dag-1", "dialogue.ungroup", one.id, same.id)
        assert await groups_of(t, one) == ()
        assert len(await ideas_of(t, one)) == 18


async def test_grouping_that_nobody_does_goes_on_by_itself(tmp_path):
    async with town(tmp_path) as t:
        one = await collected(t)
        await t.travel(at(11))
        voted = await standing(t, one)
        assert voted.phase is Phase.VOTING
        assert len(await groups_of(t, one)) == 6
        assert await events(t) == ["begun", "ideas", "vote"]


async def test_the_same_words_are_one_group(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        for n, person in enumerate(WRITERS):
            await write(t, person, one, Step.HOW, "Mere ro" if n % 2 else "mere RO", f"Idé {n}")
        await t.travel(at(5))
        await go_on(t, one)
        assert len(await groups_of(t, one)) == 7


async def test_nobody_has_more_than_three_votes_nor_more_than_half_of_the_groups(tmp_path):
    async with town(tmp_path) as t:
        one = await voting(t)
        groups = [group.id for group in await groups_of(t, one)]
        reply = await vote(t, "dag-3", one, *groups[:4])
        assert isinstance(reply, Ask)
        assert "højst 3" in reply.errors["groups"]
        assert "Tak" in said(await vote(t, "dag-3", one, *groups[:3]))


async def test_a_vote_can_be_changed_and_taken_back(tmp_path):
    async with town(tmp_path) as t:
        one = await voting(t)
        first, second, *_ = [group.id for group in await groups_of(t, one)]
        await vote(t, "dag-3", one, first)
        await vote(t, "dag-3", one, second)
        form = await t.click("dag-3", "votes.cast", one.id)
        assert form.form.inputs[0].value == (second,)
        assert "taget tilbage" in said(await vote(t, "dag-3", one))
        form = await t.click("dag-3", "votes.cast", one.id)
        assert form.form.inputs[0].value == ()


@pytest.mark.parametrize("voters", [0, 4])
async def test_too_few_votes_give_no_order_and_the_team_finds_it_together(tmp_path, voters):
    async with town(tmp_path) as t:
        one = await voting(t)
        groups = [group.id for group in await groups_of(t, one)]
        for person in WRITERS[:voters]:
            await vote(t, person, one, groups[0])
        await t.travel(at(10))
        assert (await standing(t, one)).phase is Phase.CHOOSING
        assert {group.place for group in await groups_of(t, one)} == {None}
        assert await events(t) == ["begun", "ideas", "vote", "no_order"]
        assert await t.bot.store.read(lambda tx: dialogues.took_part(tx, one.id)) is None
        (button,) = await on_page(t, "dag-1", one, "dialogue.order")
        form = (await t.press("dag-1", button)).form
        twice = await t.submit(
            "dag-1", form.id, form.context, first=groups[1], second=groups[1], third=""
        )
        assert isinstance(twice, Ask)
        await t.submit("dag-1", form.id, form.context, first=groups[1], second=groups[0])
        ordered = await groups_of(t, one)
        assert [group.id for group in ordered[:2]] == [groups[1], groups[0]]


async def test_one_idea_needs_no_vote(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t, naming="named")
        await write(t, "dag-3", one, Step.HOW, "Ti minutter sammen")
        await t.travel(at(5))
        await go_on(t, one)
        assert (await standing(t, one)).phase is Phase.CHOOSING
        (only,) = await groups_of(t, one)
        assert only.place == 1
        assert len(await on_page(t, "dag-1", one, "action.new")) == 1


async def test_without_an_idea_of_how_the_page_says_to_talk(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t, naming="named")
        await write(t, "dag-3", one, Step.BEST, "Vi griner")
        await t.travel(at(5))
        await go_on(t, one)
        assert (await standing(t, one)).phase is Phase.CHOOSING
        assert "ét lille skridt" in repr(await page(t, "dag-3", one))


async def test_an_empty_named_dialogue_ends_kindly(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t, naming="named")
        await t.travel(at(6))
        assert (await standing(t, one)).phase is Phase.ENDED
        assert await events(t) == ["begun", "empty"]
        assert "helt i orden" in repr(await page(t, "dag-3", one))


async def test_a_small_team_gets_names_or_a_meeting_and_is_told_why(tmp_path):
    async with town(tmp_path, cast(("dag", 11), ("nat", 4))) as t:
        form = await t.click("nat-1", "dialogue.new", "nat")
        assert "færre end 5" in repr(form.form.intro)
        assert form.form.inputs[2].value == (Naming.NAMED.value,)
        values = {"topic": "Ro", "way": "days", "naming": "anonymous", "days": "3"}
        refused = await t.submit("nat-1", "dialogue.new", "nat:", **values)
        assert isinstance(refused, Ask)
        assert "færre end 5" in refused.errors["naming"]
        one = await begin(t, "nat-1", "nat", "Ro", naming="named")
        await write_all(t, "nat-2", one)
        await write_all(t, "nat-3", one)
        await t.travel(at(5))
        await go_on(t, one, "nat-1")
        assert (await standing(t, one)).phase is Phase.CHOOSING  # no vote would be secret
        assert {group.place for group in await groups_of(t, one)} == {None}


async def test_the_same_form_sent_twice_starts_one_dialogue(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        values = {"topic": "samarbejde ", "way": "days", "naming": "anonymous", "days": "3"}
        again = await t.submit("dag-2", "dialogue.new", "dag:", **values)
        assert isinstance(again, Show)
        assert f"dialogue/{one.id}" in repr(again)
        found = await t.bot.store.read(lambda tx: dialogues.of_nodes(tx, ["dag"]))
        assert [each.id for each in found] == [one.id]


async def test_who_may_start_and_what_the_others_are_told(tmp_path):
    async with town(tmp_path) as t:
        assert isinstance(await t.type("dag-1", "dialog Vagtplanen"), Ask)
        told = await t.type("dag-5", "dialog Vagtplanen")
        assert isinstance(told, Show)
        assert "leder" in repr(told)
        await t.bot.store.write(
            lambda tx: people.set_rules(tx, "dag", NodeRules(members_start=True))
        )
        form = await t.type("dag-5", "dialog Vagtplanen")
        assert isinstance(form, Ask)
        assert form.form.inputs[0].value == "Vagtplanen"
        one = await begin(t, "dag-5", topic="Vagtplanen", naming="named")
        assert one.started_by == "dag-5"


async def test_a_result_proposes_its_weakest_topic(tmp_path):
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        for n in range(2, 12):
            await t.answer(f"dag-{n}", opened.id, 4)
        await t.travel(opened.publish_at + timedelta(hours=1))
        card = (await t.shown("dag-3", "node:dag"))[-1]
        talk = next(b for b in buttons(card) if b.action == "dialogue.new")
        form = await t.press("dag-1", talk)
        words = t.bot.front.words("da").instrument("checkin")
        assert form.form.inputs[0].value in {q.short for q in words.questions.values()}
        one = await begin(t, source=talk.value)
        assert one.source.kind == "result"
        assert one.source.id == talk.value.split(":")[1]


async def test_too_few_answers_lead_to_a_dialogue(tmp_path):
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.travel(opened.publish_at + timedelta(hours=1))
        card = (await t.shown("dag-3", "node:dag"))[-1]
        talk = next(b for b in buttons(card) if b.action == "dialogue.new")
        assert isinstance(await t.press("dag-1", talk), Ask)


async def test_two_may_lead_and_the_second_press_does_nothing_twice(tmp_path):
    async with town(tmp_path) as t:
        one = await collected(t)
        (mine,) = await on_page(t, "dag-1", one, "dialogue.next")
        (other,) = await on_page(t, "dag-2", one, "dialogue.next")
        await t.press("dag-1", mine)
        told = await t.press("dag-2", other)
        assert "gået videre" in said(told)
        assert (await standing(t, one)).phase is Phase.VOTING
        found = await t.bot.store.read(lambda tx: rounds.about(tx, "votes", one.id))
        assert len(found) == 1


async def test_what_cannot_be_taken_back_is_asked_once_more(tmp_path):
    async with town(tmp_path) as t:
        one = await collected(t)
        (vote_now,) = await on_page(t, "dag-1", one, "dialogue.next")
        assert "idéerne kan ikke samles mere" in vote_now.confirm
        await t.press("dag-1", vote_now)
        await t.travel(at(12))
        (end,) = await on_page(t, "dag-1", one, "dialogue.next")
        assert "Dialogen kan ikke åbnes igen" in end.confirm


async def test_an_idea_that_names_somebody_is_held_counted_and_in_the_end_erased(tmp_path):
    async with town(tmp_path) as t:
        one = await collected(t)
        (button,) = await on_page(t, "dag-2", one, "dialogue.hold")
        form = (await t.press("dag-2", button)).form
        bad, text = form.inputs[0].options[0]
        await t.submit("dag-2", form.id, form.context, held=[bad])
        seen = repr(await page(t, "dag-3", one))
        assert text not in seen
        assert "1 idé er holdt tilbage" in seen
        await t.submit("dag-2", form.id, form.context, held=[])
        assert text in repr(await page(t, "dag-3", one))
        await t.submit("dag-2", form.id, form.context, held=[bad])
        await go_on(t, one)
        await t.travel(at(11))
        await go_on(t, one)
        kept = {idea.id: idea for idea in await ideas_of(t, one)}
        assert kept[bad].held
        assert kept[bad].text == ""


async def test_what_is_typed_too_late_comes_back_with_the_reason(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        form = (await t.click("dag-3", "ideas.write", one.id, "best")).form
        await t.travel(at(6))
        late = await t.submit("dag-3", form.id, form.context, idea_1="For sent")
        assert isinstance(late, Ask)
        assert late.errors["idea_1"]


async def test_a_second_window_loses_nothing_that_was_typed(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        old = (await t.click("dag-3", "ideas.write", one.id, "best")).form
        await write(t, "dag-3", one, Step.BEST, "Nyt")
        again = await t.submit("dag-3", old.id, old.context, idea_1="Gammelt")
        assert isinstance(again, Ask)
        assert again.errors["idea_1"]
        kept = await t.submit("dag-3", again.form.id, again.form.context, idea_1="Gammelt")
        assert isinstance(kept, Show)
        assert "Gammelt" in repr(await t.click("dag-3", "ideas.review", one.id))


async def test_a_text_that_is_too_long_is_told_and_kept(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        reply = await write(t, "dag-3", one, Step.BEST, "x" * 201)
        assert isinstance(reply, Ask)
        assert "201" in reply.errors["idea_1"]
        assert isinstance(await write(t, "dag-3", one, Step.BEST, "x" * 200), Show)


async def test_a_dialogue_that_stands_still_is_asked_about_and_ends_by_itself(tmp_path):
    async with town(tmp_path) as t:
        one = await voting(t)
        await t.travel(at(10))
        assert (await standing(t, one)).phase is Phase.CHOOSING
        await t.travel(at(27))
        mine = [note for note in await t.notes("person:dag-1") if note.kind == "dialogue.mine"]
        assert [note.params["event"] for note in mine] == ["group", "choose", "still"]
        await t.travel(at(4, month=5))
        assert (await standing(t, one)).phase is Phase.ENDED
        assert (await events(t))[-1] == "stopped"
        assert len(await ideas_of(t, one)) == 18


async def test_a_dialogue_whose_team_is_gone_ends_and_keeps_what_was_said(tmp_path):
    async with town(tmp_path, cast(("dag", 11), ("aften", 8))) as t:
        one = await collected(t)

        def dissolve(tx: people.Tx) -> None:
            tx.connection.exec_driver_sql("DELETE FROM message")
            for person in people.everybody(tx, ["dag"]):
                people.put_person(tx, type(person)(person.id, person.name, "org"))
            people.put_grants(tx, "dag-1", ())
            tx.connection.exec_driver_sql("DELETE FROM conversation WHERE node_id = 'dag'")
            tx.connection.exec_driver_sql("DELETE FROM delivery WHERE recipient = 'node:dag'")
            people.remove_node(tx, "dag")

        await t.bot.store.write(dissolve)
        await t.travel(at(12))
        assert (await standing(t, one)).phase is Phase.ENDED
        assert len(await ideas_of(t, one)) == 18
        assert await t.bot.front.page("boss", f"dialogue/{one.id}") is None


async def test_a_lost_key_while_ideas_are_written_asks_again(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        (round_,) = await t.bot.store.read(lambda tx: rounds.about(tx, "ideas", one.id))
        (t.bot.settings.key_folder / f"{round_.id}.key").unlink()
        t.bot.env.keys._loaded.clear()
        await t.travel(round_.closes_at)
        found = await t.bot.store.read(lambda tx: rounds.about(tx, "ideas", one.id))
        assert [each.state for each in found] == [RoundState.OPEN, RoundState.VOID]
        for person in WRITERS:
            await write_all(t, person, one)
        await t.travel(found[0].closes_at)
        assert (await standing(t, one)).phase is Phase.GROUPING
        assert len(await ideas_of(t, one)) == 18


async def test_a_restart_at_every_step_loses_nothing(tmp_path):
    nobody = cast(top=False)

    def again(now, seed):
        return town(tmp_path, type(nobody)((), (), ()), now=now, seed=seed)

    async with town(tmp_path) as t:
        one = await begin(t)
        await write(t, "dag-3", one, Step.BEST, "Ro om morgenen")
    async with again(at(3), 2) as t:
        for person in WRITERS:
            await write_all(t, person, one)
    async with again(at(5, 10), 3) as t:
        await t.travel(at(5, 11))
        assert (await standing(t, one)).phase is Phase.GROUPING
    async with again(at(5, 12), 4) as t:
        await go_on(t, one)
        assert len(await groups_of(t, one)) == 6
    async with again(at(5, 13), 5) as t:
        group = (await groups_of(t, one))[0].id
        for person in WRITERS:
            await vote(t, person, one, group)
    async with again(at(10), 6) as t:
        await t.travel(at(10, 10))
        assert (await groups_of(t, one))[0].id == group
        await go_on(t, one)
    async with again(at(10, 12), 7) as t:
        await t.travel(at(10, 13))
        assert await events(t) == ["begun", "ideas", "vote", "order", "outcome"]


async def test_a_crash_before_the_vote_is_opened_is_put_right_by_the_tick(tmp_path, monkeypatch):
    async with town(tmp_path) as t:
        one = await collected(t)

        async def crash(*_: object) -> None:
            raise RuntimeError("gone")

        with monkeypatch.context() as broken:
            broken.setattr("bot.flows.dialogues.run.open_votes", crash)
            assert isinstance(await go_on(t, one), Say)
        assert (await standing(t, one)).phase is Phase.VOTING
        assert await t.bot.store.read(lambda tx: rounds.about(tx, "votes", one.id)) == ()
        await t.bot.tick(t.clock.now())
        assert len(await t.bot.store.read(lambda tx: rounds.about(tx, "votes", one.id))) == 1


async def test_what_belongs_to_another_team_is_not_to_be_seen(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        assert await t.bot.front.page("aften-3", f"dialogue/{one.id}") is None
        for action in ("ideas.show", "ideas.review", "votes.cast", "dialogue.who"):
            reply = await t.click("aften-3", action, one.id)
            assert reply == Say(t.bot.front.words("da")("error.not_allowed"))


async def test_the_teams_page_lists_its_dialogues_and_starts_one(tmp_path):
    async with town(tmp_path) as t:
        one = await begin(t)
        found = await t.bot.front.page("dag-1", "team/dag")
        card = next(card for card in found.cards if card.title == "Dialoger")
        assert f"dialogue/{one.id}" in repr(card)
        assert [b.action for b in buttons(card)] == ["dialogue.new"]
        sidebar = await t.bot.front.sidebar("dag-3")
        assert f"dialogue/{one.id}" in [entry.path for entry in sidebar.entries]


async def test_who_is_erased_leaves_no_name_on_what_he_wrote(tmp_path):
    async with town(tmp_path) as t:
        shown = await begin(t, naming="named")
        await write_all(t, "dag-3", shown)
        await t.travel(at(5))
        unseen = await begin(t, topic="Ro", naming="named")
        await write_all(t, "dag-3", unseen)
        gone = await t.bot.store.read(lambda tx: people.get(tx, "dag-3"))
        assert gone is not None
        await t.bot.store.write(lambda tx: erase(tx, t.bot.env, gone))
        assert {idea.author for idea in await ideas_of(t, shown)} == {None}
        assert await ideas_of(t, unseen) == ()
        assert "Dag 3" not in repr(await page(t, "dag-4", shown))


async def test_the_leads_page_promises_no_bit_about_a_dialogue(tmp_path):
    async with town(tmp_path) as t:
        await begin(t)
        found = await t.bot.front.page("dag-1", "team/dag")
        words = t.bot.front.words("da")
        assert "Idéer" in repr(found)
        assert words("team.bit_later") not in repr(found)


@pytest.mark.parametrize("naming", ["anonymous", "named"])
async def test_nobody_can_end_the_writing_before_its_time(tmp_path, naming):
    """No page draws the button; a made-up click changes nothing and loses no idea."""
    async with town(tmp_path, cast(("dag", 9))) as t:
        one = await begin(t, naming=naming)
        for n in range(2, 8):
            await write_all(t, f"dag-{n}", one)
        await go_on(t, one)
        now = await t.bot.store.read(lambda tx: dialogues.get(tx, one.id))
        assert now is not None
        assert now.phase is Phase.COLLECTING
        assert now.until == one.until
        await t.travel(one.until + timedelta(hours=2))
        assert len(await t.bot.store.read(lambda tx: ideas.of_dialogue(tx, one.id))) == 18
