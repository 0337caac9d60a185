"""Every handler that is not about one's own ballot or page refuses who may not, when it runs.

The list below names for each action who may do it. It is compared with the handlers there are, so
that a new one cannot be forgotten here.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest_asyncio
from sqlalchemy import select
from town import MONDAY, Town, cast, town

from bot.cards import Ask, Form, Reply, Say, SelectInput, Show
from bot.domain.dialogues import Dialogue, Group, Idea, Naming, Phase, Step, Way
from bot.domain.escalations import Escalation
from bot.domain.people import Away, Grant, Role
from bot.flows.handlers import HANDLERS
from bot.flows.teams.page import INSTRUMENTS
from bot.storage import actions, dialogues, escalations, figures, ideas, people, rounds, schedules
from bot.storage.tables import metadata

OWN = {
    "ask.answer",
    "ask.skip",
    "ask.back",
    "ask.comment",
    "ask.sheet",
    "ask.later",
    "ask.off",
    "ask.on",
    "ask.delete",
    "ask.show",
    "ask.review",
    "ask.who",
    "privacy.show",
    "me.away",
    "me.back",
    "me.language",
    "me.days",
    "menu.verb",
    "result.guide",
    "comments.shown",
    "ideas.show",
    "ideas.skip",
    "ideas.write",
    "ideas.review",
    "ideas.delete",
    "votes.cast",
}
"""About the person himself, or the same for everybody."""

LEAD, ADMIN, AMR = "dag-1", "aften-7", "dag-2"
ACTION = "ac" * 16
"""An action of the team, and who is responsible for it."""
RESPONSIBLE = "dag-5"
PASSED_ON = "e5" * 16
"""Something that waits for an answer of the team's own level."""
MEETING, GROUPED, CHOSEN = "d1" * 16, "d2" * 16, "d3" * 16
"""Three dialogues of the team: at their first question, being grouped, being chosen from."""
PLANNED: dict[str, object] = {
    "what": "Kaffe sammen",
    "first_step": "Aftal et sted",
    "responsible": RESPONSIBLE,
    "due": "2026-04-13",
    "perspective": "promoting",
    "level": "group",
    "prevention": "primary",
    "factor": "none",
}
OPENED = {
    "action.new": "dag",
    "action.edit": ACTION,
    "action.date": ACTION,
    "action.drop": ACTION,
    "effect.adjust": f"{ACTION}:1",
    "effect.stop": f"{ACTION}:1",
    "escalation.new": "dag",
    "escalation.answer": PASSED_ON,
    "reminder.plan": "dag",
    "digest.plan": "dag",
    "dialogue.new": "dag",
    "dialogue.add": f"{MEETING}:best",
    "dialogue.group": f"{GROUPED}:how:",
    "dialogue.hold": GROUPED,
    "dialogue.order": CHOSEN,
}
"""What a button that opens a form names, where it is not a team and an instrument."""
SENT = {
    "action.new": f"dag:{'ad' * 16}:",
    "action.edit": f"{ACTION}:1:1",
    "action.date": f"{ACTION}:1:1",
    "action.drop": ACTION,
    "effect.adjust": f"{ACTION}:1:1",
    "effect.stop": f"{ACTION}:1",
    "escalation.new": "dag",
    "escalation.answer": PASSED_ON,
    "reminder.plan": "dag",
    "digest.plan": "dag",
    "dialogue.new": "dag:",
    "dialogue.add": f"{MEETING}:best",
    "dialogue.group": f"{GROUPED}:how:",
    "dialogue.hold": GROUPED,
    "dialogue.order": CHOSEN,
    "team.pause": "dag",
    "team.rules": "dag",
    "team.roles": "dag:3b09a22f6863",
}
"""What the form names when it is sent, likewise."""
FORMS: dict[str, dict[str, object]] = {
    "team.start": {"scope": "dag", "questions": "3", "open_days": "3"},
    "team.plan": {
        "scope": "dag",
        "rhythm": "w2",
        "weekday": "1",
        "nth": "1",
        "at": "09:30",
        "questions": "3",
        "open_days": "3",
        "active": True,
    },
    "action.new": PLANNED,
    "action.edit": PLANNED,
    "action.date": {"due": "2026-04-20"},
    "action.drop": {"learnt": "Kort er godt"},
    "effect.adjust": PLANNED,
    "effect.stop": {"learnt": "Kort er godt"},
    "escalation.new": {"wish": "En vikar om onsdagen"},
    "escalation.answer": {"state": "yes", "text": "Den kommer"},
    "reminder.plan": {"rhythm": "w1", "weekday": "0", "nth": "1", "at": "9.00"},
    "digest.plan": {"rhythm": "m1", "weekday": "1", "nth": "1", "at": "9.00"},
    "dialogue.new": {"topic": "Ro", "way": "days", "naming": "named", "days": "3"},
    "dialogue.add": {"idea_1": "Kaffe", "mark_1": "none"},
    "dialogue.group": {"ideas": ["1" * 32], "name": "Kaffe"},
    "dialogue.hold": {"held": []},
    "dialogue.order": {"first": "4" * 32},
    "team.pause": {"first": "2026-07-06", "last": "2026-07-24"},
    "team.rules": {
        "threshold": "8",
        "day_starts": "07:00",
        "day_ends": "15:00",
        "days": ["0", "1"],
        "lead_days": "2",
        "reminders": True,
        "language": "sv",
    },
    "team.roles": {"leads": [LEAD], "amr": ["dag-6"], "amg": ["nat-3"]},
}
WHO = {
    "team.start": {LEAD, "boss"},
    "team.plan": {LEAD, "boss", ADMIN},
    "team.pause": {LEAD, "boss", ADMIN},
    "team.unpause": {LEAD, "boss", ADMIN},
    "team.rules": {LEAD, "boss", ADMIN},
    "team.roles": {LEAD, "boss", ADMIN},
    "action.show": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.new": {LEAD, "boss", AMR, "nat-3"},
    "action.edit": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.start": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.date": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.done": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.reopen": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.drop": {LEAD, "boss", AMR, "nat-3", RESPONSIBLE},
    "action.snooze": {RESPONSIBLE},
    "action.help": {RESPONSIBLE},
    "effect.say": {RESPONSIBLE},
    "effect.keep": {LEAD, "boss"},
    "effect.adjust": {LEAD, "boss"},
    "effect.stop": {LEAD, "boss"},
    "effect.share": {LEAD, "boss"},
    "escalation.new": {LEAD, "boss", AMR, "nat-3"},
    "escalation.answer": {LEAD, "boss", "nat-3"},
    "reminder.plan": {LEAD, "boss", AMR, "nat-3"},
    "digest.plan": {LEAD, "boss", AMR, "nat-3"},
    "dialogue.new": {LEAD, "boss", AMR},
    "dialogue.add": {LEAD, "boss", AMR, "dag-5"},
    "dialogue.clock": {LEAD, "boss", AMR},
    "dialogue.next": {LEAD, "boss", AMR},
    "dialogue.group": {LEAD, "boss", AMR},
    "dialogue.ungroup": {LEAD, "boss", AMR},
    "dialogue.hold": {LEAD, "boss", AMR},
    "dialogue.order": {LEAD, "boss", AMR},
    "dialogue.who": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "comments.open": {AMR},
    "comments.hold": {AMR},
    "channel.where": {LEAD, "boss", ADMIN},
    "operations.retry": {"boss", ADMIN},
}
EVERYBODY = (LEAD, "boss", ADMIN, AMR, "dag-5", "aften-1", "aften-2", "nat-3", "gone", "nobody")
PAUSE = "a" * 32


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    """One organisation with somebody in every role, a comment to look through and a pause."""
    async with town(tmp_path, cast(("dag", 11), ("aften", 8), ("nat", 4))) as found:
        await found.bot.store.write(_with_roles)
        found.bot.env.rosters.by_channel = True
        await found.submit(LEAD, "action.new", f"dag:{ACTION}:", **PLANNED)
        opened = await found.open("checkin", ("dag",))
        for n in range(2, 12):
            await found.answer(f"dag-{n}", opened.id, 4, f"Kommentar {n}")
        await found.travel(opened.closes_at)
        yield found


