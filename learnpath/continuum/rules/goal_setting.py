"""The seven rules of Goal Setting and Progress Monitoring."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from learnpath.continuum.columns import Column, lower_median
from learnpath.continuum.facts import Evidence, Fact
from learnpath.continuum.rules.agreed import agreed_goals, cites, goal_facts, learner_cited
from learnpath.continuum.rules.ruling import (
    ADULTS,
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


@rule
def goal_authorship(e: Evidence, limit: Limits) -> Reading:  # noqa: ARG001 - its rule has no number
    """Who made the goals."""
    goals, for_groups = agreed_goals(e), e.of(Verb.GROUP_GOAL_SET)
    talk = e.of(Verb.GOAL_DRAFTED, Verb.GOAL_SUGGESTED, Verb.GOAL_REVISED, Verb.GOAL_SIGNED)
    column = lower_median([_authorship(goal) for goal in goals])
    if column is None and for_groups:
        column = TEACHER
    counted = {
        "goals": len(goals),
        "drafted_by_learner": sum(f.said("drafted_by") == Relation.LEARNER for f in goals),
        "shaped_by_both": sum(_shaped_by_both(goal) for goal in goals),
    }
    return reading(column, goals + for_groups + talk, counted)


def _basis(goal: Fact) -> Column:
    if not cites(goal):
        return TEACHER
    if Relation.LEARNER in goal.relations("cited_by"):
        return DRIVEN
    return CENTERED if learner_cited(goal) or _took_part(goal) & set(LEARNER_TOO) else TOWARD


@rule
def goal_basis(e: Evidence, limit: Limits) -> Reading:  # noqa: ARG001 - its rule has no number
    """What the goals build on, and who chose it."""
    goals = agreed_goals(e)
    column = lower_median([_basis(goal) for goal in goals])
    counted = {
        "goals": len(goals),
        "goals_citing": sum(cites(goal) for goal in goals),
        "chosen_by_learner": sum(cites(goal) and learner_cited(goal) for goal in goals),
        "goals_on_data": sum(goal.said("basis") == "outcomes" for goal in goals),
    }
    return reading(column, goals, counted, len(goal_facts(e)))


@rule
def goal_family_voice(e: Evidence, limit: Limits) -> Reading:
    """Whether the family knows the goals and has a say in them."""
    goals = goal_facts(e)
    shared = e.of(Verb.GOAL_SHARED, which=lambda fact: fact.said("audience") == "family")
    voices = e.of(
        Verb.GOAL_COMMENTED, Verb.GOAL_SUGGESTED, Verb.FEEDBACK_GIVEN, by=Relation.FAMILY
    ) + e.of(Verb.PROMISE_MADE, which=lambda fact: fact.said("by") == Relation.FAMILY)
    weeks = e.weeks_with(voices)
    regular = (
        len(weeks) >= limit["weeks"] and e.weeks_apart(weeks[0], weeks[-1]) + 1 >= limit["spread"]
    )
    column = highest(
        (TEACHER, bool(goals)), (TOWARD, bool(shared)), (CENTERED, bool(voices)), (DRIVEN, regular)
    )
    counted = {"shared": len(shared), "family_weeks": len(weeks)}
    return reading(column, shared + voices or goals, counted, len(goals + shared + voices))


@rule
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
    column = highest(
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
    return reading(column, check_ins + gaps, counted, max(len(due), len(check_ins)))


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


@rule
def goal_reflection(e: Evidence, limit: Limits) -> Reading:
    """Whether the goals are talked about, and whether the learner changes course."""
    goals = agreed_goals(e)
    talk = e.of(
        Verb.GOAL_SUGGESTED, Verb.GOAL_COMMENTED, Verb.SESSION_HELD,
        which=lambda fact: fact.by is not Relation.FAMILY,
    )  # fmt: skip
    reflections = e.of(Verb.REFLECTED, by=LEARNER_TOO)
    changes = e.of(Verb.GOAL_CHANGED, Verb.STRATEGY_CHANGED, by=LEARNER_TOO)
    talk_weeks, own_weeks = e.weeks_with(talk), e.weeks_with(reflections)
    weeks = len(e.weeks_that_count())
    discussed = len(talk_weeks) >= limit["talk_weeks"] and bool(reflections)
    column = highest(
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
    return reading(column, facts or goals, counted, len(facts) + len(goal_facts(e)))


@rule
def progress_sharing(e: Evidence, limit: Limits) -> Reading:
    """Who tells the family how it goes."""
    progress = e.of(Verb.CHECKED_IN) + agreed_goals(e)
    by_learner = (
        e.of(Verb.GOAL_SHARED, Verb.SUMMARY_SHARED, by=LEARNER_TOO, which=_for_family)
        + e.of(Verb.SESSION_HELD, which=_led_by_learner_for_family)
    )  # fmt: skip
    by_teacher = e.of(Verb.GOAL_SHARED, Verb.SUMMARY_SHARED, by=ADULTS, which=_for_family)
    trends = e.of(Verb.TREND_STATED, by=LEARNER_TOO)
    column = highest(
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
    return reading(column, shared or progress, counted, len(shared) + len(progress))


def _for_family(fact: Fact) -> bool:
    return bool(fact.said("audience") == "family")


def _led_by_learner_for_family(fact: Fact) -> bool:
    return fact.relations("led_by") == {"learner"} and "family" in fact.relations("present")


@rule
def conference_leadership(e: Evidence, limit: Limits) -> Reading:
    """Who led the parts of the conferences."""
    held = e.of(Verb.SESSION_HELD, which=lambda fact: fact.said("kind") == "conference")
    led = e.of(Verb.CARD_LED)
    # Of two accounts of one conference the later week's counts; within a week, the one in which the
    # learner led more, so that the order of what is told in a week does not matter.
    accounts = [
        (e.calendar.latest_week(f.is_about_day) or date.min, _parts(f, led), f) for f in held
    ]
    parts = {fact.about: said for _, said, fact in sorted(accounts, key=lambda one: one[:2])}
    for about in {card.about for card in led} - parts.keys():
        parts[about] = _parts(None, [card for card in led if card.about == about])
    learner, both, whole = (sum(one[n] for one in parts.values()) for n in range(3))
    share = Fraction(learner, whole) if whole else Fraction(0)
    taking_part = Fraction(learner + both, whole) if whole else Fraction(0)
    everyone = [f for f in held if f.relations("present") >= {"teacher", "family"}
                and parts[f.about][0] >= limit["learner_share"] * max(parts[f.about][2], 1)]  # fmt: skip
    long_silence = not parts and len(e.weeks) >= limit["weeks_without"]
    column = highest(
        (TEACHER, long_silence or bool(parts)),
        (TOWARD, taking_part > 0),
        (CENTERED, taking_part >= limit["third"]),
        (DRIVEN, share >= limit["learner_share"] and bool(everyone)),
    )
    counted = {"conferences": len(parts), "parts": whole, "by_learner": learner, "by_both": both}
    basis = len(e.weeks) if long_silence else max(whole, len(held) + len(led))
    return reading(column, held + led, counted, basis)


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
