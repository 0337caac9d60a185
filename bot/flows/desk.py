"""Where people's requests are answered: what every handler is given, and how it says no."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.cards import Clicked, Reply, Submitted
from bot.domain.languages import choose_language
from bot.domain.people import NodeId, Person, PersonId, Rules, Tree, inherited
from bot.domain.permissions import Action, Who, allowed
from bot.flows.env import Env, Reader
from bot.storage import changes, people
from bot.storage.store import Store, Tx


class NotAllowed(Exception):  # noqa: N818 - an answer, not a fault
    """The person may not do this here and now."""


class NotUnderstood(Exception):  # noqa: N818 - an answer, not a fault
    """The payload names something that does not exist; nothing was done."""


@dataclass(frozen=True)
class Desk:
    """What a handler works with."""

    store: Store
    env: Env

    def now(self) -> datetime:
        """Return the present instant."""
        return self.env.clock.now()


@dataclass(frozen=True)
class Guest:
    """Whoever asked, as known in this transaction: the person, his roles, the tree, his words."""

    person: Person
    reader: Reader
    tx: Tx

    @cached_property
    def who(self) -> Who:
        """The person with the roles he has now; read when somebody asks, for most clicks do not."""
        return Who(self.person, people.roles(self.tx, self.person.id))

    @cached_property
    def tree(self) -> Tree:
        """The organisation's tree; likewise."""
        return people.tree(self.tx)

    @property
    def id(self) -> PersonId:
        """The person's id."""
        return self.person.id

    def must(self, action: Action, *nodes: NodeId) -> None:
        """Raise ``NotAllowed`` unless the person may do the action at all of the nodes."""
        if not allowed(self.who, action, nodes, self.tree):
            raise NotAllowed(action.value)

    def may(self, action: Action, *nodes: NodeId) -> bool:
        """Tell whether the person may do the action at all of the nodes."""
        return allowed(self.who, action, nodes, self.tree)


def guest(tx: Tx, env: Env, person_id: PersonId) -> Guest:
    """Return who is asking. Raises ``NotAllowed`` for somebody unknown or gone."""
    change = changes.number(tx)

    def introduced() -> tuple[Person, Reader]:
        person = people.active(tx, person_id)
        if person is None:
            raise NotAllowed("nobody")
        rules = _rules(tx, env, change, person.home)
        language = choose_language(person.language, rules.language)
        return person, Reader(env.pack.words(language), person.zone or rules.zone, person_id)

    person, reader = env.askers.get(tx, change, person_id, introduced)
    return Guest(person, reader, tx)


def _rules(tx: Tx, env: Env, change: int | None, node: NodeId) -> Rules:
    """Return a node's rules; those of the nodes above it are remembered on the way."""

    def read() -> Rules:
        here = people.place(tx, node)
        above = env.defaults if here.parent is None else _rules(tx, env, change, here.parent)
        return inherited(here.rules, above)

    return env.rules.get(tx, change, node, read)


Request = Clicked | Submitted
Handler = Callable[[Desk, Request], Awaitable[Reply]]
Handlers = Mapping[str, Handler]
