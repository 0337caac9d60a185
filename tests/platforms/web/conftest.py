"""Fixtures of the web chat's tests."""

from collections.abc import AsyncIterator

import pytest
from web_chat import Chat, chat_of


@pytest.fixture
async def stranger() -> AsyncIterator[Chat]:
    """A chat with local sign-in that nobody is signed in to."""
    one = chat_of()
    yield one
    await one.browser.aclose()


@pytest.fixture
async def chat(stranger: Chat) -> Chat:
    """A chat with local sign-in, signed in as Anna."""
    await stranger.sign_in()
    return stranger
