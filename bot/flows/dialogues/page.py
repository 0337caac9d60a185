"""A dialogue's shared page: where it stands, what one can do now, its ideas, and their order.

Everybody of the team sees the same, but for his own ballot and for what its leader may press.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.cards import Actions, Button, Divider, Link, Message, Part, Text
from bot.domain.dialogues import (
    IDEAS,
    STEPS,
    VOTES,
    Dialogue,
    Group,
    Idea,
    Naming,
    Phase,
    Step,
    Way,
)
from bot.domain.people import NodeId, PersonId
from bot.domain.permissions import Action
from bot.flows.desk import Guest
from bot.flows.dialogues import cards as dialogue_cards
from bot.flows.dialogues import meeting as dialogue_meeting
from bot.flows.dialogues import phases
from bot.flows.dialogues import vote as dialogue_vote
from bot.flows.dialogues.outcome import order_parts
from bot.flows.dialogues.people import belongs, leads, may_start
from bot.flows.dialogues.words import factor_label, who_button
from bot.flows.env import Env
from bot.flows.rounds.cards import local
from bot.storage import dialogues, ideas, people, rounds
from bot.storage.store import Tx

MOST_LISTED = 12
SHOWN_FROM = (Phase.GROUPING, Phase.VOTING, Phase.CHOOSING, Phase.ENDED)
"""Phases in which the ideas of a dialogue over some days are shown to all."""


def page(tx: Tx, env: Env, asker: Guest, dialogue_id: str) -> tuple[Message, ...] | None:
    """Return the cards of the page; ``None`` when there is none, or not for this person."""
    one = dialogues.get(tx, dialogue_id)
    if one is None or not (leads(asker, one) or asker.may(Action.SEE_ACTIONS, one.node)):
        return None
    cards = [_head(tx, env, asker, one)]
    own = _own(tx, env, asker, one)
    if own is not None:
        cards.append(own)
    if one.phase in (Phase.CHOOSING, Phase.ENDED):
        cards.append(_outcome(tx, asker, one))
    if one.phase in SHOWN_FROM or one.way is Way.MEETING:
        cards += _ideas(tx, asker, one)
    return tuple(cards)


def running_card(tx: Tx, asker: Guest) -> Message:
    """Return what runs in the person's teams, for who asks for a dialogue and may start none."""
    words = asker.reader.words
    home = asker.person.home
    running = dialogues.running(tx, asker.tree.above(home) if home in asker.tree else ())
    text = words("dialogue.running" if running else "dialogue.who_starts")
    links = tuple(Link(one.topic, f"dialogue/{one.id}") for one in running)
    parts: tuple[Part, ...] = (Text(text), Actions(links)) if links else (Text(text),)
    return Message(text, parts, title=words("dialogue.plural"))


