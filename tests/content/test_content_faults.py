"""Every class of fault in a pack is reported with its file, its key and its line."""

import pytest
from small_pack import KEYS, LANGUAGES, STRUCTURE, SmallPack

from bot.content import limits
from bot.content.check import check, check_used
from bot.content.faults import Code, ContentFaults
from bot.content.loader import load

WORDS = "instruments/pulse/sv.toml"
MESSAGES = "messages/sv.toml"

# Files


def test_broken_toml_is_reported_with_its_line_and_nothing_follows_from_it(
    pack: SmallPack,
) -> None:
    pack.change(WORDS, 'intro = "', "intro = ")
    assert pack.told() == [(WORDS, "", 2, "broken-toml")]


def test_a_key_given_twice_is_broken_toml(pack: SmallPack) -> None:
    pack.add(MESSAGES, '\n[checkin]\nstart = "Igen"\n')
    assert pack.told() == [(MESSAGES, "", 8, "broken-toml")]


def test_toml_that_ends_too_early_is_reported_at_its_end(pack: SmallPack) -> None:
    pack.add("sources.toml", '\nnote = """never closed')
    assert pack.told() == [("sources.toml", "", 7, "broken-toml")]


def test_a_file_that_is_not_utf_8_is_reported_with_its_line(pack: SmallPack) -> None:
    (pack.folder / MESSAGES).write_bytes('[checkin]\nstart = "Kør"\n'.encode("latin-1"))
    assert pack.told() == [(MESSAGES, "", 2, "broken-toml")]


@pytest.mark.parametrize("name", ["pack.toml", "sources.toml", "messages/keys.toml", STRUCTURE])
def test_a_missing_file_is_reported_once(pack: SmallPack, name: str) -> None:
    pack.remove(name)
    assert pack.told() == [(name, "", None, "missing-file")]


@pytest.mark.parametrize("name", [WORDS, MESSAGES])
def test_a_missing_language_is_reported_once(pack: SmallPack, name: str) -> None:
    pack.remove(name)
    assert pack.told() == [(name, "", None, "missing-language")]


@pytest.mark.parametrize(
    "name",
    ["extra.toml", "messages/dk.toml", "instruments/pulse/danish.toml", "instruments/pulse.toml"],
)
def test_a_file_nothing_reads_is_reported(pack: SmallPack, name: str) -> None:
    pack.write(name, "")
    assert pack.told() == [(name, "", None, "unknown-file")]


def test_a_pack_must_speak_every_language_and_no_other(pack: SmallPack) -> None:
    pack.change("pack.toml", '"sv"', '"fi"')
    assert pack.told() == [
        ("pack.toml", "languages", 3, "missing-language"),
        ("pack.toml", "languages", 3, "unknown-language"),
    ]


def test_pack_and_sources_are_checked_for_keys(pack: SmallPack) -> None:
    pack.change("pack.toml", "version = 1", 'version = "1"\nlicence = "x"')
    pack.change("sources.toml", 'publisher = "A publisher"\n', "")
    assert pack.told() == [
        ("pack.toml", "version", 2, "wrong-type"),
        ("pack.toml", "licence", 3, "unknown-key"),
        ("sources.toml", "sources.guide.publisher", 1, "missing-key"),
    ]


# Structure

