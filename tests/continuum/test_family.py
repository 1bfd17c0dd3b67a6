"""What a family reads of who is leading: only what was shared, as it stood, in its language."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from learnpath.continuum.models import Observation
from learnpath.people.models import Language, Person
from learnpath.record import Relation
from tests import builders
from tests.continuum.build import TEACHER, check_in, goal, recorded
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def learner(session: Session) -> Person:
    child = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, child, "Ms. Baca")
    for one in [*goal(2, cited_by=("learner",)), *(check_in(week) for week in range(3, 12))]:
        recorded(session, teacher if one.by is TEACHER else child, child, one)
    return child


@pytest.fixture
def guardian(session: Session, learner: Person) -> Person:
    return builders.a_guardian_of(session, learner, "Rosa", language=Language.EN)


def test_a_family_reads_nothing_before_it_is_shared(
    learner: Person, guardian: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    page = visit(guardian).get(f"/learners/{learner.id}/leading/family")
    assert page.status == 200
    assert "Nothing is shared yet." in page.words
    assert not page.soup.select("svg.band")


def test_a_learner_shares_and_takes_back(
    learner: Person, guardian: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    own, family = visit(learner), visit(guardian)
    url = f"/learners/{learner.id}/leading"
    sent = own.post(f"{url}/share", audience="family")
    assert sent.status == 303
    page = family.get(f"{url}/family")
    assert "Mateo sets the goals, and the teacher helps." in page.words
    assert len(page.soup.select("section.card svg.leading-wide")) == 5
    own.post(f"{url}/share", audience="nobody")
    assert "Nothing is shared yet." in family.get(f"{url}/family").words


def test_what_was_shared_stays_as_it_stood(
    learner: Person, guardian: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    url = f"/learners/{learner.id}/leading"
    visit(learner).post(f"{url}/share", audience="family")
    before = visit(guardian).get(f"{url}/family").words
    for one in goal(11, 2, drafted_by="teacher", shaped_by=("teacher",)):
        recorded(session, learner, learner, one)
    session.commit()
    assert visit(guardian).get(f"{url}/family").words == before


def test_a_family_reads_it_in_spanish(learner: Person, session: Session, visit: Visit) -> None:
    guardian = builders.a_guardian_of(session, learner, "Rosa", language=Language.ES)
    session.commit()
    url = f"/learners/{learner.id}/leading"
    visit(learner).post(f"{url}/share", audience="family")
    assert "Mateo pone las metas y el docente ayuda." in visit(guardian).get(f"{url}/family").words


def test_another_family_finds_nothing(learner: Person, session: Session, visit: Visit) -> None:
    other = builders.a_guardian_of(session, builders.a_learner(session))
    stranger = builders.a_guardian_of(session, builders.a_learner(session))
    session.commit()
    assert visit(other).get(f"/learners/{learner.id}/leading/family").status == 404
    assert visit(stranger).post(f"/learners/{learner.id}/leading/share").status == 404


def test_a_family_does_not_share_for_the_learner(
    learner: Person, guardian: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    assert visit(guardian).post(f"/learners/{learner.id}/leading/share").status == 404


def test_a_family_adds_what_it_saw_and_reads_no_observation_of_others(
    learner: Person, guardian: Person, session: Session, visit: Visit
) -> None:
    session.commit()
    sent = visit(guardian).post(
        f"/learners/{learner.id}/leading/seen", what="goal_family_voice:family_spoke",
        day="2025-11-12", text="We talked about the goal at dinner.",
    )  # fmt: skip
    assert sent.status == 303
    assert sent.location.endswith("/leading/family")
    seen = session.exec(select(Observation)).one()
    session.commit()
    assert seen.relation is Relation.FAMILY
    assert "We talked about the goal at dinner." in visit(learner).get(
        f"/learners/{learner.id}/leading"
    ).words  # fmt: skip
    assert visit(guardian).get(f"/observations/{seen.id}/answer").status == 404
