"""SIGKILL at each commit point of opening, answering and closing; then one correct result."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crash_driver import POINTS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PARTS = 2
"""Processes that work through the points, one a core."""


def _lives(points: list[str], folder: Path) -> "subprocess.Popen[str]":
    folder.mkdir()
    (folder / "points").write_text("\n".join(points) + "\n")
    with (folder / "points").open() as lines:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", str(HERE / "crash_driver.py"), str(folder)],
            stdin=lines,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{HERE}"},
        )


@pytest.fixture(scope="module")
def lives(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """What each life left behind, by the point where it was killed; "" was never killed."""
    folder = tmp_path_factory.mktemp("lives")
    points = ["", *POINTS]
    found = {}
    running = [_lives(points[n::PARTS], folder / str(n)) for n in range(PARTS)]
    for process in running:
        out, err = process.communicate(timeout=280)
        assert process.returncode == 0, err[-3000:]
        for line in out.splitlines():
            life = json.loads(line)
            found[life["point"]] = life
    return found


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("point", POINTS)
def test_a_kill_leaves_exactly_one_correct_result_and_no_trace(
    lives: dict[str, dict[str, Any]], point: str
) -> None:
    life, calm = lives[point], lives[""]
    assert life["killed"], "the point was never reached"
    assert [state for _, state in life["rounds"]] == ["reported"]
    assert life["slots"] == life["comments"] == 0
    assert life["atoms"] == calm["atoms"]
    assert life["keys"] == []
    assert life["rounds"][0][0] in life["tombstones"]
    assert life["in_clear"] == []
    assert life["double"] == life["waiting"] == []
    assert life["outbox"] == calm["outbox"]
    assert life["posted"] == calm["posted"]
    assert {number for _, _, number in life["posted"]} == {1}
    assert life["findings"] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_without_a_kill_the_round_is_counted_as_everybody_answered(
    lives: dict[str, dict[str, Any]],
) -> None:
    calm = lives[""]
    assert not calm["killed"]
    (atom,) = calm["atoms"]
    assert (atom["answered"], atom["invited"]) == (6, 14)
    assert {asked["label"]["value"] for asked in atom["questions"]} == {3.0}
