"""A result as a card: headline, figures with a picture, what may be said beside them, what now.

One rule for every way out: channel, private preview, page and export are all built from the stored
figures here, and nothing is computed anew.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cards import Actions, Bar, Button, Chart, Divider, Link, Message, Part, Table, Text
from bot.content.words import Words
from bot.domain.results import (
    AtomFigure,
    Audience,
    Band,
    Bound,
    Label,
    QuestionFigure,
)
from bot.domain.rounds import Round
from bot.flows.asking import local, who_button
from bot.flows.env import Reader
from bot.privacy.labels import Trend, trend
from bot.storage import figures, rounds
from bot.storage.figures import Kept, KeptComment
from bot.storage.store import Tx


@dataclass(frozen=True)
class Result:
    """A stored figure with everything that may stand beside it."""

    round: Round
    kept: Kept
    previous: Kept | None
    leads: Kept | None
    comments: tuple[KeptComment, ...]
    names: tuple[str, ...]
    """The nodes it counts, or the one it is about."""
    public: bool
    """The team has it; before that it is the leads' alone."""

    @property
    def shown(self) -> tuple[QuestionFigure, ...]:
        """Questions with enough answers to be shown."""
        return tuple(one for one in self.kept.figure.questions if one.label is not None)


def read(tx: Tx, figure_id: str, now: datetime) -> Result | None:
    """Return a figure with its trend, the leads' figure and the comments of the same group.

    Before publication nobody but the AMR reads comments: one may yet be held back.
    """
    kept = figures.get(tx, figure_id)
    one = rounds.get(tx, kept.round) if kept else None
    if kept is None or one is None:
        return None
    figure = kept.figure
    leads = next(
        (
            other
            for other in figures.of_round(tx, kept.round)
            if other.figure.audience is Audience.LEADS
            and other.figure.at == figure.at
            and figure.audience is Audience.EMPLOYEES
        ),
        None,
    )
    nodes = figure.nodes if isinstance(figure, AtomFigure) else (figure.at,)
    public = now >= kept.publish_at
    comments = tuple(
        comment
        for comment in (figures.comments(tx, kept.round) if public else ())
        if comment.audience is figure.audience and set(nodes) <= set(comment.nodes)
    )
    names = tuple(one.nodes[node][0] for node in nodes if node in one.nodes)
    return Result(one, kept, figures.before(tx, kept), leads, comments, names, public)


def card(reader: Reader, result: Result, *, early: bool = False) -> Message:
    """Return the result as posted to the team; ``early`` is the lead's private look."""
    words = reader.words
    title = _title(reader, result)
    headline = _headline(reader, result)
    parts: list[Part] = [Text(headline, "question")]
    if early and not result.public:
        at = local(result.kept.publish_at, reader.zone)
        parts.append(Text(words("result.early", publish=at), "quiet"))
    parts += _figures(reader, result)
    if result.leads is not None:
        parts.append(_beside(reader, result, result.leads))
    parts += _comments(reader, result)
    parts += _talk(reader, result)
    if early:
        parts += [Divider(), *guide(reader).children]
    parts.append(Actions(_next(reader, result, early=early)))
    return Message(f"{title}: {headline}", tuple(parts), title=title)


def guide(reader: Reader) -> Message:
    """Return how to talk about a result, step by step."""
    words = reader.words
    steps = [words(f"result.advice.{number}") for number in ("1", "2", "3", "4")]
    title = words("result.advice.title")
    return Message(title, (Text(title), *(Text(step) for step in steps)))


def detail(reader: Reader, result: Result, *, early: bool) -> tuple[Message, ...]:
    """Return the result's own page: the card, and the figures as tables."""
    words = reader.words
    tables: list[Part] = []
    spread = _distribution(reader, result)
    if spread is not None:
        tables.append(spread)
    tables.append(Text(words("result.how_counted"), "quiet"))
    title = words("result.in_figures")
    return (
        card(reader, result, early=early),
        Message(title, (_as_table(reader, result), *tables), title=title),
    )


