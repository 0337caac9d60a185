"""A dialogue together in a meeting: step by step on a shared page, with a clock one can pause."""

import asyncio
from datetime import timedelta

import httpx
import pytest
from talks import begin, events, go_on, groups_of, ideas_of, on_page, page, said, standing, vote
from town import Town, buttons, cast, town

from bot.app import session_key, web
from bot.cards import Ask, Countdown, Message, Say
from bot.domain.dialogues import Dialogue, Phase
from bot.platforms.web.session import Sessions
from bot.storage import rounds


async def meet(t: Town, **wish: str) -> Dialogue:
    return await begin(t, way="meeting", **wish)


def clock_of(cards: tuple[Message, ...]) -> Countdown:
    return next(part for card in cards for part in card.children if isinstance(part, Countdown))


async def add(t: Town, person: str, one: Dialogue, text: str, step: str = ""):
    now = await standing(t, one)
    context = f"{one.id}:{step or now.phase.value}"
    form = await t.click(person, "dialogue.add", context)
    assert isinstance(form, Ask), form
    return await t.submit(person, form.form.id, form.form.context, idea_1=text, mark_1="none")


async def turn(t: Town, one: Dialogue, what: str, person: str = "dag-1"):
    now = await standing(t, one)
    return await t.click(person, "dialogue.clock", one.id, f"{now.version}:{what}")


