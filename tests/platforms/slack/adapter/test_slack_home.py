"""The home follows what happens, the menu opens everything, and strangers are shown the way in."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from double import Channel, Person, SlackDouble
from slack_town import SlackTown, slack_town
from slack_walk import button, filled, newest
from town import cast

from bot.domain.clock import MovableClock
from bot.rehearsal.organisation import Cast

NOBODY = Cast((), (), ())
CANARY = "kanariefugl"


@pytest.fixture(params=["http", "socket"])
async def t(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock, request: pytest.FixtureRequest
) -> AsyncIterator[SlackTown]:
    async with slack_town(
        tmp_path, slack, clock, cast(("dag", 11)), transport=request.param
    ) as town:
        yield town


@pytest.fixture
async def empty(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, NOBODY) as town:
        yield town


async def at_home(t: SlackTown, id_: str = "dag-3") -> Person:
    person = t.somebody(id_)
    await person.opens_home()
    await t.settled()
    return person


def seen(person: Person) -> str:
    assert person.home is not None
    return person.reads(person.home)


def published(t: SlackTown, person: Person) -> int:
    calls = [one for one in t.double.state.calls if one.method == "views.publish"]
    return sum(one.args.get("user_id") == person.id for one in calls)


async def test_home_follows_a_language_that_was_changed_from_it(t: SlackTown) -> None:
    anna = await at_home(t)
    await anna.click("Ret", on=anna.home)
    await anna.click("me.language", on=anna.modal)
    await anna.submit({"in.language": "en"})
    assert not anna.errors
    await t.settled()
    assert "How I would like it" in seen(anna)


async def test_home_says_that_nothing_waits_as_soon_as_one_has_answered(t: SlackTown) -> None:
    await t.open()
    anna = await at_home(t)
    await anna.click("Se spørgsmålene", on=anna.home)
    assert await anna.submit(filled(anna, 4, CANARY)) == "updated"
    await t.settled()
    assert "Der venter ikke noget" in seen(anna)
    assert "Se spørgsmålene" not in seen(anna)
    assert CANARY not in str(t.double.state.calls)


async def test_home_follows_a_round_that_opens_and_closes(t: SlackTown) -> None:
    anna = await at_home(t)
    assert "Der venter ikke noget" in seen(anna)
    opened = await t.open(open_days=1)
    await t.settled()
    assert "Se spørgsmålene" in seen(anna)
    await anna.opens_home()
    await t.settled()
    t.clock.move_to(opened.closes_at)
    await anna.opens_home()
    await t.bot.tick(t.clock.now())
    await t.settled()
    assert "Se spørgsmålene" not in seen(anna)


async def test_a_home_nobody_has_opened_today_is_left_alone(t: SlackTown) -> None:
    anna, bo = await at_home(t), t.somebody("dag-4")
    before = published(t, anna)
    opened = await t.open()
    await t.settled()
    assert published(t, anna) > before
    assert published(t, bo) == 0
    before = published(t, anna)
    await t.close(opened)  # three days later
    await t.settled()
    assert published(t, anna) == before


async def test_what_only_looks_draws_no_home_again(t: SlackTown) -> None:
    anna = await at_home(t)
    before = published(t, anna)
    await anna.command("/trivsel")
    await anna.click("Hjælp", on=anna.modal)
    await t.settled()
    assert published(t, anna) == before


async def test_the_menu_opens_the_check_in_that_waits_on_one_view(t: SlackTown) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.command("/trivsel")
    await anna.click("Svar nu", on=anna.modal)
    assert await anna.submit(filled(anna, 4)) == "updated"
    assert "Tak" in anna.reads()


async def test_a_lead_finds_every_verb_of_his_in_the_menu(t: SlackTown) -> None:
    lead = t.somebody("dag-1")
    for label in ("Tjek", "Modenhed", "Dialog", "Tiltag", "Plan", "Indstillinger", "Væk"):
        await lead.command("/trivsel")
        await lead.click(label, on=lead.modal)
        assert lead.modal.payload.get("submit"), label
        await lead.close_modal(all_of_them=True)


@pytest.mark.parametrize("typed", ["tjek", "trivsel tjek", " /trivsel tjek"])
async def test_a_verb_that_is_typed_to_the_bot_opens_just_that(t: SlackTown, typed: str) -> None:
    await t.open()
    anna = t.somebody("dag-3")
    await anna.says(typed)
    await t.settled()
    await anna.click("Tjek", on=anna.newest(anna.dm))
    assert await anna.submit(filled(anna, 4)) == "updated"


async def test_who_cannot_go_on_is_told_whom_to_talk_to(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    await anna.says(f"Jeg kan ikke mere {CANARY}")
    await t.settled()
    said = anna.reads(anna.newest(anna.dm))
    assert "Du skal ikke stå med det alene" in said
    assert "Dag 2" in said
    assert "Her i Slack står din besked stadig" in said
    assert CANARY not in said
    posted = [one for one in t.double.state.calls if one.method == "chat.postMessage"]
    assert CANARY not in str(posted)


async def test_an_invitation_says_what_it_is_and_when_it_ends(t: SlackTown) -> None:
    anna = t.somebody("dag-3")
    await t.open("maturity")
    said = newest(anna, "Modenhedsmåling i Dag", anna.dm)
    assert "10 emner, cirka fem minutter, anonymt. Svar senest" in said.text


async def free(t: SlackTown, *people: Person, bot: bool = True) -> Channel:
    return t.double.channel("plejen", *people, bot=bot)


async def test_the_first_one_ever_is_told_how_to_begin(empty: SlackTown) -> None:
    anna = await at_home(empty, "anna")
    assert "/invite @Trivselsbot" in seen(anna)
    await anna.says("hej")
    await empty.settled()
    assert "/invite @Trivselsbot" in anna.reads(anna.newest(anna.dm))


async def test_in_a_channel_that_is_nobodys_the_team_can_be_set_up(empty: SlackTown) -> None:
    anna = empty.somebody("anna")
    channel = await free(empty, anna)
    assert await anna.command("/trivsel", where=channel) is None
    await anna.click("Sæt teamet op", on=anna.modal)
    assert await anna.submit({"in.name": "Plejen"}) == "updated"
    await empty.settled()
    assert await empty.bot.front.choices()


async def test_a_guest_is_offered_nothing(empty: SlackTown) -> None:
    guest = empty.somebody("gæst", role="guest")
    channel = await free(empty, guest)
    said = await guest.command("/trivsel", where=channel)
    assert said is not None
    assert "Gæster" in said.text
    assert not guest.modals


async def test_somebody_in_no_team_is_told_to_join_its_channel(t: SlackTown) -> None:
    said = await t.somebody("ukendt").command("/trivsel", "tjek")
    assert said is not None
    assert "Kom med i dit teams kanal" in said.text


async def test_whoever_is_known_finds_the_set_up_in_a_free_channels_menu_alone(
    t: SlackTown,
) -> None:
    lead = t.somebody("dag-1")
    new, team = await free(t, lead), t.double.channel("dagholdet", lead)
    await t.bind(team, "node:dag")
    await lead.command("/trivsel", where=new)
    assert button(lead.modal, "Sæt teamet op")
    await lead.close_modal()
    await lead.command("/trivsel", where=team)
    assert button(lead.modal, "Sæt teamet op") is None
