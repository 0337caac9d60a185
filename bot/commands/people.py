"""``people import``, ``export`` and ``erase``: who is here, from a file and to a file."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot import settings as settings_reading
from bot.commands.opened import Offline, has_database, reading, working
from bot.domain.chance import SystemChance
from bot.domain.people import Person
from bot.flows.people import applying as people_apply
from bot.flows.people.applying import Done, Progress
from bot.flows.people.export import export as as_file
from bot.flows.people.file import PeopleFaults, PeopleFile, read
from bot.flows.people.importing import compare
from bot.flows.people.plan import Plan, Standing
from bot.flows.people.report import report
from bot.settings import Settings
from bot.storage import people as stored
from bot.storage.store import Store, Tx

MANY = 1000
"""From so many people on, progress is shown."""
LARGEST = 50_000_000
"""Bytes; a file larger than this is no list of people."""

CHANNELS_RULE = (
    "Note: who is in a team is told by its Slack channel, whatever this file says; for the file to "
    "rule, set slack_rosters to 'file'."
)


class Refused(click.ClickException):
    """Nothing was done, for a reason that is told."""


@click.group()
def people() -> None:
    """People and tree: bring them in from a file, write them to one, erase a person."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--apply", "apply_", is_flag=True, help="Do it; without this, only show what changes."
)
@click.option("--keep-missing", is_flag=True, help="Leave those alone who are not in the file.")
@click.option("--yes", is_flag=True, help="Also when more than a third would leave.")
@click.option("--full", is_flag=True, help="Show every line of the difference.")
def import_(file: Path, apply_: bool, keep_missing: bool, yes: bool, full: bool) -> None:
    """Show what the CSV file FILE changes, and with --apply change it.

    Columns: id and/or email, name, team (a path such as "Region > Hospital > Ward"), and, if
    wanted, language, working_days and roles. See docs/operator.md.
    """
    settings = settings_reading.read(Offline)
    if file.stat().st_size > LARGEST:
        raise Refused(f"{file} is larger than {LARGEST // 1_000_000} MB.")
    found = read(file.read_bytes())
    if settings.slack_mode != "off" and settings.slack_rosters == "channel":
        click.echo(CHANNELS_RULE, err=True)
    try:
        if apply_:
            _apply(settings, found, keep_missing=keep_missing, yes=yes, full=full)
        else:
            _look(settings, found, keep_missing=keep_missing, full=full)
    except PeopleFaults as wrong:
        for fault in wrong.faults:
            place = f"{file}:{fault.line}" if fault.line else str(file)
            click.echo(f"{place}: {fault.text}", err=True)
        click.echo(f"Nothing was changed: {len(wrong.faults)} thing(s) to put right.", err=True)
        sys.exit(1)


def _look(settings: Settings, file: PeopleFile, *, keep_missing: bool, full: bool) -> None:
    standing = Standing()
    if has_database(settings):
        with reading(settings) as store:
            standing = store.read_now(people_apply.standing)
    plan = compare(file, standing, SystemChance().token, keep_missing=keep_missing)
    _tell(plan, standing, full=full)
    if plan.too_many_leave:
        click.echo(f"{_leaving(plan)} --apply then also asks for --yes.", err=True)
    click.echo("Nothing was changed. With --apply it is done.")


def _apply(
    settings: Settings, file: PeopleFile, *, keep_missing: bool, yes: bool, full: bool
) -> None:
    if not has_database(settings):
        compare(file, Standing(), SystemChance().token)  # a faulty file creates no database
    with working(settings, create=True) as (store, env):

        def decide(tx: Tx) -> tuple[Plan, Standing]:
            standing = people_apply.standing(tx)
            return compare(file, standing, env.chance.token, keep_missing=keep_missing), standing

        plan, standing = store.read_now(decide)
        if plan.too_many_leave and not yes:
            raise Refused(f"{_leaving(plan)} Nothing was changed. If it is right, add --yes.")
        _tell(plan, standing, full=full)

        def carry_out(tx: Tx) -> Done:
            if people_apply.standing(tx) != standing:
                raise Refused("Somebody else changed people or teams meanwhile. Try again.")
            return people_apply.carry_out(tx, env, plan, progress)

        with _progress(plan) as progress:
            done = store.write_now(carry_out)
        store.checkpoint_now()
    click.echo("Done." if not plan.empty else "Nothing to do.")
    if done.emptied:
        click.echo(f"Emptied {done.emptied} ballot(s) of people who leave; their slots stay.")
    if done.stopped:
        click.echo(f"Stopped {done.stopped} plan(s) of teams that are gone.")


def _tell(plan: Plan, standing: Standing, *, full: bool) -> None:
    for line in report(plan, standing, full=full):
        click.echo(line)
    for warning in plan.warnings:
        click.echo(f"Note: {warning}", err=True)


def _leaving(plan: Plan) -> str:
    return f"{len(plan.leaving)} of {plan.staying} people would leave: is it the whole file?"


@contextmanager
def _progress(plan: Plan) -> Iterator[Progress]:
    """Show how far a large import is; a small one needs no bar."""
    parts = (plan.new, plan.leaving, plan.returning, plan.changed, plan.moved)
    number = sum(len(part) for part in parts)
    if number < MANY:
        yield lambda _: None
        return
    with click.progressbar(length=number, label="Saving", file=sys.stderr) as bar:
        yield bar.update


@people.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Write over FILE if it is there.")
def export(file: Path, replace: bool) -> None:
    """Write everybody and the tree to the CSV file FILE, in the format of ``import``."""
    settings = settings_reading.read(Offline)
    if file.exists() and not replace:
        raise Refused(f"{file} exists; --replace writes over it.")

    def gather(tx: Tx) -> tuple[str, int]:
        everybody = stored.everybody(tx)
        return as_file(stored.tree(tx), everybody, stored.grants(tx)), len(everybody)

    with reading(settings) as store:
        if not store.read_now(stored.everybody):
            raise Refused("Nobody is here yet, so there is nothing to write.")
        text, number = store.read_now(gather)
    try:
        _put(file, text)
    except OSError as trouble:
        raise Refused(f"{file} cannot be written: {trouble.strerror}.") from None
    click.echo(f"Wrote {number} people to {file}. It holds names and addresses: keep it safe.")


def _put(file: Path, text: str) -> None:
    """Write a file for its owner alone, whole or not at all. Raises ``OSError``."""
    unfinished = file.with_name(f"{file.name}.unfinished")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as opened:
        # With a mark in front, spreadsheets know the letters for what they are.
        opened.write(text.encode("utf-8-sig"))
    unfinished.replace(file)


@people.command("erase")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(person: str, yes: bool) -> None:
    """Erase PERSON (id or e-mail): name, address, messages, roles; open ballots are emptied."""
    settings = settings_reading.read(Offline)
    with working(settings) as (store, env):
        found = _find(store, person)
        if not yes:
            click.confirm(f"Erase {found.name} ({found.id})? This cannot be undone", abort=True)
        erased = store.write_now(lambda tx: people_apply.erase(tx, env, found))
        store.vacuum_now()
    click.echo(
        f"Erased {found.id}: {erased.ballots} open ballot(s) emptied, "
        f"{erased.messages} message(s) deleted."
    )
    click.echo("Backups made before still hold the name: let them go when their days are over.")


def _find(store: Store, wanted: str) -> Person:
    known = store.read_now(stored.all_known)
    small = wanted.strip().lower()
    for person in known:
        if person.id == wanted or (person.email or "").lower() == small:
            return person
    raise Refused(f"There is nobody with the id or e-mail {wanted}.")


COMMANDS = (people,)
