"""A dialogue together in a meeting: one question at a time, a clock, and everybody's own phone.

What is written is seen at once by all who look at the page, and that is said before anybody types.
This is not the anonymous protocol: without names only means that no name is kept.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.cards import (
    Actions,
    Ask,
    Button,
    Clicked,
    Countdown,
    Form,
    Link,
    Message,
    Part,
    Reply,
    Say,
    Text,
)
from bot.domain.dialogues import STEPS, Dialogue, Idea, Naming, Phase, Step, Way
from bot.domain.permissions import Action
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotAllowed, NotUnderstood, Request, guest
from bot.flows.dialogues import phases
from bot.flows.dialogues.cards import agreed, idea_inputs, read_ideas
from bot.flows.dialogues.people import belongs, leads, led, look_again, seen
from bot.flows.env import Reader
from bot.flows.rounds.cards import local
from bot.storage import dialogues, ideas
from bot.storage.store import Tx

CLOCK = ("pause", "go", "more")
TAKES_IDEAS = (Phase.BEST, Phase.NOW, Phase.HOW, Phase.GROUPING)


def clock(reader: Reader, one: Dialogue, now: datetime) -> Countdown:
    """Return the clock of a question, running or standing still."""
    words = reader.words
    if one.until is None:
        minutes, seconds = divmod(one.seconds_left or 0, 60)
        said = words("dialogue.clock.paused", minutes=minutes, seconds=f"{seconds:02}")
        return Countdown(said, seconds_left=one.seconds_left or 0)
    if one.until <= now:
        return Countdown(words("dialogue.clock.over"), until=one.until)
    return Countdown(words("dialogue.clock.until", until=local(one.until, reader.zone)), one.until)


def clock_buttons(reader: Reader, one: Dialogue) -> tuple[Button, ...]:
    """Return the clock's buttons, for who leads."""
    first = "go" if one.until is None else "pause"
    return tuple(
        Button(
            "dialogue.clock",
            reader.words(f"dialogue.clock.{what}"),
            one.id,
            f"{one.version}:{what}",
        )
        for what in (first, "more")
    )


def step_card(tx: Tx, asker: Guest, one: Dialogue, step: Step) -> Message:
    """Return the question a meeting is at, with the way to add to it."""
    words = asker.reader.words
    parts: list[Part] = agreed(tx, asker, one.node) if step is STEPS[0] else []
    parts += [
        Text(words("ask.progress", at=STEPS.index(step) + 1, of=len(STEPS)), "quiet"),
        Text(words(f"ideas.question.{step.value}"), "question"),
        Text(words(f"ideas.help.{step.value}"), "quiet"),
        Text(words(_promise(one)), "quiet"),
    ]
    if belongs(asker, one.node) or leads(asker, one):
        context = f"{one.id}:{step.value}"
        label = words("dialogue.button.add")
        add = Button("dialogue.add", label, context, style="primary", opens_form=True)
        parts.append(Actions((add,)))
    title = words(f"ideas.short.{step.value}")
    return Message(title, tuple(parts), title=title, progress=(STEPS.index(step) + 1, len(STEPS)))


async def add(desk: Desk, request: Request) -> Reply:
    """Open the form for an idea, or add what was written: everybody sees it at once."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words = asker.reader.words
        dialogue_id, _, name = request.context.partition(":")
        one = seen(tx, asker, dialogue_id)
        if name not in STEPS or one.way is not Way.MEETING:
            raise NotUnderstood("step")
        if not (belongs(asker, one.node) or leads(asker, one)):
            raise NotAllowed(Action.SEE_ACTIONS.value)
        form = _form(asker.reader, one, Step(name))
        if isinstance(request, Clicked):
            return Ask(form) if one.phase in TAKES_IDEAS else Say(words("ideas.closed"))
        filled = forms.read(form, request.values, words)
        written, errors = read_ideas(asker.reader, Step(name), filled.values, most=1)
        errors |= filled.errors
        if not written and not errors:
            errors["idea_1"] = words("form.required")
        if one.phase not in TAKES_IDEAS:
            errors["idea_1"] = words("ideas.closed")
        if errors:
            return Ask(form, errors)
        author = asker.id if one.naming is Naming.NAMED else None
        each = written[0]
        id_ = desk.env.chance.token()
        made = Idea(id_, one.id, each.step, each.text, each.factor, author=author)
        ideas.insert_all(tx, [made])
        look_again(tx, desk.env, one)
        return Say(words("dialogue.added"))

    return await desk.store.write(work)


async def run_clock(desk: Desk, request: Request) -> Reply:
    """Stop the clock, let it go on, or give two minutes more: ``version:what``."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        one = led(tx, asker, request.context)
        version, _, what = getattr(request, "value", "").partition(":")
        if what not in CLOCK or one.phase.step is None:
            raise NotUnderstood("clock")
        if version != str(one.version):
            return Say(asker.reader.words("dialogue.other_was_first"))
        now = desk.now()
        after = _wound(one, what, now)
        if after.until is not None:  # whoever turns the clock has moved the dialogue on
            after = replace(after, moved_at=now)
        if not dialogues.change(tx, after):
            return Say(asker.reader.words("dialogue.other_was_first"))
        look_again(tx, desk.env, one)
        return Say(asker.reader.words(f"dialogue.clock.did_{what}"))

    return await desk.store.write(work)


HANDLERS: Handlers = {"dialogue.add": add, "dialogue.clock": run_clock}


def page_link(reader: Reader, one: Dialogue) -> Link:
    """Return the way to the shared page."""
    return Link(reader.words("dialogue.button.page"), f"dialogue/{one.id}")


def _wound(one: Dialogue, what: str, now: datetime) -> Dialogue:
    """Return the dialogue with its clock stopped, running or with more on it."""
    left = one.seconds_left or 0
    if one.until is not None:
        left = max(0, int((one.until - now).total_seconds()))
    if what == "pause":
        return replace(one, until=None, seconds_left=left)
    if what == "more":
        left += phases.MORE_SECONDS
    if what == "more" and one.until is None:
        return replace(one, seconds_left=left)
    return replace(one, until=now + timedelta(seconds=left), seconds_left=None)


def _promise(one: Dialogue) -> str:
    return "ideas.meeting_named" if one.naming is Naming.NAMED else "ideas.meeting_unsigned"


def _form(reader: Reader, one: Dialogue, step: Step) -> Form:
    words = reader.words
    return Form(
        id="dialogue.add",
        title=words(f"ideas.short.{step.value}"),
        inputs=idea_inputs(reader, 1),
        submit=words("dialogue.add_submit"),
        context=f"{one.id}:{step.value}",
        intro=(Text(words(f"ideas.question.{step.value}")), Text(words(_promise(one)), "quiet")),
    )
