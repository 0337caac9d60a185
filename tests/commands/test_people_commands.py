"""``people import``, ``export`` and ``erase`` on a real database."""

import io
import sqlite3
import stat
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from unittest.mock import ANY

import pytest
from terminal import Terminal
from town import Town, town

from bot.domain.people import Away, Role
from bot.flows.people import applying as people_apply
from bot.flows.people.export import export
from bot.flows.people.file import PeopleFaults, read
from bot.flows.people.importing import compare
from bot.flows.people.plan import Plan
from bot.flows.rounds import answering
from bot.storage import chat, migrate, outbox, people, rounds, slots
from bot.storage.outbox import Note
from bot.storage.store import Store, Tx

FIRST = """id;navn;e-mail;afdeling;roller
1;Anna Ask;anna@example.org;Solgården > Plejen > Dagholdet;leder; admin@Solgården
"""
PEOPLE = """id,name,email,team,roles
1,Anna Ask,anna@example.org,Solgården / Plejen / Dagholdet,leder; admin@Solgården
2,Bo Birk,bo@example.org,Solgården / Plejen / Dagholdet,
3,Cia Carl,cia@example.org,Solgården / Køkkenet,amr@Solgården
4,Dan Dahl,dan@example.org,Solgården / Køkkenet,
"""


def stored(terminal: Terminal, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(terminal.settings.database)) as driver:
        return driver.execute(query).fetchall()


@pytest.fixture
def imported(terminal: Terminal) -> Terminal:
    ran = terminal.run("people", "import", terminal.file("people.csv", PEOPLE), "--apply")
    assert ran.code == 0, ran.err
    return terminal


def test_without_apply_it_shows_the_difference_and_touches_nothing(terminal: Terminal) -> None:
    ran = terminal.run("people", "import", terminal.file("people.csv", PEOPLE))
    assert ran.code == 0
    assert "New people: 4\n  Anna Ask (anna@example.org): Solgården / Plejen" in ran.out
    assert "Bo Birk" in ran.out
    assert ran.out.endswith("Nothing was changed. With --apply it is done.\n")
    assert not (terminal.folder / "data").exists()


def test_the_first_import_makes_database_tree_channels_and_welcomes(imported: Terminal) -> None:
    names = stored(imported, "SELECT name FROM node ORDER BY name")
    assert names == [("Dagholdet",), ("Køkkenet",), ("Plejen",), ("Solgården",)]
    assert stored(imported, "SELECT count(*) FROM conversation WHERE node_id IS NOT NULL") == [(4,)]
    welcomes = stored(imported, "SELECT recipient FROM delivery WHERE purpose='welcome'")
    assert sorted(welcomes) == [(f"person:{n}",) for n in range(1, 5)]
    assert stored(imported, "SELECT person_id, role FROM role ORDER BY 1, 2") == [
        ("1", "admin"),
        ("1", "lead"),
        ("3", "amr"),
    ]


def test_importing_the_same_again_does_nothing_and_welcomes_nobody_twice(
    imported: Terminal,
) -> None:
    ran = imported.run("people", "import", "people.csv", "--apply")
    assert (ran.code, ran.out) == (0, "Nothing changes.\nNothing to do.\n")
    assert stored(imported, "SELECT count(*) FROM delivery") == [(4,)]


def test_a_roles_cell_with_semicolons_needs_quotes_where_they_part_the_cells(
    terminal: Terminal,
) -> None:
    ran = terminal.run("people", "import", terminal.file("people.csv", FIRST), "--apply")
    assert ran.code == 1
    assert "people.csv:2: more cells than headings" in ran.err
    assert not terminal.settings.database.exists()


def test_every_fault_is_told_with_file_and_line_and_nothing_is_done(imported: Terminal) -> None:
    bad = imported.file("bad.csv", PEOPLE.replace("Bo Birk", "").replace("amr@", "kok@"))
    for more in ((), ("--apply",)):
        ran = imported.run("people", "import", bad, *more)
        assert ran.code == 1
        assert ran.lines == [
            f"{bad}:3: the name is missing",
            f"{bad}:4: unknown role “kok@Solgården”; there is lead, amg, amr, admin",
            "Nothing was changed: 2 thing(s) to put right.",
        ]
    assert stored(imported, "SELECT count(*) FROM person WHERE active") == [(4,)]


def test_too_many_leaving_at_once_needs_a_yes(imported: Terminal) -> None:
    half = imported.file("half.csv", "".join(PEOPLE.splitlines(keepends=True)[:3]))
    shown = imported.run("people", "import", half)
    assert "2 of 4 people would leave: is it the whole file?" in shown.err
    refused = imported.run("people", "import", half, "--apply")
    assert refused.code == 1
    assert "Nothing was changed. If it is right, add --yes." in refused.err
    assert stored(imported, "SELECT count(*) FROM person WHERE active") == [(4,)]
    assert imported.run("people", "import", half, "--apply", "--keep-missing").code == 0
    assert stored(imported, "SELECT count(*) FROM person WHERE active") == [(4,)]
    assert imported.run("people", "import", half, "--apply", "--yes").code == 0
    assert stored(imported, "SELECT id FROM person WHERE active ORDER BY id") == [("1",), ("2",)]
    assert stored(imported, "SELECT count(*) FROM node") == [(3,)]
    assert stored(imported, "SELECT DISTINCT person_id FROM role") == [("1",)]


