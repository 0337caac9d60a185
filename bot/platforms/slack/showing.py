"""Shows a reply where the person is: in a modal, in place of the one he sent, or as a whisper.

Nothing of it becomes a message in a history, but a short remark only he sees.
"""

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.cards import Ask, Form, Message, Reply, Say, Show
from bot.content.words import Words
from bot.domain.languages import Language
from bot.domain.recent import Recent
from bot.platforms.slack import inputs, limits, views
from bot.platforms.slack.escape import Block, fallback
from bot.platforms.slack.inbound import Origin, Sent, whole
from bot.platforms.slack.pictures import Pictures
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.screens import Page, inside, screen
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.trouble import TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client_of

log = logging.getLogger(__name__)

BRIEFLY = 1.5
"""Seconds a call of Slack is waited for before the acknowledgement goes out."""
CARDS = 500
"""Cards that are remembered for leafing, by the view they stand in."""
COMMON = 512
"""Views that many are shown alike and that are kept drawn; nobody's answers are in them."""
LONG = 2_000
"""Values of options that are remembered where a view has no room for them."""
LATE = frozenset({"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id"})
OVERTAKEN = frozenset({"hash_conflict", "not_found"})
"""What Slack answers where the view has been changed or closed since it was pressed in."""

Ack = Mapping[str, Any]
"""What goes out with the acknowledgement; empty for nothing."""


class Showing:
    """Shows replies."""

    def __init__(self, workspaces: Workspaces, api: str, pictures: Pictures, tasks: Tasks) -> None:
        self._workspaces, self._api = workspaces, api
        self._pictures, self._tasks = pictures, tasks
        self._cards: Recent[str, Message] = Recent(CARDS)
        self._paths: Recent[str, str] = Recent(CARDS)
        self._common: Recent[tuple[Message | Form, Language], Block] = Recent(COMMON)
        self._long: Recent[str, str] = Recent(LONG)

    async def show(
        self, here: Origin, reply: Reply, words: Words, conversation: str, *, page: int = 0
    ) -> Ack:
        """Show a reply; return what goes with the acknowledgement."""
        if isinstance(reply, Say) and here.surface in ("", "message") and here.response_url:
            if not here.surface:
                return {"text": fallback(reply.text, limits.MESSAGE_TEXT)}
            await self._tasks.briefly(self._whisper(here, reply.text), BRIEFLY)
            return {}
        if here.submitted and (errors := _errors(here, reply)):
            return {"response_action": "errors", "errors": errors}
        view = self._view(here, reply, words, conversation, page)
        if here.submitted:
            self._remember(here.view, reply)
            return {"response_action": "update", "view": view}
        on_modal = here.surface == "modal"
        call = self._update if on_modal else self._open
        await self._tasks.briefly(call(here, view, reply, words), BRIEFLY)
        return {}

    def leafed(self, here: Origin) -> Message | None:
        """Return the card that stands in a view, to show another page of it."""
        return self._cards.find(here.view)

    def path(self, here: Origin) -> str:
        """Return the page a modal shows, or showed before the form in it; empty for none."""
        return self._paths.find(here.view) or ""

    def whole(self, told: Sent) -> Sent:
        """Return a sent form with the values of its options that its view had no room for."""
        chosen = [one for given in told.values.values() if isinstance(given, list) for one in given]
        kept = ((one, self._long.find(str(one))) for one in chosen)
        found = {str(one): long for one, long in kept if long is not None}
        return replace(told, values=whole(told.values, found)) if found else told

    def _view(
        self, here: Origin, reply: Reply, words: Words, conversation: str, page: int
    ) -> Block:
        if isinstance(reply, Ask):
            for key, value in inputs.long_values((*reply.form.inputs, *reply.form.more)).items():
                self._long.keep(key, value)
        told = isinstance(reply, Ask) and reply.errors
        if isinstance(reply, Show | Ask) and reply.common and not page and not told:
            return self._kept(reply, words, conversation)
        cards = (inside(reply.message),) if isinstance(reply, Show) else ()
        context = Rendering(words, str, self._pictures.known(here.team, cards))
        return screen(reply, context=context, conversation=conversation, page=page)

    def _kept(self, reply: Show | Ask, words: Words, conversation: str) -> Block:
        """Return a view many are shown alike, drawn once; only its conversation is the reader's."""
        card = reply.message if isinstance(reply, Show) else reply.form
        view = self._common.get(
            (card, words.language), lambda: screen(reply, context=Rendering(words, str))
        )
        return views.moved(view, conversation) if conversation else view

    def _remember(self, view: str, reply: Reply) -> None:
        if isinstance(reply, Show):
            self._cards.keep(view, reply.message)
            self._paths.keep(view, reply.path if isinstance(reply, Page) else "")

    async def _open(self, here: Origin, view: Block, reply: Reply, words: Words) -> None:
        try:
            to = await self._client(here)
            said = await to.views_open(trigger_id=here.trigger, view=view)
        except TROUBLE as trouble:
            error = error_of(trouble)
            log.warning("SLACK-2 views.open: %s", error)
            key = "slack.too_late" if error in LATE else "slack.not_shown"
            await self._whisper(here, words(key))
        else:
            self._remember(str(said["view"]["id"]), reply)

    async def _update(self, here: Origin, view: Block, reply: Reply, words: Words) -> None:
        """Show something in the modal that was pressed in.

        What another press has shown meanwhile stands, and a modal that was closed stays closed.
        """
        try:
            to = await self._client(here)
            await to.views_update(view_id=here.view, hash=here.hash or None, view=view)
        except TROUBLE as trouble:
            error = error_of(trouble)
            log.warning("SLACK-2 views.update: %s", error)
            if error not in OVERTAKEN:
                await self._whisper(here, words("slack.not_shown"))
        else:
            self._remember(here.view, reply)

    async def _whisper(self, here: Origin, text: str) -> None:
        """Say something only the person sees; where he cannot be reached so, in his own DM."""
        said = fallback(text, limits.MESSAGE_TEXT)
        try:
            if here.response_url:
                hook = AsyncWebhookClient(here.response_url, timeout=5)
                answer = await hook.send_dict({"text": said, "response_type": "ephemeral"})
                if answer.status_code == 200:
                    return
                log.warning("SLACK-7 a remark was refused: %d", answer.status_code)
            else:
                await (await self._client(here)).chat_postMessage(channel=here.user, text=said)
        except TROUBLE as trouble:
            log.warning("SLACK-7 a remark was not said: %s", error_of(trouble))

    async def _client(self, here: Origin) -> Any:
        return await client_of(self._workspaces, self._api, here.team)


def _errors(here: Origin, reply: Reply) -> dict[str, str]:
    """Return what is wrong, under the inputs of the form that was sent; empty where it cannot be.

    A form that came back with other inputs than were sent, or about something else (a newer version
    of what is edited), is shown anew instead: errors alone leave a view as it is.
    """
    if isinstance(reply, Say) and reply.failed and here.inputs:
        return {here.inputs[0]: reply.text[:500]}
    if not isinstance(reply, Ask) or not reply.errors or reply.form.context != here.context:
        return {}
    try:
        found = views.errors(reply.form, reply.errors)
    except ValueError:
        return {}
    return found if set(found) <= set(here.inputs) else {}
