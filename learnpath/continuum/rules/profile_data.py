"""The eight rules of Learner Profile Data."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from fractions import Fraction
from itertools import pairwise

from learnpath.continuum.facts import Evidence
from learnpath.continuum.rules.agreed import agreed_goals, cites, goal_facts, learner_cited
from learnpath.continuum.rules.ruling import (
    CENTERED,
    DRIVEN,
    LEARNER_TOO,
    TEACHER,
    TOWARD,
    Limits,
    Reading,
    highest,
    reading,
    rule,
)
from learnpath.record.verbs import Relation, Verb
from learnpath.school.calendar import UNTIL_FRIDAY

DATA = (
    Verb.CHECKED_IN, Verb.OUTCOME_RECORDED, Verb.NEED_STATED, Verb.REFLECTED, Verb.TREND_STATED,
)  # fmt: skip


@rule
def data_rhythm(e: Evidence, limit: Limits) -> Reading:
    """How often data about the learner is looked at, in school weeks."""
    data = e.of(*DATA)
    sessions = e.of(Verb.SESSION_HELD)
    own_words = e.of(Verb.NEED_STATED, Verb.REFLECTED, by=LEARNER_TOO)
    weeks, own_weeks = e.weeks_with(data), e.weeks_with(own_words)
    due = len(e.weeks_that_count())
    often = due > 0 and len(weeks) >= limit["weeks_share"] * due
    column = highest(
        (TEACHER, bool(data)),
        (TOWARD, due > 0 and len(weeks) >= limit["weeks_share_toward"] * due),
        (CENTERED, often and _is_regular(e.weeks_with(sessions), e, limit["session_every"])),
        (DRIVEN, often and len(own_weeks) >= limit["need_share"] * due),
    )
    counted = {
        "school_weeks": due,
        "weeks_with_data": len(weeks),
        "weeks_with_own_words": len(own_weeks),
        "sessions": len(sessions),
    }
    return reading(column, data + sessions, counted)


def _is_regular(weeks: Collection[date], e: Evidence, every: Fraction) -> bool:
    """Tell whether any ``every`` school weeks of record in a row hold one of ``weeks``."""
    empty = 0
    for week in e.weeks:
        empty = 0 if week in weeks else empty + 1
        if empty >= every:
            return False
    return bool(weeks)


SIDES = ("attendance", "behaviour", "social_emotional")


@rule
def data_breadth(e: Evidence, limit: Limits) -> Reading:
    """Which kinds of data there are, and whether the learner speaks from them."""
    school_work = e.of(Verb.CHECKED_IN) + e.of(
        Verb.OUTCOME_RECORDED, which=lambda fact: fact.said("kind") == "academic"
    )
    sides = e.of(Verb.OUTCOME_RECORDED, which=lambda fact: fact.said("kind") in SIDES)
    inventories = e.of(Verb.INVENTORY_ANSWERED)
    reflections = e.of(Verb.REFLECTED, by=LEARNER_TOO)
    needs = e.of(Verb.NEED_STATED, by=LEARNER_TOO)
    sessions = e.of(Verb.SESSION_HELD)
    reflection_weeks, need_weeks = e.weeks_with(reflections), e.weeks_with(needs)
    broad = bool(school_work and sides and inventories)
    rich = broad and len(reflection_weeks) >= limit["reflection_weeks"] and bool(sessions)
    column = highest(
        (TEACHER, bool(school_work or sides or inventories)),
        (TOWARD, broad),
        (CENTERED, rich),
        (DRIVEN, rich and len(need_weeks) >= limit["need_weeks"]),
    )
    kinds = {str(fact.said("kind")) for fact in sides}
    counted = {
        "kinds_of_data": bool(school_work) + len(kinds) + bool(inventories) + bool(reflections),
        "reflection_weeks": len(reflection_weeks),
        "need_weeks": len(need_weeks),
    }
    facts = school_work + sides + inventories + reflections + needs + sessions
    return reading(column, facts, counted)


@rule
def profile_authorship(e: Evidence, limit: Limits) -> Reading:
    """Whose words the profile is made of."""
    notes = e.of(Verb.PROFILE_NOTED)
    inventories = e.of(Verb.INVENTORY_ANSWERED, by=LEARNER_TOO)
    revisions = e.of(Verb.PROFILE_REVISED, by=LEARNER_TOO)
    answers = e.of(Verb.SUGGESTION_ANSWERED, by=LEARNER_TOO)
    talks = e.of(Verb.SESSION_HELD)
    made_by = {str(fact.said("made_by")) for fact in answers}
    weeks = e.weeks_with(revisions)
    reasons = e.weeks_with(fact for fact in revisions if fact.said("reason"))
    talked = bool(revisions) and ("teacher" in made_by or bool(talks))
    column = highest(
        (TEACHER, bool(notes)),
        (TOWARD, bool(inventories or revisions)),
        (CENTERED, talked),
        (
            DRIVEN,
            talked
            and len(weeks) >= limit["revised_weeks"]
            and len(reasons) >= limit["reason_weeks"]
            and made_by >= {"teacher", "peer"},
        ),
    )
    counted = {
        "revised_weeks": len(weeks),
        "reason_weeks": len(reasons),
        "ideas_answered": len(answers),
    }
    return reading(column, notes + inventories + revisions + answers + talks, counted)


@rule
def profile_renewal(e: Evidence, limit: Limits) -> Reading:
    """How often the profile is renewed in this school year."""
    renewed = e.of(Verb.PROFILE_REVISED, Verb.INVENTORY_ANSWERED, by=LEARNER_TOO)
    before = [f for f in e.ever(Verb.PROFILE_REVISED, Verb.INVENTORY_ANSWERED, Verb.PROFILE_NOTED)
              if f not in renewed]  # fmt: skip
    weeks = e.weeks_with(renewed)
    reasons = e.weeks_with(fact for fact in renewed if fact.said("reason"))
    twice = len(weeks) >= limit["twice"] and e.weeks_apart(weeks[0], weeks[-1]) >= limit["apart"]
    column = highest(
        (TEACHER, bool(before)),
        (TOWARD, len(weeks) >= limit["once"]),
        (CENTERED, twice),
        (
            DRIVEN,
            twice
            and len(weeks) >= limit["regular"]
            and _longest_gap(weeks, e) <= limit["longest_gap"]
            and len(reasons) >= limit["reason_weeks"],
        ),
    )
    counted = {"renewal_weeks": len(weeks), "reason_weeks": len(reasons)}
    return reading(column, renewed or before, counted, len(renewed) + len(before))


def _longest_gap(weeks: list[date], e: Evidence) -> int:
    """Return the most school weeks from one change to the next, and from the last one to today."""
    ends = [*weeks, max(weeks[-1], e.weeks[-1] if e.weeks else weeks[-1])]
    return max(e.weeks_apart(one, other) for one, other in pairwise(ends))


@rule
def profile_use(e: Evidence, limit: Limits) -> Reading:
    """Whether what is known about the learner steers the goals."""
    goals = agreed_goals(e)
    tips = e.of(Verb.TIP_TRIED, by=LEARNER_TOO)
    citing = [goal for goal in goals if cites(goal)]
    chosen = [goal for goal in citing if learner_cited(goal)]
    own = [goal for goal in goals if goal.said("drafted_by") == Relation.LEARNER]
    own_chosen = [goal for goal in own if goal in chosen]
    column = highest(
        (TEACHER, bool(goals)),
        (TOWARD, bool(citing)),
        (CENTERED, bool(chosen)),
        (
            DRIVEN,
            len(own_chosen) > limit["most"] * len(own) and len(tips) >= limit["tips"],
        ),
    )
    counted = {"goals": len(goals), "goals_citing": len(citing), "tips_tried": len(tips)}
    return reading(column, goals + tips, counted, len(goal_facts(e)) + len(tips))


@rule
def profile_sharing(e: Evidence, limit: Limits) -> Reading:
    """Who sees the profile and speaks into it."""
    profile = e.of(Verb.INVENTORY_ANSWERED, Verb.PROFILE_REVISED)
    shared = e.of(
        Verb.PROFILE_SHARED, which=lambda fact: fact.said("audience") in ("family", "conference")
    )
    family = e.of(Verb.SUGGESTION_MADE, Verb.PROFILE_ACKNOWLEDGED, by=Relation.FAMILY)
    answers = e.of(Verb.SUGGESTION_ANSWERED, by=LEARNER_TOO)
    answered = [str(fact.said("made_by")) for fact in answers]
    both = all(answered.count(who) >= limit["voices"] for who in ("teacher", "family"))
    column = highest(
        (TEACHER, bool(profile)),
        (TOWARD, bool(shared)),
        (CENTERED, bool(family) or "family" in answered),
        (DRIVEN, both),
    )
    counted = {
        "shared": len(shared), "family_voices": len(family), "ideas_answered": len(answers),
    }  # fmt: skip
    return reading(column, profile + shared + family + answers, counted)


@rule
def profile_continuity(e: Evidence, limit: Limits) -> Reading:
    """Whether the profile has followed the learner through the years.

    In a learner's first year of record nothing can be said: there was nothing to follow.
    """
    changes = e.ever(Verb.PROFILE_REVISED, Verb.INVENTORY_ANSWERED, by=LEARNER_TOO)
    weeks = e.weeks_with(changes)
    years = {year.name for week in weeks if (year := e.calendar.year_of(week + UNTIL_FRIDAY))}
    learner = e.of(Verb.PROFILE_REVISED, by=LEARNER_TOO)
    teacher = e.of(
        Verb.PROFILE_NOTED, Verb.SUGGESTION_MADE, Verb.PROFILE_ACKNOWLEDGED, by=Relation.TEACHER
    )
    follows = len(years) >= limit["years"]
    column = highest(
        (TEACHER, bool(e.earlier)),
        (CENTERED, follows),
        (DRIVEN, follows and bool(learner) and bool(teacher)),
    )
    basis = len(changes) + len(teacher) if follows else len(e.earlier)
    return reading(column, changes + teacher, {"years_with_changes": len(years)}, basis)


@rule
def feedback_leadership(e: Evidence, limit: Limits) -> Reading:
    """Who leads the talks about how it goes."""
    sessions = e.of(Verb.SESSION_HELD)
    by_learner = [fact for fact in sessions if fact.said("led_by") == Relation.LEARNER]
    together = [fact for fact in sessions if fact.said("led_by") == Relation.TOGETHER]
    everyone = [f for f in by_learner if f.relations("present") >= {"teacher", "family"}]
    # So many weeks say something by themselves, with one talk in them or with none.
    long_enough = len(e.weeks) >= limit["weeks_without"]
    column = highest(
        (TEACHER, long_enough),
        (TOWARD, bool(sessions)),
        (CENTERED, len(together) + len(by_learner) >= limit["led_together"]),
        (DRIVEN, len(by_learner) >= limit["led_by_learner"] and bool(everyone)),
    )
    counted = {
        "sessions": len(sessions), "led_by_learner": len(by_learner), "led_together": len(together),
    }  # fmt: skip
    return reading(column, sessions, counted, len(e.weeks) if long_enough else None)
