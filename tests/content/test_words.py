"""How a message is filled: just the declared values, plain, and never a template themselves."""

from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.formats import Formats
from bot.content.sandbox import PlainSandbox
from bot.content.wording import InstrumentWords, MessageKey
from bot.content.words import UnknownMessage, Words, WrongValues
from bot.domain.languages import LANGUAGES, Language

INVITE = "{{ team }}: {{ closes|day }} {{ closes|clock }}."
CLOSES = datetime(2026, 3, 3, 9, 30, tzinfo=ZoneInfo("Europe/Copenhagen"))


def words(template: str, *values: str, language: Language = "da") -> Words:
    return Words(language, {"a.b": MessageKey(values, "text")}, {"a.b": template}, {})


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("da", "Nord: tirsdag den 3. marts kl. 9.30."),
        ("sv", "Nord: tisdag 3 mars kl. 9.30."),
        ("en", "Nord: Tuesday 3 March 9:30."),
    ],
)
def test_a_message_is_filled_in_its_language(language: Language, text: str) -> None:
    say = words(INVITE, "team", "closes", language=language)
    assert say("a.b", team="Nord", closes=CLOSES) == text


def test_a_choice_takes_one_branch() -> None:
    say = words("{% if n == 1 %}1 svar{% else %}{{ n }} svar{% endif %}", "n")
    assert (say("a.b", n=1), say("a.b", n=8)) == ("1 svar", "8 svar")


def test_a_message_may_be_asked_for_with_a_value_called_key_or_self() -> None:
    assert words("{{ key }}", "key")("a.b", key="x") == "x"


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7 * 7 }}",
        "{% for x in [1] %}x{% endfor %}",
        "{{ ''.__class__.__mro__ }}",
        "{0} {x} %s %(y)s",
        "<script>alert(1)</script> & *bold* <!channel>",
        "}} {# #} {%",
        "æøå 🙂 \u202e",
    ],
)
def test_a_value_that_looks_like_a_template_is_shown_as_text(hostile: str) -> None:
    say = words("{{ team }}|{{ people|names }}|{{ people|join(' ') }}", "team", "people")
    assert say("a.b", team=hostile, people=[hostile]) == "|".join([hostile] * 3)


@given(st.text())
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    assert words("<{{ team }}>", "team")("a.b", team=text) == f"<{text}>"


class Colour(StrEnum):
    RED = "red"


class Sneaky(str):
    def __str__(self) -> str:
        return "something else"

    def upper(self) -> str:
        return "code of mine"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("text", "text"),
        (5, "5"),
        (3.5, "3.5"),
        (date(2026, 3, 3), "2026-03-03"),
        (Colour.RED, "red"),
        (Sneaky("plain"), "plain"),
    ],
)
def test_plain_values_are_taken(value: object, shown: str) -> None:
    assert words("{{ it }}", "it")("a.b", it=value) == shown


def test_lists_and_tuples_of_text_are_taken() -> None:
    say = words("{{ it|names }}", "it")
    assert say("a.b", it=["x", Colour.RED]) == say("a.b", it=("x", "red")) == "x og red"


@pytest.mark.parametrize(
    "value", [None, object(), {"a": 1}, {"a"}, b"bytes", [1], [["x"]], len, str, Formats("da")]
)
def test_anything_but_plain_values_is_refused(value: object) -> None:
    with pytest.raises(WrongValues, match="it is not plain"):
        words("{{ it }}", "it")("a.b", it=value)


def test_the_values_must_be_the_declared_ones() -> None:
    say = words(INVITE, "team", "closes")
    with pytest.raises(WrongValues, match="closes"):
        say("a.b", team="Nord")
    with pytest.raises(WrongValues, match="extra"):
        say("a.b", team="Nord", closes=CLOSES, extra="secret")


def test_an_unknown_message_is_an_error_of_its_own() -> None:
    with pytest.raises(UnknownMessage, match=r"a\.c"):
        words("x")("a.c")


def test_no_error_repeats_a_value() -> None:
    secret = "somebody's comment"
    for say, values in (
        (words("{{ it|day }}", "it"), {"it": secret}),
        (words("{{ it|number }}", "it"), {"it": secret}),
        (words("{% if it > 1 %}x{% endif %}", "it"), {"it": secret}),
        (words("{{ it }}", "it"), {"it": {"comment": secret}}),
        (words("{{ it }}", "it"), {"it": "x", "more": secret}),
    ):
        with pytest.raises(WrongValues) as found:
            say("a.b", **values)
        assert secret not in str(found.value)
        assert secret not in str(found.value.__cause__)


ESCAPES = [
    "{{ it.__class__ }}",
    "{{ it.__class__.__mro__[1].__subclasses__() }}",
    "{{ it['__class__'] }}",
    "{{ it.upper() }}",
    "{{ it.format(1) }}",
    "{{ ''.join(['a']) }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ range(9) }}",
    "{{ cycler.__init__ }}",
    "{{ lipsum.__globals__ }}",
    "{% for x in it %}{{ loop.index }}{% endfor %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{{ it|attr('upper') }}",
    "{{ it|map('upper') }}",
    "{{ it is callable }}",
]


@pytest.mark.parametrize("template", ESCAPES)
def test_even_an_unchecked_template_reaches_nothing(template: str) -> None:
    """The checker refuses all of these; the sandbox does so too, on its own."""
    with pytest.raises(Exception, match=r".") as found:
        words(template, "it")("a.b", it="x")
    assert type(found.value).__module__.startswith("jinja2") or isinstance(
        found.value, WrongValues | TypeError
    )


def test_the_sandbox_holds_nothing_but_the_filters() -> None:
    sandbox = PlainSandbox(Formats("da"))
    assert (sandbox.globals, sandbox.tests) == ({}, {})
    assert set(sandbox.filters) == {
        "day",
        "date",
        "clock",
        "time",
        "week",
        "number",
        "percent",
        "names",
        "join",
    }


def test_the_words_of_an_instrument_are_handed_out() -> None:
    pulse = InstrumentWords("Puls", "Kort.", {}, {})
    say = Words("sv", {}, {}, {"pulse": pulse})
    assert say.instrument("pulse") is pulse
    with pytest.raises(KeyError):
        say.instrument("other")


def test_every_language_has_words() -> None:
    for language in LANGUAGES:
        assert words("{{ n|number }}", "n", language=language)("a.b", n=2) == "2"
