"""Cards as messages: what stands where, what a button carries, and what becomes of too much."""

from collections.abc import Sequence
from typing import Any

import pytest
from slack_cards import PAGES, asked, board, rendering, result

from bot.cards import Actions, Button, Divider, Fields, Link, Message, Table, Text, Transient
from bot.platforms.slack import blocks, limits, views
from bot.platforms.slack.blocks import Rendered, decode_action
from bot.platforms.slack.buttons import LINK, OPEN, decode_option

CONTEXT = rendering("da")


def posted(*parts: Any, **more: Any) -> Rendered:
    return blocks.message(Message("Et kort", tuple(parts), **more), context=CONTEXT)


def kinds(page: Sequence[dict[str, Any]]) -> list[str]:
    return [one["type"] for one in page]


def buttons(page: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found = (one for b in page for one in [*b.get("elements", ()), b.get("accessory")] if one)
    return [one for one in found if one["type"] == "button"]


def test_a_button_carries_its_action_context_and_value_and_nothing_else() -> None:
    (button,) = buttons(posted(Actions((Button("ask.answer", "Ofte", "r1", "0:q1:4"),))).blocks)
    assert button["action_id"] == "ask.answer|1"
    assert button["value"] == '["r1","0:q1:4"]'
    assert decode_action(button) == ("ask.answer", "r1", "0:q1:4")


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"action_id": "ask.answer"},
        {"action_id": "ask.answer|x", "value": '["a","b"]'},
        {"action_id": "ask.answer|1", "value": "not json"},
        {"action_id": "ask.answer|1", "value": '["a"]'},
        {"action_id": "ask.answer|1", "value": '["a",{"b":1}]'},
        {"action_id": "ask.answer|1", "value": "[" * 100_000},
        {"action_id": "ask.answer|1", "value": None},
    ],
)
def test_a_payload_of_another_shape_is_refused(forged: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="of this bot's"):
        decode_action(forged)


@pytest.mark.parametrize("forged", ["", "[1,2,3]", '["a","b"]', None, 7])
def test_an_option_of_another_shape_is_refused(forged: object) -> None:
    with pytest.raises(ValueError, match="of this bot's"):
        decode_option(forged)


def test_a_payload_too_long_for_a_button_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError, match=r"team\.open"):
        posted(Actions((Button("team.open", "Se", "x" * limits.BUTTON_VALUE),)))


def test_a_link_is_a_button_that_opens_a_page_and_does_nothing_else() -> None:
    (button,) = buttons(posted(Actions((Link("Se mere", "results/f1"),))).blocks)
    assert button["url"] == f"{PAGES}results/f1"
    assert decode_action(button) == (LINK, "", "")


def test_what_cannot_be_taken_back_is_asked_about_before_it_is_done() -> None:
    gone = Button("ask.delete", "Slet alle svar", "r1", style="danger", confirm="Helt sikkert?")
    keep = Button("a", "Behold", confirm="Det får teamet at vide.")
    asked_, told, plain = buttons(posted(Actions((gone, keep, Button("a", "Se")))).blocks)
    assert {name: one["text"] for name, one in asked_["confirm"].items() if name != "style"} == {
        "title": "Slet alle svar",
        "text": "Helt sikkert?",
        "confirm": "Slet alle svar",
        "deny": "Fortryd",
    }
    assert asked_["confirm"]["style"] == "danger"
    assert "style" not in told["confirm"]
    assert "confirm" not in plain


def test_what_was_chosen_before_is_marked_in_words_and_colour() -> None:
    drawn = {
        one["text"]["text"]: one.get("style")
        for one in buttons(posted(*asked(1, 4).children).blocks)
    }
    assert drawn["✓ Ofte"] == "primary"
    assert drawn["Altid"] is None


def test_progress_is_told_once() -> None:
    told = posted(Text("2 af 3", "quiet"), progress=(2, 3))
    assert kinds(told.blocks) == ["context"]
    (untold, _) = posted(Text("Hvad nu?", "question"), progress=(2, 3)).blocks
    assert untold["elements"][0]["text"] == "2/3"


def test_long_choices_stand_as_text_beside_numbered_buttons() -> None:
    long = "Vi taler om det på hvert møde, " * 4
    choices = Actions((Button("a", "Aldrig"), Button("a", long)), "choices")
    first, second = posted(choices).blocks
    assert (first["text"]["text"], first["accessory"]["text"]["text"]) == ("Aldrig", "1")
    assert second["text"]["text"] == long
    assert second["accessory"]["accessibility_label"].startswith("2: Vi taler")


def test_more_buttons_than_a_row_holds_stand_in_several() -> None:
    many = tuple(Button("a", str(number)) for number in range(30))
    drawn = posted(Actions(many)).blocks
    assert [len(one["elements"]) for one in drawn] == [25, 5]
    assert len({one["action_id"] for one in buttons(drawn)}) == 30


def test_a_chart_without_a_picture_is_told_in_words_and_with_one_in_both() -> None:
    without = blocks.message(result(), context=CONTEXT).blocks
    drawn = blocks.message(result(), context=rendering("da", fig1="F1")).blocks
    (image,) = [one for one in drawn if one["type"] == "image"]
    assert "image" not in kinds(without)
    assert image["slack_file"] == {"id": "F1"}
    assert "2½" in image["alt_text"]
    for page in (without, drawn):
        assert "4 (sidst: 3,5)" in str(page)
        assert "1 = slet ikke, 5 = helt" in str(page)


