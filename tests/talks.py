"""What the tests of dialogues share: a dialogue begun, ideas written, votes given."""

from town import Town, buttons

from bot.cards import Ask, Button, Message, Reply, Say, Show
from bot.domain.dialogues import STEPS, Dialogue, Group, Idea, Step
from bot.storage import dialogues, ideas

SAID = {
    Step.BEST: "Vi ser hinanden om morgenen",
    Step.NOW: "Vi løber forbi hinanden",
    Step.HOW: "Ti minutter sammen hver mandag",
}


async def begin(
    t: Town,
    person: str = "dag-1",
    node: str = "dag",
    topic: str = "Samarbejde",
    *,
    source: str = "",
    **wish: object,
) -> Dialogue:
    """Start a dialogue by its form; by default over three days and without names."""
    values = {"topic": topic, "way": "days", "naming": "anonymous", "days": "3"} | wish
    reply = await t.submit(person, "dialogue.new", f"{node}:{source}", **values)
    assert isinstance(reply, Show), reply
    await t.bot.tick(t.clock.now())
    found = await t.bot.store.read(lambda tx: dialogues.running(tx, [node]))
    return next(one for one in found if one.topic == topic)


async def write(
    t: Town, person: str, one: Dialogue, step: Step, *texts: str, mark: str = "none"
) -> Reply:
    """Open the form of a question and send it with these ideas."""
    form = await t.click(person, "ideas.write", one.id, step.value)
    assert isinstance(form, Ask), form
    values = {f"idea_{n}": text for n, text in enumerate(texts, start=1)}
    values |= {f"mark_{n}": mark for n in range(1, len(texts) + 1)}
    return await t.submit(person, form.form.id, form.form.context, **values)


async def write_all(t: Town, person: str, one: Dialogue, note: str = "") -> Reply:
    """Write one idea to each question."""
    for step in STEPS:
        reply = await write(t, person, one, step, f"{SAID[step]} {note or person}")
    return reply


async def vote(t: Town, person: str, one: Dialogue, *groups: str) -> Reply:
    """Open the form to vote with and send it."""
    form = await t.click(person, "votes.cast", one.id)
    assert isinstance(form, Ask), form
    return await t.submit(person, form.form.id, form.form.context, groups=list(groups))


async def go_on(t: Town, one: Dialogue, person: str = "dag-1") -> Reply:
    """Press what moves the dialogue on, as it stands now."""
    now = await standing(t, one)
    return await t.click(person, "dialogue.next", one.id, str(now.version))


async def standing(t: Town, one: Dialogue) -> Dialogue:
    found = await t.bot.store.read(lambda tx: dialogues.get(tx, one.id))
    assert found is not None
    return found


async def groups_of(t: Town, one: Dialogue, step: Step = Step.HOW) -> tuple[Group, ...]:
    return await t.bot.store.read(lambda tx: dialogues.groups(tx, one.id, step))


async def ideas_of(t: Town, one: Dialogue) -> tuple[Idea, ...]:
    return await t.bot.store.read(lambda tx: ideas.of_dialogue(tx, one.id))


async def page(t: Town, person: str, one: Dialogue) -> tuple[Message, ...]:
    found = await t.bot.front.page(person, f"dialogue/{one.id}")
    assert found is not None
    return found.cards


async def on_page(t: Town, person: str, one: Dialogue, action: str) -> list[Button]:
    """Return the buttons of one action on the page."""
    cards = await page(t, person, one)
    return [button for card in cards for button in buttons(card) if button.action == action]


async def events(t: Town, node: str = "dag") -> list[str]:
    """Return what the team's channel was told of its dialogues, in order."""
    notes = await t.notes(f"node:{node}")
    return [note.params["event"] for note in notes if note.kind == "dialogue.news"]


def said(reply: Reply) -> str:
    assert isinstance(reply, Say), reply
    return reply.text