STRUCTURE_FAULTS = [
    ('id = "pulse"', 'id = "puls"', "id", "wrong-id"),
    ("version = 3\n", "", "version", "missing-key"),
    ("version = 3", 'version = "3"', "version", "wrong-type"),
    ("version = 3", "version = true", "version", "wrong-type"),
    ("version = 3", "version = 0", "version", "wrong-type"),
    ('order = "rotate"', 'order = "random"', "order", "unknown-choice"),
    ("comment = true", 'comment = "yes"', "comment", "wrong-type"),
    ("comment = true", "coment = true\ncomment = true", "coment", "unknown-key"),
    ('sources = ["guide"]', 'sources = ["gide"]', "sources", "unknown-source"),
    ('sources = ["guide"]', "sources = [1]", "sources", "wrong-type"),
    ("ask = [1, 3]", "ask = [0, 3]", "ask", "ask-bounds"),
    ("ask = [1, 3]", "ask = [3, 2]", "ask", "ask-bounds"),
    ("ask = [1, 3]", "ask = [1, 4]", "ask", "ask-bounds"),
    ("ask = [1, 3]", "ask = [1]", "ask", "wrong-type"),
    ("ask = [1, 3]\n", "", "ask", "missing-key"),
    ("anchor = true\n", "", "questions", "anchor-count"),
    (
        "[questions.strain]\n",
        "[questions.strain]\nanchor = true\n",
        "questions.strain.anchor",
        "anchor-count",
    ),
    ('pole = "low"', 'pole = "lo"', "questions.strain.pole", "unknown-pole"),
    ('scale = "level"', 'scale = "levels"', "questions.influence.scale", "unknown-scale"),
    ('sides = ["purpose"]', 'sides = ["joy"]', "questions.anchor.sides", "unknown-tag"),
    ('["time-quality"]', '["quality-time"]', "questions.strain.balances", "unknown-tag"),
    ('["control"]', '["kontrol"]', "questions.influence.dimensions", "unknown-tag"),
    ('["influence"]', '["power"]', "questions.influence.marks", "unknown-tag"),
    ('style = "words"', 'style = "stars"', "scales.agree.style", "unknown-choice"),
    *(
        (f'style = "{style}"', f'style = "{style}"\nvalues = {values}', f"{scale}.values", code)
        for style, scale in (("words", "scales.agree"), ("statements", "scales.level"))
        for values, code in (
            ("[1, 2, 3]", "unknown-choice"),
            ("[1, 5]", "unknown-choice"),
            ("[5, 3, 1]", "unknown-choice"),
            ("[1, 3, 5.0]", "wrong-type"),
            ("[true, 3, 5]", "wrong-type"),
            ("3", "wrong-type"),
        )
    ),
    ("resource = false\n", "", "questions.strain.resource", "missing-key"),
    ("resource = false", "resource = 0", "questions.strain.resource", "wrong-type"),
    (
        "[questions.strain]",
        "[questions.strain]\ncolour = 1",
        "questions.strain.colour",
        "unknown-key",
    ),
]


@pytest.mark.parametrize(("old", "new", "key", "code"), STRUCTURE_FAULTS)
def test_a_fault_of_the_structure_is_reported_with_its_key(
    pack: SmallPack, old: str, new: str, key: str, code: str
) -> None:
    pack.change(STRUCTURE, old, new)
    told = [(name, found, kind) for name, found, _, kind in pack.told()]
    assert (STRUCTURE, key, code) in told
    assert {name for name, _, kind in told if kind != "unused-scale"} <= {STRUCTURE, *_words()}


def test_a_fault_of_the_structure_is_reported_with_its_line(pack: SmallPack) -> None:
    pack.change(STRUCTURE, 'pole = "low"', 'pole = "lo"')
    assert pack.told() == [(STRUCTURE, "questions.strain.pole", 25, "unknown-pole")]
    assert pack.line(STRUCTURE, 'pole = "lo"') == 25


def test_a_questions_source_must_be_known(pack: SmallPack) -> None:
    pack.add(STRUCTURE, '\n[questions.more]\nscale = "agree"\npole = "high"\nresource = true\n')
    pack.add(STRUCTURE, 'source = "gossip"\n')
    line = pack.line(STRUCTURE, 'source = "gossip"')
    assert (STRUCTURE, "questions.more.source", line, "unknown-source") in pack.told()


@pytest.mark.parametrize("name", ["Strain", "too_many", "-x", '"æ"'])
def test_an_id_is_lower_case_letters_digits_and_hyphens(pack: SmallPack, name: str) -> None:
    pack.change(STRUCTURE, "[questions.strain]", f"[questions.{name}]")
    assert "wrong-id" in [code for _, _, _, code in pack.told()]


def test_a_fixed_instrument_has_neither_ask_nor_anchor(pack: SmallPack) -> None:
    pack.change(STRUCTURE, 'order = "rotate"', 'order = "fixed"')
    assert pack.told() == [
        (STRUCTURE, "ask", 4, "unknown-key"),
        (STRUCTURE, "questions.anchor.anchor", 16, "anchor-count"),
    ]


def test_half_of_a_check_in_must_be_able_to_look_for_what_works(pack: SmallPack) -> None:
    pack.change(STRUCTURE, "resource = true\ndimensions", "resource = false\ndimensions")
    assert pack.told() == [(STRUCTURE, "ask", 4, "resource-share")]