def too_few(reader: Reader, one: Round, node: str) -> Message:
    """Return the card of a team with too few answers: no figure, an invitation to talk."""
    words = reader.words
    title = words("result.title", instrument=words.instrument(one.instrument).title)
    first = words.instrument(one.instrument).questions[one.questions[0].id]
    name = one.nodes[node][0] if node in one.nodes else ""
    parts: tuple[Part, ...] = (
        Text(words("result.too_few", team=name, threshold=one.threshold)),
        Text(words("result.too_few_talk")),
        Text(first.talk, "quote"),
        Actions((who_button(reader, one.id),)),
    )
    return Message(words("result.too_few", team=name, threshold=one.threshold), parts, title=title)


def chart(reader: Reader, result: Result) -> Chart | None:
    """Return the picture of the labels, or ``None`` when there is no label to draw."""
    words = reader.words
    shown = result.shown
    if not shown:
        return None
    instrument = words.instrument(result.round.instrument)
    before = _labels(result.previous)
    bars = []
    for one in shown:
        assert one.label is not None
        old = before.get(one.question)
        bars.append(
            Bar(
                label=instrument.questions[one.question].short,
                value=one.label.value,
                words=score(words, one.label),
                previous=old.value if old else None,
            )
        )
    spoken = [f"{bar.label}: {bar.words}" for bar in bars]
    return Chart(
        title=words("result.chart.title"),
        bars=tuple(bars),
        low=words("result.chart.low"),
        high=words("result.chart.high"),
        alt=words("result.chart.alt", lines=spoken),
        context=result.kept.id,
        before=words("result.chart.before"),
    )


def score(words: Words, label: Label) -> str:
    """Say a label as people say numbers: "3,5", "højst 2", "mindst 4"."""
    return words(f"result.score.{label.bound.value}", value=label.value)


def level(words: Words, instrument: str, label: Label) -> str:
    """Say a label as a level: "aktivt", "mellem aktivt og proaktivt", "højst reaktivt"."""
    names = words.instrument(instrument).levels
    if names is None:
        return score(words, label)
    low = int(label.value)
    part = label.value - low
    if label.bound is not Bound.ABOUT or part < 0.25 or part > 0.75:
        # A bound between two levels is said by the outer one, so that it stays true.
        up = part > 0 if label.bound is Bound.AT_MOST else part > 0.75
        nearest = min(5, max(1, low + up))
        return words(f"result.level.{label.bound.value}", level=names[nearest - 1])
    return words("result.level.between", lower=names[low - 1], upper=names[low])


def _title(reader: Reader, result: Result) -> str:
    words = reader.words
    return words(
        "result.title_for",
        instrument=words.instrument(result.round.instrument).title,
        team=list(result.names),
    )


def _headline(reader: Reader, result: Result) -> str:
    words, overall = reader.words, result.kept.figure.overall
    if overall is None:
        return words("result.headline.none")
    instrument = words.instrument(result.round.instrument)
    if instrument.levels:
        return words("result.headline.level", level=level(words, result.round.instrument, overall))
    best, most = _ends(result.shown)
    if len(result.shown) > 1 and best.label == most.label:
        return words("result.headline.even", score=score(words, overall))
    if best is most:
        what = instrument.questions[best.question].short
        return words("result.headline.one", what=what, score=score(words, overall))
    kind = "high" if overall.value >= 4 else "middle" if overall.value >= 3 else "low"
    return words(
        f"result.headline.{kind}",
        strong=instrument.questions[best.question].short,
        gain=instrument.questions[most.question].short,
    )


def _ends(shown: Sequence[QuestionFigure]) -> tuple[QuestionFigure, QuestionFigure]:
    """Return the question with the highest label and the one with most to gain."""

    def value(one: QuestionFigure) -> float:
        return one.label.value if one.label else 0.0

    return max(shown, key=value), min(shown, key=value)


def _figures(reader: Reader, result: Result) -> list[Part]:
    words, figure = reader.words, result.kept.figure
    parts: list[Part] = []
    picture = chart(reader, result)
    if picture is not None:
        parts.append(picture)
    lines = [words("result.answered", answered=figure.answered, invited=figure.invited)]
    if figure.overall is not None:
        lines.append(words("result.overall", score=score(words, figure.overall)))
    parts.append(Text(" ".join(lines)))
    moved = _trends(reader, result)
    if moved:
        parts.append(Text(moved))
    unsure = _dont_know(reader, result)
    if unsure:
        parts.append(Text(unsure, "quiet"))
    return parts


