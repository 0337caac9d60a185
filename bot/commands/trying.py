"""``simulate`` and ``bench``: trying the whole bot out."""

from click import Command

COMMANDS: tuple[Command, ...] = ()
