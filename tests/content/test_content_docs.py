"""What the guide for authors shows is what the bot reads."""

import re
from pathlib import Path

from bot.content import limits
from bot.content.check import check
from bot.content.faults import Code
from bot.content.formats import FILTERS
from bot.content.loader import shipped_folder
from bot.content.model import BALANCES, DIMENSIONS, MARKS, SIDES

GUIDE = Path(__file__).parents[2] / "docs/content-authors.md"
EXAMPLE = re.compile(
    r"^ *```toml\n *# (?P<name>\S+)\n(?P<text>.*?)^ *```$", re.DOTALL | re.MULTILINE
)


def test_the_examples_can_be_laid_over_the_shipped_pack(tmp_path: Path) -> None:
    examples = list(EXAMPLE.finditer(GUIDE.read_text("utf-8")))
    assert len(examples) == GUIDE.read_text("utf-8").count("```toml")
    for example in examples:
        path = tmp_path / example["name"]
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text("utf-8") if path.exists() else ""
        path.write_text(before + example["text"], encoding="utf-8")
    faults = check(shipped_folder(), tmp_path)
    assert [str(fault) for fault in faults if tmp_path in fault.file.parents] == []


def test_every_fault_filter_tag_and_kind_is_explained() -> None:
    guide = GUIDE.read_text("utf-8")
    for name in (*Code, *SIDES, *BALANCES, *DIMENSIONS, *MARKS):
        assert f"`{name}`" in guide, name
    for name in FILTERS:
        assert re.search(rf"^\| `{name}[(`]", guide, re.MULTILINE), name
    for kind, limit in limits.KINDS.items():
        assert f"`{kind}` {limit.most}" in guide, kind
