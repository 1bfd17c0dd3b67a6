"""Agreed goals, as the rules on profiles and on goals read them."""

from __future__ import annotations

from learnpath.continuum.facts import Evidence, Fact
from learnpath.continuum.rules.ruling import LEARNER_TOO
from learnpath.record.verbs import Verb


def agreed_goals(e: Evidence) -> list[Fact]:
    """Return the newest agreement on each goal that was agreed in the window."""
    agreements = sorted(e.of(Verb.GOAL_AGREED), key=lambda f: (int(f.said("number") or 0), f.day))
    return list({fact.about: fact for fact in agreements}.values())


def goal_facts(e: Evidence) -> list[Fact]:
    """Return what was written and agreed on goals: that there is a goal rests on these."""
    return e.of(Verb.GOAL_DRAFTED, Verb.GOAL_AGREED)


def cites(goal: Fact) -> bool:
    """Tell whether a goal builds on the profile."""
    return bool(goal.said("cites")) or bool(goal.relations("cited_by"))


def learner_cited(goal: Fact) -> bool:
    """Tell whether the learner took part in choosing what a goal builds on."""
    return bool(goal.relations("cited_by") & set(LEARNER_TOO))
