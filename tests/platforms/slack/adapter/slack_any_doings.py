"""What people do in Slack on a walk at random: each a move, for whoever it falls to."""

import asyncio
from typing import Any

from double import ImpossibleError, Message, Person
from double.reading import STATELESS, Element, elements
from double.screen import Surface
from double.world import View
from slack_any_filling import fill_oddly
from slack_any_walk import Move, Walk
from slack_twins import once_more
from slack_walk import blocks_of, button

from bot.platforms.slack.metadata import origin

VERBS = (
    "", "tjek", "avstämning", "checkin", "modenhed", "maturity", "dialog", "tiltag", "åtgärd",
    "resultat", "results", "væk", "plan", "indstillinger", "settings", "anonym", "hjælp",
    "overblik", "tilltag", "sdkfj", "tjek nu", "væk 3.3.-5.3.", "dialog Støj & larm",
)  # fmt: skip


async def command(walk: Walk) -> None:
    """Type a command somewhere."""
    who = walk.member()
    word = walk.chance.choice(VERBS)
    if walk.chance.random() < 0.2:
        word = f"{word} {walk.typing.text(200)}".strip().replace("\n", " ")
    rooms = [one for one in walk.channels if who.id in one.members and not one.archived]
    where = walk.chance.choice([None, None, *rooms])
    walk.told(repr(word)[:60])
    if who.modals:
        await who.close_modal(all_of_them=True)
    await who.command("/trivsel", word, where=where)


def _surfaces(walk: Walk, who: Person) -> list[Surface]:
    if who.modals and usable(who.modal) and walk.chance.random() < 0.9:
        return [who.modal]
    home: list[Surface] = [who.home] if who.home is not None else []
    seen = who.sees()
    return [*home, *home, *seen, *seen[-3:] * 3]


def _usable(walk: Walk, who: Person) -> tuple[Surface, Element]:
    surfaces = [one for one in _surfaces(walk, who) if usable(one)]
    if not surfaces:
        raise ImpossibleError("he sees nothing")
    surface = walk.chance.choice(surfaces)
    found = usable(surface)
    if not found:
        raise ImpossibleError("nothing to press")
    return surface, walk.chance.choice(found)


async def press(walk: Walk) -> None:
    """Press or choose whatever there is; close what has no buttons."""
    who = walk.someone()
    if who.modals and not usable(who.modal):
        return await who.close_modal()
    surface, one = _usable(walk, who)
    return await _use(walk, who, surface, one)


async def _use(walk: Walk, who: Person, surface: Surface, one: Element) -> None:
    name = str(one.body["action_id"])
    kind = type(surface).__name__
    walk.told(f"{kind} {one.kind} {one.label[:30]!r} {name[:60]}")
    if isinstance(surface, Message) and who.modals:
        await who.close_modal(all_of_them=True)
    if one.kind == "button":
        await who.click(name, on=surface)
    elif one.body.get("options"):
        option = walk.chance.choice(one.body["options"])
        await who.choose(name, option["value"], on=surface)
    elif one.kind not in STATELESS:
        raise ImpossibleError(f"nobody can choose in {one.kind}")


async def press_twice(walk: Walk) -> None:
    """Press a button twice at once."""
    who = walk.someone()
    surface, one = _usable(walk, who)
    if one.kind != "button":
        raise ImpossibleError("no button")
    if isinstance(surface, Message) and who.modals:
        await who.close_modal(all_of_them=True)
    name = str(one.body["action_id"])
    walk.told(f"{one.label[:30]!r} {name[:60]}")
    await asyncio.gather(who.click(name, on=surface), who.click(name, on=surface))


async def send(walk: Walk) -> None:
    """Fill in the form that is open and send it, now and then twice."""
    who = walk.someone()
    if not who.modals or not who.modal.payload.get("submit"):
        return await _use(walk, who, *_usable(walk, who))
    view = who.modal
    await fill_oddly(who, walk.typing)
    walk.told(f"{view.payload.get('callback_id')}")
    await _submit(walk, who)
    if walk.chance.random() < 0.15:
        last = walk.double.post.sent[-1]
        if walk.chance.random() < 0.5:
            trigger = walk.double.state.triggers.issue(who.user.team, who.id)
            last = once_more(last, trigger)
        walk.told("twice")
        await walk.double.redeliver(last)
    return None


async def _submit(walk: Walk, who: Person) -> None:
    """Send the form on top; remember what must be kept when it was taken."""
    sheet, view = sheet_of(who), who.modal
    became = await who.submit()
    walk.told(f"{became} {who.errors if became == 'errors' else ''}"[:150])
    if sheet and became == "updated" and opened_by(view) != "ask.sheet":
        walk.taken.append((who, *sheet))


async def closes(walk: Walk) -> None:
    """Close a modal, or all."""
    await walk.someone().close_modal(all_of_them=walk.chance.random() < 0.5)


async def home(walk: Walk) -> None:
    """Open the home or the messages."""
    who = walk.member()
    if walk.chance.random() < 0.8:
        await who.opens_home()
    else:
        await who.opens_messages()


