"""The pages of the bot by their paths; each says ``None`` where there is none for this person."""

from dataclasses import replace

from bot.cards import Actions, Link, Message, Part
from bot.domain.people import Role
from bot.flows import commands, group_actions, home, preferences
from bot.flows.actions import board
from bot.flows.actions import cards as action_cards
from bot.flows.actions import people as action_people
from bot.flows.desk import Desk, Guest
from bot.flows.dialogues import page as dialogue_page
from bot.flows.digests import amg
from bot.flows.digests.saying import SECTIONS
from bot.flows.effects import pages as effect_pages
from bot.flows.escalations import cards as escalation_cards
from bot.flows.results import reading as results
from bot.flows.rounds.ask_actions import numbers_in_force
from bot.flows.rounds.cards import who_sees_what
from bot.flows.teams import page as team_page
from bot.flows.views import Page
from bot.storage import actions
from bot.storage.store import Tx


def page(tx: Tx, desk: Desk, asker: Guest, path: str) -> Page | None:
    """Return a page. Raises ``NotAllowed``."""
    found = _page(tx, desk, asker, path)
    return found and replace(found, cards=tuple(_elsewhere(card, path) for card in found.cards))


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
            return Page(path, words("page.help"), commands.help_cards(desk.env, asker))
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


def _elsewhere(card: Message, path: str) -> Message:
    """Take the ways to the page itself out; what marks where one is stays."""
    parts: list[Part] = []
    for part in card.children:
        if isinstance(part, Actions):
            left = tuple(one for one in part.children if not _leads_to(one, path))
            parts += [replace(part, children=left)] if left else []
        else:
            parts.append(part)
    return replace(card, children=tuple(parts))


def _leads_to(one: object, path: str) -> bool:
    return isinstance(one, Link) and one.path == path and not one.chosen
