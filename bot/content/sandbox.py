"""Jinja with nothing in it: the second fence around templates; the first is ``templates``."""

from typing import Any

from jinja2 import StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from bot.content.formats import Formats


class PlainSandbox(SandboxedEnvironment):
    """Jinja with nothing in it but the language's filters; what is undefined is an error."""

    def __init__(self, formats: Formats) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, cache_size=0)
        self.globals = {}
        self.tests = {}
        self.filters = dict(formats.filters())

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:  # noqa: ARG002
        """Refuse every attribute: values are plain."""
        return False

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002
        """Refuse every call."""
        return False
