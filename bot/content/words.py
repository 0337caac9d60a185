"""One language's words: fills the pack's messages and hands out the instruments' words.

Templates are written by people who are not programmers, values come from anybody: a template may
do little (``templates``, ``sandbox``), and a value is only ever text in it, never a template
itself. Plain text comes out; escaping is the platforms' business.
"""

from collections.abc import Mapping
from datetime import date

from jinja2 import Template

from bot.content.formats import Formats
from bot.content.sandbox import PlainSandbox
from bot.content.wording import InstrumentWords, MessageKey
from bot.domain.languages import Language


class UnknownMessage(KeyError):  # noqa: N818 - named for what was asked for
    """The pack declares no message with this key."""


class WrongValues(ValueError):  # noqa: N818 - named for what was given
    """A message was given other values than it declares, or something that is not plain."""


class Words:
    """The words of one pack in one language. Looking one up again costs nothing but the filling."""

    def __init__(
        self,
        language: Language,
        keys: Mapping[str, MessageKey],
        messages: Mapping[str, str],
        instruments: Mapping[str, InstrumentWords],
    ) -> None:
        self.language = language
        self.formats = Formats(language)
        self._keys = keys
        self._messages = messages
        self._instruments = instruments
        self._sandbox = PlainSandbox(self.formats)
        self._compiled: dict[str, tuple[frozenset[str], Template]] = {}
        self._fixed: dict[str, str] = {}

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the message ``key`` filled with ``values``, which must be just the declared ones.

        Values are ``str``, ``int``, ``float``, ``date``, an aware ``datetime`` in the reader's
        zone, or a list of ``str``. Raises ``UnknownMessage`` and ``WrongValues``; neither repeats
        a value, for it may be somebody's comment.
        """
        if not values and (fixed := self._fixed.get(key)) is not None:
            return fixed
        declared, template = self._compiled.get(key) or self._compile(key)
        if values.keys() != declared:
            wrong = ", ".join(sorted(values.keys() ^ declared))
            raise WrongValues(f"{key}: declared values and given ones differ in: {wrong}")
        plain = {name: _plain(key, name, given) for name, given in values.items()}
        try:
            text = template.render(plain)
        except (TypeError, ValueError) as error:
            raise WrongValues(f"{key}: {error}") from error
        if not declared:  # what has no values says the same each time
            self._fixed[key] = text
        return text

    def instrument(self, instrument: str) -> InstrumentWords:
        """Return an instrument's words; raises ``KeyError``."""
        return self._instruments[instrument]

    def _compile(self, key: str) -> tuple[frozenset[str], Template]:
        if key not in self._keys:
            raise UnknownMessage(key)
        template = self._sandbox.from_string(self._messages[key])
        self._compiled[key] = frozenset(self._keys[key].values), template
        return self._compiled[key]


def _plain(key: str, name: str, value: object) -> object:
    """Return ``value`` as plain data, without the methods of any subclass."""
    match value:
        case str():
            return value if type(value) is str else str.__str__(value)
        case bool() | int() | float() | date():
            return value
        case list() | tuple() if all(isinstance(one, str) for one in value):
            return [str.__str__(one) for one in value]
    raise WrongValues(f"{key}: {name} is not plain text, number, date or list of texts")
