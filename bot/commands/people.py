"""``people``: bring people and tree in from a file."""

from click import Command

COMMANDS: tuple[Command, ...] = ()
