"""The profile on paper and as a PDF, and a word found in what a class lets its teacher see."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from learnpath.people.models import Language
from learnpath.profiles.find import folded
from tests.builders import a_class, a_guardian_of, a_learner, a_teacher
from tests.conferences.paper import pages, plain, sizes
from tests.profiles.build import a_profile


def test_the_pdf_is_tagged_and_names_its_language(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session, "Mateo"))
    session.commit()
    answer = visit(learner).client.get(f"/learners/{learner.id}/profile.pdf")
    assert answer.mimetype == "application/pdf"
    inside = plain(answer.data)
    assert b"/MarkInfo" in inside
    assert b"pdfuaid" in inside
    assert b"/Lang" in inside
    assert pages(answer.data) == 1
    assert sizes(answer.data) == {(612, 792)}


def test_the_page_to_print_has_no_links_into_the_profile(session: Session, visit) -> None:
    learner = a_profile(session, a_learner(session))
    family = a_guardian_of(session, learner, language=Language.EN)
    session.commit()
    page = visit(learner).get(f"/learners/{learner.id}/profile/print")
    assert "An example first" in page.words
    assert [a.get_text() for a in page.soup.select("main a")] == ["My profile"]
    empty = visit(family).get(f"/learners/{learner.id}/profile/print")
    assert "Nothing is written here for you to read." in empty.words


@pytest.fixture
def found(session: Session, visit):
    room = a_class(session)
    teacher = a_teacher(session, room)
    one = a_learner(session, "Ana", in_class=room)
    a_profile(session, one, lines={"interests": ("Árboles y ríos",), "strengths": ("Tree houses",)})
    other = a_learner(session, "Ben", in_class=a_class(session, name="Elsewhere"))
    a_profile(session, other, lines={"interests": ("Arboles grandes",)})
    session.commit()

    def look(word: str):
        page = visit(teacher).client.get(
            f"/classes/{room.id}/profiles", query_string={"word": word}
        )
        return page.text

    return look


@pytest.mark.parametrize(("word", "there"), [("arbol", True), ("TREE", True), ("moon", False), ("a", False), ("%", False), ("<b>", False)])  # fmt: skip
def test_a_word_is_found_whatever_its_letters(found, word: str, there: bool) -> None:
    text = found(word)
    assert ("Árboles y ríos" in text or "Tree houses" in text) is there
    assert ("No line has this word." in text) is not there
    assert "Arboles grandes" not in text, "another class is not looked through"


def test_letters_are_folded_for_both_sides() -> None:
    assert folded("ÁRBOL Straße ﬁn") == "arbol strasse fin"