def test_an_export_comes_back_as_no_change(imported: Terminal) -> None:
    ran = imported.run("people", "export", "out.csv")
    assert ran.code == 0
    out = imported.folder / "out.csv"
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert "Nothing changes." in imported.run("people", "import", out).out
    assert imported.run("people", "export", "out.csv").code == 1
    assert imported.run("people", "export", "out.csv", "--replace").code == 0


def test_export_and_erase_without_a_database_say_what_to_do(terminal: Terminal) -> None:
    for words in (("export", "x.csv"), ("erase", "1", "--yes")):
        ran = terminal.run("people", *words)
        assert ran.code == 2
        assert "import people first" in ran.err
    assert not (terminal.folder / "data").exists()


def test_before_anybody_is_here_an_export_says_so(terminal: Terminal) -> None:
    terminal.settings.data.mkdir()
    migrate.upgrade(terminal.settings.database)
    ran = terminal.run("people", "export", "out.csv")
    assert (ran.code, ran.err) == (1, "Error: Nobody is here yet, so there is nothing to write.\n")
    assert not (terminal.folder / "out.csv").exists()


def test_a_file_that_cannot_be_written_is_told(imported: Terminal) -> None:
    ran = imported.run("people", "export", "nowhere/out.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "nowhere/out.csv cannot be written" in ran.err


def test_where_channels_say_who_is_in_a_team_a_file_is_told_to_rule_nothing(
    terminal: Terminal,
) -> None:
    tokens = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"}
    terminal.set(slack_mode="socket", **tokens)
    terminal.file("people.csv", "name,email,team\nAnna,anna@example.org,Solgården\n")
    assert "slack_rosters" in terminal.run("people", "import", "people.csv").err
    terminal.set(slack_rosters="file")
    assert terminal.run("people", "import", "people.csv").err.count("slack_rosters") == 0


def test_an_erased_person_leaves_no_name_and_no_address_in_any_file(imported: Terminal) -> None:
    assert imported.run("people", "erase", "BO@example.org", "--yes").code == 0
    everything = b"".join(file.read_bytes() for file in imported.settings.data.glob("trivsels*"))
    assert b"Bo Birk" not in everything
    assert b"bo@example.org" not in everything
    assert b"Cia Carl" in everything
    assert stored(imported, "SELECT name, email, active FROM person WHERE id='2'") == [
        ("–", None, 0)
    ]


def test_erasing_asks_first_and_nobody_is_nobody(
    imported: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert imported.run("people", "erase", "2").code == 1
    assert imported.run("people", "erase", "x@example.org").code == 1
    assert stored(imported, "SELECT name FROM person WHERE id='2'") == [("Bo Birk",)]


def test_hostile_cells_are_kept_as_text(terminal: Terminal) -> None:
    text = 'id,name,team\n1,"<script>alert(1)</script>",R\n2,=HYPERLINK(1),R\n3,"a,b;c",R\n'
    assert terminal.run("people", "import", terminal.file("p.csv", text), "--apply").code == 0
    assert terminal.run("people", "export", "out.csv").code == 0
    assert "'=HYPERLINK(1)" in (terminal.folder / "out.csv").read_text()
    assert stored(terminal, "SELECT name FROM person ORDER BY id")[1] == ("=HYPERLINK(1)",)


@pytest.mark.slow
def test_ten_thousand_people_are_brought_in_in_seconds(terminal: Terminal) -> None:
    lines = [f"{n},Person {n},p{n}@example.org,R / H{n % 9} / W{n % 450}" for n in range(10_000)]
    big = terminal.file("big.csv", "id,name,email,team\n" + "\n".join(lines))
    begun = time.process_time()
    ran = terminal.run("people", "import", big, "--apply")
    assert time.process_time() - begun < 10
    assert ran.code == 0
    assert "… and 9980 more (--full shows all)" in ran.out
    assert "Saving" in ran.err
    assert stored(terminal, "SELECT count(*) FROM person") == [(10_000,)]


def plan_for(tx: Tx, t: Town, text: str) -> Plan:
    return compare(read(text.encode()), people_apply.standing(tx), t.bot.env.chance.token)


async def bring_in(t: Town, text: str) -> tuple[Plan, people_apply.Done]:
    def work(tx: Tx) -> tuple[Plan, people_apply.Done]:
        plan = plan_for(tx, t, text)
        return plan, people_apply.carry_out(tx, t.bot.env, plan)

    return await t.bot.store.write(work)


def without(text: str, *ids: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if line.split(",")[0] not in ids)


async def exported(store: Store) -> str:
    return await store.read(
        lambda tx: export(people.tree(tx), people.everybody(tx), people.grants(tx))
    )


async def test_who_leaves_during_a_round_has_his_ballot_emptied_and_his_slot_stays(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.answer("dag-3", opened.id, 4)
        await t.answer("dag-4", opened.id, 4)
        before = await t.bot.store.read(lambda tx: slots.count(tx, opened.id))
        plan, done = await bring_in(t, without(await exported(t.bot.store), "dag-3"))
        assert [one.id for one in plan.leaving] == ["dag-3"]
        assert done.emptied == 1
        now = await t.bot.store.read(lambda tx: answering.ballots(tx, t.bot.env, opened))
        assert not now["dag-3"].answers
        assert now["dag-4"].answers
        assert await t.bot.store.read(lambda tx: slots.count(tx, opened.id)) == before
        assert not (await t.bot.store.read(lambda tx: people.get(tx, "dag-3"))).active


async def test_a_person_keeps_his_own_settings_and_pauses_through_an_import(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        today = t.clock.now().date()
        span = Away(today, today + timedelta(days=9))

        def own(tx: Tx) -> None:
            people.set_language(tx, "dag-3", "sv")
            people.set_checkins_off(tx, "dag-3", True)
            people.add_away(tx, "a" * 32, span, person_id="dag-3")

        await t.bot.store.write(own)
        text = (await exported(t.bot.store)).replace("Dag 3", "Dag Tre").replace(",sv,", ",,")
        await bring_in(t, text)
        person = await t.bot.store.read(lambda tx: people.get(tx, "dag-3"))
        assert (person.name, person.language, person.checkins_off) == ("Dag Tre", "sv", True)
        assert await t.bot.store.read(lambda tx: people.aways(tx, "dag-3", today)) == (
            ("a" * 32, span),
        )


async def test_a_team_in_an_open_round_stays_until_it_is_reported(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("aften",))
        text = (await exported(t.bot.store)).replace("Aften,", "Dag,")
        plan, _ = await bring_in(t, text.replace("lead@Organisationen / Aften", "lead"))
        assert [node.id for node in plan.kept_nodes] == ["aften"]
        await t.travel(opened.publish_at)
        plan, _ = await bring_in(t, await exported(t.bot.store))
        assert [node.id for node in plan.removed_nodes] == ["aften"]
        tree = await t.bot.store.read(people.tree)
        assert "aften" not in tree
        # What was said in the channel is not lost with the team.
        assert await t.notes("node:aften") != []


async def test_everybody_new_is_welcomed_once_also_when_he_comes_back(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        whole = await exported(t.bot.store) + "new,Ny,,Organisationen / Dag,,,\n"
        await bring_in(t, whole)
        await bring_in(t, without(whole, "new"))
        plan, _ = await bring_in(t, whole)
        assert [pair.after.id for pair in plan.returning] == ["new"]
        await t.travel(t.clock.now() + timedelta(days=1))
        assert [note.kind for note in await t.notes("person:new")] == ["welcome"]


async def test_erasing_takes_messages_roles_and_pauses_and_empties_the_ballot(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        opened = await t.open("checkin", ("dag",))
        await t.answer("dag-1", opened.id, 4)

        def said(tx: Tx) -> None:
            note = Note("typed", {"text": "hello"})
            chat.post(tx, "node:dag", t.clock.now(), note, author="dag-1")
            chat.post(tx, "node:dag", t.clock.now(), note, author="dag-2")
            day = t.clock.now().date()
            people.add_away(tx, "b" * 32, Away(day, day), person_id="dag-1")

        await t.bot.store.write(said)
        person = await t.bot.store.read(lambda tx: people.get(tx, "dag-1"))
        erased = await t.bot.store.write(lambda tx: people_apply.erase(tx, t.bot.env, person))
        assert erased == people_apply.Erased(1, ANY)
        posted = await t.bot.store.read(lambda tx: chat.latest(tx, "node:dag"))
        assert [one.author for one in posted if one.note.kind == "typed"] == ["dag-2"]
        grants = await t.bot.store.read(lambda tx: people.grants(tx, Role.LEAD))
        assert "dag-1" not in {grant.person for grant in grants}
        assert not await t.bot.store.read(
            lambda tx: people.aways(tx, "dag-1", t.clock.now().date())
        )
        now = await t.bot.store.read(lambda tx: answering.ballots(tx, t.bot.env, opened))
        assert not now["dag-1"].answers
        members = await t.bot.store.read(lambda tx: rounds.members(tx, opened.id))
        assert "dag-1" in {member.person for member in members}
        await t.travel(opened.publish_at)  # the round still closes as it should


async def test_a_faulty_file_changes_nothing_at_all(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        before = await t.bot.store.read(people_apply.standing)
        with pytest.raises(PeopleFaults):
            await bring_in(t, "id,name,team\n1,Bo,A\n2,Ib,B\n")
        assert await t.bot.store.read(people_apply.standing) == before
        assert await t.bot.store.read(lambda tx: outbox.counts(tx)) != {}
