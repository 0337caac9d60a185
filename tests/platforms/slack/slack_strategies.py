"""Any card and any form there may be, long, empty and hostile ones among them."""

from datetime import UTC, date, datetime
from string import ascii_lowercase

from hypothesis import strategies as st

from bot.cards import (
    Actions,
    Bar,
    Button,
    Chart,
    Countdown,
    DateInput,
    Divider,
    Fields,
    Form,
    Input,
    Link,
    Message,
    NumberInput,
    Part,
    SelectInput,
    Table,
    Text,
    TextInput,
    TimeInput,
    ToggleInput,
    Transient,
)

NAMES = st.text(ascii_lowercase + "._", min_size=1, max_size=20)
SNIPPETS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["", " ", "<!channel>", "<@U1> & *x* `y`", "å" * 80, "🙂" * 40, '"\\' * 60, "a\nb", "\x00"]
    ),
)
"""Short texts: labels, names and cells."""
LABELS = st.one_of(
    SNIPPETS,
    st.builds(
        lambda text, times: text * times, st.text(min_size=1, max_size=20), st.integers(1, 15)
    ),
)
"""Texts that ought to be short and need not be."""
TEXTS = st.one_of(
    LABELS,
    st.builds(
        lambda text, times: text * times, st.text(min_size=1, max_size=20), st.integers(1, 400)
    ),
)
"""Texts of any length."""
CONTEXTS = st.text(max_size=120)
INSTANTS = st.integers(946_684_800, 4_102_444_800).map(
    lambda second: datetime.fromtimestamp(second, UTC)
)

MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))

links = st.builds(Link, LABELS, NAMES, st.booleans())
buttons = st.builds(
    Button,
    action=NAMES,
    label=LABELS,
    context=CONTEXTS,
    value=CONTEXTS,
    style=st.sampled_from(["plain", "primary", "danger", "choice", "quiet"]),
    chosen=st.booleans(),
    confirm=st.one_of(st.just(""), TEXTS),
)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Return a table; now and then a ragged one, which no flow should make."""
    width = draw(st.integers(0, 24))
    cells = st.one_of(SNIPPETS, SNIPPETS, links)
    sizes = st.just(width) if draw(st.integers(0, 4)) else st.integers(0, 24)
    one = sizes.flatmap(lambda wide: st.tuples(*[cells] * wide))
    rows = draw(st.lists(one, max_size=6)) * draw(st.sampled_from([1, 1, 20]))
    names = draw(st.tuples(*[SNIPPETS] * width))
    return Table(names, tuple(rows), draw(TEXTS))


bars = st.builds(
    Bar,
    LABELS,
    st.floats(1, 5),
    LABELS,
    st.one_of(st.none(), st.floats(1, 5).map(lambda x: round(x, 1))),
)
charts = st.builds(
    Chart,
    title=TEXTS,
    bars=st.lists(bars, max_size=6).map(tuple),
    low=SNIPPETS,
    high=SNIPPETS,
    alt=TEXTS,
    context=st.sampled_from(["", "fig1", "fig2"]),
    before=SNIPPETS,
)
countdowns = st.builds(
    Countdown, TEXTS, st.one_of(st.none(), INSTANTS), st.one_of(st.none(), st.integers(0, 10_000))
)
actions = st.builds(
    Actions,
    st.lists(st.one_of(buttons, links), max_size=6).map(lambda some: tuple(some * 5)),
    st.sampled_from(["row", "choices", "statements"]),
)
texts = st.builds(Text, TEXTS, st.sampled_from(["body", "quiet", "question", "quote"]))
simple: st.SearchStrategy[Part] = st.one_of(
    texts,
    st.builds(Fields, st.lists(st.tuples(LABELS, LABELS), max_size=5).map(tuple)),
    tables(),
    charts,
    countdowns,
    st.just(Divider()),
    actions,
)
transients = st.builds(Transient, buttons, st.lists(simple, max_size=3).map(tuple))
parts: st.SearchStrategy[Part] = st.one_of(simple, simple, transients)
messages = st.builds(
    Message,
    fallback=TEXTS,
    children=st.one_of(
        st.lists(parts, max_size=4),
        st.lists(texts, min_size=1, max_size=2).map(lambda some: some * 40),
        st.lists(parts, min_size=1, max_size=1).map(lambda some: some * 6),
    ).map(tuple),
    title=LABELS,
    progress=st.one_of(st.none(), st.tuples(st.integers(1, 9), st.integers(1, 99))),
)


@st.composite
def selects(draw: st.DrawFn, name: str) -> SelectInput:
    values = draw(st.lists(st.text(max_size=200), max_size=4, unique=True))
    values += [f"p{number}" for number in range(draw(st.sampled_from([0, 0, 3, 9, 130, 600])))]
    options = tuple((value, draw(SNIPPETS) if at < 6 else value) for at, value in enumerate(values))
    return SelectInput(
        name,
        draw(TEXTS),
        options,
        tuple(draw(_some(values))),
        draw(SNIPPETS),
        many=draw(st.booleans()),
        required=draw(st.booleans()),
    )


def _some(values: list[str]) -> st.SearchStrategy[list[str]]:
    """Return a few of the values, or now and then all of them."""
    if not values:
        return st.just([])
    return st.one_of(st.lists(st.sampled_from(values), max_size=3), st.just(values))


def inputs(name: str) -> st.SearchStrategy[Input]:
    """Return any input of this name."""
    named = st.just(name)
    return st.one_of(
        st.builds(
            TextInput,
            named,
            TEXTS,
            TEXTS,
            TEXTS,
            st.integers(1, 9),
            st.integers(1, 9_000),
            st.booleans(),
        ),
        st.builds(
            NumberInput,
            named,
            TEXTS,
            st.integers(-99, 999),
            st.integers(-99, 999),
            st.one_of(st.none(), st.integers(-9_999, 9_999)),
            TEXTS,
        ),
        st.builds(TimeInput, named, TEXTS, st.one_of(st.none(), MINUTES), TEXTS),
        st.builds(DateInput, named, TEXTS, st.one_of(st.none(), st.dates(date(1990, 1, 1))), TEXTS),
        selects(name),
        st.builds(ToggleInput, named, TEXTS, st.booleans(), TEXTS),
    )


@st.composite
def forms(draw: st.DrawFn) -> Form:
    names = draw(st.lists(NAMES, max_size=6, unique=True))
    fields = tuple(draw(inputs(name)) for name in names)
    shown = draw(st.integers(0, len(fields)))
    return Form(
        id=draw(NAMES),
        title=draw(TEXTS),
        inputs=fields[:shown],
        submit=draw(TEXTS),
        context=draw(CONTEXTS),
        intro=tuple(draw(st.lists(st.builds(Text, TEXTS), max_size=4))),
        more=fields[shown:],
        more_label=draw(TEXTS),
        foot=tuple(draw(st.lists(buttons, max_size=30))),
    )
