"""An administrator brings in a roster in the browser: file, plan, then the very plan that was read."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from learnpath import clock
from learnpath.people.models import Person
from learnpath.school.models import Enrolment, ImportRun
from tests import builders
from tests.builders import MONDAY
from tests.roster.build import Office
from tests.roster.sets import SECRET, ASet, a_set, an_enrolment
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def clerk(session: Session, visit: Visit) -> Visitor:
    person = builders.an_administrator(session, "Dana")
    session.commit()
    return visit(person)


def _bytes(made: ASet, folder: Path) -> bytes:
    path = made.zip(folder / "roster of June.zip")
    content = path.read_bytes()
    path.unlink()
    return content


def _choose(clerk: Visitor, made: ASet, folder: Path) -> Page:
    """Choose a file and come to the plan's page."""
    sent = clerk.client.post(
        "/admin/roster",
        data={
            "csrf_token": clerk.csrf_token(),
            "file": (io.BytesIO(_bytes(made, folder)), "../roster of June.zip"),
        },
    )
    return Page(clerk, sent)


def _press(clerk: Visitor, page: Page, **extra: str) -> Page:
    form = page.soup.select_one("form[action='/admin/roster/plan'][method=post]")
    fields = {
        i["name"]: i.get("value", "") for i in form.select("input") if i["name"] != "csrf_token"
    }
    return clerk.post("/admin/roster/plan", **fields, **extra)


def _waiting(folder: Path) -> list[Path]:
    return list((folder / "rosters-waiting").glob("*"))


def test_choose_read_and_bring_in(clerk: Visitor, tmp_path: Path, office: Office) -> None:
    asked = _choose(clerk, a_set(), tmp_path).follow()
    assert asked.heading == "Which school in the file is yours?"
    assert [label.get_text(strip=True) for label in asked.soup.select("main label")] == [
        "Ridge Elementary (o1)", "Valley School (o2)",
    ]  # fmt: skip
    plan = clerk.get(_address(asked) + "&org=o1")
    assert plan.heading.endswith("Plan of the roster")
    assert "People New 7" not in plan.words  # a table, not a sentence
    rows = {
        row.th.get_text(strip=True): [cell.get_text(strip=True) for cell in row.select("td")]
        for row in plan.soup.select("[aria-labelledby=counts] tbody tr")
    }
    assert rows["People"] == ["7", "0", "0"]
    assert rows["Family ties"] == ["4", "0", "0"]
    assert "Ana Ruiz (s1)" in plan.words
    assert "Nothing was changed yet." in plan.words
    assert SECRET not in plan.text
    assert office.person("s1") is None
    done = _press(clerk, plan)
    assert done.location == "/admin/imports"
    assert "The roster was brought in." in done.follow().words
    home = office.person("s1").school_id
    with office.reading() as looking:
        (run,) = looking.exec(select(ImportRun)).all()
        dana = looking.exec(select(Person).where(Person.called == "Dana")).one()
    assert (run.school_id, run.made_by, run.file_name) == (home, dana.id, "roster-of-June.zip")
    assert dana.school_id == home
    assert _waiting(tmp_path) == []


def _address(page: Page) -> str:
    key = page.soup.select_one("input[name=upload]")["value"]
    return f"/admin/roster/plan?upload={key}"


def test_the_second_time_the_school_is_known_and_nothing_is_to_be_done(
    clerk: Visitor, tmp_path: Path
) -> None:
    first = _choose(clerk, a_set(), tmp_path).follow()
    _press(clerk, clerk.get(_address(first) + "&org=o1"))
    again = _choose(clerk, a_set(), tmp_path).follow()
    assert again.heading.endswith("Plan of the roster")
    assert "Everything is here as the file says." in again.words
    assert "Bring it in" not in again.words


def test_a_school_has_to_be_chosen(clerk: Visitor, tmp_path: Path) -> None:
    asked = _choose(clerk, a_set(), tmp_path).follow()
    again = clerk.get(_address(asked) + "&org=")
    assert again.status == 422
    assert "Choose your school." in again.words


def test_rows_that_stop_are_named_and_there_is_no_button(clerk: Visitor, tmp_path: Path) -> None:
    made = a_set()
    made.raw["enrollments.csv"] = b""
    made.row("users.csv", "s3").update(givenName="", familyName="")
    asked = _choose(clerk, made, tmp_path).follow()
    plan = clerk.get(_address(asked) + "&org=o1")
    assert "Rows of this file stop it." in plan.words
    row = plan.soup.select_one("[aria-labelledby=wrong] tbody tr")
    assert row.th.get_text(strip=True) == "enrollments.csv, line 1"
    assert "Stops everything. The file is empty" in " ".join(row.get_text(" ").split())
    assert "Bring it in" not in plan.words
    refused = _press(clerk, plan)
    assert refused.status == 409


