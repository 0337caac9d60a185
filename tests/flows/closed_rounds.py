"""What tests of closed rounds share: answers given, and what stands in a channel after."""

from town import Town

from bot.cards import Message, Text, in_place
from bot.content.loader import load, shipped_folder
from bot.domain.rounds import Round

DA = load(shipped_folder()).words("da")
SAID = {"dag-3": "Godt samarbejde", "dag-4": "Peter er sur", "dag-5": "<b>Mere</b> ro @alle"}


async def answered(
    t: Town, opened: Round, values: dict[str, int], comments: dict[str, str] | None = None
) -> None:
    for person, value in values.items():
        await t.answer(person, opened.id, value, (comments or {}).get(person))


def team(name: str, numbers: range, value: int = 4) -> dict[str, int]:
    return {f"{name}-{n}": value for n in numbers}


async def channel(t: Town, node: str, person: str) -> list[Message]:
    return await t.shown(person, f"node:{node}")


def texts(card: Message) -> list[str]:
    return [part.text for part in in_place(card).children if isinstance(part, Text)]
