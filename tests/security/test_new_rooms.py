"""Attacks on rosters, the school office, evidence, cards and logs: each was tried once and must not work again."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath.conferences.family_views import WRONG_TRIES
from learnpath.config import Settings
from learnpath.db import unit_of_work
from learnpath.errors import WrongInput
from learnpath.goals import draft, propose
from learnpath.goals.file_store import FolderStore
from learnpath.goals.models import ChangeReason
from learnpath.goals.propose import Reason
from learnpath.people.models import Language, Person
from learnpath.portability import requests
from learnpath.portability.erase import erase_learner
from learnpath.portability.requests import Asked
from learnpath.record import Relation
from learnpath.record.verify import verify
from learnpath.school import admin_people
from learnpath.school.admin_people import NewTie, TieKind
from learnpath.school.models import (
    AccessDay,
    Enrolment,
    Guardianship,
    OutsideId,
    RequestKind,
    School,
    Teaching,
)
from learnpath.spreadsheet import cell
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build as conferences
from tests.goals import build as goals
from tests.profiles.build import a_profile
from tests.roster.build import Office
from tests.roster.sets import a_class, a_set, a_user, an_enrolment, nothing
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def office(engine: Engine, tmp_path: Path) -> Office:
    """Return an office in which a district brought in two schools, the second with a class and a teacher."""
    made = Office(engine, tmp_path)
    both = a_set()
    a_class(both, "c9", "Valley 9", "o2")
    a_user(both, "s9", "student", "Zoe", "Valley", org="o2", grades="04")
    a_user(both, "t9", "teacher", "Ned", "Valley", org="o2")
    an_enrolment(both, "e9", "c9", "s9", "student", school="o2")
    an_enrolment(both, "e10", "c9", "t9", "teacher", school="o2")
    made.apply(both)
    return made


def _ties_to_other_class(office: Office) -> list[int]:
    with office.reading() as session:
        group = office.group("c1")
        zoe, ned = office.person("s9"), office.person("t9")
        assert group
        assert zoe
        assert ned
        learns = select(Enrolment.id).where(
            Enrolment.class_id == group.id, Enrolment.learner_id == zoe.id
        )
        teaches = select(Teaching.id).where(
            Teaching.class_id == group.id, Teaching.teacher_id == ned.id
        )
        return [*session.exec(learns), *session.exec(teaches)]


@pytest.mark.parametrize("trick", ["class not in the set", "class said to be ours"])
def test_a_roster_of_one_school_puts_nobody_into_a_class_of_another(
    office: Office, trick: str
) -> None:
    valley = office.school("o2")
    assert valley
    made = nothing()
    school = ""
    if trick == "class said to be ours":
        made = a_set()
        made.files["enrollments.csv"], made.files["classes.csv"] = [], []
        a_user(made, "s9", "student", "Zoe", "Valley", org="o2", grades="04")
        a_user(made, "t9", "teacher", "Ned", "Valley", org="o2")
        a_class(made, "c9", "Valley 9", "o2")
        a_class(made, "c1", "Room 12", "o2")
        an_enrolment(made, "e9", "c9", "s9", "student", school="o2")
        an_enrolment(made, "e10", "c9", "t9", "teacher", school="o2")
    an_enrolment(made, "x1", "c1", "s9", "student", school=school)
    an_enrolment(made, "x2", "c1", "t9", "teacher", school=school)
    office.apply(made, MONDAY + timedelta(days=1), home=valley.id)
    assert _ties_to_other_class(office) == []


# -- the school office -----------------------------------------------------------------------------


def test_an_administrator_who_moves_to_another_school_administers_neither(
    session: Session, visit: Visit
) -> None:
    administrator = builders.an_administrator(session)
    other = builders.a_school(session, "Prairie School")
    builders.a_teacher_of(session, builders.a_learner(session))
    session.commit()
    mover = visit(administrator)
    assert mover.get("/admin").status == 200
    administrator.school_id = other.id or 0  # as a district's roster says
    session.add(administrator)
    session.commit()
    assert mover.get("/admin").status != 200
    assert mover.get("/admin/people").status != 200
    assert mover.get("/admin/calendar").status != 200


def test_no_contact_holds_for_every_tie_of_the_two(session: Session, visit: Visit) -> None:
    learner = a_profile(session, builders.a_learner(session, "Linh"))
    adult = builders.a_guardian_of(session, learner, language=Language.EN)
    doer, today = builders.by_school(session.get_one(School, learner.school_id)), MONDAY.date()
    earlier = NewTie(TieKind.FAMILY_OF, builders.YEAR_START - timedelta(days=9), None, learner.id)
    admin_people.add_tie(session, doer, adult, earlier, MONDAY)
    ties = select(Guardianship).where(Guardianship.guardian_id == adult.id)
    first = session.exec(ties.order_by(col(Guardianship.id))).first()
    assert first is not None
    admin_people.forbid_contact(session, doer, adult, f"guardianship:{first.id}", MONDAY)
    session.flush()
    assert all(tie.no_contact for tie in session.exec(ties))
    later = NewTie(TieKind.FAMILY_OF, today - timedelta(days=200), None, learner.id)
    with pytest.raises(WrongInput):
        admin_people.add_tie(session, doer, adult, later, MONDAY)


def test_a_roster_with_a_long_name_in_another_script_is_taken(
    session: Session, visit: Visit
) -> None:
    administrator = builders.an_administrator(session)
    session.commit()
    clerk = visit(administrator)
    sent = clerk.client.post(
        "/admin/roster",
        data={"csrf_token": clerk.csrf_token(), "file": (io.BytesIO(b"x"), "名" * 90 + ".zip")},
    )
    assert sent.status_code == 303


# -- the access log and erasure --------------------------------------------------------------------


def test_nobody_reads_past_the_log_by_a_form_that_is_sent_back(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session, "Linh")
    teacher = builders.a_teacher_of(session, learner)
    goal = goals.a_goal(session, learner=learner, teacher=teacher)
    session.commit()
    page = visit(teacher).post(f"/goals/{goal.id}/suggest", words="")
    assert page.status == 422
    assert goals.FACTS["what"] in page.words
    row = session.exec(select(AccessDay).where(AccessDay.learner_id == learner.id)).one()
    assert (row.reader_id, row.room) == (teacher.id, "goals")


def test_nobody_reads_past_the_log_by_looking_for_a_word(session: Session, visit: Visit) -> None:
    lines = {"strengths": ("zorba explains",)}
    found = a_profile(session, builders.a_learner(session, "Linh"), lines=lines)
    teacher = builders.a_teacher_of(session, found)
    room = builders.class_of(session, found)
    a_profile(session, builders.a_learner(session, "Ada", in_class=room), lines={"hopes": ("fly",)})
    session.commit()
    assert "zorba explains" in visit(teacher).get(f"/classes/{room.id}/profiles?word=zorba").words
    read = session.exec(select(AccessDay.learner_id, AccessDay.reader_id)).all()
    assert [tuple(row) for row in read] == [(found.id, teacher.id)]


@pytest.mark.parametrize("sign", "=+-@\uff1d\uff0b\uff0d\uff20")
def test_no_cell_begins_a_formula_on_any_keyboard(sign: str) -> None:
    assert cell(f" {sign}1+1").startswith("'")


def test_erasing_a_learner_forgets_every_name_that_another_system_has(
    office: Office, tmp_path: Path
) -> None:
    ana = office.person("s1")
    assert ana
    with unit_of_work(office.engine) as session:
        learner = session.get_one(Person, ana.id)
        doer = builders.by_school(session.get_one(School, learner.school_id))
        erase_learner(session, doer, learner, FolderStore(tmp_path / "files"), MONDAY)
    with office.reading() as session:
        kept = session.exec(select(OutsideId.outside_id)).all()
        assert not [name for name in kept if name in ("s1", "e1") or "s1" in name.split("\t")]
        assert verify(session).faults == ()


def test_a_roster_that_waits_goes_with_an_erased_learner(
    session: Session, visit: Visit, settings: Settings
) -> None:
    learner = builders.a_learner(session, "Linh")
    administrator = builders.an_administrator(session)
    doer = builders.by(administrator, Relation.SCHOOL)
    asked = Asked(RequestKind.ERASE, Relation.FAMILY, "A parent", "", MONDAY.date())
    made = requests.note_request(session, doer, learner, asked, MONDAY.date(), MONDAY)
    session.commit()
    clerk = visit(administrator)
    file = (io.BytesIO(b"Linh"), "roster.zip")
    clerk.client.post("/admin/roster", data={"csrf_token": clerk.csrf_token(), "file": file})
    assert len(list((settings.data_dir / "rosters-waiting").iterdir())) == 1
    path = f"/admin/requests/{made.id}/erase"
    assert clerk.post(path, name="Linh Example", answer="Erased.").status == 303
    assert list((settings.data_dir / "rosters-waiting").iterdir()) == []


# -- family links ----------------------------------------------------------------------------------


def test_a_link_shows_no_title_that_came_after_the_learners_yes(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session, "Linh")
    teacher = builders.a_teacher_of(session, learner)
    guardian = builders.a_guardian_of(session, learner, language=Language.EN)
    goal = goals.a_goal(session, learner=learner, teacher=teacher, what="Read each day")
    held = conferences.a_conference(session, learner, teacher, goals=[goal.key])
    link, token = conferences.a_link(session, held, guardian)
    later = MONDAY + timedelta(minutes=5)
    draft.take_up(session, goal)
    draft.keep(session, goal, {"what": "Something private"})
    doer = builders.by(learner, Relation.LEARNER)
    why = Reason(ChangeReason.LIFE)
    propose.send(session, doer, goal, later.date(), later, reason=why)
    session.commit()
    family = visit(None)
    family.post(f"/f/{token}")
    page = family.get(f"/family/{link.id}")
    assert page.soup.find("a", href=f"/family/{link.id}/goals/{goal.id}") is not None
    assert "Read each day" in page.words
    assert "Something private" not in page.words


# -- behind a web server ---------------------------------------------------------------------------


def _wrong_tries(app: Flask, forwarded: list[str]) -> list[int]:
    """Return how a made-up family link is answered, for what a server in front says of the address."""
    visitor = Visitor(app)
    fields = {"csrf_token": visitor.csrf_token()}
    return [
        visitor.client.post("/f/made-up", data=fields, headers={"X-Forwarded-For": one}).status_code
        for one in forwarded
    ]


def test_behind_a_web_server_nobody_keeps_all_others_out(make_app: Callable[..., Flask]) -> None:
    app = make_app(proxies=1)
    # What somebody writes into the header themselves stands before what the server adds to it.
    forged = [f"198.51.100.{n}, 203.0.113.9" for n in range(WRONG_TRIES + 1)]
    assert _wrong_tries(app, forged)[-2:] == [404, 429]
    assert _wrong_tries(app, ["203.0.113.10"]) == [404]


def test_without_a_web_server_the_header_is_worth_nothing(app: Flask) -> None:
    assert _wrong_tries(app, [f"198.51.100.{n}" for n in range(WRONG_TRIES + 1)])[-1] == 429
