"""The key folder: one file per open round, one tombstone per destroyed key.

The folder lies on a volume that is never backed up; several bot processes may share it. Which
rounds need a key is the caller's knowledge; what a key does lives in ``sealing``.
"""

import os
import re
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

from bot.domain.rounds import RoundId
from bot.privacy.key_errors import KeyDestroyed, KeyLost, KeyStoreUnusable, KeyTaken
from bot.privacy.sealing import KEY_BYTES, RoundKey

__all__ = ["KeyDestroyed", "KeyLost", "KeyStore", "KeyStoreUnusable", "KeyTaken", "RoundKey"]

YOUNG = timedelta(hours=1)
"""So long may lie between a key and the commit that opens its round."""

_ROUND_ID = re.compile(r"[0-9a-f]{32}")
_KEY, _TOMBSTONE, _PROBE = ".key", ".gone", ".probe"
_NAME = "folder.name"
_REMEMBERED = 512
_MINE_ALONE = 0o077


class KeyStore:
    """The keys of all open rounds, as files of mode ``0600`` in a folder of mode ``0700``.

    Every method raises ``KeyStoreUnusable`` when the folder cannot be used, and ``ValueError`` for
    a round id that is not 32 hexadecimal digits. May be used from several threads.
    """

    def __init__(self, folder: Path, random_bytes: Callable[[int], bytes] = os.urandom) -> None:
        self._folder = folder
        self._at = os.fspath(folder)
        self._random_bytes = random_bytes
        self._loaded: dict[RoundId, RoundKey] = {}
        self._lock = RLock()
        self._name: str | None = None

    def check(self) -> None:
        """Make the folder if need be, and prove at start-up that it is private and can be written.

        A folder that others may enter is refused, not mended: somebody may have read it already.
        """
        with self._usable():
            with suppress(FileExistsError):
                self._folder.mkdir(mode=0o700, parents=True)
            found = os.stat(self._folder)
            if not stat.S_ISDIR(found.st_mode):
                raise NotADirectoryError
            if found.st_mode & _MINE_ALONE:
                raise KeyStoreUnusable("KEYS-4", self._folder)
            os.listdir(self._folder)
            probe = self._folder / f"{os.getpid()}{_PROBE}"
            self._write(probe, os.O_CREAT | os.O_TRUNC, b"probe")
            probe.unlink()

    def belong(self, name: str, *, fresh: bool) -> None:
        """Make sure that this is the folder called ``name``, as noted in the database.

        An empty mount point looks like a folder without keys: without this, every open round
        would be taken for lost. With ``fresh`` the folder takes the name. From here on a missing
        key counts as lost only while the folder still bears its name. Raises ``KEYS-6``.
        """
        with self._lock, self._usable():
            if fresh:
                self._write(self._folder / _NAME, os.O_CREAT | os.O_TRUNC, name.encode())
                self._sync_folder()
            self._name = name
            self._recognise()

    def _recognise(self) -> None:
        if self._name is not None and self._read(self._folder / _NAME) != self._name.encode():
            raise KeyStoreUnusable("KEYS-6", self._folder)

    def create(self, round_id: RoundId) -> RoundKey:
        """Make, store and return a new key, on disk before this returns; commit the round after.

        Raises ``KeyTaken`` when the round has a key already (another process was first), and
        ``KeyDestroyed`` when it had one. A write that fails leaves no key behind.
        """
        path = self._path(round_id, _KEY)
        if self.tombstoned(round_id):
            raise KeyDestroyed(round_id)
        raw = self._random_bytes(KEY_BYTES)
        with self._lock, self._usable():
            try:
                self._write(path, os.O_CREAT | os.O_EXCL, raw)
            except FileExistsError:
                raise KeyTaken(round_id) from None
            return self._remember(round_id, raw)

    def load(self, round_id: RoundId) -> RoundKey:
        """Return the round's key; from memory, and without reading a file, after the first time.

        Raises ``KeyDestroyed`` when there is a tombstone, also another process's, and ``KeyLost``
        when there is neither tombstone nor whole key. A missing folder is no lost key.
        """
        with self._lock:
            if self.tombstoned(round_id):
                self._loaded.pop(round_id, None)
                raise KeyDestroyed(round_id)
            known = self._loaded.get(round_id)
            if known is not None:
                return known
            raw = self._read(self._path(round_id, _KEY))
            if len(raw) != KEY_BYTES:
                self._recognise()
                raise KeyLost(round_id)
            return self._remember(round_id, raw)

    def destroy(self, round_id: RoundId) -> None:
        """Destroy the key for good; can be repeated, and finishes what a crash left half done.

        1. The tombstone, on disk: from here on nobody loads the key.
        2. The key overwritten, on disk. 3. The key removed, on disk.
        """
        path = self._path(round_id, _KEY)
        with self._lock, self._usable():
            self._write(self._path(round_id, _TOMBSTONE), os.O_CREAT | os.O_TRUNC, b"destroyed\n")
            self._loaded.pop(round_id, None)
            with suppress(FileNotFoundError):
                self._write(path, 0, os.urandom(KEY_BYTES))
                Path(path).unlink()
            self._sync_folder()

    def tombstoned(self, round_id: RoundId) -> bool:
        """Tell whether the round's key was destroyed, by whichever process."""
        path = self._path(round_id, _TOMBSTONE)
        try:
            try:
                os.stat(path)
            except FileNotFoundError:
                os.stat(self._at)  # a key in memory is no good when the folder has gone
                return False
        except OSError as error:  # asked for every answer, so without ``_usable``'s generator
            raise KeyStoreUnusable.from_system(error, self._folder) from error
        return True

    def rounds(self) -> frozenset[RoundId]:
        """Return the rounds that have a key file, whole or not."""
        return self._listed(_KEY)

    def buried(self) -> frozenset[RoundId]:
        """Return the rounds that have a tombstone."""
        return self._listed(_TOMBSTONE)

    def _listed(self, suffix: str) -> frozenset[RoundId]:
        with self._usable():
            names = os.listdir(self._folder)
        stems = {Path(name).stem for name in names if name.endswith(suffix)}
        return frozenset(stem for stem in stems if _ROUND_ID.fullmatch(stem))

    def sweep(
        self, known_rounds: Collection[RoundId], now: datetime, older_than: timedelta = YOUNG
    ) -> tuple[RoundId, ...]:
        """Destroy orphaned keys and finish half-done destructions; return the rounds swept.

        ``known_rounds`` are all that may still need a key. A key younger than ``older_than`` may
        belong to another process that is about to commit, so it is left alone.
        """
        swept = []
        for round_id in sorted(self.rounds()):
            half_done = self.tombstoned(round_id)
            orphaned = round_id not in known_rounds and self._age(round_id, now) >= older_than
            if half_done or orphaned:
                self.destroy(round_id)
                swept.append(round_id)
        with self._lock:
            # Another process may have destroyed what this one still remembers.
            for round_id in [known for known in self._loaded if self.tombstoned(known)]:
                del self._loaded[round_id]
        return tuple(swept)

    def _path(self, round_id: RoundId, suffix: str) -> str:
        if not _ROUND_ID.fullmatch(round_id):
            raise ValueError("a round id is 32 hexadecimal digits")
        return f"{self._at}{os.sep}{round_id}{suffix}"

    def _age(self, round_id: RoundId, now: datetime) -> timedelta:
        with self._usable():
            try:
                changed = os.stat(self._path(round_id, _KEY)).st_mtime
            except FileNotFoundError:  # another process was first
                return timedelta(0)
        return now - datetime.fromtimestamp(changed, UTC)

    def _remember(self, round_id: RoundId, raw: bytes) -> RoundKey:
        while len(self._loaded) >= _REMEMBERED:
            del self._loaded[next(iter(self._loaded))]
        key = self._loaded[round_id] = RoundKey(raw, self._random_bytes)
        return key

    def _read(self, path: str | Path) -> bytes:
        """Return at most one byte more than a key has; nothing when there is no such file."""
        with self._usable():
            try:
                descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            except FileNotFoundError:
                os.stat(self._folder)
                return b""
            try:
                return os.read(descriptor, KEY_BYTES + 1)
            finally:
                os.close(descriptor)

    def _write(self, path: str | Path, flags: int, content: bytes) -> None:
        """Write and fsync file and folder; a new file that fails half-way is removed."""
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | flags, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
            left = content
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
            self._sync_folder()
        except BaseException:
            if flags & os.O_EXCL:
                with suppress(OSError):
                    Path(path).unlink()
            raise
        finally:
            os.close(descriptor)

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    @contextmanager
    def _usable(self) -> Iterator[None]:
        """Turn the system's errors into what an operator can do about them."""
        try:
            yield
        except OSError as error:
            raise KeyStoreUnusable.from_system(error, self._folder) from error
