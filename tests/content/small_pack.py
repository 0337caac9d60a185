"""A content pack with one instrument and a few messages, small enough to be wrong on purpose."""

from pathlib import Path

from bot.content.check import check
from bot.content.faults import Fault

PACK = """\
name = "Small"
version = 1
languages = ["da", "sv", "en"]
"""
SOURCES = """\
[sources.guide]
title = "A guide"
publisher = "A publisher"
year = 2020
language = "da"
"""
INSTRUMENT = """\
id = "pulse"
version = 3
order = "rotate"
ask = [1, 3]
comment = true
leads_apart = false
sources = ["guide"]

[scales.agree]
style = "words"

[scales.level]
style = "statements"

[questions.anchor]
anchor = true
scale = "agree"
pole = "high"
resource = true
sides = ["purpose"]
source = "guide"

[questions.strain]
scale = "agree"
pole = "low"
resource = false
balances = ["time-quality"]
source = "guide"

[questions.influence]
scale = "level"
pole = "high"
resource = true
dimensions = ["control"]
marks = ["influence"]
source = "guide"
"""
INSTRUMENT_WORDS = """\
title = "Puls {language}"
intro = "Nogle få spørgsmål."

[scales.agree]
1 = "slet ikke"
2 = "lidt"
3 = "delvist"
4 = "meget"
5 = "helt"

[questions.anchor]
text = "Hvordan går det ({language})?"
short = "Alt i alt"
talk = "Hvordan er en god dag?"

[questions.strain]
text = "Er der for travlt?"
short = "Travlhed"
talk = "Hvornår er der ro?"

[questions.influence]
text = "Hvor meget kan du påvirke?"
short = "Indflydelse"
talk = "Hvad kan vi selv bestemme?"
1 = "Ingenting."
2 = "Lidt."
3 = "Noget."
4 = "Meget."
5 = "Det meste."
"""
KEYS = """\
[checkin.invite]
values = ["team", "closes"]
kind = "text"

[checkin.start]
kind = "button"

[result.answered]
values = ["count"]
kind = "line"
"""
MESSAGES = """\
[checkin]
invite = "{{ team }} ({language}): {{ closes|day }} {{ closes|clock }}."
start = "Start"

[result]
answered = "{% if count == 1 %}1 svar{% else %}{{ count }} svar{% endif %}"
"""
LANGUAGES = ("da", "sv", "en")
STRUCTURE = "instruments/pulse/instrument.toml"


class SmallPack:
    """A pack in a folder, whose files can be replaced, changed or taken away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, text: str) -> "SmallPack":
        """Write one file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return self

    def change(self, name: str, old: str, new: str) -> "SmallPack":
        """Replace the one place where ``old`` stands."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        return self.write(name, text.replace(old, new))

    def add(self, name: str, text: str) -> "SmallPack":
        """Write at the end of a file."""
        return self.write(name, (self.folder / name).read_text(encoding="utf-8") + text)

    def remove(self, name: str) -> "SmallPack":
        """Delete one file."""
        (self.folder / name).unlink()
        return self

    def line(self, name: str, text: str) -> int:
        """Return the number of the one line that begins with ``text``."""
        lines = (self.folder / name).read_text(encoding="utf-8").splitlines()
        found = [number for number, line in enumerate(lines, 1) if line.startswith(text)]
        assert len(found) == 1, f"{text!r} begins {len(found)} lines of {name}"
        return found[0]

    def three_values(self) -> "SmallPack":
        """Let the scale ``agree`` have three values, with three words in every language."""
        self.change(STRUCTURE, 'style = "words"', 'style = "words"\nvalues = [1, 3, 5]')
        for language in LANGUAGES:
            name = f"instruments/pulse/{language}.toml"
            self.change(name, '2 = "lidt"\n', "").change(name, '4 = "meget"\n', "")
        return self

    def message(self, template: str, language: str = "da") -> "SmallPack":
        """Make ``template`` the text of ``checkin.invite`` (values ``team`` and ``closes``)."""
        first = MESSAGES.splitlines()[1].replace("{language}", language)
        quoted = template.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return self.change(f"messages/{language}.toml", first, f'invite = "{quoted}"')

    def faults(self) -> tuple[Fault, ...]:
        """Return what is wrong with the pack."""
        return check(self.folder)

    def told(self) -> list[tuple[str, str, int | None, str]]:
        """Return the faults as (file, key, line, code)."""
        return [
            (fault.file.relative_to(self.folder).as_posix(), fault.key, fault.line, fault.code)
            for fault in self.faults()
        ]


def write_small_pack(folder: Path) -> SmallPack:
    """Write the pack, without a fault, into ``folder``."""
    pack = SmallPack(folder)
    pack.write("pack.toml", PACK).write("sources.toml", SOURCES).write(STRUCTURE, INSTRUMENT)
    pack.write("messages/keys.toml", KEYS)
    for language in LANGUAGES:
        words = INSTRUMENT_WORDS.replace("{language}", language)
        pack.write(f"instruments/pulse/{language}.toml", words)
        pack.write(f"messages/{language}.toml", MESSAGES.replace("{language}", language))
    return pack
