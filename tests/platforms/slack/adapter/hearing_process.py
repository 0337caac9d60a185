"""A process of its own that hears what Slack told: ``hearing_process.py FOLDER API TOKEN``.

Each line of its input is a JSON object: ``at`` (the instant its clock says), ``payload`` (a form or
an event's envelope) and perhaps ``die``: it kills itself when the flows have just kept the form, or
are about to take the event. It answers each with a line: what would be acknowledged.
"""

import asyncio
import json
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))
sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parent))

from slack_town import _draw
from town import Recorder, shipped

from bot.app import Bot, started
from bot.domain.chance import SystemChance
from bot.domain.clock import MovableClock
from bot.platforms.slack import inbound
from bot.platforms.slack.adapter import Options, Slack
from bot.platforms.slack.workspaces import NotNow, OwnWorkspace
from bot.platforms.web.delivery import WebDelivery
from bot.settings import Settings


async def main(folder: Path, api: str, token: str) -> None:
    clock = MovableClock(datetime.fromisoformat(_line()["at"]))
    settings, recorder = Settings(data=folder / "data"), Recorder()
    async with started(
        settings, clock=clock, chance=SystemChance(), platform=recorder, pack=shipped()
    ) as bot:
        slack = _slack(bot, clock, api, token)
        recorder.inner = slack.delivery
        _say("ready")
        while told := _line():
            clock.move_to(datetime.fromisoformat(told["at"]))
            if told.get("die"):
                _dies(slack)
            _say(await _heard(slack, told["payload"]))
            await bot.tick(clock.now())
        await slack.close()


def _slack(bot: Bot, clock: MovableClock, api: str, token: str) -> Slack:
    options = Options(signing_secret="none", api=api)
    inner = WebDelivery(bot.store, clock, bot.hub)
    place = OwnWorkspace(api, token)
    return Slack(bot.store, bot.env, bot.front, place, inner, _draw, options)


async def _heard(slack: Slack, payload: dict[str, Any]) -> Any:
    if payload["type"] != "event_callback":
        return await slack.hearing.hears(inbound.submission(payload))
    try:
        await slack.events.by_name()[payload["event"]["type"]](payload)
    except NotNow:
        return "again"
    await slack.tasks.drain()
    return "taken"


def _dies(slack: Slack) -> None:
    async def dies(*_: object, **__: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    slack.hearing._once.came = dies  # type: ignore[method-assign]
    slack.setup.welcome = dies  # type: ignore[method-assign]


def _say(what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _line() -> dict[str, Any]:
    read = sys.stdin.readline()
    found: dict[str, Any] = json.loads(read) if read.strip() else {}
    return found


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