def test_what_may_have_to_go_again_is_behind_a_button_in_a_message_and_in_place_in_a_view() -> None:
    opens = Button("comments.shown", "Kommentarer (1)", "f1")
    card = Message("Et kort", (Text("8 af 11"), Transient(opens, (Text("Mere ro", "quote"),))))
    sent = blocks.message(card, context=CONTEXT).blocks
    assert [decode_action(one) for one in buttons(sent)] == [("comments.shown", "f1", "")]
    assert "Mere ro" not in str(sent)
    view = views.question(card, context=CONTEXT)["blocks"]
    assert "Mere ro" in str(view)
    assert buttons(view) == []


def test_hostile_words_stand_where_slack_reads_no_markup() -> None:
    words = "<!channel> <@U1> *x* <https://evil.example|her>"
    drawn = posted(
        Text(words), Text(words, "question"), Text(words, "quote"), Text(words, "quiet"),
        Fields(((words, words),)), Table((words, "b"), ((words, words),)), title=words,
    )  # fmt: skip
    assert "mrkdwn" not in str(drawn.blocks)
    assert "'link'" not in str(drawn.blocks)
    assert "<" not in blocks.message(Message(words, ()), context=CONTEXT).text


def test_a_card_without_parts_says_its_fallback() -> None:
    (only,) = posted().blocks
    assert only["text"]["text"] == "Et kort"
    assert posted(Divider(), Divider()).blocks == (only,)


def test_a_long_card_goes_on_in_more_messages_and_says_so() -> None:
    drawn = posted(*(Text(f"Afsnit {number}") for number in range(120)))
    pages = [drawn.blocks, *drawn.more]
    assert [len(page) for page in pages] == [50, 50, 22]
    assert pages[0][-1]["elements"][0]["text"] == "Fortsætter i næste besked (1 af 3)."
    assert "Fortsætter" not in str(pages[-1])


def test_a_message_has_no_more_than_slack_takes_together() -> None:
    drawn = posted(*(Text("å" * 1_900) for _ in range(6)))
    assert len(drawn.more) == 2


def test_answers_stay_with_their_question_when_a_card_is_split() -> None:
    lead = [Text(f"Afsnit {number}") for number in range(46)]
    drawn = posted(*lead, *asked(2).children)
    assert kinds(drawn.more[0]) == ["context", "rich_text", "actions", "actions"]


def test_a_table_in_a_message_is_slacks_own() -> None:
    (table,) = posted(Table(("Navn", "Tal", "Dag"), (("Ro & fred", "1", ""),), "Kort")).blocks[1:]
    heading, row = table["rows"]
    assert [cell["text"] for cell in heading] == ["Navn", "Tal", "Dag"]
    assert [cell["text"] for cell in row] == ["Ro & fred", "1", "–"]


def test_rows_that_lead_on_each_have_a_button_that_opens_them_in_slack() -> None:
    drawn = blocks.message(board(), context=CONTEXT).blocks
    first, _, last = [one for one in drawn if one["type"] == "section"][1:]
    assert first["text"]["text"] == (
        "Fast makker på vagten\nAnsvarlig: Anna Holm · Følges op: 3. marts 2026"
    )
    assert decode_action(first["accessory"]) == (OPEN, "", "actions/a1")
    assert first["accessory"]["text"]["text"] == "Åbn"
    assert first["accessory"]["accessibility_label"] == "Åbn: Fast makker på vagten"
    assert last["text"]["text"] == "Ryd op i <kalenderen> & co.\nFølges op: uden dato"
    assert "accessory" not in last


def test_a_row_that_leads_to_more_than_one_thing_has_a_button_for_each() -> None:
    row = (Link("Tavlen", "board/dag"), Link("Hjemmesiden", "https://x.example"), "i dag")
    drawn = posted(Table(("Hvad", "Hvor", "Dag"), (row,))).blocks
    opens, leads = buttons(drawn)
    assert decode_action(opens) == (OPEN, "", "board/dag")
    assert (leads["text"]["text"], leads["url"]) == ("Hjemmesiden", f"{PAGES}https://x.example")


def test_a_row_that_leads_on_is_shown_whole_however_long_it_is() -> None:
    long = "Vi vil prøve det. " * 400
    drawn = posted(Table(("Hvad", "Dag"), ((Link(long, "action/a1"), "i dag"),))).blocks
    assert len(drawn) > 2
    assert [one["type"] for one in drawn if "accessory" in one] == ["section"]
    assert "".join(one["text"]["text"] for one in drawn).count("Vi vil prøve det.") == 400


def test_a_second_table_stands_in_the_next_message_and_a_long_one_repeats_its_headings() -> None:
    small = Table(("Navn", "Tal"), (("a", "1"),))
    assert [kinds(page) for page in posted(small, small).more] == [["table"]]
    long = Table(("Navn", "Tal"), tuple((f"navn {number}", "1") for number in range(150)))
    drawn = posted(long)
    tables = [page[0] for page in (drawn.blocks, *drawn.more)]
    assert sum(len(one["rows"]) - 1 for one in tables) == 150
    assert all(one["rows"][0][0]["text"] == "Navn" for one in tables)


def test_a_table_with_long_cells_is_read_row_by_row() -> None:
    drawn = posted(Table(("Navn", "Hvorfor"), (("Ro", "fordi " * 60),)))
    assert kinds(drawn.blocks) == ["rich_text"]
    assert "Hvorfor: fordi" in str(drawn.blocks)


def test_a_tables_caption_that_stands_above_it_as_the_title_is_said_once() -> None:
    rows = Table(("Navn",), ((Link("Ro", "action/a1"),),), "Mine tiltag")
    once = posted(rows, title="Mine tiltag").blocks
    assert str(once).count("Mine tiltag") == 1
    assert str(posted(rows, title="Tiltag").blocks).count("Mine tiltag") == 1
