"""The cards and forms on which each is asked privately over some days: best, now, how.

Before anybody types he is told whether his name stands there, what becomes of it, and that it is
destroyed unread where too few take part. They are drawn in the direct reply to the person's own
request and stored nowhere.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.cards import (
    Actions,
    Button,
    Divider,
    Form,
    Link,
    Message,
    Part,
    SelectInput,
    Text,
    TextInput,
)
from bot.domain.action_items import ActionItem, ActionState, Factor
from bot.domain.dialogues import STEPS, Dialogue, Step, Written
from bot.flows.desk import Guest
from bot.flows.dialogues import sheet as sheets
from bot.flows.dialogues.sheet import Sheet
from bot.flows.dialogues.words import factor_label, threshold_of, who_button
from bot.flows.env import Env, Reader
from bot.flows.rounds.answering import NotAnswered
from bot.flows.rounds.cards import local
from bot.privacy.ballots import ENTRIES_EACH, ENTRY_LIMIT
from bot.privacy.comments import CommentTooLong, clean_comment
from bot.storage import actions
from bot.storage.store import Tx

MARKS = ("none", Factor.HEALTH.value, Factor.RISK.value)
STANDING = (ActionState.OPEN, ActionState.IN_PROGRESS)
MOST_ACTIONS = 5


def waiting(tx: Tx, env: Env, asker: Guest, one: Dialogue, now: datetime) -> Message | None:
    """Return the card that waits for a person in a dialogue he can write in; else ``None``."""
    found = sheets.read(tx, env, asker, one)
    if isinstance(found, NotAnswered):
        return None
    words = asker.reader.words
    if found.later is not None and found.later > now:
        text = words("ask.later_set", at=local(found.later, asker.reader.zone))
        button = Button("ideas.show", words("ask.button.now"), one.id, found.step or "")
        return Message(text, (Text(text), Actions((button,))), title=_title(asker, one))
    if found.step is None:
        return finished(asker.reader, found)
    return step_card(tx, env, asker, found, found.step)


def step_card(tx: Tx, env: Env, asker: Guest, sheet: Sheet, step: Step) -> Message:
    """Return one question's card: what it asks, what becomes of it, what he has written."""
    words, one = asker.reader.words, sheet.dialogue
    at = STEPS.index(step) + 1
    parts: list[Part] = list(_remarks(asker.reader, sheet))
    if step is STEPS[0]:
        closes = local(sheet.closes_at, asker.reader.zone)
        parts.append(Text(words("ideas.begin", topic=one.topic, closes=closes)))
        parts += agreed(tx, asker, one.node)
    parts += [
        Text(words("ask.progress", at=at, of=len(STEPS)), "quiet"),
        Text(words(f"ideas.question.{step.value}"), "question"),
        Text(words(f"ideas.help.{step.value}"), "quiet"),
        Text(_promise(tx, env, asker, one), "quiet"),
    ]
    parts += [Text(_line(asker.reader, each), "quote") for each in sheet.of(step)]
    parts.append(Actions(_ways(asker.reader, sheet, step)))
    title = _title(asker, one)
    question = words(f"ideas.question.{step.value}")
    return Message(f"{title}: {question}", tuple(parts), title=title, progress=(at, len(STEPS)))


def agreed(tx: Tx, asker: Guest, node: str) -> list[Part]:
    """Return the team's old open actions, which come before new ideas."""
    standing: Sequence[ActionItem] = actions.of_nodes(tx, (node,), STANDING)
    if not standing:
        return []
    words = asker.reader.words
    lines: list[Part] = [Text(words("ideas.agreed", number=len(standing)))]
    lines += [
        Text(words("ideas.agreed_line", what=item.what, due=item.due), "quote")
        for item in standing[:MOST_ACTIONS]
    ]
    if len(standing) > MOST_ACTIONS:
        lines.append(Actions((Link(words("ideas.agreed_more"), f"board/{node}"),)))
    return [*lines, Divider()]


def finished(reader: Reader, sheet: Sheet) -> Message:
    """Return the thank-you: what happens now, and that all can be changed until the close."""
    words, one = reader.words, sheet.dialogue
    closes = local(sheet.closes_at, reader.zone)
    text = words("ideas.finished", number=len(sheet.written), closes=closes)
    review = Button("ideas.review", words("ideas.button.review"), one.id)
    parts = (*_remarks(reader, sheet), Text(text), Actions((review, who_button(reader, one.id))))
    return Message(text, parts, title=words("ideas.title", topic=one.topic))


