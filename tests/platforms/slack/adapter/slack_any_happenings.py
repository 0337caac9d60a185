"""What happens on a walk at random to people, channels, Slack, the bot and the time: moves all."""

from datetime import timedelta

from double import Fault, ImpossibleError, Person
from double.reference import methods
from slack_any_walk import Walk
from slack_twins import NOBODY_NEW

METHODS = (
    "chat.postMessage", "views.open", "views.update", "views.push", "views.publish",
    "conversations.info", "conversations.members", "conversations.history", "conversations.open",
    "users.info", "users.list", "users.conversations", "files.getUploadURLExternal",
    "files.completeUploadExternal",
)  # fmt: skip
"""What is made to fail; not ``auth.test``, without which nobody is answered at all."""
ERRORS = (
    "internal_error", "fatal_error", "service_unavailable", "request_timeout", "ratelimited",
    "is_archived", "channel_not_found", "not_in_channel", "user_not_found", "missing_scope",
    "account_inactive", "token_revoked", "hash_conflict", "not_found", "expired_trigger_id",
    "user_disabled", "invalid_blocks", "team_access_not_granted", "restricted_action",
)  # fmt: skip


async def opens_round(walk: Walk) -> None:
    """Have a round opened, as a lead does."""
    scope = walk.chance.choice((("dag",), ("dag",), ("dag", "aften"), ("aften",)))
    what = walk.chance.choice(("checkin", "checkin", "maturity"))
    opened = await walk.t.try_open(what, scope)
    if opened is not None and hasattr(opened, "closes_at"):
        walk.told(f"{what} {scope}")
    await walk.t.sends()
    await walk.lets_pass(timedelta(minutes=2))


async def moves(walk: Walk) -> None:
    """Go into a channel, or out of one; with or without the bot."""
    room = walk.chance.choice(walk.channels)
    if room.archived:
        raise ImpossibleError("it is archived")
    who, draw = walk.someone(), walk.chance.random()
    bot = walk.double.installation().bot_user
    if draw < 0.2 and who.id in room.members:
        walk.told(f"bot {room.name}")
        await (who.removes_bot(room) if bot in room.members else who.invites_bot(room))
        return
    walk.told(f"{room.name} {who.id in room.members}")
    if who.user.role == "stranger" and not room.shared_with:
        raise ImpossibleError("it is not shared")
    await (who.leaves(room) if who.id in room.members else who.joins(room))


async def changes(walk: Walk) -> None:
    """Be deactivated, come back, become a guest, or change one's profile."""
    who = walk.at = walk.chance.choice(walk.folk)
    draw, user = walk.chance.random(), who.user
    walk.told(user.name)
    if user.role == "stranger":
        raise ImpossibleError("he is another's")
    if user.deleted:
        walk.told("is back")
        await who.changes(deleted=False)
    elif draw < 0.2:
        walk.told("deactivated")
        _drop(walk, who)
        await walk.double.admin.deactivate(who)
    elif draw < 0.4:
        role = "member" if user.role == "guest" else "guest"
        walk.told(role)
        if role == "guest":
            _drop(walk, who)
        await who.changes(role=role)
    elif draw < 0.7:
        await who.changes(locale=walk.chance.choice(("da-DK", "sv-SE", "en-GB", "fr-FR", "")))
    else:
        await who.changes(tz=walk.chance.choice(("Europe/Paris", "Nowhere/At_All", "Asia/Tokyo")))


def _drop(walk: Walk, who: Person) -> None:
    """Have all windows of somebody closed: he is signed out."""
    for one in who.modals:
        one.closed = True
    walk.double.state.stacks.pop(who.id, None)


async def channel_changes(walk: Walk) -> None:
    """Have something happen to a channel."""
    room, draw, admin = (
        walk.chance.choice(walk.channels),
        walk.chance.random(),
        walk.double.admin,
    )
    boss = walk.double.person("boss")
    walk.told(room.name)
    if draw < 0.25:
        walk.told(f"archived {room.archived}")
        await (admin.unarchive(room, by=boss) if room.archived else admin.archive(room, by=boss))
    elif draw < 0.5:
        walk.told("renamed")
        await admin.rename(room, f"{room.name[:20]}-{walk.chance.randrange(100)}")
    elif draw < 0.75:
        walk.told(f"shared {room.shared_with}")
        if room.shared_with:
            await admin.unshare(room, walk.elsewhere)
        else:
            await admin.share(room, walk.elsewhere)
    else:
        walk.told(f"kind {room.kind}")
        (admin.make_public if room.kind == "private" else admin.make_private)(room)


async def fault(walk: Walk) -> None:
    """Have Slack fail one or a few of the next calls of a method."""
    walk.faulty = True
    method, way = walk.chance.choice(METHODS), walk.chance.choice(
        ("error", "error", "status", "garbage", "dropped", "answer lost", "too fast")
    )  # fmt: skip
    times = walk.chance.choice((1, 1, 1, 2, 5))
    if way == "error":
        named = [one for one in ERRORS if one in methods()[method].errors]
        one = Fault(method, "error", walk.chance.choice(named), times=times)
    elif way == "too fast":
        wait = walk.chance.choice((1, 20, 90))
        one = Fault(method, "status", status=429, retry_after=wait, times=times)
    else:
        status = walk.chance.choice((500, 502, 503))
        one = Fault(method, way, status=status, times=times)  # type: ignore[arg-type]
    walk.told(f"{method} {one.way} {one.error} {one.status} x{times}")
    walk.double.faults.planned.append(one)
    if walk.chance.random() < 0.4:
        await fault(walk)


async def minutes(walk: Walk) -> None:
    """Let minutes go by."""
    await walk.lets_pass(timedelta(minutes=walk.chance.choice((1, 4, 11, 40))))


async def hours(walk: Walk) -> None:
    """Let hours go by."""
    await walk.lets_pass(timedelta(hours=walk.chance.choice((1, 3, 9))))


async def days(walk: Walk) -> None:
    """Let days go by."""
    await walk.lets_pass(timedelta(days=walk.chance.choice((1, 2, 5))))


async def restart(walk: Walk) -> None:
    """Close the bot and start it anew on the same folder."""
    await walk.close()
    await walk.start(NOBODY_NEW)
    await walk.t.sends()
