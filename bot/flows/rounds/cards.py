"""The cards a person answers on: one question each, what was answered, and who sees what.

They are drawn from the ballot in the direct reply to the person's own request and stored nowhere.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.cards import (
    Actions,
    Ask,
    Button,
    Divider,
    Fields,
    Form,
    Message,
    Part,
    Reply,
    Say,
    Show,
    Text,
    TextInput,
)
from bot.content.model import Pack
from bot.domain.rounds import Round
from bot.flows.env import Env, Reader
from bot.flows.rounds.answering import Missed, NotAnswered, View
from bot.flows.rounds.engine import COMMENT, DONT_KNOW
from bot.flows.rounds.ready import ready
from bot.privacy.comments import COMMENT_LIMIT

MOST_AT_ONCE = 5
"""Questions that are answered in one go; more are a walk, which may be broken off at each step."""


def reply(env: Env, reader: Reader, view: View) -> Reply:
    """Return the next card or form for somebody who has just moved."""
    return ready(env, reader, view, lambda seen: _drawn(env, reader, seen))


def _drawn(env: Env, reader: Reader, view: View) -> Reply:
    language = reader.words.language  # whoever draws it need not look it up again
    if view.show == COMMENT:
        return Ask(comment_form(reader, view), language=language)
    if view.show is None:
        return Show(finished(reader, view), done=not view.stale, language=language)
    return Show(question(env, reader, view), language=language)


def question(env: Env, reader: Reader, view: View, *, first_words: str = "") -> Message:
    """Return the card of the step to show; ``first_words`` stand above it."""
    words, step = reader.words, view.show or view.path.questions[0]
    instrument = words.instrument(view.instrument)
    asked = instrument.questions[step]
    at, of = view.path.questions.index(step) + 1, len(view.path.questions)
    progress = words("ask.progress", at=at, of=of)
    lines: list[Part] = []
    if first_words:
        lines.append(Text(first_words))
    lines += [
        *stale(reader, view),
        *([Text(view.what, "quote")] if view.what else [Text(progress, "quiet")]),
        Text(asked.text, "question"),
        _choices(env.pack, reader, view, step),
        Actions(_ways_out(reader, view, step)),
    ]
    title = instrument.title
    line = f"{title}: {view.what or asked.text}"
    return Message(line, tuple(lines), title=title, progress=None if view.what else (at, of))


def comment_form(reader: Reader, view: View, typed: str | None = None) -> Form:
    """Return the form of the last step; it says what becomes of the text before it is typed."""
    words = reader.words
    box = TextInput(
        name="comment",
        label=words("ask.comment.label"),
        value=typed if typed is not None else view.ballot.comment or "",
        hint=words("ask.comment.hint", limit=COMMENT_LIMIT),
        lines=4,
        limit=COMMENT_LIMIT,
        required=False,
    )
    return Form(
        id="ask.comment",
        title=words.instrument(view.instrument).title,
        inputs=(box,),
        submit=words("ask.comment.submit"),
        context=f"{view.round}:{view.ballot.revision}",
        intro=(*stale(reader, view), Text(words("ask.comment.saved"))),
    )


def finished(reader: Reader, view: View) -> Message:
    """Return the thank-you: what happens now, and that all can be changed until the close."""
    words = reader.words
    text = words(
        "ask.finished",
        questions=len(view.path.questions),
        closes=local(view.closes_at, reader.zone),
        result=local(view.publish_at, reader.zone),
    )
    buttons = Actions(
        (
            Button("ask.review", words("ask.button.review"), view.round),
            who_button(reader, view.round),
        )
    )
    parts: list[Part] = [*stale(reader, view), Text(text)]
    if view.listeners:
        parts.append(Text(words("ask.write_amr", names=list(view.listeners)), "quiet"))
    title = words.instrument(view.instrument).title
    return Message(text, (*parts, buttons), title=title)


def review(env: Env, reader: Reader, view: View) -> Message:
    """Return the person's own answers, each with a way to change it, and one to delete them all."""
    words = reader.words
    instrument = words.instrument(view.instrument)
    rows: list[tuple[str, str]] = []
    changes: list[Button] = []
    for step in view.path.questions:
        short = instrument.questions[step].short
        rows.append((short, said(env.pack, reader, view, step)))
        label = words("ask.button.change", what=short)
        changes.append(Button("ask.show", label, view.round, step, style="quiet"))
    if view.path.comment:
        rows.append((words("ask.comment.label"), view.ballot.comment or words("ask.nothing")))
        label = words("ask.button.change_comment")
        changes.append(Button("ask.show", label, view.round, COMMENT, "quiet", opens_form=True))
    parts: tuple[Part, ...] = (
        *stale(reader, view),
        Text(words("ask.review", closes=local(view.closes_at, reader.zone))),
        Fields(tuple(rows)),
        Actions(tuple(changes)),
        Divider(),
        Actions(
            (
                delete_button(reader, view.round),
                who_button(reader, view.round),
            )
        ),
    )
    return Message(words("ask.review_title"), parts, title=words("ask.review_title"))


def waiting(
    env: Env,
    reader: Reader,
    one: Round,
    view: View,
    now: datetime,
    counted_with: tuple[str, ...] = (),
) -> Message:
    """Return the card that stands in a person's own conversation while the round is open.

    ``counted_with`` are the names of small teams that were put together, his own among them.
    """
    words = reader.words
    title = words.instrument(view.instrument).title
    again = view.ballot.later
    if again is not None and again > now:
        text = words("ask.later_set", at=local(again, reader.zone))
        button = Button("ask.show", words("ask.button.now"), view.round, view.show or "")
        return Message(text, (Text(text), Actions((button,))), title=title)
    if view.show is None:
        return finished(reader, view)
    first = first_words(reader, one, view, counted_with)
    if view.show == COMMENT:
        button = Button(
            "ask.show", words("ask.button.go_on"), view.round, COMMENT, "primary", opens_form=True
        )
        return Message(first, (Text(first), Actions((button,))), title=title)
    return question(env, reader, view, first_words=first)


