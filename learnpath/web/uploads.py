"""Forms that come with files: which views take them, and how much they take.

A view without the mark takes no multipart body at all. What is too big is refused by what it says about
itself, before a byte of it is read; a body that says nothing about its size is read no further than that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, g, request, session
from flask.typing import ResponseReturnValue
from sqlmodel import SQLModel
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge

from learnpath import access
from learnpath.config import Settings
from learnpath.db import open_session
from learnpath.web import current

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
# How many bytes a whole body may have: a number, or what the settings say.
Most = int | Callable[[Settings], int]

MULTIPART = "multipart/form-data"
PIECES = 256 * 1024


def takes_files(*, most_bytes: Most) -> Callable[[View], View]:
    """Declare that the form of a view may bring files.

    ``most_bytes`` is for the whole body: all files together, and the words beside them.
    """

    def mark(view: View) -> View:
        view.most_bytes = most_bytes  # type: ignore[attr-defined]
        return view

    return mark


def guard(app: Flask) -> None:
    """Refuse files where no view asked for them, and bodies that are too big, before any is read.

    Called before all else that looks into a form.
    """

    @app.before_request
    def _look_first() -> None:
        if request.mimetype != MULTIPART:
            return
        view: Any = app.view_functions.get(request.endpoint or "")
        asked: Most | None = getattr(view, "most_bytes", None)
        if asked is None:
            raise BadRequest
        settings = current.settings()
        # The reader of such a body takes pieces of 64 KiB, and counts them against this too.
        request.max_form_memory_size = max(settings.max_body_bytes, PIECES)
        # Nobody who is not signed in makes us take in more than any other form does.
        if "_user_id" in session:
            request.max_content_length = asked if isinstance(asked, int) else asked(settings)
        most = request.max_content_length
        if most is not None and (request.content_length or 0) > most:
            raise RequestEntityTooLarge


def check_first(model: type[SQLModel], id: int) -> None:
    """Ask for the permission of this route in a read of its own. Raises NotFound.

    For work on a file that takes a while: nobody unknown makes us do it, and it does not hold the write lock.
    """
    with open_session(current.engine(), writing=False) as reading:
        access.fetch(reading, current.actor(), g.rule.can, model, id)
