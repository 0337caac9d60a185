"""The demo: an invented home for the elderly, its clock, and colleagues who can be let to answer.

It lives in a database of its own. A newcomer opens it on a morning when a check-in has just begun,
with a few rounds behind it.
"""

import asyncio
import json
import logging
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.app import Bot, DemoParts
from bot.domain.clock import MovableClock
from bot.domain.people import rules_of
from bot.flows.calendars import calendar_from
from bot.flows.programmes import registry as programmes
from bot.flows.rounds.cards import local
from bot.flows.views import Sidebar
from bot.platforms.web.port import DemoBar
from bot.platforms.web.session import Sessions
from bot.rehearsal.everyday import Everyday
from bot.rehearsal.history import History
from bot.rehearsal.organisation import demo_cast, fortnightly, plan, settle
from bot.rehearsal.travel import travel
from bot.schedule.cadence import Cadence
from bot.storage import meta, people
from bot.storage.store import Tx

log = logging.getLogger(__name__)

ZONE = "Europe/Copenhagen"
HISTORY = timedelta(weeks=7)
OPENS = time(9, 30)
CLOCK_FILE = "demo-clock.json"
MOVES = ("day", "monday", "answer", "restart")


def first_morning(today: date) -> datetime:
    """Return the moment the demo begins: a Monday morning just after a check-in opened."""
    monday = today - timedelta(days=today.weekday())
    return datetime.combine(monday, time(9, 31), ZoneInfo(ZONE)).astimezone(UTC)


def clock_for(folder: Path, today: date) -> MovableClock:
    """Return the demo's clock, where it was left; it stands still between the moves."""
    file = folder / CLOCK_FILE
    if file.is_file():
        return MovableClock(datetime.fromisoformat(json.loads(file.read_text())["now"]))
    return MovableClock(first_morning(today) - HISTORY)


class Stage:
    """The demo's own doings around a started bot."""

    def __init__(self, bot: Bot, clock: MovableClock, sessions: Sessions) -> None:
        self._bot, self._clock, self._sessions = bot, clock, sessions
        self._folder = bot.settings.data
        self._turn = asyncio.Lock()
        self._everyday = Everyday(bot)

    async def set_up(self, today: date) -> None:
        """Invent the organisation and live through its first weeks; nothing if that is done."""
        if (self._folder / CLOCK_FILE).is_file():
            return
        await self._bot.store.write(self._invent)
        await History(self._bot, self._clock, self._everyday, first_morning(today)).live()
        self._keep_time()

    async def move(self, until: datetime) -> None:
        """Move the clock, doing everything on the way."""
        await travel(self._bot, self._clock, until)
        self._keep_time()
        everybody = await self._bot.store.read(people.everybody)
        self._bot.hub.nudge(person.id for person in everybody)

    async def let_answer(self, but: str) -> None:
        """Let all colleagues but one answer what is open, and go on with what they agreed on."""
        await self._everyday.go_on(but)
        await self._everyday.take_part(but)
        self._bot.hub.nudge([but])

    def parts(self) -> DemoParts:
        """Return the bar over every page and what its buttons post to."""
        return DemoParts(self._bar, (Route("/demo/{move}", self._pressed, methods=["POST"]),))

    async def _bar(self, sidebar: Sidebar) -> DemoBar:
        """Return the bar in the language of whoever is signed in."""
        words = self._bot.front.words(sidebar.language)
        now = words("demo.now", at=local(self._clock.now(), ZONE))
        buttons = tuple((f"/demo/{move}", words(f"demo.{move}")) for move in MOVES)
        return DemoBar(now, words("demo.hint"), buttons, await self._bot.front.choices())

    async def _pressed(self, request: Request) -> Response:
        person = self._sessions.person(request)
        if person is None:
            return Response(status_code=401)
        async with self._turn:
            match request.path_params["move"]:
                case "day":
                    await self.move(self._tomorrow())
                case "monday":
                    await self.move(self._next_monday())
                case "answer":
                    await self.let_answer(person)
                case "restart":
                    await self._start_over()
                case _:
                    return Response(status_code=404)
        page = urlsplit(request.headers.get("referer", "")).path or "/"
        return RedirectResponse(page if page.startswith("/") else "/", status_code=303)

    def _tomorrow(self) -> datetime:
        here = self._clock.now().astimezone(ZoneInfo(ZONE))
        return (here + timedelta(days=1)).astimezone(UTC)

    def _next_monday(self) -> datetime:
        here = self._clock.now().astimezone(ZoneInfo(ZONE))
        monday = here.date() + timedelta(days=7 - here.weekday())
        return datetime.combine(monday, time(9, 31), ZoneInfo(ZONE)).astimezone(UTC)

    async def _start_over(self) -> None:
        """Empty the demo's own database and invent everything anew."""
        (self._folder / CLOCK_FILE).unlink(missing_ok=True)
        for round_id in self._bot.env.keys.rounds():
            self._bot.env.keys.destroy(round_id)
        await self._bot.store.write(meta.erase_everything)
        today = datetime.now(UTC).date()
        self._clock.restart(first_morning(today) - HISTORY)
        await self.set_up(today)

    def _invent(self, tx: Tx) -> None:
        now = self._clock.now()
        chance, defaults = self._bot.env.chance, self._bot.env.defaults
        settle(tx, demo_cast(), chance, now)
        programmes.settle(tx, self._bot.env, now)
        calendar = calendar_from(rules_of(people.tree(tx), "solgaarden", defaults))
        day = now.astimezone(ZoneInfo(ZONE)).date()
        often = fortnightly(0, OPENS, day + timedelta(days=7))
        plan(tx, chance, calendar, [("solgaarden",)], "checkin", often, 3, now, questions=3)
        twice = _wednesday_of(day + HISTORY)
        plan(tx, chance, calendar, [("solgaarden",)], "maturity", twice, 10, now)

    def _keep_time(self) -> None:
        text = json.dumps({"now": self._clock.now().isoformat()})
        (self._folder / CLOCK_FILE).write_text(text)


def _wednesday_of(monday: date) -> Cadence:
    """Return the rhythm of the maturity round: twice a year, first in the demo's own first week."""
    wednesday = monday + timedelta(days=2)
    nth = min((wednesday.day - 1) // 7 + 1, 4)
    return Cadence.every_months(6, nth, wednesday.weekday(), OPENS, wednesday)
