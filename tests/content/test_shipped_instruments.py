"""What the two shipped question sets, check-in and maturity, promise their readers.

Reads the TOML itself, so that the words are judged without the code that loads them. Whether a
pack is well formed in general is the loader's business and is tested with it.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CONTENT = Path(__file__).parents[2] / "content"
LANGUAGES = ("da", "sv", "en")
INSTRUMENTS = ("checkin", "maturity")
EVERY_PAIR = [(name, language) for name in INSTRUMENTS for language in LANGUAGES]

TAGS = {
    "sides": "health safety environment relations purpose",
    "balances": "demands-resources effort-reward time-quality draining-energising "
    "competence-challenge work-private",
    "dimensions": "culture content workload schedule control environment relations role "
    "career home",
    "marks": "participation influence development recovery knowledge responsibility",
}
TOPICS = (
    "priority operational-goals top-management nearest-leader risk-management goals-strategy "
    "policies task-planning training influence"
)
STEPS = ["1", "2", "3", "4", "5"]
LIMITS = {"text": 109, "short": 32, "talk": 139} | dict.fromkeys(STEPS, 179)
HOW_OFTEN = {
    "da": ["altid", "for det meste", "nogle gange", "sjældent", "aldrig"],
    "sv": ["alltid", "oftast", "ibland", "sällan", "aldrig"],
    "en": ["always", "mostly", "sometimes", "rarely", "never"],
}
LEVELS = {
    "da": ["passivt", "reaktivt", "aktivt", "proaktivt", "skabende"],
    "sv": ["passiv", "reaktiv", "aktiv", "proaktiv", "generativ"],
    "en": ["passive", "reactive", "active", "proactive", "generative"],
}
LEADERS_AND_ILLNESS = re.compile(
    r"\b(leder|lederen|ledelse|chef|chefen|ledning|leader|manager|boss|stress|syg|sjuk|sick|ill)"
    r"|diagnos|sygdom|ohälsa",
    re.IGNORECASE,
)
START_COMMA = re.compile(r", (at|som|der|hvis|fordi|hvad|hvem|hvilken|hvordan|hvornår|mens)\b")
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONTENT / name).read_text(encoding="utf-8"))


def structure(instrument: str) -> dict[str, Any]:
    return read(f"instruments/{instrument}/instrument.toml")


def words(instrument: str, language: str) -> dict[str, Any]:
    return read(f"instruments/{instrument}/{language}.toml")


def strings(value: object) -> Iterator[str]:
    """Yield every text of a file, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)


def lix(texts: list[str]) -> float:
    """Words per sentence plus the percentage of words over six letters (Björnsson 1968)."""
    parts = [part for text in texts for part in re.split(r"[.?!](?:\s|$)", text)]
    sentences = [found for part in parts if (found := WORD.findall(part))]
    every = [word for sentence in sentences for word in sentence]
    return len(every) / len(sentences) + 100 * sum(len(word) > 6 for word in every) / len(every)


def rotating() -> dict[str, dict[str, Any]]:
    questions: dict[str, dict[str, Any]] = structure("checkin")["questions"]
    return {key: question for key, question in questions.items() if not question.get("anchor")}


def test_lix_is_computed_as_defined() -> None:
    assert lix(["Jeg er her.", "Arbejdet giver mening hver dag."]) == pytest.approx(4 + 100 / 8)


def test_the_pack_names_itself_and_its_languages() -> None:
    pack = read("pack.toml")
    assert pack["name"] == "Trivselsbot"
    assert pack["version"] >= 1
    assert pack["languages"] == list(LANGUAGES)


def test_every_source_a_question_names_is_described() -> None:
    sources = read("sources.toml")["sources"]
    for source in sources.values():
        assert source["title"]
        assert source["publisher"]
        assert source["language"] in LANGUAGES
    used = {
        question["source"]
        for name in INSTRUMENTS
        for question in structure(name)["questions"].values()
    }
    assert used <= set(sources)
    for name in INSTRUMENTS:
        own = structure(name)
        assert set(own["sources"]) == {question["source"] for question in own["questions"].values()}


def test_the_checkin_asks_one_fixed_question_and_rotates_the_rest() -> None:
    checkin = structure("checkin")
    anchors = [key for key, question in checkin["questions"].items() if question.get("anchor")]
    assert checkin["order"] == "rotate"
    assert checkin["ask"] == [2, 4]
    assert anchors == ["anchor"]
    assert next(iter(checkin["questions"])) == "anchor"
    assert checkin["questions"]["anchor"]["resource"] is True
    assert checkin["questions"]["anchor"]["pole"] == "high"
    assert len(rotating()) >= 50


@pytest.mark.parametrize("kind", TAGS)
def test_every_theme_is_met_by_at_least_two_rotating_questions(kind: str) -> None:
    met = Counter(tag for question in rotating().values() for tag in question[kind])
    assert set(met) == set(TAGS[kind].split())
    assert min(met.values()) >= 2


def test_most_of_the_pool_asks_for_what_works() -> None:
    pool = rotating().values()
    assert sum(question["resource"] for question in pool) / len(pool) >= 0.55


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_every_question_says_what_it_is_about(instrument: str) -> None:
    own = structure(instrument)
    for key, question in own["questions"].items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key)
        assert question["pole"] in ("high", "low"), key
        assert question["scale"] in own["scales"], key
        assert isinstance(question["resource"], bool), key
        assert question["sides"], key
        assert question["balances"] or question["dimensions"] or question["marks"], key
        for kind, tags in TAGS.items():
            assert set(question[kind]) <= set(tags.split()), key
            assert len(set(question[kind])) == len(question[kind]), key


