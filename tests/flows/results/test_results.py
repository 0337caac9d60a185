"""What a result says: headline, figures, participation, what moved, and levels in words."""

from pathlib import Path

import pytest
from closed_rounds import DA, answered, channel, team, texts
from town import at, cast, town

from bot.cards import Chart
from bot.domain.people import Grant, Role
from bot.domain.results import Bound, Label
from bot.flows.results.words import level
from bot.storage import figures, people


async def test_a_checkin_says_headline_figures_participation_and_a_question_to_talk_about(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 9), 3))
        await t.travel(opened.publish_at)
        card = (await channel(t, "dag", "dag-5"))[-1]
        said = texts(card)
        assert "7 af 10 svarede." in repr(card)
        chart = next(part for part in card.children if isinstance(part, Chart))
        assert [bar.words for bar in chart.bars] == ["3", "3", "3"]
        assert chart.alt.count("3") >= 3
        talk = {DA.instrument("checkin").questions[one.id].talk for one in opened.questions}
        assert talk & set(said)
        assert "Dag" in card.title


async def test_a_trend_stands_beside_the_next_result(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        for day, value in ((2, 2), (16, 4), (30, 4)):
            await t.travel(at(day))
            opened = await t.open("checkin", ("dag",))
            await answered(t, opened, team("dag", range(2, 9), value))
            await t.travel(opened.publish_at)
        cards = [repr(card) for card in await channel(t, "dag", "dag-5")]
        anchor = DA.instrument("checkin").questions["anchor"].short
        assert DA("result.trend.up", what=[anchor]) not in cards[0]
        assert DA("result.trend.up", what=[anchor]) in cards[1]
        assert DA("result.trend.same", what=[anchor]) in cards[2]


async def test_many_who_do_not_know_are_said_in_words(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(2, 7)) | team("dag", range(7, 12), 0))
        await t.travel(opened.publish_at)
        card = repr((await channel(t, "dag", "dag-5"))[-1])
        short = DA.instrument("checkin").questions["anchor"].short
        assert DA("result.dont_know", what=short, share=DA("result.band.half")) in card


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (Label(3.5), "mellem aktivt og proaktivt"),
        (Label(3.0), "aktivt"),
        (Label(3.2), "aktivt"),
        (Label(3.3), "mellem aktivt og proaktivt"),
        (Label(3.8), "proaktivt"),
        (Label(1.5, Bound.AT_MOST), "højst reaktivt"),
        (Label(2.0, Bound.AT_MOST), "højst reaktivt"),
        (Label(4.5, Bound.AT_LEAST), "mindst proaktivt"),
        (Label(4.0, Bound.AT_LEAST), "mindst proaktivt"),
    ],
)
def test_a_level_in_words_never_says_more_than_the_label(value: Label, said: str) -> None:
    assert level(DA, "maturity", value) == said


async def test_maturity_is_said_between_two_levels(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 13))) as t:
        opened = await t.open("maturity", ("dag",), open_days=10)
        await answered(t, opened, team("dag", range(2, 8), 3) | team("dag", range(8, 14), 4))
        await t.travel(opened.publish_at)
        card = (await channel(t, "dag", "dag-5"))[-1]
        between = DA("result.level.between", lower="aktivt", upper="proaktivt")
        assert between in repr(card)
        page_ids = [
            one.id for one in await t.bot.store.read(lambda tx: figures.of_round(tx, opened.id))
        ]
        page = await t.bot.front.page("dag-5", f"results/{page_ids[0]}")
        assert DA("result.distribution") in repr(page)


async def test_leads_stand_beside_employees_where_both_are_enough(tmp_path: Path) -> None:
    async with town(tmp_path, cast(("dag", 12))) as t:
        leads = [f"dag-{n}" for n in range(1, 6)]
        for lead in leads:
            grant = Grant(lead, "dag", Role.LEAD)
            await t.bot.store.write(
                lambda tx, grant=grant: people.put_grants(tx, grant.person, [grant])
            )
        opened = await t.open("checkin", ("dag",))
        await answered(t, opened, team("dag", range(6, 13), 2) | dict.fromkeys(leads, 4))
        await t.travel(opened.publish_at)
        card = repr((await channel(t, "dag", "dag-7"))[-1])
        assert DA("result.beside") in card
        assert "7 af 7 svarede." in card