def _trends(reader: Reader, result: Result) -> str:
    words, before = reader.words, _labels(result.previous)
    instrument = words.instrument(result.round.instrument)
    said: dict[Trend, list[str]] = {}
    for one in result.shown:
        old = before.get(one.question)
        if old is not None and one.label is not None:
            short = instrument.questions[one.question].short
            said.setdefault(trend(old, one.label), []).append(short)
    return " ".join(
        words(f"result.trend.{kind.value}", what=said[kind]) for kind in Trend if kind in said
    )


def _dont_know(reader: Reader, result: Result) -> str:
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    many = [
        (instrument.questions[one.question].short, one.dont_know)
        for one in result.kept.figure.questions
        if one.dont_know not in (None, Band.FEW)
    ]
    lines = [
        words("result.dont_know", what=short, share=words(f"result.band.{share.value}"))
        for short, share in many
        if share is not None
    ]
    return " ".join(lines)


def _comments(reader: Reader, result: Result) -> list[Part]:
    words = reader.words
    shown = [comment.text for comment in result.comments if not comment.held and comment.text]
    held = sum(comment.held for comment in result.comments)
    if not shown and not held:
        return []
    parts: list[Part] = [Divider(), Text(_whose(reader, result))]
    parts += [Text(text, "quote") for text in shown]
    if held:
        parts.append(Text(words("result.held", number=held), "quiet"))
    return parts


def _whose(reader: Reader, result: Result) -> str:
    """Head the comments; where they come from more teams than the figure, with all their names."""
    wrote = result.comments[0].nodes
    if len(wrote) == len(result.names):
        return reader.words("result.comments")
    nodes = result.round.nodes
    names = [nodes[node][0] for node in wrote if node in nodes]
    return reader.words("result.comments_of", team=names)


def _next(reader: Reader, result: Result, *, early: bool) -> tuple[Button | Link, ...]:
    words = reader.words
    more = Link(words("result.button.more"), f"results/{result.kept.id}")
    how = Button("result.guide", words("result.button.guide"))
    who = who_button(reader, result.round.id)
    return (more, who) if early else (more, how, who)


def _talk(reader: Reader, result: Result) -> list[Part]:
    if not result.shown:
        return [Text(reader.words("result.too_few_talk"))]
    instrument = reader.words.instrument(result.round.instrument)
    _, most = _ends(result.shown)
    question = instrument.questions[most.question]
    return [
        Divider(),
        Text(reader.words("result.talk", what=question.short)),
        Text(question.talk, "quote"),
    ]


def _as_table(reader: Reader, result: Result) -> Table:
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    before = _labels(result.previous)
    rows = []
    for one in result.kept.figure.questions:
        label, old = one.label, before.get(one.question)
        said = score(words, label) if label else words("result.not_shown")
        if label and instrument.levels:
            said = f"{said} ({level(words, result.round.instrument, label)})"
        rows.append(
            (
                instrument.questions[one.question].short,
                said,
                score(words, old) if old else "–",
                words(f"result.band.{one.dont_know.value}") if one.dont_know else "–",
            )
        )
    columns = tuple(words(f"result.column.{name}") for name in ("what", "now", "last", "unsure"))
    return Table((columns), tuple(rows), words("result.in_figures"))


def _distribution(reader: Reader, result: Result) -> Table | None:
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    rows = tuple(
        (
            instrument.questions[one.question].short,
            *(words(f"result.band.{share.value}") for share in one.distribution),
        )
        for one in result.kept.figure.questions
        if one.distribution
    )
    if not rows:
        return None
    ends = (words("result.column.what"), "1", "2", "3", "4", "5")
    return Table(ends, rows, words("result.distribution"))


def _beside(reader: Reader, result: Result, leads: Kept) -> Table:
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    theirs = _labels(leads)
    rows = []
    for one in result.kept.figure.questions:
        other = theirs.get(one.question)
        rows.append(
            (
                instrument.questions[one.question].short,
                score(words, one.label) if one.label else words("result.not_shown"),
                score(words, other) if other else words("result.not_shown"),
            )
        )
    columns = tuple(words(f"result.column.{name}") for name in ("what", "employees", "leads"))
    return Table(columns, tuple(rows), words("result.beside"))


def _labels(kept: Kept | None) -> Mapping[str, Label]:
    questions: Iterable[QuestionFigure] = kept.figure.questions if kept else ()
    return {one.question: one.label for one in questions if one.label is not None}
