"""The door: whatever a platform brings in is answered here, and every fault becomes a kind word.

A platform translates and acknowledges. It never sees a table, a key, or somebody else's ballot.
"""

import logging
from collections.abc import Callable
from typing import TypeVar

from bot.cards import Ask, Chart, Clicked, Command, Form, Inbound, Reply, Say, Submitted
from bot.content.words import Words
from bot.domain.languages import LANGUAGES, Language, choose_language
from bot.domain.people import PersonId
from bot.domain.permissions import Action
from bot.flows import commands, forms, pages, places
from bot.flows import typed as typed_words
from bot.flows.actions import export as plan_export
from bot.flows.desk import Desk, Guest, NotAllowed, NotUnderstood, guest
from bot.flows.env import Env
from bot.flows.handlers import HANDLERS
from bot.flows.results import reading as results
from bot.flows.results import tables as result_tables
from bot.flows.rounds.engine import NotOnPath
from bot.flows.views import Conversation, Download, Page, Sidebar, SignInChoice
from bot.privacy.keys import KeyStoreUnusable
from bot.storage import chat, people
from bot.storage.looking import Looking
from bot.storage.outbox import Note
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

T = TypeVar("T")

SLASH = "/trivsel"
LONGEST_POST = 2000
_POSTING = {"node": Action.POST_IN_CHANNEL, "amg": Action.SEE_DIGEST}
"""What it takes to post, by kind of channel: a node's own, its work-environment group's."""


