"""``check --online`` for an app of many workspaces: each install, with its key, token, channels.

Nothing is written, and no token is renewed: the running bot does that.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress

from cryptography.fernet import MultiFernet

from bot.platforms.slack.online import of_token
from bot.platforms.slack.sealing import unseal
from bot.platforms.slack.trouble import TROUBLE
from bot.platforms.slack.workspaces import teams_of
from bot.storage.slack_channels import Bound
from bot.storage.slack_installs import Install


async def faults(
    installs: Iterable[Install],
    keys: MultiFernet,
    listed: Collection[str],
    bound: Sequence[Bound],
    api: str,
) -> tuple[str, ...]:
    """Return what is wrong where the app is installed, each with what to do."""
    found: list[str] = []
    known: set[str] = set()
    own_first = sorted(installs, key=lambda one: one.id.startswith("enterprise:"))
    for one in own_first:
        kind, _, place = one.id.partition(":")
        held = unseal(keys, one.sealed)
        if held is None:
            found.append(
                f"SLACK-10 {place}: no key of slack_token_keys opens its token. Mount the right "
                "file, or have the app installed there anew."
            )
        elif not {place, held.get("enterprise")} & set(listed):
            found.append(
                f"SLACK-13 {place} is not in slack_workspaces and is not served: list it, or take "
                "the app out there."
            )
        else:
            token = str(held["token"])
            teams = await _teams(api, token) if kind == "enterprise" else (place,)
            mine = [b for b in bound if b.team in teams and b.team not in known]
            known |= set(teams)
            mend = "have the app installed there anew, at /slack/install"
            found += await of_token(api, token, mine, mend, f"{place}: ")
    return (*found, *_nowhere(bound, known))


def _nowhere(bound: Iterable[Bound], known: Collection[str]) -> list[str]:
    """Return the channels of workspaces the app is not in."""
    return [
        f"SLACK-4 the channel #{one.name} ({one.channel}) is in {one.team}, where the app is not: "
        "install it there, or set the team up elsewhere."
        for one in bound
        if one.team not in known
    ]


async def _teams(api: str, token: str) -> tuple[str, ...]:
    """Return an organisation's workspaces; none where Slack does not tell: the token says why."""
    with suppress(*TROUBLE):
        return await teams_of(api, token)
    return ()
