"""Zips and folders that mean harm, and an administrator who reaches for another school."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest

from learnpath.db import unit_of_work
from learnpath.school.roster.plan import is_tied, schools_in
from tests.builders import MONDAY, a_school
from tests.roster.build import Office, named
from tests.roster.sets import ASet, a_class, a_set, a_user, an_enrolment


def _repacked(made: ASet, path: Path, **more: bytes | str) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in made.all_bytes().items():
            packed.writestr(name, content)
        for name, more_content in more.items():
            packed.writestr(name, more_content)
    return path


@pytest.mark.parametrize(
    "name",
    ["../users.csv", "a/../../users.csv", "/etc/users.csv", "C:\\users.csv", "..\\users.csv"],
)
def test_a_name_that_leads_out_of_the_zip_stops_everything(office: Office, name: str) -> None:
    path = _repacked(a_set(), office.folder / "set.zip", **{name: "x"})
    said = office.plan(path)
    assert named(said) == [("set.zip", 0, "", True)]
    assert said["add"] == dict.fromkeys(said["add"], 0)
    assert not (office.folder.parent / "users.csv").exists()


def test_a_link_in_a_zip_stops_everything(office: Office) -> None:
    path = office.folder / "set.zip"
    with zipfile.ZipFile(path, "w") as packed:
        link = zipfile.ZipInfo("users.csv")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert named(office.plan(path)) == [("set.zip", 0, "", True)]


def test_a_zip_bomb_is_not_unpacked(office: Office) -> None:
    made = a_set()
    made.raw["users.csv"] = made.bytes_of("users.csv") + b" " * 60_000_000
    said = office.plan(made.zip(office.folder / "bomb.zip"))
    assert ("users.csv", 0, "", True) in named(said)
    assert "far more" in said["wrong"][0]["reason"]


def test_a_file_twice_in_a_zip_stops_everything(office: Office) -> None:
    path = _repacked(a_set(), office.folder / "set.zip", **{"again/users.csv": "x"})
    assert ("users.csv", 0, "", True) in named(office.plan(path))


def test_what_is_no_zip_and_no_folder_is_told_so(office: Office) -> None:
    broken, other = office.folder / "broken.zip", office.folder / "users.csv"
    broken.write_bytes(a_set().zip(office.folder / "good.zip").read_bytes()[:-40])
    other.write_bytes(a_set().bytes_of("users.csv"))
    assert "broken" in office.plan(broken)["wrong"][0]["reason"]
    assert "neither a folder" in office.plan(other)["wrong"][0]["reason"]


def test_a_zip_whose_bytes_were_turned_stops_everything(office: Office) -> None:
    path = a_set().zip(office.folder / "set.zip")
    content = bytearray(path.read_bytes())
    at = content.index(b"users.csv") + 60
    content[at : at + 40] = b"\xff" * 40
    path.write_bytes(content)
    assert any(row["stops"] for row in office.plan(path)["wrong"])


def test_without_a_manifest_nobody_knows_what_is_gone(office: Office) -> None:
    path = a_set().folder(office.folder / "set")
    (path / "manifest.csv").unlink()
    assert named(office.plan(path)) == [("manifest.csv", 0, "", True)]


def test_one_endless_line_is_read_no_further_than_a_roster_needs(office: Office) -> None:
    made = a_set()
    made.raw["users.csv"] = made.bytes_of("users.csv") + b"x" * 17_000_000
    said = office.plan(made)
    assert ("users.csv", 9, "", True) in named(said)


# -- an administrator of one school ---------------------------------------------------------------------


def _two_schools(office: Office) -> int:
    """A district brought in both schools; the first one's id is returned."""
    made = a_set()
    a_class(made, "c9", "Valley 9", "o2")
    a_user(made, "s9", "student", "Zoe", "Valley", org="o2", grades="04")
    an_enrolment(made, "e9", "c9", "s9", "student", school="o2")
    office.apply(made)
    home = office.school("o1").id
    assert home is not None
    return home


def test_an_administrator_changes_nothing_and_nobody_of_another_school(office: Office) -> None:
    home = _two_schools(office)
    made = a_set()
    a_class(made, "c9", "Taken over", "o2")
    a_user(made, "s9", "student", "Taken", "Over", org="o1", grades="04")
    an_enrolment(made, "e9", "c1", "s9", "student")
    made.row("users.csv", "s1")["givenName"] = "Anita"
    said = office.apply(made, MONDAY + timedelta(days=7), home=home)
    assert ("users.csv", 9, "sourcedId", False) in named(said)
    assert {kind: n for kind, n in said["change"].items() if n} == {"users": 1}
    assert said["end"] == dict.fromkeys(said["end"], 0)
    zoe = office.person("s9")
    assert (zoe.given_name, zoe.school_id) == ("Zoe", office.school("o2").id)
    assert office.group("c9").name == "Valley 9"


def test_what_is_gone_at_another_school_does_not_end_for_this_one(office: Office) -> None:
    home = _two_schools(office)
    said = office.apply(a_set(), MONDAY + timedelta(days=7), home=home)
    assert said["end"] == dict.fromkeys(said["end"], 0)
    assert office.person("s9").left_at is None


def test_the_same_numbers_of_two_schools_are_two_people(office: Office) -> None:
    _two_schools(office)
    with unit_of_work(office.engine) as session:
        third = a_school(session, "A school of its own").id
    path = a_set().folder(office.folder / "third")
    with office.reading() as session:
        assert not is_tied(session, third, path)
        assert is_tied(session, office.school("o1").id, path)
        assert schools_in(session, path, MONDAY) == [
            ("o1", "Ridge Elementary"),
            ("o2", "Valley School"),
        ]
    before = office.person("s1").id
    said = office.apply(path, schools={"o1": third}, home=third)
    assert (said["add"]["users"], said["change"]["users"]) == (7, 0)
    assert office.person("s1").id == before
    with office.reading() as session:
        assert is_tied(session, third, path)
