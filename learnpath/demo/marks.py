"""What learners and teachers at the demo school say about who is leading."""

from __future__ import annotations

from functools import partial

from learnpath.continuum.columns import Column
from learnpath.continuum.mark import mark
from learnpath.demo.story import Story

# learner, who says it, thread, place, own words
MARKS = (
    ("naomi", "learner", "setting_goals", Column.LEARNER_DRIVEN, "I wrote most of it myself."),
    ("naomi", "teacher", "setting_goals", Column.TOWARD_LEARNER_CENTERED, "I started this one with her."),
    ("naomi", "learner", "keeping_track", Column.LEARNER_DRIVEN, "I log it every week."),
    ("naomi", "teacher", "keeping_track", Column.LEARNER_DRIVEN, "She does, without a reminder."),
    ("mateo", "learner", "leading_my_conference", Column.LEARNER_DRIVEN, "I led nearly all of it."),
    ("mateo", "teacher", "leading_my_conference", Column.LEARNER_DRIVEN, "He did."),
    ("mateo", "learner", "setting_goals", Column.LEARNER_CENTERED, "Ms. Baca's idea was good."),
    ("omar", "learner", "reflecting", Column.LEARNER_DRIVEN, "I changed my plan when it did not work."),
)  # fmt: skip


def tell_marks(story: Story) -> None:
    """Let learners and teachers put their marks."""
    for number, (key, who, thread, place, words) in enumerate(MARKS):
        by = story.cast.learner(key) if who == "learner" else story.cast.teacher(key)
        put = partial(mark, story.session, by, story.cast.id(key), thread, place, words)
        story.on(len(story.days.weeks) - 2, 4, put, 15, 30 + number)
