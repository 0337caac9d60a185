"""The forms of an action: a short one with good defaults, the rest of the five parts behind "more".

Also what a new one is filled in with: what was typed after the command, an idea of a dialogue, or a
result's question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.cards import DateInput, Form, Input, SelectInput, Text, TextInput, ToggleInput
from bot.content.words import Words
from bot.domain.action_items import Factor, Level, Perspective, Prevention, Source
from bot.domain.dialogues import Step
from bot.domain.people import NodeId, Person
from bot.domain.permissions import Action
from bot.flows.actions import dates as action_dates
from bot.flows.actions import people as action_people
from bot.flows.desk import Guest
from bot.storage import dialogues, figures, ideas, rounds
from bot.storage.store import Tx

WHAT, STEP, LONG = 200, 300, 2000
"""The most characters of what is done, of its first step, and of the other texts."""
_NO_FACTOR = "none"
_SHOWN_GROUPS = 3


@dataclass(frozen=True)
class Start:
    """What a new action is filled in with, and where it comes from."""

    values: Mapping[str, Any]
    source: Source = field(default_factory=Source)
    about: str = ""
    """The source in a few words."""
    group: str = ""
    """The group of ideas it comes from."""
    made: str = ""
    """The action that was made of that group already."""


def start_of(tx: Tx, asker: Guest, node: NodeId, source: str, text: str = "") -> Start:
    """Return the beginning of a new action; a source that is not for the asker is left out.

    ``source``: ``dialogue:<dialogue id>:<group id>``, ``result:<figure id>:<question id>`` or "".
    """
    kind, _, rest = source.partition(":")
    id_, _, part = rest.partition(":")
    if kind == "dialogue":
        return _of_dialogue(tx, node, id_, part)
    if kind == "result":
        return _of_result(tx, asker, id_, part)
    typed = text.strip()
    first, _, rest = typed.partition("\n")
    # What is longer than a heading may be is not cut off: it is the description.
    if len(first) > WHAT:
        return Start({"how": typed})
    return Start({"what": first.strip()} | ({"how": rest.strip()} if rest.strip() else {}))


def _of_dialogue(tx: Tx, node: NodeId, dialogue_id: str, group_id: str) -> Start:
    one, group = dialogues.get(tx, dialogue_id), dialogues.group(tx, group_id)
    if one is None or group is None or one.node != node or group.dialogue != one.id:
        return Start({})
    # An idea that was held back is not shown here either, nor a group of nothing else.
    visible = {idea.group for idea in ideas.of_dialogue(tx, one.id) if not idea.held}
    if group.id not in visible:
        return Start({})
    values: dict[str, Any] = {"factor": group.factor}
    values["what" if len(group.name) <= WHAT else "how"] = group.name
    if group.factor is Factor.RISK:
        values["perspective"] = Perspective.PREVENTIVE
    for name, step in (("goal", Step.BEST), ("problem", Step.NOW)):
        groups = [other for other in dialogues.groups(tx, one.id, step) if other.id in visible]
        values[name] = "\n".join(other.name for other in groups[:_SHOWN_GROUPS])[:LONG]
    source = Source("dialogue", one.id, one.topic)
    return Start(values, source, one.topic, group.id, group.action or "")


def _of_result(tx: Tx, asker: Guest, figure_id: str, question: str) -> Start:
    kept = figures.get(tx, figure_id)
    one = rounds.get(tx, kept.round) if kept else None
    if kept is None or one is None:
        return Start({})
    nodes = [at for at in getattr(kept.figure, "nodes", (kept.figure.at,)) if at in asker.tree]
    seen = any(asker.may(Action.SEE_RESULTS, at) for at in nodes)
    known = asker.reader.words.instrument(one.instrument).questions
    if not seen or question not in known:
        return Start({})
    return Start({}, Source("result", figure_id, question), about=known[question].short)


# --- The form -----------------------------------------------------------------------------------


def new_form(
    words: Words,
    people: Sequence[Person],
    start: Start,
    context: str,
    due: date,
) -> Form:
    """Return the form of a new action; ``due`` and the first of ``people`` are proposed."""
    values = {"due": due, "responsible": people[0].id if people else "", **start.values}
    about = (Text(words("action.about", what=start.about)),) if start.about else ()
    return Form(
        id="action.new",
        title=words("action.new_title"),
        inputs=short(words, people, values),
        submit=words("form.save"),
        context=context,
        intro=(*about, Text(words("action.named"), "quiet")),
        more=more(words, people, values),
        more_label=words("action.more"),
    )


def edit_form(
    words: Words, people: Sequence[Person], values: Mapping[str, Any], context: str
) -> Form:
    """Return the form of an action that stands, with everything it says."""
    return Form(
        id="action.edit",
        title=words("action.edit_title"),
        inputs=short(words, people, values),
        submit=words("form.save"),
        context=context,
        intro=(Text(words("action.named"), "quiet"),),
        more=more(words, people, values),
        more_label=words("action.more"),
    )


def short(words: Words, people: Sequence[Person], values: Mapping[str, Any]) -> tuple[Input, ...]:
    """Return the four inputs one has to look at."""
    options = tuple((one.id, one.name) for one in people)
    chosen = tuple(id_ for id_, _ in options if id_ == values.get("responsible"))
    return (
        TextInput("what", words("action.what"), values.get("what", ""), limit=WHAT),
        TextInput(
            "first_step",
            words("action.first_step"),
            values.get("first_step", ""),
            hint=words("action.first_step_hint"),
            limit=STEP,
        ),
        SelectInput("responsible", words("action.responsible"), options, chosen),
        DateInput("due", words("action.due"), values.get("due")),
    )


def more(words: Words, people: Sequence[Person], values: Mapping[str, Any]) -> tuple[Input, ...]:
    """Return the inputs that have good defaults."""
    return (*_texts(words, values), *_plan(words, people, values), *_kinds(words, values))


def _texts(words: Words, values: Mapping[str, Any]) -> tuple[Input, ...]:
    def box(name: str, lines: int) -> TextInput:
        return TextInput(
            name,
            words(f"action.{name}"),
            values.get(name, ""),
            hint=words(f"action.{name}_hint"),
            lines=lines,
            limit=LONG,
            required=False,
        )

    return (
        box("goal", 2),
        box("problem", 2),
        TextInput(
            "where", words("action.where"), values.get("where", ""), limit=STEP, required=False
        ),
        box("how", 3),
    )


def _plan(words: Words, people: Sequence[Person], values: Mapping[str, Any]) -> tuple[Input, ...]:
    options = tuple((one.id, one.name) for one in people)
    here = {one.id for one in people}
    return (
        SelectInput(
            "helpers",
            words("action.helpers"),
            options,
            tuple(one for one in values.get("helpers", ()) if one in here),
            many=True,
            required=False,
        ),
        TextInput(
            "milestones",
            words("action.milestones"),
            action_dates.written(words, values.get("milestones", ())),
            hint=words("action.milestones_hint"),
            lines=3,
            limit=LONG,
            required=False,
        ),
        DateInput(
            "follow_up",
            words("action.follow_up"),
            values.get("follow_up"),
            hint=words("action.follow_up_hint"),
            required=False,
        ),
    )


def _kinds(words: Words, values: Mapping[str, Any]) -> tuple[Input, ...]:
    def choice(name: str, options: type[Level | Prevention | Perspective]) -> SelectInput:
        default = {"level": Level.GROUP, "prevention": Prevention.PRIMARY}
        now = values.get(name) or default.get(name, Perspective.PROMOTING)
        return SelectInput(
            name,
            words(f"action.{name}"),
            tuple((one.value, words(f"{name}.{one.value}")) for one in options),
            (now.value,),
            hint=words(f"action.{name}_hint"),
        )

    factor = values.get("factor")
    factors = tuple((one.value, words(f"factor.{one.value}")) for one in Factor)
    none = (_NO_FACTOR, words("action.no_factor"))
    return (
        choice("perspective", Perspective),
        choice("level", Level),
        choice("prevention", Prevention),
        SelectInput(
            "factor",
            words("action.factor"),
            (*factors, none),
            (factor.value if factor else _NO_FACTOR,),
        ),
        ToggleInput(
            "trial", words("action.trial"), values.get("trial", True), words("action.trial_hint")
        ),
    )


def kinds_from(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was chosen of the four kinds as the domain knows it."""
    factor = values["factor"][0]
    return {
        "perspective": Perspective(values["perspective"][0]),
        "level": Level(values["level"][0]),
        "prevention": Prevention(values["prevention"][0]),
        "factor": None if factor == _NO_FACTOR else Factor(factor),
    }


def candidates(tx: Tx, asker: Guest, node: NodeId) -> tuple[Person, ...]:
    """Return who may be chosen, whoever asks first."""
    found = action_people.candidates(tx, asker.tree, node)
    return tuple(sorted(found, key=lambda one: one.id != asker.id))
