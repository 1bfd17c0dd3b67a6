"""Looking back: two wordings compared word by word, the school years, the answers of two days."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings, strategies as st
from sqlmodel import Session

from learnpath import clock
from learnpath.db import key_of
from learnpath.people.models import Person
from learnpath.profiles import revise
from learnpath.profiles.compare import Line, Mark, compare
from learnpath.record import Relation
from tests.builders import MONDAY, a_learner, a_teacher_of, by, weeks_before
from tests.profiles.build import a_profile, an_inventory_run

LINES = st.lists(st.text(alphabet="ab cñ é.👍", max_size=12), max_size=6)
LAST_YEAR = weeks_before(MONDAY, 30)


def marked(lines: list[Line]) -> list[str]:
    """Return the lines with their marks written into them."""
    signs = {Mark.SAME: "{}", Mark.ADDED: "+{}+", Mark.GONE: "-{}-"}
    return ["".join(signs[p.mark].format(p.text) for p in line.pieces) for line in lines]


def test_words_that_were_added_and_words_that_are_gone_are_marked() -> None:
    told = compare(["I like long books", "Music"], ["I like short books", "Music", "Soccer"])
    assert marked(told) == ["I like -long-+short+ books", "Music", "+Soccer+"]


def test_a_wholly_other_line_is_one_gone_and_one_added() -> None:
    assert marked(compare(["Quiet rooms"], ["Bring my own water"])) == [
        "-Quiet rooms-", "+Bring my own water+",
    ]  # fmt: skip


def test_nothing_changed_marks_nothing() -> None:
    assert not any(line.changed for line in compare(["One", "Two"], ["One", "Two"]))


@settings(max_examples=150)
@given(before=LINES, after=LINES)
def test_both_wordings_can_be_read_from_the_marks(before: list[str], after: list[str]) -> None:
    told = compare(before, after)
    for wording, other in ((before, Mark.ADDED), (after, Mark.GONE)):
        read = [
            "".join(piece.text for piece in line.pieces if piece.mark is not other)
            for line in told
            if not all(piece.mark is other for piece in line.pieces) or not line.pieces
        ]
        assert sorted(filter(None, read)) == sorted(filter(None, wording))


def changed(session: Session, learner: Person, *wordings: str) -> None:
    """Let the learner write the hopes again and again, a day apart."""
    for number, words in enumerate(wordings):
        revise.revise(
            session, by(learner, Relation.LEARNER), key_of(learner), "hopes", [words], "", number,
            MONDAY + timedelta(days=number),
        )  # fmt: skip


def test_any_two_revisions_can_be_compared(session: Session, visit) -> None:
    learner = a_learner(session)
    changed(session, learner, "I hope to read", "I hope to read more", "I hope to write more")
    session.commit()
    url = f"/learners/{learner.id}/profile/hopes/history"
    newest = visit(learner).get(url).soup.select_one(".compared")
    assert [one.get_text() for one in newest.select("del, ins")] == ["Gone: read", "Added: write"]
    page = visit(learner).get(f"{url}?before=1&after=3").soup.select_one(".compared")
    assert [one.get_text() for one in page.select("del, ins")] == [
        "Gone: read", "Added: write more",
    ]  # fmt: skip
    turned = visit(learner).get(f"{url}?before=3&after=1").soup.select_one(".compared")
    assert turned.get_text() == page.get_text()
    for odd in ("?before=99&after=x", "?before=-1", "?after=" + "9" * 40):
        assert visit(learner).get(url + odd).status == 200


def test_revisions_stand_under_their_school_year(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), now=LAST_YEAR)
    a_profile_again = by(learner, Relation.LEARNER)
    revise.revise(session, a_profile_again, key_of(learner), "strengths", ["Drums"], "", 1, MONDAY)
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/profile/strengths/history")
    assert "School year 2025-26" in page.words
    assert len(page.soup.select("h2.year")) == 2


def test_a_new_teacher_does_not_find_last_years_hard_things_by_looking_back(
    session: Session, visit
) -> None:
    learner = a_profile(session, a_learner(session), now=LAST_YEAR)
    teacher = a_teacher_of(session, learner)
    session.commit()
    url = f"/learners/{learner.id}/profile/challenges/history"
    assert "Planning" in visit(learner).get(url).words
    assert "Planning" not in visit(teacher).get(url).text


def test_answers_of_two_days_stand_side_by_side(session: Session, visit) -> None:
    learner = a_learner(session, grade=8)
    an_inventory_run(session, learner, finished=True)
    session.commit()
    url = f"/learners/{learner.id}/inventories/older/side-by-side"
    assert "answered twice" in visit(learner).get(url).words
    an_inventory_run(session, learner, finished=True, answered=2, now=MONDAY + timedelta(days=3))
    session.commit()
    page = visit(learner).get(url)
    heads = [head.get_text() for head in page.soup.select("th[role=columnheader]")]
    assert heads == ["Question", "Nov 17", "Nov 20"]
    assert "The same" in page.words
    assert visit(learner).get(f"/learners/{learner.id}/inventories/gone/side-by-side").status == 409


def test_a_teacher_sees_what_is_new_since_they_read_it(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session), now=weeks_before(MONDAY, 3))
    teacher, doer = a_teacher_of(session, learner), by(learner, Relation.LEARNER)
    id = learner.id or 0
    revise.revise(
        session, doer, id, "interests", ["Kites"], "I like wind", 0, weeks_before(MONDAY, 2)
    )
    session.commit()
    url, reader = f"/learners/{learner.id}/profile", visit(teacher)
    with clock.standing_at(weeks_before(MONDAY, 1)):
        assert "I like wind" in reader.get(url).words
        reader.post(f"{url}/read")
    assert "I like wind" not in reader.get(url).words
    assert "New since you read it" not in reader.get(url).words
    visit(learner).post(f"{url}/strengths", lines="Singing", seen=1, what_changed="I am in a choir")
    page = reader.get(url)
    assert "New since you read it" in page.soup.select_one("#strengths").get_text(" ")
    assert "New since you read it" not in page.soup.select_one("#interests").get_text(" ")
    assert "I am in a choir" in page.soup.select_one("[aria-labelledby=changed]").get_text()
