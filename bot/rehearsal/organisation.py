"""Invented organisations. Every name is made up."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from bot.domain.chance import Chance
from bot.domain.people import Grant, Node, NodeRules, Person, PersonId, Role
from bot.schedule.cadence import Cadence
from bot.schedule.calendar import Calendar
from bot.schedule.occurrences import next_due
from bot.storage import chat, outbox, people, schedules
from bot.storage.outbox import Note, Outgoing
from bot.storage.schedules import Schedule
from bot.storage.store import Tx

FIRST = (
    "Anna",
    "Bodil",
    "Camilla",
    "David",
    "Emma",
    "Freja",
    "Gustav",
    "Hassan",
    "Ida",
    "Jonas",
    "Karen",
    "Lars",
    "Maja",
    "Nadia",
    "Oskar",
    "Pia",
    "Rasmus",
    "Sofie",
    "Thomas",
    "Ulla",
    "Viggo",
    "Yasmin",
    "Amir",
    "Birgit",
    "Clara",
    "Ditte",
    "Elias",
    "Fatima",
    "Gitte",
    "Henrik",
)
LAST = (
    "Agerskov",
    "Birkelund",
    "Damgård",
    "Engholm",
    "Fuglsang",
    "Grønvold",
    "Højlund",
    "Isager",
    "Kirkeby",
    "Lyngby",
    "Møllegård",
    "Nørreskov",
    "Overby",
    "Pilegård",
    "Ravnholt",
    "Skovbo",
    "Tangdal",
    "Vestergren",
    "Åbenrå",
    "Ørnstrup",
)


Onlooker = Literal["employee", "lead", "amg"]
ONLOOKERS: Mapping[Onlooker, PersonId] = {"employee": "dag-9", "lead": "dag-1", "amg": "dag-2"}
"""Who of the demo's people looks at something, by what they are."""


@dataclass(frozen=True)
class Cast:
    """An organisation ready to be put into the database."""

    nodes: tuple[Node, ...]
    people: tuple[Person, ...]
    grants: tuple[Grant, ...]


