"""Family links: opened by a button, for one adult and one conference, and resting when they should."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from learnpath import clock
from learnpath.conferences import links
from learnpath.conferences.models import FamilyLink, Feedback
from learnpath.errors import NotAllowedNow, NotFound
from learnpath.people.models import Language
from learnpath.record import Relation, Verb
from learnpath.record.queries import events_of
from tests import builders
from tests.builders import MONDAY
from tests.conferences import build


@pytest.fixture
def family(session: Session):
    """A shared summary, with a Spanish-reading mother who has a link."""
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner, "Ms. Baca")
    guardian = builders.a_guardian_of(session, learner, "Rosa", language=Language.ES)
    conference = build.a_conference(session, learner, teacher)
    link, token = build.a_link(session, conference, guardian)
    session.commit()
    return learner, teacher, guardian, conference, link, token


def everything(engine) -> str:
    """Return a digest of all rows of all tables."""
    rows = hashlib.sha256()
    with engine.connect() as connection:
        tables = sa.inspect(engine).get_table_names()
        for table in sorted(tables):
            for row in connection.execute(sa.text(f'SELECT * FROM "{table}" ORDER BY 1')):
                rows.update(repr(tuple(row)).encode())
    return rows.hexdigest()


def test_a_program_that_follows_the_address_changes_nothing(visit, family, engine):
    token = family[-1]
    before = everything(engine)
    scanner = visit(None)
    for _time in range(3):
        page = scanner.get(f"/f/{token}")
        assert page.status == 200
        assert "Mateo" not in page.text
        assert "Ridgeline" not in page.text
        scanner.client.head(f"/f/{token}")
        scanner.client.options(f"/f/{token}")
    assert everything(engine) == before


def test_the_button_opens_the_summary_in_the_familys_language(visit, family, engine):
    *_rest, link, token = family
    visitor = visit(None)
    opened = visitor.post(f"/f/{token}")
    assert opened.status == 303
    page = opened.follow()
    assert page.status == 200
    assert page.soup.html["lang"] == "es"
    assert build.OWN_WORDS in page.words
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page.response.headers["Cache-Control"]
    assert "noindex" in page.response.headers["X-Robots-Tag"]
    with Session(engine) as reading:
        assert reading.get_one(FamilyLink, link.id).opened_count == 1


def test_the_language_can_be_changed_and_stays(visit, family, engine):
    *_rest, link, token = family
    visitor = visit(None)
    visitor.post(f"/f/{token}")
    page = visitor.post(f"/family/{link.id}/language", language="en").follow()
    assert page.soup.html["lang"] == "en"
    assert "In Mateo's words" in page.words
    with Session(engine) as reading:
        assert reading.get_one(FamilyLink, link.id).language is Language.EN


@pytest.mark.parametrize("kind", ["guessed", "cut short", "revoked", "expired", "no contact"])
def test_links_that_open_nothing_answer_alike(visit, family, session, kind):
    _learner, teacher, _guardian, _conference, link, token = family
    guessed = visit(None).post("/f/" + "A" * 43)
    now = MONDAY
    if kind == "guessed":
        token = "B" * 43
    elif kind == "cut short":
        token = token[:-1]
    elif kind == "revoked":
        doer = build.by(teacher, Relation.TEACHER)
        links.revoke(session, doer, session.get_one(FamilyLink, link.id), MONDAY)
    elif kind == "expired":
        now = MONDAY + timedelta(days=61)
    else:
        session.execute(sa.text("UPDATE guardianship SET no_contact = true"))
    session.commit()
    with clock.standing_at(now):
        page = visit(None).post(f"/f/{token}")
    assert page.status == 404
    assert page.words == guessed.words
    assert "303-555-0100" in page.words
    assert "Mateo" not in page.text


def test_an_opened_page_ends_with_its_link(visit, family, session):
    _learner, teacher, *_rest, link, token = family
    visitor = visit(None)
    visitor.post(f"/f/{token}")
    assert visitor.get(f"/family/{link.id}").status == 200
    links.revoke(
        session, build.by(teacher, Relation.TEACHER), session.get_one(FamilyLink, link.id), MONDAY
    )
    session.commit()
    assert visitor.get(f"/family/{link.id}").status == 404


def test_an_opened_page_rests_after_a_while(visit, family):
    *_rest, link, token = family
    visitor = visit(None)
    visitor.post(f"/f/{token}")
    with clock.standing_at(MONDAY + timedelta(hours=3)):
        assert visitor.get(f"/family/{link.id}").status == 404
        assert visitor.post(f"/f/{token}").status == 303


def test_a_browser_that_opened_nothing_reads_nothing(visit, family):
    *_rest, link, _token = family
    assert visit(None).get(f"/family/{link.id}").status == 404
    assert visit(None).post(f"/family/{link.id}/feedback", understood="yes").status == 404


def test_a_link_reaches_its_own_conference_only(visit, family, session):
    *_rest, token = family
    other = builders.a_learner(session, "Naomi")
    other_guardian = builders.a_guardian_of(session, other, "Other")
    other_conference = build.a_conference(session, other)
    other_link, _other_token = build.a_link(session, other_conference, other_guardian)
    session.commit()
    visitor = visit(None)
    visitor.post(f"/f/{token}")
    assert visitor.get(f"/family/{other_link.id}").status == 404
    summary = build.summary_of(session, other_conference)
    assert visitor.get(f"/summaries/{summary.id}").status == 303


def test_guessing_is_slowed_down(visit, family):
    token = family[-1]
    visitor = visit(None)
    statuses = [visitor.post(f"/f/{'C' * 40}{n:03d}").status for n in range(31)]
    assert statuses[:30] == [404] * 30
    assert statuses[30] == 429
    assert visitor.post(f"/f/{token}").status == 429
    with clock.standing_at(MONDAY + timedelta(minutes=11)):
        assert visitor.post(f"/f/{token}").status == 303


def test_the_answer_of_a_link_has_no_person_behind_it(visit, family, session, engine):
    learner, *_rest, link, token = family
    visitor = visit(None)
    visitor.post(f"/f/{token}")
    assert visitor.post(f"/family/{link.id}/feedback", understood="partly").status == 303
    visitor.post(f"/family/{link.id}/feedback/words", proud="Estoy orgullosa.", question="¿Leer?")
    with Session(engine) as reading:
        answer = reading.exec(select(Feedback)).one()
        assert (answer.understood, answer.proud) == ("partly", "Estoy orgullosa.")
        given = [e for e in events_of(reading, learner.id) if e.verb is Verb.FEEDBACK_GIVEN]
        assert {(e.actor_id, e.relation) for e in given} == {(None, Relation.FAMILY)}


def test_an_answer_that_no_button_sends_is_refused(visit, family):
    *_rest, link, token = family
    visitor = visit(None)
    visitor.post(f"/f/{token}")
    assert visitor.post(f"/family/{link.id}/feedback", understood="very much").status == 404
    words = visitor.post(f"/family/{link.id}/feedback/words", proud="Bien")
    assert words.status == 409


def test_only_the_digest_is_kept(family, engine):
    token = family[-1]
    with engine.connect() as connection:
        for table in sa.inspect(engine).get_table_names():
            rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()
            assert token not in repr(rows)


def test_two_guardians_have_two_links(any_session):
    learner = builders.a_learner(any_session)
    first = builders.a_guardian_of(any_session, learner)
    second = builders.a_guardian_of(any_session, learner, as_called="Papá")
    conference = build.a_conference(any_session, learner)
    one, one_token = build.a_link(any_session, conference, first)
    two, two_token = build.a_link(any_session, conference, second)
    assert links.find(any_session, one_token, MONDAY).id == one.id
    assert links.find(any_session, two_token, MONDAY).id == two.id


def test_a_new_link_lets_the_old_one_rest(any_session):
    learner = builders.a_learner(any_session)
    guardian = builders.a_guardian_of(any_session, learner)
    conference = build.a_conference(any_session, learner)
    _link, old = build.a_link(any_session, conference, guardian)
    _link, new = build.a_link(any_session, conference, guardian)
    assert links.find(any_session, old, MONDAY) is None
    assert links.find(any_session, new, MONDAY) is not None


def test_no_link_for_somebody_who_may_not_be_told(any_session):
    learner = builders.a_learner(any_session)
    barred = builders.a_guardian_of(any_session, learner, no_contact=True)
    stranger = builders.a_guardian_of(any_session, builders.a_learner(any_session))
    conference = build.a_conference(any_session, learner)
    with pytest.raises(NotAllowedNow):
        build.a_link(any_session, conference, barred)
    with pytest.raises(NotFound):
        build.a_link(any_session, conference, stranger)


def test_the_teacher_sees_the_link_once_with_its_code(visit, family, session):
    _learner, teacher, guardian, conference, *_rest = family
    visitor = visit(teacher)
    made = visitor.post(f"/conferences/{conference.id}/links", guardian=str(guardian.id))
    assert made.status == 200
    address = made.soup.select_one("#link")["value"]
    assert made.soup.select_one("svg.qr") is not None
    again = visitor.get(f"/conferences/{conference.id}")
    assert address.rpartition("/")[2] not in again.text
    assert visit(None).post(address.removeprefix("http://localhost")).status == 303


def test_a_learner_makes_no_links(visit, family):
    learner, _teacher, guardian, conference, *_rest = family
    made = visit(learner).post(f"/conferences/{conference.id}/links", guardian=str(guardian.id))
    assert made.status == 404
