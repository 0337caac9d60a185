"""What a loaded pack holds, and how an organisation's own folder is laid over it."""

from pathlib import Path

import pytest
from small_pack import INSTRUMENT, INSTRUMENT_WORDS, SmallPack

from bot.content.faults import ContentFaults
from bot.content.loader import load, shipped_folder
from bot.content.model import MessageKey, Question, Scale, Source


def test_a_pack_without_faults_is_loaded_in_every_language(pack: SmallPack) -> None:
    loaded = load(pack.folder)
    assert (loaded.name, loaded.version) == ("Small", 1)
    assert loaded.words("da").instrument("pulse").title == "Puls da"
    assert loaded.words("sv").instrument("pulse").title == "Puls sv"
    assert loaded.words("en").instrument("pulse").questions["anchor"].short == "Alt i alt"


def test_an_instrument_keeps_the_order_and_the_structure_of_its_file(pack: SmallPack) -> None:
    pulse = load(pack.folder).instruments["pulse"]
    assert [question.id for question in pulse.questions] == ["anchor", "strain", "influence"]
    assert (pulse.version, pulse.order, pulse.ask) == (3, "rotate", (1, 3))
    assert (pulse.comment, pulse.leads_apart, pulse.sources) == (True, False, ("guide",))
    assert pulse.scales["level"] == Scale("level", "statements")
    assert pulse.question("influence") == Question(
        id="influence",
        scale="level",
        pole="high",
        source="guide",
        resource=True,
        dimensions=("control",),
        marks=("influence",),
    )


def test_sources_and_message_keys_are_read(pack: SmallPack) -> None:
    loaded = load(pack.folder)
    assert loaded.sources["guide"] == Source("guide", "A guide", "A publisher", "da", 2020)
    assert loaded.keys["checkin.invite"] == MessageKey(("team", "closes"), "text")
    assert loaded.keys["checkin.start"] == MessageKey((), "button")


def test_a_source_may_be_without_a_year(pack: SmallPack) -> None:
    pack.change("sources.toml", "year = 2020\n", "")
    assert load(pack.folder).sources["guide"].year is None


def test_options_are_found_whatever_the_style_of_the_scale(pack: SmallPack) -> None:
    loaded = load(pack.folder)
    assert loaded.option_words("pulse", "anchor", "da")[4] == "helt"
    assert loaded.option_words("pulse", "influence", "da")[4] == "Det meste."


def test_a_scale_may_have_three_values(pack: SmallPack) -> None:
    loaded = load(pack.three_values().folder)
    assert loaded.instruments["pulse"].scales["agree"] == Scale("agree", "words", (1, 3, 5))
    assert loaded.options("pulse", "anchor", "da") == (
        (1, "slet ikke"),
        (3, "delvist"),
        (5, "helt"),
    )
    assert [value for value, _ in loaded.options("pulse", "influence", "da")] == [1, 2, 3, 4, 5]


def test_a_fixed_instrument_asks_all_its_questions(pack: SmallPack) -> None:
    pack.change(
        "instruments/pulse/instrument.toml", 'order = "rotate"\nask = [1, 3]', 'order = "fixed"'
    )
    pack.change("instruments/pulse/instrument.toml", "anchor = true\n", "")
    assert load(pack.folder).instruments["pulse"].ask == (3, 3)


def test_levels_are_read_where_the_instrument_has_them(pack: SmallPack) -> None:
    five = "\n".join(f'{value} = "trin {value}"' for value in range(1, 6))
    for language in ("da", "sv", "en"):
        pack.add(
            f"instruments/pulse/{language}.toml",
            f"\n[levels]\n{five}\n[level_meanings]\n{five}\n",
        )
    words = load(pack.folder).words("da").instrument("pulse")
    assert words.levels is not None
    assert words.levels[0] == "trin 1"
    assert words.level_meanings == words.levels


def test_the_words_of_a_language_are_made_once(pack: SmallPack) -> None:
    loaded = load(pack.folder)
    assert loaded.words("sv") is loaded.words("sv")


def test_a_file_saved_by_a_windows_editor_is_read(pack: SmallPack) -> None:
    path = pack.folder / "messages/da.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert pack.told() == []


def test_files_that_are_not_toml_are_left_alone(pack: SmallPack) -> None:
    pack.write("messages/da.toml~", "half").write("instruments/pulse/notes.txt", "later")
    assert pack.told() == []


def test_without_a_folder_the_shipped_one_is_meant() -> None:
    assert shipped_folder().name in {"content", "_content"}
    assert (shipped_folder() / "pack.toml").is_file()


# An organisation's own folder


def test_one_message_is_replaced_and_the_others_stay(pack: SmallPack, own: SmallPack) -> None:
    own.write("messages/sv.toml", '[checkin]\nstart = "Kör"\n')
    loaded = load(pack.folder, own.folder)
    assert loaded.words("sv")("checkin.start") == "Kör"
    assert loaded.words("da")("checkin.start") == "Start"
    assert loaded.words("sv")("result.answered", count=1) == "1 svar"


