"""A process that lives through a round and kills itself at one point; and one that goes on after.

Run as ``crash_driver.py FOLDER``: reads points, one a line, from its input, and answers each with
one line of JSON. Every life is a child of its own, so that SIGKILL ends it as a power cut would.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from town import MONDAY, Town, cast, shipped, town
from whole_bot import BALLOT, CANARY, everything

from bot.delivery.sender import Sender
from bot.flows.calendars import team_calendar
from bot.flows.programmes import registry as programmes
from bot.flows.rounds import answering, closing, opening, reminding, running
from bot.privacy.keys import KeyStore
from bot.rehearsal.organisation import Cast, fortnightly, plan
from bot.settings import Settings
from bot.storage import people, slots
from bot.storage.audit import audit
from bot.storage.store import Store, Tx

TEAM = cast(("dag", 13), ("nat", 3))
ANSWERING = [f"dag-{n}" for n in range(2, 8)]
NOBODY = Cast((), (), ())

# Read once, before any child: it is most of what a start costs.
shipped()
Settings(data=Path("nowhere"))

Point = tuple[object, str, str, int]
"""Where: object, name, before or after the call, and which call of that name."""
POINTS: dict[str, Point] = {
    "before the key is made": (KeyStore, "create", "before", 1),
    "after the key is made": (KeyStore, "create", "after", 1),
    "before the opening is committed": (opening, "commit", "after", 1),
    "after the opening is committed": (running, "open_round", "after", 1),
    "before an answer is committed": (slots, "write", "after", 9),
    "after an answer is committed": (answering, "move", "before", 10),
    "before the reminder is committed": (reminding, "remind", "after", 1),
    "after private reminders are sent": (Sender, "_nudge", "after", 2),
    "before closing is committed": (closing, "begin", "after", 1),
    "after closing is committed": (closing, "sealed_ballots", "before", 1),
    "after counting": (closing, "count_ballots", "after", 1),
    "before the result is committed": (closing, "finish", "after", 1),
    "after the result is committed": (closing, "bury", "before", 1),
    "after the tombstone": (os, "urandom", "before", -1),
    "before the key is removed": (Path, "unlink", "before", -1),
    "after the key is removed": (KeyStore, "destroy", "after", 1),
    "before the log is emptied": (Store, "checkpoint", "before", -2),
    "after the log is emptied": (Store, "checkpoint", "after", -2),
    "before the team's result is committed": (closing, "publish", "after", 1),
    "after messages are posted": (Sender, "_post", "after", 3),
}
"""A negative number counts only from the time the key is being destroyed or the round counted."""


def main() -> None:
    folder = Path(sys.argv[1])
    for number, line in enumerate(sys.stdin):
        point = line.strip()
        place = folder / str(number)
        died = _in_child(lambda place=place, point=point: _first_life(place, point))
        _in_child(lambda place=place: _second_life(place))
        found = json.loads((place / "found.json").read_text())
        found |= {"point": point, "killed": died == -signal.SIGKILL}
        sys.stdout.write(json.dumps(found) + "\n")
        sys.stdout.flush()


def _in_child(life: Callable[[], None]) -> int:
    """Carry something out in a child; return its exit code, negative for a signal."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            life()
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _first_life(place: Path, point: str) -> None:
    async def live() -> None:
        async with town(place, TEAM) as t:
            if point:
                _arm(t, place, point)
            await t.bot.store.write(lambda tx: _plan(tx, t))
            await _live(t)

    asyncio.run(live())


def _plan(tx: Tx, t: Town) -> None:
    calendar = team_calendar(tx, people.tree(tx), t.bot.env.defaults, ("org",), MONDAY.date())
    monthly = fortnightly(1, datetime(2026, 3, 3, 9, 30, tzinfo=UTC).time(), MONDAY.date())
    plan(tx, t.bot.env.chance, calendar, [("org",)], "maturity", monthly, 3, MONDAY)
    programmes.settle(tx, t.bot.env, MONDAY)


