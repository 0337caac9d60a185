"""What the bot can show and how people answer it, as plain data no platform is named in.

All strings are already in the reader's language. A payload (``action``, ``context``, ``value``)
names an action and an opaque id; state stays on the server. Renderers: ``bot.platforms``.

This is the whole vocabulary: everybody takes it from here.
"""

from bot.cards.forms import (
    DateInput,
    Form,
    Input,
    NumberInput,
    SelectInput,
    TextInput,
    TimeInput,
    ToggleInput,
)
from bot.cards.inbound import Clicked, Command, Inbound, Submitted
from bot.cards.messages import (
    Actions,
    Bar,
    Button,
    Chart,
    Countdown,
    Divider,
    Fields,
    Link,
    Message,
    Part,
    Table,
    Text,
    Transient,
    in_place,
)
from bot.cards.replies import Ask, Reply, Say, Show

__all__ = [
    "Actions",
    "Ask",
    "Bar",
    "Button",
    "Chart",
    "Clicked",
    "Command",
    "Countdown",
    "DateInput",
    "Divider",
    "Fields",
    "Form",
    "Inbound",
    "Input",
    "Link",
    "Message",
    "NumberInput",
    "Part",
    "Reply",
    "Say",
    "SelectInput",
    "Show",
    "Submitted",
    "Table",
    "Text",
    "TextInput",
    "TimeInput",
    "ToggleInput",
    "Transient",
    "in_place",
]