def test_a_scale_no_question_uses_is_reported(pack: SmallPack) -> None:
    pack.change(
        STRUCTURE, "[scales.level]", '[scales.spare]\nstyle = "statements"\n\n[scales.level]'
    )
    assert pack.told() == [(STRUCTURE, "scales.spare", 12, "unused-scale")]


def test_an_instrument_without_questions_is_reported(pack: SmallPack) -> None:
    head, _, _ = (pack.folder / STRUCTURE).read_text("utf-8").partition("[questions.anchor]")
    pack.write(STRUCTURE, head)
    assert (STRUCTURE, "questions", None, "missing-key") in pack.told()


def test_a_table_where_a_value_belongs_and_the_other_way_round(pack: SmallPack) -> None:
    pack.change(STRUCTURE, "comment = true", "comment = { on = true }")
    pack.write("sources.toml", 'sources = "guide"\n')
    assert [one for one in pack.told() if one[3] == "wrong-type"] == [
        (STRUCTURE, "comment", 5, "wrong-type"),
        ("sources.toml", "sources", 1, "wrong-type"),
    ]


# Words


def test_a_missing_word_is_reported_at_the_table_it_belongs_to(pack: SmallPack) -> None:
    pack.change(WORDS, 'short = "Travlhed"\n', "")
    line = pack.line(WORDS, "[questions.strain]")
    assert pack.told() == [(WORDS, "questions.strain.short", line, "missing-key")]


def test_a_missing_question_is_reported_word_by_word(pack: SmallPack) -> None:
    head, _, _ = (pack.folder / WORDS).read_text("utf-8").partition("[questions.influence]")
    pack.write(WORDS, head)
    assert {key for _, key, _, code in pack.told() if code == "missing-key"} == {
        f"questions.influence.{word}" for word in ("text", "short", "talk", "1", "2", "3", "4", "5")
    }


def test_a_scale_needs_all_five_words(pack: SmallPack) -> None:
    pack.change(WORDS, '3 = "delvist"\n', "")
    assert pack.told() == [(WORDS, "scales.agree.3", 4, "missing-key")]


def test_words_of_an_unknown_question_are_one_fault(pack: SmallPack) -> None:
    pack.add(WORDS, '\n[questions.ghost]\ntext = "?"\nshort = "?"\ntalk = "?"\n')
    line = pack.line(WORDS, "[questions.ghost]")
    assert pack.told() == [(WORDS, "questions.ghost", line, "unknown-key")]


def test_a_scale_of_three_has_three_words_and_no_more(pack: SmallPack) -> None:
    pack.three_values()
    assert pack.told() == []
    pack.change(WORDS, '3 = "delvist"', '2 = "lidt"')
    told = {(key, code) for _, key, _, code in pack.told()}
    assert told == {("scales.agree.3", "missing-key"), ("scales.agree.2", "unknown-key")}


def test_statements_on_a_scale_of_words_are_unknown(pack: SmallPack) -> None:
    pack.change(WORDS, 'short = "Travlhed"', 'short = "Travlhed"\n1 = "Nej."')
    line = pack.line(WORDS, '1 = "Nej."')
    assert pack.told() == [(WORDS, "questions.strain.1", line, "unknown-key")]


def test_an_empty_text_and_a_number_are_no_words(pack: SmallPack) -> None:
    pack.change(WORDS, 'title = "Puls sv"', 'title = "  "')
    pack.change(WORDS, 'short = "Travlhed"', "short = 7")
    line = pack.line(WORDS, "short = 7")
    assert pack.told() == [
        (WORDS, "title", 1, "empty-text"),
        (WORDS, "questions.strain.short", line, "wrong-type"),
    ]


LIMITED = [
    ('title = "', "title", limits.TITLE),
    ('intro = "', "intro", limits.INTRO),
    ('3 = "d', "scales.agree.3", limits.SCALE_WORD),
    ('text = "Er', "questions.strain.text", limits.QUESTION),
    ('short = "Travl', "questions.strain.short", limits.SHORT),
    ('talk = "Hvornår', "questions.strain.talk", limits.TALK),
    ('3 = "N', "questions.influence.3", limits.STATEMENT),
]


