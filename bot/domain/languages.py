"""The three languages the bot speaks, and how a person's language is chosen."""

from typing import Literal, get_args

Language = Literal["da", "sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "da"


def choose_language(*wishes: str | None) -> Language:
    """Return the first wish the bot speaks: the profile's, then the team's, then the setting's.

    A wish may be a locale such as ``sv-SE`` or ``en_GB``. Norwegian is read as Danish, the
    nearest language in writing.
    """
    for wish in wishes:
        code = (wish or "").replace("_", "-").split("-")[0].lower()
        code = {"nb": "da", "no": "da", "nn": "da"}.get(code, code)
        for language in LANGUAGES:
            if code == language:
                return language
    return DEFAULT_LANGUAGE
