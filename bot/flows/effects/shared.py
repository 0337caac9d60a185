"""What works elsewhere: actions their leads have chosen to show, without anybody's name."""

from bot.cards import Fields, Message, Text
from bot.domain.action_items import ActionItem
from bot.domain.effects import can_be_shared, known
from bot.flows.desk import Guest
from bot.storage import actions
from bot.storage.store import Tx


def page(tx: Tx, asker: Guest) -> tuple[Message, ...]:
    """Return a card for every action that is shared, the newest first."""
    words = asker.reader.words
    title = words("shared.title")
    found = [one for one in actions.shared(tx) if can_be_shared(one) and one.node in asker.tree]
    text = words("shared.intro") if found else words("shared.none")
    first = Message(text, (Text(text),), title=title)
    return (first, *(_card(asker, one) for one in found))


def _card(asker: Guest, one: ActionItem) -> Message:
    words = asker.reader.words
    effect = known(one)
    assert effect is not None
    fields = Fields(
        (
            (words("shared.team"), asker.tree[one.node].name),
            (words("shared.first_step"), one.first_step),
            (words("shared.effect"), words(f"effect_word.{effect.value}")),
        )
    )
    return Message(one.what, (fields,), title=one.what)
