"""A person at Slack's client and what he does there. He can do nothing Slack's client forbids."""

from collections.abc import Mapping
from typing import Literal

from double import answering, payloads
from double.api import views
from double.delivery import Delivery, PostOffice
from double.filling import entry, find, missing
from double.lines import HttpLine
from double.reading import SEARCHES, STATELESS, Element
from double.screen import Screen, Surface
from double.shapes import ImpossibleError, Json
from double.state import State
from double.world import Channel, Message, User, View


class Person(Screen):
    """One person, with hands. Each act returns when the app has answered it."""

    def __init__(self, state: State, post: PostOffice, user: User) -> None:
        super().__init__(state, user)
        self._post = post

    # --- What he does -------------------------------------------------------------------------

    async def command(
        self, word: str, text: str = "", *, where: Channel | None = None
    ) -> Message | None:
        """Type a slash command; return the direct answer, where there is one."""
        if word not in self._state.app.commands:
            raise ImpossibleError(f"the app has no {word}")
        installation, room = self.installation(), where or self.dm
        payload = payloads.command(self._state, installation, self.user, room, word, text)
        delivery = await self._post.interact("slash_commands", payload)
        if not self._answered(delivery):
            return None
        body = delivery.answer.body
        return answering.reply(self._state, body, channel=room.id, user=self.id)

    async def click(
        self, name: str, *, on: Surface | None = None, confirms: bool = True
    ) -> Delivery | None:
        """Press a button by its label or action; None where he changes his mind when asked."""
        surface, element = self.find(name, on, ("button", "workflow_button"))
        if element.body.get("confirm") and not confirms:
            return None
        told = ("value", "text")
        action: Json = {key: element.body[key] for key in told if key in element.body}
        return await self._use(surface, element, action)

    async def choose(
        self, name: str, value: object, *, on: Surface | None = None
    ) -> Delivery | None:
        """Choose in a menu, boxes or a calendar; None where that tells the app nothing yet."""
        surface, element = self.find(name, on, ())
        chosen = entry(element, value, self.found(surface, element))
        if element.kind not in STATELESS:
            self.hold(surface, element, chosen)
        if element.block["type"] == "input" and not element.block.get("dispatch_action"):
            return None
        return await self._use(surface, element, chosen)

    def fill(self, values: Mapping[str, object]) -> None:
        """Fill in inputs of the top modal, by label, action id or block id."""
        for name, value in values.items():
            element = find(self.modal, name)
            found = self.found(self.modal, element)
            self.hold(self.modal, element, entry(element, value, found))

    async def types(self, name: str, text: str) -> list[str]:
        """Type into a search of the top modal; return the labels of what it brings up."""
        view, element = self.modal, find(self.modal, name)
        if element.kind not in SEARCHES:
            raise ImpossibleError(f"{element.label} is no search")
        if len(text) < element.body.get("min_query_length", 3):
            raise ImpossibleError(f"Slack does not ask yet after {text!r}")
        if isinstance(self._post.line, HttpLine) and not self._state.app.options_url:
            raise ImpossibleError("the app's manifest has no address to ask for options")
        block = str(element.block["block_id"])
        named = {"block_id": block, "action_id": element.body["action_id"]}
        payload = payloads.searched(
            self._state, self.installation(), self.user, self.shown(view), named, text
        )
        delivery = await self._post.interact("interactive", payload)
        answered = self._answered(delivery)
        options = answering.offered(self._state, delivery.answer) if answered else []
        self._offered[view.id, block] = options
        return [one["text"]["text"] for one in options]

    async def submit(self, values: Mapping[str, object] | None = None) -> answering.Submission:
        """Fill in and send the top modal; return what became of it."""
        view = self.modal
        self.fill(values or {})
        empty = missing(view)
        if empty:
            raise ImpossibleError(f"Slack does not send this with {empty} empty")
        if not view.payload.get("submit"):
            raise ImpossibleError("this modal has nothing to send")
        installation = self.installation()
        payload = payloads.submitted(self._state, installation, self.user, self.shown(view))
        return self.hears(view, await self._post.interact("interactive", payload))

    def hears(self, view: View, delivery: Delivery) -> answering.Submission:
        """Carry out the app's answer to a submission, also to one delivered again."""
        if not self._answered(delivery):
            return "trouble"
        became, self.errors = answering.submission(self._state, view, delivery.answer)
        return became

    async def close_modal(self, *, all_of_them: bool = False) -> None:
        """Close the top modal, or the whole stack."""
        view = self.modal
        doomed = self.modals if all_of_them or view.payload.get("clear_on_close") else [view]
        for one in reversed(doomed):
            shown = self.shown(one)
            views.shut(self._state, one)
            if one.payload.get("notify_on_close"):
                cleared = len(doomed) > 1
                payload = payloads.closed(
                    self._state, self.installation(), self.user, shown, all_of_them=cleared
                )
                await self._post.interact("interactive", payload)

    async def opens_home(self) -> Delivery | None:
        """Open the app's home."""
        return await self._opens("home")

    async def opens_messages(self) -> Delivery | None:
        """Open the direct conversation with the app."""
        return await self._opens("messages")

    async def shortcut(self, callback_id: str) -> Delivery:
        """Use a global shortcut."""
        self._declared(callback_id)
        payload = payloads.shortcut(self._state, self.installation(), self.user, callback_id)
        return self._heard(await self._post.interact("interactive", payload))

    async def message_shortcut(self, callback_id: str, message: Message) -> Delivery:
        """Use a shortcut on a message."""
        self._declared(callback_id)
        payload = payloads.shortcut(
            self._state, self.installation(), self.user, callback_id, message
        )
        return self._heard(await self._post.interact("interactive", payload))

    async def says(self, text: str, where: Channel | None = None) -> Message:
        """Write in a channel, or to the app itself."""
        room = where or self.dm
        message = Message(self._state.new_ts(), room.id, self.id, text)
        room.messages.append(message)
        body: Json = {"type": "message", "channel": room.id, "user": self.id, "text": text}
        body |= {"ts": message.ts, "channel_type": CHANNEL_TYPES[room.kind]}
        kind = f"message.{EVENT_ENDINGS[room.kind]}"
        installation = self.installation()
        if installation.bot_user in room.members:
            await self._post.event(body, team=room.team, channel=room, kind=kind)
            if f"<@{installation.bot_user}>" in text:
                mention = {key: body[key] for key in ("channel", "user", "text", "ts")}
                body = {"type": "app_mention", **mention}
                await self._post.event(body, team=room.team, channel=room)
        return message

    async def joins(self, channel: Channel) -> Delivery | None:
        """Come into a channel."""
        return await self._moves(channel, self.user, joins=True)

    async def leaves(self, channel: Channel) -> Delivery | None:
        """Go out of a channel."""
        return await self._moves(channel, self.user, joins=False)

    async def invites_bot(self, channel: Channel) -> Delivery | None:
        """Bring the app's bot into a channel."""
        bot = self._state.users[self.installation().bot_user]
        return await self._moves(channel, bot, joins=True)

    async def removes_bot(self, channel: Channel) -> Delivery | None:
        """Put the app's bot out of a channel."""
        bot = self._state.users[self.installation().bot_user]
        return await self._moves(channel, bot, joins=False)

    async def changes(self, **traits: object) -> Delivery | None:
        """Change something about himself, as ``locale`` or ``tz``."""
        for name, value in traits.items():
            if not hasattr(self.user, name):
                raise ImpossibleError(f"nobody has a {name}")
            setattr(self.user, name, value)
        body = {"type": "user_change", "user": self.user.shown(locale=True)}
        return await self._post.event(body, team=self.user.team)

    # --- How --------------------------------------------------------------------------------

    async def _use(self, surface: Surface, element: Element, more: Json) -> Delivery:
        action: Json = {"type": element.kind, "action_id": element.body["action_id"]}
        action |= {"block_id": element.block["block_id"], "action_ts": self._state.new_ts(), **more}
        installation = self.installation()
        if isinstance(surface, View):
            view = self.shown(surface)
            payload = payloads.clicked_in_view(self._state, installation, self.user, view, action)
        else:
            held = self.held(surface)
            payload = payloads.clicked_in_message(
                self._state, installation, self.user, surface, action, held
            )
        return self._heard(await self._post.interact("interactive", payload))

    def _heard(self, delivery: Delivery) -> Delivery:
        if self._answered(delivery) and delivery.answer.body:
            what = "a click or a shortcut is answered with nothing"
            self._state.violate("unwanted_answer", "interactive", what)
        return delivery

    def _answered(self, delivery: Delivery) -> bool:
        self.trouble = "" if delivery.acknowledged else delivery.outcomes[-1]
        return delivery.acknowledged

    def _declared(self, callback_id: str) -> None:
        known = self._state.app.shortcuts
        if known is not None and callback_id not in known:
            raise ImpossibleError(f"the app has no shortcut {callback_id}")

    async def _opens(self, tab: Literal["home", "messages"]) -> Delivery | None:
        body: Json = {"type": "app_home_opened", "user": self.id, "channel": self.dm.id, "tab": tab}
        if self.home is not None and tab == "home":
            body["view"] = self.shown(self.home)
        return await self._post.event(body, team=self.user.team)

    async def _moves(self, channel: Channel, who: User, *, joins: bool) -> Delivery | None:
        installation = self._state.installation_for(channel.team) or self.installation()
        bot = installation.bot_user
        if joins == (who.id in channel.members):
            there = "already" if joins else "not"
            raise ImpossibleError(f"{who.name} is {there} in {channel.name}")
        heard = bot in channel.members or who.id == bot
        if joins:
            channel.members.append(who.id)
        else:
            channel.members.remove(who.id)
        if not heard:
            return None
        kind = "member_joined_channel" if joins else "member_left_channel"
        if not joins and who.id == bot:
            kind = "group_left" if channel.kind == "private" else "channel_left"
        body: Json = {"type": kind, "channel": channel.id}
        if kind.startswith("member_"):
            body |= {"user": who.id, "team": who.team}
            body["channel_type"] = "G" if channel.kind == "private" else "C"
        else:
            body["actor_id"] = self.id
        if joins and who.id != self.id:
            body["inviter"] = self.id
        return await self._post.event(body, team=channel.team, channel=channel)


CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}
EVENT_ENDINGS = {"public": "channels", "private": "groups", "im": "im", "mpim": "mpim"}
