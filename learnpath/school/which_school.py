"""The school that a command is about: the one that was named, or the only one there is."""

from __future__ import annotations

from sqlmodel import Session, col, select

from learnpath.school.models import School
from learnpath.terminal import stop


def which_school(session: Session, named: str | None) -> School:
    """Return the school of that name or number, or end with one line that lists those there are."""
    schools = session.exec(select(School).order_by(col(School.id))).all()
    wanted = [one for one in schools if named in (None, one.name, str(one.id))]
    if len(wanted) != 1:
        known = ", ".join(f"{one.id} ({one.name})" for one in schools) or "none"
        stop(f"Say which school with --school. There are: {known}.")
    return wanted[0]
