"""The page of a learner's record, and the copy to take along."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from learnpath import clock
from learnpath.access import Can
from learnpath.people.models import Person
from learnpath.portability import queries
from learnpath.portability.export import export
from learnpath.portability.telling import sentence
from learnpath.web import current
from learnpath.web.rules import fetch, may

portability = Blueprint("portability", __name__)
LONGEST_NUMBER = 9


@portability.get("/learners/<id:learner_id>/record")
@may(Can.EXPORT_RECORD)
def page(learner_id: int) -> ResponseReturnValue:
    """Show what was recorded about a learner, newest first."""
    learner, _ = fetch(Person, learner_id)
    asked = request.args.get("page", "1")
    number = (
        int(asked) if asked.isascii() and asked.isdigit() and len(asked) < LONGEST_NUMBER else 1
    )
    told = queries.record_page(current.session(), learner_id, number)
    return render_template("portability/page.html", learner=learner, record=told, sentence=sentence)


@portability.post("/learners/<id:learner_id>/record/copy")
@may(Can.EXPORT_RECORD)
def copy(learner_id: int) -> ResponseReturnValue:
    """Give the whole record as a JSON file."""
    learner, by = fetch(Person, learner_id)
    text = export(current.session(), by, learner, clock.now())
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{learner_id}.json"'
    return answer