def review_card(reader: Reader, sheet: Sheet) -> Message:
    """Return everything the person has written, each question with a way to change it."""
    words, one = reader.words, sheet.dialogue
    closes = local(sheet.closes_at, reader.zone)
    key = "ideas.review" if one.sealed else "ideas.review_named"
    parts: list[Part] = [*_remarks(reader, sheet), Text(words(key, closes=closes))]
    for step in STEPS:
        parts.append(Text(words(f"ideas.question.{step.value}"), "quiet"))
        parts += [Text(_line(reader, each), "quote") for each in sheet.of(step)]
        if not sheet.of(step):
            parts.append(Text(words("ask.nothing"), "quiet"))
        label = words("ask.button.change", what=words(f"ideas.short.{step.value}"))
        change = Button("ideas.write", label, one.id, step.value, "quiet", opens_form=True)
        parts.append(Actions((change,)))
    label, said = words("ideas.button.delete"), words("ideas.delete_all")
    gone = Button("ideas.delete", label, one.id, style="danger", confirm=said)
    parts += [Divider(), Actions((gone, who_button(reader, one.id)))]
    title = words("ideas.review_title")
    return Message(title, tuple(parts), title=title)


def sheet_form(tx: Tx, env: Env, asker: Guest, sheet: Sheet, step: Step) -> Form:
    """Return the form of one question with what stands there."""
    words, one = asker.reader.words, sheet.dialogue
    stood = [*sheet.of(step), *(None for _ in range(ENTRIES_EACH))]
    boxes = [
        idea_inputs(asker.reader, number, each.text if each else "", each.factor if each else None)
        for number, each in enumerate(stood[:ENTRIES_EACH], start=1)
    ]
    first, *others = boxes
    return Form(
        id="ideas.write",
        title=words(f"ideas.short.{step.value}"),
        inputs=first,
        submit=words("ideas.submit"),
        context=f"{one.id}:{step.value}:{sheet.revision}",
        intro=(
            Text(words(f"ideas.question.{step.value}")),
            Text(_promise(tx, env, asker, one), "quiet"),
        ),
        more=tuple(part for box in others for part in box),
        more_label=words("ideas.more"),
    )


def idea_inputs(
    reader: Reader, number: int, text: str = "", factor: Factor | None = None
) -> tuple[TextInput, SelectInput]:
    """Return the inputs of one idea: its text and its mark."""
    words = reader.words
    options = tuple((mark, words(f"ideas.mark.{mark}")) for mark in MARKS)
    box = TextInput(
        name=f"idea_{number}",
        label=words("ideas.label", number=number),
        value=text,
        hint=words("ideas.hint", limit=ENTRY_LIMIT) if number == 1 else "",
        lines=2,
        limit=ENTRY_LIMIT,
        required=False,
    )
    mark = factor.value if factor else MARKS[0]
    label = words("ideas.mark.label", number=number)
    return box, SelectInput(f"mark_{number}", label, options, (mark,), required=False)


def read_ideas(
    reader: Reader, step: Step, values: Mapping[str, object], most: int = ENTRIES_EACH
) -> tuple[tuple[Written, ...], dict[str, str]]:
    """Return what was written, cleaned, and what is wrong by input; the empty is left out."""
    written: list[Written] = []
    errors: dict[str, str] = {}
    for number in range(1, most + 1):
        try:
            text = clean_comment(str(values.get(f"idea_{number}") or ""), ENTRY_LIMIT)
        except CommentTooLong as long:
            told = reader.words("form.too_long", length=long.length, limit=long.limit)
            errors[f"idea_{number}"] = told
            continue
        marks = values.get(f"mark_{number}")
        mark = marks[0] if isinstance(marks, tuple) and marks else MARKS[0]
        if text:
            written.append(Written(step, text, Factor(mark) if mark in MARKS[1:] else None))
    return tuple(written), errors


def _ways(reader: Reader, sheet: Sheet, step: Step) -> tuple[Button, ...]:
    words, one = reader.words, sheet.dialogue
    has = bool(sheet.of(step))
    write_ = words("ideas.button.change" if has else "ideas.button.write")
    on = words("ideas.button.on") if has else words("ask.button.skip")
    found = [
        Button("ideas.write", write_, one.id, step.value, "primary", opens_form=True),
        Button("ideas.skip", on, one.id, f"{sheet.revision}:{step.value}", "quiet"),
    ]
    at = STEPS.index(step)
    if at:
        before = STEPS[at - 1].value
        found.append(Button("ideas.show", words("ask.button.back"), one.id, before, "quiet"))
    elif sheet.round and not sheet.written:
        found.append(Button("ask.later", words("ask.button.later"), sheet.round, "", "quiet"))
    return (*found, who_button(reader, one.id))


def _remarks(reader: Reader, sheet: Sheet) -> tuple[Part, ...]:
    if sheet.lost:
        return (Text(reader.words("ideas.lost")),)
    return (Text(reader.words("ask.stale"), "quiet"),) if sheet.stale else ()


def _promise(tx: Tx, env: Env, asker: Guest, one: Dialogue) -> str:
    """Say before anybody types whether his name stands there, and what becomes of it."""
    if not one.sealed:
        return asker.reader.words("ideas.named")
    return asker.reader.words("ideas.anonymous", threshold=threshold_of(tx, env, asker, one))


def _line(reader: Reader, each: Written) -> str:
    if each.factor is None:
        return each.text
    label = factor_label(reader.words, each.factor)
    return reader.words("ideas.marked", text=each.text, mark=label)


def _title(asker: Guest, one: Dialogue) -> str:
    return asker.reader.words("ideas.title", topic=one.topic)
