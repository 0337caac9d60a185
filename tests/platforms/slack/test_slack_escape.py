"""Text for Slack: nothing in it works as markup, and nothing of it gets lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.platforms.slack.escape import (
    CUT,
    EMPTY,
    clean,
    fallback,
    mentioned,
    mrkdwn,
    plain,
    read,
    shorten,
    size,
    split,
    unescape,
)


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U123>", "&lt;@U123&gt;"),
        ("<https://evil.example|Svar her>", "&lt;https://evil.example|Svar her&gt;"),
        ("ro & orden", "ro &amp; orden"),
        ("&lt;", "&amp;lt;"),
    ],
)
def test_mentions_links_and_escapes_are_text_in_a_fallback(typed: str, sent: str) -> None:
    assert mrkdwn(typed) == sent
    assert unescape(sent) == typed


@given(st.text())
def test_what_is_escaped_is_read_back_as_it_was(text: str) -> None:
    assert unescape(mrkdwn(text)) == text


def test_plain_text_is_sent_as_it_is_and_shows_no_emoji_for_a_code() -> None:
    assert plain("<b> & :smile:", 75) == {
        "type": "plain_text",
        "text": "<b> & :smile:",
        "emoji": False,
    }


@pytest.mark.parametrize("blank", ["", "  ", "\n", "\x00", "\u200b\x07"[1:]])
def test_where_slack_wants_a_text_a_blank_one_is_a_dash(blank: str) -> None:
    assert clean(blank) == EMPTY


def test_characters_outside_the_basic_plane_count_two() -> None:
    assert size("🙂å") == 3


def test_a_short_text_is_not_shortened_and_a_long_one_shows_it() -> None:
    assert shorten("Ofte", 4) == "Ofte"
    assert shorten("Der er ro om morgenen", 18) == "Der er ro om" + CUT
    assert shorten("Arbejdsmiljørepræsentant", 10) == "Arbejdsmi" + CUT


@given(st.text(), st.integers(2, 40))
def test_a_shortened_text_fits(text: str, most: int) -> None:
    assert size(shorten(text, most)) <= most


@given(st.text(alphabet="&<>a", min_size=0, max_size=90), st.integers(20, 60))
def test_a_fallback_fits_after_escaping_and_cuts_no_escape_in_two(text: str, most: int) -> None:
    line = fallback(text, most)
    assert size(line) <= most
    assert mrkdwn(unescape(line)) == line


def test_a_long_text_is_split_at_a_paragraph_a_sentence_or_a_word() -> None:
    assert split("Ro om morgenen.\n\nTravlt bagefter.", 20) == [
        "Ro om morgenen.",
        "Travlt bagefter.",
    ]
    assert split("Det går godt. Det går bedre.", 16) == ["Det går godt.", "Det går bedre."]
    assert split("Tid til opgaverne", 10) == ["Tid til", "opgaverne"]


@given(st.text(), st.integers(5, 50))
def test_nothing_but_white_space_is_lost_in_splitting(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(size(piece) <= most and piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(clean(text).split())


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Lad <@U1> og <@U2|bo> se det", "Lad Anna Holm og en kollega se det"),
        ("<!here> <!channel>: mere ro", ": mere ro"),
        ("<!subteam^S1|@nattevagt> og <#C1|plejen>", "@nattevagt og #plejen"),
        ("I <#C1|> og <#C2>", "I og"),
        ("Se <https://x.dk/a|planen> på <https://x.dk/b>", "Se planen på https://x.dk/b"),
        ("Skriv til <mailto:a@x.dk|a@x.dk>", "Skriv til a@x.dk"),
        ("<!date^1392734382^{date}|18. februar>", "18. februar"),
        ("Mangler &lt;ro&gt; &amp; tid", "Mangler <ro> & tid"),
        ("Første linje\n\nanden  linje ", "Første linje\n\nanden linje"),
        ("2 < 3 og 3 > 2", "2 < 3 og 3 > 2"),
    ],
)
def test_a_message_is_read_as_people_read_it(written: str, shown: str) -> None:
    assert read(written, {"U1": "Anna Holm"}, "en kollega") == shown


def test_only_accounts_are_mentioned() -> None:
    assert mentioned("<@U1> <@W2|bo> <#C1|x> <!here> <https://a.dk/@U9>") == {"U1", "W2"}


@given(st.text(st.characters(exclude_characters="&")))
def test_any_message_can_be_read_and_keeps_no_id(text: str) -> None:
    assert "<@U12345>" not in read(f"{text} <@U12345>", {}, "en kollega")