def names(count: int, rng: random.Random) -> list[str]:
    """Return that many different invented names."""
    every = [f"{first} {last}" for last in LAST for first in FIRST]
    rng.shuffle(every)
    rounds = -(-count // len(every))
    longer = every + [f"{name} {n + 2}" for n in range(rounds - 1) for name in every]
    return longer[:count]


def demo_cast() -> Cast:
    """Return the demo's home for the elderly: three teams of 11, 8 and 4, leads and an AMG."""
    teams = (("dag", "Dagholdet", 11), ("aften", "Aften og nat", 8), ("koekken", "Køkkenet", 4))
    nodes = [Node("solgaarden", "Solgården", None, NodeRules())]
    nodes += [Node(id_, name, "solgaarden") for id_, name, _ in teams]
    drawn = iter(names(24, random.Random("Solgården")))  # noqa: S311 - the same cast every time
    folk = [Person("ledelse-1", next(drawn), "solgaarden", language="da")]
    grants = [Grant("ledelse-1", "solgaarden", role) for role in (Role.LEAD, Role.ADMIN, Role.AMG)]
    for id_, _, size in teams:
        team = [Person(f"{id_}-{n}", next(drawn), id_) for n in range(1, size + 1)]
        folk += team
        grants.append(Grant(team[0].id, id_, Role.LEAD))
    grants.append(Grant("dag-2", "solgaarden", Role.AMR))
    folk = [replace(one, language="sv") if one.id == "aften-3" else one for one in folk]
    return Cast(tuple(nodes), tuple(folk), tuple(grants))


def many_teams(teams: int, size: int, rng: random.Random) -> Cast:
    """Return an organisation of departments of up to eight teams, each team with a lead.

    A department has a head, who is its work-environment group with an elected representative.
    """
    drawn = iter(names(teams * size + 1 + -(-teams // 8), rng))
    nodes = [Node("org", "Organisationen")]
    folk = [Person("p-top", next(drawn), "org")]
    grants = [Grant("p-top", "org", Role.LEAD), Grant("p-top", "org", Role.ADMIN)]
    for number in range(teams):
        department = f"dep-{number // 8 + 1}"
        if number % 8 == 0:
            nodes.append(Node(department, f"Afdeling {number // 8 + 1}", "org"))
        team = f"team-{number + 1}"
        nodes.append(Node(team, f"Team {number + 1}", department))
        members = [Person(f"p-{number + 1}-{n + 1}", next(drawn), team) for n in range(size)]
        folk += members
        grants.append(Grant(members[0].id, team, Role.LEAD))
        if number % 8 == 0:
            folk.append(Person(f"p-{department}", next(drawn), department))
            grants += [Grant(folk[-1].id, department, role) for role in (Role.LEAD, Role.AMG)]
            grants.append(Grant(members[-1].id, department, Role.AMR))
    return Cast(tuple(nodes), tuple(folk), tuple(grants))


def uneven(cast: Cast, rng: random.Random) -> Cast:
    """Return the organisation with every fifth team small and the others of different sizes.

    Who has a role stays; every second department is in Sweden.
    """
    needed = {grant.person for grant in cast.grants}
    gone: set[str] = set()
    teams = sorted({one.home for one in cast.people if one.home.startswith("team-")})
    for team in teams:
        members = [one.id for one in cast.people if one.home == team]
        size = rng.randint(3, 4) if int(team.removeprefix("team-")) % 5 == 0 else len(members)
        spare = [id_ for id_ in members if id_ not in needed]
        gone |= set(spare[max(0, size - len(members) + len(spare)) :])
        gone |= set(rng.sample(spare, rng.randint(0, 2)) if size == len(members) > 7 else ())
    sweden = NodeRules(language="sv", country="SE", zone="Europe/Stockholm")
    nodes = [
        replace(one, rules=sweden) if one.id.startswith("dep-") and one.id[-1] in "02468" else one
        for one in cast.nodes
    ]
    folk = tuple(one for one in cast.people if one.id not in gone)
    return Cast(tuple(nodes), folk, cast.grants)


def counted_together(cast: Cast, fewest: int) -> tuple[tuple[str, ...], ...]:
    """Return what check-ins are planned for: a team, or a small one with the team before it."""
    sizes = Counter(one.home for one in cast.people)
    scopes: list[tuple[str, ...]] = []
    before: str | None = None
    for node in cast.nodes:
        if not node.id.startswith("team-"):
            before = None
        elif sizes[node.id] < fewest and before is not None:
            scopes[-1] = (*scopes[-1], node.id)
        else:
            scopes.append((node.id,))
            before = node.id
    return tuple(scopes)


def settle(tx: Tx, cast: Cast, chance: Chance, now: datetime) -> None:
    """Put the organisation into an empty database, with a welcome for everybody."""
    for node in cast.nodes:
        people.put_node(tx, node)
        chat.ensure(tx, chat.channel_id(node.id))
    for person in cast.people:
        people.put_person(tx, person)
        mine = [grant for grant in cast.grants if grant.person == person.id]
        people.put_grants(tx, person.id, mine)
    welcomes = [
        Outgoing("welcome", f"person:{person.id}", Note("welcome"), now) for person in cast.people
    ]
    outbox.add(tx, (chance.token() for _ in welcomes), welcomes)


def plan(
    tx: Tx,
    chance: Chance,
    calendar: Calendar,
    scopes: Iterable[tuple[str, ...]],
    instrument: str,
    cadence: Cadence,
    open_days: int,
    after: datetime,
    questions: int | None = None,
) -> None:
    """Plan an instrument for each scope."""
    for scope in scopes:
        due = next_due(cadence, calendar, after)
        wanted = Schedule(
            id=chance.token(),
            scope=scope,
            instrument=instrument,
            cadence=cadence.to_dict(),
            open_days=open_days,
            questions=questions,
            nominal=due.nominal,
            next_run_at=due.at,
        )
        schedules.insert_new(tx, wanted)


def fortnightly(weekday: int, at: time, anchor: date) -> Cadence:
    """Return the usual rhythm of a check-in."""
    return Cadence.weekly(weekday, at, anchor, every=2)
