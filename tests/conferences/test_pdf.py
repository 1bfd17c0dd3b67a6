"""The summary on paper: a tagged PDF that asks nobody, in the family's language."""

from __future__ import annotations

import pytest

from learnpath.conferences import pdf
from learnpath.errors import NotAllowedNow
from learnpath.pdf import font_of
from tests import builders
from tests.conferences import build, paper
from tests.goals.build import a_goal

CHART = '<svg class="chart-svg {size}" viewBox="0 0 9 9" role="img"><title>t</title></svg>'


def test_a_chart_takes_its_colours_along_and_comes_once():
    html = (
        CHART.format(size="chart-wide") + CHART.format(size="chart-narrow") + "<script>x</script>"
    )
    made = pdf._for_paper(html)
    assert made.count("<svg") == 1
    assert "#14595B" in made
    assert "script" not in made


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/x.woff2",
        "file:///etc/passwd",
        "static:/../pyproject.toml",
        "static:/css/app.css",
    ],
)
def test_nothing_but_our_fonts_is_read(url):
    with pytest.raises((ValueError, OSError)):
        font_of(url)


def test_each_reader_gets_a_tagged_pdf_of_one_page(visit, session, monkeypatch):
    learner = builders.a_learner(session, "Mateo")
    teacher = builders.a_teacher_of(session, learner)
    guardian = builders.a_guardian_of(session, learner)
    goal = a_goal(
        session, learner=learner, teacher=teacher, values=(24, 25, 27, None, 30, 33, 32, 36)
    )
    made = build.summary_of(session, build.a_conference(session, learner, teacher, goals=[goal.id]))
    session.commit()
    for reader in (learner, guardian):
        answer = visit(reader).get(f"/summaries/{made.id}/summary.pdf").response
        assert answer.content_type == "application/pdf"
        body = answer.get_data()
        assert body.startswith(b"%PDF-")
        assert paper.pages(body) == 1
        assert b"/StructTreeRoot" in paper.plain(body)
        assert b"Atkinson" in paper.plain(body)
        assert paper.alternatives(body)[0].startswith("Know 42 multiplication facts from memory. ")


def test_a_stranger_gets_none(visit, session):
    made = build.summary_of(session, build.a_conference(session, builders.a_learner(session)))
    stranger = builders.a_learner(session)
    session.commit()
    assert visit(stranger).get(f"/summaries/{made.id}/summary.pdf").status == 404


def test_a_link_gets_it_in_its_language(visit, session):
    learner = builders.a_learner(session)
    guardian = builders.a_guardian_of(session, learner)
    conference = build.a_conference(session, learner)
    link, token = build.a_link(session, conference, guardian)
    session.commit()
    visitor = visit(None)
    assert visitor.get(f"/family/{link.id}/summary.pdf").status == 404
    visitor.post(f"/f/{token}")
    answer = visitor.get(f"/family/{link.id}/summary.pdf").response
    assert answer.status_code == 200
    assert b"(es)" in paper.plain(answer.get_data())


def test_a_server_without_pango_says_what_to_do(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "weasyprint", None)
    with pytest.raises(NotAllowedNow, match="Print the page"):
        pdf.pdf_of("<p>x")
