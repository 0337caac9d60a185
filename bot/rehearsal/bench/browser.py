"""A signed-in browser without a network: it speaks ASGI to the web chat in the same process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

HOST = "localhost"


class Refused(Exception):  # noqa: N818 - says what is the case
    """The web chat did not answer a measured request as it should."""


@dataclass(frozen=True)
class Posted:
    """A request, ready to be sent: once, as every request."""

    scope: dict[str, Any]
    body: bytes


@dataclass(frozen=True)
class Browser:
    """Sends what a page's script sends for one person; ``cookie`` signs him in."""

    app: ASGIApp
    cookie: str

    def written(self, path: str, fields: Mapping[str, str]) -> Posted:
        """Return the posting of a form."""
        body = urlencode(fields).encode()
        return Posted(self._scope(path, len(body)), body)

    async def send(self, posted: Posted) -> bytes:
        """Send a request and return the reply's body. Raises ``Refused`` for any status but 200."""
        given = False
        status, parts = 0, []

        async def receive() -> Message:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": posted.body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.append(message.get("body", b""))

        await self.app(posted.scope, receive, send)
        if status != 200:
            raise Refused(f"{posted.scope['path']}: {status}")
        return b"".join(parts)

    def _scope(self, path: str, length: int) -> dict[str, Any]:
        headers = {
            "host": HOST,
            "origin": f"http://{HOST}",
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(length),
            "cookie": self.cookie,
        }
        return {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 50000),
            "server": ("127.0.0.1", 80),
        }