@pytest.mark.parametrize(("begin", "key", "limit"), LIMITED)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(
    pack: SmallPack, begin: str, key: str, limit: limits.Limit
) -> None:
    name, line = WORDS, pack.line(WORDS, begin)
    field = begin.split(" ")[0]
    lines = (pack.folder / name).read_text("utf-8").splitlines()
    lines[line - 1] = f'{field} = "{"å" * limit.most}"'
    pack.write(name, "\n".join(lines))
    assert pack.told() == []
    lines[line - 1] = f'{field} = "{"å" * (limit.most + 1)}"'
    pack.write(name, "\n".join(lines))
    assert pack.told() == [(name, key, line, "too-long")]
    assert limit.reason in pack.faults()[0].text


def test_levels_in_one_language_are_due_in_all(pack: SmallPack) -> None:
    five = "\n".join(f'{value} = "trin"' for value in range(1, 6))
    pack.add(WORDS, f"\n[levels]\n{five}\n")
    told = pack.told()
    assert (WORDS, "level_meanings.1", None, "missing-key") in told
    assert ("instruments/pulse/da.toml", "levels.5", None, "missing-key") in told
    assert len(told) == 5 + 10 + 10


# Messages


def test_a_message_missing_in_a_language_is_reported_there(pack: SmallPack) -> None:
    pack.change(MESSAGES, 'start = "Start"\n', "")
    assert pack.told() == [(MESSAGES, "checkin.start", 1, "missing-key")]


def test_a_message_nobody_declared_is_reported(pack: SmallPack) -> None:
    pack.change(MESSAGES, 'start = "Start"', 'start = "Start"\nstop = "Stop"')
    assert pack.told() == [(MESSAGES, "checkin.stop", 4, "undeclared-message")]


def test_messages_are_not_called_undeclared_when_the_declarations_are_broken(
    pack: SmallPack,
) -> None:
    pack.change("messages/keys.toml", "[checkin.start]", "[checkin.start")
    assert pack.told() == [("messages/keys.toml", "", 5, "broken-toml")]


def test_a_message_that_is_no_text_is_one_fault(pack: SmallPack) -> None:
    pack.change(MESSAGES, 'start = "Start"', 'start = { label = "Start" }')
    assert pack.told() == [(MESSAGES, "checkin.start", 3, "wrong-type")]


KEY_FAULTS = [
    ('kind = "button"', 'kind = "knob"', "checkin.start.kind", 6, "unknown-choice"),
    ('kind = "button"', "values = []", "checkin.start.kind", 5, "missing-key"),
    ('kind = "button"', 'kind = "button"\nmax = 9', "checkin.start.max", 7, "unknown-key"),
    ('values = ["count"]', 'values = ["Count", "count"]', "result.answered.values", 9, "wrong-id"),
    ('values = ["count"]', 'values = ["is", "count"]', "result.answered.values", 9, "wrong-id"),
    ('values = ["count"]', 'values = ["count", "count"]', "result.answered.values", 9, "wrong-id"),
    ("[checkin.invite]", 'loose = "x"\n[checkin.invite]', "loose", 1, "wrong-type"),
]


@pytest.mark.parametrize(("old", "new", "key", "line", "code"), KEY_FAULTS)
def test_a_fault_of_a_declaration_is_reported(
    pack: SmallPack, old: str, new: str, key: str, line: int, code: str
) -> None:
    pack.change("messages/keys.toml", old, new)
    assert ("messages/keys.toml", key, line, code) in pack.told()
    assert {name for name, *_ in pack.told()} == {"messages/keys.toml"}


def test_a_key_is_lower_case(pack: SmallPack) -> None:
    pack.change("messages/keys.toml", "[checkin.start]", "[checkin.Start]")
    assert ("messages/keys.toml", "checkin.Start", 5, "wrong-id") in pack.told()


def test_an_own_folder_cannot_change_what_a_message_is_given(
    pack: SmallPack, own: SmallPack
) -> None:
    own.write("messages/keys.toml", '[checkin.start]\nvalues = ["team"]\nkind = "button"\n')
    (fault,) = check(pack.folder, own.folder)
    assert (fault.file, fault.key) == (own.folder / "messages/keys.toml", "checkin.start")
    assert (fault.line, fault.code) == (1, "changed-message")


