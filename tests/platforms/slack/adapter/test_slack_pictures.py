"""Charts as pictures: shown once Slack has prepared them, known again after a restart."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, Message, SlackDouble
from double.world import View
from slack_town import PICTURE, SlackTown, slack_town
from slack_twins import NOBODY_NEW
from slack_walk import blocks_of
from town import cast

from bot.domain.clock import MovableClock
from bot.domain.rounds import Round

UPLOAD = "files.completeUploadExternal"


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as town:
        for person in ("dag-1", "dag-3"):
            town.somebody(person)
        await town.bot.tick(clock.now())
        await town.travel(clock.now() + timedelta(minutes=5))
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), t.somebody("dag-3"), private=True)
    await t.bind(channel, "node:dag")
    return channel


async def published(t: SlackTown) -> Round:
    opened = await t.open("checkin")
    for n in range(2, 12):
        await t.answer(f"dag-{n}", opened.id)
    await t.travel(opened.publish_at + timedelta(hours=1))
    return opened


def pictures(shown: Message | View) -> list[str]:
    return [one["slack_file"]["id"] for one in blocks_of(shown) if "slack_file" in one]


def results(t: SlackTown, care: Channel) -> list[Message]:
    return [one for one in t.double.messages(care) if "resultat" in str(one.blocks)]


async def test_a_new_picture_is_shown_once_slack_has_prepared_it(
    t: SlackTown, care: Channel
) -> None:
    await published(t)
    (posted,) = results(t, care)
    (file,) = pictures(posted)
    assert t.double.state.files[file].body == PICTURE
    assert not [one for one in t.double.state.calls if one.error == "invalid_blocks"]


async def test_a_picture_that_takes_longer_is_waited_for_and_posted_once(
    t: SlackTown, care: Channel
) -> None:
    t.double.state.file_processing = timedelta(seconds=7)
    await published(t)
    assert t.double.forgive("invalid_blocks")
    (posted,) = results(t, care)
    assert len(pictures(posted)) == 1


async def test_a_picture_that_is_never_ready_keeps_no_result_back(
    t: SlackTown, care: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    t.double.state.file_processing = timedelta(days=9)
    await published(t)
    assert t.double.forgive("invalid_blocks")
    (posted,) = results(t, care)
    assert pictures(posted) == []
    assert "af 5" in str(posted.blocks)
    assert "SLACK-2 a picture was not shown" in caplog.text


async def test_a_page_has_its_picture_after_a_restart_without_a_new_upload(
    tmp_path: Path, slack: SlackDouble, clock: MovableClock
) -> None:
    async with slack_town(tmp_path, slack, clock, cast(("dag", 11))) as t:
        anna = t.somebody("dag-3")
        channel = slack.channel("dagholdet", anna, private=True)
        await t.bind(channel, "node:dag")
        await published(t)
        (posted,) = results(t, channel)
        before = len(slack.calls(UPLOAD))
    async with slack_town(tmp_path, slack, clock, NOBODY_NEW) as t:
        await anna.click("Se hele resultatet", on=posted)
        assert pictures(anna.modal) == pictures(posted)
        await t.settled()
        assert len(slack.calls(UPLOAD)) == before


async def test_a_page_nobody_has_opened_before_gets_its_picture_in_the_background(
    t: SlackTown, care: Channel
) -> None:
    t.double.fails("files.getUploadURLExternal", "fatal_error", times=2)  # the lead's, the team's
    await published(t)
    (posted,) = results(t, care)
    assert pictures(posted) == []
    anna = t.somebody("dag-3")
    await anna.click("Se hele resultatet", on=posted)
    assert "af 5" in anna.reads()
    await t.settled()
    assert len(pictures(anna.modal)) == 1


async def test_what_somebody_went_on_to_is_not_replaced_by_a_late_picture(
    t: SlackTown, care: Channel
) -> None:
    t.double.fails("files.getUploadURLExternal", "fatal_error", times=2)  # the lead's, the team's
    await published(t)
    (posted,) = results(t, care)
    anna = t.somebody("dag-3")
    t.double.fails("files.getUploadURLExternal", way="silence")
    await anna.click("Se hele resultatet", on=posted)
    await anna.click("result.guide", on=anna.modal)
    now = anna.reads()
    t.double.go_on()
    await t.settled()
    assert anna.reads() == now


async def test_a_picture_deleted_in_slack_is_uploaded_anew_at_the_next_press(
    t: SlackTown, care: Channel
) -> None:
    await published(t)
    (posted,) = results(t, care)
    (file,) = pictures(posted)
    t.double.state.files[file].deleted = True
    anna = t.somebody("dag-3")
    await anna.click("Se hele resultatet", on=posted)
    await t.settled()
    assert t.double.forgive("invalid_arguments")
    assert "Slack kunne ikke vise det" in anna.newest().text
    await anna.click("Se hele resultatet", on=posted)
    await t.settled()
    (new,) = pictures(anna.modal)
    assert new != file
