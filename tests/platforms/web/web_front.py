"""A front made of memory: one ward, one check-in, every kind of card. For the web chat's tests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.cards import (
    Actions,
    Ask,
    Bar,
    Button,
    Chart,
    Clicked,
    Command,
    DateInput,
    Divider,
    Fields,
    Form,
    Inbound,
    Link,
    Message,
    NumberInput,
    Reply,
    Say,
    SelectInput,
    Show,
    Submitted,
    Table,
    Text,
    TextInput,
    ToggleInput,
)
from bot.domain.languages import Language
from bot.flows.views import Conversation, Entry, Item, Page, Sidebar, SignInChoice
from bot.platforms.web.port import Wording

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
PERSON = "p-anna"
WHO = Button("ask.who", "Hvem ser hvad?", "r1", style="quiet")


class PlainWords:
    """Words that say their own key and values, so that tests do not hang on wording."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, /, **values: object) -> str:
        return " ".join((key, *(str(values[name]) for name in sorted(values))))


class FakeFront:
    """Answers as the flows would, and keeps what came in (``inbound``) for the tests to read."""

    def __init__(self, words: Callable[[Language], Wording] = PlainWords) -> None:
        self._words = words
        self.inbound: list[Inbound] = []
        self.said: list[tuple[str, str, str]] = []
        self.answers: dict[str, dict[str, str]] = {}
        self.people = {
            PERSON: SignInChoice(PERSON, "Anna Aaby", "", "Afsnit B12"),
            "p-bo": SignInChoice("p-bo", "Bo Bech", "teamleder", "Afsnit B12"),
            "p-cia": SignInChoice("p-cia", "Cia Çelik", "arbejdsmiljørepræsentant", "Ambulatoriet"),
        }
        self.languages: dict[str, Language] = {}
        self.channel = [
            _item(
                1, "Bo Bech", "i går kl. 9.12", Message("Hej", (Text("Godmorgen alle sammen."),))
            ),
            _item(2, None, "i går kl. 9.30", result_card()),
            _item(
                3, "Cia Çelik", "kl. 7.58", Message("Tak", (Text("Tak, det tager vi op i dag."),))
            ),
        ]
        self.failing = ""
        self.demo = False

    def words(self, language: Language) -> Wording:
        return self._words(language)

    async def choices(self) -> tuple[SignInChoice, ...]:
        return tuple(self.people.values())

    async def by_email(self, email: str) -> str | None:
        return PERSON if email == "anna@example.org" else None

    async def sidebar(self, person: str) -> Sidebar | None:
        if person not in self.people:
            return None
        newest = self.channel[-1].id if self.channel else 0
        waiting = int(self._step(person) is not None)
        entries = (
            Entry("c/dm", "Trivselsbot", "direct", 7, waiting),
            Entry("c/team", "afsnit-b12", "channel", newest),
            Entry("c/read", "hele-klinikken", "channel"),
            Entry("me", "Mine ting", "page"),
            Entry("team/b12", "Afsnit B12", "page"),
            Entry("privacy", "Hvem ser hvad?", "page"),
        )
        language = self.languages.get(person, "da")
        name = self.people[person].name
        return Sidebar(person, name, language, "Region Eksempel", entries, self.demo)

    async def conversation(
        self, person: str, conversation: str, /, before: int | None = None
    ) -> Conversation | None:
        if conversation == "dm":
            welcome = Message("Hej", (Text("Hej Anna. Her stiller jeg et par korte spørgsmål."),))
            items = (_item(7, None, "mandag kl. 8.00", welcome),)
            note = "Her er kun du og botten."
            return Conversation("dm", "Trivselsbot", note, items, self._waiting(person), None, True)
        if conversation == "read":
            return Conversation("read", "hele-klinikken", "", (), (), None, False)
        if conversation != "team":
            return None
        found = [one for one in self.channel if before is None or one.id < before]
        shown = tuple(found[-20:])
        older = shown[0].id if len(found) > len(shown) else None
        return Conversation("team", "afsnit-b12", "11 er med her.", shown, (), older, True)

    async def page(self, person: str, path: str) -> Page | None:
        if path == "boom":
            raise RuntimeError(self.failing)
        titles = {"me": "Mine ting", "team/b12": "Afsnit B12", "privacy": "Hvem ser hvad?"}
        if path not in titles:
            return None
        return Page(path, titles[path], (result_card(), every_part(), privacy_card()))

    async def chart(self, person: str, figure: str) -> Chart | None:
        return chart() if figure == "f1:a/b" else None

    async def say(self, person: str, conversation: str, event: str, text: str) -> Reply | None:
        self.said.append((person, conversation, text))
        if text.startswith("/"):
            return await self.handle(Command(event, person, conversation, text))
        newest = self.channel[-1].id + 1
        card = Message(text, (Text(text),))
        self.channel.append(_item(newest, self.people[person].name, "nu", card))
        return None

    async def handle(self, inbound: Inbound) -> Reply:
        self.inbound.append(inbound)
        match inbound:
            case Command():
                return Show(privacy_card())
            case Clicked(action="ask.answer"):
                _, step, chosen = inbound.value.split(":")
                self.answers.setdefault(inbound.person, {})[step] = chosen
                return self._next(inbound.person)
            case Clicked(action="ask.comment"):
                return Ask(comment_form())
            case Clicked(action="ask.who"):
                return Show(privacy_card())
            case Clicked(action="form"):
                return Ask(every_input())
            case Clicked(action="note"):
                return Say("Det er noteret.")
            case Clicked(action="boom"):
                raise RuntimeError(inbound.value)
            case Submitted(form="ask.comment"):
                return self._comment(inbound)
            case Submitted(form="every"):
                wrong = {"name": "Skriv hvad det handler om.", "size": "Skriv et tal fra 1 til 10."}
                return Ask(every_input(), wrong)
            case _:
                return Say("Det kender jeg ikke.")

    def _comment(self, sent: Submitted) -> Reply:
        text = str(sent.values.get("comment", ""))
        if len(text) > LIMIT:
            return Ask(comment_form(), {"comment": f"{len(text) - LIMIT} tegn for meget."})
        self.answers.setdefault(sent.person, {})["comment"] = text
        return Show(finished_card(), done=True)

    def _step(self, person: str) -> str | None:
        answered = self.answers.get(person, {})
        return next((step for step in STEPS if step not in answered), None)

    def _next(self, person: str) -> Reply:
        step = self._step(person)
        if step == "comment":
            return Ask(comment_form())
        return Show(question_card(step) if step else finished_card(), done=step is None)

    def _waiting(self, person: str) -> tuple[Message, ...]:
        step = self._step(person)
        if step is None:
            return (finished_card(),)
        if step == "comment":
            go_on = Button("ask.comment", "Fortsæt", "r1", style="primary", opens_form=True)
            text = "Du er i gang. Tjekket lukker torsdag den 5. marts kl. 12."
            return (Message(text, (Text(text), Actions((go_on,))), title="Trivselstjek"),)
        return (question_card(step),)


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


def _item(id_: int, author: str | None, at: str, card: Message) -> Item:
    return Item(id_, author, at, card)