TEMPLATE_FAULTS = [
    ("", "empty-text"),
    (" \n", "empty-text"),
    ("{{ team", "template-syntax"),
    ("{{ team }} {% if team %}", "template-syntax"),
    ("{{{ team }}}", "template-syntax"),
    ("{{ who }}", "unknown-value"),
    ("{% if who %}x{% endif %}", "unknown-value"),
    ("{{ self }}", "unknown-value"),
    ("{{ loop }}", "unknown-value"),
    ("{{ team|shout }}", "unknown-filter"),
    ("{{ team|upper }}", "unknown-filter"),
    ("{{ closes|day }} {{ closes }}", "mixed-value"),
    ("{{ closes|number }}", "mixed-value"),
    ("{% for one in team %}{{ one }}{% endfor %}", "mixed-value"),
    ("{{ closes|day('x') }}", "template-forbidden"),
    ("{{ 'x'|day }}", "template-forbidden"),
    ("{{ closes|day|names }}", "template-forbidden"),
    ("{{ closes.year }}", "template-forbidden"),
    ("{{ closes['year'] }}", "template-forbidden"),
    ("{{ closes.strftime('%Y') }}", "template-forbidden"),
    ("{{ team.__class__.__mro__ }}", "template-forbidden"),
    ("{{ team * 99999999 }}", "template-forbidden"),
    ("{{ 9 ** 9 ** 9 }}", "template-forbidden"),
    ("{{ team is defined }}", "template-forbidden"),
    ("{% set team = 'x' %}{{ team }}", "template-forbidden"),
    ("{% include 'da.toml' %}", "template-forbidden"),
    ("{% macro m() %}{% endmacro %}", "template-forbidden"),
    ("{% for a in [1, 2] %}{{ team }}{% endfor %}", "template-forbidden"),
]


@pytest.mark.parametrize(("template", "code"), TEMPLATE_FAULTS)
def test_a_template_that_does_what_it_may_not_is_refused(
    pack: SmallPack, template: str, code: str
) -> None:
    pack.message(template, "sv")
    assert (MESSAGES, "checkin.invite", 2, code) in pack.told()


@pytest.mark.parametrize(
    "template",
    [
        "Just text, 100 %, {braces}, }} and #.",
        "{{ team }}",
        "{{team}}{{ closes|week }}",
        "{{- team -}}",
        "{% if team == 'Nord' %}N{% elif team in ['a', 'b'] %}B{% else %}{{ team }}{% endif %}",
        "{{ 'a' if team else 'b' }} {# a note to the next author #}",
        "{% if team and not closes %}x{% else %}{{ closes|date }}{% endif %}",
    ],
)
def test_a_template_may_write_choose_and_compare(pack: SmallPack, template: str) -> None:
    pack.message(template, "sv")
    assert pack.told() == []


def test_a_list_may_be_joined_and_gone_through(pack: SmallPack) -> None:
    pack.write("messages/keys.toml", KEYS.replace('"count"', '"people"'))
    for language in LANGUAGES:
        name = f"messages/{language}.toml"
        text = (pack.folder / name).read_text("utf-8").partition("answered =")[0]
        pack.write(
            name,
            text + "answered = \"{{ people|names }} {{ people|join('; ') }}"
            '{% for one in people %} {{ one }}{% endfor %}"\n',
        )
    assert pack.told() == []


def test_a_template_that_cannot_be_filled_is_reported(pack: SmallPack) -> None:
    for language in LANGUAGES:
        loop = "{% for one in team %}{{ one|day }}{% endfor %}"
        pack.message(f"{{{{ closes|day }}}} {loop}", language)
    assert [(key, line, code) for _, key, line, code in pack.told()] == [
        ("checkin.invite", 2, "template-fails")
    ] * 3


def test_a_value_is_the_same_kind_of_thing_in_every_language(pack: SmallPack) -> None:
    pack.message("{{ team }}: {{ closes }}", "en")
    assert pack.told() == [("messages/en.toml", "checkin.invite", 2, "mixed-value")]


def test_the_language_that_differs_from_the_others_is_the_one_reported(pack: SmallPack) -> None:
    pack.message("{{ team|day }}: {{ closes|day }}", "en")
    assert pack.told() == [("messages/en.toml", "checkin.invite", 2, "mixed-value")]


