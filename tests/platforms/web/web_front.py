"""A front made of memory: one ward and one check-in. For the web chat's tests."""

from collections.abc import Callable

from web_cards import (
    LIMIT,
    STEPS,
    chart,
    comment_form,
    every_input,
    every_part,
    finished_card,
    privacy_card,
    question_card,
    result_card,
)

from bot.cards import (
    Actions,
    Ask,
    Button,
    Chart,
    Clicked,
    Command,
    Inbound,
    Message,
    Reply,
    Say,
    Show,
    Submitted,
    Text,
)
from bot.domain.languages import Language
from bot.flows.views import Conversation, Download, Entry, Item, Page, Sidebar, SignInChoice
from bot.platforms.web.port import Wording

PERSON = "p-anna"


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

    async def language(self, person: str) -> Language | None:
        return self.languages.get(person, "da") if person in self.people else None

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

    async def download(self, person: str, file: str) -> Download | None:
        if file != "dag.csv":
            return None
        return Download("plan-dåg.csv", "text/csv; charset=utf-8", b"a;b\r\n")

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


def _item(id_: int, author: str | None, at: str, card: Message) -> Item:
    return Item(id_, author, at, card)
