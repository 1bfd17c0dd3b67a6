"""What is there and what is still to do before a conference: a list of ticks, never a score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString

from learnpath.conferences.models import Conference
from learnpath.wording import lazy as _l


@dataclass(frozen=True)
class Tick:
    """One thing to prepare: its key, its words, whether it is there, and whether it is the learner's.

    The learner reads ``label``, the teacher ``to_teacher``.
    """

    key: str
    label: LazyString
    to_teacher: LazyString
    done: bool
    learners: bool = True


def ticks(conference: Conference, pieces: int) -> Sequence[Tick]:
    """Return the readiness list of a conference with ``pieces`` pieces of work."""
    return (
        Tick(
            "lines",
            _l("Lines from my profile"),
            _l("Lines from the profile"),
            bool(conference.lines),
        ),
        Tick("work", _l("Work I am proud of"), _l("Work to be proud of"), pieces > 0),
        Tick(
            "hard",
            _l("Something still hard"),
            _l("Something still hard"),
            bool(conference.hard_what),
        ),
        Tick(
            "goals",
            _l("My goal"),
            _l("A goal"),
            bool(conference.goal_ids) or conference.no_goal_to_show,
        ),
        Tick(
            "guess",
            _l("What my teacher would say"),
            _l("What the teacher would say"),
            bool(conference.teacher_would_say),
        ),
        Tick("words", _l("My own words"), _l("Own words"), bool(conference.own_words)),
        Tick(
            "answer",
            _l("My teacher's sentences"),
            _l("Your sentences"),
            bool(conference.teacher_words),
            False,
        ),
    )


def missing(all_ticks: Sequence[Tick]) -> list[LazyString]:
    """Return what the learner still has to prepare, in words."""
    return [tick.label for tick in all_ticks if tick.learners and not tick.done]
