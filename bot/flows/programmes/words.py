"""A plan in words: what, how often, and when next; a round's or a programme's."""

from datetime import UTC, date, datetime

from bot.content.words import Words
from bot.flows.desk import Guest
from bot.flows.rounds import cards as asking
from bot.schedule.meetings import Meetings
from bot.schedule.plans import Rule, rule_of
from bot.storage.schedules import Schedule

PROGRAMME_TITLES = {"team_reminder": "reminder.title", "digest": "digest.plan_title"}


def title_of(words: Words, name: str) -> str:
    """Return what an instrument or a programme is called."""
    key = PROGRAMME_TITLES.get(name)
    return words(key) if key else words.instrument(name).title


def describe(asker: Guest, one: Schedule) -> str:
    """Say a plan in one line: what, how often, and when next."""
    words = asker.reader.words
    names = [asker.tree[node].name for node in one.scope if node in asker.tree]
    often = how_often(words, rule_of(one.cadence), one.nominal)
    title = title_of(words, one.instrument)
    if one.next_run_at is None or one.nominal is None:
        return words("team.plan_off", what=title, team=names, often=often)
    at = asking.local(one.next_run_at, asker.reader.zone)
    return words("team.plan_line", what=title, team=names, often=often, next=at)


def how_often(words: Words, rule: Rule, nominal: date | None = None) -> str:
    """Say a rule: "hver anden mandag kl. 9.00", "5 arbejdsdage før hvert møde kl. 9.00"."""
    at = datetime.combine(nominal or date(2000, 1, 3), rule.at, UTC)
    if isinstance(rule, Meetings):
        return words("digest.often", before=rule.before, at=at)
    return words(
        f"cadence.{rule.kind}",
        every=rule.every,
        weekday=words(f"weekday.{rule.weekday}"),
        nth=words(f"nth.{'last' if rule.nth == -1 else rule.nth}") if rule.nth else "",
        at=at,
    )