def first_words(reader: Reader, one: Round, view: View, counted_with: tuple[str, ...]) -> str:
    """Return what is said above a round's questions, from how far the person has come."""
    words, closes = reader.words, local(view.closes_at, reader.zone)
    if not view.ballot.is_empty:
        return words("ask.waiting.started", closes=closes)
    if one.state.value == "reminded":
        return words("ask.waiting.reminder", closes=closes)
    team = [name for name, parent in one.nodes.values() if parent is None]
    first = words("ask.waiting.new", team=team, closes=closes, questions=len(view.path.questions))
    if counted_with:
        first = f"{first} {words('ask.waiting.together', team=list(counted_with))}"
    return first


def missed(reader: Reader, why: NotAnswered) -> Reply:
    """Return the polite answer to a click that came too late or to the wrong person."""
    words = reader.words
    match why.why:
        case Missed.CLOSED if why.published:
            return Say(words("ask.closed_out"))
        case Missed.CLOSED if why.publish_at is not None:
            return Say(words("ask.closed", result=local(why.publish_at, reader.zone)))
        case Missed.VOID:
            return Say(words("ask.void"))
        case _:
            return Say(words("ask.not_invited"))


def told(title: str, text: str, way: Button) -> Message:
    """Return what came of a press, with the button that takes it back or goes on from it."""
    return Message(text, (Text(text), Actions((way,))), title=title)


def who_sees_what(reader: Reader, threshold: int, comment_answers: int) -> Message:
    """Return the promise with the numbers in force, and what is not promised."""
    words = reader.words
    kept = ("counted", "figures", "comments", "lead", "closed")
    lines: list[Part] = [
        Text(words(f"privacy.{name}", threshold=threshold, comment_answers=comment_answers))
        for name in kept
    ]
    lines += [Divider(), Text(words("privacy.not_promised"), "quiet")]
    title = words("privacy.title")
    return Message(title, tuple(lines), title=title)


def delete_button(reader: Reader, round_id: str) -> Button:
    """Return the button that takes all answers of one's own out again, once that is confirmed."""
    words = reader.words
    said = words("ask.delete_all")
    return Button("ask.delete", words("ask.button.delete"), round_id, style="danger", confirm=said)


def who_button(reader: Reader, round_id: str) -> Button:
    """Return the button that stands on every question."""
    return Button("ask.who", reader.words("ask.button.who"), round_id, style="quiet")


def local(at: datetime, zone: str) -> datetime:
    """Return the instant in the reader's own zone."""
    return at.astimezone(ZoneInfo(zone))


def stale(reader: Reader, view: View) -> tuple[Text, ...]:
    """Say that the click was not taken: the card was older than the answers, or they are lost."""
    if view.lost:
        return (Text(reader.words("ask.lost")),)
    return (Text(reader.words("ask.stale"), "quiet"),) if view.stale else ()


def _choices(pack: Pack, reader: Reader, view: View, step: str) -> Actions:
    instrument = pack.instruments[view.instrument]
    scale = instrument.scales[instrument.question(step).scale]
    options = pack.options(view.instrument, step, reader.words.language)
    stood = view.ballot.answers.get(step, view.before)
    choices = tuple(
        Button(
            "ask.answer",
            label,
            view.round,
            f"{view.ballot.revision}:{step}:{value}",
            style="choice",
            chosen=stood == value,
        )
        for value, label in options
    )
    return Actions(choices, "statements" if scale.style == "statements" else "choices")


def _ways_out(reader: Reader, view: View, step: str) -> tuple[Button, ...]:
    words, at = reader.words, f"{view.ballot.revision}:{step}"
    stood = view.ballot.answers.get(step, view.before)
    dont_know = Button(
        "ask.answer",
        words("ask.button.dont_know"),
        view.round,
        f"{at}:{DONT_KNOW}",
        "quiet",
        chosen=stood == DONT_KNOW,
    )
    found = [
        dont_know,
        Button("ask.skip", words("ask.button.skip"), view.round, at, "quiet"),
    ]
    begins = step == view.path.steps[0]
    if not begins:
        found.append(Button("ask.back", words("ask.button.back"), view.round, at, "quiet"))
    if len(view.path.questions) > MOST_AT_ONCE and not (begins and view.ballot.is_empty):
        rest = words("ask.button.rest_later")
        found.append(Button("ask.later", rest, view.round, "", "quiet"))
    elif begins and view.ballot.is_empty:
        found.append(Button("ask.later", words("ask.button.later"), view.round, "", "quiet"))
        if view.instrument == "checkin":
            found.append(Button("ask.off", words("ask.button.off"), view.round, "", "quiet"))
    found.append(who_button(reader, view.round))
    return tuple(found)


def said(pack: Pack, reader: Reader, view: View, step: str) -> str:
    """Return in words what is kept at one question."""
    value = view.ballot.answers.get(step)
    if step not in view.ballot.answers:
        return reader.words("ask.not_yet")
    if value is None:
        return reader.words("ask.skipped")
    if value == DONT_KNOW:
        return reader.words("ask.button.dont_know")
    return dict(pack.options(view.instrument, step, reader.words.language))[value]
