"""A real Chromium and a real server, for tests of whole pages; the fake front by default."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from served import Serve, Served
from starlette.applications import Starlette

from bot.content.loader import load
from bot.domain.chance import SystemChance
from bot.platforms.web.app import build
from bot.platforms.web.hub import Hub
from bot.platforms.web.port import Options

sys.path.insert(0, str(Path(__file__).parents[1] / "platforms" / "web"))

from web_front import FakeFront
from web_page import Chat, draw

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine. Where there is none, tests are skipped; in CI they fail.

    One for each module, not for the session: while Playwright's own loop runs, no asynchronous
    test elsewhere could.
    """
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        line = f"no browser found: install one of {', '.join(BROWSERS)}"
        if os.environ.get("CI"):
            pytest.fail(line)
        pytest.skip(line)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=[*ARGUMENTS])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demo of its own, in a process of its own."""
    data = tmp_path_factory.mktemp("demo") / "data"
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(data)]
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=root, env=environment
    ) as process:
        assert process.stdout is not None
        line = next((one for one in process.stdout if ADDRESS.search(one)), "")
        assert line, "the demo did not start"
        yield ADDRESS.search(line).group(0)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Return a function that serves an app; ``closing`` is called before it stops (a hub's end)."""
    with contextlib.ExitStack() as stack:

        def started(app: Starlette, closing: Callable[[], None] = lambda: None) -> Served:
            served = Served(app)
            served.start()
            stack.callback(served.stop)
            stack.callback(closing)
            return served

        yield started


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone of 360 by 740, with touch."""
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, bypass_csp=True
    )
    yield from _page(context)


@pytest.fixture
def desktop(browser: Browser) -> Iterator[Page]:
    """A page on a laptop."""
    yield from _page(browser.new_context(viewport={"width": 1280, "height": 860}, bypass_csp=True))


def _page(context: BrowserContext) -> Iterator[Page]:
    context.set_default_timeout(60_000)  # a limit for machines that are busy, not a measure
    page = context.new_page()
    yield page
    context.close()


@pytest.fixture
def chat(serve: Serve) -> Chat:
    """The web chat over the fake front."""
    front, hub = FakeFront(load().words), Hub()
    options = Options(session_key=b"k" * 32, organisation="Region Eksempel")
    app = build(front, hub, options, draw=draw, chance=SystemChance())
    return Chat(front, hub, serve(app, closing=hub.close).url)
