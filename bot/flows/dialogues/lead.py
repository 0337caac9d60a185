"""What who leads a dialogue does: move it on, gather ideas in groups, hold one back, set an order.

Two may lead: each press names the version it was made from, and the second one does nothing twice.
"""

from collections.abc import Sequence

from bot.cards import Ask, Form, Reply, Say, SelectInput, Text, TextInput
from bot.domain.dialogues import STEPS, Dialogue, Group, Idea, Phase, Step
from bot.flows import forms
from bot.flows.desk import Desk, Guest, Handlers, NotUnderstood, Request, guest
from bot.flows.dialogues import phases
from bot.flows.dialogues import run as dialogue_run
from bot.flows.dialogues.people import led, look_again
from bot.flows.env import Reader
from bot.privacy.ballots import ENTRY_LIMIT
from bot.privacy.comments import clean_comment
from bot.storage import dialogues, ideas
from bot.storage.store import Tx

PLACES = ("first", "second", "third")


async def go_on(desk: Desk, request: Request) -> Reply:
    """Move the dialogue on from the phase in which the button was drawn: ``version``."""

    def work(tx: Tx) -> tuple[Reply, bool]:
        asker = guest(tx, desk.env, request.person)
        words, one = asker.reader.words, led(tx, asker, request.context)
        if getattr(request, "value", "") != str(one.version):
            return Say(words("dialogue.other_was_first")), False
        if not phases.go_on(tx, desk.env, one, desk.now()):
            return Say(words("dialogue.goes_by_itself")), False
        after = dialogues.get(tx, one.id)
        assert after is not None
        return Say(words(f"dialogue.moved.{after.phase.value}")), after.phase is Phase.VOTING

    reply, votes = await desk.store.write(work)
    if votes:
        await dialogue_run.open_votes(desk.store, desk.env, request.context, desk.now())
    return reply


async def group(desk: Desk, request: Request) -> Reply:
    """Ask which ideas belong together and what to call them, or put them together."""

    def work(tx: Tx) -> Reply:
        asker, one, step, group_id = _grouping(tx, desk, request)
        words = asker.reader.words
        if one.phase is not Phase.GROUPING:
            return Say(words("dialogue.not_grouping"))
        found = [idea for idea in ideas.of_dialogue(tx, one.id, step) if not idea.held]
        present = dialogues.group(tx, group_id) if group_id else None
        form = _group_form(asker.reader, one, step, found, present, group_id)
        values = forms.taken(form, request, words)
        if isinstance(values, Ask):
            return values
        chosen = [idea for idea in found if idea.id in values["ideas"]]
        name = " ".join(clean_comment(values["name"], ENTRY_LIMIT).split())
        _put_together(tx, desk, one, step, chosen, name, present)
        look_again(tx, desk.env, one)
        return Say(words("dialogue.grouped", name=name, number=len(chosen)))

    return await desk.store.write(work)


async def ungroup(desk: Desk, request: Request) -> Reply:
    """Take a group apart: its ideas stand alone again, and none is lost."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        one = led(tx, asker, request.context)
        if one.phase is not Phase.GROUPING:
            return Say(asker.reader.words("dialogue.not_grouping"))
        wanted = getattr(request, "value", "")
        inside = [idea.id for idea in ideas.of_dialogue(tx, one.id) if idea.group == wanted]
        ideas.put_in_group(tx, inside, None)
        dialogues.drop_empty_groups(tx, one.id)
        look_again(tx, desk.env, one)
        return Say(asker.reader.words("dialogue.ungrouped"))

    return await desk.store.write(work)


async def hold(desk: Desk, request: Request) -> Reply:
    """Ask which ideas name somebody, or hold back just those; how many are held is shown to all."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words, one = asker.reader.words, led(tx, asker, request.context)
        found = ideas.of_dialogue(tx, one.id)
        if not one.running or one.phase is Phase.COLLECTING or not found:
            return Say(words("dialogue.nothing_to_hold"))
        form = _hold_form(asker.reader, one, found)
        values = forms.taken(form, request, words)
        if isinstance(values, Ask):
            return values
        wanted = set(values["held"])
        for idea in found:
            if idea.held != (idea.id in wanted):
                ideas.hold(tx, idea.id, idea.id in wanted)
        look_again(tx, desk.env, one)
        return Say(words("dialogue.held", number=len(wanted)))

    return await desk.store.write(work)