def test_one_word_of_a_question_is_replaced_in_one_language(
    pack: SmallPack, own: SmallPack
) -> None:
    own.write("instruments/pulse/en.toml", '[questions.anchor]\ntext = "How are you?"\n')
    loaded = load(pack.folder, own.folder)
    anchor = loaded.words("en").instrument("pulse").questions["anchor"]
    assert (anchor.text, anchor.short) == ("How are you?", "Alt i alt")
    assert loaded.words("da").instrument("pulse").questions["anchor"].text.endswith("(da)?")


def test_a_whole_question_is_replaced_in_its_place(pack: SmallPack, own: SmallPack) -> None:
    own.write(
        "instruments/pulse/instrument.toml",
        '[questions.strain]\nscale = "agree"\npole = "high"\nresource = true\nsource = "guide"\n',
    )
    pulse = load(pack.folder, own.folder).instruments["pulse"]
    assert [question.id for question in pulse.questions] == ["anchor", "strain", "influence"]
    assert pulse.question("strain").pole == "high"
    assert pulse.question("strain").balances == (), "nothing of the old question is left"


def test_a_question_is_added_at_the_end(pack: SmallPack, own: SmallPack) -> None:
    _add_question(own, languages=("da", "sv", "en"))
    loaded = load(pack.folder, own.folder)
    assert loaded.instruments["pulse"].questions[-1].id == "ours"
    assert loaded.words("sv").instrument("pulse").questions["ours"].text == "Vores?"


def test_words_a_replaced_question_no_longer_needs_are_no_fault(
    pack: SmallPack, own: SmallPack
) -> None:
    own.write(
        "instruments/pulse/instrument.toml",
        '[questions.influence]\nscale = "agree"\npole = "high"\nresource = true\n'
        'source = "guide"\n',
    )
    loaded = load(pack.folder, own.folder)
    assert loaded.option_words("pulse", "influence", "da")[0] == "slet ikke"


def test_a_new_question_must_have_words_in_the_folder_that_adds_it(
    pack: SmallPack, own: SmallPack
) -> None:
    _add_question(own, languages=("da", "sv"))
    own.write("instruments/pulse/sv.toml", '[questions.ours]\ntext = "Vår?"\ntalk = "Vad?"\n')
    with pytest.raises(ContentFaults) as found:
        load(pack.folder, own.folder)
    assert [(fault.file, fault.key, fault.line, fault.code) for fault in found.value.faults] == [
        (own.folder / "instruments/pulse/en.toml", "", None, "missing-language"),
        (own.folder / "instruments/pulse/sv.toml", "questions.ours.short", 1, "missing-key"),
    ]


def test_a_new_instrument_is_added(pack: SmallPack, own: SmallPack) -> None:
    own.write("instruments/ours/instrument.toml", INSTRUMENT.replace('"pulse"', '"ours"'))
    for language in ("da", "sv", "en"):
        own.write(f"instruments/ours/{language}.toml", INSTRUMENT_WORDS)
    loaded = load(pack.folder, own.folder)
    assert set(loaded.instruments) == {"pulse", "ours"}


def test_the_last_folder_lies_on_top(pack: SmallPack, own: SmallPack, tmp_path: Path) -> None:
    top = SmallPack(tmp_path / "top").write("messages/da.toml", '[checkin]\nstart = "Top"\n')
    own.write("messages/da.toml", '[checkin]\nstart = "Own"\n')
    assert load(pack.folder, own.folder, top.folder).words("da")("checkin.start") == "Top"


def test_an_own_folder_needs_no_pack_file_but_may_have_one(pack: SmallPack, own: SmallPack) -> None:
    own.write("pack.toml", 'name = "Our words"\n')
    assert load(pack.folder, own.folder).name == "Our words"


def test_a_copied_key_file_is_fine_as_long_as_it_changes_nothing(
    pack: SmallPack, own: SmallPack
) -> None:
    own.write("messages/keys.toml", (pack.folder / "messages/keys.toml").read_text("utf-8"))
    assert load(pack.folder, own.folder).keys == load(pack.folder).keys


def test_an_own_folder_that_is_not_there_is_a_fault(pack: SmallPack, own: SmallPack) -> None:
    missing = own.folder / "nowhere"
    with pytest.raises(ContentFaults) as found:
        load(pack.folder, missing)
    (fault,) = found.value.faults
    assert (fault.file, fault.code) == (missing, "missing-file")


def _add_question(own: SmallPack, languages: tuple[str, ...]) -> None:
    own.write(
        "instruments/pulse/instrument.toml",
        '[questions.ours]\nscale = "agree"\npole = "high"\nresource = true\nsource = "guide"\n',
    )
    words = '[questions.ours]\ntext = "Vores?"\nshort = "Vores"\ntalk = "Hvad så?"\n'
    for language in languages:
        own.write(f"instruments/pulse/{language}.toml", words)
