"""Cards and forms of every kind, as a check-in and a result have them. For the web chat's tests."""

from dataclasses import replace
from datetime import date, time

from bot.cards import (
    Actions,
    Bar,
    Button,
    Chart,
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
    TimeInput,
    ToggleInput,
)

OFTEN = ("Aldrig", "Sjældent", "Af og til", "Ofte", "Altid")
QUESTIONS = {
    "anchor": (
        "Hvordan er det at være på arbejde for tiden?",
        ("Meget dårligt", "Dårligt", "Midt imellem", "Godt", "Meget godt"),
        "choices",
    ),
    "told": ("Hvor ofte får du besked i god tid når noget bliver ændret?", OFTEN, "choices"),
    "priority": (
        "Hvilken plads har trivsel på din arbejdsplads?",
        (
            "Trivsel er ikke noget vi prioriterer her.",
            "Vi ser kun på trivsel når der er sket noget alvorligt.",
            "Vi prioriterer trivsel, men nogle gange siger vi mere end vi gør.",
            "Vi prioriterer trivsel hver dag, og vi gør som vi siger. Vi arbejder hele tiden på at "
            "forebygge problemer før de opstår.",
            "Trivsel er en fast del af strategi og hverdag og vejer lige så tungt som "
            "forretningens mål.",
        ),
        "statements",
    ),
}
STEPS = (*QUESTIONS, "comment")
LIMIT = 600
WHO = Button("ask.who", "Hvem ser hvad?", "r1", style="quiet")


def question_card(step: str, chosen: int | None = None) -> Message:
    text, labels, layout = QUESTIONS[step]
    at = STEPS.index(step) + 1
    choices = tuple(
        Button("ask.answer", label, "r1", f"1:{step}:{n}", "choice", chosen=n == chosen)
        for n, label in enumerate(labels, start=1)
    )
    ways = (
        Button("ask.answer", "Ved ikke", "r1", f"1:{step}:0", "quiet", chosen=chosen == 0),
        Button("ask.skip", "Spring over", "r1", f"1:{step}", "quiet"),
        WHO,
    )
    return Message(
        text,
        (
            Text(f"Spørgsmål {at} af {len(STEPS)}", "quiet"),
            Text(text, "question"),
            Actions(choices, "statements" if layout == "statements" else "choices"),
            Actions(ways),
        ),
        title="Trivselstjek",
        progress=(at, len(STEPS)),
    )


def finished_card() -> Message:
    text = (
        "Tak. Dit svar er gemt. Tjekket lukker torsdag den 5. marts kl. 12, "
        "og teamet ser tallene mandag."
    )
    review = Button("ask.review", "Se eller ret mine svar", "r1")
    return Message(text, (Text(text), Actions((review, WHO))), title="Trivselstjek")


def privacy_card() -> Message:
    return Message(
        "Hvem ser hvad?",
        (
            Text("Mindst fem svar tælles altid sammen."),
            Text("Ingen kan finde dit svar når runden er lukket."),
            Divider(),
            Text("Det lover vi ikke: skærmbilleder og det du selv skriver.", "quiet"),
        ),
        title="Hvem ser hvad?",
    )


def chart() -> Chart:
    bars = (
        Bar("Arbejdet alt i alt", 3.5, "3½ af 5", 3.0),
        Bar("Besked i god tid", 2.5, "2½ af 5"),
        Bar("Rimelig fordeling", 4.0, "mindst 4 af 5", 3.5),
    )
    alt = "Arbejdet alt i alt 3½, besked i god tid 2½, rimelig fordeling mindst 4."
    return Chart("Trivselstjek uge 10", bars, "passer slet ikke", "passer helt", alt, "f1:a/b")


def result_card() -> Message:
    return Message(
        "Resultatet er klar",
        (
            Text("8 af 11 svarede. Her er mest at hente: besked i god tid."),
            chart(),
            Actions(
                (
                    Link("Se hele resultatet", "team/b12"),
                    Button("form", "Skriv et tiltag", "b12", opens_form=True, style="primary"),
                )
            ),
        ),
        title="Resultat af trivselstjekket",
    )


