"""The door: whatever a platform brings in is answered here, and every fault becomes a kind word.

A platform translates and acknowledges. It never sees a table, a key, or somebody else's ballot.
"""

import logging
from collections.abc import Mapping

from bot.cards import Ask, Chart, Clicked, Command, Form, Inbound, Reply, Say, Submitted
from bot.content.words import Words
from bot.domain.languages import LANGUAGES, Language, choose_language
from bot.domain.people import PersonId, Role
from bot.domain.permissions import Action
from bot.flows import (
    channels,
    commands,
    comments,
    forms,
    group_actions,
    home,
    notes,
    organisation,
    preferences,
)
from bot.flows import typed as typed_words
from bot.flows.actions import board
from bot.flows.actions import cards as action_cards
from bot.flows.actions import edit as action_edit
from bot.flows.actions import export as plan_export
from bot.flows.actions import moves as action_moves
from bot.flows.actions import people as action_people
from bot.flows.desk import (
    Desk,
    Guest,
    Handler,
    NotAllowed,
    NotUnderstood,
    guest,
)
from bot.flows.dialogues import ask as dialogue_ask
from bot.flows.dialogues import lead as dialogue_lead
from bot.flows.dialogues import meeting as dialogue_meeting
from bot.flows.dialogues import page as dialogue_page
from bot.flows.dialogues import start as dialogue_start
from bot.flows.dialogues import vote as dialogue_vote
from bot.flows.dialogues import words as dialogue_words
from bot.flows.digests import amg
from bot.flows.digests.saying import SECTIONS
from bot.flows.effects import adjust as effect_adjust
from bot.flows.effects import decide as effect_decide
from bot.flows.effects import pages as effect_pages
from bot.flows.env import Env
from bot.flows.escalations import answering as escalation_answer
from bot.flows.escalations import cards as escalation_cards
from bot.flows.escalations import passing_on as escalation
from bot.flows.programmes import plan as programme_plan
from bot.flows.results import guide
from bot.flows.results import reading as results
from bot.flows.results import tables as result_tables
from bot.flows.rounds.ask_actions import HANDLERS as ASK
from bot.flows.rounds.ask_actions import numbers_in_force
from bot.flows.rounds.cards import local, who_sees_what
from bot.flows.rounds.engine import NotOnPath
from bot.flows.rounds.sheet_actions import HANDLERS as SHEET
from bot.flows.teams import page as team_page
from bot.flows.teams import plan as team_plan
from bot.flows.teams import rules as team_rules
from bot.flows.teams import start as team_start
from bot.flows.views import Conversation, Download, Entry, Item, Page, Sidebar, SignInChoice
from bot.privacy.keys import KeyStoreUnusable
from bot.storage import actions, chat, dialogues, people
from bot.storage.looking import Looking
from bot.storage.outbox import Note
from bot.storage.store import Store, Tx
from bot.storage.trouble import StorageTrouble

log = logging.getLogger(__name__)