def _with_roles(tx: people.Tx) -> None:
    people.put_grants(tx, ADMIN, [Grant(ADMIN, "org", Role.ADMIN)])
    people.put_grants(tx, "nat-3", [Grant("nat-3", "dag", Role.AMG)])
    someone = people.get(tx, "nat-4")
    assert someone is not None
    people.put_person(tx, replace(someone, id="gone", email=None, active=False))
    people.put_grants(tx, "gone", [Grant("gone", "org", role) for role in Role])
    wish = Escalation(PASSED_ON, "dag", "dag", "En vikar", LEAD, MONDAY)
    escalations.insert_new(tx, wish)
    _with_dialogues(tx)
    people.add_away(tx, PAUSE, Away(in_december(2026), in_december(2026)), node_id="dag")


def _with_dialogues(tx: people.Tx) -> None:
    standing = {MEETING: Phase.BEST, GROUPED: Phase.GROUPING, CHOSEN: Phase.CHOOSING}
    for id_, phase in standing.items():
        way, topic = Way.MEETING, phase.value
        one = Dialogue(id_, "dag", topic, way, Naming.NAMED, phase, LEAD, MONDAY, MONDAY)
        dialogues.insert_new(tx, one)
    dialogues.insert_groups(tx, [Group(n * 32, CHOSEN, Step.HOW, n) for n in "45"])
    said = [Idea(n * 32, GROUPED, Step.HOW, n, author="dag-4") for n in "12"]
    said += [Idea(n * 32, CHOSEN, Step.HOW, n, author="dag-4", group=n * 32) for n in "45"]
    ideas.insert_all(tx, said)


