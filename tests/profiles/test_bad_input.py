"""Whatever is sent to the profile's forms: a clear answer at the field, the rest kept, text shown as text."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from learnpath.profiles.models import InventoryAnswer, ProfileBlock
from tests.builders import a_learner, a_teacher_of
from tests.conftest import counted
from tests.profiles.build import a_profile, an_inventory_run

HOSTILE = [
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("{{ 7 * 7 }} {% raw %}", "{{ 7 * 7 }} {% raw %}"),
    ("' OR 1=1; DROP TABLE person; --", "' OR 1=1; DROP TABLE person; --"),
    ("a\x00b\x07c", "abc"),
    ("me\u202egnp.exe", "megnp.exe"),
    ("أحب القراءة", "أحب القراءة"),
    ("👩‍🚀 and 🏳️‍🌈", "👩‍🚀 and 🏳️‍🌈"),
    ("e\u0301", "é"),
]


@pytest.mark.parametrize(("sent", "shown"), HOSTILE)
def test_hostile_words_are_kept_as_words(session: Session, visit, sent: str, shown: str) -> None:
    learner = a_learner(session)
    teacher = a_teacher_of(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile"
    assert visit(learner).post(f"{url}/interests", lines=sent, seen=0).status == 303
    for reader in (learner, teacher):
        page = visit(reader).get(url)
        assert page.soup.select_one("#interests li span").get_text() == shown
        assert "alert(1)" not in [script.get_text() for script in page.soup.select("script")]


def test_only_hidden_marks_are_nothing(session: Session, visit) -> None:
    learner = a_learner(session)
    session.commit()
    url = f"/learners/{learner.id}/profile/interests"
    assert visit(learner).post(url, lines="\u202e\x00\n \n", seen=0).status == 303
    row = session.exec(select(ProfileBlock)).first()
    assert row is None or (row.lines, row.number) == ([], 0)


def test_a_missing_or_odd_revision_number_loses_nothing(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    session.commit()
    url = f"/learners/{learner.id}/profile/strengths"
    for seen in ("", "x", "9" * 30, "-4"):
        page = visit(learner).post(url, lines="Mine alone", seen=seen)
        assert page.status in (409, 422)
        assert "Mine alone" in page.text
    session.expire_all()
    query = select(ProfileBlock).where(ProfileBlock.key == "strengths")
    assert session.exec(query).one().number == 1


def test_thousands_of_choices_are_answered_at_the_question(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    run = an_inventory_run(session, learner, answered=0)
    session.commit()
    visitor, url = visit(learner), f"/inventory-runs/{run.id}/1"
    page = visitor.post(
        url, learn_about=[f"card{n}" for n in range(5000)], **{"learn_about-own": "Kites"}
    )
    assert page.status == 422
    assert "Choose up to 2." in page.words
    assert "Kites" in page.text
    assert session.exec(select(InventoryAnswer)).all() == []


def test_the_answer_to_a_question_of_another_page_is_not_taken(session: Session, visit) -> None:
    learner = a_learner(session, grade=3)
    run = an_inventory_run(session, learner, answered=0)
    session.commit()
    page = visit(learner).post(f"/inventory-runs/{run.id}/1", topics=["nature"], thinking="lean_on")
    assert page.status == 303
    answers = session.exec(select(InventoryAnswer)).all()
    assert [(one.question, one.value) for one in answers] == [("learn_about", {})]


def test_one_wrong_answer_keeps_what_else_was_typed(session: Session, visit) -> None:
    learner = a_learner(session, grade=8)
    run = an_inventory_run(session, learner, answered=0)
    session.commit()
    page = visit(learner).post(
        f"/inventory-runs/{run.id}/1", topics=["nature", "tech", "music", "art"],
        rely="I fix bikes", languages="x" * 301,
    )  # fmt: skip
    assert page.status == 422
    assert "Choose up to 3." in page.words or "Use 300 letters or fewer." in page.words
    assert "I fix bikes" in page.text
    assert len(page.soup.select("input[name=topics][checked]")) == 4


@pytest.mark.parametrize("inventory_id", ["", "gone", "../young", "9" * 500])
def test_an_inventory_that_is_gone_is_told(session: Session, visit, inventory_id: str) -> None:
    learner = a_learner(session)
    session.commit()
    page = visit(learner).post(f"/learners/{learner.id}/inventories", inventory=inventory_id)
    assert page.status == 409
    assert "These questions are not here any more." in page.words


def test_what_was_answered_stays_when_the_questions_go(session: Session, visit) -> None:
    learner = a_learner(session, grade=8)
    run = an_inventory_run(session, learner, answered=2)
    run.inventory = "gone"
    session.add(run)
    session.commit()
    visitor = visit(learner)
    for path in ("1", "check"):
        page = visitor.get(f"/inventory-runs/{run.id}/{path}")
        assert page.status == 409
        assert "Your answers are kept" in page.words
    assert visitor.get(f"/learners/{learner.id}/profile").status == 200
    assert len(session.exec(select(InventoryAnswer)).all()) == 2


def test_a_learners_pages_keep_to_twelve_queries(session: Session, visit, app) -> None:
    learner = a_profile(session, a_learner(session, grade=8))
    run = an_inventory_run(session, learner, answered=3)
    an_inventory_run(session, a_learner(session, grade=8), finished=True)
    session.commit()
    visitor = visit(learner)
    for path in (
        f"/learners/{learner.id}/profile",
        f"/learners/{learner.id}/profile/strengths",
        f"/learners/{learner.id}/profile/strengths/who-can-see",
        f"/learners/{learner.id}/profile/strengths/history",
        f"/learners/{learner.id}/profile/new-year",
        f"/learners/{learner.id}/inventories",
        f"/inventory-runs/{run.id}/2",
        f"/inventory-runs/{run.id}/check",
    ):
        with counted(app.extensions["learnpath.engine"]) as counter:
            assert visitor.get(path).status == 200
        assert counter.count <= 12, (path, counter.count)
