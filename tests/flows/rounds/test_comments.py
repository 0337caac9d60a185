"""Comments: who reads them when, what is held back, and what is destroyed unread."""

from datetime import timedelta
from pathlib import Path

from closed_rounds import DA, SAID, answered, channel, team, texts
from town import Town, cast, town, words_of

from bot.cards import Message, Say, Show, Transient
from bot.domain.people import Grant, Role
from bot.domain.rounds import Round
from bot.storage import figures, past_rounds, people


async def with_comments(t: Town) -> Round:
    opened = await t.open("checkin", ("dag",))
    await answered(t, opened, team("dag", range(2, 12)), SAID)
    await t.travel(opened.closes_at)
    return opened


async def hold(t: Town, person: str, opened: Round, text: str, wish: str = "hold") -> object:
    kept = await t.bot.store.read(lambda tx: figures.comments(tx, opened.id))
    wanted = next(one for one in kept if one.text == text)
    return await t.click(person, "comments.hold", opened.id, f"{wanted.id}:{wish}")


async def test_the_elected_representative_may_hold_a_comment_back_and_the_number_is_shown(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await with_comments(t)
        review = (await t.shown("dag-2", "person:dag-2"))[-1]
        assert set(SAID.values()) <= set(texts(review))
        assert isinstance(await hold(t, "dag-2", opened, "Peter er sur"), Show)
        await t.travel(opened.publish_at)
        card = (await channel(t, "dag", "dag-5"))[-1]
        assert "Godt samarbejde" in texts(card)
        assert "<b>Mere</b> ro @alle" in texts(card)
        assert "Peter er sur" not in repr(card)
        assert DA("result.held", number=1) in texts(card)
        kept = await t.bot.store.read(lambda tx: figures.comments(tx, opened.id))
        assert "Peter er sur" not in [one.text for one in kept]


async def test_what_was_held_back_can_be_let_through_until_it_is_published(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_comments(t)
        await hold(t, "dag-2", opened, "Peter er sur")
        await hold(t, "dag-2", opened, "Peter er sur", "show")
        await t.travel(opened.publish_at)
        assert "Peter er sur" in texts((await channel(t, "dag", "dag-5"))[-1])
        told = await hold(t, "dag-2", opened, "Peter er sur")
        assert told == Say(DA("comments.over"))
        assert texts((await t.shown("dag-2", "person:dag-2"))[-1]) == [DA("comments.over")]


async def test_nobody_else_reads_or_holds_a_comment(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_comments(t)
        for person in ("dag-1", "boss", "dag-5", "aften-1"):
            assert await hold(t, person, opened, "Godt samarbejde") == Say(DA("error.not_allowed"))
            seen = repr(await t.bot.front.conversation(person, f"person:{person}"))
            assert "Godt samarbejde" not in seen
        await t.bot.store.write(lambda tx: people.put_grants(tx, "dag-2", ()))
        assert await hold(t, "dag-2", opened, "Godt samarbejde") == Say(DA("error.not_allowed"))
        assert "Godt samarbejde" not in repr(await t.shown("dag-2", "person:dag-2"))


async def test_a_representative_of_one_team_reads_no_other_teams_comments(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 12), ("aften", 12))) as t:
        for person, node in (("dag-2", "dag"), ("aften-2", "aften")):
            grant = Grant(person, node, Role.AMR)
            await t.bot.store.write(
                lambda tx, grant=grant: people.put_grants(tx, grant.person, [grant])
            )
        opened = await t.open("checkin", ("org",))
        said = {f"{name}-{n}": f"{name} {n}" for name in ("dag", "aften") for n in (3, 4, 5)}
        await answered(t, opened, team("dag", range(2, 13)) | team("aften", range(2, 13)), said)
        await t.travel(opened.closes_at)
        review = texts((await t.shown("dag-2", "person:dag-2"))[-1])
        assert {"dag 3", "dag 4", "dag 5"} <= set(review)
        assert not {"aften 3", "aften 4", "aften 5"} & set(review)
        told = await hold(t, "dag-2", opened, "aften 3")
        assert told == Say(DA("error.not_allowed"))


async def test_comments_of_teams_counted_together_are_shown_to_each_with_all_names(
    tmp_path: Path,
) -> None:
    async with town(tmp_path, cast(("dag", 8), ("aften", 8))) as t:
        opened = await t.open("checkin", ("org",))
        said = {"dag-3": "et", "dag-4": "to", "aften-5": "tre"}
        await answered(t, opened, team("dag", range(2, 9)) | team("aften", range(2, 9)), said)
        await t.travel(opened.publish_at)
        for node in ("dag", "aften"):
            card = (await channel(t, node, f"{node}-6"))[-1]
            assert {"et", "to", "tre"} <= set(texts(card))
            head = [
                DA("result.comments_of", team=names)
                for names in (["Aften", "Dag"], ["Dag", "Aften"])
            ]
            assert set(head) & set(texts(card))


async def test_two_comments_are_destroyed_unread(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        two = {"dag-3": "et", "dag-4": "to"}
        await answered(t, opened, team("dag", range(2, 12)), two)
        await t.travel(opened.publish_at)
        assert await t.bot.store.read(lambda tx: figures.comments(tx, opened.id)) == ()
        assert "comments.review" not in [note.kind for note in await t.notes("person:dag-2")]


def as_sent(card: Message) -> str:
    """Return what a message says for good, on a platform that keeps it as it was sent."""
    return repr(tuple(part for part in card.children if not isinstance(part, Transient)))


def opens(card: Message) -> str:
    return next(part.opens.action for part in card.children if isinstance(part, Transient))


async def test_no_comment_stands_in_a_message_for_good(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_comments(t)
        review = (await t.shown("dag-2", "person:dag-2"))[-1]
        await t.travel(opened.publish_at)
        card = (await channel(t, "dag", "dag-5"))[-1]
        assert (opens(review), opens(card)) == ("comments.open", "comments.shown")
        assert not any(text in as_sent(one) for one in (review, card) for text in SAID.values())
        assert "3 kommentarer" in as_sent(review)
        assert set(SAID.values()) <= set(texts(card))


async def test_what_was_shown_opens_for_the_team_until_its_time_is_over(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await with_comments(t)
        (figure,) = await t.bot.store.read(lambda tx: figures.of_round(tx, opened.id))
        early = await t.click("dag-1", "comments.shown", figure.id)
        assert early == Say(DA("error.not_allowed"))
        await hold(t, "dag-2", opened, "Peter er sur")
        await t.travel(opened.publish_at)
        for person, may in (("dag-5", True), ("dag-1", True), ("aften-3", False)):
            reply = await t.click(person, "comments.shown", figure.id)
            assert isinstance(reply, Show) == may
            assert "Peter er sur" not in repr(reply)
            if isinstance(reply, Show):
                assert {"Godt samarbejde", DA("result.held", number=1)} <= set(texts(reply.message))
        year = opened.publish_at + timedelta(days=366)
        await t.bot.store.write(lambda tx: past_rounds.forget_comments(tx, year, 20))
        reply = await t.click("dag-5", "comments.shown", figure.id)
        assert isinstance(reply, Show)
        assert DA("comments.gone") in words_of(reply.message)
