"""What somebody may put into a form's inputs: in order, odd, too much, nothing at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from double import ImpossibleError, Person
from double.reading import SEARCHES, Element, elements
from double.world import View

ODD = (
    "",
    " ",
    "<@U000000001> & <!channel> <#C000000001|alle>",
    "*fed* _skrå_ ~væk~ `kode` > citat",
    "&amp;&lt;b&gt; <script>alert(1)</script>",
    "😀" * 40,
    "\u202eomvendt\u202c \u0000 \ud83d",
    "{{ team }} {% if %} {0}",
    "https://example.org/?a=1&b=2|her",
    "x" * 290,
    "lang " * 590,
    "1\n2\n3\n" * 60,
    "i dag",
    "Robert'); DROP TABLE slot;--",
)
MANY = ("checkboxes", "multi_static_select", "multi_external_select")


@dataclass
class Typing:
    """What was typed, by whom nobody knows: each text has a mark that stands nowhere else."""

    chance: Random
    marks: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)
    """Marks of what was typed as somebody's answer."""

    def text(self, most: int = 3_000, *, private: bool = False) -> str:
        """Return something nobody typed before; nothing at all, now and then."""
        odd = self.chance.choice(ODD)
        if self.chance.random() < 0.15:
            return (
                "" if self.chance.random() < 0.5 else odd[:most].encode("utf-8", "ignore").decode()
            )
        mark = f"kanarie{len(self.marks)}fugl"
        self.marks.append(mark)
        if private:
            self.private.append(mark)
        said = f"{mark} {odd}" if self.chance.random() < 0.6 else mark
        return said.encode("utf-8", "ignore").decode()[:most]


async def fill_oddly(who: Person, typing: Typing, inputs: Sequence[Element] = ()) -> None:
    """Put something into most inputs of the modal on top, as far as Slack lets one."""
    view, chance = who.modal, typing.chance
    for one in inputs or list(elements(view.payload["blocks"])):
        if one.block["type"] != "input" or chance.random() < 0.15:
            continue
        try:
            who.fill({str(one.block["block_id"]): await _value(who, view, one, typing)})
        except (ImpossibleError, ValueError):
            continue


async def _value(who: Person, view: View, one: Element, typing: Typing) -> object:
    chance, body = typing.chance, one.body
    if one.kind == "plain_text_input":
        private = str(view.payload.get("callback_id")).startswith(("ask.", "ideas."))
        said = typing.text(body.get("max_length", 3_000), private=private)
        return said if body.get("multiline") else said.replace("\n", " ")
    if one.kind == "number_input":
        return str(chance.choice((0, 1, 3, 7, 14, 99, -1)))
    if one.kind == "datepicker":
        return date(2026, 3, 2) + timedelta(days=chance.choice((-400, -1, 0, 1, 7, 30, 400)))
    if one.kind == "timepicker":
        return f"{chance.randrange(24):02d}:{chance.choice((0, 15, 59)):02d}"
    options = await _options(who, one, chance)
    if not options:
        raise ImpossibleError("nothing to choose")
    if one.kind in MANY:
        return chance.sample(options, chance.randint(0, min(len(options), 4)))
    return chance.choice(options)


async def _options(who: Person, one: Element, chance: Random) -> list[str]:
    if one.kind in SEARCHES:
        return await who.types(str(one.block["block_id"]), chance.choice(("dag", "af", "o", "&<")))
    groups: list[dict[str, Any]] = one.body.get("option_groups") or []
    found = [*(one.body.get("options") or []), *(o for g in groups for o in g["options"])]
    return [str(o["value"]) for o in found]
