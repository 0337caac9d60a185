"""Questions as they will look in Slack, as an author sees them before anybody is asked."""

import os
from pathlib import Path

import pytest

from bot.content.loader import load
from bot.domain.languages import LANGUAGES, Language
from bot.rehearsal import slack_picture
from bot.rehearsal.chromium import CannotDraw
from bot.rehearsal.slack_picture import draw, missing
from bot.rehearsal.slack_preview import UnknownQuestion, asked

PACK = load()
PNG = b"\x89PNG\r\n\x1a\n"


def test_a_check_in_stands_on_one_view_as_it_is_asked() -> None:
    (view,) = asked(PACK, "checkin", "sv")
    labels = [one["label"]["text"] for one in view["blocks"] if one["type"] == "input"]
    words = PACK.words("sv").instrument("checkin").questions
    (anchor,) = [one.id for one in PACK.instruments["checkin"].questions if one.anchor]
    assert labels[0] == words[anchor].text
    assert len(labels) == PACK.instruments["checkin"].ask[1] + 1
    assert labels[-1] == PACK.words("sv")("ask.comment.label")
    assert view["callback_id"] == "ask.sheet"


def test_each_topic_of_the_maturity_check_stands_on_a_view_of_its_own() -> None:
    drawn = asked(PACK, "maturity", "da")
    assert len(drawn) == len(PACK.instruments["maturity"].questions)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("instrument", PACK.instruments)
def test_every_question_of_the_pack_can_be_drawn_in_every_language(
    instrument: str, language: Language
) -> None:
    for one in PACK.instruments[instrument].questions:
        (view,) = asked(PACK, instrument, language, [one.id])
        assert PACK.words(language).instrument(instrument).questions[one.id].text in str(view)


def test_a_question_that_does_not_exist_is_named() -> None:
    with pytest.raises(UnknownQuestion, match="horoscope"):
        asked(PACK, "checkin", "da", ["horoscope"])


def test_without_the_tools_it_says_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(CannotDraw, match="make slack-tools"):
        draw([], built=tmp_path)


def test_without_a_browser_it_says_which_would_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "draw.js").touch()
    (tmp_path / "draw.css").touch()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "install one of chromium" in str(missing(tmp_path))


@pytest.mark.browser
def test_a_view_and_a_message_become_one_picture() -> None:
    if lack := missing():
        if os.environ.get("CI"):
            pytest.fail(lack)
        pytest.skip(lack)
    (view,) = asked(PACK, "checkin", "da")
    message = [{"type": "section", "text": {"type": "plain_text", "text": "Tak."}}]
    small = slack_picture.draw([message])
    both = slack_picture.draw([view, message])
    assert small.startswith(PNG)
    assert _height(both) > _height(small) + 400


def _height(png: bytes) -> int:
    return int.from_bytes(png[20:24], "big")