async def shortcut(walk: Walk) -> None:
    """Use a shortcut."""
    who = walk.member()
    if who.modals:
        await who.close_modal(all_of_them=True)
    if walk.chance.random() < 0.4:
        await who.shortcut("trivsel_menu")
        return
    seen = [one for one in who.sees() if not one.only_for]
    if not seen:
        raise ImpossibleError("no message")
    name = walk.chance.choice(("trivsel_action", "trivsel_dialogue"))
    await who.message_shortcut(name, walk.chance.choice(seen))


async def talk(walk: Walk) -> None:
    """Say something to the bot, or in a channel."""
    who = walk.member()
    rooms = [one for one in walk.channels if who.id in one.members and not one.archived]
    said = walk.chance.choice((*VERBS, "4", walk.typing.text(500)))
    await who.says(said or "hej", walk.chance.choice([None, *rooms]))


async def answers(walk: Walk) -> None:
    """Open the questions by command, and answer them as they come."""
    who = walk.member()
    if who.modals:
        await who.close_modal(all_of_them=True)
    await who.command("/trivsel", walk.chance.choice(("tjek", "modenhed")))
    await walk.t.settled()
    for _ in range(walk.chance.randint(1, 4)):
        if not who.modals or not who.modal.payload.get("submit"):
            return
        await fill_oddly(who, walk.typing)
        await _submit(walk, who)
        await walk.t.settled()


async def goes_through(walk: Walk) -> None:
    """Ask for something by command, and go on with whatever form comes."""
    who = walk.member()
    if who.modals:
        await who.close_modal(all_of_them=True)
    word = walk.chance.choice(("tiltag", "dialog", "væk", "plan", "indstillinger", "overblik"))
    more = walk.typing.text(100).replace("\n", " ") if walk.chance.random() < 0.4 else ""
    walk.told(word)
    await who.command("/trivsel", f"{word} {more}".strip())
    await walk.t.settled()
    for _ in range(walk.chance.randint(1, 5)):
        if not who.modals:
            return
        if who.modal.payload.get("submit") and walk.chance.random() < 0.7:
            walk.told(f"{opened_by(who.modal)}")
            await fill_oddly(who, walk.typing)
            await _submit(walk, who)
        else:
            await _use(walk, who, *_usable(walk, who))
        await walk.t.settled()


async def sets_up(walk: Walk) -> None:
    """Have somebody in a channel set it up for a team."""
    rooms = [one for one in walk.channels if not one.archived]
    if not rooms:
        raise ImpossibleError("all are archived")
    room = walk.chance.choice(rooms)
    inside = [one for one in walk.folk if one.id in room.members and one.user.role == "member"]
    if not inside:
        raise ImpossibleError("nobody is in it")
    who = walk.at = walk.chance.choice(inside)
    walk.told(f"{who.user.name} {room.name}")
    if who.modals:
        await who.close_modal(all_of_them=True)
    if walk.double.installation().bot_user not in room.members:
        await who.invites_bot(room)
        await walk.t.sends()
    await who.command("/trivsel", "", where=room)
    await walk.t.settled()
    if who.modals and button(who.modal, "slack.setup"):
        await who.click("slack.setup", on=who.modal)
        await walk.t.settled()
        await fill_oddly(who, walk.typing)
        await _submit(walk, who)


async def at_once(walk: Walk) -> None:
    """Have two people do something at the same time, while the bot does what is due."""
    moves = walk.chance.choices((press, send, answers, goes_through), k=2)
    walk.together = True
    try:
        ends = await asyncio.gather(
            _alone(walk, moves[0]), _alone(walk, moves[1]),
            walk.t.bot.tick(walk.clock.now()), return_exceptions=True,
        )  # fmt: skip
    finally:
        walk.together, walk.busy, walk.at = False, [], None
    for one in ends:
        if isinstance(one, BaseException) and not isinstance(one, ImpossibleError):
            raise one


async def _alone(walk: Walk, move: Move) -> None:
    walk.told(f"[{move.__name__}]")
    walk.at = walk.at if walk.at not in walk.busy else None
    await move(walk)


async def again(walk: Walk) -> None:
    """Have Slack deliver something once more, as it came."""
    late = [one for one in walk.double.post.sent[-30:] if one.kind != "slash_commands"]
    fresh = [
        one for one in late if one.kind == "events_api" or one.payload["type"] == "view_submission"
    ]
    if not fresh:
        raise ImpossibleError("nothing was sent")
    one = walk.chance.choice(fresh)
    walk.told(str(one.payload.get("event", one.payload).get("type")))
    await walk.double.redeliver(one)


def usable(surface: Surface) -> list[Element]:
    """Return what can be pressed or chosen at once, not what is only filled in."""
    found = elements(blocks_of(surface))
    return [e for e in found if e.block["type"] != "input" or e.block.get("dispatch_action")]


def sheet_of(who: Person) -> tuple[str, dict[str, object]] | None:
    """Return the round of the check-in somebody is about to send, and what stands in it."""
    view = who.modal
    if opened_by(view) != "ask.sheet":
        return None
    context, _ = origin(view.payload)
    held = {
        block.removeprefix("in."): next(iter(entry.values())) for block, entry in view.state.items()
    }
    given = {
        name: (one.get("selected_option") or {}).get("value")
        if "value" not in one
        else one["value"]
        for name, one in held.items()
    }
    return context.partition(":")[0], given


def opened_by(view: View) -> Any:
    """Return which form a view is."""
    return view.payload.get("callback_id")
