"""What is found out about a template without filling it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.formats import FILTERS, Formats
from bot.content.quick_study import quick_study
from bot.content.sandbox import PlainSandbox
from bot.content.studies import FILTER_USES, Use
from bot.content.templates import full_study, study

SANDBOX = PlainSandbox(Formats("da"))
VALUES = ("team", "closes", "n")

VALUE = st.sampled_from(["{{ team }}", "{{closes|day}}", "{{ n | number }}", "{{ n }}", "{{ x }}"])
ODD = st.sampled_from(
    ["{{ team|upper }}", "{# note #}", "{{-n}}", "{{ true }}", "{% if n is odd %}", "{{{ n }}}"]
)
BRANCH = st.sampled_from(
    [
        "{% if n %}",
        "{% if n == 1 %}",
        "{%if n>=12%}",
        "{% if team == 'x y' %}",
        '{% elif team != "" %}',
        "{% elif team < 'a' %}",
        "{% elif x %}",
        "{% else %}",
        "{% endif %}",
        "{% if not n %}",
        "{% if team == 'a\" %}",
        "{% if 1 == n %}",
    ]
)
TEXT = st.text("ab .,%{}#|\n-", max_size=6)
CHOICE = st.tuples(TEXT, VALUE, TEXT).map(
    lambda parts: f"{{% if n == 1 %}}{parts[0]}{{% else %}}{parts[1]}{parts[2]}{{% endif %}}"
)


@settings(max_examples=400)
@given(st.lists(st.one_of(TEXT, VALUE, BRANCH, CHOICE, ODD), max_size=7).map("".join))
def test_the_quick_reading_says_what_jinja_says_or_nothing(template: str) -> None:
    quick = quick_study(template, VALUES)
    if quick is None:
        return
    slow = full_study(template, VALUES, SANDBOX)
    assert slow.problems == []
    assert (quick.uses, quick.choices, quick.loops) == (slow.uses, slow.choices, slow.loops)
    assert sorted(map(str, quick.outputs)) == sorted(map(str, slow.outputs))
    assert quick.literal - slow.literal in {0, 1}, "Jinja drops one newline at the end"


def test_the_quick_reading_reads_what_messages_are_made_of() -> None:
    plain = "{{ team }}: {% if n == 1 %}1 svar{% elif team != 'x' %}{{ n }} svar{% endif %}."
    found = quick_study(plain, VALUES)
    assert found is not None
    assert found.uses == {"team": {Use.TEXT}, "n": {Use.NUMBER, Use.TEXT}}
    assert found.choices == {"team": {"x"}}


def test_what_a_value_is_taken_for_follows_from_its_filter() -> None:
    found = study("{{ closes|clock }} {{ team }}", VALUES, SANDBOX)
    assert found.uses == {"closes": {Use.DATE}, "team": {Use.TEXT}}
    assert found.outputs == [("closes", "clock"), ("team", None)]


def test_what_a_value_is_taken_for_follows_from_comparisons_and_loops() -> None:
    found = study(
        "{% if n > 2 or 'x' == team %}{% endif %}{% for one in closes %}{% endfor %}",
        VALUES,
        SANDBOX,
    )
    assert found.uses == {"n": {Use.NUMBER}, "closes": {Use.LIST}}
    assert found.choices == {"team": {"x"}}
    assert found.loops


def test_a_choice_writes_both_its_ends_but_not_its_condition() -> None:
    found = study("{{ team if n == 1 else 'none' }}", VALUES, SANDBOX)
    assert found.outputs == [("team", None)]
    assert found.literal == len("none")


def test_every_problem_of_a_template_is_found_at_once() -> None:
    found = study("{{ who }} {{ team.x }} {{ n|shout }}", VALUES, SANDBOX)
    assert [code for code, _ in found.problems] == [
        "unknown-value",
        "template-forbidden",
        "unknown-filter",
    ]


def test_every_filter_says_what_it_takes() -> None:
    assert set(FILTER_USES) == set(FILTERS)
