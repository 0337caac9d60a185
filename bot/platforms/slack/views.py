"""Views by one name: forms, questions and cards as modals, the home tab, and what comes back.

``modals`` has forms, ``questions`` answers that are sent, ``leafing`` cards whose buttons act at
once and the home tab, ``metadata`` what a modal carries until it is sent.
"""

from bot.platforms.slack.leafing import PAGE, home, question
from bot.platforms.slack.metadata import carried, moved, origin
from bot.platforms.slack.modals import errors, modal, values
from bot.platforms.slack.questions import QUESTIONS, chosen, questions, skip_of

__all__ = [
    "PAGE",
    "QUESTIONS",
    "carried",
    "chosen",
    "errors",
    "home",
    "modal",
    "moved",
    "origin",
    "question",
    "questions",
    "skip_of",
    "values",
]
