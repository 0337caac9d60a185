"""What waits for a person in the dialogues of his team: on his page and in his own conversation."""

from bot.cards import Message
from bot.domain.dialogues import IDEAS, Dialogue, Phase
from bot.domain.rounds import Round
from bot.flows.desk import Guest
from bot.flows.dialogues import cards as dialogue_cards
from bot.flows.dialogues import sheet as sheets
from bot.flows.dialogues import vote as dialogue_vote
from bot.flows.dialogues.sheet import Sheet
from bot.flows.env import Env
from bot.storage import dialogues
from bot.storage.store import Tx


def of_round(tx: Tx, env: Env, asker: Guest, one: Round) -> Message | None:
    """Return the card of a dialogue's open round, drawn from the person's own ballot."""
    dialogue = dialogues.get(tx, one.about)
    if dialogue is None:
        return None
    draw = dialogue_cards.waiting if one.instrument == IDEAS else dialogue_vote.waiting
    return draw(tx, env, asker, dialogue, env.clock.now())


def named(tx: Tx, env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return a card for every dialogue in which the person is asked under his name."""
    now = env.clock.now()
    cards = (dialogue_cards.waiting(tx, env, asker, one, now) for one in _asked(tx, asker))
    return tuple(card for card in cards if card is not None)


def unwritten(tx: Tx, env: Env, asker: Guest) -> tuple[Dialogue, ...]:
    """Return those of them in which he has not written anything yet."""

    def waits(one: Dialogue) -> bool:
        sheet = sheets.read(tx, env, asker, one)
        return isinstance(sheet, Sheet) and not sheet.written

    return tuple(filter(waits, _asked(tx, asker)))


def _asked(tx: Tx, asker: Guest) -> tuple[Dialogue, ...]:
    home = asker.person.home
    nodes = asker.tree.above(home) if home in asker.tree else ()
    return tuple(
        one
        for one in dialogues.running(tx, nodes)
        if one.phase is Phase.COLLECTING and not one.sealed
    )
