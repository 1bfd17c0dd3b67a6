"""The school data of the demo school: what teachers wrote down, and what learners say it tells them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from learnpath.demo.days import ZONE
from learnpath.demo.story import Happening, Story
from learnpath.outcomes.models import Outcome, OutcomeKind
from learnpath.outcomes.record_outcome import NewOutcome, record_outcome
from learnpath.outcomes.state_need import state_need

# In which weeks what is looked at: kind, what, how to read it, from where, and the lowest and highest value.
LOOKS: tuple[tuple[int, OutcomeKind, str, str, str, int, int], ...] = (
    (2, OutcomeKind.ACADEMIC, "Unit quiz: reading closely", "of 20", "class quiz", 11, 18),
    (4, OutcomeKind.ATTENDANCE, "Days at school so far", "of 20 days", "attendance list", 17, 20),
    (5, OutcomeKind.ACADEMIC, "Unit quiz: fractions and rates", "of 20", "class quiz", 10, 19),
    (6, OutcomeKind.BEHAVIOUR, "Starts work by myself", "of 4 (1 never, 4 often)", "talk", 2, 4),
    (8, OutcomeKind.ACADEMIC, "Unit quiz: evidence", "of 20", "class quiz", 12, 20),
    (9, OutcomeKind.SOCIAL_EMOTIONAL, "Can calm down when it gets hard",
     "of 4 (1 never, 4 often)", "my own rating", 2, 4),
)  # fmt: skip
# What some of them said that their newest result tells them, and in which week.
NEEDS: dict[str, tuple[tuple[int, str], ...]] = {
    "mateo": ((5, "More time with rates. I rushed the last page."),
              (8, "I need to read the question twice.")),
    "omar": ((2, "Slower reading of the charts."), (4, "Nothing new. I like being here."),
             (5, "Practice with units."), (6, "A timer, so that I begin."),
             (8, "To say why, not only what."), (9, "A walk before I try again.")),
    "linh": ((5, "Help with the word problems."),),
    "naomi": ((8, "Two days between drafts."),),
    "amara": ((6, "To begin before I feel ready."),),
}  # fmt: skip


def tell_outcomes(story: Story) -> None:
    """Let teachers write down results through the term, and learners say what they need."""
    for place, one in enumerate(story.cast.learners):
        key = one["key"]
        for week, kind, measure, scale, source, low, high in LOOKS:
            value = story.chance("outcome", key, measure).randint(low, high)
            new = (kind, measure, Decimal(value), scale, source)
            story.on(week, 3, _recording(story, key, new), 14, place % 60)
        for week, words in NEEDS.get(key, ()):
            story.on(week, 4, _saying(story, key, words), 10, place % 60)


def _recording(
    story: Story, key: str, new: tuple[OutcomeKind, str, Decimal, str, str]
) -> Happening:
    kind, measure, value, scale, source = new

    def record(now: datetime) -> None:
        day = now.astimezone(ZoneInfo(ZONE)).date()
        told = NewOutcome(kind, measure, day, value, scale, source)
        record_outcome(story.session, story.cast.teacher(key), story.cast.id(key), told, now)

    return record


def _saying(story: Story, key: str, words: str) -> Happening:
    def say(now: datetime) -> None:
        newest = story.session.exec(
            select(Outcome)
            .where(Outcome.learner_id == story.cast.id(key))
            .order_by(col(Outcome.id).desc())
            .limit(1)
        ).one()
        state_need(story.session, story.cast.learner(key), newest, words, now)

    return say
