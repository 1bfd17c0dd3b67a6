"""A goal rests on school data: begun with it, chosen in the draft, signed, and shown to those who may see it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from learnpath.continuum.columns import Column
from learnpath.continuum.queries import placement_of, school_placements
from learnpath.goals import basis, begin, close, comment, cosign, draft, parts, propose, suggest
from learnpath.goals.close import How
from learnpath.goals.file_store import FolderStore
from learnpath.goals.models import Answer, Goal, GoalBasis, GoalPart
from learnpath.outcomes import bring_in
from learnpath.outcomes.models import Outcome, OutcomeKind, StatedNeed
from learnpath.outcomes.share_kind import share_kind
from learnpath.outcomes.state_need import state_need
from learnpath.people.models import Hat, Language, Person
from learnpath.portability import erase, export
from learnpath.profiles import carry
from learnpath.profiles.models import Audience
from learnpath.profiles.visible import entry_key
from learnpath.record import Relation, Verb
from learnpath.record.models import Event
from learnpath.record.verify import verify
from learnpath.school.models import ImportRun
from learnpath.school.queries import calendar_of
from tests.builders import (
    MONDAY,
    a_guardian_of,
    a_learner,
    a_teacher_of,
    by,
    by_school,
    the_school,
    weeks_before,
)
from tests.conftest import counted
from tests.goals.build import FACTS, a_draft, a_goal, a_sent_goal, both_sign, look, school_day
from tests.outcomes import files
from tests.outcomes.build import an_outcome
from tests.outcomes.files import known_as, mapping, quizzes, source
from tests.profiles.build import a_profile
from tests.visiting import Page, Visitor

Visit = Callable[..., Visitor]
LAST_YEAR = weeks_before(MONDAY, 30)
LINE = "Fractions quiz, class test, Nov 14, 2025: 18 of 20"


@pytest.fixture
def learner(session: Session) -> Person:
    return a_learner(session, "Linh")


@pytest.fixture
def teacher(session: Session, learner: Person) -> Person:
    return a_teacher_of(session, learner)


@pytest.fixture
def score(session: Session, learner: Person, teacher: Person) -> Outcome:
    return an_outcome(session, learner, teacher)


def on(*outcomes: Outcome) -> dict[str, Any]:
    """Return the part of a draft that says which values it rests on."""
    return {"rests_on": [{"outcome": one.id} for one in outcomes]}


def the_goal(session: Session) -> Goal:
    goal = session.exec(select(Goal).order_by(col(Goal.id).desc())).first()
    session.commit()
    assert goal is not None
    return goal


def button(page: Page, key: str) -> Any:
    """Return the button, or the hidden field, by which a goal begins with ``key``."""
    return page.soup.find(attrs={"name": "from_data", "value": key})


def agreed_event(session: Session) -> str:
    query = select(Event.payload).where(Event.verb == Verb.GOAL_AGREED)
    return session.exec(query.order_by(col(Event.id).desc())).first() or ""


# -- begun with it ----------------------------------------------------------------------------------


def test_a_goal_begins_with_a_value_of_the_data_page(
    session: Session, visit: Visit, learner: Person, score: Outcome
) -> None:
    session.commit()
    me = visit(learner)
    page = me.get(f"/learners/{learner.id}/data")
    form = button(page, f"outcome:{score.id}").find_parent("form")
    assert form["action"] == f"/learners/{learner.id}/goals/new"
    assert "Start a goal with it" in form.get_text()
    step = me.post(form["action"], how="steps", from_data=f"outcome:{score.id}").follow()
    chosen = step.soup.find("input", {"name": "rests_on", "value": f"outcome:{score.id}"})
    assert chosen.has_attr("checked")
    assert f"Chosen: {LINE}" in step.words
    # A value says no goal by itself: the first words are the learner's.
    assert step.soup.find("input", {"name": "what"}).get("value", "") == ""
    assert the_goal(session).draft == {"rests_on": [{"outcome": score.id}]}


def test_a_goal_begins_with_what_the_learner_wrote_about_a_value(
    session: Session, visit: Visit, learner: Person, score: Outcome
) -> None:
    need = state_need(
        session, by(learner, Relation.LEARNER), score, "More time with thirds", MONDAY
    )
    session.commit()
    me = visit(learner)
    page = me.get(f"/learners/{learner.id}/data")
    assert button(page, f"need:{need.id}") is not None
    step = me.post(
        f"/learners/{learner.id}/goals/new", how="steps", from_data=f"need:{need.id}"
    ).follow()
    assert step.soup.find("input", {"name": "what"})["value"] == "More time with thirds"
    about = "Fractions quiz, class test, Nov 14, 2025"
    assert f"“More time with thirds” (about {about})" in step.words
    assert the_goal(session).draft["rests_on"] == [{"outcome": score.id, "need": need.id}]


def test_an_earlier_value_of_the_table_and_the_page_of_a_new_goal_offer_it_too(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    older, newer = (an_outcome(session, learner, teacher, value=value) for value in ("15", "18"))
    session.commit()
    me = visit(learner)
    page = me.get(f"/learners/{learner.id}/data")
    assert button(page, f"outcome:{older.id}").name == "button"
    new = me.get(f"/learners/{learner.id}/goals/new")
    assert "From my school data" in new.words
    assert button(new, f"outcome:{newer.id}") is not None
    # Only the newest of each thing is offered there.
    assert button(new, f"outcome:{older.id}") is None
    me.post(f"/learners/{learner.id}/goals/new", how="steps", from_data=f"outcome:{older.id}")
    assert the_goal(session).draft == {"rests_on": [{"outcome": older.id}]}


def test_what_is_not_the_learners_own_begins_a_goal_without_it(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    other = a_learner(session, "Teo")
    theirs = an_outcome(session, other, a_teacher_of(session, other), measure="Secret quiz")
    words = state_need(session, by(other, Relation.LEARNER), theirs, "My own business", MONDAY)
    session.commit()
    me, new = visit(learner), f"/learners/{learner.id}/goals/new"
    for key in (f"outcome:{theirs.id}", f"need:{words.id}", "outcome:0", "outcome:x", "18"):
        me.post(new, how="steps", from_data=key)
        assert the_goal(session).draft == {}, key
    step = me.post(new, how="steps", from_data=f"outcome:{theirs.id}").follow()
    assert "That value is not here any more. You can begin without it." in step.words
    assert "Secret quiz" not in step.words


def test_teachers_and_families_are_offered_no_start(
    session: Session, visit: Visit, learner: Person, teacher: Person, score: Outcome
) -> None:
    family = a_guardian_of(session, learner, language=Language.EN)
    share_kind(
        session, by(learner, Relation.LEARNER), learner.id or 0, OutcomeKind.ACADEMIC, True, MONDAY
    )
    session.commit()
    for reader in (teacher, family):
        page = visit(reader).get(f"/learners/{learner.id}/data")
        assert "18 of 20" in page.words
        assert button(page, f"outcome:{score.id}") is None


# -- chosen in the draft ----------------------------------------------------------------------------


def test_the_learner_adds_and_takes_away_data_in_the_draft(
    session: Session, visit: Visit, learner: Person, teacher: Person, score: Outcome
) -> None:
    reading = an_outcome(session, learner, teacher, measure="Reading score")
    goal = a_draft(session, learner, **on(score))
    session.commit()
    me, what = visit(learner), f"/goals/{goal.id}/draft/what"
    fields = {"what": FACTS["what"]}
    me.post(what, **fields, rests_on=[f"outcome:{reading.id}", f"outcome:{score.id}"])
    chosen = look(session, Goal, goal.id).draft["rests_on"]
    assert {one["outcome"] for one in chosen} == {reading.id, score.id}
    check = me.get(f"/goals/{goal.id}/draft/check")
    assert "This goal rests on:" in check.words
    assert "Reading score, class test, Nov 14, 2025: 18 of 20" in check.words
    other = a_learner(session, "Teo")
    theirs = an_outcome(session, other, a_teacher_of(session, other))
    session.commit()
    me.post(what, **fields, rests_on=[f"outcome:{theirs.id}", "outcome:x", "junk"])
    assert look(session, Goal, goal.id).draft["rests_on"] == []
    assert "This goal rests on:" not in me.get(f"/goals/{goal.id}/draft/check").words


def test_a_teacher_who_starts_a_goal_can_name_the_data(
    session: Session, visit: Visit, learner: Person, teacher: Person, score: Outcome
) -> None:
    session.commit()
    them = visit(teacher)
    offer = f"/learners/{learner.id}/goals/offer"
    assert LINE in them.get(offer).words
    them.post(offer, **{**FACTS, "actions": "read", "rests_on": f"outcome:{score.id}"})
    goal = the_goal(session)
    page = visit(learner).get(f"/goals/{goal.id}")
    assert "This goal rests on:" in page.words
    assert f"{LINE} (Teacher)" in page.words


# -- kept and signed --------------------------------------------------------------------------------


def test_what_a_goal_rests_on_is_signed_and_told_when_it_is_agreed(any_session: Session) -> None:
    learner = a_learner(any_session, "Linh")
    score = an_outcome(any_session, learner, a_teacher_of(any_session, learner))
    mine = by(learner, Relation.LEARNER)
    words = state_need(any_session, mine, score, "More time", MONDAY)
    other = a_learner(any_session, "Teo")
    theirs = an_outcome(any_session, other, a_teacher_of(any_session, other))
    chosen = [
        {"outcome": score.id}, {"outcome": score.id, "need": words.id}, {"outcome": theirs.id},
    ]  # fmt: skip
    goal = a_sent_goal(any_session, learner, rests_on=chosen)
    version = draft.newest(any_session, goal)
    rests = basis.of_version(any_session, version)
    # Nothing of another learner, whatever a draft says.
    assert rests == [
        {"outcome": score.id, "cited_by": "learner"},
        {"outcome": score.id, "need": words.id, "cited_by": "learner"},
    ]
    both_sign(any_session, goal)
    payload = json.loads(agreed_event(any_session))
    assert (payload["basis"], payload["cites"], payload["cited_by"]) == ("outcomes", 0, [])
    signed = cosign.signatures(any_session, goal.id, 1).values()
    assert cosign.unchanged_since_signed(version, signed, rests)
    assert not cosign.unchanged_since_signed(version, signed, rests[:1])
    told, seen = basis.shown(any_session, goal, Hat.LEARNER)
    assert told == rests
    assert [one.data.need for one in seen] == ["", "More time"]
    assert verify(any_session).faults == ()


def test_a_goal_that_builds_on_the_profile_too_says_so_first(
    session: Session, learner: Person, score: Outcome
) -> None:
    line = {"key": "strengths:x", "block": "strengths", "text": "Patience"}
    both_sign(session, a_sent_goal(session, learner, builds_on=[line], **on(score)))
    assert json.loads(agreed_event(session))["basis"] == "profile"


def test_a_goal_without_data_is_signed_as_it_always_was(session: Session, learner: Person) -> None:
    goal = a_sent_goal(session, learner)
    version = draft.newest(session, goal)
    assert "rests_on" not in parts.canonical(version)
    assert parts.digest(version) == version.sha256


def test_a_change_after_both_said_yes_is_a_new_version_with_its_own_basis(
    any_session: Session,
) -> None:
    session = any_session
    learner = a_learner(session, "Linh")
    teacher = a_teacher_of(session, learner)
    score, reading = (
        an_outcome(session, learner, teacher, measure=name) for name in ("Quiz", "Reading")
    )
    goal = both_sign(session, a_sent_goal(session, learner, **on(score)))
    mine = by(learner, Relation.LEARNER)
    draft.take_up(session, goal)
    assert goal.draft["rests_on"] == [{"outcome": score.id, "cited_by": "learner"}]
    draft.keep(session, goal, on(score, reading))
    propose.send(session, mine, goal, school_day(MONDAY), MONDAY)
    assert _rows(session) == [(1, score.id), (2, score.id), (2, reading.id)]
    revised = select(Event.payload).where(Event.verb == Verb.GOAL_REVISED)
    assert json.loads(session.exec(revised).one())["parts"] == ["rests_on"]
    # An idea that is taken changes what it is about, and nothing else.
    idea = suggest.suggest(
        session, by(teacher, Relation.TEACHER), goal, GoalPart.TARGET, "40", "", 2, MONDAY
    )
    suggest.answer(session, mine, goal, idea.id or 0, Answer.USED_IT, school_day(MONDAY), MONDAY)
    assert _rows(session)[3:] == [(3, score.id), (3, reading.id)]
    both_sign(session, goal)
    assert (goal.agreed_number, goal.newest_number) == (3, 3)


def _rows(session: Session) -> list[tuple[int, int]]:
    rows = session.exec(select(GoalBasis).order_by(col(GoalBasis.id))).all()
    return [(row.number, row.outcome_id) for row in rows]


def test_a_goal_that_follows_another_rests_on_the_same(
    session: Session, learner: Person, score: Outcome
) -> None:
    goal = both_sign(session, a_sent_goal(session, learner, **on(score)))
    mine = by(learner, Relation.LEARNER)
    close.close(session, mine, goal, How.REACHED, "Done.", MONDAY)
    following = begin.from_goal(session, mine, goal, MONDAY)
    assert [one["outcome"] for one in following.draft["rests_on"]] == [score.id]


def test_it_leaves_with_the_record_and_is_erased_with_the_learner(
    any_session: Session, tmp_path: Path
) -> None:
    learner = a_learner(any_session, "Linh")
    score = an_outcome(any_session, learner, a_teacher_of(any_session, learner))
    words = state_need(any_session, by(learner, Relation.LEARNER), score, "More time", MONDAY)
    chosen = [{"outcome": score.id, "need": words.id}]
    both_sign(any_session, a_sent_goal(any_session, learner, rests_on=chosen))
    mine = by(learner, Relation.LEARNER)
    copy = json.loads(export.export(any_session, mine, learner, MONDAY))
    [row] = copy["tables"]["goal_basis"]
    assert (row["outcome_id"], row["need_id"], row["number"]) == (score.id, words.id, 1)
    doer = by_school(the_school(any_session))
    erase.erase_learner(any_session, doer, learner, FolderStore(tmp_path), MONDAY)
    for model in (GoalBasis, Outcome, StatedNeed):
        assert any_session.exec(select(model)).all() == []


# -- shown to those who may see it ------------------------------------------------------------------


def test_the_page_says_what_the_goal_rests_on_and_leads_to_it(
    session: Session, visit: Visit, learner: Person, teacher: Person, score: Outcome
) -> None:
    goal = a_goal(session, learner=learner, **on(score))
    session.commit()
    for reader in (learner, teacher):
        page = visit(reader).get(f"/goals/{goal.id}")
        assert "This goal rests on:" in page.words
        link = page.soup.find("a", string=LINE)
        assert link["href"] == f"/learners/{learner.id}/data#outcome-{score.id}"
        assert "The words are unchanged since then." in page.words
        target = visit(reader).get(link["href"].partition("#")[0])
        assert target.soup.find(id=f"outcome-{score.id}") is not None


def test_a_family_reads_value_and_words_only_of_the_kinds_that_the_learner_shares(
    session: Session, visit: Visit, learner: Person, teacher: Person, score: Outcome
) -> None:
    mine = by(learner, Relation.LEARNER)
    words = state_need(session, mine, score, "More time with thirds", MONDAY)
    calm = an_outcome(session, learner, teacher, OutcomeKind.SOCIAL_EMOTIONAL, "Calm", "2")
    chosen = [{"outcome": score.id}, {"outcome": score.id, "need": words.id}, {"outcome": calm.id}]
    goal = a_goal(session, learner=learner, shared=True, rests_on=chosen)
    mother = a_guardian_of(session, learner, language=Language.EN)
    session.commit()
    family = visit(mother)
    page = family.get(f"/goals/{goal.id}")
    assert "This goal rests on school data, which Linh does not show here." in page.words
    for hidden in ("More time with thirds", "Fractions quiz", "18 of 20"):
        assert hidden not in page.text
    assert f"/learners/{learner.id}/data" not in page.text
    share_kind(session, mine, learner.id or 0, OutcomeKind.ACADEMIC, True, MONDAY)
    session.commit()
    page = family.get(f"/goals/{goal.id}")
    assert LINE in page.words
    assert "More time with thirds" in page.words
    assert "It rests on more school data, which Linh does not show here." in page.words
    assert "Calm" not in page.text


def test_days_at_school_are_told_together_and_a_replaced_value_with_what_became_of_it(
    session: Session, visit: Visit, learner: Person
) -> None:
    known_as(session, learner, "4711")
    _bring(session, "4711,2025-09-29,P", "4711,2025-09-30,P", "4711,2025-10-01,A")
    newest = session.exec(select(Outcome).order_by(col(Outcome.day).desc())).first()
    assert newest is not None
    doer = by_school(the_school(session))
    bring_in.apply(session, doer, source(quizzes("4711,09/05/2025,Fractions,15")), MONDAY)
    quiz = session.exec(select(Outcome).where(Outcome.measure == "Fractions")).one()
    goal = a_goal(session, learner=learner, **on(newest, quiz))
    newer = Outcome(**{**quiz.model_dump(exclude={"id"}), "value": 16})
    session.add(newer)
    session.flush()
    quiz.replaced_by = newer.id
    session.commit()
    page = visit(learner).get(f"/goals/{goal.id}")
    assert "Sep 5, 2025: 15 of 20" in page.words
    assert page.words.count("The school has a newer value now.") == 1
    assert "2 of 3 days" in page.words
    link = next(a for a in page.soup.main.find_all("a") if "2 of 3 days" in a.get_text())
    assert link["href"].endswith("/data#kind-attendance")


def _bring(session: Session, *rows: str) -> ImportRun:
    content = quizzes(*rows, header="Student,Day,Code")
    file = source(content, mapping(files.ATTENDANCE), "days.csv")
    return bring_in.apply(session, by_school(the_school(session)), file, MONDAY)[0]


# -- taken back ------------------------------------------------------------------------------------


def test_an_import_that_is_undone_takes_the_value_and_the_goal_keeps_saying_it(
    session: Session, visit: Visit, learner: Person, teacher: Person
) -> None:
    known_as(session, learner, "4711")
    doer = by_school(the_school(session))
    run, _plan = bring_in.apply(
        session, doer, source(quizzes("4711,09/05/2025,Fractions,15")), MONDAY
    )
    value = session.exec(select(Outcome)).one()
    mine = by(learner, Relation.LEARNER)
    words = state_need(session, mine, value, "More time with thirds", MONDAY)
    chosen = [{"outcome": value.id}, {"outcome": value.id, "need": words.id}]
    goal = a_goal(session, learner=learner, rests_on=chosen)
    open_one = a_draft(session, learner, rests_on=chosen)
    session.commit()
    assert "Sep 5, 2025: 15 of 20" in visit(learner).get(f"/goals/{goal.id}").words
    bring_in.undo(session, doer, run, MONDAY)
    session.commit()
    for reader, own in ((learner, True), (teacher, False)):
        page = visit(reader).get(f"/goals/{goal.id}")
        assert "Fractions, Quiz book, Sep 5, 2025" in page.words
        assert page.words.count("The school took this value back.") == 2
        assert "15 of 20" not in page.words
        # The learner's words stay the learner's, as on the page of the data.
        assert ("More time with thirds" in page.words) is own
        assert "The words are unchanged since then." in page.words
    draft_page = visit(learner).get(f"/goals/{open_one.id}/draft/what")
    assert draft_page.soup.find("input", {"value": f"outcome:{value.id}"}).has_attr("checked")
    assert (
        button(visit(learner).get(f"/learners/{learner.id}/goals/new"), f"outcome:{value.id}")
        is None
    )


# -- what it costs, and in Spanish -------------------------------------------------------------------


def test_pages_of_goals_with_data_and_hard_lines_stay_in_their_budget(
    session: Session, visit: Visit, app: Flask, learner: Person, teacher: Person
) -> None:
    # Hard lines of last year that may be seen: the most that a reader can make a page ask.
    lines = {"challenges": ("Long words",), "needs": ("Time",)}
    a_profile(session, learner, lines=lines, audience=Audience.FAMILY, now=LAST_YEAR)
    mine, hard = by(learner, Relation.LEARNER), []
    for block, (text,) in lines.items():
        key = entry_key(block, text)
        hard.append({"key": key, "block": block, "text": text})
        carry.agree(session, by(teacher, Relation.TEACHER), learner.id or 0, [key], [key], MONDAY)
        carry.say(session, mine, learner.id or 0, key, True, MONDAY)
    values = [an_outcome(session, learner, teacher, measure=f"Quiz {n}") for n in range(6)]
    words = [state_need(session, mine, one, "More time", MONDAY) for one in values]
    chosen = [{"outcome": one.id} for one in values]
    chosen += [{"outcome": one.outcome_id, "need": one.id} for one in words]
    goal = a_goal(
        session, learner=learner, shared=True, builds_on=hard, rests_on=chosen, check_ins=6
    )
    going = a_draft(session, learner, builds_on=hard, rests_on=chosen)
    asked = a_sent_goal(session, learner, builds_on=hard, rests_on=chosen)
    close.share(session, mine, asked, True, MONDAY)
    share_kind(session, mine, learner.id or 0, OutcomeKind.ACADEMIC, True, MONDAY)
    comment.comment(session, by(teacher, Relation.TEACHER), goal, "Well thought", MONDAY)
    family = a_guardian_of(session, learner, language=Language.EN)
    session.commit()
    own, pages = f"/learners/{learner.id}", [f"/goals/{one.id}" for one in (goal, asked)]
    steps = [f"/goals/{going.id}/draft/{step}" for step in ("what", "all", "check")]
    for reader, most, addresses in (
        (learner, 12, [*pages, *steps, f"{own}/data", f"{own}/goals/new"]),
        (teacher, 16, [*pages, f"{own}/data", f"{own}/goals/offer"]),
        (family, 12, [*pages, f"{own}/data"]),
    ):
        visitor = visit(reader)
        visitor.get("/")
        for address in addresses:
            with counted(app.extensions["learnpath.engine"]) as counter:
                shown = visitor.get(address)
            assert shown.status == 200, address
            assert counter.count <= most, (address, counter.statements)
            if address in pages:
                assert "Long words" in shown.words
                assert "Quiz 5, class test, Nov 14, 2025: 18 of 20" in shown.words


def test_in_spanish_all_of_it_is_spanish(session: Session, visit: Visit) -> None:
    sofia = a_learner(session, "Sofía", language=Language.ES)
    teacher = a_teacher_of(session, sofia)
    score = an_outcome(session, sofia, teacher, measure="Fracciones")
    goal = a_goal(session, learner=sofia, **on(score))
    session.commit()
    me = visit(sofia)
    page = me.get(f"/goals/{goal.id}")
    assert "Esta meta se apoya en:" in page.words
    assert "Fracciones, class test, 14 nov 2025: 18 of 20" in page.words
    assert "Empezar una meta con esto" in me.get(f"/learners/{sofia.id}/data").words


# -- who is leading ----------------------------------------------------------------------------------


def test_who_is_leading_says_that_a_goal_rests_on_school_data_and_leads_to_it(
    session: Session, visit: Visit, learner: Person, teacher: Person, score: Outcome
) -> None:
    goal = a_goal(session, learner=learner, weeks_ago=5, **on(score))
    session.commit()
    for reader, says in (
        (learner, "Your goal rests on school data."), (teacher, "The goal rests on school data."),
    ):  # fmt: skip
        page = visit(reader).get(f"/learners/{learner.id}/leading")
        assert says in page.words
        assert page.soup.select(f'#setting_goals .facts a[href="/goals/{goal.id}"]')
    calendar = calendar_of(session, learner.school_id)
    placed = {
        one.indicator.key: one
        for one in placement_of(session, learner.id or 0, calendar, MONDAY).indicators
    }["goal_basis"]
    assert placed.column is Column.TEACHER_DRIVEN
    assert placed.counted["goals_on_data"] == 1
    assert ("goal", goal.id) in {fact.about for fact in placed.facts}
    # A school's counts come from the roll-up of the record, and say the same.
    (rolled,) = school_placements(session, learner.school_id, calendar, MONDAY.date())
    assert {one.indicator.key: one for one in rolled.indicators}["goal_basis"].counted == (
        placed.counted
    )
