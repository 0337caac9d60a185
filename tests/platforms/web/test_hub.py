"""The hub: everybody who looks is told that something changed, and nobody holds up another."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from web_chat import Chat

from bot.platforms.web.hub import Heard, Hub, Watcher
from bot.platforms.web.reading import _events

Watch = Callable[..., Watcher]


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Return a function that opens a page: hub, person, the conversations he sees."""
    with ExitStack() as pages:

        def opened(hub: Hub, person: str, *conversations: str) -> Watcher:
            watcher = pages.enter_context(hub.watching(person))
            watcher.sees = frozenset(conversations)
            return watcher

        yield opened


async def heard(watcher: Watcher) -> Heard | None:
    return await asyncio.wait_for(watcher.next(), timeout=2)


async def hears_nothing(watcher: Watcher) -> bool:
    try:
        await asyncio.wait_for(watcher.next(), timeout=0.02)
    except TimeoutError:
        return True
    return False


async def test_both_who_see_a_conversation_are_told_and_the_third_is_not(watch: Watch) -> None:
    hub = Hub()
    anna, bo, cia = watch(hub, "anna", "team"), watch(hub, "bo", "team"), watch(hub, "cia", "x")
    hub.changed(["team", "elsewhere"])

    assert await heard(anna) == await heard(bo) == Heard(frozenset({"team"}), you=False)
    assert await hears_nothing(cia)


async def test_a_nudge_reaches_every_page_of_one_person_only(watch: Watch) -> None:
    hub = Hub()
    phone, laptop, bo = watch(hub, "anna"), watch(hub, "anna"), watch(hub, "bo")
    hub.nudge(["anna"])

    assert await heard(phone) == await heard(laptop) == Heard(frozenset(), you=True)
    assert await hears_nothing(bo)


async def test_somebody_slow_hears_everything_at_once_later(watch: Watch) -> None:
    hub = Hub()
    slow, quick = watch(hub, "slow", "a", "b"), watch(hub, "quick", "a")
    for _ in range(1000):
        hub.changed(["a", "b"])
    hub.nudge(["slow"])

    assert await heard(quick) == Heard(frozenset({"a"}), you=False)
    assert await heard(slow) == Heard(frozenset({"a", "b"}), you=True)
    assert await hears_nothing(slow)


async def test_another_thread_may_tell(watch: Watch) -> None:
    hub = Hub()
    anna = watch(hub, "anna", "team")
    thread = threading.Thread(target=hub.changed, args=(["team"],))
    thread.start()

    assert await heard(anna) == Heard(frozenset({"team"}), you=False)
    thread.join()


async def test_who_leaves_is_forgotten() -> None:
    hub = Hub()
    with hub.watching("anna"):
        assert len(hub) == 1
    assert len(hub) == 0


async def test_closing_ends_every_stream_and_those_that_come_later(watch: Watch) -> None:
    hub = Hub()
    early = watch(hub, "anna")
    hub.close()
    late = watch(hub, "bo")

    assert await heard(early) is None
    assert await heard(late) is None


def test_a_watcher_whose_loop_has_ended_is_no_trouble() -> None:
    hub = Hub()

    async def leave_open() -> None:
        pages.enter_context(hub.watching("anna")).sees = frozenset({"team"})

    with ExitStack() as pages:
        asyncio.run(leave_open())
        hub.changed(["team"])
        hub.close()
        assert len(hub) == 1


async def test_the_stream_says_where_and_never_what(stranger: Chat) -> None:
    sidebar = await stranger.front.sidebar("p-anna")
    assert sidebar
    site = type("S", (), {"hub": stranger.hub, "front": stranger.front})
    stream = _events(site, sidebar)  # type: ignore[arg-type]
    hello = await anext(stream)
    stranger.hub.changed(["team", "not-his"])
    stranger.hub.nudge(["p-anna"])

    assert hello.event == "hello"
    assert (await anext(stream)).data == '{"you": true}'
    assert (await anext(stream)).data == '{"conversation": "team"}'
    stranger.hub.close()
    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(stream), 2)


async def test_who_was_removed_while_looking_hears_no_more(stranger: Chat) -> None:
    sidebar = await stranger.front.sidebar("p-anna")
    assert sidebar
    site = type("S", (), {"hub": stranger.hub, "front": stranger.front})
    stream = _events(site, sidebar)  # type: ignore[arg-type]
    await anext(stream)
    del stranger.front.people["p-anna"]
    stranger.hub.nudge(["p-anna"])

    with pytest.raises(StopAsyncIteration):
        await asyncio.wait_for(anext(stream), 2)
    assert len(stranger.hub) == 0


async def test_a_stranger_gets_no_stream(stranger: Chat) -> None:
    assert (await stranger.browser.get("/live")).status_code == 303
