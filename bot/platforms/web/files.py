"""The style, the script and the icon, read once and served under an address that names their
content, so that a browser keeps them for good and still gets the next version.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.platforms.web.site import missing

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Files:
    """The files by name, plain and compressed, and the ``version`` their content makes."""

    version: str
    plain: Mapping[str, bytes]
    packed: Mapping[str, bytes]

    @classmethod
    def read(cls) -> "Files":
        """Read the files of this package."""
        folder = Path(__file__).parent / "static"
        found = {
            path.name: path.read_bytes()
            for path in sorted(folder.iterdir())
            if path.suffix in _TYPES
        }
        joined = b"".join(name.encode() + data for name, data in found.items())
        packed = {name: gzip.compress(data, mtime=0) for name, data in found.items()}
        return cls(hashlib.sha256(joined).hexdigest()[:12], found, packed)

    @property
    def root(self) -> str:
        """Where the files are served."""
        return f"/static/{self.version}"

    async def serve(self, request: Request) -> Response:
        """Serve one file; an older version's address gets the newest."""
        name = request.path_params["name"]
        if name not in self.plain:
            raise missing()
        fresh = request.path_params["version"] == self.version
        headers = {"cache-control": _FOR_GOOD if fresh else "no-cache", "vary": "accept-encoding"}
        data = self.plain[name]
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["content-encoding"] = "gzip"
            data = self.packed[name]
        return Response(data, headers=headers, media_type=_TYPES["." + name.rpartition(".")[2]])
