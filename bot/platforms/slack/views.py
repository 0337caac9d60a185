"""Views by one name: forms, questions and cards as modals, and the home tab.

``modals`` has forms, ``questions`` answers that are sent, ``leafing`` cards whose buttons act at
once and the home tab, ``metadata`` what a modal carries until it is sent.
"""

from bot.platforms.slack.leafing import PAGE, home, question
from bot.platforms.slack.metadata import carried, moved, origin
from bot.platforms.slack.modals import errors, modal
from bot.platforms.slack.questions import QUESTIONS, questions, skip_of

__all__ = [
    "PAGE",
    "QUESTIONS",
    "carried",
    "errors",
    "home",
    "modal",
    "moved",
    "origin",
    "question",
    "questions",
    "skip_of",
]
