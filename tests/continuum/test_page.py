"""Who is leading: what the learner and the teacher see and say on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlmodel import Session, select

from learnpath.continuum.models import Observation, PositionMark
from learnpath.people.models import Person
from learnpath.record import Verb
from learnpath.record.models import Event
from tests import builders
from tests.conftest import counted
from tests.continuum.build import (
    LEARNER,
    TEACHER,
    TOGETHER,
    check_in,
    fact,
    goal,
    recorded,
    session_held,
)
from tests.visiting import Visitor

Visit = Callable[..., Visitor]
THREADS = [
    "Knowing myself", "Setting goals", "Keeping track", "Reflecting", "Leading my conference",
]  # fmt: skip


@dataclass
class Path:
    """A learner with a teacher and twelve weeks of record."""

    learner: Person
    teacher: Person

    @property
    def url(self) -> str:
        """The address of the page."""
        return f"/learners/{self.learner.id}/leading"


@pytest.fixture
def path(session: Session) -> Path:
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner, "Ms. Baca")
    told = [
        fact(Verb.INVENTORY_ANSWERED, LEARNER, 1, ("inventory_run", 1)),
        fact(Verb.PROFILE_REVISED, LEARNER, 2, ("profile_block", 1), block="hopes", reason=True),
        *goal(2, cited_by=("learner",)),
        *(check_in(week) for week in range(3, 11)),
        check_in(11, TOGETHER),
        session_held(6, "together"),
        session_held(10, "learner", ("learner", "teacher", "family"), id=2),
    ]
    for one in told:
        recorded(session, teacher if one.by is TEACHER else learner, learner, one)
    session.commit()
    return Path(learner, teacher)


def test_a_learner_sees_five_plain_threads_with_a_sentence_each(path: Path, visit: Visit) -> None:
    page = visit(path.learner).get(path.url)
    assert page.status == 200
    assert page.heading == "Who is leading?"
    assert [h.get_text() for h in page.soup.select(".thread h2")] == THREADS
    assert "You set your goals. Your teacher helps." in page.words


def test_a_learner_is_told_how_we_know_as_you(path: Path, visit: Visit) -> None:
    own, teachers = visit(path.learner).get(path.url), visit(path.teacher).get(path.url)
    assert "Your teacher wrote a goal for you." in own.words
    assert "The teacher wrote a goal for this learner." in teachers.words
    known = own.soup.select_one("#setting_goals details").get_text(" ")
    assert not re.search(r"\b[Tt]he learner\b", known)
    form = visit(path.learner).get(f"{path.url}/seen")
    assert "A talk that you led, with your teacher and your family" in form.words


def test_the_sentence_and_the_drawing_are_open_and_the_evidence_is_folded(
    path: Path, visit: Visit
) -> None:
    page = visit(path.learner).get(path.url)
    for thread in page.soup.select("section.thread"):
        assert not thread.select("details[open]")
        assert not thread.select_one(".lead-line, svg.band").find_parent("details")
        assert not [fact for fact in thread.select(".facts") if not fact.find_parent("details")]
        folds = [fold.get_text() for fold in thread.select("summary")]
        assert all(thread.h2.get_text() in name for name in folds), folds
    assert (
        visit(path.learner)
        .get(f"{path.url}?then=2025-10-06")
        .soup.select_one("#then details[open]")
    )


def test_facts_link_to_the_very_things_done(path: Path, visit: Visit) -> None:
    page = visit(path.learner).get(path.url)
    links = [str(a["href"]) for a in page.soup.select("#setting_goals .facts a")]
    assert "/goals/1" in links


def test_a_teacher_reads_the_name_and_can_open_the_two_strands(path: Path, visit: Visit) -> None:
    page = visit(path.teacher).get(path.url)
    assert page.heading == "Who is leading? Mateo"
    assert "Mateo sets the goals, and the teacher helps." in page.words
    strands = page.soup.select("#strands .indicator")
    assert len(strands) == 15


def test_a_learner_has_no_strands_to_read_through(path: Path, visit: Visit) -> None:
    assert not visit(path.learner).get(path.url).soup.select("#strands")


def test_the_drawing_says_in_words_all_that_it_shows(path: Path, visit: Visit) -> None:
    visit(path.learner).post(f"{path.url}/setting_goals/mark", place="learner_driven", text="")
    visit(path.teacher).post(f"{path.url}/setting_goals/mark", place="learner_centered", text="")
    page = visit(path.learner).get(path.url)
    told = str(page.soup.select_one("#setting_goals svg.band")["aria-label"])
    assert "My teacher leads, We lead together, I lead" in told
    assert "I say: I lead." in told
    assert "Ms. Baca says: We lead together." in told
    assert "What we can see:" in told


def test_where_the_marks_differ_the_page_invites_to_a_talk(path: Path, visit: Visit) -> None:
    learner = visit(path.learner)
    learner.post(f"{path.url}/keeping_track/mark", place="teacher_driven", text="She reminds me.")
    page = learner.get(path.url)
    assert "worth a talk" in page.soup.select_one("#keeping_track").get_text()
    assert "She reminds me." in page.words
    assert not re.search(r"wrong|error|incorrect", page.words, re.IGNORECASE)


def test_the_newest_mark_counts_and_each_is_in_the_record(
    path: Path, visit: Visit, session: Session
) -> None:
    learner = visit(path.learner)
    for place in ("teacher_driven", "learner_driven"):
        learner.post(f"{path.url}/reflecting/mark", place=place, text="")
    told = str(learner.get(path.url).soup.select_one("#reflecting svg.band")["aria-label"])
    assert "I say: I lead." in told
    assert len(session.exec(select(PositionMark)).all()) == 2
    marked = session.exec(select(Event).where(Event.verb == Verb.POSITION_MARKED)).all()
    assert [event.payload for event in marked] == [
        '{"column":"teacher_driven","thread":"reflecting"}',
        '{"column":"learner_driven","thread":"reflecting"}',
    ]


def test_a_mark_without_a_place_keeps_the_words(path: Path, visit: Visit) -> None:
    page = visit(path.learner).post(f"{path.url}/reflecting/mark", text="I think so.")
    assert page.status == 422
    assert "Choose one." in page.words
    assert "I think so." in page.text


@pytest.mark.parametrize("part", ["nothing", "../x", "learner_profile_data"])
def test_a_thread_that_is_not_there_is_not_found(path: Path, visit: Visit, part: str) -> None:
    assert visit(path.learner).get(f"{path.url}/{part}/mark").status == 404


def test_what_a_teacher_saw_counts_as_a_fact_with_its_author(path: Path, visit: Visit) -> None:
    teacher = visit(path.teacher)
    sent = teacher.post(
        f"{path.url}/seen", what="feedback_leadership:learner_led_talk", day="2025-11-12",
        text="Mateo opened our talk in the hallway.",
    )  # fmt: skip
    assert sent.status == 303
    page = visit(path.learner).get(path.url)
    assert "Mateo opened our talk in the hallway." in page.words
    assert "Seen by Ms. Baca" in page.words
    reflecting = page.soup.select_one("#reflecting")
    assert reflecting is not None
    assert "You led 2 of them." in " ".join(reflecting.get_text().split())


def test_an_observation_can_be_answered(path: Path, visit: Visit, session: Session) -> None:
    visit(path.teacher).post(
        f"{path.url}/seen", what="goal_reflection:something_else", day="2025-11-12", text="He did."
    )
    seen = session.exec(select(Observation)).one()
    session.commit()
    learner = visit(path.learner)
    assert learner.post(f"/observations/{seen.id}/answer", text="That was my friend.").status == 303
    assert "That was my friend." in visit(path.teacher).get(path.url).words


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("day", "2025-11-18", "Choose a day that has come."),
        ("day", "never", "Not a valid date value."),
        ("what", "goal_reflection:dancing", "Not a valid choice."),
        ("text", "  ", "Say in a few words what was seen."),
    ],
)
def test_an_observation_that_cannot_be_is_sent_back_with_its_words(
    path: Path, visit: Visit, session: Session, field: str, value: str, words: str
) -> None:
    good = {"what": "goal_reflection:talked_it_over", "day": "2025-11-12", "text": "We talked."}
    page = visit(path.teacher).post(f"{path.url}/seen", **{**good, field: value})
    assert page.status == 422
    assert words in page.words
    assert not session.exec(select(Observation)).all()


def test_then_and_now_are_two_days(path: Path, visit: Visit) -> None:
    page = visit(path.learner).get(f"{path.url}?then=2025-09-30")
    then = page.soup.select_one("#then")
    assert then is not None
    assert "Sep 30" in then.get_text()
    assert "Nov 17" in then.get_text()


def test_a_day_to_compare_with_that_is_none_is_passed_over(path: Path, visit: Visit) -> None:
    assert visit(path.learner).get(f"{path.url}?then=yesterday").status == 200


def test_someone_new_reads_that_not_enough_was_seen(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, "Lucía")
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/leading")
    assert page.words.count("We have not seen enough yet.") >= 5
    assert not page.soup.select("svg.band .stone, svg.band .here")


def test_weeks_in_which_nothing_happened_are_said_and_draw_no_marker(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session, "Lucía")
    recorded(session, learner, learner, fact(Verb.INVENTORY_ANSWERED, LEARNER, 1, ("run", 1)))
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/leading")
    thread = page.soup.select_one("#reflecting")
    assert thread.select_one(".lead-line").get_text() == "We have not seen enough yet."
    assert not thread.select("svg.band .stone, svg.band .here, .columns .here")
    assert "We have not had a talk about how it goes yet." in thread.select_one(".facts").get_text()
    assert "so there is no band" in thread.select_one("svg.band")["aria-label"]


def test_a_stranger_a_guardian_and_another_teacher_find_nothing(
    path: Path, visit: Visit, session: Session
) -> None:
    guardian = builders.a_guardian_of(session, path.learner, "Rosa")
    other = builders.a_teacher(session, builders.a_class(session, name="Other"), called="Mr. X")
    session.commit()
    for person in (guardian, other):
        assert visit(person).get(path.url).status == 404
        assert (
            visit(person).post(f"{path.url}/reflecting/mark", place="learner_driven").status == 404
        )


def test_no_place_is_a_number_and_nothing_is_ranked(path: Path, visit: Visit) -> None:
    for person in (path.learner, path.teacher):
        page = visit(person).get(path.url)
        for svg in page.soup.select("svg.band"):
            assert not re.search(r"\d", svg.get_text())
        for spoken in page.soup.select(".lead-line"):
            assert not re.search(r"\d|score|rank|total|level", spoken.get_text(), re.IGNORECASE)


def test_the_page_asks_at_most_twelve_times_however_long_the_record(
    path: Path, visit: Visit, session: Session, app: Flask
) -> None:
    learner = visit(path.learner)
    engine = app.extensions["learnpath.engine"]
    learner.get(path.url)
    with counted(engine) as before:
        learner.get(path.url)
    for week in range(1, 12):
        for n in range(10):
            recorded(session, path.teacher, path.learner, check_in(week, TEACHER, id=100 + n))
    session.commit()
    with counted(engine) as after:
        learner.get(path.url)
    assert before.count == after.count <= 12, after.statements


def test_the_page_is_spanish_to_who_reads_spanish(path: Path, visit: Visit) -> None:
    learner = visit(path.learner)
    learner.post("/language", language="es", next=path.url)
    page = learner.get(path.url)
    assert "Tú pones tus metas. Tu docente ayuda." in page.words
    assert "Dirijo yo" in page.text


def test_anybody_can_read_the_whole_model_with_its_source(visit: Visit) -> None:
    page = visit(None).get("/driver-model")
    assert page.status == 200
    assert len(page.soup.select(".strand")) == 14
    assert len(page.soup.select(".strand .cells > div")) == 56
    assert "Denver Public Schools" in page.words
