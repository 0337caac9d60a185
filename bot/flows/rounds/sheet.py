"""A short round on one view: all its questions and the comment in one form, sent as one.

Which rounds are short enough, how the form looks, and what is said when it was sent. Longer ones
are asked one question at a time (``cards``); what is kept of a sheet is ``engine.Fill``.
"""

from collections.abc import Iterator, Mapping

from bot.cards import (
    Actions,
    Ask,
    Button,
    Form,
    Message,
    Reply,
    SelectInput,
    Show,
    Text,
    TextInput,
)
from bot.content.model import Pack
from bot.flows.env import Env, Reader
from bot.flows.rounds import cards as asking
from bot.flows.rounds.answering import View
from bot.flows.rounds.company import counted_with
from bot.flows.rounds.engine import COMMENT, DONT_KNOW, Fill
from bot.flows.rounds.ready import ready_sheet
from bot.privacy.comments import COMMENT_LIMIT
from bot.storage import rounds
from bot.storage.store import Tx

NOTHING_SENT = Fill({})


def fits(pack: Pack, view: View) -> bool:
    """Tell whether a round's questions stand on one view: few, each with a scale of short words."""
    instrument = pack.instruments.get(view.instrument)
    if instrument is None or len(view.path.questions) > asking.MOST_AT_ONCE:
        return False
    scales = (instrument.question(step).scale for step in view.path.questions)
    return all(instrument.scales[scale].style == "words" for scale in scales)


def opened(tx: Tx, env: Env, reader: Reader, view: View) -> Reply:
    """Return the sheet as it stands for this person, with what he has answered marked in it."""
    one = rounds.get(tx, view.round)
    if view.show is None:
        first = reader.words("ask.review", closes=asking.local(view.closes_at, reader.zone))
    elif one is not None and reader.person is not None:
        first = asking.first_words(reader, one, view, counted_with(tx, reader.person, one))
    else:
        first = ""
    intro = (*asking.stale(reader, view), *((Text(first),) if first else ()))

    def draw(seen: View) -> Reply:
        return Ask(form(env, reader, seen, intro=intro), language=reader.words.language)

    return ready_sheet(env, reader, view, first, draw)


def taken(env: Env, reader: Reader, view: View, sent: Fill) -> Reply:
    """Return what is said when a sheet was sent: thanks, what is still open, or why it was not."""
    if not fits(env.pack, view):
        return asking.reply(env, reader, view)
    if view.stale or view.lost:
        drawn = form(env, reader, view, sent, intro=_why(reader, view))
        return Ask(drawn, differing(env, reader, view, sent), language=reader.words.language)
    if view.show is None:
        return asking.reply(env, reader, view)
    return Show(_still_open(reader, view), language=reader.words.language)


def form(
    env: Env,
    reader: Reader,
    view: View,
    sent: Fill = NOTHING_SENT,
    *,
    intro: tuple[Text, ...] = (),
    typed: str | None = None,
) -> Form:
    """Return the sheet; what was ``sent``, or ``typed`` as a comment, goes before what is kept."""
    words = reader.words
    title = words.instrument(view.instrument).title
    chosen = {**view.ballot.answers, **sent.answers}
    questions = tuple(
        _question(env.pack, reader, view, step, chosen) for step in view.path.questions
    )
    box = (_box(reader, _text(view, sent) if typed is None else typed),)
    return Form(
        id="ask.sheet",
        title=title,
        inputs=(*questions, *(box if view.path.comment else ())),
        submit=words("ask.sheet.submit"),
        context=f"{view.round}:{view.ballot.revision}",
        intro=(*intro, *((Text(view.what, "quote"),) if view.what else ())),
        foot=tuple(_foot(reader, view)),
    )


def differing(env: Env, reader: Reader, view: View, sent: Fill) -> dict[str, str]:
    """Return by input what is kept now, where that is something else than was sent."""
    words, found = reader.words, {}
    for step, value in sent.answers.items():
        if view.ballot.answers.get(step, value) != value:
            found[step] = words("ask.sheet.kept", kept=asking.said(env.pack, reader, view, step))
    text = sent.comment.text if sent.comment else None
    if text and view.ballot.comment and text != view.ballot.comment:
        found[COMMENT] = words("ask.sheet.kept", kept=view.ballot.comment)
    return found


def _why(reader: Reader, view: View) -> tuple[Text, ...]:
    """Say why nothing was kept; what was chosen stands in the form."""
    return asking.stale(reader, view) if view.lost else (Text(reader.words("ask.sheet.stale")),)


def _question(
    pack: Pack, reader: Reader, view: View, step: str, chosen: Mapping[str, int | None]
) -> SelectInput:
    words, value = reader.words, chosen.get(step)
    options = pack.options(view.instrument, step, words.language)
    return SelectInput(
        name=step,
        label=words.instrument(view.instrument).questions[step].text,
        options=(
            *((str(number), label) for number, label in options),
            (str(DONT_KNOW), words("ask.button.dont_know")),
        ),
        value=() if value is None else (str(value),),
        required=False,
    )


def _box(reader: Reader, text: str) -> TextInput:
    words = reader.words
    return TextInput(
        name=COMMENT,
        label=words("ask.comment.label"),
        value=text,
        hint=words("ask.comment.hint", limit=COMMENT_LIMIT),
        lines=4,
        limit=COMMENT_LIMIT,
        required=False,
    )


def _text(view: View, sent: Fill) -> str:
    """Return the comment to show; a box sent empty gives way to what has been written since."""
    return (sent.comment.text if sent.comment else None) or view.ballot.comment or ""


def _foot(reader: Reader, view: View) -> Iterator[Button]:
    words = reader.words
    if not view.ballot.is_empty:
        yield asking.delete_button(reader, view.round)
    else:
        yield Button("ask.later", words("ask.button.later"), view.round, style="quiet")
        if view.instrument == "checkin":
            yield Button("ask.off", words("ask.button.off"), view.round, style="quiet")
    yield asking.who_button(reader, view.round)


def _still_open(reader: Reader, view: View) -> Message:
    """Return the thanks for some answers, and a way to give the others."""
    words, closes = reader.words, asking.local(view.closes_at, reader.zone)
    left = sum(step not in view.ballot.answers for step in view.path.questions)
    if view.ballot.is_empty:
        text, more = words("ask.sheet.nothing", closes=closes), words("ask.button.now")
    else:
        text, more = words("ask.sheet.partly", left=left, closes=closes), words("ask.button.rest")
    again = Button("ask.sheet", more, view.round, style="primary", opens_form=True)
    buttons = Actions((again, asking.who_button(reader, view.round)))
    title = words.instrument(view.instrument).title
    return Message(text, (Text(text), buttons), title=title)
