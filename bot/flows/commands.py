"""Answers to ``/trivsel``: a menu, a helpful word for a wrong verb, and each verb's beginning."""

from bot.cards import Button, Clicked, Command, Message, Reply, Say, Show, Text
from bot.domain.permissions import Action
from bot.flows import home, menu, preferences
from bot.flows.actions import board
from bot.flows.actions import edit as action_edit
from bot.flows.actions import people as action_people
from bot.flows.desk import Desk, Guest, Handlers, Request, guest
from bot.flows.desk import NotUnderstood as Unknown
from bot.flows.dialogues import page as dialogue_page
from bot.flows.dialogues import people as dialogue_people
from bot.flows.dialogues import start as dialogue_start
from bot.flows.digests import amg
from bot.flows.env import Env
from bot.flows.home import led_nodes
from bot.flows.preferences import away
from bot.flows.rounds.ask_actions import numbers_in_force
from bot.flows.rounds.cards import told, who_sees_what
from bot.flows.teams import page as team_page
from bot.flows.teams.plan import plan
from bot.flows.teams.rules import rules
from bot.flows.teams.start import start
from bot.flows.verbs import MENU, VERBS, NotUnderstood, Understood, name_of, understand
from bot.storage.store import Tx


async def answer(desk: Desk, command: Command) -> Reply:
    """Answer a slash command."""
    meant = understand(desk.env.pack, command.text)
    if isinstance(meant, NotUnderstood):
        return await desk.store.read(lambda tx: _not_understood(tx, desk, command, meant))
    return await _do(desk, command, meant)


async def chosen(desk: Desk, request: Request) -> Reply:
    """Do what a button of the menu names, as if its verb had been typed."""
    if request.context not in (*VERBS, MENU):
        raise Unknown(request.context)
    said = Command(request.event, request.person, request.conversation, "", request.locale)
    return await _do(desk, said, Understood(request.context))


HANDLERS: Handlers = {menu.ACTION: chosen}


async def _do(desk: Desk, command: Command, meant: Understood) -> Reply:
    match meant.verb:
        case "checkin" | "maturity":
            return await _round(desk, command, meant.verb)
        case "digest":
            return await amg.overview(desk, command.person)
        case "away":
            return await away(desk, _click(command, "me.away"))
        case "action":
            return await desk.store.read(lambda tx: _action(tx, desk, command, meant.rest))
        case "dialogue":
            return await desk.store.read(lambda tx: _dialogue(tx, desk, command, meant.rest))
        case "plan":
            return await _led(desk, command, "team.plan", ":checkin")
        case "settings":
            return await _led(desk, command, "team.rules", "")
        case _:
            return await desk.store.read(lambda tx: _shown(tx, desk, command, meant))


def help_cards(env: Env, asker: Guest) -> tuple[Message, ...]:
    """Return the help page: what each verb does for this person, in his language."""
    words = asker.reader.words
    lines = tuple(
        Text(words("help.line", verb=name_of(words, verb), what=menu.does(env, asker, verb)))
        for verb in VERBS
        if menu.is_for(asker, verb)
    )
    title = words("page.help")
    return (Message(title, (Text(words("help.intro")), *lines), title=title),)


def _shown(tx: Tx, desk: Desk, command: Command, meant: Understood) -> Reply:
    asker = guest(tx, desk.env, command.person)
    match meant.verb:
        case "privacy":
            threshold, comments = numbers_in_force(desk, asker, None)
            return Show(who_sees_what(asker.reader, threshold, comments))
        case "results":
            nodes = (asker.person.home, *led_nodes(asker))
            return Show(team_page.results_card(tx, desk.env, asker, dict.fromkeys(nodes)))
        case "help":
            return Show(help_cards(desk.env, asker)[0])
        case _:
            return Show(menu.card(tx, desk.env, asker))


def _action(tx: Tx, desk: Desk, command: Command, text: str) -> Reply:
    """Open the form of a new action with what was typed; who may not add one sees the board."""
    asker = guest(tx, desk.env, command.person)
    channel = command.conversation.partition(":")[2]
    for node in (channel, *led_nodes(asker), asker.person.home):
        if action_people.may_add(desk.env, asker, node):
            return action_edit.ask_new(tx, desk, asker.id, node, text=text)
    return Show(board.ask_lead(tx, asker, text))


def _dialogue(tx: Tx, desk: Desk, command: Command, topic: str) -> Reply:
    """Open the form of a new dialogue on what was typed; who may not start one sees what runs."""
    asker = guest(tx, desk.env, command.person)
    channel = command.conversation.partition(":")[2]
    for node in (channel, *led_nodes(asker), asker.person.home):
        if node in asker.tree and dialogue_people.may_start(desk.env, asker, node):
            return dialogue_start.ask_new(tx, desk, asker, node, topic)
    return Show(dialogue_page.running_card(tx, asker))


def _not_understood(tx: Tx, desk: Desk, command: Command, meant: NotUnderstood) -> Reply:
    asker = guest(tx, desk.env, command.person)
    words = asker.reader.words
    first = (
        words("help.nearest", typed=meant.typed[:40], verb=name_of(words, meant.nearest))
        if meant.nearest
        else words("help.unknown", typed=meant.typed[:40])
    )
    card = help_cards(desk.env, asker)[0]
    return Show(Message(first, (Text(first), *card.children), title=words("page.help")))


async def _round(desk: Desk, command: Command, instrument: str) -> Reply:
    """Show the person's own open round, or let a lead start one."""

    def waiting(tx: Tx) -> Reply | None:
        asker = guest(tx, desk.env, command.person)
        title = asker.reader.words.instrument(instrument).title
        cards = [card for card in home.waiting(tx, desk.env, asker) if card.title == title]
        return Show(cards[0]) if cards else None

    shown = await desk.store.read(waiting)
    return shown or await _led(desk, command, "team.start", f":{instrument}")


def _nothing_open(asker: Guest, instrument: str) -> Reply:
    """Say that no round waits for an answer, or that the person wanted none."""
    words = asker.reader.words
    if instrument == "checkin" and asker.person.checkins_off:
        again = Button("ask.on", words("me.button.checkins_on"))
        return Show(told(words("me.settings"), words("me.checkins_are_off"), again))
    return Say(words("help.nothing_open", what=words.instrument(instrument).title))


async def _led(desk: Desk, command: Command, action: str, rest: str) -> Reply:
    """Do what a lead asked for with the node he leads; others are told whom to ask."""

    def node(tx: Tx) -> str | Reply:
        asker = guest(tx, desk.env, command.person)
        here = command.conversation.partition(":")[2]
        led = led_nodes(asker)
        if here in asker.tree and asker.may(Action.CHANGE_SCHEDULE, here):
            return here
        if led:
            return led[0]
        if asker.may(Action.CHANGE_SCHEDULE, asker.tree.root.id) and action != "team.start":
            return asker.tree.root.id
        if action == "team.rules":
            return Show(preferences.card(tx, desk.env, asker))
        if action == "team.start":
            return _nothing_open(asker, rest.removeprefix(":"))
        return Say(asker.reader.words("help.leads_only"))

    found = await desk.store.read(node)
    if not isinstance(found, str):
        return found
    handler = {"team.start": start, "team.plan": plan, "team.rules": rules}[action]
    return await handler(desk, _click(command, action, found + rest))


def _click(command: Command, action: str, context: str = "") -> Clicked:
    return Clicked(
        command.event, command.person, command.conversation, action, context, "", command.locale
    )