class Front:
    """Answers people, on whatever platform; private to the person who asked."""

    def __init__(self, store: Store, env: Env) -> None:
        self._desk = Desk(store, env)
        self._store, self._env = store, env

    async def handle(self, inbound: Inbound) -> Reply:
        """Answer a click, a form or a command. Never raises; nothing is lost silently."""
        try:
            if isinstance(inbound, Command):
                return await commands.answer(self._desk, inbound)
            name = inbound.action if isinstance(inbound, Clicked) else inbound.form
            handler = HANDLERS.get(name)
            if handler is None:
                raise NotUnderstood(name)
            return await handler(self._desk, inbound)
        except NotAllowed:
            return await self._sorry(inbound, "error.not_allowed")
        except (NotUnderstood, NotOnPath, KeyError, ValueError) as wrong:
            log.warning("FRONT-1 a payload was not understood: %s", type(wrong).__name__)
            return await self._sorry(inbound, "error.not_understood")
        except (KeyStoreUnusable, StorageTrouble) as trouble:
            log.error("%s", trouble)
            return await self._sorry(inbound, "error.not_saved", failed=True)
        except Exception as fault:
            log.error("FRONT-2 an action failed: %s", type(fault).__name__)
            return await self._sorry(inbound, "error.not_saved", failed=True)

    async def form(
        self, person: PersonId, conversation: str, form: str, context: str
    ) -> Form | None:
        """Return a form with a choice in it as the person would be shown it now, doing nothing.

        ``None``: there is none, or not for this person. For platforms that cannot carry what is
        offered: the form's own handler is asked, in a store where nothing can be written.
        """
        handler = HANDLERS.get(form)
        if handler is None:
            return None
        asked = Submitted("", person, conversation, form, context, forms.Unchosen())
        try:
            reply = await handler(Desk(Looking(self._store), self._env), asked)
        except NotAllowed:
            return None
        except Exception as fault:
            log.warning("FRONT-1 a form was not shown again: %s", type(fault).__name__)
            return None
        return reply.form if isinstance(reply, Ask) and reply.form.id == form else None

    async def say(self, person: PersonId, conversation: str, event: str, text: str) -> Reply | None:
        """Take what was typed: a command, or a message to a channel; ``None``: it was posted.

        What is typed to the bot itself is not kept: it might be an answer.
        """
        typed = text.strip()
        first, *rest = typed.split(maxsplit=1) or [""]
        if first.lower() in (SLASH, "/"):
            return await self.handle(Command(event, person, conversation, " ".join(rest)))
        if typed.startswith("/"):
            return await self.handle(Command(event, person, conversation, typed[1:]))

        def post(tx: Tx) -> Reply | None:
            asker = guest(tx, self._env, person)
            kind, _, node = conversation.partition(":")
            if kind not in _POSTING:
                return typed_words.heard(tx, self._env, asker, typed)
            asker.must(_POSTING[kind], node)
            if len(typed) > LONGEST_POST:
                words = asker.reader.words
                told = words("form.too_long", length=len(typed), limit=LONGEST_POST)
                return Say(told, failed=True)
            note = Note("typed", {"text": typed})
            chat.post(tx, conversation, self._env.clock.now(), note, author=person)
            return None

        try:
            return await self._store.write(post) if typed else None
        except NotAllowed:
            return await self._sorry_to(person, "error.not_allowed")
        except StorageTrouble as trouble:
            log.error("%s", trouble)
            return await self._sorry_to(person, "error.not_saved", failed=True)

    def words(self, language: Language) -> Words:
        """Return the words of one language, for a platform's own chrome."""
        return self._env.pack.words(language)

    async def language(self, person: PersonId) -> Language | None:
        """Return a person's language; ``None`` for somebody unknown or gone."""

        return await self._read(person, lambda _, asker: asker.reader.words.language)

    async def sidebar(self, person: PersonId) -> Sidebar | None:
        """Return where the person can go; ``None`` for somebody unknown or gone."""

        return await self._read(person, lambda tx, asker: places.sidebar(tx, self._env, asker))

    async def conversation(
        self, person: PersonId, id_: str, before: int | None = None
    ) -> Conversation | None:
        """Return a conversation as the person may see it; ``None`` when he may not."""

        return await self._read(
            person, lambda tx, asker: places.conversation(tx, self._env, asker, id_, before)
        )

    async def page(self, person: PersonId, path: str) -> Page | None:
        """Return a page; ``None`` when there is none or it is not for this person."""

        return await self._read(person, lambda tx, asker: pages.page(tx, self._desk, asker, path))

    async def chart(self, person: PersonId, figure: str) -> Chart | None:
        """Return a figure's picture, if the person may see the figure now."""

        def read(tx: Tx, asker: Guest) -> Chart | None:
            found = results.visible(tx, asker, figure, self._env.clock.now())
            return result_tables.chart(asker.reader, found) if found else None

        return await self._read(person, read)

    async def download(self, person: PersonId, file: str) -> Download | None:
        """Return an action plan as a file; ``None``: none, or not for this person."""
        return await plan_export.download(self._desk, person, file)

    async def choices(self) -> tuple[SignInChoice, ...]:
        """Return everybody, for a local sign-in."""

        words = self._env.pack.words(choose_language(self._env.defaults.language))

        def read(tx: Tx) -> tuple[SignInChoice, ...]:
            everybody = people.everybody(tx)
            tree = people.tree(tx) if everybody else {}  # before the first import there is none
            roles: dict[PersonId, list[str]] = {}
            for one in people.grants(tx):
                roles.setdefault(one.person, []).append(words(f"role.{one.role.value}"))
            return tuple(
                SignInChoice(
                    person=one.id,
                    name=one.name,
                    about=words("people.about", roles=list(dict.fromkeys(roles.get(one.id, ())))),
                    team=tree[one.home].name,
                )
                for one in everybody
            )

        return await self._store.read(read)

    async def by_email(self, email: str) -> PersonId | None:
        """Return who has this address, for a sign-in by a proxy's header."""
        found = await self._store.read(lambda tx: people.by_email(tx, email))
        return found.id if found else None

    async def _read(self, person: PersonId, read: Callable[[Tx, Guest], T | None]) -> T | None:
        """Return what somebody may see; ``None`` for somebody unknown or gone, or not allowed."""

        def as_guest(tx: Tx) -> T | None:
            try:
                return read(tx, guest(tx, self._env, person))
            except NotAllowed:
                return None

        return await self._store.read(as_guest)

    async def _sorry(self, inbound: Inbound, key: str, *, failed: bool = False) -> Reply:
        return await self._sorry_to(inbound.person, key, failed=failed)

    async def _sorry_to(self, person: PersonId, key: str, *, failed: bool = False) -> Reply:
        try:
            words = await self._store.read(lambda tx: guest(tx, self._env, person).reader.words)
        except Exception:
            words = self._env.pack.words(self._env.defaults.language or LANGUAGES[0])
        return Say(words(key), failed=failed)