def in_december(year: int) -> date:
    return date(year, 12, 1)


def refused(t: Town, reply: Reply) -> bool:
    told = {t.bot.front.words(one)("error.not_allowed") for one in ("da", "sv", "en")}
    return isinstance(reply, Say) and reply.text in told


async def do(t: Town, person: str, action: str) -> Reply:
    """Do the action for real: a form is sent, not only opened."""
    if action in FORMS:
        context = SENT.get(action, "dag:maturity")
        values = dict(FORMS[action])
        if "questions" in values:
            values.pop("questions")
        return await t.submit(person, action, context, **values)
    if action.startswith("action."):
        return await t.click(person, action, ACTION)
    if action == "effect.share":
        return await t.click(person, action, ACTION, "yes")
    if action.startswith("effect."):
        value = {"effect.say": "works", "effect.keep": "keep"}[action]
        return await t.click(person, action, f"{ACTION}:1", value)
    if action.startswith("dialogue."):
        value = {"dialogue.clock": "1:more", "dialogue.next": "1"}.get(action, "")
        dialogue = GROUPED if action == "dialogue.ungroup" else MEETING
        return await t.click(person, action, dialogue, value)
    if action == "team.unpause":
        return await t.click(person, action, f"dag:{PAUSE}")
    if action == "channel.where":
        return await t.click(person, action, "node:dag", "keep:was:")
    if action == "operations.retry":
        return await t.click(person, action, "f" * 32)
    kept = await t.bot.store.read(
        lambda tx: [one for round_id in _closed(tx) for one in figures.comments(tx, round_id)]
    )
    return await t.click(person, action, kept[0].round, f"{kept[0].id}:hold")


def _closed(tx: people.Tx) -> list[str]:
    return sorted(rounds.known_ids(tx))


def test_every_handler_is_about_oneself_or_in_the_list() -> None:
    assert set(HANDLERS) == OWN | set(WHO)
    assert set(FORMS) < set(WHO)


