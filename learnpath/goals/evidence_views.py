"""Samples of work on the web: taken from a form, given back as a download, removed for good."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from io import BytesIO

from flask import Response, flash, render_template, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from learnpath import clock
from learnpath.access import Can
from learnpath.config import Settings
from learnpath.errors import NotFound, WrongInput
from learnpath.goals import evidence, work_file
from learnpath.goals.blueprint import goals
from learnpath.goals.evidence import MOST_FILES
from learnpath.goals.file_store import store_of
from learnpath.goals.models import Evidence, Goal
from learnpath.goals.work_file import FIELD, MEDIA_TYPES, WorkFile
from learnpath.web import current
from learnpath.web.rules import fetch, may
from learnpath.web.uploads import check_first

log = logging.getLogger(__name__)
# Whatever a file is: a browser that opens it all the same gives it no rights at all.
NO_RIGHTS = "default-src 'none'; sandbox"
MEGABYTE = 1024 * 1024


def most_bytes(settings: Settings) -> int:
    """Return how much a check-in may be: its files, and the words of any other form."""
    return MOST_FILES * settings.file_bytes + settings.max_body_bytes


@dataclass
class Given:
    """The files that came with a form, ready to be kept, and what is wrong with them."""

    files: list[WorkFile] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def files_given(goal_id: int) -> Given:
    """Read the files of a form, before the request takes the write lock: pictures take a while.

    Raises NotFound for a goal that the sender may not check in on: nothing is read for them.
    """
    given = Given()
    sent = [file for file in request.files.getlist(FIELD) if file.filename]
    if not sent:
        return given
    check_first(Goal, goal_id)
    if len(sent) > MOST_FILES:
        given.errors.append(
            ngettext("Choose one file.", "Choose %(num)s files at the most.", MOST_FILES)
        )
        return given
    for file in sent:
        try:
            given.files.append(_read(file.filename or "", file.stream.read(_most() + 1)))
        except WrongInput as error:
            name = work_file.last_name(file.filename or "")
            given.errors.append(f"{name}: {error.message}" if name else str(error.message))
    return given


def _read(name: str, content: bytes) -> WorkFile:
    if len(content) > _most():
        most = _most() // MEGABYTE
        raise WrongInput(FIELD, _("A file can have %(most)s megabytes at the most.", most=most))
    return work_file.read(name, content)


def _most() -> int:
    return current.settings().file_bytes


@goals.app_template_global()
def most_file_megabytes() -> int:
    """Return how large a file may be, for the hint beside the field."""
    return _most() // MEGABYTE


# -- one sample ------------------------------------------------------------------------------------


@goals.get("/goals/<id:goal_id>/work/<id:evidence_id>")
@may(Can.READ_GOAL)
def work(goal_id: int, evidence_id: int) -> ResponseReturnValue:
    """Give a sample of work as a download."""
    row = _file(goal_id, evidence_id)
    assert row.file_kind is not None
    return _download(row.file_key or "", row.file_name, MEDIA_TYPES[row.file_kind])


@goals.get("/goals/<id:goal_id>/work/<id:evidence_id>/small")
@may(Can.READ_GOAL)
def work_small(goal_id: int, evidence_id: int) -> ResponseReturnValue:
    """Give the small picture of a sample."""
    row = _file(goal_id, evidence_id)
    if not row.is_picture:
        raise NotFound
    return _download(evidence.small_key(row.file_key or ""), "small.jpg", "image/jpeg")


@goals.route("/goals/<id:goal_id>/work/<id:evidence_id>/remove", methods=["GET", "POST"])
@may(Can.WRITE_GOAL)
def remove_work(goal_id: int, evidence_id: int) -> ResponseReturnValue:
    """Ask once, then erase a sample."""
    from learnpath.goals.views import back_to  # noqa: PLC0415 - that module loads this one

    goal, by = fetch(Goal, goal_id)
    row = evidence.of_goal(current.session(), goal, evidence_id)
    if request.method == "GET":
        return render_template("goals/remove_work.html", goal=goal, one=row)
    evidence.remove(current.session(), by, row, store_of(current.settings()), clock.now())
    flash(_("It is gone."))
    return back_to(goal, "evidence")


def _file(goal_id: int, evidence_id: int) -> Evidence:
    goal, _by = fetch(Goal, goal_id)
    row = evidence.of_goal(current.session(), goal, evidence_id)
    if row.file_key is None:
        raise NotFound
    return row


def _download(key: str, name: str, media_type: str) -> Response:
    try:
        content = store_of(current.settings()).get(key)
    except OSError as error:
        log.exception("a file that a row names cannot be read: %s", key)
        raise NotFound from error
    answer = send_file(BytesIO(content), media_type, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = NO_RIGHTS
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
