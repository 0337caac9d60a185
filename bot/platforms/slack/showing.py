"""Shows a reply where the person is: in a modal, in place of the one he sent, or as a whisper.

Nothing of it becomes a message in a history, but a short remark only he sees.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.cards import Ask, Form, Message, Reply, Say, Show
from bot.content.words import Words
from bot.domain.clock import Clock
from bot.domain.languages import Language
from bot.domain.recent import Recent
from bot.platforms.slack import limits, views
from bot.platforms.slack.escape import Block, fallback
from bot.platforms.slack.notices import quiet
from bot.platforms.slack.pictures import Files, Pictures, charts
from bot.platforms.slack.posting import Posting
from bot.platforms.slack.rendering import Rendering
from bot.platforms.slack.screens import Page, screen
from bot.platforms.slack.shown import Shown
from bot.platforms.slack.tasks import Tasks
from bot.platforms.slack.told import Origin
from bot.platforms.slack.trouble import LATE, OVERTAKEN, TROUBLE, error_of
from bot.platforms.slack.workspaces import Workspaces, client_of

log = logging.getLogger(__name__)

BRIEFLY = 1.5
"""Seconds a call of Slack is waited for before the acknowledgement goes out."""
COMMON = 512
"""Views that many are shown alike and that are kept drawn; nobody's answers are in them."""

SHOWN = "exchanged_trigger_id"
"""What Slack answers where an earlier try of the same click has opened a view already."""

Draw = Callable[[Files], Block]
"""Draws a reply as a view, with the pictures there are."""
Ack = Mapping[str, Any]
"""What goes out with the acknowledgement; empty for nothing."""


