"""What people meet besides an instrument's questions, by name: drawn from the demo's organisation.

It is invented anew in a folder that is gone afterwards, on the same days with the same dice each
time, so that a picture changes only when what people see has changed.
"""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from bot.app import Bot, started
from bot.cards import Ask, Command, Message
from bot.content.model import Pack
from bot.content.words import Words
from bot.domain.chance import SeededChance
from bot.domain.clock import MovableClock
from bot.domain.dialogues import IDEAS
from bot.domain.languages import Language
from bot.domain.people import PersonId
from bot.domain.rounds import RoundId
from bot.flows import notes
from bot.flows.env import Reader
from bot.platforms.port import Nudge
from bot.platforms.slack.front import WAITING
from bot.platforms.slack.home import drawn
from bot.platforms.slack.nudging import invitation
from bot.platforms.slack.setup import set_up_form
from bot.platforms.slack.told import Origin, Pressed
from bot.platforms.slack.waiting import Waiting
from bot.platforms.slack.wording import for_channel, for_person
from bot.platforms.web.session import Sessions
from bot.rehearsal.demo import ZONE, Stage, clock_for
from bot.rehearsal.organisation import ONLOOKERS, Onlooker
from bot.rehearsal.seen import AtHome, Opened, Post, Seen
from bot.rehearsal.talks import Talks
from bot.rehearsal.travel import travel
from bot.settings import Settings
from bot.storage import actions, chat, people, rounds
from bot.storage.outbox import Note
from bot.storage.store import Tx

RESPONSIBLE, TEAM, TOP = "dag-5", "dag", "solgaarden"
EMPLOYEE_LEAD: tuple[Onlooker, ...] = ("employee", "lead")
DAY, SEED = date(2026, 3, 2), 7
REMINDER = "action.soon"
TOPIC: Mapping[Language, str] = {"da": "Pauserne", "sv": "Rasterna", "en": "Our breaks"}
IDEA: Mapping[Language, str] = {
    "da": "Én tager telefonen mens de andre holder pause",
    "sv": "En tar telefonen medan de andra har rast",
    "en": "One of us answers the phone while the others have a break",
}
CHANNEL, NAME = "C0TRIVSEL", "dagholdet"


class World:
    """The demo's organisation on its first morning, all of whom read one language."""

    def __init__(self, bot: Bot, clock: MovableClock, language: Language) -> None:
        self.bot, self.clock, self.language = bot, clock, language
        self.words: Words = bot.front.words(language)

    async def see(self, name: str, role: Onlooker | None = None) -> tuple[Seen, ...]:
        """Return what is shown under a name, to a person of a role; ``KeyError``: no such name.

        An action's reminder comes days later: what is seen after it is seen then.
        """
        scene = SCENES[name]
        return await scene.look(self, role or scene.roles[0])

    async def post(self, conversation: str, kind: str) -> Post:
        """Return the newest message of a kind in a conversation, as who reads it there does."""
        note = (await self.notes(conversation, kind))[-1]
        about, _, person = conversation.partition(":")

        def read(tx: Tx) -> tuple[Words, Message] | None:
            if about == "person":
                return for_person(tx, self.bot.env, person, note)
            return for_channel(tx, self.bot.env, conversation, note)

        worded = await self.bot.store.read(read)
        assert worded is not None  # they are there as long as the demo is
        return Post(worded[1])

    async def notes(self, conversation: str, kind: str) -> tuple[Note, ...]:
        """Return what was said of a kind in a conversation, oldest first."""
        posted = await self.bot.store.read(lambda tx: chat.latest(tx, conversation))
        return tuple(one.note for one in posted if one.note.kind == kind)

    async def asked(self, person: PersonId, instrument: str) -> RoundId:
        """Return the open round somebody is asked an instrument's questions in."""
        found = await self.bot.store.read(lambda tx: rounds.open_for(tx, person))
        return next(one.id for one in found if one.instrument == instrument)

    async def invited(self, person: PersonId, instrument: str) -> Post:
        """Return what invites somebody to an open round."""
        one = Nudge(person, "round.invite", await self.asked(person, instrument))
        worded = await self.bot.store.read(lambda tx: invitation(tx, self.bot.env, one))
        assert worded is not None
        return Post(worded[1])

    async def said(self, person: PersonId, text: str, where: str = "") -> Opened:
        """Return what ``/trivsel`` with a text opens."""
        conversation = where or f"person:{person}"
        return Opened(await self.bot.front.handle(Command("", person, conversation, text)))


Look = Callable[[World, Onlooker], Awaitable[tuple[Seen, ...]]]


@dataclass(frozen=True)
class Scene:
    """Something people meet; of ``roles``, whose view of it there is, the first is shown unless
    another is wanted.
    """

    look: Look
    told: str
    roles: tuple[Onlooker, ...] = ("employee", "lead", "amg")


