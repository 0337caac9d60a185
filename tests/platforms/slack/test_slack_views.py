"""Forms and questions as modals, the home tab, and what comes back from them."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import slack_oracle as oracle
from slack_cards import asked, board, form, rendering, review, statements

from bot.cards import Actions, Button, Form, Message, SelectInput, Text, TextInput, ToggleInput
from bot.platforms.slack import limits, selects, view_state, views
from bot.platforms.slack.blocks import decode_action

CONTEXT = rendering("da")


def made(*inputs: Any, **more: Any) -> Form:
    return Form("f", "Titel", inputs, "Gem", **more)


def fields(view: dict[str, Any]) -> dict[str, Any]:
    return {one["block_id"]: one for one in view["blocks"] if one["type"] == "input"}


def sent(**given: dict[str, Any]) -> dict[str, Any]:
    return {"values": {f"in.{name}": {"in": one} for name, one in given.items()}}


def came_back(form: Form, state: dict[str, Any]) -> dict[str, object]:
    return view_state.values({**views.modal(form, context=CONTEXT), "state": state})


def picked(form: Form, option: dict[str, Any]) -> list[str]:
    (one,) = form.inputs
    assert isinstance(one, SelectInput)
    given = came_back(form, sent(**{one.name: {"selected_option": option}}))[one.name]
    assert isinstance(given, list)
    return selects.undone(one, given)


def test_a_modal_carries_only_the_context_and_where_it_was_opened() -> None:
    view = views.modal(form(), context=CONTEXT, conversation="C1")
    assert view["callback_id"] == "action.save"
    assert view["private_metadata"] == '["n1:3","C1"]'
    assert views.origin(view) == ("n1:3", "C1")


@pytest.mark.parametrize("forged", [{}, {"private_metadata": ""}, {"private_metadata": "[1]"}])
def test_a_view_that_is_not_the_bots_is_refused(forged: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="of this bot's"):
        views.origin(forged)


def test_a_title_too_long_for_the_frame_stands_whole_in_the_view() -> None:
    title = "Hvornår passer det bedst for vores team?"
    view = views.modal(Form("f", title, (), "Gem"), context=CONTEXT)
    assert view["title"]["text"].endswith("…")
    assert view["blocks"][0]["text"]["text"] == title


def test_what_was_sent_comes_back_by_input() -> None:
    state = sent(
        what={"value": "Ro <nu>"},
        why={"value": None},
        who={"selected_option": {"value": "p7"}},
        marks={"selected_options": [{"value": "keep"}, {"value": "stop"}]},
        when={"selected_date": "2026-04-01"},
        weeks={"value": "3"},
        remind={"selected_options": []},
        stranger={"value": "x"},
    )
    assert came_back(form(), state) == {
        "what": "Ro <nu>",
        "why": "",
        "who": ["p7"],
        "marks": ["keep", "stop"],
        "when": "2026-04-01",
        "weeks": "3",
        "remind": False,
    }


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"values": None},
        {"values": []},
        {"values": {"in.what": 7}},
        {"values": {"in.what": {"in": []}}},
    ],
)
def test_a_state_of_another_shape_holds_nothing(state: dict[str, Any]) -> None:
    assert came_back(form(), state) == {}


def test_an_option_nobody_offered_is_handed_on_for_the_parser_to_refuse() -> None:
    state = sent(who={"selected_option": {"value": "p99"}})
    assert came_back(form(), state) == {"who": ["p99"]}


def test_an_options_value_too_long_for_slack_comes_back_whole() -> None:
    one = made(SelectInput("who", "Hvem?", (("x" * 400, "En"), ("", "Ingen"))))
    offered = fields(views.modal(one, context=CONTEXT))["in.who"]["element"]["options"]
    assert [picked(one, option) for option in offered] == [["x" * 400], [""]]


def test_slack_is_always_given_the_same_for_a_value_it_cannot_carry() -> None:
    def given(*before: tuple[str, str]) -> str:
        one = made(SelectInput("who", "Hvem?", (*before, ("x" * 400, "En"))), context="n1")
        view = views.modal(one, context=CONTEXT, conversation="C1")
        assert view["private_metadata"] == '["n1","C1"]'
        return str(fields(view)["in.who"]["element"]["options"][-1]["value"])

    assert given() == given(("p7", "To")) != "x" * 400


def test_a_value_that_looks_like_one_that_stands_for_another_is_not_taken_for_it() -> None:
    stands_for = selects.key("x" * 400)
    one = made(SelectInput("who", "Hvem?", ((stands_for, "En"), ("x" * 400, "To"))))
    offered = fields(views.modal(one, context=CONTEXT))["in.who"]["element"]["options"]
    assert [picked(one, option) for option in offered] == [[stands_for], ["x" * 400]]


def test_a_modal_opened_elsewhere_is_still_about_the_same() -> None:
    view = views.modal(made(context="n1"), context=CONTEXT, conversation="C1")
    assert views.origin(views.moved(view, "C2")) == ("n1", "C2")


def test_an_option_offered_twice_stands_once() -> None:
    one = made(SelectInput("who", "Hvem?", (("p7", "En"), ("p7", "En"), ("p8", "To"))))
    offered = fields(views.modal(one, context=CONTEXT))["in.who"]["element"]["options"]
    assert [option["value"] for option in offered] == ["p7", "p8"]


def test_labels_too_long_for_options_stand_above_them_whole() -> None:
    long = "Vi gør det på hvert møde og skriver det ned, " * 3
    view = views.modal(
        made(SelectInput("a", "Hvad?", (("1", long), ("2", "Nej")))), context=CONTEXT
    )
    above, below = view["blocks"]
    assert long in str(above)
    assert str(above).index("Hvad?") < str(above).index("1. Vi gør det")
    labels = [one["text"]["text"] for one in below["element"]["options"]]
    assert labels == ["1. Vi gør det på hvert…", "2. Nej"]


@pytest.mark.parametrize(
    ("count", "many", "kind"),
    [
        (6, False, "radio_buttons"),
        (7, False, "static_select"),
        (10, True, "checkboxes"),
        (11, True, "multi_static_select"),
    ],
)
def test_few_options_are_shown_and_more_fold_into_a_list(count: int, many: bool, kind: str) -> None:
    options = tuple((str(number), f"Kollega {number}") for number in range(count))
    view = views.modal(made(SelectInput("a", "Hvem?", options, many=many)), context=CONTEXT)
    assert fields(view)["in.a"]["element"]["type"] == kind


@pytest.mark.parametrize(
    ("many", "kind"), [(False, "external_select"), (True, "multi_external_select")]
)
def test_more_options_than_a_list_holds_are_searched_with_the_chosen_one_there(
    many: bool, kind: str
) -> None:
    options = tuple((str(number), f"Kollega {number}") for number in range(150))
    view = views.modal(
        made(SelectInput("a", "Hvem?", options, ("120",), many=many)), context=CONTEXT
    )
    search = fields(view)["in.a"]["element"]
    assert search["type"] == kind
    assert search["min_query_length"] == 1
    assert search["placeholder"]["text"] == "Skriv for at søge blandt 150"
    (chosen,) = search["initial_options"] if many else [search["initial_option"]]
    assert (chosen["value"], chosen["text"]["text"]) == ("120", "Kollega 120")
    assert len(str(view)) < 2_000


def test_more_chosen_than_a_search_starts_from_stands_in_several_and_comes_back_as_one() -> None:
    options = tuple((str(number), f"Kollega {number}") for number in range(350))
    chosen = tuple(str(number) for number in range(250))
    one = made(SelectInput("a", "Hvem?", options, chosen, many=True))
    found = fields(views.modal(one, context=CONTEXT))
    assert list(found) == ["in.a", "in.a~2", "in.a~3"]
    assert [field["optional"] for field in found.values()] == [False, True, True]
    state = {
        "values": {
            name: {"in": {"selected_options": field["element"]["initial_options"]}}
            for name, field in found.items()
        }
    }
    assert came_back(one, state) == {"a": list(chosen)}
    assert list(views.errors(one, {"a": "x"})) == ["in.a"]


def test_a_label_too_long_to_be_found_whole_goes_on_below() -> None:
    options = tuple((str(number), f"Forslag {number} " + "om " * 70) for number in range(150))
    view = views.modal(made(SelectInput("a", "Hvilket?", options, ("7",))), context=CONTEXT)
    (search,) = [block for block in view["blocks"] if block["type"] == "input"]
    shown = search["element"]["initial_option"]
    assert shown["text"]["text"].startswith("Forslag 7 om")
    assert len(shown["text"]["text"]) <= limits.OPTION
    assert shown["description"]["text"].endswith("…")


def test_lists_a_view_has_no_room_for_are_searched() -> None:
    options = tuple((f"{number}" + "æ" * 140, "Å" * 75) for number in range(100))
    many = made(*(SelectInput(str(n), "Hvem?", options) for n in range(8)))
    view = views.modal(many, context=CONTEXT)
    assert {one["element"]["type"] for one in fields(view).values()} == {"external_select"}
    few = made(*many.inputs[:4])
    view = views.modal(few, context=CONTEXT)
    assert {one["element"]["type"] for one in fields(view).values()} == {"static_select"}


def test_statements_a_view_has_no_room_for_are_shortened_visibly() -> None:
    options = tuple((str(number), f"{number} " + "ord " * 4_000) for number in range(5))
    many = made(*(SelectInput(str(n), "Hvad?", options) for n in range(4)))
    view = views.modal(many, context=CONTEXT)
    (first, *_) = [block for block in view["blocks"] if block["type"] == "rich_text"]
    assert "ord…" in str(first)
    assert oracle.in_view(view) == []


def test_more_inputs_than_a_view_holds_are_refused_before_slack_does() -> None:
    with pytest.raises(ValueError, match="f: more than a view holds"):
        views.modal(made(*(TextInput(str(n), "x") for n in range(101))), context=CONTEXT)


def test_an_introduction_longer_than_a_view_holds_is_cut_visibly() -> None:
    long = made(TextInput("a", "x"), intro=tuple(Text("ord " * 700 + str(n)) for n in range(90)))
    view = views.modal(long, context=CONTEXT)
    *said, cut, field = view["blocks"]
    assert (len(said) > 50, cut["elements"][0]["text"], field["type"]) == (True, "…", "input")
    assert oracle.in_view(view) == []


def test_an_introduction_gives_way_to_the_inputs_and_shows_it() -> None:
    many = made(
        *(TextInput(str(n), "x") for n in range(98)), intro=(Text("a"), Text("b"), Text("c"))
    )
    first, cut, *rest = views.modal(many, context=CONTEXT)["blocks"]
    assert (first["text"]["text"], cut["elements"][0]["text"], len(rest)) == ("a", "…", 98)


def test_what_was_typed_beyond_a_limit_is_kept_to_be_mended() -> None:
    view = views.modal(made(TextInput("a", "x", "y" * 400, limit=300)), context=CONTEXT)
    assert fields(view)["in.a"]["element"]["initial_value"] == "y" * 400


def test_errors_stand_at_their_inputs_and_others_at_the_first() -> None:
    told = views.errors(form(), {"when": "Vælg en dag.", "": "Nogen var hurtigere."})
    assert told == {"in.when": "Vælg en dag.", "in.what": "Nogen var hurtigere."}
    with pytest.raises(ValueError, match="no input"):
        views.errors(made(), {"": "x"})


def test_an_input_nothing_can_be_chosen_in_is_only_told() -> None:
    one = made(SelectInput("a", "Hvem?", (), hint="Der er ingen endnu."), ToggleInput("b", "Ja?"))
    view = views.modal(one, context=CONTEXT)
    assert list(fields(view)) == ["in.b"]
    assert views.errors(one, {"a": "x"}) == {"in.b": "x"}


def test_a_question_is_answered_by_its_buttons_without_a_submit() -> None:
    view = views.question(statements(), context=CONTEXT, conversation="D1")
    assert "submit" not in view
    chosen = [decode_action(one["accessory"]) for one in view["blocks"] if "accessory" in one]
    assert [value for _, _, value in chosen] == ["0:m1:1", "0:m1:2", "0:m1:3"]


def test_several_questions_stand_on_one_view_and_may_be_left_alone() -> None:
    view = views.questions([asked(1), asked(2, chosen=3)], context=CONTEXT)
    first, second = fields(view).values()
    assert first["optional"]
    assert "initial_option" not in first["element"]
    assert second["element"]["initial_option"]["text"]["text"] == "Af og til"
    labels = [one["text"]["text"] for one in first["element"]["options"]]
    assert labels[-1] == "Ved ikke"
    assert [decode_action(one)[0] for one in view["blocks"][-1]["elements"]] == ["ask.who"]


@pytest.mark.parametrize(("number", "submit"), [(1, "Næste"), (2, "Næste"), (3, "Send svar")])
def test_a_question_says_where_one_is_and_what_sending_does(number: int, submit: str) -> None:
    view = views.questions([asked(number)], context=CONTEXT)
    first = view["blocks"][0]
    assert (first["type"], first["elements"][0]["text"]) == ("context", f"{number} af 3")
    assert view["submit"]["text"] == submit


def test_progress_no_line_tells_of_is_told_in_figures() -> None:
    view = views.questions([statements()], context=CONTEXT)
    assert view["blocks"][0]["elements"][0]["text"] == "2/10"


def test_that_sending_nothing_skips_is_said_where_it_does() -> None:
    (skips,) = fields(views.questions([asked(1)], context=CONTEXT)).values()
    (must,) = fields(views.questions([statements()], context=CONTEXT)).values()
    assert skips["hint"]["text"] == "Vælg intet for at springe over."
    assert "hint" not in must


def test_an_answer_too_long_for_an_option_to_carry_is_refused_before_it_is_sent() -> None:
    card = Message("x", (Actions((Button("a", "Ja", "r" * 150),), "choices"),))
    with pytest.raises(ValueError, match="more than an option can carry"):
        views.questions([card], context=CONTEXT)


def test_statements_are_numbered_as_a_scale_and_no_way_out_is_one_of_them() -> None:
    card = statements()
    out = Actions((Button("ask.answer", "Ved ikke", "r1", "0:m1:0"),))
    view = views.questions([replace(card, children=(*card.children, out))], context=CONTEXT)
    (field,) = fields(view).values()
    labels = [one["text"]["text"] for one in field["element"]["options"]]
    assert [label[:2] for label in labels] == ["1.", "2.", "3.", "Ve"]


def test_a_home_longer_than_slack_takes_is_leafed_through() -> None:
    card = Message("Et", tuple(Text(f"Afsnit {number}") for number in range(150)))
    first = views.home([card], context=CONTEXT)
    last = views.home([card], context=CONTEXT, page=1)
    assert len(first["blocks"]) == 99
    assert first["blocks"][-2]["elements"][0]["text"] == "Side 1 af 2"
    assert decode_action(first["blocks"][-1]["elements"][0]) == (views.PAGE, "", "1")
    assert decode_action(last["blocks"][-1]["elements"][0]) == (views.PAGE, "", "0")
    assert views.home([card], context=CONTEXT, page=99) == last


def test_what_is_done_below_a_list_does_not_stand_beside_its_last_row() -> None:
    view = views.question(board(), context=CONTEXT)
    *_, row, below = view["blocks"]
    assert row["text"]["text"].startswith("Ryd op")
    assert "accessory" not in row
    assert below["elements"][0]["text"]["text"] == "Nyt tiltag"


def test_a_home_has_lines_between_its_cards_and_no_tables() -> None:
    view = views.home([review(), board()], context=CONTEXT)
    kinds = [one["type"] for one in view["blocks"]]
    assert kinds.count("divider") == 1
    assert "table" not in kinds
    assert "Ansvarlig: Anna Holm" in str(view)


def test_a_home_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no card"):
        views.home([], context=CONTEXT)


def test_a_day_is_offered_as_slack_writes_it() -> None:
    view = views.modal(form(), context=CONTEXT)
    assert fields(view)["in.when"]["element"]["initial_date"] == date(2026, 3, 17).isoformat()
