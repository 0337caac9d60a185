"""Starting a dialogue: on what, over some days or in a meeting, with names or without."""

from dataclasses import dataclass
from typing import Any

from bot.cards import (
    Actions,
    Ask,
    Clicked,
    Form,
    Link,
    Message,
    NumberInput,
    Reply,
    Say,
    SelectInput,
    Show,
    Text,
    TextInput,
)
from bot.domain.dialogues import Dialogue, Naming, Phase, Prompt, Way
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotAllowed, Request, guest
from bot.flows.dialogues import phases
from bot.flows.dialogues import run as dialogue_run
from bot.flows.dialogues.people import calendar_of, may_start, members, tell_people, too_small
from bot.flows.results import reading as results
from bot.flows.results.words import ends
from bot.flows.rounds.opening import Reason, Refused
from bot.privacy.comments import clean_comment
from bot.schedule.calendar import NoWorkingDay
from bot.schedule.windows import window
from bot.storage import dialogues, people
from bot.storage.outbox import Note
from bot.storage.store import Tx

TOPIC_LIMIT = 120
LONGEST_DAYS = 10


@dataclass(frozen=True)
class _Proposal:
    """What the form begins with: the topic, what else could be talked about, and where it is from.

    ``again`` is a dialogue that found too few; the meeting is proposed then.
    """

    topic: str = ""
    also: str = ""
    source: str = ""
    again: bool = False


async def new(desk: Desk, request: Request) -> Reply:
    """Ask what to talk about and how, or begin."""
    if isinstance(request, Clicked):
        return await desk.store.read(lambda tx: _ask(tx, desk, request))
    found = await desk.store.read(lambda tx: _wanted(tx, desk, request))
    if not isinstance(found, _Wanted):
        return found
    one = found.dialogue
    try:
        kept = await _begin(desk, found)
    except NoWorkingDay:
        return await desk.store.read(lambda tx: _said(tx, desk, request, "team.no_working_day"))
    return await desk.store.read(lambda tx: _begun(tx, desk, request, one, kept))


def ask_new(tx: Tx, desk: Desk, asker: Guest, node: NodeId, topic: str) -> Reply:
    """Return the form for a topic that was typed. Raises ``NotAllowed``."""
    _must(desk, asker, node)
    return Ask(_form(tx, desk, asker, node, _Proposal(" ".join(topic.split())[:TOPIC_LIMIT])))


HANDLERS: Handlers = {"dialogue.new": new}


@dataclass(frozen=True)
class _Wanted:
    dialogue: Dialogue
    days: int


def _must(desk: Desk, asker: Guest, node: NodeId) -> None:
    if node not in asker.tree or not may_start(desk.env, asker, node):
        raise NotAllowed(Action.START_DIALOGUE.value)


def _ask(tx: Tx, desk: Desk, request: Clicked) -> Reply:
    asker = guest(tx, desk.env, request.person)
    node = request.context.partition(":")[0]
    _must(desk, asker, node)
    proposal = _proposal(tx, desk, asker, request.value)
    return Ask(_form(tx, desk, asker, node, proposal))


def _proposal(tx: Tx, desk: Desk, asker: Guest, source: str) -> _Proposal:
    """Read where it came from: a result's question, or a dialogue to take up again in a meeting."""
    kind, _, rest = source.partition(":")
    if kind == "again":
        before = dialogues.get(tx, rest)
        return _Proposal(before.topic, again=True) if before else _Proposal()
    figure, _, question = rest.partition(":")
    found = results.read(tx, figure, desk.now()) if kind == "result" else None
    nodes = getattr(found.kept.figure, "nodes", (found.kept.figure.at,)) if found else ()
    if (
        found is None
        or not found.public
        or not any(asker.may(Action.SEE_RESULTS, node) for node in nodes)
    ):
        return _Proposal()
    questions = asker.reader.words.instrument(found.round.instrument).questions
    if question not in questions:
        return _Proposal()
    best = ends(found.shown)[0].question if found.shown else question
    also = questions[best].short if best != question else ""
    return _Proposal(questions[question].short, also, source)


def _form(tx: Tx, desk: Desk, asker: Guest, node: NodeId, proposal: _Proposal) -> Form:
    words = asker.reader.words
    few = too_small(tx, desk.env, asker.tree, node)
    intro = [Text(words("dialogue.start.intro", team=asker.tree[node].name))]
    if few is not None:
        intro.append(Text(words("dialogue.start.small", threshold=few)))
    also = words("dialogue.start.also", also=proposal.also) if proposal.also else ""
    naming = Naming.ANONYMOUS if few is None else Naming.NAMED
    way = Way.MEETING if proposal.again else Way.DAYS
    return Form(
        id="dialogue.new",
        title=words("dialogue.start.title"),
        inputs=(
            TextInput(
                "topic", words("dialogue.start.topic"), proposal.topic, also, limit=TOPIC_LIMIT
            ),
            SelectInput(
                "way",
                words("dialogue.start.way"),
                tuple((one.value, words(f"dialogue.way.{one.value}")) for one in Way),
                (way.value,),
            ),
            SelectInput(
                "naming",
                words("dialogue.start.naming"),
                tuple((one.value, words(f"dialogue.naming.{one.value}")) for one in Naming),
                (naming.value,),
                hint=words("dialogue.start.naming_hint"),
            ),
            NumberInput(
                "days",
                words("dialogue.start.days"),
                1,
                LONGEST_DAYS,
                phases.COLLECTING_DAYS,
                hint=words("dialogue.start.days_hint"),
            ),
        ),
        submit=words("dialogue.start.submit"),
        context=f"{node}:{proposal.source}",
        intro=tuple(intro),
    )


