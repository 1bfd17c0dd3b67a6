"""A family or a learner asks to see, correct or erase: noted, answered, and erased for good."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlmodel import Session, select

from learnpath.config import Settings
from learnpath.goals.file_store import store_of
from learnpath.models import complete_metadata
from learnpath.people.models import Person
from learnpath.portability.erase import KEPT, OWNERS, emptied_tables, erase_learner
from learnpath.record import Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from learnpath.school.models import DataRequest, RequestState
from tests import builders
from tests.builders import MONDAY
from tests.goals.build import a_goal
from tests.living import House
from tests.profiles.build import a_profile
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
ASKED = {"kind": "see", "asked_as": "family", "asked_by": "Rosa Rivera", "asked_on": "2025-11-14",
         "about": "All of it, please."}  # fmt: skip


@pytest.fixture
def office(session: Session, visit: Visit):
    """Return a learner with words and a goal, and the office."""
    learner = a_profile(
        session, builders.a_learner(session, "Linh"), lines={"strengths": ("zorba sings",)}
    )
    builders.a_guardian_of(session, learner, "Rosa")
    administrator = builders.an_administrator(session)
    session.commit()
    return learner, visit(administrator)


def note(visitor: Visitor, learner: Person, **changes: str) -> Page:
    """Note a request and open its page."""
    sent = visitor.post(f"/admin/people/{learner.id}/requests/new", **{**ASKED, **changes})
    assert sent.status == 303, sent.words
    return sent.follow()


def the_request(session: Session) -> DataRequest:
    """Return the one request as it is now, and leave no transaction open."""
    query = select(DataRequest).execution_options(populate_existing=True)
    found = session.exec(query).one()
    session.commit()
    return found


def test_a_request_to_see_is_noted_served_and_answered(session: Session, office) -> None:
    learner, visitor = office
    page = note(visitor, learner)
    assert "Rosa Rivera" in page.words
    assert "Dec 29, 2025" in page.words  # 45 days after it was asked
    request = the_request(session)
    path = f"/admin/requests/{request.id}"
    assert "One request about a record is open." in visitor.get("/admin").words
    copy = visitor.post(f"{path}/copy")
    record = json.loads(zipfile.ZipFile(io.BytesIO(copy.response.data)).read("record.json"))
    assert "zorba sings" in json.dumps(record)
    assert copy.response.headers["Cache-Control"] == "private, no-store"
    assert visitor.post(path, state="answered", answer="").status == 422
    assert visitor.post(path, state="answered", answer="Handed over.").status == 303
    assert the_request(session).state is RequestState.ANSWERED
    assert visitor.post(f"{path}/copy").status == 409
    assert visitor.post(path, state="declined", answer="No.").status == 409
    assert "Linh Example" in visitor.get("/admin/requests").words
    verbs = [event.verb for event in session.exec(select(Event).order_by(Event.id))]
    asked = verbs.index(Verb.REQUEST_RECORDED)
    assert verbs[asked:] == [Verb.REQUEST_RECORDED, Verb.RECORD_EXPORTED, Verb.REQUEST_ANSWERED]
    assert verify(session).faults == ()


def test_a_request_is_declined_with_a_reason_only(session: Session, office) -> None:
    learner, visitor = office
    note(visitor, learner, kind="correct", asked_as="learner")
    path = f"/admin/requests/{the_request(session).id}"
    page = visitor.post(path, state="declined", answer="")
    assert page.status == 422
    assert "Write why it was declined." in page.words
    assert visitor.post(path, state="declined", answer="It was right.").status == 303
    assert "It was right." in visitor.get(path).words


WRONG = [
    ("kind", "", "Choose what is asked."),
    ("kind", "sell", "Not a valid choice."),
    ("asked_as", "teacher", "Not a valid choice."),
    ("asked_by", "", "Enter the name of who asked."),
    ("asked_on", "2025-11-18", "That day is still to come."),
]


def test_what_is_wrong_with_a_request_is_said(session: Session, office) -> None:
    learner, visitor = office
    for field, value, words in WRONG:
        fields = {**ASKED, field: value}
        page = visitor.post(f"/admin/people/{learner.id}/requests/new", **fields)
        assert page.status == 422, words
        assert words in page.words
    assert session.exec(select(DataRequest)).all() == []


def test_a_request_is_about_a_learner_of_the_own_school(session: Session, visit: Visit) -> None:
    adult = builders.a_person(session)
    administrator = builders.an_administrator(session)
    away = builders.a_learner(session, school=builders.a_school(session, "Prairie School"))
    session.commit()
    visitor = visit(administrator)
    for person in (adult, away):
        assert visitor.post(f"/admin/people/{person.id}/requests/new", **ASKED).status == 404


# -- erasing ---------------------------------------------------------------------------------------------


def test_erasing_takes_the_full_name_and_no_other_open_request(session: Session, office) -> None:
    learner, visitor = office
    note(visitor, learner, kind="erase")
    path = f"/admin/requests/{the_request(session).id}"
    page = visitor.post(f"{path}/erase", name="linh", answer="Erased.")
    assert page.status == 422
    assert "That is not the full name of this student." in page.words
    assert visitor.post(f"{path}/copy").status == 409
    note(visitor, learner)
    page = visitor.post(f"{path}/erase", name="Linh Example", answer="Erased.")
    assert page.status == 409
    assert session.get_one(Person, learner.id).called == "Linh"
    session.commit()


def test_erased_is_erased(session: Session, office) -> None:
    learner, visitor = office
    a_goal(session, learner=learner, check_ins=3)
    session.commit()
    note(visitor, learner, kind="erase")
    path = f"/admin/requests/{the_request(session).id}"
    sent = visitor.post(f"{path}/erase", name="Linh Example", answer="Erased on request.")
    assert sent.status == 303, sent.words
    page = sent.follow()
    assert "Erased on request." in page.words
    assert "Linh" not in page.text
    session.expire_all()
    kept = the_request(session)
    assert (kept.state, kept.about) == (RequestState.ANSWERED, "")
    erased = session.get_one(Person, learner.id)
    assert (erased.full_name, erased.grade, erased.left_at) == ("Erased", None, MONDAY)
    events = session.exec(select(Event).where(Event.learner_id == learner.id)).all()
    assert {event.payload for event in events if event.verb != Verb.RECORD_ERASED} == {'"erased"'}
    assert verify(session).faults == ()


def test_no_word_of_an_erased_learner_is_left_in_any_table(
    house: House, settings: Settings
) -> None:
    """The world's learner has everything there is; every text of every table is read afterwards."""
    house.set_back()
    learner_id = house.world.people["learner"]
    with Session(house.engine) as session:
        learner = session.get_one(Person, learner_id)
        doer = builders.by_school(
            session.get_one(type(builders.the_school(session)), learner.school_id)
        )
        assert erase_learner(session, doer, learner, store_of(settings), MONDAY) > 50
        session.commit()
        assert verify(session).faults == ()
    left = _holding(house.engine, "zorba")
    house.set_back()
    # What a teacher wrote about own practice is the teacher's; names in it are not looked for.
    assert left == ["practice_reflection.evidence"]


