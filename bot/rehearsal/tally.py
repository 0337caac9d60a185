"""What a simulation counts, and how it says it. Figures of people's doings, never of a person."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from bot.domain.dialogues import KINDS
from bot.domain.results import ParentFigure
from bot.domain.rounds import EFFECT, Round, RoundState
from bot.rehearsal import stock
from bot.storage import figures, outbox, rounds
from bot.storage.figures import KeptComment
from bot.storage.store import Tx

LINES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Rounds",
        (
            ("opened", "opened"),
            ("extra", "  of these, started by a lead"),
            ("talked", "  of these, ideas and votes of dialogues"),
            ("judged", "  of these, does an action work"),
            ("not_opened", "not opened: too few people, or asked too lately"),
            ("closed", "closed"),
            ("reported", "reported to the team"),
            ("still_open", "still open at the end"),
        ),
    ),
    (
        "People",
        (
            ("asked", "asked"),
            ("reminded", "reminded"),
            ("asked_again", "asked again, as they had wished"),
            ("answered", "answered to the end"),
            ("begun", "begun and left"),
            ("postponed", "postponed: later"),
            ("off", "not for me"),
            ("on", "taken back"),
            ("away", "pauses noted"),
            ("left", "left the workplace"),
        ),
    ),
    (
        "Results",
        (
            ("groups_published", "groups published"),
            ("groups_suppressed", "teams told that too few answered"),
            ("questions_published", "questions published"),
            ("questions_suppressed", "questions suppressed in a published group"),
            ("parents_published", "departments' figures, from their groups' labels"),
        ),
    ),
    (
        "Comments",
        (
            ("comments_written", "written"),
            ("comments_shown", "shown"),
            ("comments_held", "held back by a representative"),
            ("comments_destroyed", "destroyed unread"),
        ),
    ),
    (
        "Dialogues",
        (
            ("dialogues_started", "started"),
            ("dialogues_met", "  of these, together in a meeting"),
            ("dialogues_ended", "ended"),
            ("dialogues_under", "ended with too few who wrote: nothing shown"),
            ("dialogues_running", "still running at the end"),
            ("ideas_written", "ideas written"),
            ("ideas_shown", "ideas shown to the team"),
            ("ideas_destroyed", "ideas destroyed unread"),
            ("voted", "people who voted"),
            ("votes_counted", "votes counted: an order was shown"),
            ("votes_too_few", "votes of too few: no order"),
        ),
    ),
    (
        "Actions",
        (
            ("agreed", "agreed"),
            ("done", "done"),
            ("done_late", "  of these, after their date"),
            ("dropped", "dropped"),
            ("passed_on", "waiting for the level above at the end"),
            ("standing", "standing at the end"),
            ("late", "  of these, late"),
            ("moved_start", "begun"),
            ("moved_snooze", "reminders put off"),
            ("moved_date", "new dates"),
            ("moved_help", "asked for help"),
            ("taken_over", "taken over from somebody who left"),
            ("action_reminders", "notes to those responsible"),
            ("team_reminders", "reminders to a team"),
        ),
    ),
    (
        "Effect",
        (
            ("checked", "actions that reached an effect check"),
            ("checks", "effect checks: some go round again"),
            ("checks_team", "  of these, by the team without names"),
            ("checks_label", "  of these, with enough answers to be shown"),
            ("effect_talked", "teams invited to talk instead"),
            ("works", "works"),
            ("partly", "works partly"),
            ("not_yet", "no effect yet"),
            ("unknown", "nobody has said"),
            ("scale", "decided: do more of it"),
            ("keep", "decided: keep"),
            ("adjust", "decided: adjust and go round again"),
            ("drop", "decided: stop"),
            ("undecided", "not decided at the end"),
            ("shared", "shared with other teams"),
        ),
    ),
    (
        "Above",
        (
            ("escalations_asked", "passed on to the level above"),
            ("escalations_answered", "answered"),
            ("digests", "digests to a work-environment group"),
        ),
    ),
    (
        "Outbox",
        (
            ("sent", "sent"),
            ("retried", "failed once and tried again"),
            ("skipped", "private rows handled without reaching anybody"),
            ("dead", "dead letters"),
            ("waiting", "still waiting at the end"),
        ),
    ),
)


class Tally(Counter[str]):
    """Counts by name; every name is in ``LINES``."""

    def __init__(self) -> None:
        super().__init__()
        self.written: Counter[str] = Counter()
        """Comments by round, as they were handed in."""
        self.ideas: Counter[str] = Counter()
        """Ideas by dialogue, as they were written."""
        self.checked: set[tuple[str, int]] = set()
        """Actions, each with its turn, whose responsible was asked whether they work."""
        self.refusals: set[str] = set()
        """Why a round was not opened is told to several leads, and counted once."""

    def as_plain(self) -> dict[str, dict[str, int]]:
        """Return the counts under their headings."""
        return {
            heading.lower(): {name: self[name] for name, _ in lines} for heading, lines in LINES
        }

    def as_text(self) -> str:
        """Return the counts as a table."""
        found = []
        for heading, lines in LINES:
            found.append(heading)
            found += [f"  {says:<56}{self[name]:>8}" for name, says in lines]
        return "\n".join(found)


def take_stock(tx: Tx, tally: Tally, now: datetime) -> str:
    """Add what stands in the database; return a fingerprint of everything that was published."""
    everything = [one for id_ in sorted(rounds.known_ids(tx)) if (one := rounds.get(tx, id_))]
    _rounds(everything, tally)
    tally["not_opened"] = len(tally.refusals)
    tally.update(stock.all_of_it(tx, now, tally.ideas, tally.checked))
    prints = hashlib.sha256()
    for one in everything:
        for kept in figures.of_round(tx, one.id):
            _figure(kept.figure, tally)
            plain = json.dumps([kept.id, asdict(kept.figure)], sort_keys=True, default=str)
            prints.update(plain.encode())
        _comments(figures.comments(tx, one.id), one, tally)
    counts = outbox.counts(tx)
    tally["dead"], tally["waiting"] = counts.get(outbox.DEAD, 0), counts.get(outbox.WAITING, 0)
    private = counts.get(outbox.SENT, 0) - tally["sent"]
    tally["skipped"] = private - tally["asked"] - tally["reminded"]
    return prints.hexdigest()


def _rounds(everything: Iterable[Round], tally: Tally) -> None:
    for one in everything:
        tally["opened"] += 1
        tally["talked"] += one.instrument in KINDS
        tally["judged"] += one.instrument == EFFECT
        tally["extra"] += one.schedule is None and one.instrument not in (*KINDS, EFFECT)
        tally["closed"] += one.state in (RoundState.CLOSED, RoundState.REPORTED)
        tally["reported"] += one.state is RoundState.REPORTED
        tally["still_open"] += one.state.takes_answers


def _comments(kept: Sequence[KeptComment], one: Round, tally: Tally) -> None:
    held = sum(comment.held for comment in kept)
    tally["comments_written"] += tally.written[one.id]
    tally["comments_held"] += held
    tally["comments_shown"] += len(kept) - held
    if not one.state.takes_answers:
        tally["comments_destroyed"] += tally.written[one.id] - len(kept)


def _figure(one: figures.Figure, tally: Tally) -> None:
    if isinstance(one, ParentFigure):
        tally["parents_published"] += 1
        return
    tally["groups_published"] += 1
    shown = sum(question.label is not None for question in one.questions)
    tally["questions_published"] += shown
    tally["questions_suppressed"] += len(one.questions) - shown
