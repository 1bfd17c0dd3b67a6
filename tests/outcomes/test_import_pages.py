"""The school office brings school data in with a browser: choose, say what columns mean, read, apply, undo."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlmodel import Session, select

from learnpath.outcomes.models import Outcome, SavedMapping, WaitingFile, stands
from learnpath.people.models import Language, Person
from learnpath.school.models import ImportRun
from tests.builders import a_learner, a_school, a_teacher_of, an_administrator
from tests.outcomes import files
from tests.outcomes.files import known_as, quizzes
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
TWO = quizzes("4711,09/05/2025,Fractions,15", "4711,10/03/2025,Rates,18")
SAID = {
    "name": "Quizzes", "learner": "Student", "key": "identifier", "day": "Day",
    "date_format": "MM/DD/YYYY", "source": "Quiz book", "decimal": "point", "separator": "comma",
    "encoding": "utf-8", "values-0-column": "Points", "values-0-measure": "{Quiz}",
    "values-0-kind": "academic", "values-0-maximum": "20", "values-0-scale": "of 20",
}  # fmt: skip


@pytest.fixture
def learner(session: Session) -> Person:
    return known_as(session, a_learner(session, "Linh"), "4711")


@pytest.fixture
def office(session: Session, visit: Visit, learner: Person) -> Visitor:
    person = an_administrator(session)
    session.commit()
    return visit(person)


def bring(office: Visitor, content: bytes = TWO, name: str = "quizzes.csv") -> Page:
    return office.post("/admin/outcomes", file=(BytesIO(content), name))


def planned(office: Visitor, content: bytes = TWO, **said: str) -> Page:
    """Upload a file and say what its columns mean; return its plan."""
    place = bring(office, content).follow().location
    return office.post(place, **{**SAID, **said}).follow()


def press(office: Visitor, page: Page, ending: str) -> Page:
    """Send the form on the page whose address ends like this, as it stands."""
    form = page.soup.find("form", action=lambda there: bool(there) and there.endswith(ending))
    fields = {
        one["name"]: one.get("value", "") for one in form.find_all("input") if one.get("name")
    }
    fields.pop("csrf_token")
    return office.post(form["action"], **fields)


def test_a_new_header_is_asked_about_with_no_more_than_its_first_rows(office: Visitor) -> None:
    rows = [f"4711,09/{day:02}/2025,Quiz {day},15" for day in range(1, 20)]
    page = bring(office, quizzes(*rows)).follow().follow()
    assert page.heading == "What the columns mean"
    assert "Quiz 3" in page.words
    assert "Quiz 4" not in page.words


def test_from_a_file_to_values_and_back(office: Visitor, session: Session) -> None:
    plan = planned(office)
    assert "New values: 2" in plan.words
    assert session.exec(select(Outcome)).all() == []
    session.rollback()
    done = press(office, plan, "/apply")
    assert done.status == 303
    report = done.follow()
    assert "2 values were brought in." in report.words
    listed = office.get("/admin/imports").soup.select_one(f'main a[href="{done.location}"]')
    assert listed is not None
    assert len(session.exec(select(Outcome).where(stands())).all()) == 2
    assert session.exec(select(WaitingFile)).all() == []
    session.rollback()
    back = press(office, report, "/undo").follow()
    assert "It was taken back on" in back.words
    session.expire_all()
    assert session.exec(select(Outcome).where(stands())).all() == []
    session.rollback()
    assert press(office, report, "/undo").status == 409


def test_a_header_that_is_known_goes_straight_to_the_plan(
    office: Visitor, session: Session
) -> None:
    planned(office)
    page = bring(
        office, quizzes("15,4711,Rates,09/05/2025", header="POINTS,student,Quiz,Day")
    ).follow()
    assert page.heading == "Plan for school data"
    assert "New values: 1" in page.words
    assert [one.name for one in session.exec(select(SavedMapping)).all()] == ["Quizzes"]


def test_what_the_mapping_still_needs_stands_beside_its_field(office: Visitor) -> None:
    place = bring(office).follow().location
    page = office.post(
        place, **{**SAID, "date_format": "", "values-0-measure": "{Sport}", "source": ""}
    )
    assert page.status == 422
    for words in (
        "Say how days are written. It is not guessed.", "There is no column Sport.",
        "Say where it comes from",
    ):  # fmt: skip
        assert words in page.words
    assert page.soup.select('input[name="name"][value="Quizzes"]')


def test_more_columns_of_values_can_be_named(office: Visitor) -> None:
    place = bring(office).follow().location
    page = office.post(place, **SAID, more="1")
    assert page.status == 200
    assert len(page.soup.select("fieldset.values-block")) == 2


def test_codes_are_asked_for_and_kept(office: Visitor, session: Session) -> None:
    content = quizzes("4711,2025-09-05,P", "4711,2025-09-08,E", header="Student,Day,Code")
    said = {
        "name": "Attendance", "date_format": "YYYY-MM-DD", "values-0-column": "Code",
        "values-0-measure": "Days at school", "values-0-kind": "attendance",
        "values-0-maximum": "1", "values-0-coded": "y",
    }  # fmt: skip
    plan = planned(office, content, **said)
    assert "Say what these codes mean" in plan.words
    place = plan.soup.find("form", action=lambda there: there.endswith("/codes"))["action"]
    told = {"codes-0-column": "Code", "codes-0-code": "P", "codes-0-value": "1",
            "codes-1-column": "Code", "codes-1-code": "E", "codes-1-value": "maybe"}  # fmt: skip
    wrong = office.post(place, **told)
    assert wrong.status == 422
    assert "Type a number, or - to leave it out." in wrong.words
    plan = office.post(place, **{**told, "codes-1-value": "-"}).follow()
    assert "New values: 1" in plan.words
    assert press(office, plan, "/apply").status == 303


def test_a_plan_that_is_not_the_one_that_was_read_is_shown_again(office: Visitor) -> None:
    first, second = planned(office), bring(office).follow()
    assert press(office, first, "/apply").status == 303
    answer = press(office, second, "/apply")
    assert answer.status == 409
    assert "Read it once more." in answer.words


def test_presets_that_fit_are_offered_and_not_taken_by_themselves(office: Visitor) -> None:
    header = "TermName,StudentID,Subject,TestStartDate,TestRITScore"
    page = (
        bring(office, quizzes("Fall,4711,Reading,09/05/2025,210", header=header)).follow().follow()
    )
    assert "check with your own export" in page.words
    link = page.soup.find("a", string="MAP Growth")
    page = office.get(link["href"])
    assert page.soup.select('option[value="TestRITScore"][selected]')


def test_a_set_of_results_needs_no_mapping(office: Visitor) -> None:
    row = "r-1,active,,li-1,sid-4711,fully graded,18,2025-10-03,"
    plan = bring(office, files.zipped(files.oneroster(row)), "set.zip").follow()
    assert "New values: 1" in plan.words
    assert press(office, plan, "/apply").status == 303


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"\x00\x01", b"a,b\n"])
def test_what_is_no_file_of_data_gets_a_clear_answer(office: Visitor, content: bytes) -> None:
    answer = bring(office, content)
    if answer.status == 303:
        answer = answer.follow().follow()
        assert (
            "cannot be read like this" in answer.words or answer.heading == "What the columns mean"
        )
    else:
        assert answer.status == 422
        assert "The file is empty." in answer.words


def test_the_first_page_lists_what_waits_what_came_and_what_is_known(office: Visitor) -> None:
    assert "Nothing was brought in yet." in office.get("/admin/outcomes").words
    press(office, planned(office), "/apply")
    bring(office, name="more.csv")
    page = office.get("/admin/outcomes")
    for words in ("brought in", "more.csv", "Quizzes", "MAP Growth"):
        assert words in page.words


def test_no_file_is_asked_for_again(office: Visitor) -> None:
    answer = office.post("/admin/outcomes")
    assert answer.status == 422
    assert "Choose a file." in answer.words


def test_a_file_can_be_let_go(office: Visitor, session: Session) -> None:
    page = bring(office).follow().follow()
    assert press(office, page, "/drop").status == 303
    assert session.exec(select(WaitingFile)).all() == []


def test_others_and_the_office_of_another_school_find_nothing(
    session: Session, visit: Visit, learner: Person, office: Visitor
) -> None:
    place = planned(office)
    press(office, place, "/apply")
    run = session.exec(select(ImportRun)).one()
    away = an_administrator(session, school=a_school(session, "Prairie School"))
    teacher = a_teacher_of(session, learner)
    session.commit()
    for person in (away, learner, teacher):
        assert visit(person).get(f"/admin/outcomes/imports/{run.id}").status == 404
        assert visit(person).post(f"/admin/outcomes/imports/{run.id}/undo").status == 404


def test_in_spanish_a_wrong_row_is_told_in_spanish(
    session: Session, visit: Visit, learner: Person
) -> None:
    person = an_administrator(session, language=Language.ES)
    session.commit()
    plan = planned(visit(person), quizzes("4711,13/13/2025,Rates,1"))
    assert plan.status == 200
    assert plan.soup.select('html[lang="es"]')
