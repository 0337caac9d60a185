"""How the values of settings are written: zones, countries, lists, addresses, ids. Pure.

Each function returns the value, or raises ``ValueError`` with what is wrong in an operator's words.
"""

import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from holidays.registry import COUNTRIES

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def zone(value: str) -> str:
    """A time zone by its name."""
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(
            f"no such time zone: {value} (write it like Europe/Copenhagen)"
        ) from unknown
    return value


@cache
def _countries() -> frozenset[str]:
    # The registry is a list; the package's own function would load every country there is.
    return frozenset(code for _, code, *_ in COUNTRIES.values())


def country(value: str) -> str:
    """A country whose holidays are known."""
    if value not in _countries():
        raise ValueError(f"no holidays are known for {value} (write two letters, like DK)")
    return value


def listed(value: object) -> object:
    """A list in the environment is written with commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def web_address(value: str | None) -> str | None:
    """Where people and Slack reach the bot; without a slash at the end."""
    if value and not re.fullmatch(r"https?://[^\s/?#]+(/[^\s?#]*)?", value):
        raise ValueError("write it like https://trivsel.example.org")
    return value.rstrip("/") if value else None


def api_address(value: str) -> str:
    """Tokens go there: in clear only to this machine."""
    found = re.fullmatch(r"(https?)://([^\s/?#:]+)(:\d+)?(/[^\s?#]*)?", value)
    if not found or (found[1] == "http" and found[2] not in LOOPBACK):
        raise ValueError("write it like https://slack.com/api/")
    return value.rstrip("/") + "/"


def workspaces(value: tuple[str, ...]) -> tuple[str, ...]:
    """Slack's ids of workspaces and organisations."""
    if not all(re.fullmatch(r"[TE][A-Z0-9]{2,}", one) for one in value):
        raise ValueError("write ids like T0123ABCD (a workspace) or E0123ABCD (an organisation)")
    return value


def number(value: object) -> object:
    """Everything in the environment is text, and a choice of numbers does not read it."""
    return int(value) if isinstance(value, str) and value.strip().isdecimal() else value
