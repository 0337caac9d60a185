"""What the tests of actions share: a filled-in form, and an action made through it."""

from datetime import date

from town import Town

from bot.cards import Ask, Show
from bot.domain.action_items import ActionItem
from bot.storage import actions

LEAD, AMR, MEMBER, OTHER = "dag-1", "dag-2", "dag-5", "dag-6"
"""Of the team ``dag``: its lead, the AMR of all, and two colleagues."""


def filled(**change: object) -> dict[str, object]:
    """Return what a form holds when it has been filled in with as little as possible."""
    return {
        "what": "Ti minutter sammen hver morgen",
        "first_step": "Aftal et sted",
        "responsible": MEMBER,
        "due": "2026-03-16",
        "perspective": "promoting",
        "level": "group",
        "prevention": "primary",
        "factor": "none",
        "trial": True,
    } | change


async def made(t: Town, person: str = LEAD, node: str = "dag", **change: object) -> ActionItem:
    """Make an action as people do, through the form, and return it."""
    asked = await t.click(person, "action.new", node)
    assert isinstance(asked, Ask), asked
    reply = await t.submit(person, "action.new", asked.form.context, **filled(**change))
    assert isinstance(reply, Show), reply
    return await now(t, asked.form.context.split(":")[1])


async def now(t: Town, action_id: str) -> ActionItem:
    """Return the action as it stands."""
    found = await t.bot.store.read(lambda tx: actions.get(tx, action_id))
    assert found is not None
    return found


async def edited(t: Town, person: str, item: ActionItem, **change: object) -> object:
    """Open the form of an action, change something in it and send it."""
    asked = await t.click(person, "action.edit", item.id)
    assert isinstance(asked, Ask), asked
    return await t.submit(person, "action.edit", asked.form.context, **values_of(asked) | change)


def values_of(asked: Ask) -> dict[str, object]:
    """Return what a form sends when nothing in it is touched."""
    found: dict[str, object] = {}
    for one in (*asked.form.inputs, *asked.form.more):
        value: object = one.value
        if isinstance(value, tuple):
            many = bool(getattr(one, "many", False))
            value = list(value) if many else (value[0] if value else "")
        found[one.name] = value.isoformat() if isinstance(value, date) else value
    return found


async def told(t: Town, person: str) -> list[str]:
    """Return the kinds of notes about actions that somebody has been sent, oldest first."""
    notes = await t.notes(f"person:{person}")
    return [note.kind for note in notes if note.kind.startswith("action.")]