async def test_who_may_not_is_refused_and_who_may_is_not(t: Town) -> None:
    for action, who in sorted(WHO.items()):
        allowed = set()
        for person in (*sorted(set(EVERYBODY) - who), *sorted(who)):
            reply = await do(t, person, action)
            if not refused(t, reply):
                allowed.add(person)
                assert not (isinstance(reply, Say) and reply.failed), (action, reply)
        assert allowed == who, action


async def test_who_may_not_send_a_form_may_not_open_it(t: Town) -> None:
    for action in sorted(FORMS):
        for person in EVERYBODY:
            reply = await t.click(person, action, OPENED.get(action, "dag:checkin"))
            assert refused(t, reply) == (person not in WHO[action]), (action, person, reply)
            assert refused(t, reply) or isinstance(reply, Ask)


async def test_a_form_with_a_choice_is_shown_again_to_who_may_send_it_and_nothing_is_done(
    t: Town,
) -> None:
    before, keys = await _every_row(t), sorted(t.bot.settings.key_folder.iterdir())
    for action in sorted(FORMS):
        context = SENT.get(action, "dag:maturity")
        drawn = await t.click("boss", action, OPENED.get(action, "dag:maturity"))
        assert isinstance(drawn, Ask)
        offered = _offered(drawn.form)
        for person in EVERYBODY:
            form = await t.bot.front.form(person, "person:boss", action, context)
            if person not in WHO[action]:
                assert form is None, (action, person)
            elif offered:
                assert form is not None, (action, person)
                assert (form.id, form.context) == (action, context)
        again = await t.bot.front.form("boss", "person:boss", action, context)
        assert again is None or _offered(again) == offered, action
    assert await _every_row(t) == before
    assert sorted(t.bot.settings.key_folder.iterdir()) == keys


async def test_no_form_is_shown_of_what_is_none_or_names_nothing(t: Town) -> None:
    for form, context in (("no.such", ""), ("action.new", "nowhere::"), ("action.edit", "\x00")):
        assert await t.bot.front.form("boss", "person:boss", form, context) is None


def _offered(form: Form) -> dict[str, tuple[tuple[str, str], ...]]:
    inputs = (*form.inputs, *form.more)
    return {one.name: one.options for one in inputs if isinstance(one, SelectInput)}


async def _every_row(t: Town) -> object:
    def read(tx: people.Tx) -> object:
        return [sorted(map(repr, tx.rows(select(table)))) for table in metadata.sorted_tables]

    return await t.bot.store.read(read)


async def test_a_role_taken_away_between_drawing_and_clicking_is_gone(t: Town) -> None:
    for action in sorted(WHO):
        person = AMR if action.startswith("comments.") else "boss"
        if action in FORMS:
            opened = await t.click(person, action, OPENED.get(action, "dag:maturity"))
            assert isinstance(opened, Ask)
        who = await t.bot.store.read(lambda tx, person=person: people.who(tx, person))
        assert who is not None
        before = await _all_rows(t)
        await t.bot.store.write(lambda tx, person=person: people.put_grants(tx, person, ()))
        assert refused(t, await do(t, person, action)), action
        assert await _all_rows(t) == before, action
        await t.bot.store.write(
            lambda tx, who=who: people.put_grants(tx, who.person.id, who.grants)
        )


async def _all_rows(t: Town) -> object:
    """Return what the actions could have changed."""

    def read(tx: people.Tx) -> object:
        return (
            _closed(tx),
            schedules.everything(tx),
            escalations.sent_from(tx, ["dag"]),
            people.pauses(tx, ["dag"], in_december(2000)),
            people.tree(tx)["dag"].rules,
            [one for one in people.grants(tx, Role.AMR, Role.AMG) if one.node == "dag"],
            actions.of_nodes(tx, ["dag"]),
            dialogues.of_nodes(tx, ["dag"]),
            [ideas.of_dialogue(tx, one) for one in (MEETING, GROUPED, CHOSEN)],
            [dialogues.groups(tx, one) for one in (MEETING, GROUPED, CHOSEN)],
            [one.held for id_ in _closed(tx) for one in figures.comments(tx, id_)],
        )

    return await t.bot.store.read(read)