async def order(desk: Desk, request: Request) -> Reply:
    """Ask for the order the team has found together, where none was voted for, or keep it."""

    def work(tx: Tx) -> Reply:
        asker = guest(tx, desk.env, request.person)
        words, one = asker.reader.words, led(tx, asker, request.context)
        groups = phases.votable_groups(tx, one)
        voted = dialogues.took_part(tx, one.id) is not None
        if one.phase is not Phase.CHOOSING or voted or len(groups) < 2:
            return Say(words("dialogue.no_order_here"))
        form = _order_form(asker.reader, one, groups)
        values = forms.taken(form, request, words)
        if isinstance(values, Ask):
            return values
        wanted = [value for place in PLACES for value in values.get(place, ())]
        if len(set(wanted)) < len(wanted):
            return Ask(form, {PLACES[1]: words("dialogue.order_twice")})
        rest = [group.id for group in groups if group.id not in wanted]
        dialogues.set_places(tx, [*wanted, *rest])
        look_again(tx, desk.env, one)
        return Say(words("dialogue.ordered"))

    return await desk.store.write(work)


HANDLERS: Handlers = {
    "dialogue.next": go_on,
    "dialogue.group": group,
    "dialogue.ungroup": ungroup,
    "dialogue.hold": hold,
    "dialogue.order": order,
}


def _grouping(tx: Tx, desk: Desk, request: Request) -> tuple[Guest, Dialogue, Step, str]:
    asker = guest(tx, desk.env, request.person)
    dialogue_id, name, group_id = [*request.context.split(":"), "", ""][:3]
    one = led(tx, asker, dialogue_id)
    if name not in STEPS:
        raise NotUnderstood("step")
    return asker, one, Step(name), group_id


def _put_together(
    tx: Tx,
    desk: Desk,
    one: Dialogue,
    step: Step,
    chosen: Sequence[Idea],
    name: str,
    present: Group | None,
) -> None:
    """Make the group hold just these ideas; a group of that name takes them in."""
    factors = {idea.factor for idea in chosen}
    factor = factors.pop() if len(factors) == 1 else None
    known = dialogues.groups(tx, one.id, step)
    same = next((each for each in known if each.name.casefold() == name.casefold()), None)
    target = present or same
    if present is not None:
        inside = [i.id for i in ideas.of_dialogue(tx, one.id, step) if i.group == present.id]
        ideas.put_in_group(tx, inside, None)
    if target is None:
        target = Group(desk.env.chance.token(), one.id, step, name, factor)
        dialogues.insert_groups(tx, [target])
    else:
        dialogues.rename(tx, target.id, name, factor)
    ideas.put_in_group(tx, [idea.id for idea in chosen], target.id)
    dialogues.drop_empty_groups(tx, one.id)


def _group_form(
    reader: Reader,
    one: Dialogue,
    step: Step,
    found: Sequence[Idea],
    present: Group | None,
    group_id: str,
) -> Form:
    words = reader.words
    inside = tuple(idea.id for idea in found if present and idea.group == present.id)
    return Form(
        id="dialogue.group",
        title=words("dialogue.group_title"),
        inputs=(
            SelectInput(
                "ideas",
                words("dialogue.group_ideas"),
                tuple((idea.id, idea.text) for idea in found),
                inside,
                many=True,
            ),
            TextInput(
                "name",
                words("dialogue.group_name"),
                present.name if present else "",
                words("dialogue.group_hint"),
                limit=ENTRY_LIMIT,
            ),
        ),
        submit=words("dialogue.group_submit"),
        context=f"{one.id}:{step.value}:{group_id}",
    )


def _hold_form(reader: Reader, one: Dialogue, found: Sequence[Idea]) -> Form:
    words = reader.words
    return Form(
        id="dialogue.hold",
        title=words("dialogue.hold_title"),
        inputs=(
            SelectInput(
                "held",
                words("dialogue.hold_label"),
                tuple((idea.id, idea.text) for idea in found),
                tuple(idea.id for idea in found if idea.held),
                many=True,
                required=False,
            ),
        ),
        submit=words("form.save"),
        context=one.id,
        intro=(Text(words("dialogue.hold_intro")),),
    )


def _order_form(reader: Reader, one: Dialogue, groups: Sequence[Group]) -> Form:
    words = reader.words
    options = tuple((group.id, group.name) for group in groups)
    chosen = [group.id for group in groups if group.place]
    inputs = tuple(
        SelectInput(
            place,
            words(f"dialogue.order.{place}"),
            options,
            tuple(chosen[at : at + 1]),
            required=at == 0,
        )
        for at, place in enumerate(PLACES[: len(groups)])
    )
    return Form(
        id="dialogue.order",
        title=words("dialogue.order_title"),
        inputs=inputs,
        submit=words("form.save"),
        context=one.id,
        intro=(Text(words("dialogue.order_intro")),),
    )
