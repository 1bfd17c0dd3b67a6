"""From counted facts to a column: one pure function for each of the fifteen indicators.

The thresholds and the reason for each are in ``driver_model.json``. What never enters: how well a
learner does, how much was written, how fast, how often somebody signed in. A rule reads as whom a
thing was *decided*, not who typed it. More of what a learner leads never moves a column back: every
condition is an "at least", and shares are taken of weeks that no such fact can add to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from learnpath.continuum.columns import Column, lower_median
from learnpath.continuum.driver_model import Threshold
from learnpath.continuum.facts import Evidence, Fact
from learnpath.record.verbs import Relation, Verb
from learnpath.school.calendar import UNTIL_FRIDAY

TEACHER, TOWARD, CENTERED, DRIVEN = Column
LEARNER_TOO = (Relation.LEARNER, Relation.TOGETHER)
ADULTS = (Relation.TEACHER, Relation.SCHOOL)


@dataclass(frozen=True)
class Reading:
    """What a rule found: the column, what it counted, and the facts that it counted.

    ``basis`` is how many things the answer rests on; weeks that stayed empty are things too.
    """

    column: Column | None
    counted: Mapping[str, int]
    facts: tuple[Fact, ...]
    basis: int


class Limits:
    """The thresholds of one indicator, by their keys, as exact numbers."""

    def __init__(self, thresholds: Mapping[str, Threshold]) -> None:
        self._thresholds = thresholds

    def __getitem__(self, key: str) -> Fraction:
        """Return the number."""
        return self._thresholds[key].number


Rule = Callable[[Evidence, Limits], Reading]
RULES: dict[str, Rule] = {}


def _rule(rule: Rule) -> Rule:
    RULES[rule.__name__] = rule
    return rule


def _reading(
    column: Column | None,
    facts: Iterable[Fact],
    counted: Mapping[str, int],
    basis: int | None = None,
) -> Reading:
    seen = tuple(facts)
    return Reading(column, counted, seen, len(seen) if basis is None else basis)


def _highest(*steps: tuple[Column, bool]) -> Column | None:
    """Return the last column, in the model's order, whose condition holds."""
    reached = [column for column, holds in steps if holds]
    return reached[-1] if reached else None


# -- learner profile data --------------------------------------------------------------------------

DATA = (
    Verb.CHECKED_IN, Verb.OUTCOME_RECORDED, Verb.NEED_STATED, Verb.REFLECTED, Verb.TREND_STATED,
)  # fmt: skip


