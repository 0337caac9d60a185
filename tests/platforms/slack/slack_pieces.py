"""Pieces of messages and modals that the double's own tests send."""

from typing import Any

from double import Person
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, **more: Any) -> Json:
    return {"type": "button", "text": plain(label), "action_id": action, **more}


def row(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


async def invite(client: AsyncWebClient, anna: Person, *elements: Json) -> str:
    blocks = [row(*elements or (button("Svar", "answer|0", value='["r1","3"]'),))]
    said = await client.chat_postMessage(channel=anna.id, text="Tid til svar", blocks=blocks)
    return str(said["ts"])
