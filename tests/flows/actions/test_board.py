"""The action board: who sees what, and filters that are links."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from acting import AMR, LEAD, MEMBER, made
from hypothesis import given
from hypothesis import strategies as st
from town import Town, at, buttons, cast, town, words_of

from bot.cards import Actions, Link, Message, Table
from bot.domain.action_items import ActionItem, ActionState, Level, Perspective
from bot.flows.actions.board import FILTERS, Filter, is_when


@pytest_asyncio.fixture
async def t(tmp_path: Path) -> AsyncIterator[Town]:
    async with town(tmp_path, cast(("dag", 8), ("aften", 6))) as found:
        yield found


async def board(t: Town, person: str, path: str) -> tuple[Message, ...]:
    page = await t.bot.front.page(person, path)
    assert page is not None, path
    return page.cards


def shown(cards: tuple[Message, ...]) -> list[str]:
    """Return what the actions on the board are called."""
    return [
        str(getattr(row[0], "label", row[0]))
        for part in cards[0].children
        if isinstance(part, Table)
        for row in part.rows
    ]


def links(card: Message) -> list[Link]:
    rows = [part.children for part in card.children if isinstance(part, Actions)]
    return [one for row in rows for one in row if isinstance(one, Link)]


async def fill(t: Town) -> None:
    await made(t, what="Sent", due="2026-03-04", level="individual")
    await made(t, what="Denne uge", due="2026-03-13", perspective="handling")
    await made(t, what="Denne måned", due="2026-03-27", level="leader")
    await made(t, what="Senere", due="2026-04-15", perspective="preventive")
    done = await made(t, what="Gjort", due="2026-03-06")
    await t.click(MEMBER, "action.done", done.id)
    await t.travel(at(10))


async def test_the_board_shows_what_is_to_be_done_the_soonest_first(t: Town) -> None:
    await fill(t)
    found = shown(await board(t, MEMBER, "board/dag"))
    assert found == ["Sent", "Denne uge", "Denne måned", "Senere"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("late", ["Sent"]),
        ("week", ["Denne uge"]),
        ("month", ["Denne uge", "Denne måned"]),
        ("done", ["Gjort"]),
        ("all", ["Sent", "Gjort", "Denne uge", "Denne måned", "Senere"]),
        ("preventive", ["Senere"]),
        ("month/leader", ["Denne måned"]),
        ("handling/leader", []),
    ],
)
async def test_filters_by_date_state_level_and_perspective_alone_and_together(
    t: Town, path: str, expected: list[str]
) -> None:
    await fill(t)
    assert shown(await board(t, MEMBER, f"board/dag/{path}")) == expected


async def test_every_filter_is_a_link_that_leads_to_a_board_and_marks_itself(t: Town) -> None:
    await fill(t)
    _, filters = await board(t, MEMBER, "board/dag")
    assert len(links(filters)) == sum(len(known) + 1 for known in FILTERS.values())
    for link in links(filters):
        cards = await board(t, MEMBER, link.path)
        assert [one for one in links(cards[1]) if one.path == link.path and one.chosen]


async def test_a_chosen_filter_is_kept_when_another_is_added_and_can_be_taken_away(
    t: Town,
) -> None:
    await fill(t)
    _, filters = await board(t, MEMBER, "board/dag/late")
    paths = {link.label: link.path for link in links(filters) if not link.chosen}
    assert paths["Fremmende"] == "board/dag/late/promoting"
    assert paths["Alle"] == "board/dag"


async def test_an_empty_board_says_how_to_begin_and_an_empty_filter_that_it_is_the_filter(
    t: Town,
) -> None:
    assert "Begynd gerne med ét lille skridt" in words_of((await board(t, LEAD, "board/dag"))[0])
    assert len(await board(t, LEAD, "board/dag")) == 1  # no filters where nothing can be found
    empty = (await board(t, LEAD, "board/dag/late"))[0]
    assert "passer til det du har valgt" in words_of(empty)


async def test_who_may_add_an_action_does_it_from_the_board(t: Town) -> None:
    assert [one.action for one in buttons((await board(t, LEAD, "board/dag"))[0])] == ["action.new"]
    assert buttons((await board(t, MEMBER, "board/dag"))[0]) == []


async def test_the_board_above_shows_each_only_the_teams_he_may_see(t: Town) -> None:
    await made(t, what="I dag")
    await made(t, AMR, "aften", what="I aften", responsible="aften-3")
    assert set(shown(await board(t, "boss", "board/org"))) == {"I aften", "I dag"}
    assert shown(await board(t, MEMBER, "board/org")) == ["I dag"]
    assert await t.bot.front.page("aften-3", "board/dag") is None


async def test_my_page_shows_what_i_am_responsible_for_and_nothing_when_it_is_nothing(
    t: Town,
) -> None:
    await made(t, what="Kaffe sammen")
    mine = await t.bot.front.page(MEMBER, "me")
    other = await t.bot.front.page("dag-6", "me")
    assert mine is not None
    assert other is not None
    assert "Kaffe sammen" in repr(mine.cards)
    assert "Mine tiltag" not in repr(other.cards)


async def test_the_leads_page_tells_how_many_there_are_and_names_nobody(t: Town) -> None:
    await fill(t)
    page = await t.bot.front.page(LEAD, "team/dag")
    assert page is not None
    card = next(card for card in page.cards if card.title == "Tiltag")
    assert "4 tiltag er aftalt eller i gang. 1 er over datoen." in words_of(card)
    assert "Dag 5" not in words_of(card)


async def test_the_sidebar_leads_to_ones_own_teams_board(t: Town) -> None:
    sidebar = await t.bot.front.sidebar(MEMBER)
    assert sidebar is not None
    assert "board/dag" in [entry.path for entry in sidebar.entries]


def test_no_word_of_a_path_stands_for_two_filters() -> None:
    words = [word for known in FILTERS.values() for word in known]
    assert len(words) == len(set(words))


@given(
    st.fixed_dictionaries({name: st.sampled_from(("", *known)) for name, known in FILTERS.items()})
)
def test_a_filter_is_read_back_from_its_path(values: dict[str, str]) -> None:
    wanted = Filter(**values)
    assert Filter.from_path(wanted.path()) == wanted


@given(st.text(alphabet="abc/lateo", max_size=20))
def test_any_other_path_is_refused_and_breaks_nothing(path: str) -> None:
    try:
        found = Filter.from_path(path)
    except ValueError:
        return
    assert sorted(filter(None, path.split("/"))) == sorted(filter(None, found.path().split("/")))


ITEM = ActionItem(
    id="a",
    node="dag",
    what="Kaffe",
    first_step="Køb",
    responsible="ann",
    due=date(2026, 3, 31),
    follow_up=date(2026, 12, 31),
    created_on=date(2026, 1, 1),
    level=Level.GROUP,
    perspective=Perspective.PROMOTING,
)


@pytest.mark.parametrize(
    ("today", "when"),
    [
        (date(2026, 4, 1), {"late"}),
        (date(2026, 3, 31), {"week", "month"}),
        (date(2026, 3, 30), {"week", "month"}),
        (date(2026, 3, 29), {"month"}),  # a Sunday: next week
        (date(2026, 2, 28), set()),
        (date(2025, 3, 31), set()),
    ],
)
def test_late_this_week_and_this_month(today: date, when: set[str]) -> None:
    assert {one for one in FILTERS["when"] if is_when(ITEM, one, today)} == when
    done = replace(ITEM, state=ActionState.DONE)
    assert not any(is_when(done, one, today) for one in FILTERS["when"])
