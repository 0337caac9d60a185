"""What invented people write: ideas and first steps by topic, wishes, answers, what was learnt.

Like ``COMMENTS`` these are invented utterances, in the language of the invented workplaces.
"""

from dataclasses import dataclass
from zlib import crc32

from bot.domain.dialogues import Step


@dataclass(frozen=True)
class Theme:
    """What is said about a topic; ``how`` are ideas, each with its first step."""

    topic: str
    best: tuple[str, ...]
    now: tuple[str, ...]
    how: tuple[tuple[str, str], ...]

    def said(self, step: Step) -> tuple[str, ...]:
        """Return what is said to one of the three questions."""
        if step is Step.HOW:
            return tuple(idea for idea, _ in self.how)
        return self.best if step is Step.BEST else self.now

    def first_step(self, idea: str) -> str:
        """Return the first step towards an idea."""
        return dict(self.how).get(idea, "Vi aftaler hvem der begynder")


THEMES = (
    Theme(
        "Overdragelsen mellem vagterne",
        (
            "Alle ved hvad der er sket i nat",
            "Vi når at stille spørgsmål",
            "Vi siger ordentligt godmorgen",
            "Den der går hjem, kan gå hjem i hovedet også",
            "Det vigtigste kommer først",
            "Beboerne mærker at vi har talt sammen",
        ),
        (
            "Vi løber forbi hinanden",
            "Beskeder ligger tre steder",
            "Nogle dage går det fint",
            "Telefonen ringer midt i det hele",
            "Weekenden er den sværeste",
            "De korte beskeder virker",
        ),
        (
            ("Ti minutter sammen ved tavlen", "Find et tidspunkt der passer begge hold"),
            ("Ét sted til beskeder", "Vælg stedet på næste møde"),
            ("Den der går, præsenterer den der kommer", "Prøv det på mandag"),
            ("Afdelingens telefon bliver ved tavlen", "Sæt en oplader op"),
            ("Tre punkter i fast rækkefølge", "Skriv dem på et kort"),
            ("Weekenden får sin egen overdragelse", "Spørg weekendholdet"),
        ),
    ),
    Theme(
        "Ro til det skriftlige",
        (
            "Vi kan skrive færdigt uden at blive afbrudt",
            "Der er plads til at tænke sig om",
            "Notaterne hjælper den næste",
            "Vi er færdige når vagten slutter",
            "Beboeren er med når vi skriver",
        ),
        (
            "Telefonen ringer hele tiden",
            "Vi skriver når vagten er slut",
            "Om eftermiddagen er der ro",
            "Der er kun én computer",
            "Vi skriver det samme to steder",
        ),
        (
            ("En time med ro hver formiddag", "Aftal hvem der tager telefonen i morgen"),
            ("Et skilt på døren", "Lav skiltet i dag"),
            ("Vi dokumenterer sammen med beboeren", "Prøv med én beboer"),
            ("Kortere notater efter samme skabelon", "Find tre gode eksempler"),
            ("En computer mere i kontoret", "Spørg hvad der står ubrugt"),
        ),
    ),
    Theme(
        "Pauserne",
        (
            "Vi sidder ned sammen",
            "Vi griner og får ny energi",
            "Nogen siger: nu tager jeg over",
            "Kaffen er varm endnu",
            "Vi taler om andet end arbejde",
        ),
        (
            "Pausen ryger når der er travlt",
            "Nogle holder den alene",
            "Aftenholdet er gode til det",
            "Rummet er for lille",
            "Man får dårlig samvittighed",
        ),
        (
            ("Vi afløser hinanden to og to", "Skriv makkerparrene på tavlen"),
            ("Pauserne står i dagsplanen", "Sæt dem ind for næste uge"),
            ("Et bord i haven", "Spørg pedellen om et bord"),
            ("Ingen telefoner i pausen", "Læg dem i kurven på fredag"),
            ("En kande kaffe står klar klokken ti", "Skriv en liste over hvem der brygger"),
        ),
    ),
    Theme(
        "Vagtplanen",
        (
            "Vi kender planen i god tid",
            "Der er plads til ønsker",
            "Det er let at bytte",
            "Ferier er fordelt så alle kan leve med det",
            "Vi ved hvem vi er på vagt med",
        ),
        (
            "Planen kommer sent",
            "Vi bytter på gangen",
            "De faste weekender fungerer",
            "Nogle får altid det samme",
            "Ændringer opdager man tilfældigt",
        ),
        (
            ("Planen hænger der fire uger før", "Sæt en fast dato for den næste plan"),
            ("Vi bytter i et fælles skema", "Lav skemaet og vis det på mødet"),
            ("Ønsker skal være inde den første", "Skriv datoen på tavlen"),
            ("Nye får en fast makker på vagten", "Spørg hvem der har lyst"),
            ("Ændringer bliver sagt højt om morgenen", "Gør det i morgen"),
        ),
    ),
)
LEARNT = (
    "Idéen var god, men tidspunktet passede ikke til aftenholdet.",
    "Det tog for lang tid i forhold til hvad det gav.",
    "Vi skulle have spurgt dem det handler om først.",
)
WISHES = (
    "Vi mangler hænder mellem syv og ni. Det kan vi ikke løse selv.",
    "Systemet er langsomt om morgenen. Vi har brug for at nogen ser på det.",
    "Vi vil gerne have en fast vikar som kender beboerne.",
)
REPLIES = (
    "Tak fordi I siger det. Vi tager det med i næste budget og svarer igen i næste måned.",
    "Det sætter vi i gang. I får en aftale inden udgangen af ugen.",
    "Det kan vi ikke nu. Lad os tale om hvad der ellers kunne hjælpe.",
)


def theme_of(topic: str) -> Theme:
    """Return what is said about a topic: its own theme, or always the same one of the others."""
    known = next((theme for theme in THEMES if theme.topic == topic), None)
    return known or THEMES[crc32(topic.encode()) % len(THEMES)]
