"""``simulate``: everything happens that should, and the same seed gives the same output."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.organisation import counted_together, many_teams, uneven
from bot.rehearsal.simulate import Wanted, simulate
from bot.rehearsal.tally import LINES, Tally

SMALL = ("--teams", "3", "--people", "8", "--weeks", "3", "--seed", "11", "--json")


def run(hash_seed: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "simulate", *options],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    return done.stdout


@pytest.mark.slow
def test_the_same_seed_gives_the_same_output_whatever_the_order_of_sets():
    first = run("1", *SMALL)

    assert run("2", *SMALL) == first
    assert json.loads(first)["rounds"]["opened"] > 0


@pytest.mark.slow
async def test_another_seed_gives_other_figures(tmp_path):
    found = [await simulate(Wanted(2, 8, 3, seed), tmp_path / str(seed)) for seed in (1, 2)]

    assert found[0].as_plain() != found[1].as_plain()


@pytest.mark.slow
async def test_weeks_are_lived_through_and_nothing_is_left_unaccounted_for(tmp_path):
    passed: list[int] = []
    outcome = await simulate(Wanted(6, 9, 6, 7), tmp_path, lambda: passed.append(1))
    plain: dict[str, Any] = outcome.as_plain()
    rounds, people, comments = plain["rounds"], plain["people"], plain["comments"]

    assert len(passed) == 6
    assert rounds["opened"] == rounds["closed"] + rounds["still_open"]
    assert rounds["closed"] > 0
    assert 0 < people["answered"] <= people["asked"]
    assert people["postponed"] >= people["asked_again"] > 0
    assert people["reminded"] > 0
    assert plain["results"]["groups_published"] > 0
    shown_or_not = comments["comments_shown"] + comments["comments_held"]
    assert shown_or_not + comments["comments_destroyed"] <= comments["comments_written"]
    assert min(min(part.values()) for part in plain.values() if isinstance(part, dict)) >= 0


@pytest.mark.slow
async def test_results_are_talked_about_and_actions_followed_up_until_their_effect(tmp_path):
    outcome = await simulate(Wanted(5, 9, 13, 7), tmp_path)
    plain: dict[str, Any] = outcome.as_plain()
    talks, done, effect = plain["dialogues"], plain["actions"], plain["effect"]

    assert talks["dialogues_started"] == talks["dialogues_ended"] + talks["dialogues_running"]
    assert 0 < talks["ideas_shown"] <= talks["ideas_written"] - talks["ideas_destroyed"]
    assert talks["votes_counted"] > 0
    states = ("done", "dropped", "passed_on", "standing")
    assert done["agreed"] == sum(done[state] for state in states) > 0
    assert done["team_reminders"] > 0
    assert 0 < effect["checked"] <= effect["checks"]
    said = ("works", "partly", "not_yet", "unknown")
    assert effect["checks"] == sum(effect[word] for word in said)
    assert plain["above"]["digests"] > 0


def test_a_small_team_is_planned_with_the_team_before_it():
    cast = uneven(many_teams(10, 12, _rng()), _rng())
    scopes = counted_together(cast, 5)

    assert ("team-4", "team-5") in scopes
    assert [scope for scope in scopes if len(scope) == 1]
    assert sorted(node for scope in scopes for node in scope) == sorted(
        node.id for node in cast.nodes if node.id.startswith("team-")
    )


def test_everybody_with_a_role_is_still_there_when_teams_get_smaller():
    cast = uneven(many_teams(20, 8, _rng()), _rng())

    assert {grant.person for grant in cast.grants} <= {person.id for person in cast.people}


def test_every_count_has_words_in_the_table():
    tally = Tally()
    tally.update({name: 7 for _, lines in LINES for name, _ in lines})

    assert tally.as_text().count(" 7") == sum(len(lines) for _, lines in LINES)


def _rng() -> random.Random:
    return random.Random(5)