HANDLERS: Mapping[str, Handler] = {
    **ASK,
    **SHEET,
    **preferences.HANDLERS,
    **commands.HANDLERS,
    **team_start.HANDLERS,
    **team_plan.HANDLERS,
    **team_rules.HANDLERS,
    **channels.HANDLERS,
    **comments.HANDLERS,
    **group_actions.HANDLERS,
    **programme_plan.HANDLERS,
    **escalation.HANDLERS,
    **escalation_answer.HANDLERS,
    **action_edit.HANDLERS,
    **action_moves.HANDLERS,
    **effect_adjust.HANDLERS,
    **effect_decide.HANDLERS,
    **guide.HANDLERS,
    **dialogue_start.HANDLERS,
    **dialogue_ask.HANDLERS,
    **dialogue_vote.HANDLERS,
    **dialogue_meeting.HANDLERS,
    **dialogue_lead.HANDLERS,
    **dialogue_words.HANDLERS,
}
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

        def read(tx: Tx) -> Language | None:
            try:
                return guest(tx, self._env, person).reader.words.language
            except NotAllowed:
                return None

        return await self._store.read(read)

    async def sidebar(self, person: PersonId) -> Sidebar | None:
        """Return where the person can go; ``None`` for somebody unknown or gone."""

        def read(tx: Tx) -> Sidebar | None:
            try:
                asker = guest(tx, self._env, person)
            except NotAllowed:
                return None
            return Sidebar(
                person=person,
                name=asker.person.name,
                language=asker.reader.words.language,
                organisation=organisation.name(tx, self._env),
                entries=_entries(tx, self._env, asker),
                demo=self._env.demo,
            )

        return await self._store.read(read)

    async def conversation(
        self, person: PersonId, id_: str, before: int | None = None
    ) -> Conversation | None:
        """Return a conversation as the person may see it; ``None`` when he may not."""

        def read(tx: Tx) -> Conversation | None:
            try:
                return _conversation(tx, self._env, guest(tx, self._env, person), id_, before)
            except NotAllowed:
                return None

        return await self._store.read(read)

    async def page(self, person: PersonId, path: str) -> Page | None:
        """Return a page; ``None`` when there is none or it is not for this person."""

        def read(tx: Tx) -> Page | None:
            try:
                return _page(tx, self._desk, guest(tx, self._env, person), path)
            except NotAllowed:
                return None

        return await self._store.read(read)

    async def chart(self, person: PersonId, figure: str) -> Chart | None:
        """Return a figure's picture, if the person may see the figure now."""

        def read(tx: Tx) -> Chart | None:
            try:
                asker = guest(tx, self._env, person)
            except NotAllowed:
                return None
            found = results.visible(tx, asker, figure, self._env.clock.now())
            return result_tables.chart(asker.reader, found) if found else None

        return await self._store.read(read)

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

    async def _sorry(self, inbound: Inbound, key: str, *, failed: bool = False) -> Reply:
        return await self._sorry_to(inbound.person, key, failed=failed)

    async def _sorry_to(self, person: PersonId, key: str, *, failed: bool = False) -> Reply:
        try:
            words = await self._store.read(lambda tx: guest(tx, self._env, person).reader.words)
        except Exception:
            words = self._env.pack.words(self._env.defaults.language or LANGUAGES[0])
        return Say(words(key), failed=failed)


def _entries(tx: Tx, env: Env, asker: Guest) -> tuple[Entry, ...]:
    words = asker.reader.words
    roles = asker.who.nodes(Role.LEAD, Role.AMG, Role.AMR)
    own = [
        *asker.tree.above(asker.person.home),
        *(node for node in roles if node in asker.tree),
    ]
    channels = list(dict.fromkeys(own))
    groups = amg.groups(asker)
    direct = chat.direct_id(asker.id)
    shared = [*map(chat.channel_id, channels), *map(chat.group_id, groups)]
    newest = chat.last_ids(tx, [direct, *shared])
    found = [
        Entry(
            f"c/{direct}",
            words("chat.bot"),
            "direct",
            newest.get(direct, 0),
            home.unanswered(tx, env, asker),
        )
    ]
    for node in channels:
        id_ = chat.channel_id(node)
        found.append(Entry(f"c/{id_}", asker.tree[node].name, "channel", newest.get(id_, 0)))
    for node in groups:
        id_ = chat.group_id(node)
        name = words("amg.channel", team=asker.tree[node].name)
        found.append(Entry(f"c/{id_}", name, "channel", newest.get(id_, 0)))
    found += [
        Entry("me", words("page.me"), "page"),
        Entry("results", words("page.results"), "page"),
        Entry(f"board/{asker.person.home}", words("board.title"), "page"),
    ]
    found += [
        Entry(f"dialogue/{one.id}", words("dialogue.title", topic=one.topic), "page")
        for one in dialogues.running(tx, channels)
    ]
    led = home.led_nodes(asker)
    watched = [node for node in roles if node in asker.tree and node not in led]
    found += [
        Entry(f"team/{node}", words("page.team", team=asker.tree[node].name), "page")
        for node in dict.fromkeys([*led, *watched])
    ]
    found += [
        Entry(f"amg/{node}", words("page.amg", team=asker.tree[node].name), "page")
        for node in groups
    ]
    if actions.any_shared(tx):
        found.append(Entry("shared", words("shared.title"), "page"))
    found += [
        Entry("privacy", words("page.privacy"), "page"),
        Entry("help", words("page.help"), "page"),
    ]
    if asker.may(Action.SEE_OPERATIONS, asker.tree.root.id):
        found.append(Entry("operations", words("page.operations"), "page"))
    return tuple(found)


