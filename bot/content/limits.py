"""How long a text may be, all in one place, each with its reason. Lengths are in characters.

The narrowest platform decides: Slack's Block Kit numbers are from its reference; where the
format is stricter, the reason is the reader on a phone (voice). What to do with a text that grows
too long when it is filled is the platforms' business.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """The most characters a text may have, and why."""

    most: int
    reason: str


TITLE = Limit(60, "an instrument's title stands in lists and in Slack's header (150)")
INTRO = Limit(200, "one or two sentences, read on a phone")
SCALE_WORD = Limit(30, "a scale's words are buttons, beside each other (Slack's button: 75)")
QUESTION = Limit(109, "a question is under 110 characters; Slack's header takes 150")
SHORT = Limit(32, "a label in charts and lists (Slack's option text: 75)")
TALK = Limit(139, "a question to talk about is under 140 characters")
STATEMENT = Limit(179, "a statement is under 180 characters; too long for Slack's options (75)")
LEVEL = Limit(30, "a level's name stands inside sentences and charts")
LEVEL_MEANING = Limit(179, "a level's meaning is a statement, under 180 characters")

KINDS = {
    "text": Limit(3000, "Slack's section holds 3000 characters"),
    "line": Limit(300, "one line or two of running text"),
    "title": Limit(120, "Slack's header holds 150 characters"),
    "option": Limit(75, "Slack's option text holds 75 characters"),
    "button": Limit(40, "a button must fit a phone (Slack's button: 75)"),
    "modal": Limit(24, "Slack's modal title holds 24 characters"),
}
"""The kinds of message and the most characters of the filled text."""