def team_card(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Message:
    """Return a team's dialogues, running and ended, with the way to start one."""
    words = asker.reader.words
    found = dialogues.of_nodes(tx, (node,), MOST_LISTED)
    parts: list[Part] = [Text(words("dialogue.what"))]
    if found and asker.may(Action.SEE_ACTIONS, node):
        links = (Link(one.topic, f"dialogue/{one.id}") for one in found)
        parts.append(Actions(tuple(links)))
    if may_start(env, asker, node):
        start = Button("dialogue.new", words("dialogue.button.start"), node, opens_form=True)
        parts.append(Actions((start,)))
    title = words("dialogue.plural")
    return Message(title, tuple(parts), title=title)


def _head(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> Message:
    words = asker.reader.words
    parts: list[Part] = [Text(words(f"dialogue.phase.{_said_phase(tx, one)}"))]
    closes = _closes(tx, one)
    if closes is not None and one.way is Way.DAYS:
        at = local(closes, asker.reader.zone)
        parts.append(Text(words("dialogue.until", until=at), "quiet"))
    starter = people.get(tx, one.started_by)
    if starter is not None:
        parts.append(Text(words("dialogue.led_by", name=starter.name), "quiet"))
    if one.way is Way.MEETING and one.phase.step is not None:
        parts.append(dialogue_meeting.clock(asker.reader, one, env.clock.now()))
    if leads(asker, one):
        parts += _lead(tx, asker, one)
    parts.append(Actions((who_button(asker.reader, one.id),)))
    title = words("dialogue.title", topic=one.topic)
    return Message(title, tuple(parts), title=title)


def _said_phase(tx: Tx, one: Dialogue) -> str:
    """Return the name of what is said of the phase: an end and a choice have several."""
    if one.phase is Phase.CHOOSING:
        if not phases.votable_groups(tx, one):
            return "choosing_none"
        placed = dialogues.groups(tx, one.id, Step.HOW, placed=True)
        return "choosing" if placed else "choosing_open"
    if one.phase is Phase.ENDED and not ideas.of_dialogue(tx, one.id):
        return "ended_empty"
    return one.phase.value


def _closes(tx: Tx, one: Dialogue) -> datetime | None:
    """Return when the phase ends: with the round it holds, where it holds one."""
    instrument = {Phase.COLLECTING: IDEAS, Phase.VOTING: VOTES}.get(one.phase)
    found = rounds.about(tx, instrument, one.id) if instrument else ()
    return found[0].closes_at if found else one.until


def _lead(tx: Tx, asker: Guest, one: Dialogue) -> list[Part]:
    """Return what only its leader can press."""
    words = asker.reader.words
    parts: list[Part] = []
    buttons: list[Button | Link] = []
    if one.phase not in (Phase.COLLECTING, Phase.VOTING, Phase.ENDED):
        label = words(f"dialogue.next.{one.phase.value}")
        value = str(one.version)
        for_good = one.phase in (Phase.GROUPING, Phase.CHOOSING)
        sure = words(f"dialogue.sure.{one.phase.value}") if for_good else ""
        buttons.append(Button("dialogue.next", label, one.id, value, "primary", confirm=sure))
    if one.way is Way.MEETING and one.phase.step is not None:
        buttons += dialogue_meeting.clock_buttons(asker.reader, one)
    no_order = not dialogues.groups(tx, one.id, Step.HOW, placed=True)
    votable = phases.votable_groups(tx, one)
    if one.phase is Phase.CHOOSING and no_order and len(votable) > 1:
        label = words("dialogue.button.order")
        buttons.append(Button("dialogue.order", label, one.id, opens_form=True))
    held_from = one.way is Way.MEETING or one.phase in SHOWN_FROM
    if one.running and held_from and ideas.of_dialogue(tx, one.id):
        label = words("dialogue.button.hold")
        buttons.append(Button("dialogue.hold", label, one.id, style="quiet", opens_form=True))
    if one.phase is Phase.GROUPING:
        parts.append(Text(words("dialogue.grouping_help"), "quiet"))
    if buttons:
        parts.append(Actions(tuple(buttons)))
    return parts


def _own(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> Message | None:
    """Return what waits for this person, drawn from his own ballot or from the meeting's step."""
    now = env.clock.now()
    if one.phase is Phase.COLLECTING:
        return dialogue_cards.waiting(tx, env, asker, one, now)
    if one.phase is Phase.VOTING:
        return dialogue_vote.waiting(tx, env, asker, one, now)
    if one.phase.step is not None and (belongs(asker, one.node) or leads(asker, one)):
        return dialogue_meeting.step_card(tx, asker, one, one.phase.step)
    return None


def _outcome(tx: Tx, asker: Guest, one: Dialogue) -> Message:
    words = asker.reader.words
    title = words("dialogue.outcome.title")
    buttons = one.phase is Phase.CHOOSING
    parts = order_parts(tx, asker.reader, one, buttons=buttons)
    return Message(title, parts or (Text(words("dialogue.outcome.none")),), title=title)


def _ideas(tx: Tx, asker: Guest, one: Dialogue) -> list[Message]:
    """Return a card for each question that has ideas, in its groups."""
    found = ideas.of_dialogue(tx, one.id)
    names = _names(tx, one, found)
    cards = []
    for step in STEPS:
        mine = [idea for idea in found if idea.step is step]
        if mine:
            groups = dialogues.groups(tx, one.id, step)
            cards.append(_question(asker, one, step, mine, groups, names))
    return cards


def _question(
    asker: Guest,
    one: Dialogue,
    step: Step,
    mine: Sequence[Idea],
    groups: Sequence[Group],
    names: dict[PersonId, str],
) -> Message:
    words = asker.reader.words
    grouping = one.phase is Phase.GROUPING and leads(asker, one)
    parts: list[Part] = []
    for group in groups:
        inside = [idea for idea in mine if idea.group == group.id and not idea.held]
        if not inside:
            continue
        if len(inside) > 1 or inside[0].text != group.name:
            parts.append(Text(group.name))
        parts += [Text(_line(asker, idea, names), "quote") for idea in inside]
        if grouping:
            parts.append(Actions(_group_buttons(asker, one, group)))
    alone = [idea for idea in mine if idea.group is None and not idea.held]
    parts += [Text(_line(asker, idea, names), "quote") for idea in alone]
    held = sum(idea.held for idea in mine)
    if held:
        parts.append(Text(words("dialogue.held", number=held), "quiet"))
    if grouping and len(alone) + len(groups) > 1:
        label = words("dialogue.button.group")
        button = Button("dialogue.group", label, f"{one.id}:{step.value}:", opens_form=True)
        parts += [Divider(), Actions((button,))]
    title = words(f"ideas.question.{step.value}")
    return Message(title, tuple(parts), title=title)


def _group_buttons(asker: Guest, one: Dialogue, group: Group) -> tuple[Button, ...]:
    words = asker.reader.words
    context = f"{one.id}:{group.step.value}:{group.id}"
    change = words("dialogue.button.regroup", name=group.name[:40])
    return (
        Button("dialogue.group", change, context, style="quiet", opens_form=True),
        Button("dialogue.ungroup", words("dialogue.button.ungroup"), one.id, group.id, "quiet"),
    )


def _line(asker: Guest, idea: Idea, names: dict[PersonId, str]) -> str:
    words, text = asker.reader.words, idea.text
    if idea.factor is not None:
        text = words("ideas.marked", text=text, mark=factor_label(words, idea.factor))
    if idea.author is not None:
        text = words("ideas.signed", text=text, name=names.get(idea.author, "?"))
    return text


def _names(tx: Tx, one: Dialogue, found: Sequence[Idea]) -> dict[PersonId, str]:
    if one.naming is not Naming.NAMED:
        return {}
    wanted = sorted({idea.author for idea in found if idea.author})
    return {id_: person.name for id_, person in people.by_ids(tx, wanted).items()}
