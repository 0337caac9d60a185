"""What a round is called: by its instrument's title, or as the part of a dialogue it is."""

from bot.content.words import Words
from bot.domain.dialogues import IDEAS, VOTES

_OF_DIALOGUES = {IDEAS: "ideas.name", VOTES: "votes.name"}


def round_title(words: Words, instrument: str) -> str:
    """Return the title of a round's instrument in the reader's language."""
    if instrument in _OF_DIALOGUES:
        return words(_OF_DIALOGUES[instrument])
    return words.instrument(instrument).title