def _wanted(tx: Tx, desk: Desk, request: Request) -> _Wanted | Reply:
    assert not isinstance(request, Clicked)
    asker = guest(tx, desk.env, request.person)
    node, _, source = request.context.partition(":")
    _must(desk, asker, node)
    proposal = _proposal(tx, desk, asker, source)
    form = _form(tx, desk, asker, node, proposal)
    values = forms.taken(form, request, asker.reader.words)
    if isinstance(values, Ask):
        return values
    way, naming = Way(values["way"][0]), Naming(values["naming"][0])
    few = too_small(tx, desk.env, asker.tree, node)
    if few is not None and way is Way.DAYS and naming is Naming.ANONYMOUS:
        told = asker.reader.words("dialogue.start.small", threshold=few)
        return Ask(form, {"naming": told})
    topic = " ".join(clean_comment(values["topic"]).split())
    if not topic:
        return Ask(form, {"topic": asker.reader.words("form.required")})
    return _Wanted(_made(desk, asker, node, topic, way, naming, proposal), values["days"])


def _made(
    desk: Desk,
    asker: Guest,
    node: NodeId,
    topic: str,
    way: Way,
    naming: Naming,
    proposal: _Proposal,
) -> Dialogue:
    kind, figure, question = [*proposal.source.split(":"), "", "", ""][:3]
    now = desk.now()
    return Dialogue(
        id=desk.env.chance.token(),
        node=node,
        topic=topic,
        way=way,
        naming=naming,
        phase=Phase.COLLECTING if way is Way.DAYS else Phase.BEST,
        started_by=asker.id,
        started_at=now,
        moved_at=now,
        source=Prompt("result", figure, question) if kind == "result" else Prompt(),
    )


async def _begin(desk: Desk, wanted: _Wanted) -> Any:
    """Begin; return something true, a refusal, or nothing where there is one like it already."""
    one, env, now = wanted.dialogue, desk.env, desk.now()
    if one.sealed:
        return await dialogue_run.open_ideas(desk.store, env, one, wanted.days, now)

    def begin(tx: Tx) -> bool:
        if one.way is Way.MEETING:
            return _begin_meeting(tx, desk, one)
        calendar = calendar_of(tx, env, one.node, now)
        until = window(phases.open_from(calendar, now), calendar, wanted.days)
        if not dialogue_run.begun(tx, env, one, until, now):
            return False
        _invite(tx, desk, one)
        return True

    return await desk.store.write(begin)


def _begin_meeting(tx: Tx, desk: Desk, one: Dialogue) -> bool:
    still = phases.timed(one, tx, desk.env, desk.now())
    return dialogue_run.begun(tx, desk.env, still, None, desk.now())


def _invite(tx: Tx, desk: Desk, one: Dialogue) -> None:
    """Ask everybody, each in his own hours. What bears names need not be hidden."""
    who = [person.id for person in members(tx, people.tree(tx), one.node)]
    note = Note("dialogue.invite", {"dialogue": one.id})
    tell_people(tx, desk.env, who, f"dialogue-invite:{one.id}", note, desk.now())


def _begun(tx: Tx, desk: Desk, request: Request, one: Dialogue, kept: Any) -> Reply:
    asker = guest(tx, desk.env, request.person)
    words = asker.reader.words
    if isinstance(kept, Refused):
        if kept.reason is Reason.NOT_READ:
            return Say(words("team.start.not_read", team=asker.tree[one.node].name))
        return Say(words("dialogue.start.small", threshold=kept.threshold))
    if not kept:
        running = next(
            (
                other
                for other in dialogues.of_nodes(tx, (one.node,))
                if other.running and other.topic.casefold() == one.topic.casefold()
            ),
            one,
        )
        text, link = words("dialogue.start.already", topic=one.topic), running.id
    else:
        way = "meeting" if one.way is Way.MEETING else "days"
        text, link = words(f"dialogue.start.begun_{way}", topic=one.topic), one.id
    page = Link(words("dialogue.button.page"), f"dialogue/{link}")
    title = words("dialogue.title", topic=one.topic)
    return Show(Message(text, (Text(text), Actions((page,))), title=title), done=True)


def _said(tx: Tx, desk: Desk, request: Request, key: str) -> Reply:
    return Say(guest(tx, desk.env, request.person).reader.words(key))
