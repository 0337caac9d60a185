"""Teams that are set up from their channels, as the first people in a workspace do it."""

from double import Channel, Message, Person
from slack_town import SlackTown
from slack_walk import newest

from bot.domain.people import NodeId
from bot.storage import people

SET_UP = "Sæt teamet op"


async def set_up(t: SlackTown, name: str, *inside: Person, private: bool = False) -> Channel:
    """Have the first of ``inside`` invite the bot and set their team up."""
    channel = t.double.channel(name, *inside, bot=False, private=private)
    await choose(t, channel, inside[0], name)
    await t.sends()
    return channel


async def choose(t: SlackTown, channel: Channel, lead: Person, name: str) -> None:
    """Invite the bot and send the form; what goes on after that goes on."""
    await lead.invites_bot(channel)
    await t.sends()
    await lead.click(SET_UP, on=newest(lead, SET_UP, channel))
    named = {"in.name": name.title()}
    first = not await t.bot.store.read(people.all_known)
    if not first and any(b.get("block_id") == "in.team" for b in lead.modal.payload["blocks"]):
        named["in.team"] = "Et nyt team"
    assert await lead.submit(named) == "updated", lead.errors


async def team_of(t: SlackTown, name: str) -> str | None:
    """Return the name of the team somebody is in; ``None`` for who is nowhere."""
    home = await home_of(t, name)
    if home is None:
        return None
    return (await t.bot.store.read(people.tree))[home].name


async def home_of(t: SlackTown, name: str) -> NodeId | None:
    found = [one for one in await t.bot.store.read(people.everybody) if one.name == name]
    assert len(found) < 2
    return found[0].home if found else None


def told(who: Person, words: str) -> Message | None:
    """Return the newest message to somebody in which ``words`` stand, if there is one."""
    found = [one for one in who.sees(who.dm) if words in who.reads(one)]
    return found[-1] if found else None
