"""A Chromium of this machine, for whatever draws pictures. For development alone.

It is driven by Playwright, one of the packages for tests; the bot itself needs neither.
"""

import shutil

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


class CannotDraw(Exception):  # noqa: N818 - says what is the case
    """Something is missing on this machine; the text says what and how to get it."""


def found() -> str | None:
    """Return where a Chromium is."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


def missing() -> str | None:
    """Return what is missing for drawing and how to get it; ``None``: nothing."""
    if found() is None:
        return f"Pictures need Chromium: install one of {', '.join(BROWSERS)}."
    try:
        import playwright.sync_api  # noqa: F401 - absent where only the bot is installed
    except ModuleNotFoundError:
        return "Pictures need Playwright, one of the packages for tests: run `make slack-tools`."
    return None