async def test_a_payload_made_up_by_somebody_is_answered_politely(t: Town) -> None:
    hostile = (
        "",
        ":",
        "dag",
        "dag:x",
        "nowhere:checkin",
        "0" * 32,
        "../../etc",
        "\x00",
        "é" * 5000,
    )
    for action in sorted({*WHO, *OWN, "no.such", ""}):
        for context in hostile:
            for reply in (
                await t.click("dag-1", action, context, context),
                await t.submit("dag-1", action, context, comment=["x"], first=3, scope={"a": 1}),
            ):
                assert isinstance(reply, Say | Ask | Show)
                assert not (isinstance(reply, Say) and reply.failed), (action, context, reply)


PAGES: dict[str, set[str]] = {
    "team/dag": {LEAD, "boss", ADMIN, AMR, "nat-3"},
    "team/org": {"boss", ADMIN, AMR},
    "operations": {"boss", ADMIN},
    "board/dag": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "board/dag/late/promoting": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "board/dag/nonsense": set(),
    "board/nowhere": set(),
    f"action/{ACTION}": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "action/nothing": set(),
    f"dialogue/{MEETING}": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "dialogue/nothing": set(),
    "history/dag": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "history/dag/1": {LEAD, "boss", AMR, "dag-5", "nat-3"},
    "history/nowhere": set(),
    "shared": set(EVERYBODY) - {"gone", "nobody"},
    "team/nowhere": set(),
    "results/nothing": set(),
    "nowhere": set(),
    "me": set(EVERYBODY) - {"gone", "nobody"},
    "preferences": set(EVERYBODY) - {"gone", "nobody"},
    "help": set(EVERYBODY) - {"gone", "nobody"},
}


async def test_a_page_is_there_only_for_whom_it_is(t: Town) -> None:
    for path, who in PAGES.items():
        seen = {person for person in EVERYBODY if await t.bot.front.page(person, path) is not None}
        assert seen == who, path


async def test_a_channel_is_read_and_written_only_by_who_belongs_there(t: Town) -> None:
    readers = {
        person
        for person in EVERYBODY
        if await t.bot.front.conversation(person, "node:dag") is not None
    }
    assert readers == {LEAD, "boss", ADMIN, AMR, "dag-5", "nat-3"}
    writers = {
        person
        for person in EVERYBODY
        if await t.bot.front.say(person, "node:dag", "e", "Hej") is None
    }
    assert writers == {LEAD, "boss", AMR, "dag-5", "nat-3"}
    assert await t.bot.front.conversation("boss", "person:dag-5") is None


async def test_what_is_typed_to_the_bot_itself_is_not_kept(t: Town) -> None:
    told = await t.bot.front.say("dag-5", "person:dag-5", "e", "Jeg har det skidt")
    assert isinstance(told, Show)
    assert "skidt" not in repr(told)
    assert "skidt" not in repr(await t.bot.front.conversation("dag-5", "person:dag-5"))


async def test_the_commands_of_a_lead_are_for_leads(t: Town) -> None:
    for verb in ("plan", "modenhed"):
        for person in ("dag-5", AMR, "nat-3"):
            told = await t.type(person, verb)
            words = t.bot.front.words("da")
            none = words("help.nothing_open", what=words.instrument("maturity").title)
            assert told == Say(words("help.leads_only") if verb == "plan" else none)
        assert isinstance(await t.type(LEAD, verb), Ask)
    assert isinstance(await t.type(LEAD, "indstillinger"), Ask)
    assert refused(t, await t.type("gone", "plan"))
    assert refused(t, await t.type("nobody", "hjælp"))


def test_the_instruments_a_lead_can_start_are_known() -> None:
    assert INSTRUMENTS == ("checkin", "maturity")