@_rule
def data_rhythm(e: Evidence, limit: Limits) -> Reading:
    """How often data about the learner is looked at, in school weeks."""
    data = e.of(*DATA)
    sessions = e.of(Verb.SESSION_HELD)
    own_words = e.of(Verb.NEED_STATED, Verb.REFLECTED, by=LEARNER_TOO)
    weeks, own_weeks = e.weeks_with(data), e.weeks_with(own_words)
    due = len(e.weeks_that_count())
    often = due > 0 and len(weeks) >= limit["weeks_share"] * due
    column = _highest(
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
    return _reading(column, data + sessions, counted)


def _is_regular(weeks: Collection[date], e: Evidence, every: Fraction) -> bool:
    """Tell whether any ``every`` school weeks of record in a row hold one of ``weeks``."""
    empty = 0
    for week in e.weeks:
        empty = 0 if week in weeks else empty + 1
        if empty >= every:
            return False
    return bool(weeks)


SIDES = ("attendance", "behaviour", "social_emotional")


@_rule
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
    column = _highest(
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
    return _reading(column, facts, counted)


@_rule
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
    column = _highest(
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
    return _reading(column, notes + inventories + revisions + answers + talks, counted)


@_rule
def profile_renewal(e: Evidence, limit: Limits) -> Reading:
    """How often the profile is renewed in this school year."""
    renewed = e.of(Verb.PROFILE_REVISED, Verb.INVENTORY_ANSWERED, by=LEARNER_TOO)
    before = [f for f in e.ever(Verb.PROFILE_REVISED, Verb.INVENTORY_ANSWERED, Verb.PROFILE_NOTED)
              if f not in renewed]  # fmt: skip
    weeks = e.weeks_with(renewed)
    reasons = e.weeks_with(fact for fact in renewed if fact.said("reason"))
    twice = len(weeks) >= limit["twice"] and e.weeks_apart(weeks[0], weeks[-1]) >= limit["apart"]
    column = _highest(
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
    return _reading(column, renewed or before, counted, len(renewed) + len(before))


def _longest_gap(weeks: list[date], e: Evidence) -> int:
    """Return the most school weeks from one change to the next, and from the last one to today."""
    ends = [*weeks, max(weeks[-1], e.weeks[-1] if e.weeks else weeks[-1])]
    return max(e.weeks_apart(one, other) for one, other in pairwise(ends))


@_rule
def profile_use(e: Evidence, limit: Limits) -> Reading:
    """Whether what is known about the learner steers the goals."""
    goals = _agreed(e)
    tips = e.of(Verb.TIP_TRIED, by=LEARNER_TOO)
    citing = [goal for goal in goals if _cites(goal)]
    chosen = [goal for goal in citing if _learner_cited(goal)]
    own = [goal for goal in goals if goal.said("drafted_by") == Relation.LEARNER]
    own_chosen = [goal for goal in own if goal in chosen]
    column = _highest(
        (TEACHER, bool(goals)),
        (TOWARD, bool(citing)),
        (CENTERED, bool(chosen)),
        (
            DRIVEN,
            len(own_chosen) > limit["most"] * len(own) and len(tips) >= limit["tips"],
        ),
    )
    counted = {"goals": len(goals), "goals_citing": len(citing), "tips_tried": len(tips)}
    return _reading(column, goals + tips, counted, len(_goal_facts(e)) + len(tips))


@_rule
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
    column = _highest(
        (TEACHER, bool(profile)),
        (TOWARD, bool(shared)),
        (CENTERED, bool(family) or "family" in answered),
        (DRIVEN, both),
    )
    counted = {
        "shared": len(shared), "family_voices": len(family), "ideas_answered": len(answers),
    }  # fmt: skip
    return _reading(column, profile + shared + family + answers, counted)


@_rule
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
    column = _highest(
        (TEACHER, bool(e.earlier)),
        (CENTERED, follows),
        (DRIVEN, follows and bool(learner) and bool(teacher)),
    )
    basis = len(changes) + len(teacher) if follows else len(e.earlier)
    return _reading(column, changes + teacher, {"years_with_changes": len(years)}, basis)


@_rule
def feedback_leadership(e: Evidence, limit: Limits) -> Reading:
    """Who leads the talks about how it goes."""
    sessions = e.of(Verb.SESSION_HELD)
    by_learner = [fact for fact in sessions if fact.said("led_by") == Relation.LEARNER]
    together = [fact for fact in sessions if fact.said("led_by") == Relation.TOGETHER]
    everyone = [f for f in by_learner if f.relations("present") >= {"teacher", "family"}]
    # So many weeks say something by themselves, with one talk in them or with none.
    long_enough = len(e.weeks) >= limit["weeks_without"]
    column = _highest(
        (TEACHER, long_enough),
        (TOWARD, bool(sessions)),
        (CENTERED, len(together) + len(by_learner) >= limit["led_together"]),
        (DRIVEN, len(by_learner) >= limit["led_by_learner"] and bool(everyone)),
    )
    counted = {
        "sessions": len(sessions), "led_by_learner": len(by_learner), "led_together": len(together),
    }  # fmt: skip
    return _reading(column, sessions, counted, len(e.weeks) if long_enough else None)


# -- goal setting and progress monitoring ----------------------------------------------------------


def _agreed(e: Evidence) -> list[Fact]:
    """Return the newest agreement on each goal that was agreed in the window."""
    agreements = sorted(e.of(Verb.GOAL_AGREED), key=lambda f: (int(f.said("number") or 0), f.day))
    return list({fact.about: fact for fact in agreements}.values())


def _goal_facts(e: Evidence) -> list[Fact]:
    """Return what was written and agreed on goals: that there is a goal rests on these."""
    return e.of(Verb.GOAL_DRAFTED, Verb.GOAL_AGREED)


def _cites(goal: Fact) -> bool:
    return bool(goal.said("cites")) or bool(goal.relations("cited_by"))


def _learner_cited(goal: Fact) -> bool:
    return bool(goal.relations("cited_by") & set(LEARNER_TOO))


def _took_part(goal: Fact) -> frozenset[str]:
    return goal.relations("shaped_by") | goal.relations("drafted_by")


def _shaped_by_both(goal: Fact) -> bool:
    return Relation.TOGETHER in _took_part(goal) or _took_part(goal) >= {"learner", "teacher"}


def _authorship(goal: Fact) -> Column:
    if goal.said("kind") == "group":
        return TEACHER
    if goal.said("drafted_by") == Relation.LEARNER:
        return DRIVEN
    return CENTERED if _took_part(goal) & set(LEARNER_TOO) else TOWARD


@_rule
def goal_authorship(e: Evidence, limit: Limits) -> Reading:  # noqa: ARG001 - its rule has no number
    """Who made the goals."""
    goals, for_groups = _agreed(e), e.of(Verb.GROUP_GOAL_SET)
    talk = e.of(Verb.GOAL_DRAFTED, Verb.GOAL_SUGGESTED, Verb.GOAL_REVISED, Verb.GOAL_SIGNED)
    column = lower_median([_authorship(goal) for goal in goals])
    if column is None and for_groups:
        column = TEACHER
    counted = {
        "goals": len(goals),
        "drafted_by_learner": sum(f.said("drafted_by") == Relation.LEARNER for f in goals),
        "shaped_by_both": sum(_shaped_by_both(goal) for goal in goals),
    }
    return _reading(column, goals + for_groups + talk, counted)


def _basis(goal: Fact) -> Column:
    if not _cites(goal):
        return TEACHER
    if Relation.LEARNER in goal.relations("cited_by"):
        return DRIVEN
    return CENTERED if _learner_cited(goal) or _took_part(goal) & set(LEARNER_TOO) else TOWARD


@_rule
def goal_basis(e: Evidence, limit: Limits) -> Reading:  # noqa: ARG001 - its rule has no number
    """What the goals build on, and who chose it."""
    goals = _agreed(e)
    column = lower_median([_basis(goal) for goal in goals])
    counted = {
        "goals": len(goals),
        "goals_citing": sum(_cites(goal) for goal in goals),
        "chosen_by_learner": sum(_cites(goal) and _learner_cited(goal) for goal in goals),
    }
    return _reading(column, goals, counted, len(_goal_facts(e)))


@_rule
def goal_family_voice(e: Evidence, limit: Limits) -> Reading:
    """Whether the family knows the goals and has a say in them."""
    goals = _goal_facts(e)
    shared = e.of(Verb.GOAL_SHARED, which=lambda fact: fact.said("audience") == "family")
    voices = e.of(
        Verb.GOAL_COMMENTED, Verb.GOAL_SUGGESTED, Verb.FEEDBACK_GIVEN, by=Relation.FAMILY
    ) + e.of(Verb.PROMISE_MADE, which=lambda fact: fact.said("by") == Relation.FAMILY)
    weeks = e.weeks_with(voices)
    regular = (
        len(weeks) >= limit["weeks"] and e.weeks_apart(weeks[0], weeks[-1]) + 1 >= limit["spread"]
    )
    column = _highest(
        (TEACHER, bool(goals)), (TOWARD, bool(shared)), (CENTERED, bool(voices)), (DRIVEN, regular)
    )
    counted = {"shared": len(shared), "family_weeks": len(weeks)}
    return _reading(column, shared + voices or goals, counted, len(goals + shared + voices))


@_rule
def goal_monitoring(e: Evidence, limit: Limits) -> Reading:
    """Who watches the data of the goals, in weeks with an agreed goal."""
    with_goal = _weeks_with_goal(e)
    explained = e.explained()
    due = [week for week in e.weeks if week in with_goal and week not in explained]
    check_ins = e.of(Verb.CHECKED_IN, which=lambda fact: e.week_of(fact) in with_goal)
    weeks = e.weeks_with(check_ins)
    alone = e.weeks_with(fact for fact in check_ins if fact.by is Relation.LEARNER)
    taking_part = e.weeks_with(fact for fact in check_ins if fact.by in LEARNER_TOO)
    half = bool(due) and len(weeks) >= limit["half"] * len(due)
    column = _highest(
        (TEACHER, bool(due)),
        (TOWARD, half),
        (CENTERED, half and len(taking_part) >= limit["shared_share"] * len(weeks)),
        (DRIVEN, bool(due) and len(alone) >= limit["learner_share"] * len(due)),
    )
    counted = {
        "due_weeks": len(due),
        "weeks_checked": len(weeks),
        "by_learner": len(alone),
        "by_both": len(set(taking_part) - set(alone)),
        "explained": len(explained & with_goal),
    }
    gaps = e.of(Verb.GAP_EXPLAINED)
    return _reading(column, check_ins + gaps, counted, max(len(due), len(check_ins)))


def _weeks_with_goal(e: Evidence) -> set[date]:
    """Return the school weeks in which an agreed goal ran, from the week after the agreement on.

    The week of the agreement asks for no check-in yet, and counts when there is one all the same.
    """
    agreed: dict[tuple[str, int | str], date] = {}
    closed: dict[tuple[str, int | str], date] = {}
    for fact in e.ever(Verb.GOAL_AGREED):
        agreed.setdefault(fact.about, fact.day)
    for fact in e.ever(Verb.GOAL_CLOSED):
        closed[fact.about] = fact.day
    checked = set(e.weeks_with(e.of(Verb.CHECKED_IN)))
    weeks: set[date] = set()
    for goal, since in agreed.items():
        running = e.calendar.weeks_between(
            max(since, e.window.first), closed.get(goal, e.window.last)
        )
        begun = e.calendar.latest_week(since)
        weeks |= {week for week in running if week != begun or week in checked}
    return weeks


@_rule
def goal_reflection(e: Evidence, limit: Limits) -> Reading:
    """Whether the goals are talked about, and whether the learner changes course."""
    goals = _agreed(e)
    talk = e.of(
        Verb.GOAL_SUGGESTED, Verb.GOAL_COMMENTED, Verb.SESSION_HELD,
        which=lambda fact: fact.by is not Relation.FAMILY,
    )  # fmt: skip
    reflections = e.of(Verb.REFLECTED, by=LEARNER_TOO)
    changes = e.of(Verb.GOAL_CHANGED, Verb.STRATEGY_CHANGED, by=LEARNER_TOO)
    talk_weeks, own_weeks = e.weeks_with(talk), e.weeks_with(reflections)
    weeks = len(e.weeks_that_count())
    discussed = len(talk_weeks) >= limit["talk_weeks"] and bool(reflections)
    column = _highest(
        (TEACHER, bool(goals)),
        (TOWARD, bool(talk or reflections)),
        (CENTERED, discussed),
        (
            DRIVEN,
            discussed
            and len(own_weeks) >= limit["reflection_share"] * weeks
            and len(changes) >= limit["changes"],
        ),
    )
    counted = {
        "school_weeks": weeks, "talk_weeks": len(talk_weeks), "reflection_weeks": len(own_weeks),
        "changes": len(changes),
    }  # fmt: skip
    facts = talk + reflections + changes
    return _reading(column, facts or goals, counted, len(facts) + len(_goal_facts(e)))


@_rule
def progress_sharing(e: Evidence, limit: Limits) -> Reading:
    """Who tells the family how it goes."""
    progress = e.of(Verb.CHECKED_IN) + _agreed(e)
    by_learner = (
        e.of(Verb.GOAL_SHARED, Verb.SUMMARY_SHARED, by=LEARNER_TOO, which=_for_family)
        + e.of(Verb.SESSION_HELD, which=_led_by_learner_for_family)
    )  # fmt: skip
    by_teacher = e.of(Verb.GOAL_SHARED, Verb.SUMMARY_SHARED, by=ADULTS, which=_for_family)
    trends = e.of(Verb.TREND_STATED, by=LEARNER_TOO)
    column = _highest(
        (TEACHER, bool(progress)),
        (TOWARD, bool(by_teacher)),
        (CENTERED, bool(by_learner)),
        (DRIVEN, bool(by_learner) and len(trends) >= limit["trends"]),
    )
    counted = {
        "shared_by_learner": len(by_learner),
        "shared_by_teacher": len(by_teacher),
        "trends": len(trends),
    }
    shared = by_learner + by_teacher + trends
    return _reading(column, shared or progress, counted, len(shared) + len(progress))


def _for_family(fact: Fact) -> bool:
    return bool(fact.said("audience") == "family")


def _led_by_learner_for_family(fact: Fact) -> bool:
    return fact.relations("led_by") == {"learner"} and "family" in fact.relations("present")


@_rule
def conference_leadership(e: Evidence, limit: Limits) -> Reading:
    """Who led the parts of the conferences."""
    held = e.of(Verb.SESSION_HELD, which=lambda fact: fact.said("kind") == "conference")
    led = e.of(Verb.CARD_LED)
    parts = {fact.about: _parts(fact, led) for fact in held}
    for about in {card.about for card in led} - parts.keys():
        parts[about] = _parts(None, [card for card in led if card.about == about])
    learner, both, whole = (sum(one[n] for one in parts.values()) for n in range(3))
    share = Fraction(learner, whole) if whole else Fraction(0)
    taking_part = Fraction(learner + both, whole) if whole else Fraction(0)
    everyone = [f for f in held if f.relations("present") >= {"teacher", "family"}
                and parts[f.about][0] >= limit["learner_share"] * max(parts[f.about][2], 1)]  # fmt: skip
    long_silence = not parts and len(e.weeks) >= limit["weeks_without"]
    column = _highest(
        (TEACHER, long_silence or bool(parts)),
        (TOWARD, taking_part > 0),
        (CENTERED, taking_part >= limit["third"]),
        (DRIVEN, share >= limit["learner_share"] and bool(everyone)),
    )
    counted = {"conferences": len(parts), "parts": whole, "by_learner": learner, "by_both": both}
    basis = len(e.weeks) if long_silence else max(whole, len(held) + len(led))
    return _reading(column, held + led, counted, basis)


def _parts(session: Fact | None, cards: list[Fact]) -> tuple[int, int, int]:
    """Return how many parts of a conference the learner led, both led, and all of them."""
    said: Any = session.said("cards") if session else None
    if isinstance(said, dict) and said:
        by = {str(who): int(number) for who, number in said.items()}
    else:
        own = [card for card in cards if session is None or card.about == session.about]
        by = {}
        for card in own:
            who = str(card.said("led_by") or card.by)
            by[who] = by.get(who, 0) + 1
        if not by and session is not None:
            by = {str(session.said("led_by") or session.by): 1}
    return by.get(Relation.LEARNER, 0), by.get(Relation.TOGETHER, 0), sum(by.values())
