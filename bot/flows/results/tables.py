"""A result's picture and its tables: the same stored labels, as bars and as rows."""

from bot.cards import Bar, Chart, Table
from bot.flows.env import Reader
from bot.flows.results.reading import Result, labels
from bot.flows.results.words import level, score
from bot.storage.figures import Kept


def chart(reader: Reader, result: Result) -> Chart | None:
    """Return the picture of the labels, or ``None`` when there is no label to draw."""
    words = reader.words
    shown = result.shown
    if not shown:
        return None
    instrument = words.instrument(result.round.instrument)
    before = labels(result.previous)
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


def as_table(reader: Reader, result: Result) -> Table:
    """Return every question with its label now and last time, and how many did not know."""
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    before = labels(result.previous)
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


def distribution(reader: Reader, result: Result) -> Table | None:
    """Return how the answers are spread, in bands; ``None`` where no question may show it."""
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    scales = {asked.id: asked.scale for asked in result.round.questions}
    rows = tuple(
        (
            instrument.questions[one.question].short,
            *(
                words(f"result.band.{share.value}") if score_ in scales[one.question] else "–"
                for score_, share in enumerate(one.distribution, start=1)
            ),
        )
        for one in result.kept.figure.questions
        if one.distribution
    )
    if not rows:
        return None
    ends = (words("result.column.what"), "1", "2", "3", "4", "5")
    return Table(ends, rows, words("result.distribution"))


def beside(reader: Reader, result: Result, leads: Kept) -> Table:
    """Return the employees' labels beside the leads'."""
    words = reader.words
    instrument = words.instrument(result.round.instrument)
    theirs = labels(leads)
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
