"""The page of a learner's record, and the copy to take along."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from learnpath import clock
from learnpath.access import Can
from learnpath.goals import evidence
from learnpath.goals.file_store import store_of
from learnpath.people.models import Person
from learnpath.portability import files, queries
from learnpath.portability.blueprint import portability
from learnpath.portability.export import export
from learnpath.portability.telling import sentence
from learnpath.web import current
from learnpath.web.rules import fetch, may

__all__ = ["portability"]
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
    kept = evidence.files_of(current.session(), learner_id)
    return render_template(
        "portability/page.html", learner=learner, record=told, sentence=sentence, files=len(kept)
    )


@portability.post("/learners/<id:learner_id>/record/copy")
@may(Can.EXPORT_RECORD)
def copy(learner_id: int) -> ResponseReturnValue:
    """Give the whole record as a JSON file."""
    learner, by = fetch(Person, learner_id)
    text = export(current.session(), by, learner, clock.now())
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{learner_id}.json"'
    return answer


@portability.post("/learners/<id:learner_id>/record/copy-with-files")
@may(Can.EXPORT_RECORD)
def copy_with_files(learner_id: int) -> ResponseReturnValue:
    """Give the whole record and the files that were added, as one ZIP."""
    learner, by = fetch(Person, learner_id)
    session = current.session()
    text = export(session, by, learner, clock.now(), kind="zip")
    rows = evidence.files_of(session, learner_id)
    made = files.packed(text, rows, store_of(current.settings()))
    answer = Response(made, mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="record-{learner_id}.zip"'
    return answer


from learnpath.portability import office_views  # noqa: E402, F401 - its pages
