"""Run by Alembic for each command; the connection and its transaction are ``migrate``'s."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator


def _plain_type(kind: str, thing: Any, _context: object) -> str | Literal[False]:
    """Write a type of ours as what it is stored as: a step must not change when the code does."""
    if kind == "type" and isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    render_as_batch=True,
    render_item=_plain_type,
    compare_server_default=True,
    # SQLite's DDL is transactional when BEGIN is really sent, as the engine's hook does.
    transactional_ddl=True,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
