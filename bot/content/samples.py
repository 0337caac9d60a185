"""Fills templates with sample values, to see whether they can be filled and fit their kind.

Real values may be longer; the platforms shorten visibly then. This catches the text that is too
long before anything is filled in, or that never could be.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice, product

from bot.content.faults import Code
from bot.content.formats import Formats
from bot.content.limits import KINDS
from bot.content.sandbox import PlainSandbox
from bot.content.studies import FILTER_USES, Study, Use
from bot.content.wording import MessageKey
from bot.domain.languages import Language

_DATE = datetime(2026, 9, 30, 22, 30, tzinfo=UTC)
"""A Wednesday in September: long in all three languages."""
_NAME = "Afsnit B12, Nord og Vest"
_SAMPLES: Mapping[Use, Sequence[object]] = {
    Use.DATE: (_DATE,),
    Use.LIST: ([_NAME, _NAME, _NAME], [_NAME], []),
    Use.NUMBER: (12, 1, 0, 3.5),
    Use.TEXT: (_NAME, ""),
}
_MOST_TRIES = 64


class Samples:
    """Sample values as one language writes them."""

    def __init__(self, language: Language) -> None:
        formats = Formats(language)
        self.sandbox = PlainSandbox(formats)
        self._lengths: dict[tuple[Use, str | None], int] = {
            (use, None): max(len(str(sample)) for sample in samples)
            for use, samples in _SAMPLES.items()
        }
        for name, write in formats.filters().items():
            use = FILTER_USES[name]
            self._lengths[use, name] = max(len(write(sample)) for sample in _SAMPLES[use])

    def problems(
        self, template: str, key: MessageKey, found: Study, uses: Mapping[str, Use]
    ) -> Iterator[tuple[Code, str]]:
        """Yield what is wrong with the filled template; ``found`` is its study, without problems.

        Where the parts cannot add up to too much, nothing is filled: compiling a thousand
        templates would take a second at every start.
        """
        limit = KINDS[key.kind]
        if not found.loops and self._most(found, uses) <= limit.most:
            return
        try:
            longest = max(len(text) for text in self._fillings(template, key, found, uses))
        except (TypeError, ValueError) as error:
            yield Code.TEMPLATE_FAILS, f"this cannot be filled: {error}"
            return
        if longest > limit.most:
            text = f"{longest} characters when filled; at most {limit.most}: {limit.reason}"
            yield Code.TOO_LONG, text

    def _most(self, found: Study, uses: Mapping[str, Use]) -> int:
        total = found.literal
        for name, filter_name in found.outputs:
            plain = max((len(text) for text in found.choices.get(name, ())), default=0)
            use = FILTER_USES[filter_name] if filter_name else uses[name]
            total += max(self._lengths[use, filter_name], plain)
        return total

    def _fillings(
        self, template: str, key: MessageKey, found: Study, uses: Mapping[str, Use]
    ) -> Iterator[str]:
        compiled = self.sandbox.from_string(template)
        candidates = [
            (*_SAMPLES[uses[name]], *sorted(found.choices.get(name, ()))) for name in key.values
        ]
        for values in islice(product(*candidates), _MOST_TRIES):
            yield compiled.render(dict(zip(key.values, values, strict=True)))
