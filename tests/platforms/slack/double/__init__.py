"""A strict test double of Slack. ``SlackDouble`` is the way in."""

from double.app import App, Installation
from double.faults import Fault
from double.people import Person
from double.shapes import ImpossibleError, Oracle, Violation, WrongUseError
from double.slack import SlackDouble
from double.world import Channel, Enterprise, Message, Team, User, View

__all__ = [
    "App",
    "Channel",
    "Enterprise",
    "Fault",
    "ImpossibleError",
    "Installation",
    "Message",
    "Oracle",
    "Person",
    "SlackDouble",
    "Team",
    "User",
    "View",
    "Violation",
    "WrongUseError",
]
