"""A team's action plan in the reader's words, to be downloaded: what an APV action plan says.

(APV: the Danish workplace assessment; its plan has problem, solution, responsible, date,
follow-up.) How it becomes a file is in ``reports.action_plan``.
"""

import asyncio

from bot.domain.action_items import ActionItem
from bot.domain.effects import known
from bot.domain.people import NodeId
from bot.domain.permissions import Action
from bot.flows import organisation
from bot.flows.actions import people as action_people
from bot.flows.actions.links import KINDS
from bot.flows.desk import Desk, Guest, NotAllowed, guest
from bot.flows.env import Env
from bot.flows.rounds.cards import local
from bot.flows.views import Download
from bot.reports.action_plan import Plan, as_csv, as_docx, file_name
from bot.storage import actions, figures
from bot.storage.store import Tx

_COLUMNS = ("problem", "solution", "responsible", "date", "follow_up", "state", "effect")
_SEPARATORS = {"da": ";", "sv": ";", "en": ","}
"""As a spreadsheet in that language reads them."""
_MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


async def download(desk: Desk, person: str, file: str) -> Download | None:
    """Return the plan ``<node>.csv`` or ``<node>.docx``; ``None``: none, or not for this person."""
    node, _, kind = file.rpartition(".")
    if kind not in KINDS:
        return None

    def read(tx: Tx) -> tuple[Plan, str, str] | None:
        try:
            asker = guest(tx, desk.env, person)
            found = plan(tx, desk.env, asker, node)
        except NotAllowed:
            return None
        words = asker.reader.words
        day = local(desk.now(), asker.reader.zone).date().isoformat()
        name = words("export.name", team=asker.tree[node].name, day=day)
        return found, file_name(name, kind), _SEPARATORS[words.language]

    ready = await desk.store.read(read)
    if ready is None:
        return None
    found, name, separator = ready
    if kind == "csv":
        return Download(name, _MEDIA[kind], as_csv(found, separator))
    return Download(name, _MEDIA[kind], await asyncio.to_thread(as_docx, found))


def plan(tx: Tx, env: Env, asker: Guest, node: NodeId) -> Plan:
    """Return the plan of a node and of what lies below it. Raises ``NotAllowed``."""
    asker.must(Action.SEE_ACTIONS, node)
    words = asker.reader.words
    nodes = [one for one in asker.tree.under(node) if asker.may(Action.SEE_ACTIONS, one)]
    items = actions.of_nodes(tx, nodes)
    names = action_people.names(tx, (one.responsible for one in items))
    made_at = local(env.clock.now(), asker.reader.zone)
    owner = organisation.name(tx, env)
    return Plan(
        title=words("export.title", team=asker.tree[node].name),
        made=words("export.made", day=made_at.date(), organisation=owner),
        columns=tuple(words(f"export.column.{name}") for name in _COLUMNS),
        rows=tuple(_row(tx, asker, one, names[one.responsible]) for one in items),
        organisation=owner,
        made_at=made_at,
        none=words("export.none"),
    )


def _row(tx: Tx, asker: Guest, one: ActionItem, responsible: str) -> tuple[str, ...]:
    words = asker.reader.words
    step = words("export.first_step", text=one.first_step) if one.first_step else ""
    solution = "\n".join(line for line in (one.what, step, one.how) if line)
    effect = known(one)
    said = [words(f"effect_word.{effect.value}")] if effect else []
    said += [words(f"verdict.{one.verdict.value}")] if one.verdict else []
    return (
        one.problem or _topic(tx, asker, one),
        solution,
        responsible,
        one.due.isoformat(),
        one.follow_up.isoformat(),
        words(f"action_state.{one.state.value}"),
        "\n".join(said),
    )


def _topic(tx: Tx, asker: Guest, one: ActionItem) -> str:
    """Return what the action came from, where nobody wrote how it is now."""
    source = one.source
    if source.kind != "result":
        return source.topic
    kept = figures.get(tx, source.id)
    asked = asker.reader.words.instrument(kept.instrument).questions if kept else {}
    return asked[source.topic].short if source.topic in asked else ""
