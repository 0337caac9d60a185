"""The team's page: who is in it, what runs now and what may be known of it, its rules."""

from dataclasses import replace
from datetime import time
from pathlib import Path

import pytest
from closed_rounds import answered, team
from town import Town, at, buttons, cast, town

from bot.cards import Ask, Fields, Message, SelectInput, Table, TimeInput
from bot.domain.languages import Language
from bot.domain.people import NodeRules
from bot.storage import people


async def page(t: Town, person: str, node: str) -> tuple[Message, ...]:
    found = await t.bot.front.page(person, f"team/{node}")
    assert found is not None
    return found.cards


async def speak(t: Town, person: str, language: Language) -> None:
    await t.bot.store.write(lambda tx: people.set_language(tx, person, language))


async def rules_card(t: Town, person: str, node: str) -> Message:
    return next(
        card
        for card in await page(t, person, node)
        if any(button.action == "team.rules" for button in buttons(card))
    )


@pytest.mark.parametrize(
    ("language", "hours", "days"),
    [
        ("da", "8.00–15.30", "mandag, tirsdag, onsdag, torsdag og fredag"),
        ("sv", "8.00–15.30", "måndag, tisdag, onsdag, torsdag och fredag"),
        ("en", "8:00–15:30", "Monday, Tuesday, Wednesday, Thursday and Friday"),
    ],
)
async def test_the_rules_say_hours_as_the_language_writes_them(
    tmp_path: Path, language: Language, hours: str, days: str
) -> None:
    async with town(tmp_path, cast(("dag", 6))) as t:
        rules = NodeRules(day_ends="15:30")
        await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", rules))
        await speak(t, "dag-1", language)
        card = await rules_card(t, "dag-1", "dag")
        (fields,) = [part for part in card.children if isinstance(part, Fields)]
        assert {hours, days} <= {value for _, value in fields.pairs}


@pytest.mark.parametrize("language", ["da", "sv", "en"])
async def test_the_hours_a_form_shows_are_read_back_as_they_are(
    tmp_path: Path, language: Language
) -> None:
    async with town(tmp_path, cast(("dag", 6))) as t:
        await speak(t, "dag-1", language)
        asked = await t.click("dag-1", "team.rules", "dag")
        assert isinstance(asked, Ask)
        shown = {one.name: one.value for one in asked.form.inputs if isinstance(one, TimeInput)}
        assert shown == {"day_starts": time(8), "day_ends": time(16)}
        same: dict[str, object] = {
            one.name: list(one.value) if isinstance(one, SelectInput) else one.value
            for one in asked.form.inputs
        }
        await t.submit("dag-1", "team.rules", "dag", **same | {"lead_days": 2})
        kept = (await t.bot.store.read(people.tree))["dag"].rules
        assert (kept.day_starts, kept.day_ends, kept.lead_days) == ("08:00", "16:00", 2)


async def test_teams_counted_together_stand_with_a_plus_between_them_in_the_table(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await speak(t, "nat-2", "da")
        opened = await t.open("checkin", ("org",))
        few = team("nat", range(2, 5)) | team("aften", range(2, 5))
        await answered(t, opened, few | team("dag", range(2, 9)))
        await t.travel(opened.publish_at)
        found = await t.bot.front.page("nat-2", "results")
        assert found is not None
        (table,) = [part for part in found.cards[0].children if isinstance(part, Table)]
        assert "Aften + Nat" in [row[2] for row in table.rows]


async def test_a_bit_is_promised_to_those_who_will_be_told_one(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.open("checkin", ("dag",))
        words = t.bot.front.words("da")
        assert words("team.bit_later") in repr(await page(t, "dag-1", "dag"))
        above = repr(await page(t, "boss", "org"))
        assert words("team.bit_later") not in above
        assert words("team.no_bit") in above


async def test_without_a_reminder_no_bit_is_promised(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        tree = await t.bot.store.read(people.tree)
        off = replace(tree["dag"].rules, reminders=0)
        await t.bot.store.write(lambda tx: people.set_rules(tx, "dag", off))
        opened = await t.open("checkin", ("dag",))
        assert opened.remind_at is None
        words = t.bot.front.words("da")
        for moment in (t.clock.now(), at(4, 15)):
            await t.travel(moment)
            seen = repr(await page(t, "dag-1", "dag"))
            assert words("team.no_bit") in seen
            assert words("team.bit_later") not in seen
