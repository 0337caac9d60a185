"""Stands in for the drawing process: answers at once, with its process id as the picture.

Its argument is a folder. What a test has put there says how it behaves; it writes its starts there.
"""

import os
import struct
import sys
import time
from pathlib import Path

folder = Path(sys.argv[1])
(folder / f"started-{os.getpid()}").touch()
secrets = sorted(name for name in os.environ if "TOKEN" in name)


def taken(name: str) -> bool:
    """Tell whether one order of this name was left, and take it away."""
    for order in folder.glob(f"{name}*"):
        order.unlink(missing_ok=True)
        return True
    return False


while len(head := sys.stdin.buffer.read(4)) == 4:
    request = sys.stdin.buffer.read(struct.unpack(">I", head)[0])
    # Taken before the request is told of: a test may kill this process as soon as it is.
    order = next((name for name in ("crash", "hang", "flood", "slow", "error") if taken(name)), "")
    with (folder / "requests").open("ab") as log:
        log.write(b"x")
    if order == "crash":
        sys.stdout.buffer.write(b"\0\0\1\0half a reply")
        sys.stdout.buffer.flush()
        os._exit(1)
    if order == "hang":
        time.sleep(60)
    if order == "flood":
        sys.stdout.buffer.write(b"\xff" * 200_000)
        sys.stdout.buffer.flush()
        continue
    if order == "slow":
        time.sleep(0.3)
    picture = b"\x89PNG\r\n\x1a\n" + f"{os.getpid()} {secrets} ".encode() + request
    if order == "error":
        picture = b"MemoryError"
    sys.stdout.buffer.write(struct.pack(">I", len(picture)) + picture)
    sys.stdout.buffer.flush()