def test_a_number_may_be_written_plainly_in_one_language_and_formatted_in_another(
    pack: SmallPack,
) -> None:
    name = "messages/en.toml"
    pack.change(name, "{{ count }} svar", "{{ count|number }} of {{ count }}")
    pack.change("messages/da.toml", "{% if count == 1 %}1 svar{% else %}", "")
    pack.change("messages/da.toml", "{% endif %}", "")
    assert pack.told() == []


def test_a_filled_message_must_fit_its_kind(pack: SmallPack) -> None:
    pack.change(MESSAGES, 'start = "Start"', f'start = "{"x" * 41}"')
    assert pack.told() == [(MESSAGES, "checkin.start", 3, "too-long")]
    assert "40" in pack.faults()[0].text


def test_what_values_add_is_counted(pack: SmallPack) -> None:
    pack.change("messages/keys.toml", 'kind = "text"', 'kind = "modal"')
    assert [(key, code) for _, key, _, code in pack.told()] == [("checkin.invite", "too-long")] * 3


def test_only_one_branch_of_a_choice_is_counted(pack: SmallPack) -> None:
    pack.change("messages/keys.toml", 'kind = "line"', 'kind = "modal"')
    choice = "{% if count == 1 %}one answer so far{% else %}{{ count }} answers so far{% endif %}"
    name = "messages/en.toml"
    text = (pack.folder / name).read_text("utf-8").partition("answered =")[0]
    pack.write(name, f'{text}answered = "{choice}"\n')
    assert pack.told() == []


def test_a_branch_behind_a_compared_text_is_counted_too(pack: SmallPack) -> None:
    pack.change("messages/keys.toml", 'kind = "text"', 'kind = "modal"')
    for language in LANGUAGES:
        pack.message(f"{{% if team == 'x' %}}{'y' * 25}{{% else %}}z{{% endif %}}", language)
    assert [(key, code) for _, key, _, code in pack.told()] == [("checkin.invite", "too-long")] * 3


# All together


def test_all_faults_are_reported_at_once_by_file_and_line(pack: SmallPack) -> None:
    pack.change("pack.toml", "version = 1", "version = 0")
    pack.change(STRUCTURE, 'pole = "low"', 'pole = "lo"')
    pack.change("instruments/pulse/da.toml", 'short = "Travlhed"\n', "")
    pack.remove("instruments/pulse/en.toml")
    pack.message("{{ who }} {{ team|shout }}")
    with pytest.raises(ContentFaults) as found:
        load(pack.folder)
    assert [(fault.file.name, fault.line, fault.code) for fault in found.value.faults] == [
        ("da.toml", 16, Code.MISSING_KEY),
        ("en.toml", None, Code.MISSING_LANGUAGE),
        ("instrument.toml", 25, Code.UNKNOWN_POLE),
        ("da.toml", 2, Code.UNKNOWN_FILTER),
        ("da.toml", 2, Code.UNKNOWN_VALUE),
        ("pack.toml", 2, Code.WRONG_TYPE),
    ]
    assert len(str(found.value).splitlines()) == 6


def test_a_fault_reads_as_file_line_key_and_sentence(pack: SmallPack) -> None:
    pack.change(WORDS, '3 = "delvist"\n', "")
    (fault,) = pack.faults()
    assert str(fault) == f"{pack.folder / WORDS}:4: scales.agree.3: this key is missing"


def test_every_fault_class_is_tried_here() -> None:
    tried = {code for *_, code in STRUCTURE_FAULTS} | {code for *_, code in KEY_FAULTS}
    tried |= {code for _, code in TEMPLATE_FAULTS}
    one_by_one = {
        "broken-toml",
        "missing-file",
        "unknown-file",
        "missing-language",
        "unknown-language",
        "resource-share",
        "unused-scale",
        "too-long",
        "undeclared-message",
        "changed-message",
        "unused-message",
        "template-fails",
    }
    assert tried | one_by_one == set(Code)


def test_a_message_nobody_sends_is_reported(pack: SmallPack) -> None:
    loaded = load(pack.folder)
    (fault,) = check_used(loaded, {"checkin.invite", "checkin.start"})
    assert (fault.key, fault.code) == ("result.answered", "unused-message")
    assert check_used(loaded, {"checkin.start", "checkin.invite"}, prefixes={"result."}) == ()


def _words() -> tuple[str, ...]:
    return tuple(f"instruments/pulse/{language}.toml" for language in LANGUAGES)
