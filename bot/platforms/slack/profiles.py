"""What a profile in Slack says of somebody, and what of it the bot goes by: language and zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.languages import LANGUAGES, Language, choose_language
from bot.domain.people import Person, PersonId
from bot.storage import people, slack_accounts
from bot.storage.slack_accounts import Member
from bot.storage.store import Tx

SLACKS_OWN = "en-US"
"""The locale of everybody who has never chosen one in Slack."""


@dataclass(frozen=True)
class Profile:
    """What a profile says; ``fit`` for somebody of the workspace's own who may be asked.

    Of anybody else ``kind`` says what he is: ``guest``, ``outside``, ``app``, or ``gone``.
    """

    team: str
    user: str
    name: str
    email: str | None
    locale: str | None
    zone: str | None
    fit: bool
    kind: str = ""


def profile(team: str, user: Mapping[str, Any], *, own: bool | None = None) -> Profile:
    """Return what a user object says.

    ``own`` tells of somebody seen with an organisation's token whether he is of one of its
    workspaces; else he is if his workspace is ``team``.
    """
    inner = user.get("profile") or {}
    name = str(user.get("real_name") or inner.get("real_name") or user.get("name") or "?")
    if own is None:
        own = user.get("team_id") in (None, team)
    kind = _kind(user, own=own)
    return Profile(
        team=team,
        user=str(user["id"]),
        name=" ".join(name.split())[:200] or "?",
        email=str(inner["email"]).strip().lower() if inner.get("email") else None,
        locale=str(user["locale"]) if user.get("locale") else None,
        zone=_zone(user.get("tz")),
        fit=not kind,
        kind=kind,
    )


def _kind(user: Mapping[str, Any], *, own: bool) -> str:
    if user.get("is_bot") or user.get("id") == "USLACKBOT":
        return "app"
    if user.get("deleted"):
        return "gone"
    if not own or user.get("is_stranger"):
        return "outside"
    return "guest" if user.get("is_restricted") or user.get("is_ultra_restricted") else ""


def home_of(user: Mapping[str, Any], otherwise: str) -> str:
    """Return the workspace somebody is of."""
    return str(user.get("team_id") or otherwise)


def keep(tx: Tx, seen: Profile, person: PersonId, before: Member | None = None) -> Member:
    """Keep whose account this is; language and zone follow the profile until he chooses himself.

    What a profile does not say is as it was.
    """
    before = before or slack_accounts.member(tx, seen.team, seen.user)
    known = people.get(tx, person)
    one = Member(
        seen.team,
        seen.user,
        person,
        seen.locale or (before.locale if before else None),
        seen.zone or (before.zone if before else None),
        before.follows if before else known is not None and known.language is None,
    )
    slack_accounts.put_member(tx, one)
    if known is not None:
        _follow(tx, known, before, one)
    return one


def _follow(tx: Tx, known: Person, before: Member | None, now: Member) -> None:
    """Set what the person has not set himself: nothing yet, or what the profile said before."""
    was = before.locale if before else None
    wanted = asked_for(now.locale, was)
    if now.follows and now.locale != was and wanted and known.language in (None, spoken(was)):
        people.follow_language(tx, known.id, wanted)
    if known.zone in (None, before.zone if before else None) and now.zone not in (None, known.zone):
        people.set_zone(tx, known.id, now.zone)


def asked_for(locale: str | None, before: str | None) -> Language | None:
    """Return the language a profile asks for; ``before`` is what it said until now.

    Slack's own default says nothing, unless somebody has changed to it: many never look there.
    """
    silent = locale == SLACKS_OWN and before in (None, locale)
    return None if silent else spoken(locale)


def spoken(locale: str | None) -> Language | None:
    """Return the language of a profile, if the bot speaks it."""
    found = choose_language(locale) if locale else None
    code = (locale or "").split("-")[0].lower()
    return found if code in (*LANGUAGES, "nb", "no", "nn") else None


def _zone(name: object) -> str | None:
    try:
        ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    return str(name)
