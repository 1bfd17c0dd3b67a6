"""What the app lets go by itself, whether or not anybody looks: uploads that wait, old days of the access log.

Rows of children lie in an upload that was never brought in. The server goes round when it starts and every hour
from then on; ``learnpath send`` and ``learnpath files tidy`` go round as well.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from learnpath import clock
from learnpath.access_log import AccessLog
from learnpath.config import Settings
from learnpath.db import unit_of_work
from learnpath.outcomes import waiting as outcome_files
from learnpath.school.roster import waiting as rosters

EVERY = timedelta(hours=1)
# No place on earth lives an earlier day than that of this many hours ago.
LATEST_ZONE = timedelta(hours=12)
log = logging.getLogger(__name__)


def go_round(engine: Engine, settings: Settings, now: datetime) -> None:
    """Let go of what may not stay until the next round: nothing waits for longer than it may."""
    next_round = now + EVERY
    with unit_of_work(engine) as session:
        outcome_files.sweep(session, next_round)
    rosters.sweep(rosters.folder_in(settings.data_dir), next_round)
    AccessLog(engine, settings.access_log_days).forget((now - LATEST_ZONE).date())


def keep_going_round(engine: Engine, settings: Settings) -> Thread:
    """Go round now and every hour, beside the requests, for as long as the process runs."""
    made = Thread(target=_rounds, args=(engine, settings), name="housekeeping", daemon=True)
    made.start()
    return made


def _rounds(engine: Engine, settings: Settings) -> None:
    never = Event()
    while True:
        try:
            go_round(engine, settings, clock.now())
        except (DBAPIError, OSError) as error:
            log.warning("housekeeping waits for its next round: %s", error)
        never.wait(EVERY.total_seconds())
