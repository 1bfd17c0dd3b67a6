"""The twelve strands that people place: reflect, aim, take steps, look back, and see it side by side."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from learnpath.continuum.columns import Column
from learnpath.continuum.models import PracticeReflection, Scope
from learnpath.continuum.practice import Aim, Step, look_back, reflect, steps_of
from learnpath.errors import NotAllowed, NotAllowedNow, NotFound, WrongInput
from learnpath.people.models import Person
from learnpath.record import By, Relation, Verb
from learnpath.record.models import Event
from learnpath.school.models import School, SchoolClass
from tests import builders
from tests.builders import MONDAY
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
STRAND = "learner_collaboration"
GOOD = {
    "scope": "own", "place": "learner_centered", "evidence": "We chose our own partners.", "target": "",
}  # fmt: skip


@pytest.fixture
def school(session: Session) -> School:
    return builders.a_school(session)


@pytest.fixture
def room(session: Session, school: School) -> SchoolClass:
    return builders.a_class(session, school=school)


@pytest.fixture
def teacher(session: Session, school: School, room: SchoolClass) -> Person:
    return builders.a_teacher(session, room, called="Ms. Tran", school=school)


def a_reflection(
    session: Session, by: By, scope: Scope = Scope.OWN, place: Column = Column.LEARNER_CENTERED,
    text: str = "We chose our own partners.", class_id: int | None = None,
) -> PracticeReflection:  # fmt: skip
    return reflect(session, by, STRAND, scope, place, text, MONDAY, class_id=class_id)


def test_a_reflection_keeps_its_evidence_aim_and_steps(any_session: Session) -> None:
    school = builders.a_school(any_session)
    leader = builders.a_leader(any_session, school=school)
    by = builders.by(leader, Relation.SCHOOL)
    aim = Aim(Column.LEARNER_DRIVEN, date(2026, 3, 1))
    steps = [Step("Ask learners", "Ms. Tran", date(2025, 12, 1)), Step("  ")]
    made = reflect(
        any_session, by, STRAND, Scope.SCHOOL, Column.LEARNER_CENTERED, "Seen in six rooms.", MONDAY,
        aim=aim, steps=steps,
    )  # fmt: skip
    assert (made.target, made.target_day) == (aim.target, aim.day)
    assert [step.text for step in steps_of(any_session, [made.id or 0])] == ["Ask learners"]
    event = any_session.exec(select(Event).where(Event.verb == Verb.PRACTICE_REFLECTED)).one()
    assert event.learner_id is None
    assert "Seen in six rooms" not in event.payload


def test_a_learners_reflection_stands_in_the_learners_own_record(session: Session) -> None:
    learner = builders.a_learner(session)
    a_reflection(session, builders.by(learner, Relation.LEARNER))
    event = session.exec(select(Event).where(Event.verb == Verb.PRACTICE_REFLECTED)).one()
    assert event.learner_id == learner.id


def test_looking_back_ticks_the_steps_and_happens_once(any_session: Session) -> None:
    by = builders.by(builders.a_leader(any_session), Relation.SCHOOL)
    made = reflect(
        any_session, by, STRAND, Scope.OWN, Column.LEARNER_CENTERED, "Seen.", MONDAY,
        steps=[Step("One"), Step("Two")],
    )  # fmt: skip
    one, two = steps_of(any_session, [made.id or 0])
    look_back(any_session, by, made, "It helped.", [one.id or 0], MONDAY + timedelta(days=30))
    assert one.done_at
    assert two.done_at is None
    with pytest.raises(NotAllowedNow):
        look_back(any_session, by, made, "Again.", [], MONDAY + timedelta(days=31))


def test_what_cannot_be_is_refused(session: Session) -> None:
    leader = builders.a_leader(session)
    by = builders.by(leader, Relation.SCHOOL)
    place = Column.LEARNER_CENTERED
    with pytest.raises(NotFound):
        reflect(session, by, "learner_profile_data", Scope.OWN, place, "x", MONDAY)
    with pytest.raises(WrongInput):
        reflect(session, by, STRAND, Scope.OWN, place, "  ", MONDAY)
    past = Aim(place, MONDAY.date() - timedelta(days=1))
    with pytest.raises(WrongInput):
        reflect(session, by, STRAND, Scope.OWN, place, "x", MONDAY, aim=past)
    family = builders.by(leader, Relation.FAMILY)
    with pytest.raises(NotAllowed):
        reflect(session, family, STRAND, Scope.OWN, place, "x", MONDAY)


def test_twelve_strands_are_there_to_reflect_on(
    teacher: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    page = visit(teacher).get("/practice")
    assert page.status == 200
    assert len(page.soup.select("main .facts > li")) == 12


def test_a_reflection_is_kept_and_stands_newest_first(
    teacher: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    visitor = visit(teacher)
    for text in ("First seen.", "Later seen."):
        sent = visitor.post(f"/practice/{STRAND}/new", **{**GOOD, "evidence": text})
        assert sent.status == 303, sent.words
    words = sent.follow().words
    assert words.index("Later seen.") < words.index("First seen.")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"evidence": " "}, "Say what you saw."),
        ({"place": ""}, "Choose one."),
        ({"target": "learner_driven"}, "Enter the day by which it should be there."),
        ({"target": "learner_driven", "target_day": "2025-11-16"}, "still to come"),
        ({"scope": "class:999999"}, "Not a valid choice."),
    ],
)
def test_a_form_that_is_not_whole_comes_back_with_its_words(
    teacher: Person, session: Session, visit: Visit, change: dict[str, str], words: str
) -> None:
    session.commit()
    sent = {**GOOD, "steps-0-text": "Ask learners", **change}
    page = visit(teacher).post(f"/practice/{STRAND}/new", **sent)
    assert page.status == 422
    assert words in page.words
    assert "Ask learners" in page.text
    assert not session.exec(select(PracticeReflection)).all()


def test_several_people_see_where_they_agree(
    school: School, teacher: Person, session: Session, visit: Visit
) -> None:
    leader = builders.a_leader(session, "Dr. Q", school=school)
    a_reflection(session, builders.by(leader, Relation.SCHOOL), Scope.SCHOOL)
    mine = builders.by(teacher, Relation.TEACHER)
    a_reflection(session, mine, Scope.SCHOOL, Column.TEACHER_DRIVEN, "Earlier.")
    session.commit()
    page = visit(leader).get(f"/practice/{STRAND}")
    assert "Seen differently: worth a talk" in page.words
    a_reflection(session, mine, Scope.SCHOOL)
    session.commit()
    assert "All see it alike" in visit(leader).get(f"/practice/{STRAND}").words


def test_what_is_ones_own_stays_with_its_author(
    school: School, teacher: Person, session: Session, visit: Visit
) -> None:
    leader = builders.a_leader(session, school=school)
    learner = builders.a_learner(session, school=school)
    own = a_reflection(session, builders.by(teacher, Relation.TEACHER), text="Just for me.")
    a_reflection(session, builders.by(teacher, Relation.TEACHER), Scope.SCHOOL, text="For staff.")
    session.commit()
    for other in (leader, learner):
        visitor = visit(other)
        assert "Just for me." not in visitor.get(f"/practice/{STRAND}").words
        assert visitor.get(f"/reflections/{own.id}/look-back").status == 404
    assert "For staff." not in visit(learner).get(f"/practice/{STRAND}").words


def test_another_classes_teacher_does_not_read_what_is_about_a_class(
    school: School, room: SchoolClass, teacher: Person, session: Session, visit: Visit
) -> None:
    other = builders.a_teacher(session, builders.a_class(session, school=school), school=school)
    mine = builders.by(teacher, Relation.TEACHER)
    a_reflection(session, mine, Scope.CLASS, text="In our room.", class_id=room.id)
    session.commit()
    assert "In our room." not in visit(other).get(f"/practice/{STRAND}").words
    assert "In our room." in visit(teacher).get(f"/practice/{STRAND}").words


def test_a_look_back_is_written_on_its_page(
    teacher: Person, session: Session, visit: Visit
) -> None:
    made = a_reflection(session, builders.by(teacher, Relation.TEACHER))
    session.commit()
    visitor = visit(teacher)
    assert visitor.post(f"/reflections/{made.id}/look-back", looked_back=" ").status == 422
    sent = visitor.post(f"/reflections/{made.id}/look-back", looked_back="Partners changed.")
    assert sent.status == 303
    assert "Partners changed." in sent.follow().words


def test_a_family_has_no_reflections_to_write(session: Session, visit: Visit) -> None:
    guardian = builders.a_guardian_of(session, builders.a_learner(session))
    session.commit()
    assert visit(guardian).get("/practice").status == 404


@pytest.mark.parametrize(
    "named", ["class:abc", "class:²", "class:", "class", "class:0", "own:1", ""]
)
def test_a_class_that_is_none_is_refused_and_nothing_is_kept(
    session: Session, visit: Visit, teacher: Person, named: str
) -> None:
    session.commit()
    page = visit(teacher).post(f"/practice/{STRAND}/new", **{**GOOD, "scope": named})
    assert page.status == 422
    assert session.exec(select(PracticeReflection)).all() == []


def test_only_a_class_that_one_teaches_can_be_named(
    session: Session, visit: Visit, school: School, room: SchoolClass, teacher: Person
) -> None:
    others = builders.a_class(session, school=school, name="Room 9")
    session.commit()
    own, other = f"class:{room.id}", f"class:{others.id}"
    address = f"/practice/{STRAND}/new"
    assert visit(teacher).post(address, **{**GOOD, "scope": other}).status == 422
    assert visit(teacher).post(address, **{**GOOD, "scope": own}).status == 303
    assert [one.class_id for one in session.exec(select(PracticeReflection))] == [room.id]
