"""What a fact is called on a page, and as whom it was done."""

from __future__ import annotations

from flask_babel import LazyString

from learnpath.record.verbs import Relation, Verb
from learnpath.wording import lazy as _l

CALLED: dict[Verb, LazyString] = {
    Verb.INVENTORY_ANSWERED: _l("Questions answered"),
    Verb.PROFILE_REVISED: _l("Profile changed"),
    Verb.PROFILE_NOTED: _l("Staff note"),
    Verb.PROFILE_SHARED: _l("Profile shown"),
    Verb.PROFILE_ACKNOWLEDGED: _l("Profile read"),
    Verb.SUGGESTION_MADE: _l("Idea for the profile"),
    Verb.SUGGESTION_ANSWERED: _l("Idea answered"),
    Verb.TIP_TRIED: _l("Something that helps, tried out"),
    Verb.GROUP_GOAL_SET: _l("Goal for a group"),
    Verb.GOAL_DRAFTED: _l("First words of a goal"),
    Verb.GOAL_SUGGESTED: _l("Idea for a goal"),
    Verb.GOAL_COMMENTED: _l("Words about a goal"),
    Verb.GOAL_REVISED: _l("New version of a goal"),
    Verb.GOAL_SIGNED: _l("Goal signed"),
    Verb.GOAL_AGREED: _l("Goal agreed"),
    Verb.GOAL_SHARED: _l("Goal shown to the family"),
    Verb.GOAL_CHANGED: _l("Goal changed"),
    Verb.STRATEGY_CHANGED: _l("New way to reach a goal"),
    Verb.GOAL_CLOSED: _l("Goal closed"),
    Verb.CHECKED_IN: _l("Check-in"),
    Verb.GAP_EXPLAINED: _l("Week explained"),
    Verb.REFLECTED: _l("Reflection"),
    Verb.TREND_STATED: _l("What the line shows, in own words"),
    Verb.OUTCOME_RECORDED: _l("School data"),
    Verb.NEED_STATED: _l("What is needed, in own words"),
    Verb.SESSION_HELD: _l("Talk about how it goes"),
    Verb.CARD_LED: _l("Part of a conference"),
    Verb.SUMMARY_SHARED: _l("Summary shown to the family"),
    Verb.FEEDBACK_GIVEN: _l("Answer from the family"),
    Verb.PROMISE_MADE: _l("Promise"),
    Verb.OBSERVED: _l("Something seen"),
}
CONFERENCE = _l("Conference")

YOU = _l("you")
YOU_AND_TEACHER = _l("you and your teacher")
BOTH = _l("learner and teacher together")
YOUR_FAMILY = _l("your family")
DONE_BY: dict[Relation, LazyString] = {
    Relation.LEARNER: _l("the learner"),
    Relation.TEACHER: _l("a teacher"),
    Relation.TOGETHER: BOTH,
    Relation.FAMILY: _l("the family"),
    Relation.PEER: _l("a classmate"),
    Relation.SCHOOL: _l("the school"),
}


def called(verb: Verb, kind: object) -> LazyString:
    """Return what a fact is called; a session by its kind."""
    if verb is Verb.SESSION_HELD and kind == "conference":
        return CONFERENCE
    return CALLED[verb]