def _holding(engine: Engine, mark: str) -> list[str]:
    found = []
    with engine.connect() as connection:
        for table in complete_metadata().sorted_tables:
            for row in connection.execute(sa.select(table)).mappings():
                found += [
                    f"{table.name}.{name}" for name, value in row.items()
                    if mark in json.dumps(value, default=str).lower()
                ]  # fmt: skip
    return sorted(set(found))


def test_the_classmate_keeps_everything(house: House, settings: Settings) -> None:
    house.set_back()
    before = _rows_of(house.engine, house.world.people["classmate"])
    with Session(house.engine) as session:
        learner = session.get_one(Person, house.world.people["learner"])
        school = builders.the_school(session)
        doer = builders.by_school(session.get_one(type(school), learner.school_id))
        erase_learner(session, doer, learner, store_of(settings), MONDAY)
        session.commit()
    after = _rows_of(house.engine, house.world.people["classmate"])
    house.set_back()
    # An invitation of the one who is gone goes, too; nothing else of the classmate may be touched.
    assert after == before


def _rows_of(engine: Engine, learner_id: int) -> dict[str, int]:
    with engine.connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).where(table.c.learner_id == learner_id)
            ).scalar_one()
            for table in complete_metadata().sorted_tables
            if "learner_id" in table.c and table.name != "peer_invitation"
        }


def test_every_table_of_a_learner_is_emptied_or_says_why_not() -> None:
    emptied = {table.name for table, _name in emptied_tables()}
    of_learners = {
        table.name for table in complete_metadata().sorted_tables if "learner_id" in table.columns
    }
    assert of_learners - emptied == set(KEPT)
    assert "learner_id" in OWNERS


def test_a_learner_with_everything_is_erased_on_both_databases(
    any_session: Session, settings
) -> None:
    learner = a_profile(any_session, builders.a_learner(any_session, "Linh"))
    a_goal(any_session, learner=learner, check_ins=3, shared=True)
    builders.a_guardian_of(any_session, learner)
    doer = builders.by_school(builders.the_school(any_session))
    any_session.commit()
    erase_learner(any_session, doer, learner, store_of(settings), MONDAY)
    any_session.commit()
    assert verify(any_session).faults == ()
