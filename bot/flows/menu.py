"""The menu of ``/trivsel``: what waits for the person first, then what he can do, by his roles."""

from collections.abc import Iterator

from bot.cards import Actions, Button, Link, Message, Part, Text
from bot.content.words import Words
from bot.domain.people import NodeId, Role
from bot.domain.permissions import Action
from bot.flows import home, to_do
from bot.flows.actions import people as action_people
from bot.flows.desk import Guest
from bot.flows.dialogues import people as dialogue_people
from bot.flows.env import Env
from bot.flows.verbs import MENU, name_of
from bot.storage.store import Tx

ACTION = "menu.verb"
"""The action of a button that does what a verb does; the context is the verb."""
OF_LEADS = ("checkin", "maturity", "dialogue", "action", "plan", "settings")
OF_THE_GROUP = ("digest", "dialogue", "action")
OF_EVERYBODY = ("results", "dialogue", "action", "away", "settings", "privacy", "help")

_OWN = {
    "checkin": "menu.see_checkin",
    "maturity": "menu.see_maturity",
    "settings": "menu.see_settings",
}
"""What a verb is for somebody who leads no team, where that is less."""
_LABELS = {MENU: "menu.button", "privacy": "page.privacy"}
"""What stands on a button where the verb as it is typed does not read well."""


def card(tx: Tx, env: Env, asker: Guest) -> Message:
    """Return the menu as this person has it now."""
    words = asker.reader.words
    leads = home.led_nodes(asker)
    waits = (*to_do.questions(tx, env, asker), *to_do.duties(tx, env, asker))
    parts: list[Part] = home.lines(waits[: home.LINES])
    shown: set[str] = set()
    for heading, verbs in _by_role(asker):
        new = [verb for verb in verbs if verb not in shown]
        shown |= set(new)
        if parts:
            parts.append(Text(words(heading), "question"))
        parts += [part for verb in new for part in _line(env, asker, verb)]
    pages = [Link(words("page.me"), "me")]
    pages += [Link(asker.tree[node].name, f"team/{node}") for node in leads[: home.TEAMS]]
    parts += [Actions(tuple(pages)), Text(words("menu.text"), "quiet")]
    title = words("menu.title")
    return Message(title, tuple(parts), title=title)


def _by_role(asker: Guest) -> Iterator[tuple[str, tuple[str, ...]]]:
    if home.led_nodes(asker):
        yield "menu.team", OF_LEADS
    if asker.who.nodes(Role.AMG, Role.AMR):
        yield "menu.group", OF_THE_GROUP
    yield "menu.own", OF_EVERYBODY


def _line(env: Env, asker: Guest, verb: str) -> tuple[Part, ...]:
    text = Text(told(env, asker, verb))
    return text, Actions((verb_button(asker.reader.words, verb),))


def verb_button(words: Words, verb: str) -> Button:
    """Return the button that does what a verb does, or shows the menu."""
    label = words(_LABELS[verb]) if verb in _LABELS else _capital(name_of(words, verb))
    return Button(ACTION, label, verb, opens_form=True)


def is_for(asker: Guest, verb: str) -> bool:
    """Tell whether a verb does anything of its own for this person."""
    if verb == "plan":
        return bool(home.led_nodes(asker)) or asker.may(Action.CHANGE_SCHEDULE, asker.tree.root.id)
    return verb != "digest" or bool(asker.who.nodes(Role.AMG, Role.AMR))


def told(env: Env, asker: Guest, verb: str) -> str:
    """Return what a verb's button does for this person, as a line of its own."""
    if verb == "help":
        return _capital(asker.reader.words("menu.see_help"))
    return _capital(does(env, asker, verb))


def does(env: Env, asker: Guest, verb: str) -> str:
    """Return what a verb does for this person."""
    words = asker.reader.words
    nodes = dict.fromkeys((*home.led_nodes(asker), asker.person.home))
    if verb == "action" and not any(action_people.may_add(env, asker, one) for one in nodes):
        return words("menu.see_actions")
    if verb == "dialogue" and not any(_may_start(env, asker, one) for one in nodes):
        return words("menu.see_dialogues")
    if verb in _OWN and not home.led_nodes(asker):
        return words(_OWN[verb])
    return words(f"help.{verb}")


def _may_start(env: Env, asker: Guest, node: NodeId) -> bool:
    return node in asker.tree and dialogue_people.may_start(env, asker, node)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
