"""One round on the built-in chat, from opening to the posted result."""

from town import at, town

from bot.cards import Show
from bot.domain.rounds import RoundState


async def test_a_round_opens_is_answered_reminded_closed_and_posted(tmp_path):
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        for n in range(2, 9):
            reply = await t.answer(f"dag-{n}", opened.id, 4)
            assert isinstance(reply, Show), reply
        await t.travel(opened.remind_at)
        assert (await t.round(opened.id)).state is RoundState.REMINDED
        reminded = {one.person for one in t.recorder.nudged if one.kind == "round.reminder"}
        assert reminded == {"dag-1", "dag-9", "dag-10", "dag-11"}
        await t.travel(opened.closes_at)
        assert (await t.round(opened.id)).state is RoundState.CLOSED
        assert "result.lead" in [note.kind for note in await t.notes("person:dag-1")]
        assert await t.notes("node:dag") == []
        await t.travel(opened.publish_at)
        assert [note.kind for note in await t.notes("node:dag")] == ["result.team"]
        cards = await t.shown("dag-5", "node:dag")
        assert "7 af 10 svarede" in repr(cards)
        assert t.clock.now() == at(6)
