"""Very many at once: first come, first done, and nobody waits beyond what Slack waits for."""

import asyncio

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.platforms.slack.turns import ARRIVED, Turns


def request(number: int) -> AsyncBoltRequest:
    return AsyncBoltRequest(body={"type": "x", "number": number}, mode="socket_mode")


class Work:
    """What is done for each request, until the test lets it go on."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.go_on: dict[int, asyncio.Event] = {}

    async def dispatch(self, asked: AsyncBoltRequest) -> BoltResponse:
        number = asked.body["number"]
        self.begun.append(number)
        self.go_on[number] = asyncio.Event()
        await self.go_on[number].wait()
        if number < 0:
            raise LookupError
        return BoltResponse(status=200, body=str(number))


async def some_steps() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_so_many_are_worked_at_and_the_others_follow_in_order() -> None:
    work = Work()
    turns = Turns(work.dispatch, at_once=2, patience=3600)
    asked = [asyncio.create_task(turns.handle(request(n))) for n in range(5)]
    await some_steps()
    assert work.begun == [0, 1]
    for number in (1, 0, 2, 3, 4):
        work.go_on[number].set()
        await some_steps()
    assert work.begun == [0, 1, 2, 3, 4]
    assert [(await one).body for one in asked] == ["0", "1", "2", "3", "4"]


async def test_who_has_waited_for_long_goes_in_all_the_same_and_takes_nobodys_turn() -> None:
    work = Work()
    turns = Turns(work.dispatch, at_once=1, patience=0.01)
    first = asyncio.create_task(turns.handle(request(1)))
    await some_steps()
    second = asyncio.create_task(turns.handle(request(2)))
    while 2 not in work.begun:
        await asyncio.sleep(0.005)
    work.go_on[2].set()
    assert (await second).body == "2"
    third = asyncio.create_task(turns.handle(request(3)))
    await some_steps()
    assert work.begun == [1, 2]  # the first still has the only turn
    work.go_on[1].set()
    assert (await first).body == "1"
    await some_steps()
    work.go_on[3].set()
    assert (await third).body == "3"


async def test_a_turn_that_ends_badly_or_is_given_up_is_free_again() -> None:
    work = Work()
    turns = Turns(work.dispatch, at_once=1, patience=3600)
    failing = asyncio.create_task(turns.handle(request(-1)))
    await some_steps()
    waiting = asyncio.create_task(turns.handle(request(2)))
    await some_steps()
    waiting.cancel()
    work.go_on[-1].set()
    results = await asyncio.gather(failing, waiting, return_exceptions=True)
    assert [type(one) for one in results] == [LookupError, asyncio.CancelledError]
    last = asyncio.create_task(turns.handle(request(3)))
    await some_steps()
    work.go_on[3].set()
    assert (await last).body == "3"


async def test_a_request_says_when_it_came_not_when_its_turn_was() -> None:
    work = Work()
    turns = Turns(work.dispatch, at_once=1, patience=3600)
    asked = [request(1), request(2)]
    before = asyncio.get_running_loop().time()
    tasks = [asyncio.create_task(turns.handle(one)) for one in asked]
    await some_steps()
    between = asyncio.get_running_loop().time()
    assert all(before <= one.context[ARRIVED] <= between for one in asked)
    for number in (1, 2):
        work.go_on[number].set()
        await some_steps()
    await asyncio.gather(*tasks)
