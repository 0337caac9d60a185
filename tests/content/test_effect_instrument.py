"""The question about an action's effect, as it is shipped."""

import pytest

from bot.content.loader import load, shipped_folder
from bot.content.model import Pack
from bot.domain.languages import LANGUAGES, Language
from bot.domain.rounds import EFFECT


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load(shipped_folder())


def test_it_is_one_question_of_three_values_without_a_comment(pack: Pack) -> None:
    instrument = pack.instruments[EFFECT]
    (question,) = instrument.questions
    assert instrument.order == "fixed"
    assert not instrument.comment
    assert instrument.leads_apart  # the lead decides afterwards
    assert (question.id, question.pole) == ("works", "high")
    assert instrument.scales[question.scale].values == (1, 3, 5)


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_answers_are_called_as_the_effects_are_everywhere(
    pack: Pack, language: Language
) -> None:
    words = pack.words(language)
    effects = [words(f"effect_word.{name}") for name in ("not_yet", "partly", "works")]
    assert pack.options(EFFECT, "works", language) == tuple(zip((1, 3, 5), effects, strict=True))
