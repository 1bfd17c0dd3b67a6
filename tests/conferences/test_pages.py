"""A conference from plan to answer, over the pages that people use."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.conferences.models import Conference, ConferenceState, Feedback, Summary
from tests import builders
from tests.conferences import build


@pytest.fixture
def people(session: Session):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner, "Ms. Baca")
    guardian = builders.a_guardian_of(session, learner, "Rosa Salazar")
    session.commit()
    return learner, teacher, guardian


def test_a_teacher_plans_a_conference(visit, people, engine):
    learner, teacher, _guardian = people
    visitor = visit(teacher)
    assert "Plan a conference" in visitor.get(f"/learners/{learner.id}/conferences").words
    page = visitor.post(
        f"/learners/{learner.id}/conferences/new", day="2025-11-20", at="17:20", place="Room 214"
    )
    assert page.status == 303
    shown = page.follow()
    assert "20" in shown.heading
    assert "5:20" in shown.words
    with Session(engine) as reading:
        made = reading.exec(select(Conference)).one()
        assert made.starts_at.isoformat() == "2025-11-21T00:20:00+00:00"


def test_a_day_that_is_over_is_told_beside_the_field(visit, people):
    learner, teacher, _guardian = people
    page = visit(teacher).post(
        f"/learners/{learner.id}/conferences/new", day="2025-11-03", at="17:20"
    )
    assert page.status == 422
    assert "Choose today or a day to come." in page.words


def test_a_learner_prepares_page_by_page(visit, people, session):
    learner, teacher, _guardian = people
    conference = build.a_planned_conference(session, learner, teacher)
    session.commit()
    base = f"/conferences/{conference.id}/prepare"
    visitor = visit(learner)
    hub = visitor.get(base)
    assert hub.status == 200
    for part in ("lines", "goals", "work", "hard", "words", "guess"):
        assert visitor.get(f"{base}/{part}").status == 200
    assert visitor.post(f"{base}/hard", seen="0", what="", tried="x").status == 422
    assert visitor.post(f"{base}/hard", seen="0", what="Own words.", tried="x").status == 303
    assert visitor.post(f"{base}/words", seen="1", words="I try twice.").status == 303
    assert visitor.post(f"{base}/guess", seen="2", words="She asks more.").status == 303
    assert visitor.post(f"{base}/goals", seen="3", none_to_show="y").status == 303
    added = visitor.post(f"{base}/work", title="Letter", did="Three drafts", shows="It fits")
    assert added.status == 303
    assert "Letter" in added.follow().words
    moved = visitor.post(f"{base}/order", card="my_goal", way="up")
    assert moved.status == 303
    refused = visitor.post(f"{base}/ready")
    assert refused.status == 409
    assert "Lines from my profile" in refused.words


def test_a_stale_page_shows_both_wordings_and_loses_neither(visit, people, session):
    learner, teacher, _guardian = people
    conference = build.a_planned_conference(session, learner, teacher)
    session.commit()
    base = f"/conferences/{conference.id}/prepare"
    visitor = visit(learner)
    visitor.post(f"{base}/words", seen="0", words="The first words.")
    stale = visitor.post(f"{base}/words", seen="0", words="The second words.")
    assert stale.status == 409
    assert "The first words." in stale.words
    assert "The second words." in stale.words


def test_present_carries_only_what_the_learner_picked(visit, people, session):
    learner, teacher, _guardian = people
    conference = build.a_planned_conference(session, learner, teacher)
    build.prepare_all(session, conference)
    session.commit()
    visitor = visit(learner)
    page = visitor.post(f"/conferences/{conference.id}/begin").follow()
    assert page.status == 200
    assert len(page.soup.select("[data-card]")) == 8
    assert build.LINES[0].text in page.words
    assert build.TEACHER_WORDS in page.words
    assert not page.soup.select("nav.places")


def test_what_happens_is_kept_and_finished_without_a_script(visit, people, session, engine):
    learner, teacher, _guardian = people
    conference = build.a_planned_conference(session, learner, teacher)
    build.prepare_all(session, conference)
    session.commit()
    visitor = visit(learner)
    visitor.post(f"/conferences/{conference.id}/begin")
    kept = visitor.post(f"/conferences/{conference.id}/present", led_welcome="learner")
    assert kept.status == 303
    refused = visitor.post(
        f"/conferences/{conference.id}/finish", touched=["present"], led_welcome="learner",
        text_learner="Two quotes each week", due_learner="2025-12-01",
    )  # fmt: skip
    assert refused.status == 422
    assert "Say who was there." in refused.words
    assert "Two quotes each week" in refused.text
    done = visitor.post(
        f"/conferences/{conference.id}/finish", touched=["present"], present=["learner", "family"],
        text_learner="Two quotes each week", due_learner="2025-12-01", led_welcome="learner",
    )  # fmt: skip
    assert done.status == 303
    assert "Check what goes in the summary" in done.follow().words
    with Session(engine) as reading:
        assert reading.get_one(Conference, conference.id).state is ConferenceState.HELD


def test_a_script_is_answered_in_its_own_language(visit, people, session):
    learner, teacher, _guardian = people
    conference = build.a_planned_conference(session, learner, teacher)
    session.commit()
    visitor = visit(teacher)
    visitor.post(f"/conferences/{conference.id}/begin")
    token = visitor.csrf_token()
    address = f"/conferences/{conference.id}/present"
    good = visitor.client.post(
        address, data={"csrf_token": token, "led_welcome": "teacher"},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert (good.status_code, good.json) == (200, {"kept": True})
    bad = visitor.client.post(
        address, data={"csrf_token": token, "due_learner": "2020-01-01"},
        headers={"Accept": "application/json"},
    )  # fmt: skip
    assert bad.status_code == 422
    assert bad.json["field"] == "due_learner"


def test_the_whole_way_after_the_conference(visit, people, session, engine):
    learner, teacher, guardian = people
    conference = build.a_conference(session, learner, teacher, approved=False, shared=False)
    summary = build.summary_of(session, conference)
    session.commit()
    child, school, family = visit(learner), visit(teacher), visit(guardian)
    assert family.get(f"/summaries/{summary.id}").status == 404
    assert "checks this first" in school.get(f"/summaries/{summary.id}").words
    approved = child.post(f"/summaries/{summary.id}/approve", in_my_words="Now I read two.")
    assert approved.status == 303
    read = school.get(f"/summaries/{summary.id}")
    assert "Now I read two." in read.words
    seen = read.soup.select_one("input[name=seen]")["value"]
    assert school.post(f"/summaries/{summary.id}/share", seen=seen).status == 303
    page = family.get(f"/summaries/{summary.id}")
    assert page.status == 200
    assert "¿Entendió" in page.words or "Did you understand" in page.words
    tapped = family.post(f"/summaries/{summary.id}/feedback", understood="yes")
    assert tapped.status == 303
    family.post(
        f"/summaries/{summary.id}/feedback/words", proud="Me gustó escucharte.",
        question="¿Qué podemos leer?",
    )  # fmt: skip
    assert "Me gustó escucharte." not in child.get(f"/conferences/{conference.id}").words
    with Session(engine) as reading:
        answer = reading.exec(select(Feedback)).one()
    assert "¿Qué podemos leer?" in school.get(f"/conferences/{conference.id}").words
    assert school.post(f"/feedback/{answer.id}/glance", pass_on="1").status == 303
    told = child.get(f"/conferences/{conference.id}")
    assert "Me gustó escucharte." in told.words
    assert "¿Qué podemos leer?" not in told.words
    assert child.post(f"/feedback/{answer.id}/read").status == 303
    with Session(engine) as reading:
        assert reading.exec(select(Feedback)).one().read_at is not None
        assert reading.exec(select(Summary)).one().shared_at is not None
