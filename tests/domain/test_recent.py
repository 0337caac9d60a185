"""A small memory keeps the newest and makes nothing twice."""

from bot.domain.recent import Recent


def test_what_was_made_is_not_made_again() -> None:
    numbers = iter((1, 2))
    memory: Recent[str, int] = Recent(3)

    assert memory.get("a", lambda: next(numbers)) == 1
    assert memory.get("a", lambda: next(numbers)) == 1
    assert memory.find("b") is None


def test_the_oldest_is_let_go_first() -> None:
    memory: Recent[int, int] = Recent(3)
    for number in range(5):
        memory.keep(number, number)

    assert len(memory) == 3
    assert [memory.find(number) for number in range(5)] == [None, None, 2, 3, 4]


def test_a_key_that_is_kept_again_drives_out_nobody() -> None:
    memory: Recent[str, int] = Recent(2)
    memory.keep("a", 1)
    memory.keep("b", 2)
    memory.keep("b", 3)

    assert (memory.find("a"), memory.find("b")) == (1, 3)
