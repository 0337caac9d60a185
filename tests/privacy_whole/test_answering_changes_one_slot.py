"""Whatever somebody does with his ballot, by whatever way, one row of ``slot`` changes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest
from town import Town, cast, town
from whole_bot import (
    CANARY,
    changed,
    dump,
    everything,
    form_of,
    questions_of,
    said,
    where_in_clear,
)

from bot.app import session_key, web
from bot.cards import Show
from bot.domain.rounds import Round
from bot.platforms.web.session import Sessions

TEAM = cast(("dag", 13))
HERE = "http://127.0.0.1:8710"


async def _first(t: Town, one: Round) -> None:
    await t.click("dag-3", "ask.answer", one.id, f"0:{questions_of(one)[0]}:4")


async def _all(t: Town, one: Round) -> None:
    await t.answer("dag-3", one.id, 4, comment=said(1))


async def _sheet(t: Town, one: Round, value: int = 4, comment: str = "", asked: int = 9) -> object:
    """Open the sheet and send it with the first ``asked`` questions answered."""
    opened = form_of(await t.click("dag-3", "ask.sheet", one.id))
    chosen = {question: [str(value)] for question in questions_of(one)[:asked]}
    return await t.submit("dag-3", "ask.sheet", opened.form.context, **chosen, comment=comment)


Act = Callable[[Town, Round], Awaitable[object]]
ACTS: dict[str, tuple[list[Act], Act]] = {
    "answer": ([], _first),
    "don't know": (
        [],
        lambda t, one: t.click("dag-3", "ask.answer", one.id, f"0:{questions_of(one)[0]}:0"),
    ),
    "skip": ([], lambda t, one: t.click("dag-3", "ask.skip", one.id, f"0:{questions_of(one)[0]}")),
    "back": (
        [_first],
        lambda t, one: t.click("dag-3", "ask.back", one.id, f"1:{questions_of(one)[1]}"),
    ),
    "later": ([], lambda t, one: t.click("dag-3", "ask.later", one.id)),
    "comment": (
        [],
        lambda t, one: t.submit("dag-3", "ask.comment", f"{one.id}:0", comment=said(2)),
    ),
    "edit": (
        [_first],
        lambda t, one: t.click("dag-3", "ask.answer", one.id, f"1:{questions_of(one)[0]}:2"),
    ),
    "a whole sheet": ([], lambda t, one: _sheet(t, one, comment=said(4))),
    "a sheet in part": ([], lambda t, one: _sheet(t, one, asked=1)),
    "a sheet changed": ([_sheet], lambda t, one: _sheet(t, one, 2, said(5))),
    "a comment taken out on a sheet": ([_all], _sheet),
    "delete": ([_all], lambda t, one: t.click("dag-3", "ask.delete", one.id)),
}


@pytest.mark.parametrize("act", ACTS)
async def test_an_act_changes_one_slot_and_no_other_row(tmp_path, act):
    before, deed = ACTS[act]
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        for earlier in before:
            await earlier(t, one)
        seen = dump(t.bot.settings.database)
        keys = sorted(everything(t.bot.settings.key_folder).items())
        t.recorder.nudged.clear()
        await deed(t, one)
        after = dump(t.bot.settings.database)
        assert changed(seen, after) == {"slot": 1}
        assert [row[:2] for row in seen["slot"]] == [row[:2] for row in after["slot"]]
        assert len({len(row[2]) for row in after["slot"]}) == 1
        assert sorted(everything(t.bot.settings.key_folder).items()) == keys
        assert t.recorder.nudged == []


async def test_looking_at_ones_answers_changes_nothing(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await _all(t, one)
        seen = dump(t.bot.settings.database)
        for action in ("ask.show", "ask.review", "ask.who", "ask.sheet"):
            await t.click("dag-3", action, one.id)
        await t.shown("dag-3", "person:dag-3")
        await t.bot.front.page("dag-3", "me")
        await t.type("dag-3", "tjek")
        await t.type("boss", "resultat")
        await t.bot.front.say("dag-3", "person:dag-3", "e", "fire")
        assert changed(seen, dump(t.bot.settings.database)) == {}


async def test_the_same_click_again_changes_nothing(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await _first(t, one)
        seen = dump(t.bot.settings.database)
        await _first(t, one)
        await t.click("dag-3", "ask.answer", one.id, f"0:{questions_of(one)[0]}:1")  # an old window
        assert changed(seen, dump(t.bot.settings.database)) == {}


async def test_a_sheet_and_a_walk_leave_the_same_behind(tmp_path):
    seen = []
    for way in (_sheet, lambda t, one: t.answer("dag-3", one.id, 4)):
        async with town(tmp_path / str(len(seen)), TEAM) as t:
            one = await t.open("checkin", ("dag",))
            before = dump(t.bot.settings.database)
            await way(t, one)
            after = dump(t.bot.settings.database)
            lengths = [len(row[2]) for row in after["slot"]]
            seen.append((changed(before, after), lengths, {k: len(v) for k, v in after.items()}))
    assert seen[0] == seen[1]
    assert len(set(seen[0][1])) == 1


async def test_the_same_sheet_again_and_an_old_one_change_nothing(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        await _sheet(t, one, comment=said(1))
        seen = dump(t.bot.settings.database)
        for value, text in ((4, said(1)), (1, said(2)), (4, said(1) * 30)):
            chosen = {question: [str(value)] for question in questions_of(one)}
            await t.submit("dag-3", "ask.sheet", f"{one.id}:0", **chosen, comment=text)
        assert changed(seen, dump(t.bot.settings.database)) == {}


async def test_somebody_else_learns_nothing_when_somebody_answers(tmp_path):
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))

        async def seen_by_others() -> list[str]:
            found = []
            for person in ("boss", "dag-1", "dag-2", "dag-4"):
                places = (f"person:{person}", "node:dag", "node:org")
                found += [repr(await t.bot.front.conversation(person, place)) for place in places]
                pages = ("me", "results", "team/dag", "operations", "privacy")
                found += [repr(await t.bot.front.page(person, page)) for page in pages]
                found.append(repr(await t.bot.front.sidebar(person)))
            return found

        before = await seen_by_others()
        with t.bot.hub.watching("dag-4") as watcher:
            await _all(t, one)
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(watcher.next(), 0.05)
        assert await seen_by_others() == before


# --- The same on the web ------------------------------------------------------------------------


@asynccontextmanager
async def browser(t: Town, person: str) -> AsyncIterator[httpx.AsyncClient]:
    app = web(t.bot, Sessions(session_key(t.bot.settings.data)))
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 1))
    headers = {"origin": HERE, "sec-fetch-site": "same-origin"}
    async with httpx.AsyncClient(transport=transport, base_url=HERE, headers=headers) as client:
        signed = await client.post("/sign-in", data={"person": person, "next": "/"})
        assert signed.status_code == 303
        yield client


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
async def test_answering_in_the_browser_changes_one_slot_each_time(tmp_path, script):
    accept = {"accept": "application/json"} if script else {}
    async with town(tmp_path, TEAM) as t:
        one = await t.open("checkin", ("dag",))
        reply = await t.click("dag-3", "ask.show", one.id)
        async with browser(t, "dag-3") as client:
            common = {"event": "e1", "conversation": "person:dag-3", "back": "/c/person:dag-3"}
            for revision, question in enumerate(questions_of(one)):
                seen = dump(t.bot.settings.database)
                fields = {"action": "ask.answer", "context": one.id, **common}
                fields["value"] = f"{revision}:{question}:5"
                sent = await client.post("/act", data=fields, headers=accept)
                assert sent.status_code == 200
                assert changed(seen, dump(t.bot.settings.database)) == {"slot": 1}
                assert f"{question}:5" not in str(sent.url)
            seen = dump(t.bot.settings.database)
            form = {"form": "ask.comment", "t.comment": said(3), **common}
            form["context"] = f"{one.id}:{len(questions_of(one))}"
            sent = await client.post("/submit", data=form, headers=accept)
            assert sent.status_code == 200
            assert changed(seen, dump(t.bot.settings.database)) == {"slot": 1}
            page = await client.get("/c/person:dag-3")
            assert page.status_code == 200
        assert where_in_clear(tmp_path, questions_of(one)) == []
        reply = await t.click("dag-3", "ask.review", one.id)
        assert CANARY in repr(reply)  # only in the direct reply to his own request


async def test_nobody_is_shown_anothers_ballot_whatever_he_sends(tmp_path):
    async with town(tmp_path, cast(("dag", 13), ("nat", 6))) as t:
        one = await t.open("checkin", ("dag",))
        await _all(t, one)
        for person in ("boss", "dag-1", "dag-2", "dag-4", "nat-1", "nobody"):
            for action in ("ask.show", "ask.review", "ask.sheet", "ask.delete", "ask.later"):
                assert CANARY not in repr(await t.click(person, action, one.id))
            async with town_browser(t, person) as client:
                if client is None:
                    continue
                for path in ("/c/person:dag-3", "/me", "/results", "/team/dag"):
                    assert CANARY not in (await client.get(path)).text
        mine = await t.click("dag-3", "ask.review", one.id)
        assert isinstance(mine, Show)
        assert CANARY in repr(mine)


@asynccontextmanager
async def town_browser(t: Town, person: str) -> AsyncIterator[httpx.AsyncClient | None]:
    if person == "nobody":
        yield None
        return
    async with browser(t, person) as client:
        yield client
