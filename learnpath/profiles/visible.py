"""Who sees which block: the one table that page, print, search and other rooms ask.

Learners and the teachers who work with them see every block; a family sees what the learner opened to it; a
peer sees single blocks by invitation. What is hard, from an earlier school year, waits until the learner says
that it still holds: a new teacher meets the person first.
"""

from __future__ import annotations

from datetime import date

from learnpath.people.models import Hat
from learnpath.profiles.models import Audience

SEEN_BY_FAMILY = (Audience.FAMILY, Audience.CONFERENCE)
HARD = ("challenges", "needs")


def sees(
    hat: Hat, key: str, audience: Audience, written: date | None, year_began: date | None
) -> bool:
    """Tell whether a reader under ``hat`` sees a block that the learner last wrote, or kept, on ``written``.

    With ``year_began``, what is hard and older than the school year is the learner's alone.
    """
    if hat is Hat.LEARNER:
        return True
    if key in HARD and written is not None and year_began is not None and written < year_began:
        return False
    return hat is Hat.TEACHER or (hat is Hat.FAMILY and audience in SEEN_BY_FAMILY)
