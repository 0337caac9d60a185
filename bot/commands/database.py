"""``backup``, ``restore`` and ``privacy-audit``: the database and what can be found in it."""

from click import Command

COMMANDS: tuple[Command, ...] = ()
