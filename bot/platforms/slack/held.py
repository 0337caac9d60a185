"""A channel that is held: what is said of it, and the bot invited back.

For a team's channel its leads speak, for a work-environment group's who is in the group.
"""

from bot.cards import Reply, Say
from bot.content.words import Words
from bot.domain.people import PersonId
from bot.flows.channels import is_group, may_say
from bot.flows.desk import guest
from bot.flows.env import Env
from bot.platforms.slack.channels import BY_WORD, OUTSIDE, Channels, as_now, changed
from bot.platforms.slack.rooms import Rooms
from bot.platforms.slack.roster import Roster
from bot.platforms.slack.told import Pressed, Sent
from bot.storage import slack_channels
from bot.storage.slack_channels import Bound
from bot.storage.store import Store


class Held:
    """Lets channels go that were held."""

    def __init__(
        self, store: Store, env: Env, channels: Channels, rooms: Rooms, roster: Roster
    ) -> None:
        self._store, self._env, self._channels = store, env, channels
        self._rooms, self._roster = rooms, roster

    async def keep(self, told: Pressed | Sent, person: PersonId | None, words: Words) -> Reply:
        """Use a held channel as it is now, on somebody's word; the value is what he was asked.

        Where something else is the case by now, he is asked about that.
        """
        team, _, channel = told.context.partition(":")
        one = await self._store.read(lambda tx: slack_channels.channel(tx, team, channel))
        if one is None or person is None:
            return Say(words("error.not_understood"))
        found = one
        may = await self._store.read(
            lambda tx: may_say(guest(tx, self._env, person), found.conversation)
        )
        if not may:
            return Say(words("error.not_allowed"))
        info = await self._rooms.describe(team, channel)
        why = changed(one, info) if info else OUTSIDE
        if info is None or (why is not None and why not in BY_WORD):
            return Say(words("channel.held.still"))
        asked = told.value if isinstance(told, Pressed) else ""
        if why is not None and why != asked:
            await self._channels.hold(one, why)
            group = is_group(one.conversation)
            return Say(words(f"channel.held.{why}", name=f"#{one.name}", group=group))
        now = as_now(one, info)
        await self._channels.go_on(now)
        return Say(words("channel.held.kept", name=f"#{now.name}"))

    async def invited_back(self, one: Bound) -> None:
        """Take up again a channel the bot was put out of, where nothing else is different now.

        Else the question stands, and is asked once more. Who came and went meanwhile is seen.
        """
        info = await self._rooms.describe(one.team, one.channel)
        why = changed(one, info) if info else one.held
        if one.held is None and why is None:
            await self._roster.fill(one)
        elif why is None and one.held == OUTSIDE and info is not None:
            now = as_now(one, info)
            await self._channels.come_back(now)
            await self._roster.fill(now)
        else:
            await self._channels.ask_again(one, why or one.held or OUTSIDE)
