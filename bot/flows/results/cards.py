"""A result as cards: headline, figures with a picture, what may be said beside them, what now."""

from bot.cards import Actions, Button, Divider, Link, Message, Part, Text, Transient
from bot.domain.rounds import Round
from bot.flows.env import Reader
from bot.flows.results.reading import Result
from bot.flows.results.tables import as_table, beside, chart, distribution
from bot.flows.results.words import (
    dont_know,
    ends,
    headline_of,
    score,
    title_of,
    trends,
    whose_comments,
)
from bot.flows.rounds.cards import local, who_button


def card(reader: Reader, result: Result, *, early: bool = False) -> Message:
    """Return the result as posted to the team; ``early`` is the lead's private look."""
    words = reader.words
    title = title_of(reader, result)
    headline = headline_of(reader, result)
    parts: list[Part] = [Text(headline, "question")]
    if early and not result.public:
        at = local(result.kept.publish_at, reader.zone)
        parts.append(Text(words("result.early", publish=at), "quiet"))
    parts += _figures(reader, result)
    if result.leads is not None:
        parts.append(beside(reader, result, result.leads))
    parts += _comments(reader, result)
    parts += _talk(reader, result)
    if early:
        parts += [Divider(), *advice(reader)]
    parts.append(Actions(_next(reader, result)))
    return Message(f"{title}: {headline}", tuple(parts), title=title)


def advice(reader: Reader) -> tuple[Text, ...]:
    """Return in short how to talk about a result; ``guide`` leads through it step by step."""
    words = reader.words
    steps = [words(f"result.advice.{number}") for number in ("1", "2", "3", "4")]
    return (Text(words("result.advice.title")), *(Text(step) for step in steps))


def detail(reader: Reader, result: Result, *, early: bool) -> tuple[Message, ...]:
    """Return the result's own page: the card, and the figures as tables."""
    words = reader.words
    tables: list[Part] = []
    spread = distribution(reader, result)
    if spread is not None:
        tables.append(spread)
    tables.append(Text(words("result.how_counted"), "quiet"))
    title = words("result.in_figures")
    return (
        card(reader, result, early=early),
        Message(title, (as_table(reader, result), *tables), title=title),
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
        Actions((_talk_button(reader, node, ""), who_button(reader, one.id))),
    )
    return Message(words("result.too_few", team=name, threshold=one.threshold), parts, title=title)


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
    moved = trends(reader, result)
    if moved:
        parts.append(Text(moved))
    unsure = dont_know(reader, result)
    if unsure:
        parts.append(Text(unsure, "quiet"))
    return parts


def comments(reader: Reader, result: Result) -> list[Part]:
    """Return what was written, and how much of it is held back; nothing where nobody wrote."""
    held = sum(comment.held for comment in result.comments)
    texts = _shown(result)
    parts: list[Part] = [Text(whose_comments(reader, result))] if texts else []
    parts += [Text(text, "quote") for text in texts]
    if held:
        parts.append(Text(reader.words("result.held", number=held), "quiet"))
    return parts


def _comments(reader: Reader, result: Result) -> list[Part]:
    """Return the comments behind a button where the card stays: they are kept for a year only."""
    number = len(_shown(result))
    parts = comments(reader, result)
    if number:
        label = reader.words("comments.button.shown", number=number)
        whose, texts, held = parts[0], parts[1 : number + 1], parts[number + 1 :]
        button = Button("comments.shown", label, result.kept.id)
        parts = [whose, Transient(button, tuple(texts)), *held]
    return [Divider(), *parts] if parts else []


def _shown(result: Result) -> list[str]:
    return [comment.text for comment in result.comments if not comment.held and comment.text]


def _talk(reader: Reader, result: Result) -> list[Part]:
    if not result.shown:
        return [Text(reader.words("result.too_few_talk"))]
    instrument = reader.words.instrument(result.round.instrument)
    _, most = ends(result.shown)
    question = instrument.questions[most.question]
    return [
        Divider(),
        Text(reader.words("result.talk", what=question.short)),
        Text(question.talk, "quote"),
    ]


def _next(reader: Reader, result: Result) -> tuple[Button | Link, ...]:
    words = reader.words
    more = Link(words("result.button.more"), f"results/{result.kept.id}")
    how = Button("result.guide", words("result.button.guide"), result.kept.id)
    who = who_button(reader, result.round.id)
    if not (result.public and result.shown):
        return more, how, who
    nodes: tuple[str, ...] = getattr(result.kept.figure, "nodes", ())
    node = nodes[0] if len(nodes) == 1 else result.kept.figure.at
    _, most = ends(result.shown)
    talk = _talk_button(reader, node, f"result:{result.kept.id}:{most.question}")
    return more, how, talk, who


def _talk_button(reader: Reader, node: str, source: str) -> Button:
    """Return the way to a dialogue: about what there is most to gain in, where that is known."""
    label = reader.words("dialogue.button.start")
    return Button("dialogue.new", label, node, source, opens_form=True)
