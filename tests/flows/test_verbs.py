"""The verbs of ``/trivsel``: any language for anybody, marks or none, small slips forgiven."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.domain.languages import LANGUAGES
from bot.flows.verbs import MENU, VERBS, NotUnderstood, Understood, name_of, understand


@cache
def pack() -> Pack:
    return load(shipped_folder())


def verb(typed: str) -> str | None:
    """Return the verb that is understood, or the nearest one with a question mark."""
    meant = understand(pack(), typed)
    if isinstance(meant, Understood):
        return meant.verb
    return f"{meant.nearest}?" if meant.nearest else None


FROM_THE_TABLE = [
    ("checkin", ["checkin", "tjek", "avstämning", "puls"]),
    ("maturity", ["maturity", "modenhed", "mognad"]),
    ("dialogue", ["dialogue", "dialog", "samtal"]),
    ("action", ["action", "tiltag", "handling", "åtgärd"]),
    ("results", ["results", "resultat"]),
    ("digest", ["digest", "overblik", "sammanfattning"]),
    ("away", ["away", "væk", "borta"]),
    ("plan", ["plan"]),
    ("settings", ["settings", "indstillinger", "inställningar"]),
    ("privacy", ["privacy", "hvem-ser-hvad", "vem-ser-vad"]),
    ("help", ["help", "hjælp", "hjälp"]),
]


@pytest.mark.parametrize(("meant", "spoken"), FROM_THE_TABLE)
def test_every_verb_is_understood_in_every_language(meant: str, spoken: list[str]) -> None:
    assert {verb(word) for word in spoken} == {meant}


def test_the_table_holds_every_verb() -> None:
    assert [meant for meant, _ in FROM_THE_TABLE] == list(VERBS)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hjaelp", "help"),
        ("hjalp", "help"),
        ("vaek", "away"),
        ("vak", "away"),
        ("avstamning", "checkin"),
        ("avstaemning", "checkin"),
        ("installningar", "settings"),
        ("hvem ser hvad", "privacy"),
        ("check in", "checkin"),
        ("hvemserhvad", "privacy"),
        ("hvem_ser_hvad", "privacy"),
        ("HJÆLP", "help"),
        ("Hjälp", "help"),
        ("hja\u0308lp", "help"),
        ("  tjek  ", "checkin"),
    ],
)
def test_marks_may_be_left_out_and_case_does_not_matter(typed: str, meant: str) -> None:
    assert verb(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("modenhd", "maturity"),
        ("resultatt", "results"),
        ("maturty", "maturity"),
        ("indstilinger", "settings"),
        ("setings", "settings"),
        ("privcy", "privacy"),
    ],
)
def test_one_slip_in_a_long_word_is_understood(typed: str, meant: str) -> None:
    assert verb(typed) == meant


@pytest.mark.parametrize(
    ("typed", "asked"), [("tjk", "checkin?"), ("hlp", "help?"), ("plam", "plan?")]
)
def test_a_slip_in_a_short_word_is_asked_about(typed: str, asked: str) -> None:
    assert verb(typed) == asked


@pytest.mark.parametrize("typed", ["xyzzy", "1234", "?", "🙂", "мир", "<script>", "-", "_"])
def test_what_is_no_verb_at_all_is_not_guessed(typed: str) -> None:
    assert verb(typed) is None


@pytest.mark.parametrize("typed", ["", "   ", "\n", "\t \n"])
def test_nothing_at_all_is_the_menu(typed: str) -> None:
    assert verb(typed) == MENU


def test_what_follows_the_verb_is_kept() -> None:
    assert understand(pack(), "tjek  nu   straks ") == Understood("checkin", "nu   straks")
    assert understand(pack(), "hjælp\nmig") == Understood("help", "mig")


def test_the_name_of_a_verb_is_understood_again_in_every_language() -> None:
    for language in LANGUAGES:
        for one in VERBS:
            assert verb(name_of(pack().words(language), one)) == one


def test_no_word_means_two_verbs() -> None:
    spoken: dict[str, str] = {}
    for language in LANGUAGES:
        for one in VERBS:
            for word in pack().words(language)(f"verbs.{one}").split(","):
                assert spoken.setdefault(word.strip().lower(), one) == one


@given(st.text(max_size=60) | st.just("a" * 10_000) | st.just("\u202e" * 500 + "\x00"))
def test_whatever_is_typed_there_is_an_answer(typed: str) -> None:
    meant = understand(pack(), typed)
    assert isinstance(meant, Understood | NotUnderstood)
    if isinstance(meant, NotUnderstood):
        assert meant.nearest is None or meant.nearest in VERBS
