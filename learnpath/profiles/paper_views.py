"""The profile on paper: a page to print and a PDF, each cut to what its reader sees on the screen."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from learnpath import clock
from learnpath.access import Can
from learnpath.pdf import pdf_from
from learnpath.people.models import Person
from learnpath.profiles.blueprint import profiles
from learnpath.profiles.page import profile_page
from learnpath.profiles.time_views import reader
from learnpath.web import current
from learnpath.web.rules import fetch, may


@profiles.get("/learners/<id:learner_id>/profile/print")
@may(Can.READ_PROFILE)
def on_paper(learner_id: int) -> ResponseReturnValue:
    """Show the profile as it is printed: words and days, no links and no buttons."""
    return _paper(learner_id, "profiles/paper.html")


@profiles.get("/learners/<id:learner_id>/profile.pdf")
@may(Can.READ_PROFILE)
def as_pdf(learner_id: int) -> ResponseReturnValue:
    """Give the profile as a tagged PDF."""
    answer = Response(
        pdf_from(_paper(learner_id, "profiles/paper_pdf.html")), mimetype="application/pdf"
    )
    answer.headers["Content-Disposition"] = 'inline; filename="profile.pdf"'
    return answer


def _paper(learner_id: int, template: str) -> str:
    learner, _by = fetch(Person, learner_id)
    now = clock.now()
    page = profile_page(current.session(), learner_id, reader(), now)
    return render_template(template, learner=learner, page=page, now=now)
