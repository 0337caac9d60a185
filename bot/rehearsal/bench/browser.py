"""A signed-in browser without a network: it speaks ASGI to the web chat in the same process."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp, Message

HOST = "localhost"


class Refused(Exception):  # noqa: N818 - says what is the case
    """The web chat did not answer a measured request as it should."""


@dataclass(frozen=True)
class Browser:
    """Sends what a page's script sends for one person; ``cookie`` signs him in."""

    app: ASGIApp
    cookie: str

    async def post(self, path: str, fields: Mapping[str, str]) -> dict[str, Any]:
        """Post a form and return the reply. Raises ``Refused`` for any status but 200."""
        body = urlencode(fields).encode()
        given = False
        status, parts = 0, []

        async def receive() -> Message:
            nonlocal given
            if given:
                return {"type": "http.disconnect"}
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                parts.append(message.get("body", b""))

        await self.app(self._scope(path, len(body)), receive, send)
        if status != 200:
            raise Refused(f"{path}: {status}")
        found: dict[str, Any] = json.loads(b"".join(parts))
        return found

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
