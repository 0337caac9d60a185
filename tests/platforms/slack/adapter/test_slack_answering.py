"""Commands, buttons and forms in Slack: the same over both transports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import SlackDouble
from slack_town import SlackTown, slack_town

from bot.domain.clock import MovableClock
from bot.storage import people


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, transport=request.param) as town:
        yield town


async def test_the_menu_opens_in_a_modal_and_leads_to_a_page(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    assert await anna.command("/trivsel") is None
    before = anna.modal.id
    await anna.click("Hjælp", on=anna.modal)
    assert anna.modal.id == before
    assert "tjek" in anna.reads()


async def test_maturity_is_answered_without_a_call_between_two_topics(t: SlackTown) -> None:
    opened = await t.open("maturity")
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "modenhed")
    calls = len(t.double.state.calls)
    for _ in opened.questions:
        (choice,) = [
            one["element"] for one in anna.modal.payload["blocks"] if one["type"] == "input"
        ]
        label = choice["options"][3]["value"]
        block = next(b for b in anna.modal.payload["blocks"] if b["type"] == "input")
        assert await anna.submit({block["block_id"]: label}) == "updated"
    await anna.submit()
    assert "Tak" in anna.reads()
    assert len(t.double.state.calls) == calls
    assert not [one for one in anna.sees() if one.app and "1 " in one.text]


async def test_somebody_the_bot_does_not_know_is_told_so(t: SlackTown) -> None:
    said = await t.somebody("ukendt").command("/trivsel", "tjek")
    assert said is not None
    assert "ikke med i et team" in said.text


@pytest.mark.parametrize("traits", [{"role": "guest"}, {"role": "stranger"}])
async def test_a_guest_is_nobody_even_with_a_known_address(
    t: SlackTown, traits: dict[str, str]
) -> None:
    guest = t.double.person("dag-4", **traits)
    t.double.channel("fælles", guest)
    said = await guest.command("/trivsel")
    assert said is not None
    assert "kender dig ikke" in said.text


async def test_language_and_zone_follow_the_profile(t: SlackTown) -> None:
    bo = t.somebody("dag-5", locale="sv-SE", tz="Europe/Stockholm")
    await bo.command("/trivsel")
    known = await t.bot.store.read(lambda tx: people.get(tx, "dag-5"))
    assert known is not None
    assert (known.language, known.zone) == ("sv", "Europe/Stockholm")
    assert "Stäng" in str(bo.modal.payload["close"])


async def test_a_form_that_is_wrong_is_mended_in_place(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    assert await anna.submit({"in.first": "2026-03-20", "in.last": "2026-03-10"}) == "errors"
    assert list(anna.errors) == ["in.last"]
    assert await anna.submit({"in.last": "2026-03-24"}) == "updated"
    kept = await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", t.clock.now().date()))
    assert len(kept) == 1


async def test_a_submission_that_comes_twice_has_one_effect(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    await anna.command("/trivsel", "væk")
    await anna.submit({"in.first": "2026-03-20", "in.last": "2026-03-24"})
    first = t.double.post.sent[-1]
    body = first.answer.body
    again = await t.double.redeliver(first)
    assert again.answer.body == body
    kept = await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", t.clock.now().date()))
    assert len(kept) == 1


async def test_a_click_slack_would_not_show_any_more_is_answered_with_a_whisper(
    t: SlackTown,
) -> None:
    anna = t.somebody("dag-3")
    t.double.fails("views.open", "expired_trigger_id")
    await anna.command("/trivsel")
    await t.settled()
    assert "for langsomt" in anna.newest().text
    assert anna.newest().only_for == anna.id
