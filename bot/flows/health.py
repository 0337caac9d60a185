"""What ``/health`` tells whoever watches over the bot: numbers and times, nobody's name."""

from typing import Any

from bot.flows.env import Env
from bot.storage import outbox, rounds, slack_channels
from bot.storage.store import Tx


def health_of(tx: Tx, env: Env) -> dict[str, Any]:
    """Return the answer; ``ok`` is false where somebody should look. Raises where the database
    cannot be read.
    """
    rounds.next_at(tx)
    found = env.contact.state(env.clock.now())
    if found is None:
        return {"ok": True}
    waiting = outbox.counts(tx, but=("invite:", "remind:")).get(outbox.WAITING, 0)
    return {
        "ok": not found.silent,
        found.chat.lower(): {
            "connected": found.connected,
            "since": found.since.isoformat() if found.since else None,
            "heard": found.heard.isoformat() if found.heard else None,
            "waiting": waiting,
            "held": sum(one.held is not None for one in slack_channels.all_bound(tx)),
        },
    }