async def _live(t: Town) -> None:
    """Live on to the day after publication; everybody says again what he may have said before."""
    answered = set()
    for _ in range(30):
        for one in await t.bot.store.read(running.rounds.taking_answers):
            if one.state.takes_answers and one.id not in answered:
                answered.add(one.id)
                for n, person in enumerate(ANSWERING):
                    # Two comments are too few to be shown: they must be gone without a trace.
                    comment = f"{CANARY} {n}" if n < 2 else ""
                    await t.answer(person, one.id, 3, comment=comment)
        if t.clock.now() >= MONDAY + timedelta(days=9):
            return
        await t.travel(t.clock.now() + timedelta(hours=12))


def _second_life(place: Path) -> None:
    async def live() -> None:
        file = place / "clock"
        now = datetime.fromisoformat(file.read_text()) if file.exists() else MONDAY
        async with town(place, NOBODY, now=now, seed=8) as t:
            await _live(t)
            for key in t.bot.settings.key_folder.glob("*.key"):
                # As old as it is for this clock, which stands in another year than the file's.
                os.utime(key, times=(now.timestamp(), now.timestamp()))
            await t.bot.keep_house()
            found = await t.bot.store.read(_found)
        report = audit(place / "data" / "trivselsbot.db", place / "data" / "keys")
        files = everything(place)
        found |= {
            "findings": [str(one) for one in report.findings],
            "keys": sorted(name for name in files if name.endswith(".key") and "keys/" in name),
            "tombstones": sorted(Path(name).stem for name in files if name.endswith(".gone")),
            "in_clear": [
                n for n, raw in files.items() if CANARY.encode() in raw or BALLOT.search(raw)
            ],
        }
        (place / "found.json").write_text(json.dumps(found))

    asyncio.run(live())


def _found(tx: Tx) -> dict[str, Any]:
    def rows(sql: str) -> list[list[Any]]:
        return [list(row) for row in tx.connection.exec_driver_sql(sql)]

    return {
        "rounds": rows("SELECT id, state FROM round"),
        "slots": rows("SELECT count(*) FROM slot")[0][0],
        "atoms": [json.loads(row[0]) for row in rows("SELECT data FROM figure WHERE kind='atom'")],
        "comments": rows("SELECT count(*) FROM comment")[0][0],
        "double": rows("SELECT purpose, recipient FROM delivery GROUP BY 1, 2 HAVING count(*) > 1"),
        "waiting": rows("SELECT purpose FROM delivery WHERE state <> 'sent'"),
        "posted": rows(
            "SELECT conversation_id, json_extract(note, '$.kind'), count(*) FROM message "
            "GROUP BY 1, 2, note ORDER BY 1, 2"
        ),
        "outbox": rows(
            "SELECT json_extract(note, '$.kind'), recipient FROM delivery ORDER BY 1, 2"
        ),
    }


def _arm(t: Town, place: Path, point: str) -> None:
    """Let the process die at the point, having noted what time it is there."""
    owner, name, when, number = POINTS[point]
    original = getattr(owner, name)
    calls = 0

    def die() -> None:
        (place / "clock").write_text(t.clock.now().isoformat())
        os.kill(os.getpid(), signal.SIGKILL)

    def hit() -> bool:
        nonlocal calls
        if number < 0 and not _destroying():
            return False
        calls += 1
        return calls == abs(number) if number != -2 else True

    if asyncio.iscoroutinefunction(original):

        async def waited(*args: Any, **named: Any) -> Any:
            now = hit()
            if now and when == "before":
                die()
            result = await original(*args, **named)
            if now and when == "after":
                die()
            return result

        setattr(owner, name, waited)
        return

    def called(*args: Any, **named: Any) -> Any:
        now = hit()
        if now and when == "before":
            die()
        result = original(*args, **named)
        if now and when == "after":
            die()
        return result

    setattr(owner, name, called)


def _destroying() -> bool:
    """Tell whether a key is being destroyed, or was just now by the round that is closing."""
    frame = sys._getframe()
    names = set()
    while frame is not None:
        names.add(frame.f_code.co_name)
        frame = frame.f_back  # type: ignore[assignment]
    return bool(names & {"destroy", "_close"})


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
