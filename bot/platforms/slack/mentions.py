"""The text of a message that somebody made something of: as people read it, not as Slack writes it.

Whoever is mentioned is named as the bot knows him, else as a colleague: Slack is not asked, since
the person waits.
"""

from bot.content.words import Words
from bot.platforms.slack import limits
from bot.platforms.slack.escape import mentioned, read
from bot.platforms.slack.people import Acquaintances
from bot.platforms.slack.told import Typed


async def worded(told: Typed, people: Acquaintances, words: Words) -> Typed:
    """Return a shortcut on a message with what the message says after its verb."""
    names = await people.names(told.origin.team, mentioned(told.message))
    said = read(told.message, names, words("slack.colleague"))
    return Typed(told.origin, f"{told.text} {said}".strip()[: limits.MESSAGE_TEXT])
