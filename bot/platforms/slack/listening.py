"""Bolt: which payload goes where. It verifies, authorises and acknowledges; nothing is decided.

With ``process_before_response`` a listener ends before the acknowledgement goes out, so that what
it keeps is durable by then.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.platforms.slack import inbound
from bot.platforms.slack.choices import Choices
from bot.platforms.slack.events import TellAgain
from bot.platforms.slack.notices import quiet
from bot.platforms.slack.promptly import Promptly
from bot.platforms.slack.showing import Ack
from bot.platforms.slack.told import Malformed
from bot.platforms.slack.turns import ARRIVED
from bot.platforms.slack.workspaces import NotNow, Workspaces, authorize, client

log = logging.getLogger(__name__)

COMMAND = "/trivsel"
SHORTCUTS = {"trivsel_menu": "", "trivsel_action": "action", "trivsel_dialogue": "dialogue"}
"""What each shortcut stands for, as a verb of ``/trivsel``; any language is understood."""
ANY = re.compile("")

Json = Mapping[str, Any]
Event = Callable[[Json], Awaitable[None]]
"""Takes a whole event payload, with its envelope."""


def bolt(
    prompt: Promptly,
    choices: Callable[[], Choices],
    events: Mapping[str, Event],
    workspaces: Workspaces,
    api: str,
    signing_secret: str | None,
    away: str,
) -> AsyncApp:
    """Return Bolt's app with everything that is listened to.

    ``away`` is said to who types a command while the bot may not speak in his workspace.
    """
    app = AsyncApp(
        client=client(api, ""),
        signing_secret=signing_secret or "none: Socket Mode signs nothing",
        authorize=authorize(workspaces),  # type: ignore[arg-type]
        process_before_response=True,
        user_facing_authorize_error_message=away,
        logger=quiet(),
    )

    def heard(read: Callable[[Json], Any]) -> Callable[..., Awaitable[None]]:
        async def listener(ack: Any, body: Json, context: Json) -> None:
            try:
                answer: Ack = await prompt.hears(read(body), context.get(ARRIVED))
            except Malformed:
                log.warning("SLACK-1 a payload could not be read")
                answer = {}
            await ack(**answer)

        return listener

    async def searched(ack: Any, body: Json) -> None:
        try:
            answer = await choices().offers(inbound.suggestion(body))
        except Malformed:
            log.warning("SLACK-1 a payload could not be read")
            answer = {"options": []}
        await ack(**answer)

    # Bolt asks them in this order, and each question costs: what people send most comes first.
    app.view(ANY)(heard(inbound.submission))
    app.action(ANY)(heard(inbound.click))
    app.command(COMMAND)(heard(inbound.command))
    app.shortcut(ANY)(heard(lambda body: inbound.shortcut(body, SHORTCUTS)))
    app.options(ANY)(searched)
    for name, take in events.items():
        app.event(name)(_event(take))

    async def failed(error: Exception, body: Json) -> BoltResponse:
        """Have Slack try again what failed; somebody who typed a command is told instead."""
        if not isinstance(error, NotNow | TellAgain):  # these have their line already
            log.error("SLACK-3 a payload was not handled: %s", type(error).__name__)
        return BoltResponse(status=200, body=away) if "command" in body else _again()

    app.error(failed)
    return app


def _event(take: Event) -> Callable[..., Awaitable[None]]:
    async def listener(body: Json) -> None:
        await take(body)

    return listener


def _again() -> BoltResponse:
    return BoltResponse(status=500, body="")
