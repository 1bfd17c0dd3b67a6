"""The blueprint of the profiles room, on which its view modules hang their pages."""

from __future__ import annotations

from datetime import date

from flask import Blueprint

from learnpath.school.calendar import SchoolCalendar
from learnpath.school.queries import calendar_of
from learnpath.web import current

profiles = Blueprint("profiles", __name__)


def calendar() -> SchoolCalendar:
    """Return the calendar of the reader's school."""
    return calendar_of(current.session(), current.actor().school_id)


def year_began() -> date | None:
    """Return the first day of the reader's school year."""
    year = calendar().year_of(current.actor().today)
    return year.starts if year else None
