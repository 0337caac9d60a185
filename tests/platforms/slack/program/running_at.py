"""``trivselsbot ARGUMENTS`` with a clock that is ahead by as many seconds as the file told says."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli import main
from bot.domain.clock import Clock


def shifted(file: Path) -> None:
    """Have every clock of this process read its shift anew each time it is asked."""

    def now(self: Clock) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=float(file.read_text()))

    Clock.now = now  # type: ignore[method-assign]


if __name__ == "__main__":
    shifted(Path(sys.argv.pop(1)))
    main()
