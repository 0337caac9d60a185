"""Reads a table's values by name and type, and reports what is missing, wrong or left over.

A value at fault is reported and stands in as something harmless, so that reading can go on.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from bot.content.faults import Code, FaultList
from bot.content.tables import KeyPath, Leaf, Table

Choice = TypeVar("Choice", bound=str)


class Fields:
    """The fields of one table. Every method names a field; what was never named is unknown."""

    def __init__(self, table: Table, faults: FaultList) -> None:
        self.table = table
        self._faults = faults
        self._named: set[str] = set()

    def text(self, key: str) -> str:
        """Return a text that is not empty."""
        value = self._value(key, (str,), "a text")
        if not isinstance(value, str):
            return ""
        if not value.strip():
            self.fault(key, Code.EMPTY_TEXT, "this text is empty")
        return value

    def number(self, key: str) -> int:
        """Return a whole number from 1 up."""
        value = self._value(key, (int,), "a whole number")
        if not isinstance(value, int):
            return 1
        if value < 1:
            self.fault(key, Code.WRONG_TYPE, "this must be 1 or more")
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        """Return true or false; with ``default`` the field may be left out."""
        if default is not None and key not in self.table.items:
            self._named.add(key)
            return default
        return self._value(key, (bool,), "true or false") is True

    def choice(self, key: str, allowed: Sequence[Choice], code: Code) -> Choice:
        """Return one of ``allowed``; anything else is a fault of class ``code``."""
        value = self._value(key, (str,), "a text")
        for one in allowed:
            if value == one:
                return one
        if isinstance(value, str):
            self.fault(key, code, f"“{value}” is not one of: {', '.join(allowed)}")
        return allowed[0]

    def names(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; it may be left out."""
        if key not in self.table.items:
            self._named.add(key)
            return ()
        value = self._value(key, (list,), "a list of texts")
        if not isinstance(value, list):
            return ()
        if not all(isinstance(one, str) for one in value):
            self.fault(key, Code.WRONG_TYPE, "this must be a list of texts")
            return ()
        return tuple(value)

    def tags(self, key: str, allowed: Sequence[str], code: Code) -> tuple[str, ...]:
        """Return a list of texts that must all be in ``allowed``; it may be left out."""
        found = self.names(key)
        for one in found:
            self.check_known(key, one, allowed, code)
        return found

    def check_known(self, key: str, value: str, allowed: Sequence[str], code: Code) -> None:
        """Report ``value`` of a field when it is not in ``allowed``."""
        if value and value not in allowed:
            known = ", ".join(allowed) or "(there are none)"
            self.fault(key, code, f"“{value}” is not one of: {known}")

    def numbers(self, key: str) -> tuple[int, ...] | None:
        """Return a list of whole numbers; ``None`` where it is left out or is none."""
        if key not in self.table.items:
            self._named.add(key)
            return None
        value = self._value(key, (list,), "a list of whole numbers")
        if not isinstance(value, list):
            return None
        if not all(type(one) is int for one in value):
            self.fault(key, Code.WRONG_TYPE, "this must be a list of whole numbers")
            return None
        return tuple(value)

    def pair(self, key: str) -> tuple[int, int] | None:
        """Return two whole numbers, or ``None`` when they are not."""
        value = self._value(key, (list,), "two whole numbers")
        match value:
            case [int(first), int(second)]:
                return first, second
            case list():
                self.fault(key, Code.WRONG_TYPE, "this must be two whole numbers")
        return None

    def tables(self, key: str) -> Iterator[tuple[str, "Fields"]]:
        """Yield the tables under a table, in file order; there must be one at least."""
        self._named.add(key)
        found = self.table.items.get(key)
        if not isinstance(found, Table):
            self._missing_table(key, found)
            return
        for name, below in found.items.items():
            if isinstance(below, Table):
                yield name, Fields(below, self._faults)
            else:
                self._faults.add(below.file, below.path, Code.WRONG_TYPE, "this must be a table")

    def refuse(self, key: str, text: str) -> None:
        """Report ``key``, where it stands, as one that does not belong here."""
        self._named.add(key)
        if key in self.table.items:
            self.fault(key, Code.UNKNOWN_KEY, text)

    def refuse_others(self) -> None:
        """Report every field that was never named."""
        for key in self.table.items:
            if key not in self._named:
                self.fault(key, Code.UNKNOWN_KEY, "nothing reads this key")

    def fault(self, key: str, code: Code, text: str) -> None:
        """Report a fault at one field, in the file it was read from."""
        self.fault_at((key,), code, text)

    def fault_at(self, path: KeyPath, code: Code, text: str) -> None:
        """Report a fault at a field of a table below."""
        item = self.table.find(path)
        file = item.file if item is not None else self.table.file
        self._faults.add(file, (*self.table.path, *path), code, text)

    def fault_here(self, code: Code, text: str) -> None:
        """Report a fault of the table itself."""
        self._faults.add(self.table.file, self.table.path, code, text)

    def _missing_table(self, key: str, found: Leaf | None) -> None:
        if found is None:
            self._faults.missing(self.table.file, (*self.table.path, key), Code.MISSING_FILE)
        else:
            self.fault(key, Code.WRONG_TYPE, "this must be a table")

    def _value(self, key: str, types: tuple[type, ...], wanted: str) -> object:
        self._named.add(key)
        item = self.table.items.get(key)
        if item is None:
            self._faults.missing(self.table.file, (*self.table.path, key), Code.MISSING_FILE)
            return None
        if isinstance(item, Table) or type(item.value) not in types:
            self.fault(key, Code.WRONG_TYPE, f"this must be {wanted}")
            return None
        return item.value
