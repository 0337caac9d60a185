"""What the cards of a dialogue share: marks in words, who sees what, the threshold in force."""

from bot.cards import Button, Divider, Message, Part, Reply, Show, Text
from bot.content.words import Words
from bot.domain.action_items import Factor
from bot.domain.dialogues import IDEAS, VOTES, Dialogue, Naming
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.dialogues.people import seen
from bot.flows.env import Env, Reader
from bot.flows.rounds.opening import threshold_for
from bot.storage import rounds
from bot.storage.store import Tx


def factor_label(words: Words, factor: Factor) -> str:
    """Return what an idea is marked as."""
    return words(f"ideas.mark.{factor.value}")


def who_button(reader: Reader, dialogue_id: str) -> Button:
    """Return the button that stands wherever somebody writes or votes."""
    return Button("dialogue.who", reader.words("ask.button.who"), dialogue_id, style="quiet")


def threshold_of(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> int:
    """Return how many have to take part: as frozen in the dialogue's round, or by the rules."""
    for instrument in (VOTES, IDEAS):
        found = rounds.about(tx, instrument, one.id)
        if found:
            return found[0].threshold
    if one.node not in asker.tree:
        return threshold_for(asker.tree, env.defaults, (asker.tree.root.id,))
    return threshold_for(asker.tree, env.defaults, (one.node,))


async def who_sees(desk: Desk, request: Request) -> Reply:
    """Show who sees what in a dialogue: its ideas, and its votes."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        one = seen(tx, asker, request.context)
        return Show(who_card(asker.reader, one, threshold_of(tx, desk.env, asker, one)))

    return await desk.store.read(work)


def who_card(reader: Reader, one: Dialogue, threshold: int) -> Message:
    """Return the promise of a dialogue, with the number in force, and what is not promised."""
    words = reader.words
    lines: list[Part] = [Text(text) for text in _about_ideas(words, one, threshold)]
    lines.append(Text(words("votes.who", threshold=threshold)))
    lines += [Text(words("ideas.who.held")), Divider()]
    lines.append(Text(words("privacy.not_promised"), "quiet"))
    title = words("privacy.title")
    return Message(title, tuple(lines), title=title)


HANDLERS: Handlers = {"dialogue.who": who_sees}


def _about_ideas(words: Words, one: Dialogue, threshold: int) -> tuple[str, ...]:
    if one.sealed:
        named = ("anonymous", "destroyed", "closed")
        return tuple(words(f"ideas.who.{name}", threshold=threshold) for name in named)
    if one.naming is Naming.NAMED:
        return (words(f"ideas.who.named_{one.way.value}"),)
    return (words("ideas.who.meeting"),)