def every_part() -> Message:
    return Message(
        "Alt",
        (
            Text("Almindelig tekst\nover to linjer."),
            Text("En stille bemærkning.", "quiet"),
            Text("“Vi hjælper hinanden på tværs.”", "quote"),
            Fields((("Ansvarlig", "Bo Bech"), ("Opfølgning", "tirsdag den 3. marts"))),
            Divider(),
            Table(("Emne", "Nu", "Sidst"), (("Klare mål", "3½", "3"), ("Ro", "2½", "2½")), "Tal"),
            Table(
                ("Lukket", "Hvad", "Hvem", "Samlet", "Svarede"),
                (
                    (Link("5. november", "results/x"), "Trivselstjek", "B12", "3", "9 af 11"),
                    (Link("8. oktober", "results/y"), "Trivselstjek", "B12", "3½", "8 af 11"),
                ),
            ),
            Actions(
                (
                    Button("note", "Notér", style="primary"),
                    Button("form", "Åbn", opens_form=True),
                    Button("note", "Slet", value="x", style="danger"),
                    Button("boom", "Fejl", value="canary-4711", style="quiet"),
                    Link("Hjælp", "/help"),
                )
            ),
        ),
        title="Alle slags",
    )


def comment_form() -> Form:
    box = TextInput(
        "comment",
        "Vil du tilføje noget?",
        hint="Vises kun når ti har svaret og mindst tre har skrevet. Højst 600 tegn.",
        lines=4,
        limit=LIMIT,
        required=False,
    )
    intro = (Text("Spørgsmål 4 af 4", "quiet"), Text("Dine svar er gemt."))
    return Form("ask.comment", "Trivselstjek", (box,), "Send", "r1:4", intro)


def sheet() -> Form:
    """Return all questions on one form, one of them answered, with other buttons at its foot."""
    options = (("1", "Aldrig"), ("3", "Af og til"), ("5", "Altid"), ("0", "Ved ikke"))
    return Form(
        "ask.sheet",
        "Trivselstjek",
        (
            SelectInput("told", "Hvor ofte får I besked i tide?", options, required=False),
            SelectInput("calm", "Hvor ofte er der ro?", options, ("3",), required=False),
        ),
        "Send svar",
        "r1:1",
        foot=(
            Button("ask.delete", "Slet mine svar", "r1", style="danger", confirm="Helt sikkert?"),
            WHO,
        ),
    )


def every_input() -> Form:
    people = tuple((f"p{n}", f"Person {n}") for n in range(1, 9))
    return Form(
        "every",
        "Nyt tiltag",
        (
            TextInput("name", "Hvad vil I gøre?", hint="Én konkret ting.", limit=120),
            TextInput("how", "Første skridt", "Spørg på mødet", lines=3, required=False),
            NumberInput("size", "Hvor stort er det?", 1, 10, 3),
            DateInput("when", "Opfølgning", date(2026, 3, 3)),
            TimeInput("at", "Klokken", time(9, 30)),
            SelectInput("side", "Perspektiv", (("a", "fremmende"), ("b", "forebyggende")), ("a",)),
            SelectInput("owner", "Ansvarlig", people, ("p2",)),
            SelectInput("levels", "Niveau", (("i", "individ"), ("g", "gruppe")), ("g",), many=True),
            ToggleInput("trial", "Det er en prøvehandling", True, "Så ser vi på effekten."),
        ),
        "Gem",
        "b12",
    )


def hostile(text: str) -> Message:
    """Return a card in which every text is ``text``."""
    button = Button("note", text, text, text)
    return Message(
        text,
        (
            Text(text),
            Text(text, "question"),
            Fields(((text, text),)),
            Table((text,), ((text,),), text),
            replace(chart(), title=text, alt=text, low=text, context=""),
            Actions((button, Link(text, text))),
            Actions((replace(button, style="choice"),), "choices"),
        ),
        title=text,
    )
