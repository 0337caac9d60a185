"""Replies that many people are shown alike, drawn once and kept as the bytes that are sent.

Only what the flows mark as ``common`` comes here: a question with nothing chosen, the empty box
for a comment, the thank-you. What differs from one reader to the next (his conversation, the page
he goes back to) is left open as gaps and filled in for each. Nobody's answers are ever kept.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from markupsafe import escape

from bot.cards import Ask, Form, Message, Show
from bot.domain.recent import Recent
from bot.platforms.web.render import Place

MOST = 512
"""Each takes some eight kilobytes."""

Key = tuple[Message | Form, bool, str, str]
Draw = Callable[[Place], Mapping[str, object]]


class Kept:
    """The newest common replies. ``token`` makes the gaps' marks: random, so no text holds one."""

    def __init__(self, token: Callable[[], str]) -> None:
        self._conversation, self._back = token().encode(), token().encode()
        self._bodies: Recent[Key, bytes] = Recent(MOST)

    def body(self, reply: Show | Ask, place: Place, draw: Draw) -> bytes:
        """Return the reply as the script gets it; ``draw`` is asked when it is not kept."""
        card = reply.message if isinstance(reply, Show) else reply.form
        done = isinstance(reply, Show) and reply.done
        key = card, done, place.words.language, place.ids
        with_gaps = self._bodies.get(key, lambda: self._drawn(place, draw))
        filled = with_gaps.replace(self._conversation, _inside(place.conversation))
        return filled.replace(self._back, _inside(place.back))

    def _drawn(self, place: Place, draw: Draw) -> bytes:
        conversation, back = self._conversation.decode(), self._back.decode()
        return as_json(draw(replace(place, conversation=conversation, back=back)))


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def as_json(plain: object) -> bytes:
    """Return plain data as compact JSON."""
    return _ENCODER.encode(plain).encode()


def _inside(value: str) -> bytes:
    """Return a value as it stands in HTML inside a JSON text."""
    return as_json(str(escape(value)))[1:-1]
