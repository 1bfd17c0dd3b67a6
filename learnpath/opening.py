"""Opening the database for a command: it is there and fits this version, or one line says what to do."""

from __future__ import annotations

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from learnpath import migrate
from learnpath.config import Settings
from learnpath.db import make_engine
from learnpath.terminal import FOUND_WRONG, stop


def open_engine(settings: Settings, *, ready: bool = True, unready: int = FOUND_WRONG) -> Engine:
    """Return the engine, or end with one line when the database is not there or not up to date.

    ``unready`` is the exit code of a database that is not up to date, for a command of which 1 says more.
    """
    engine = make_engine(settings.database_url)
    try:
        standing = migrate.present(engine)
    except DBAPIError as error:
        stop(f"The database cannot be reached: {reason_of(error)}.")
    if standing and not migrate.knows(standing):
        stop(f"The database stands at {standing}, which a newer version made.", FOUND_WRONG)
    if ready and standing != migrate.newest():
        stop("The database is not ready for this version. Run: learnpath db upgrade", unready)
    return engine


def reason_of(error: DBAPIError) -> str:
    """Return the first line of what the database said."""
    return (str(error.orig).strip().splitlines() or ["nothing"])[0].rstrip(".")
