"""Where a key stands in a file, which ``tomllib`` does not say."""

from pathlib import Path

import pytest

from bot.content.tables import TomlFile

TEXT = '''\
# a comment
title = "x"   # and one here

[a.b]
1 = "one"
"quoted key" = 2
long = """
first = "not a key"
[neither.this]
"""
list = [
  "x",   # with a note
  "y",
]
after = { inner = { deep = 1 } }
dotted.key = 3

[[rows]]
cell = 1
[[rows]]
cell = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("a", "b"), 4),
        (("a", "b", "1"), 5),
        (("a", "b", "quoted key"), 6),
        (("a", "b", "long"), 7),
        (("a", "b", "list"), 11),
        (("a", "b", "after", "inner", "deep"), 15),
        (("a", "b", "dotted", "key"), 16),
        (("rows",), 18),
        (("rows", "cell"), 19),
        (("a", "b", "missing"), 4),
        (("neither", "this"), None),
        (("nowhere",), None),
    ],
)
def test_a_key_is_found_on_its_line(path: tuple[str, ...], line: int | None) -> None:
    assert TomlFile(Path(), "x.toml", TEXT).line_of(path) == line


def test_an_absent_file_has_no_lines() -> None:
    assert TomlFile(Path(), "x.toml").line_of(("title",)) is None