def _conversation(
    tx: Tx, env: Env, asker: Guest, id_: str, before: int | None
) -> Conversation | None:
    words = asker.reader.words
    kind, _, owner = id_.partition(":")
    if kind == "person" and owner == asker.id:
        title, note, can_post = words("chat.bot"), words("chat.bot_note"), True
        waiting = () if before else home.waiting(tx, env, asker)
    elif kind == "node" and owner in asker.tree:
        asker.must(Action.SEE_RESULTS, owner)
        number = len(people.everybody(tx, asker.tree.under(owner)))
        title = asker.tree[owner].name
        note, waiting = words("team.people", number=number), ()
        can_post = asker.may(Action.POST_IN_CHANNEL, owner)
    elif kind == "amg" and owner in asker.tree:
        asker.must(Action.SEE_DIGEST, owner)
        title = words("amg.channel", team=asker.tree[owner].name)
        note, waiting, can_post = words("amg.channel_note"), (), True
    else:
        return None
    names = {one.id: one.name for one in people.all_known(tx)}
    posted = chat.latest(tx, id_, before=before)
    items = tuple(
        Item(
            id=one.id,
            author=names.get(one.author, "?") if one.author else None,
            at=words("chat.at", at=local(one.at, asker.reader.zone)),
            card=notes.card(tx, env, asker.reader, one.note),
        )
        for one in posted
    )
    older = posted[0].id if len(posted) == 60 else None
    return Conversation(id_, title, note, items, waiting, older, can_post)


def _page(tx: Tx, desk: Desk, asker: Guest, path: str) -> Page | None:
    words = asker.reader.words
    name, _, rest = path.partition("/")
    match name, rest:
        case "me", "":
            return Page(path, words("page.me"), home.page(tx, desk.env, asker))
        case preferences.PATH, "":
            return Page(path, words("me.settings"), preferences.page(tx, desk.env, asker))
        case "privacy", "":
            numbers = numbers_in_force(desk, asker, None)
            return Page(path, words("page.privacy"), (who_sees_what(asker.reader, *numbers),))
        case "help", "":
            return Page(path, words("page.help"), commands.help_cards(asker))
        case "results", "":
            roles = asker.who.nodes(Role.LEAD, Role.AMG, Role.AMR, Role.ADMIN)
            nodes = [*asker.tree.above(asker.person.home)]
            nodes += [one for role in roles if role in asker.tree for one in asker.tree.under(role)]
            card = team_page.results_card(tx, desk.env, asker, dict.fromkeys(nodes))
            return Page(path, words("page.results"), (card,))
        case "results", figure:
            found = results.visible(tx, asker, figure, desk.now())
            if found is None:
                return None
            early = desk.now() < found.kept.publish_at
            cards = effect_pages.of_figure(tx, asker, found, early=early)
            return Page(path, words("page.results"), cards)
        case "history", where:
            return effect_pages.of_history(tx, desk.env, asker, where, path)
        case "shared", "":
            return effect_pages.of_shared(tx, asker, path)
        case "team", node if node in asker.tree:
            title = words("page.team", team=asker.tree[node].name)
            return Page(path, title, team_page.page(tx, desk.env, asker, node))
        case "dialogue", id_:
            shared = dialogue_page.page(tx, desk.env, asker, id_)
            return Page(path, shared[0].title, shared) if shared else None
        case "action", id_:
            return _action(tx, desk, asker, id_, path)
        case "amg", where:
            return _group(tx, desk, asker, where, path)
        case "escalation", id_:
            passed_on = escalation_cards.page(tx, desk.env, asker, id_)
            return Page(path, passed_on.title, (passed_on,)) if passed_on else None
        case "board", where:
            return _board(tx, desk, asker, where, path)
        case "operations", "":
            cards = group_actions.operations(tx, desk.env, asker)
            return Page(path, words("page.operations"), cards)
    return None


def _action(tx: Tx, desk: Desk, asker: Guest, action_id: str, path: str) -> Page | None:
    item = actions.get(tx, action_id)
    if item is None or not action_people.may_see(asker, item):
        return None
    first, *rest = action_cards.page(tx, asker, item)
    effect = effect_pages.about_action(tx, desk.env, asker, item)
    return Page(path, item.what, (first, *effect, *rest))


def _group(tx: Tx, desk: Desk, asker: Guest, where: str, path: str) -> Page | None:
    node, _, section = where.partition("/")
    if node not in asker.tree or section not in ("", *SECTIONS):
        return None
    title = asker.reader.words("page.amg", team=asker.tree[node].name)
    return Page(path, title, amg.page(tx, desk.env, asker, node, section))


def _board(tx: Tx, desk: Desk, asker: Guest, where: str, path: str) -> Page | None:
    node, _, filters = where.partition("/")
    if node not in asker.tree:
        return None
    try:
        cards = board.page(tx, desk.env, asker, node, filters)
    except ValueError:
        return None
    return Page(path, asker.reader.words("board.page", team=asker.tree[node].name), cards)
