"""Sending into the built-in chat: a message is a row, so sending twice has one effect."""

from collections.abc import Mapping, Sequence

from bot.domain.clock import Clock
from bot.platforms.port import Nudge, Undelivered
from bot.platforms.web.hub import Hub
from bot.storage import chat
from bot.storage.outbox import Delivery
from bot.storage.store import Store, Tx


class WebDelivery:
    """The outbox's platform for the built-in chat. Invitations and reminders are never stored:
    the chat draws what waits from the state; here open pages are only told to look again.
    """

    def __init__(self, store: Store, clock: Clock, hub: Hub) -> None:
        self._store, self._clock, self._hub = store, clock, hub

    async def post(self, deliveries: Sequence[Delivery]) -> dict[str, Undelivered | None]:
        """Put the messages into their conversations and tell open pages."""

        def write(tx: Tx) -> None:
            for one in deliveries:
                chat.post(tx, one.recipient, self._clock.now(), one.note, delivery_id=one.id)

        await self._store.write(write)
        self._hub.changed(one.recipient for one in deliveries)
        direct = [one.recipient.partition(":")[2] for one in deliveries]
        self._hub.nudge(direct)
        return dict.fromkeys((one.id for one in deliveries), None)

    async def nudge(self, nudges: Sequence[Nudge]) -> Mapping[Nudge, Undelivered]:
        """Tell the open pages of these people that something waits; nobody is missed."""
        self._hub.nudge(one.person for one in nudges)
        return {}
