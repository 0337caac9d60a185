"""A round keeps the channels it opened with, and every message with its result says which round."""

from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path

from effect_town import agree, answer, follow_up, item, one_round
from talks import begin, go_on, groups_of, vote, write_all
from town import Town, at, cast, town

from bot.domain.dialogues import VOTES
from bot.domain.rounds import EFFECT
from bot.flows.channels import opened_with
from bot.schedule.cadence import Cadence
from bot.storage import actions, channels, rounds, schedules, slack_accounts, slack_channels
from bot.storage.channels import Choice
from bot.storage.outbox import Delivery
from bot.storage.schedules import Schedule
from bot.storage.slack_accounts import Member
from bot.storage.slack_channels import Bound
from bot.storage.store import Tx

TEAM = cast(("dag", 11))
WRITERS = [f"dag-{n}" for n in range(3, 9)]
DAG = Bound("b" * 32, "T1", "C1", "node:dag", "dagholdet", True)


async def bind(t: Town, one: Bound = DAG) -> None:
    await t.bot.store.write(lambda tx: slack_channels.bind(tx, one))


def posted(t: Town, kind: str) -> list[Delivery]:
    """Return what was posted to the team's channel, of one kind."""
    return [
        one for one in t.recorder.posted if one.recipient == "node:dag" and one.note.kind == kind
    ]


async def test_a_round_keeps_the_channels_its_teams_had_when_it_opened(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await bind(t)
        opened = await t.open("checkin", scope=("dag", "aften"))
        assert opened.channels == {"dag": DAG.id}
        await bind(t, Bound("c" * 32, "T1", "C2", "node:dag", "alle", True))
        assert (await t.round(opened.id)).channels == {"dag": DAG.id}


async def test_a_round_without_channels_keeps_none_and_its_result_is_posted_as_ever(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        opened = await t.open()
        assert opened.channels == {}
        for n in range(1, 12):
            await t.answer(f"dag-{n}", opened.id)
        await t.travel(opened.publish_at)
        assert "result.team" in [note.kind for note in await t.notes("node:dag")]
        told = [one.note.kind for one in t.recorder.posted]
        assert "channel.none" not in told  # nobody is anywhere where teams have channels


async def test_leads_are_told_that_a_team_has_no_channel_where_people_are_on_a_platform(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await bind(t)
        await t.bot.store.write(
            lambda tx: slack_accounts.put_member(tx, Member("T1", "U1", "aften-1"))
        )
        await t.open("checkin", scope=("dag", "aften"))
        told = [one for one in t.recorder.posted if one.note.kind == "channel.none"]
        assert [(one.recipient, one.note.params) for one in told] == [
            ("person:aften-1", {"nodes": ["aften"]})
        ]


async def test_the_result_of_an_effect_round_says_which_round_it_is_of(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        await bind(t)
        await follow_up(t, await agree(t, item()))
        one = await one_round(t)
        await answer(t, one, (5, 5, 3, 5, 5, 3))
        await t.travel(one.closes_at)
        (told,) = posted(t, "effect.result")
        assert await t.bot.store.read(lambda tx: opened_with(tx, told)) == DAG.id


async def test_the_order_of_a_vote_says_which_round_it_is_of_and_the_way_there_does_not(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await bind(t)
        one = await begin(t)
        for person in WRITERS:
            await write_all(t, person, one)
        await t.travel(at(5))
        await go_on(t, one)
        await t.bot.tick(t.clock.now())
        favourite = (await groups_of(t, one))[2].id
        for person in WRITERS:
            await vote(t, person, one, favourite)
        await t.travel(at(9))
        (voted,) = await t.bot.store.read(lambda tx: rounds.about(tx, VOTES, one.id))
        news = {
            told.note.params["event"]: told.note.params.get("round")
            for told in posted(t, "dialogue.news")
        }
        assert news["order"] == voted.id
        assert news["begun"] is None
        assert news["ideas"] is None


async def test_what_a_lead_says_holds_for_these_two_channels_and_no_others(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:

        def say(now: str, *, post: bool) -> None:
            t.bot.store.write_now(
                lambda tx: channels.choose(tx, Choice("node:dag", "was", now, post))
            )

        def said(tx: Tx, now: str) -> bool | None:
            return channels.choice(tx, "node:dag", "was", now)

        say("b1", post=True)
        assert await t.bot.store.read(lambda tx: said(tx, "b1")) is True
        assert await t.bot.store.read(lambda tx: said(tx, "b2")) is None
        say("b1", post=False)
        assert await t.bot.store.read(lambda tx: said(tx, "b1")) is False
        say("b2", post=True)
        assert await t.bot.store.read(lambda tx: said(tx, "b1")) is None


async def test_what_a_lead_says_of_a_channel_that_is_not_there_any_more_counts_for_nothing(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await bind(t)
        await t.click("dag-1", "channel.where", "node:dag", "post:was:another")
        found = await t.bot.store.read(lambda tx: channels.choice(tx, "node:dag", "was", "another"))
        assert found is None
        await t.click("dag-1", "channel.where", "node:dag", f"post:was:{DAG.id}")
        assert await t.bot.store.read(lambda tx: channels.choice(tx, "node:dag", "was", DAG.id))


async def test_a_plan_is_skipped_and_the_lead_told_while_its_team_is_not_read_in(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await bind(t, replace(DAG, filled=False))
        cadence = Cadence.weekly(1, time(9, 30), date(2026, 3, 3))
        wanted = Schedule(
            id="plan",
            scope=("dag",),
            instrument="checkin",
            cadence=cadence.to_dict(),
            open_days=2,
            nominal=date(2026, 3, 3),
            next_run_at=at(3, 9, 30),
        )
        await t.bot.store.write(lambda tx: schedules.insert_new(tx, wanted))
        await t.travel(at(3, 10))
        assert list(await t.bot.store.read(rounds.taking_answers)) == []
        told = [one for one in t.recorder.posted if one.note.kind == "round.refused"]
        assert [one.note.params["reason"] for one in told] == ["not_read"]


async def test_a_vote_waits_until_its_team_is_read_in(tmp_path: Path) -> None:
    async with town(tmp_path, TEAM) as t:
        one = await begin(t)
        for person in WRITERS:
            await write_all(t, person, one)
        await t.travel(at(5))
        await bind(t, replace(DAG, filled=False))
        await go_on(t, one)
        assert await t.bot.store.read(lambda tx: rounds.about(tx, VOTES, one.id)) == ()
        await t.bot.store.write(lambda tx: slack_channels.fill(tx, DAG))
        await t.travel(t.clock.now() + timedelta(minutes=5))
        assert len(await t.bot.store.read(lambda tx: rounds.about(tx, VOTES, one.id))) == 1


async def test_the_question_whether_an_action_works_waits_until_its_team_is_read_in(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, TEAM) as t:
        await bind(t, replace(DAG, filled=False))
        await agree(t, item())
        await t.bot.store.write(lambda tx: actions.plan(tx, item().id, at(16, 9), ()))
        await t.travel(at(16, 10))
        assert await t.bot.store.read(lambda tx: rounds.about(tx, EFFECT, item().id)) == ()
        await t.bot.store.write(lambda tx: slack_channels.fill(tx, DAG))
        await t.travel(at(16, 10, 10))
        await one_round(t)