class Showing:
    """Shows replies."""

    def __init__(
        self,
        workspaces: Workspaces,
        api: str,
        pictures: Pictures,
        tasks: Tasks,
        posting: Posting,
        clock: Clock,
    ) -> None:
        self._workspaces, self._api, self._posting = workspaces, api, posting
        self._pictures, self._tasks = pictures, tasks
        self.shown = Shown(clock)
        self._common: Recent[tuple[Message | Form, Language], Block] = Recent(COMMON)

    async def show(
        self, here: Origin, reply: Reply, words: Words, conversation: str, *, page: int = 0
    ) -> Ack:
        """Show a reply; return what goes with the acknowledgement."""
        if isinstance(reply, Say) and here.surface in ("", "message") and here.response_url:
            if not here.surface:
                return {"text": fallback(reply.text, limits.MESSAGE_TEXT)}
            await self._tasks.briefly(self.whisper(here, reply.text), BRIEFLY)
            return {}
        if here.submitted and (errors := _errors(here, reply)):
            return {"response_action": "errors", "errors": errors}

        def draw(files: Files) -> Block:
            context = Rendering(words, str, files)
            return screen(reply, context=context, conversation=conversation, page=page)

        told = isinstance(reply, Ask) and reply.errors
        if isinstance(reply, Show | Ask) and reply.common and not page and not told:
            view, late = self._kept(reply, words, conversation), None
        else:
            files = await self._pictures.known(here.team, _cards(reply))
            view = draw(files)
            late = draw if len(files) < len(charts(_cards(reply))) else None
        if here.submitted:
            if here.below and isinstance(reply, Page):
                put = self._put_below(here, view, reply, late)
                if await self._tasks.briefly(put, BRIEFLY):
                    return {}  # the form closes, and the page under it says what came of it
            self.shown.keep(here.view, reply)
            return {"response_action": "update", "view": view}
        call = self._open if self._lies_over(here, reply) else self._update
        await self._tasks.briefly(call(here, view, reply, words, late), BRIEFLY)
        return {}

    async def replace(self, here: Origin, view: Block, as_it_was: str = "") -> None:
        """Show a view in the modal something came from, if its hash is still ``as_it_was``.

        Raises ``TROUBLE``.
        """
        to = await self._client(here)
        call = partial(to.views_update, view_id=here.view, hash=as_it_was or None)
        await self._pictures.shown(here.team, view["blocks"], _showing(view, call), ())

    def _kept(self, reply: Show | Ask, words: Words, conversation: str) -> Block:
        """Return a view many are shown alike, drawn once; only its conversation is the reader's."""
        card = reply.message if isinstance(reply, Show) else reply.form
        view = self._common.get(
            (card, words.language), lambda: screen(reply, context=Rendering(words, str))
        )
        return views.moved(view, conversation) if conversation else view

    async def _open(
        self, here: Origin, view: Block, reply: Reply, words: Words, late: Draw | None
    ) -> None:
        """Show something in a modal of its own; over another one, which keeps what is in it."""
        name = "views.push" if here.surface == "modal" else "views.open"
        try:
            to = await self._client(here)
            opens = to.views_push if name == "views.push" else to.views_open
            call = partial(opens, trigger_id=here.trigger)
            said = await self._pictures.at_once(here.team, view["blocks"], _showing(view, call))
        except TROUBLE as trouble:
            error = error_of(trouble)
            if error == SHOWN:
                return
            log.warning("SLACK-2 %s: %s", name, error)
            key = "slack.too_late" if error in LATE else "slack.not_shown"
            await self.whisper(here, words(key))
        else:
            self._stands(here, said["view"], reply, late)

    async def _update(
        self, here: Origin, view: Block, reply: Reply, words: Words, late: Draw | None
    ) -> None:
        """Show something in the modal that was pressed in.

        What another press has shown meanwhile stands, and a modal that was closed stays closed.
        """
        try:
            to = await self._client(here)
            call = partial(to.views_update, view_id=here.view, hash=here.hash or None)
            said = await self._pictures.shown(here.team, view["blocks"], _showing(view, call), ())
        except TROUBLE as trouble:
            error = error_of(trouble)
            log.warning("SLACK-2 views.update: %s", error)
            if error not in OVERTAKEN:
                await self.whisper(here, words("slack.not_shown"))
        else:
            self._stands(here, said["view"], reply, late)

    def _lies_over(self, here: Origin, reply: Reply) -> bool:
        """Tell whether a reply gets a modal of its own: over a page its forms, which lead back to
        it when they are closed, and whatever only explains.
        """
        if here.surface != "modal":
            return True
        if here.depth >= limits.DEEPEST:
            return False
        from_page = isinstance(reply, Ask) and bool(self.shown.way(here))
        return reply.aside if isinstance(reply, Show) else from_page

    async def below(self, here: Origin, page: Page, words: Words) -> None:
        """Show a page as it is now under the modal that something was sent from."""
        files = await self._pictures.known(here.team, _cards(page))
        view = screen(page, context=Rendering(words, str, files))
        await self._put_below(here, view, page, None)

    async def _put_below(self, here: Origin, view: Block, reply: Reply, late: Draw | None) -> bool:
        """Show what came of a form in the modal under it; tell whether it stands there."""
        try:
            to = await self._client(here)
            call = partial(to.views_update, view_id=here.below)
            said = await self._pictures.at_once(here.team, view["blocks"], _showing(view, call))
        except TROUBLE as trouble:
            log.warning("SLACK-2 views.update: %s", error_of(trouble))
            return False
        self._stands(here, said["view"], reply, late)
        return True

    def _stands(self, here: Origin, shown: Block, reply: Reply, late: Draw | None) -> None:
        """Remember what a view shows, and add the pictures it was shown without."""
        self.shown.keep(str(shown["id"]), reply)
        if late is not None:
            self._tasks.start(self._picture(here, shown, reply, late))

    async def _picture(self, here: Origin, shown: Block, reply: Reply, draw: Draw) -> None:
        """Add its pictures to a view; where something else is shown by then, that stands."""
        try:
            to = await self._client(here)
            files = await self._pictures.upload(here.team, to, _cards(reply))
            if files:
                call = partial(to.views_update, view_id=shown["id"], hash=shown["hash"])
                view = draw(files)
                await self._pictures.shown(here.team, view["blocks"], _showing(view, call))
        except TROUBLE as trouble:
            if error_of(trouble) not in OVERTAKEN:
                log.warning("SLACK-2 views.update: %s", error_of(trouble))

    async def whisper(self, here: Origin, text: str) -> None:
        """Say something only the person sees; where he cannot be reached so, in his own DM."""
        said = fallback(text, limits.MESSAGE_TEXT)
        try:
            if here.response_url:
                hook = AsyncWebhookClient(here.response_url, timeout=5, logger=quiet())
                answer = await hook.send_dict({"text": said, "response_type": "ephemeral"})
                if answer.status_code == 200:
                    return
                log.warning("SLACK-7 a remark was refused: %d", answer.status_code)
            else:
                to = await self._client(here)
                await self._posting.patiently(
                    here.team, here.user, lambda: to.chat_postMessage(channel=here.user, text=said)
                )
        except TROUBLE as trouble:
            log.warning("SLACK-7 a remark was not said: %s", error_of(trouble))

    async def _client(self, here: Origin) -> Any:
        return await client_of(self._workspaces, self._api, here.team)


def _showing(view: Block, call: Callable[..., Any]) -> Callable[[list[Block]], Any]:
    """Return how a view is shown with other blocks: without its pictures, say."""
    return lambda blocks: call(view={**view, "blocks": blocks})


def _cards(reply: Reply) -> tuple[Message, ...]:
    return (reply.message,) if isinstance(reply, Show) else ()


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