def test_a_question_about_a_strain_is_never_counted_as_a_resource() -> None:
    strains = [question for question in rotating().values() if question["pole"] == "low"]
    assert len(strains) >= 10
    assert not any(question["resource"] for question in strains)


def test_the_maturity_topics_stand_in_the_order_of_the_source() -> None:
    maturity = structure("maturity")
    assert maturity["order"] == "fixed"
    assert maturity["comment"] is True
    assert list(maturity["questions"]) == TOPICS.split()
    assert {question["pole"] for question in maturity["questions"].values()} == {"high"}
    assert {scale["style"] for scale in maturity["scales"].values()} == {"statements"}


@pytest.mark.parametrize(("instrument", "language"), EVERY_PAIR)
def test_structure_and_words_have_the_same_ids(instrument: str, language: str) -> None:
    own, spoken = structure(instrument), words(instrument, language)
    worded = [key for key, scale in own["scales"].items() if scale["style"] == "words"]
    assert list(spoken["questions"]) == list(own["questions"])
    assert list(spoken.get("scales", {})) == worded
    assert all(list(scale) == STEPS for scale in spoken.get("scales", {}).values())
    fields = {"text", "short", "talk"} | (set() if worded else set(STEPS))
    assert all(set(question) == fields for question in spoken["questions"].values())


@pytest.mark.parametrize(("instrument", "language"), EVERY_PAIR)
def test_every_text_fits_its_place(instrument: str, language: str) -> None:
    spoken = words(instrument, language)
    assert len(spoken["title"]) <= 60
    assert len(spoken["intro"]) <= 200
    for key, question in spoken["questions"].items():
        for field, text in question.items():
            assert 0 < len(text) <= LIMITS[field], (key, field, len(text))
    for scale in spoken.get("scales", {}).values():
        assert all(0 < len(step) <= 18 for step in scale.values())


@pytest.mark.parametrize(("instrument", "language"), EVERY_PAIR)
def test_no_text_stands_twice(instrument: str, language: str) -> None:
    spoken = words(instrument, language)
    for field in ("text", "short", "talk"):
        seen = Counter(question[field].casefold() for question in spoken["questions"].values())
        assert [text for text, times in seen.items() if times > 1] == []
    sentences = Counter(text for text in strings(spoken["questions"]))
    assert [text for text, times in sentences.items() if times > 1] == []
    for scale in spoken.get("scales", {}).values():
        assert len(set(scale.values())) == len(STEPS)


@pytest.mark.parametrize(("instrument", "language"), EVERY_PAIR)
def test_the_tone_is_calm_and_the_typing_clean(instrument: str, language: str) -> None:
    allowed = re.compile(r"[\w .,:?()’'-]+")
    for text in strings(words(instrument, language)):
        assert allowed.fullmatch(text), text
        assert text == " ".join(text.split()), text


@pytest.mark.parametrize(("instrument", "language"), EVERY_PAIR)
def test_each_question_is_one_sentence_and_each_talk_one_open_question(
    instrument: str, language: str
) -> None:
    own = structure(instrument)
    for key, question in words(instrument, language)["questions"].items():
        ends = "." if own["questions"][key]["scale"] == "fits" else "?"
        assert question["text"].endswith(ends), key
        assert len(re.findall(r"[.?]", question["text"])) == 1, key
        assert question["talk"].endswith("?"), key
        assert len(re.findall(r"[.?]", question["talk"])) == 1, key
        assert not question["short"].endswith((".", "?")), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_checkin_never_asks_about_the_leaders_person_or_about_illness(language: str) -> None:
    for text in strings(words("checkin", language)):
        assert not LEADERS_AND_ILLNESS.search(text), text


@pytest.mark.parametrize("instrument", INSTRUMENTS)
@pytest.mark.parametrize("language", ["da", "sv"])
def test_danish_and_swedish_read_easily(instrument: str, language: str) -> None:
    spoken = words(instrument, language)
    labels = {question["short"] for question in spoken["questions"].values()}
    steps = set(strings(spoken.get("scales", {})))
    whole = list(strings(spoken))
    running = [text for text in whole if text not in labels | steps]
    assert lix(whole) < 35
    assert lix(running) < 35


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_danish_is_written_without_start_comma(instrument: str) -> None:
    for text in strings(words(instrument, "da")):
        assert not START_COMMA.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_five_levels_have_names_and_meanings(language: str) -> None:
    spoken = words("maturity", language)
    assert list(spoken["levels"]) == STEPS
    assert list(spoken["levels"].values()) == LEVELS[language]
    assert list(spoken["level_meanings"]) == STEPS
    assert all(0 < len(meaning) < 160 for meaning in spoken["level_meanings"].values())
    assert all(meaning.count(".") == 1 for meaning in spoken["level_meanings"].values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_operational_goals_go_from_always_first_to_never_first(language: str) -> None:
    topic = words("maturity", language)["questions"]["operational-goals"]
    for step, how_often in zip(STEPS, HOW_OFTEN[language], strict=True):
        assert how_often in topic[step]


@pytest.mark.parametrize(
    ("language", "levels"),
    [
        ("da", ["aldrig", "sjældent", "nogle gange", "ofte", "altid"]),
        ("sv", ["aldrig", "sällan", "ibland", "ofta", "alltid"]),
        ("en", ["never", "rarely", "sometimes", "often", "always"]),
    ],
)
def test_thinking_ahead_and_influence_rise_from_never_to_always(
    language: str, levels: list[str]
) -> None:
    questions = words("maturity", language)["questions"]
    for step, how_often in zip(STEPS, levels, strict=True):
        assert how_often in questions["task-planning"][step]
        if step != "1":  # the source's lowest step is "no influence", not "never"
            assert how_often in questions["influence"][step]
