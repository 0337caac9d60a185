"""What the organisation is called: as the settings say, else as the top of its tree."""

from bot.flows.env import Env
from bot.storage import people
from bot.storage.store import Tx


def name(tx: Tx, env: Env) -> str:
    """Return the name people read; there must be a tree."""
    return env.organisation or people.tree(tx).root.name
