"""What a result says in sentences: its title, its headline, what moved, scores and levels."""

from collections.abc import Sequence

from bot.content.words import Words
from bot.domain.results import Band, Bound, Label, QuestionFigure
from bot.flows.env import Reader
from bot.flows.results.reading import Result, labels
from bot.privacy.labels import Trend, trend


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


def title_of(reader: Reader, result: Result) -> str:
    """Say what was asked, and whom."""
    words = reader.words
    return words(
        "result.title_for",
        instrument=words.instrument(result.round.instrument).title,
        team=list(result.names),
    )


def headline_of(reader: Reader, result: Result) -> str:
    """Say the result in one sentence, the strong before what can be gained."""
    words, overall = reader.words, result.kept.figure.overall
    if overall is None:
        return words("result.headline.none")
    instrument = words.instrument(result.round.instrument)
    if instrument.levels:
        return words("result.headline.level", level=level(words, result.round.instrument, overall))
    best, most = ends(result.shown)
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


def ends(shown: Sequence[QuestionFigure]) -> tuple[QuestionFigure, QuestionFigure]:
    """Return the question with the highest label and the one with most to gain."""

    def value(one: QuestionFigure) -> float:
        return one.label.value if one.label else 0.0

    return max(shown, key=value), min(shown, key=value)


def trends(reader: Reader, result: Result) -> str:
    """Say what has moved since the round before; nothing where there was none."""
    words, before = reader.words, labels(result.previous)
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


def dont_know(reader: Reader, result: Result) -> str:
    """Say where more than a few did not know."""
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


def whose_comments(reader: Reader, result: Result) -> str:
    """Head the comments; where they come from more teams than the figure, with all their names."""
    wrote = result.comments[0].nodes
    if len(wrote) == len(result.names):
        return reader.words("result.comments")
    nodes = result.round.nodes
    names = [nodes[node][0] for node in wrote if node in nodes]
    return reader.words("result.comments_of", team=names)
