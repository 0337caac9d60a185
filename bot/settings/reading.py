"""Reading the settings, so that an operator is told all that is wrong with them at once."""

import os
import tomllib
from typing import Any

from pydantic import ValidationError

from bot.settings.fields import PREFIX, Settings, SettingsFaults, settings_file


def read(kind: type[Settings] = Settings, /, **given: Any) -> Settings:
    """Read the settings. Raises ``SettingsFaults`` with every fault.

    ``kind`` is what they must be in order for, where that is less than to run.
    """
    faults = _file_faults() + _unknown_variables()
    try:
        found = kind(**given)
    except SettingsFaults as wrong:
        raise SettingsFaults((*faults, *wrong.faults)) from None
    except tomllib.TOMLDecodeError as broken:
        raise SettingsFaults((*faults, f"{settings_file()}: {broken}")) from None
    except (OSError, UnicodeDecodeError) as unreadable:
        what = "not UTF-8" if isinstance(unreadable, UnicodeDecodeError) else "cannot be read"
        raise SettingsFaults((*faults, f"{settings_file()}: {what}")) from None
    except ValidationError as wrong:
        errors = wrong.errors(include_input=False, include_url=False)
        lines = tuple(
            f"{'.'.join(str(part) for part in error['loc']) or 'settings'}: "
            f"{_said(error['type'], error['msg'])}"
            for error in errors
        )
        bad = {str(error["loc"][0]) for error in errors if error["loc"]}
        raise SettingsFaults((*faults, *lines, *_faults_of_the_rest(kind, bad, given))) from None
    if faults:
        raise SettingsFaults(faults)
    return found


def _said(kind: str, text: str) -> str:
    return "no such setting" if kind == "extra_forbidden" else text.removeprefix("Value error, ")


def _faults_of_the_rest(
    kind: type[Settings], bad: set[str], given: dict[str, Any]
) -> tuple[str, ...]:
    """Look past the fields already found wrong for faults between the others."""
    fields = Settings.model_fields
    sound = {name: fields[name].get_default() for name in bad if name in fields}
    try:
        kind(**{**given, **sound})
    except SettingsFaults as wrong:
        return tuple(line for line in wrong.faults if line.split(":")[0] not in bad)
    except ValidationError:
        pass
    return ()


def _file_faults() -> tuple[str, ...]:
    named = PREFIX + "SETTINGS" in os.environ
    return (f"{settings_file()}: no such file",) if named and not settings_file().is_file() else ()


def _unknown_variables() -> tuple[str, ...]:
    known = {PREFIX + name.upper() for name in Settings.model_fields} | {PREFIX + "SETTINGS"}
    strange = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    return tuple(f"{name}: no such setting" for name in strange)
