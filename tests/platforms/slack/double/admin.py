"""The administrator of the workspaces: installs and removes the app, archives, deactivates."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from double.api import oauth
from double.app import Installation
from double.delivery import PostOffice
from double.people import Person
from double.state import State
from double.world import Channel, Enterprise, Team


class Administrator:
    """Does what apps and members cannot, in every workspace. Apps hear of it as Slack tells."""

    def __init__(self, state: State, post: PostOffice) -> None:
        self.state = state
        self.post = post

    @property
    def scopes(self) -> list[str]:
        """The scopes the app asks for."""
        return sorted(self.state.app.scopes)

    def install(
        self, team: Team, *, without: Sequence[str] = (), by: Person | None = None
    ) -> Installation:
        """Install the app in a workspace, perhaps without some scopes (an older version)."""
        scopes = sorted(self.state.app.scopes.difference(without))
        return oauth.install(self.state, team, scopes, by=by.user if by else None)

    def install_in(
        self, enterprise: Enterprise, *teams: Team, by: Person | None = None
    ) -> Installation:
        """Install the app in a whole enterprise, allowed in some of its workspaces."""
        granted = [one.id for one in teams]
        who = by.user if by else None
        return oauth.install(
            self.state, None, self.scopes, by=who, enterprise=enterprise, granted=granted
        )

    def installation(self, team: Team) -> Installation:
        """Return the installation that speaks for a workspace.

        Raises:
            LookupError: there is none.
        """
        found = self.state.installation_for(team.id)
        if found is None:
            raise LookupError("the app is not installed there")
        return found

    def consents(self, url: str, by: Person, team: Team | None = None) -> str:
        """Say yes to an install at the app's own link to Slack; return where the browser goes.

        Raises:
            Refused: where the link is wrong.
        """
        query = dict(parse_qsl(urlsplit(url).query))
        oauth.check_link(self.state, query)
        scopes = query["scope"].split(",")
        enterprise = self.state.teams[by.user.team].enterprise
        granted = [one.id for one in self.state.teams.values() if one.enterprise == enterprise]
        made = oauth.install(
            self.state, team, scopes, by=by.user, enterprise=enterprise, granted=granted
        )
        return oauth.consent(self.state, query, made)

    async def uninstall(self, team: Team) -> None:
        """Have an administrator take the app out."""
        oauth.remove(self.state, self.installation(team))
        await self.post.deliver_due()

    async def revoke(self, team: Team) -> None:
        """Have an administrator revoke the token."""
        installation = self.installation(team)
        installation.revoked = True
        body = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [installation.bot_user]}}
        await self.post.event(body, team=team.id)

    # --- What happens to channels and people ----------------------------------------------------

    async def archive(self, channel: Channel, *, by: Person) -> None:
        """Archive a channel."""
        channel.archived = True
        await self._of_channel(channel, "archive", {"channel": channel.id, "user": by.id})

    async def unarchive(self, channel: Channel, *, by: Person) -> None:
        """Bring a channel back."""
        channel.archived = False
        await self._of_channel(channel, "unarchive", {"channel": channel.id, "user": by.id})

    async def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        channel.name = name
        await self._of_channel(channel, "rename", {"channel": {"id": channel.id, "name": name}})

    async def share(self, channel: Channel, team: Team) -> None:
        """Share a channel with another workspace (Slack Connect)."""
        channel.shared_with.append(team.id)
        body = {"type": "channel_shared", "channel": channel.id, "connected_team_id": team.id}
        await self.post.event(body, team=channel.team, channel=channel)

    async def unshare(self, channel: Channel, team: Team) -> None:
        """End the sharing of a channel."""
        channel.shared_with.remove(team.id)
        body = {"type": "channel_unshared", "channel": channel.id}
        body["previously_connected_team_id"] = team.id
        await self.post.event(body, team=channel.team, channel=channel)

    async def admit(self, person: Person) -> None:
        """Tell of somebody new in his workspace."""
        body = {"type": "team_join", "user": person.user.shown()}
        await self.post.event(body, team=person.user.team)

    def make_public(self, channel: Channel) -> None:
        """Make a private channel public. Slack sends no event for it."""
        channel.kind = "public"

    def make_private(self, channel: Channel) -> None:
        """Make a public channel private. Slack sends no event for it."""
        channel.kind = "private"

    async def deactivate(self, person: Person) -> None:
        """Deactivate somebody's account, which also takes him out of every channel."""
        for room in self.state.rooms_of(person.id):
            if room.kind in ("public", "private"):
                room.members.remove(person.id)
        await person.changes(deleted=True)

    async def _of_channel(self, channel: Channel, what: str, more: dict[str, Any]) -> None:
        kind = "group" if channel.kind == "private" else "channel"
        bot = self.installation(self.state.teams[channel.team]).bot_user
        if kind == "channel" or bot in channel.members:
            body = {"type": f"{kind}_{what}", **more}
            await self.post.event(body, team=channel.team, channel=channel)