@asynccontextmanager
async def world(pack: Pack, language: Language) -> AsyncIterator[World]:
    """Invent the organisation and live through its first weeks."""
    with tempfile.TemporaryDirectory(prefix="trivselsbot-") as folder:
        settings = Settings(data=Path(folder) / "data", organisation="Solgården")
        settings.data.mkdir()
        clock = clock_for(settings.data, DAY)
        chance = SeededChance(SEED)
        async with started(settings, clock=clock, chance=chance, demo=True, pack=pack) as bot:
            await Stage(bot, clock, Sessions(b"k" * 32)).set_up(DAY)
            await bot.store.write(lambda tx: _speak(tx, language))
            yield World(bot, clock, language)


def _speak(tx: Tx, language: Language) -> None:
    for person in people.everybody(tx):
        people.put_person(tx, replace(person, language=language))
    root = people.tree(tx).root
    people.put_node(tx, replace(root, rules=replace(root.rules, language=language)))


async def _home(seen: World, role: Onlooker) -> tuple[Seen, ...]:
    sidebar = await seen.bot.front.sidebar(ONLOOKERS[role])
    assert sidebar is not None
    return (AtHome(await drawn(seen.bot.front, sidebar, seen.words)),)


async def _menu(seen: World, role: Onlooker) -> tuple[Seen, ...]:
    return (await seen.said(ONLOOKERS[role], ""),)


async def _invitation(seen: World, role: Onlooker) -> tuple[Seen, ...]:
    return (await seen.invited(ONLOOKERS[role], "checkin"),)


async def _result(seen: World, role: Onlooker) -> tuple[Seen, ...]:
    if role == "lead":
        return (await seen.post(f"person:{ONLOOKERS[role]}", "result.lead"),)
    return (await seen.post(f"node:{TEAM}", "result.team"),)


async def _action(seen: World, role: Onlooker) -> tuple[Seen, ...]:
    form = await seen.said(ONLOOKERS["lead"], f"action {IDEA[seen.language]}", f"node:{TEAM}")
    own = f"person:{RESPONSIBLE}"
    items = await seen.bot.store.read(lambda tx: actions.of_nodes(tx, (TEAM,)))
    running = next(one.id for one in items if one.state.standing)
    while running not in [one.params["action"] for one in await seen.notes(own, REMINDER)]:
        await travel(seen.bot, seen.clock, seen.clock.now() + timedelta(days=1))
    reminder = await seen.post(own, REMINDER)
    return (reminder,) if role == "employee" else (form, reminder)


async def _dialogue(seen: World, role: Onlooker) -> tuple[Seen, ...]:
    topic = TOPIC[seen.language]
    if role == "lead":
        return (await seen.said(ONLOOKERS[role], f"dialogue {topic}", f"node:{TEAM}"),)
    await Talks(seen.bot.front).start(ONLOOKERS["lead"], TEAM, topic)
    await seen.bot.sender.send_due(seen.clock.now())
    news = await seen.post(f"node:{TEAM}", "dialogue.news")
    told = Pressed(Origin("", "", ""), WAITING, await seen.asked(ONLOOKERS[role], IDEAS))
    opened = await Waiting(seen.bot.front).opened(told, ONLOOKERS[role], seen.words)
    return news, await seen.invited(ONLOOKERS[role], IDEAS), Opened(opened)


async def _digest(seen: World, role: Onlooker) -> tuple[Seen, ...]:  # noqa: ARG001
    return (await seen.post(f"amg:{TOP}", "digest"),)


async def _set_up(seen: World, role: Onlooker) -> tuple[Seen, ...]:  # noqa: ARG001
    note = Note("slack.welcome", {"channel": CHANNEL, "file": False})
    reader = Reader(seen.words, ZONE)
    card = await seen.bot.store.read(lambda tx: notes.card(tx, seen.bot.env, reader, note))
    form = set_up_form(seen.words, CHANNEL, NAME, (), rosters=True)
    return Post(card), Opened(Ask(form))


SCENES: Mapping[str, Scene] = {
    "home": Scene(_home, "the bot's home: what waits, teams, one's own wishes"),
    "menu": Scene(_menu, "what /trivsel alone opens"),
    "invitation": Scene(_invitation, "the private message with one button"),
    "result": Scene(_result, "a result in its channel; the lead's, a day early", EMPLOYEE_LEAD),
    "action": Scene(_action, "the form of an action, and a reminder", ("lead", "employee")),
    "dialogue": Scene(_dialogue, "a dialogue as it reaches people; its form", EMPLOYEE_LEAD),
    "digest": Scene(_digest, "the work-environment group's overview", ("amg",)),
    "set-up": Scene(_set_up, "the welcome in a new channel, and its form", ("lead",)),
}
