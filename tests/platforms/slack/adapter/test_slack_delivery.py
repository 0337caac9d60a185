"""What goes out to Slack: once, at Slack's pace, to the channel that was bound and to no other."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from double import Channel, SlackDouble
from slack_town import PICTURE, SlackTown, greeted_town
from sqlalchemy import select

from bot.domain.clock import MovableClock
from bot.storage import outbox, slack_channels
from bot.storage.outbox import Note, Outgoing
from bot.storage.tables import slack_sent


@pytest.fixture
async def t(tmp_path: Path, slack: SlackDouble, clock: MovableClock) -> AsyncIterator[SlackTown]:
    async with greeted_town(tmp_path, slack, clock) as town:
        yield town


@pytest.fixture
async def care(t: SlackTown) -> Channel:
    channel = t.double.channel("dagholdet", t.somebody("dag-1"), t.somebody("dag-3"), private=True)
    await t.bind(channel, "node:dag")
    return channel


async def send(t: SlackTown, recipient: str, purpose: str = "test") -> str:
    """Put a message into the outbox and send what is due; return its id."""
    id_ = t.bot.env.chance.token()
    row = Outgoing(purpose, recipient, Note("typed", {"text": "Et <!channel> & et tegn"}),
                   t.clock.now())  # fmt: skip
    await t.bot.store.write(lambda tx: outbox.add(tx, [id_], [row]))
    await t.bot.tick(t.clock.now())
    return id_


async def test_a_message_stands_in_the_teams_channel_and_mentions_nobody(
    t: SlackTown, care: Channel
) -> None:
    await send(t, "node:dag")
    (posted,) = t.double.messages(care)
    assert posted.text == "Et &lt;!channel&gt; &amp; et tegn"
    assert [block["text"]["type"] for block in posted.blocks] == ["plain_text"]


async def test_somebody_is_found_by_his_address_and_written_to_in_private(t: SlackTown) -> None:
    await send(t, "person:dag-3")
    anna = t.somebody("dag-3")
    assert "Et " in anna.newest(anna.dm).text


async def test_who_is_not_in_slack_finds_it_in_the_built_in_chat(t: SlackTown) -> None:
    await send(t, "person:dag-9")
    assert [note.kind for note in await t.notes("person:dag-9")] == ["welcome", "typed"]


async def test_a_message_that_may_have_gone_out_is_looked_for_before_it_is_sent_again(
    t: SlackTown, care: Channel
) -> None:
    t.double.fails("chat.postMessage", way="answer lost")
    await send(t, "node:dag")
    assert len(t.double.messages(care)) == 1
    await t.travel(t.clock.now() + timedelta(minutes=10))
    assert len(t.double.messages(care)) == 1
    assert not await t.bot.store.read(outbox.dead)


async def test_what_slack_refused_for_its_rate_goes_out_when_slack_says(
    t: SlackTown, care: Channel
) -> None:
    t.double.fails("chat.postMessage", way="status", status=429, retry_after=7)
    await send(t, "node:dag")
    assert t.double.messages(care) == []
    await t.travel(t.clock.now() + timedelta(seconds=6))
    assert t.double.messages(care) == []
    await t.travel(t.clock.now() + timedelta(seconds=2))
    assert len(t.double.messages(care)) == 1


async def test_messages_of_one_channel_keep_slacks_distance(t: SlackTown, care: Channel) -> None:
    rows = [
        Outgoing(f"many-{n}", "node:dag", Note("typed", {"text": str(n)}), t.clock.now())
        for n in range(5)
    ]
    ids = [t.bot.env.chance.token() for _ in rows]
    await t.bot.store.write(lambda tx: outbox.add(tx, ids, rows))
    await t.bot.tick(t.clock.now())
    assert len(t.double.messages(care)) == 5
    assert len(t.double.calls("chat.postMessage")) >= 5
    assert not [c for c in t.double.state.calls if c.error == "ratelimited"]


@pytest.mark.parametrize("why", ["archived", "renamed", "shared", "public", "outside"])
async def test_a_channel_that_is_no_longer_what_it_was_is_held_and_its_lead_is_asked(
    t: SlackTown, care: Channel, why: str
) -> None:
    match why:
        case "archived":
            care.archived = True
        case "renamed":
            care.name = "alle-mand"
        case "shared":
            care.shared_with.append(t.double.workspace("Sydøst").id)
        case "public":
            t.double.admin.make_public(care)
        case _:
            care.members.remove(t.double.installation().bot_user)
    await send(t, "node:dag")
    assert t.double.messages(care) == []
    await t.travel(t.clock.now() + timedelta(minutes=1))
    lead = t.somebody("dag-1")
    assert "Skal jeg stadig skrive i kanalen?" in lead.reads(lead.newest(lead.dm))


async def test_a_lead_lets_a_renamed_channel_go_on(t: SlackTown, care: Channel) -> None:
    care.name = "morgenholdet"
    await send(t, "node:dag")
    await t.travel(t.clock.now() + timedelta(minutes=1))
    lead = t.somebody("dag-1")
    await lead.click("Brug kanalen som den er")
    await t.settled()
    await t.travel(t.clock.now() + timedelta(days=2))
    assert len(t.double.messages(care)) == 1


async def test_only_a_lead_lets_a_channel_go_on(t: SlackTown, care: Channel) -> None:
    care.name = "morgenholdet"
    await send(t, "node:dag")
    await t.travel(t.clock.now() + timedelta(minutes=1))
    lead = t.somebody("dag-1")
    message = lead.newest(lead.dm)
    anna = t.somebody("dag-3")
    t.double.state.channels[message.channel].members.append(anna.id)
    await anna.click("Brug kanalen som den er", on=message)
    await t.settled()
    held = await t.bot.store.read(lambda tx: slack_channels.bound_to(tx, "node:dag"))
    assert held is not None
    assert held.held == "renamed"


async def test_an_invitation_says_that_and_never_what_and_leaves_nothing_behind(
    t: SlackTown,
) -> None:
    anna = t.somebody("dag-3")
    noted = select(slack_sent).where(slack_sent.c.channel_id == anna.dm.id)
    before = await t.bot.store.read(lambda tx: tx.rows(noted))
    assert before  # the welcome, which is no invitation
    opened = await t.open()
    await t.travel(t.clock.now() + timedelta(minutes=5))
    invited = anna.newest(anna.dm)
    assert opened.questions[0].id not in str(invited.blocks)
    assert await t.bot.store.read(lambda tx: tx.rows(noted)) == before
    await anna.click("Se spørgsmålene")
    assert anna.modal.payload["submit"]


async def test_somebody_who_cannot_be_written_to_keeps_nobody_waiting(t: SlackTown) -> None:
    t.somebody("dag-2").user.refuses = "restricted_action"
    await t.open()
    anna = t.somebody("dag-3")
    assert "spørgsmål" in anna.newest(anna.dm).text


async def test_a_result_comes_with_its_picture_and_the_same_in_words(
    t: SlackTown, care: Channel
) -> None:
    opened = await t.open("checkin")
    for n in range(1, 12):
        await t.answer(f"dag-{n}", opened.id)
    await t.travel(opened.publish_at + timedelta(days=3))
    posted = t.double.messages(care)
    pictures = [b for one in posted for b in one.blocks if b["type"] == "image"]
    assert pictures
    (file,) = {one["slack_file"]["id"] for one in pictures}
    assert t.double.state.files[file].body == PICTURE
    assert t.double.state.files[file].alt_text


async def test_a_revoked_token_is_tried_again_when_somebody_has_mended_it(
    t: SlackTown, care: Channel
) -> None:
    t.double.fails("conversations.info", "token_revoked")
    id_ = await send(t, "node:dag")
    due = await t.bot.store.read(lambda tx: outbox.due(tx, t.clock.now() + timedelta(days=1)))
    (row,) = [one for one in due if one.id == id_]
    assert row.problem == "SLACK-6 token_revoked"
    await t.travel(t.clock.now() + timedelta(hours=2))
    assert len(t.double.messages(care)) == 1
