"""Cards with every part there is, as golden tests and pictures use them."""

from datetime import UTC, date, datetime

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
    Link,
    Message,
    NumberInput,
    SelectInput,
    Table,
    Text,
    TextInput,
    ToggleInput,
)
from bot.content.loader import load
from bot.domain.languages import Language
from bot.platforms.slack.rendering import Rendering

PACK = load()
PAGES = "https://bot.example/go/"
FILE = "F0CHART"
SURE = "Dine svar bliver slettet og kan ikke hentes igen."


def rendering(language: Language = "da", **files: str) -> Rendering:
    """Return what cards are drawn with; ``files`` are pictures by the chart's context."""
    return Rendering(PACK.words(language), lambda path: PAGES + path, files)


def answer(step: str, value: int, label: str, *, chosen: bool = False) -> Button:
    return Button("ask.answer", label, "r1", f"0:{step}:{value}", style="choice", chosen=chosen)


def asked(number: int = 1, chosen: int = 0) -> Message:
    words = ("Aldrig", "Sjældent", "Af og til", "Ofte", "Altid")
    step = f"q{number}"
    choices = [
        answer(step, value, label, chosen=value == chosen) for value, label in enumerate(words, 1)
    ]
    out = (
        answer(step, 0, "Ved ikke"),
        Button("ask.skip", "Spring over", "r1", f"0:{step}", "quiet"),
        Button("ask.who", "Hvem ser hvad?", "r1", style="quiet"),
    )
    asked = f"Hvor ofte kan I tale frit om det svære ({number})?"
    return Message(
        f"Trivselstjek: {asked}",
        (
            Text(f"{number} af 3", "quiet"),
            Text(asked, "question"),
            Actions(tuple(choices), "choices"),
            Actions(out),
        ),
        title="Trivselstjek",
        progress=(number, 3),
    )


def statements() -> Message:
    lines = ("Det ser vi ikke på.", "Det ser vi kun på når det er gået galt. " * 3, "Hver dag.")
    choices = tuple(answer("m1", value, line) for value, line in enumerate(lines, 1))
    return Message(
        "Modenhed",
        (Text("Hvad fylder trivsel her?", "question"), Actions(choices, "statements")),
        title="Modenhed",
        progress=(2, 10),
    )


def result(picture: bool = True) -> Message:
    bars = (
        Bar("Tale frit", 4.0, "4", previous=3.5),
        Bar("Tid til opgaverne", 2.5, "2½", previous=2.5),
        Bar("Hjælp fra kolleger", 4.5, "4½"),
    )
    chart = Chart(
        "Sådan svarede I",
        bars,
        "slet ikke",
        "helt",
        "Tale frit 4, tid til opgaverne 2½, hjælp fra kolleger 4½.",
        context="fig1" if picture else "",
        before="sidst",
    )
    return Message(
        "Resultat: her er meget der virker",
        (
            Text("Her er meget der virker: hjælp fra kolleger.", "question"),
            chart,
            Text("8 af 11 svarede. Tale frit er steget siden sidst."),
            Text("Nogle få svarede ved ikke.", "quiet"),
            Divider(),
            Text("Til mødet: her er der mest at hente: tid til opgaverne."),
            Text("Hvornår er der ro til at gøre tingene færdige?", "quote"),
            Actions((Link("Se mere", "results/f1"), Button("ask.who", "Hvem ser hvad?", "r1"))),
        ),
        title="Trivselstjek: resultat",
    )


def review() -> Message:
    pairs = (("Tale frit", "Ofte"), ("Tid til opgaverne", "Ved ikke"), ("Kommentar", "Ingen"))
    return Message(
        "Dine svar",
        (
            Text("Du kan ændre dem til tirsdag den 3. marts kl. 16."),
            Fields(pairs),
            Actions(tuple(Button("ask.show", f"Ret: {name}", "r1", name) for name, _ in pairs)),
            Actions((Button("ask.delete", "Slet alle svar", "r1", style="danger", confirm=SURE),)),
        ),
        title="Dine svar",
    )


def board() -> Message:
    rows = (
        (Link("Fast makker på vagten", "actions/a1"), "Anna Holm", "3. marts 2026"),
        (Link("Stille time kl. 9", "actions/a2"), "Bo Lund", "17. marts 2026"),
        ("Ryd op i <kalenderen> & co.", "", "uden dato"),
    )
    return Message(
        "Tiltag",
        (
            Text("Tre tiltag er i gang."),
            Table(("Tiltag", "Ansvarlig", "Følges op"), rows, "I gang nu"),
            Actions((Button("action.new", "Nyt tiltag", "n1", style="primary", opens_form=True),)),
        ),
        title="Teamets tiltag",
    )


def talk() -> Message:
    return Message(
        "Dialog",
        (
            Text("Hvornår er det bedst?", "question"),
            Countdown("10 minutter til at skrive", datetime(2026, 3, 3, 9, 15, tzinfo=UTC)),
            Countdown("Uret står stille, 4 minutter tilbage", seconds_left=240),
            Actions((Button("talk.next", "Videre", "d1", style="primary"),)),
        ),
        title="Dialog med tre spørgsmål",
    )


def sheet() -> Form:
    often = (("1", "Aldrig"), ("2", "Sjældent"), ("3", "Af og til"), ("4", "Ofte"), ("5", "Altid"))
    options = (*often, ("0", "Ved ikke"))
    first, second = "Hvor ofte kan I tale frit om det svære?", "Hvor ofte er der ro til arbejdet?"
    hint = "Valgfrit, højst 600 tegn. Kommentarer vises uden dato. Nævn ingen ved navn."
    return Form(
        id="ask.sheet",
        title="Trivselstjek",
        inputs=(
            SelectInput("q1", first, options, required=False),
            SelectInput("q2", second, options, ("0",), required=False),
            TextInput(
                "comment", "Vil du tilføje noget?", "Mere ro", hint, 4, limit=600, required=False
            ),
        ),
        submit="Send svar",
        context="r1:1",
        intro=(Text("Du er godt i gang, og dine svar er gemt."),),
        foot=(
            Button("ask.delete", "Slet mine svar", "r1", style="danger"),
            Button("ask.who", "Hvem ser hvad?", "r1", style="quiet"),
        ),
    )


def form() -> Form:
    people = tuple((f"p{number}", f"Kollega {number}") for number in range(1, 13))
    ways = (("keep", "Behold det"), ("stop", "Stop det"))
    return Form(
        id="action.save",
        title="Nyt tiltag i vores team",
        inputs=(
            TextInput("what", "Hvad vil I prøve?", "Stille <time>", "En sætning er nok."),
            TextInput("why", "Hvorfor?", lines=4, limit=1000, required=False),
            SelectInput("who", "Hvem tager den?", people, ("p2",)),
            SelectInput("way", "Hvad nu?", ways, ("keep",)),
            SelectInput("marks", "Hvad styrker det?", ways, ("stop",), many=True, required=False),
            DateInput("when", "Hvornår følger I op?", date(2026, 3, 17)),
        ),
        submit="Gem",
        context="n1:3",
        intro=(Text("Alle i teamet kan se det."),),
        more=(
            NumberInput("weeks", "Uger mellem opfølgninger", 1, 12, 2),
            ToggleInput("remind", "Mind mig om det", value=True, hint="En gang, om morgenen."),
        ),
        more_label="Flere valg",
    )