async def test_best_now_how_group_vote_choose(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        assert one.phase is Phase.BEST
        for step in ("best", "now", "how"):
            assert (await standing(t, one)).phase.value == step
            for n in range(3, 8):
                assert "siden" in said(await add(t, f"dag-{n}", one, f"{step} {n}"))
            await go_on(t, one)
        assert (await standing(t, one)).phase is Phase.GROUPING
        assert len(await ideas_of(t, one)) == 15
        await go_on(t, one)
        assert (await standing(t, one)).phase is Phase.VOTING
        (ballot,) = await t.bot.store.read(lambda tx: rounds.about(tx, "votes", one.id))
        assert ballot.closes_at - t.clock.now() == timedelta(minutes=3)
        favourite = (await groups_of(t, one))[1].id
        for n in range(3, 8):
            (button,) = await on_page(t, f"dag-{n}", one, "votes.cast")
            assert isinstance(await t.press(f"dag-{n}", button), Ask)
            await vote(t, f"dag-{n}", one, favourite)
        await t.travel(ballot.closes_at)
        assert (await standing(t, one)).phase is Phase.CHOOSING
        assert (await groups_of(t, one))[0].id == favourite
        await go_on(t, one)
        await t.bot.tick(t.clock.now())
        assert await events(t) == ["meeting", "outcome"]


async def test_an_idea_is_seen_at_once_with_or_without_a_name_as_was_said(tmp_path):
    async with town(tmp_path) as t:
        for naming, shown in (("anonymous", "Ro"), ("named", "Ro – Dag 3")):
            one = await meet(t, topic=naming, naming=naming)
            form = await t.click("dag-3", "dialogue.add", f"{one.id}:best")
            assert "Alle ser din idé" in repr(form.form.intro)
            await add(t, "dag-3", one, "Ro")
            assert f"'{shown}'" in repr(await page(t, "dag-4", one))
            authors = {idea.author for idea in await ideas_of(t, one)}
            assert authors == ({"dag-3"} if naming == "named" else {None})


async def test_the_clock_is_started_paused_and_given_more_time(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        assert clock_of(await page(t, "dag-4", one)).seconds_left == 300
        await turn(t, one, "go")
        assert clock_of(await page(t, "dag-4", one)).until == t.clock.now() + timedelta(minutes=5)
        t.clock.move_to(t.clock.now() + timedelta(minutes=2))
        await turn(t, one, "pause")
        assert clock_of(await page(t, "dag-4", one)).seconds_left == 180
        await turn(t, one, "more")
        assert clock_of(await page(t, "dag-4", one)).seconds_left == 300
        await turn(t, one, "go")
        t.clock.move_to(t.clock.now() + timedelta(minutes=7))
        assert "Tiden er gået" in clock_of(await page(t, "dag-4", one)).words
        await turn(t, one, "more")
        assert clock_of(await page(t, "dag-4", one)).until == t.clock.now() + timedelta(minutes=2)
        assert (await standing(t, one)).phase is Phase.BEST  # a clock decides nothing


async def test_two_leaders_pressing_the_clock_at_once_have_one_effect(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        value = f"{one.version}:more"
        await t.click("dag-1", "dialogue.clock", one.id, value)
        told = await t.click("dag-2", "dialogue.clock", one.id, value)
        assert "gået videre" in said(told)
        assert (await standing(t, one)).seconds_left == 420


async def test_only_who_leads_has_the_leaders_buttons(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        for action in ("dialogue.next", "dialogue.clock"):
            assert await on_page(t, "dag-1", one, action)
            assert await on_page(t, "dag-4", one, action) == []
        refused = await t.click("dag-4", "dialogue.next", one.id, str(one.version))
        assert refused == Say(t.bot.front.words("da")("error.not_allowed"))
        assert (await standing(t, one)).phase is Phase.BEST


async def test_an_idea_sent_after_the_next_question_came_is_kept_at_its_own(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        await go_on(t, one)
        await add(t, "dag-3", one, "Lidt sent", step="best")
        (idea,) = await ideas_of(t, one)
        assert idea.step.value == "best"


async def test_an_idea_sent_during_the_vote_comes_back_with_the_reason(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        form = (await t.click("dag-3", "dialogue.add", f"{one.id}:how")).form
        for n in range(3):
            await add(t, "dag-3", one, f"Idé {n}", step="how")
        for _ in range(4):
            await go_on(t, one)
        assert (await standing(t, one)).phase is Phase.VOTING
        late = await t.submit("dag-3", form.id, form.context, idea_1="For sent", mark_1="none")
        assert isinstance(late, Ask)
        assert late.errors["idea_1"]
        empty = await t.submit("dag-3", form.id, form.context, idea_1="  ", mark_1="none")
        assert isinstance(empty, Ask)


async def test_a_meeting_without_ideas_ends_kindly(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        for _ in range(3):
            await go_on(t, one)
        await t.bot.tick(t.clock.now())
        assert (await standing(t, one)).phase is Phase.ENDED
        assert (await events(t))[-1] == "empty"


async def test_a_team_under_the_threshold_meets_and_finds_the_order_together(tmp_path):
    async with town(tmp_path, cast(("dag", 11), ("nat", 4))) as t:
        one = await begin(t, "nat-1", "nat", way="meeting")
        for n in range(3):
            await add(t, "nat-2", one, f"Idé {n}", step="how")
        for _ in range(4):
            await go_on(t, one, "nat-1")
        assert (await standing(t, one)).phase is Phase.CHOOSING
        assert await on_page(t, "nat-1", one, "dialogue.order")


async def test_open_pages_of_the_team_are_told_to_look_again_and_nobody_elses(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        with t.bot.hub.watching("dag-4") as near, t.bot.hub.watching("nat-2") as far:
            near.sees = frozenset({"node:dag", "node:org"})
            far.sees = frozenset({"node:nat", "node:org"})
            for deed in (
                lambda: add(t, "dag-3", one, "Ro"),
                lambda: turn(t, one, "go"),
                lambda: go_on(t, one),
            ):
                await deed()
                heard = await asyncio.wait_for(near.next(), 2)
                assert heard.conversations == {"node:dag"}
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(far.next(), 0.05)


async def test_a_restart_in_the_middle_of_a_meeting_keeps_clock_and_ideas(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        await add(t, "dag-3", one, "Ro")
        await turn(t, one, "go")
        until = (await standing(t, one)).until
        now = t.clock.now()
    nobody = type(cast())((), (), ())
    async with town(tmp_path, nobody, now=now + timedelta(minutes=1), seed=8) as t:
        cards = await page(t, "dag-4", one)
        assert clock_of(cards).until == until
        assert "'Ro'" in repr(cards)
        await go_on(t, one)
        assert (await standing(t, one)).phase is Phase.NOW


async def test_every_card_has_at_most_one_primary_button(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        for _ in range(5):
            for person in ("dag-1", "dag-4"):
                for card in await page(t, person, one):
                    assert sum(b.style == "primary" for b in buttons(card)) <= 1
            now = await standing(t, one)
            if now.phase.step:
                await add(t, "dag-3", one, f"Idé {now.phase}")
                await add(t, "dag-5", one, f"En anden idé {now.phase}")
            await go_on(t, one)


async def test_the_page_is_drawn_in_the_browser_with_clock_and_forms(tmp_path):
    async with town(tmp_path) as t:
        one = await meet(t)
        await turn(t, one, "go")
        app = web(t.bot, Sessions(session_key(t.bot.settings.data)))
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))
        here = "http://127.0.0.1:8710"
        headers = {"origin": here, "sec-fetch-site": "same-origin"}
        async with httpx.AsyncClient(transport=transport, base_url=here, headers=headers) as client:
            await client.post("/sign-in", data={"person": "dag-4", "next": "/"})
            drawn = await client.get(f"/dialogue/{one.id}")
            assert drawn.status_code == 200
            assert 'class="countdown"' in drawn.text
            assert "data-until=" in drawn.text
            fields = {
                "event": "e1",
                "conversation": "",
                "back": f"/dialogue/{one.id}",
                "form": "dialogue.add",
                "context": f"{one.id}:best",
                "t.idea_1": "Ro <b>nu</b>",
                "m.mark_1": "health",
            }
            await client.post("/submit", data=fields)
            drawn = await client.get(f"/dialogue/{one.id}")
            assert "Ro &lt;b&gt;nu&lt;/b&gt; (trivselsfaktor at styrke)" in drawn.text
            assert (await client.get("/dialogue/nothing")).status_code == 404
