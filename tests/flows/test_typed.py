"""What is typed to the bot: a verb gets its button, the rest a kind word; nothing is repeated."""

from pathlib import Path

import pytest
from town import Town, buttons, cast, shipped, town, words_of

from bot.cards import Message, Show
from bot.domain.languages import LANGUAGES
from bot.flows.menu import ACTION
from bot.storage import chat

MEMBER = "dag-5"
HARD = [
    "Jeg kan ikke mere",
    "jeg KAN IKKE MERE!!",
    "hjælp, jeg kan ikke mere",
    "Jeg orker ikke flere vagter",
    "jag orkar inte längre",
    "Jag mår så dåligt",
    "I can’t go on",
    "I can't cope",
]


async def told(t: Town, text: str, person: str = MEMBER) -> Message:
    reply = await t.bot.front.say(person, f"person:{person}", "e", text)
    assert isinstance(reply, Show)
    return reply.message


@pytest.mark.parametrize(
    ("typed", "verb"),
    [
        ("tjek", "checkin"),
        ("Tjek!", "checkin"),
        ("hjælp", "help"),
        ("trivsel plan", "plan"),
        ("puls", "checkin"),
        ("hvem ser hvad?", "privacy"),
        ("tiltag mod stress", "action"),
        ("resultatt", "results"),
    ],
)
async def test_a_verb_gets_the_button_that_does_just_that(
    tmp_path: Path, typed: str, verb: str
) -> None:
    async with town(tmp_path) as t:
        assert [(b.action, b.context) for b in buttons(await told(t, typed))] == [(ACTION, verb)]


@pytest.mark.parametrize("typed", HARD)
async def test_who_has_had_enough_is_told_what_to_do_and_whom_to_talk_to(
    tmp_path: Path, typed: str
) -> None:
    async with town(tmp_path) as t:
        words = t.bot.front.words("da")
        card = await told(t, typed)
        assert card.fallback == words("typed.hard")
        assert "Dag 2" in words_of(card)
        assert words("typed.danger") in words_of(card)


async def test_the_elected_representative_is_named_whatever_is_typed(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        card = await told(t, "Min leder lytter aldrig til os på møderne")
        assert "Dag 2" in words_of(card)
        assert [b.context for b in buttons(card)] == ["menu"]


async def test_without_a_representative_others_are_named(tmp_path: Path) -> None:
    people = cast(("dag", 6))
    alone = type(people)(people.nodes, people.people, people.grants[:-1])
    async with town(tmp_path, alone) as t:
        words = t.bot.front.words("da")
        assert words("typed.talk_nobody") in words_of(await told(t, "Hej med dig du gamle"))
        assert words("typed.talk_now_nobody") in words_of(await told(t, HARD[0]))


@pytest.mark.parametrize("typed", ["kanariefugl", "tiltag kanariefugl", "orker ikke kanariefugl"])
async def test_nothing_typed_is_kept_or_said_again(tmp_path: Path, typed: str) -> None:
    async with town(tmp_path) as t:
        assert "kanariefugl" not in words_of(await told(t, typed))
        posted = await t.bot.store.read(lambda tx: chat.latest(tx, f"person:{MEMBER}"))
        assert "kanariefugl" not in repr(posted)


@pytest.mark.parametrize(
    "typed",
    [
        "Vi har ikke mere kaffe",
        "Jeg kan ikke finde resultatet",
        "Hvordan laver man en plan for teamet",
        "Kan I lave et tiltag om pauser",
    ],
)
async def test_everyday_words_are_no_alarm(tmp_path: Path, typed: str) -> None:
    async with town(tmp_path) as t:
        assert (await told(t, typed)).fallback != t.bot.front.words("da")("typed.hard")


def test_no_phrase_is_a_verb_of_any_language() -> None:
    spoken = [shipped().words(one)("typed.phrases").split(",") for one in LANGUAGES]
    assert all(len(phrase.strip()) >= 5 for phrases in spoken for phrase in phrases)
