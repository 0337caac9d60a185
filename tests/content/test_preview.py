"""An instrument as its author reads it in a terminal."""

import pytest
from small_pack import SmallPack

from bot.content.loader import load
from bot.content.preview import preview

EXPECTED_START = """\
Puls sv
=======
Nogle få spørgsmål.

pulse, version 3, in sv
asks 1 to 3 of 3 questions a time, the anchor first
comment box: yes
leads counted apart: no
sources:
    A guide (A publisher, 2020)

1. Hvordan går det (sv)?
    1  slet ikke
    2  lidt
    3  delvist
    4  meget
    5  helt   (the good end)
    label: Alt i alt
    to talk about: Hvordan er en god dag?
    id: anchor (asked every time)
    asks for: what works
    sides: purpose
    source: A guide (A publisher, 2020)

2. Er der for travlt?
    1  slet ikke   (the good end)
"""


def test_a_preview_shows_words_structure_and_sources(pack: SmallPack) -> None:
    shown = preview(load(pack.folder), "pulse", "sv")
    assert shown.startswith(EXPECTED_START)
    assert "    asks for: a strain\n    balances: time-quality\n" in shown
    assert "    5  Det meste.   (the good end)\n" in shown
    assert "Levels" not in shown


def test_a_preview_shows_levels_where_there_are_some(pack: SmallPack) -> None:
    five = "\n".join(f'{value} = "trin {value}"' for value in range(1, 6))
    for language in ("da", "sv", "en"):
        name = f"instruments/pulse/{language}.toml"
        pack.add(name, f"\n[levels]\n{five}\n[level_meanings]\n{five}\n")
    assert preview(load(pack.folder), "pulse", "da").endswith("    5  trin 5: trin 5\n")


def test_a_preview_shows_three_values_where_a_scale_has_three(pack: SmallPack) -> None:
    pack.three_values()
    shown = preview(load(pack.folder), "pulse", "da")
    assert "    1  slet ikke\n    3  delvist\n    5  helt   (the good end)\n" in shown
    assert "    1  slet ikke   (the good end)\n    3  delvist\n    5  helt\n" in shown


def test_a_fixed_instrument_says_that_it_asks_everything(pack: SmallPack) -> None:
    name = "instruments/pulse/instrument.toml"
    pack.change(name, 'order = "rotate"\nask = [1, 3]', 'order = "fixed"')
    pack.change(name, "anchor = true\n", "")
    assert "asks all 3 questions, in this order" in preview(load(pack.folder), "pulse", "da")


def test_an_unknown_instrument_cannot_be_shown(pack: SmallPack) -> None:
    with pytest.raises(KeyError):
        preview(load(pack.folder), "pulses", "da")