def test_many_wrong_rows_come_in_parts(clerk: Visitor, tmp_path: Path) -> None:
    made = a_set()
    for number in range(150):
        an_enrolment(made, f"x{number}", "ghost", "s1", "student")
    asked = _choose(clerk, made, tmp_path).follow()
    address = _address(asked) + "&org=o1"
    plan = clerk.get(address)
    assert "150 rows to look at" in plan.words
    assert "150 rows of enrollments.csv are left out." in plan.words
    last = clerk.get(address + "&page=2")
    assert len(last.soup.select("[aria-labelledby=wrong] tbody tr")) == 50


def test_what_is_brought_in_is_the_plan_that_was_read_or_it_is_shown_again(
    clerk: Visitor, tmp_path: Path, office: Office
) -> None:
    first = _choose(clerk, a_set(), tmp_path).follow()
    _press(clerk, clerk.get(_address(first) + "&org=o1"))
    made = a_set()
    made.drop("enrollments.csv", "e1")
    plan = _choose(clerk, made, tmp_path).follow()
    with Session(office.engine) as meanwhile:
        tie = meanwhile.get_one(Enrolment, office.enrolment("e2").id)
        tie.ends = MONDAY.date() - timedelta(days=3)
        meanwhile.add(tie)
        meanwhile.commit()
    again = _press(clerk, plan)
    assert again.status == 409
    assert "This is the plan of now." in again.words
    assert office.enrolment("e1").ends is None
    assert _press(clerk, again).location == "/admin/imports"
    assert office.enrolment("e1").ends is not None


def test_the_file_can_be_thrown_away(clerk: Visitor, tmp_path: Path) -> None:
    plan = _choose(clerk, a_set(), tmp_path).follow()
    assert len(_waiting(tmp_path)) == 1
    gone = clerk.post("/admin/roster/plan", upload=_address(plan).split("=")[1], discard="1")
    assert "Nothing was changed." in gone.follow().words
    assert _waiting(tmp_path) == []
    assert "Choose it again" in clerk.get(_address(plan)).follow().words


def test_a_file_waits_for_a_day_at_most_under_a_random_name_that_only_the_owner_may_open(
    clerk: Visitor, tmp_path: Path, session: Session, visit: Visit
) -> None:
    asked = _choose(clerk, a_set(), tmp_path).follow()
    (path,) = _waiting(tmp_path)
    assert re.fullmatch(r"\d+-[0-9a-f]{32}-roster-of-June\.zip", path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    other = builders.an_administrator(session, "Omar")
    session.commit()
    assert "Choose it again" in visit(other).get(_address(asked)).follow().words
    assert "Choose it again" in clerk.get("/admin/roster/plan?upload=../../x").follow().words
    old = (MONDAY - timedelta(hours=25)).timestamp()
    os.utime(path, (old, old))
    with clock.standing_at(MONDAY):
        clerk.get("/admin/roster")
    assert _waiting(tmp_path) == []


def test_no_file_is_asked_for_again(clerk: Visitor) -> None:
    page = clerk.post("/admin/roster")
    assert page.status == 422
    assert "Choose the zip file with the roster." in page.words


def test_what_is_no_zip_is_told_so_on_the_plan(clerk: Visitor) -> None:
    sent = clerk.client.post(
        "/admin/roster",
        data={"csrf_token": clerk.csrf_token(), "file": (io.BytesIO(b"<html>"), "me.zip")},
    )
    plan = Page(clerk, sent).follow()
    assert plan.status == 200
    assert "broken or locked" in plan.words


def test_a_teacher_does_not_come_near_it(session: Session, visit: Visit) -> None:
    teacher = builders.a_teacher_of(session, builders.a_learner(session))
    session.commit()
    assert visit(teacher).get("/admin/roster").status == 404
    assert visit(teacher).get("/admin/roster/plan").status == 404


def test_the_plan_is_read_in_spanish_too(session: Session, visit: Visit, tmp_path: Path) -> None:
    from learnpath.people.models import Language

    person = builders.an_administrator(session, "Eva", language=Language.ES)
    session.commit()
    clerk = visit(person)
    made = a_set()
    made.row("enrollments.csv", "e1")["beginDate"] = "1/05/2023"
    asked = _choose(clerk, made, tmp_path).follow()
    plan = clerk.get(_address(asked) + "&org=o1")
    assert "puede leerse como más de un día" in plan.words
    assert "can be read" not in plan.words
