"""What an event says, in plain words. The names of things stay out: the link leads to them."""

from __future__ import annotations

from flask_babel import LazyString

from learnpath.record import Verb
from learnpath.wording import lazy as _l

TOLD: dict[Verb, LazyString] = {
    Verb.INVENTORY_STARTED: _l("%(who)s started the questions about what helps."),
    Verb.INVENTORY_ANSWERED: _l("%(who)s answered the questions about what helps."),
    Verb.PROFILE_REVISED: _l("%(who)s changed a part of the profile."),
    Verb.PROFILE_NOTED: _l("%(who)s wrote a note about the profile."),
    Verb.NOTE_ANSWERED: _l("%(who)s answered a note about the profile."),
    Verb.PROFILE_SHARED: _l("%(who)s chose who can see a part of the profile."),
    Verb.PROFILE_ACKNOWLEDGED: _l("%(who)s read the profile."),
    Verb.SUGGESTION_MADE: _l("%(who)s suggested something for the profile."),
    Verb.SUGGESTION_ANSWERED: _l("%(who)s answered a suggestion."),
    Verb.TIP_TRIED: _l("%(who)s tried something that may help."),
    Verb.GROUP_GOAL_SET: _l("%(who)s set a goal for a group."),
    Verb.GOAL_DRAFTED: _l("%(who)s started a goal."),
    Verb.GOAL_PROPOSED: _l("%(who)s sent a goal."),
    Verb.GOAL_SUGGESTED: _l("%(who)s suggested a change to a goal."),
    Verb.GOAL_COMMENTED: _l("%(who)s wrote about a goal."),
    Verb.GOAL_REVISED: _l("%(who)s wrote a new version of a goal."),
    Verb.GOAL_SIGNED: _l("%(who)s signed a goal."),
    Verb.GOAL_AGREED: _l("A goal was agreed: both signed."),
    Verb.GOAL_SHARED: _l("%(who)s chose who can see a goal."),
    Verb.GOAL_CHANGED: _l("%(who)s changed a goal."),
    Verb.STRATEGY_CHANGED: _l("%(who)s changed the plan for a goal."),
    Verb.GOAL_UNDONE: _l("%(who)s took back the last step with a goal."),
    Verb.GOAL_CLOSED: _l("%(who)s closed a goal."),
    Verb.CHECKED_IN: _l("%(who)s checked in."),
    Verb.GAP_EXPLAINED: _l("%(who)s said why there is no check-in for a week."),
    Verb.WORK_ADDED: _l("%(who)s added a sample of work."),
    Verb.WORK_REMOVED: _l("%(who)s removed a sample of work."),
    Verb.GROWTH_BAND_SET: _l("%(who)s said what growth is usual in a class."),
    Verb.TALK_NOTED: _l("%(who)s noted a talk."),
    Verb.REFLECTED: _l("%(who)s reflected on a goal."),
    Verb.TREND_STATED: _l("%(who)s said in own words how it is going."),
    Verb.OUTCOME_RECORDED: _l("%(who)s added school data."),
    Verb.OUTCOME_WITHDRAWN: _l("%(who)s took school data back that had come from a file."),
    Verb.OUTCOMES_SHARED: _l("%(who)s said whether the family may see school data."),
    Verb.OUTCOMES_IMPORTED: _l("%(who)s brought school data in from a file."),
    Verb.OUTCOMES_IMPORT_UNDONE: _l("%(who)s undid an import of school data."),
    Verb.OUTCOME_MAPPING_SAVED: _l("%(who)s saved what the columns of a file mean."),
    Verb.NEED_STATED: _l("%(who)s said what the data tells."),
    Verb.CONFERENCE_PLANNED: _l("%(who)s planned a conference."),
    Verb.CONFERENCE_PREPARED: _l("%(who)s prepared the conference."),
    Verb.SESSION_HELD: _l("A conference was held."),
    Verb.CARD_LED: _l("%(who)s noted who led a part of the conference."),
    Verb.SUMMARY_APPROVED: _l("%(who)s approved the conference summary."),
    Verb.SUMMARY_SHARED: _l("%(who)s shared the conference summary."),
    Verb.LINK_ISSUED: _l("%(who)s made a link for the family."),
    Verb.LINK_OPENED: _l("The family opened the link."),
    Verb.LINK_REVOKED: _l("%(who)s ended a family link."),
    Verb.FEEDBACK_GIVEN: _l("The family answered the conference summary."),
    Verb.FEEDBACK_PASSED_ON: _l("%(who)s passed the family's words on."),
    Verb.FEEDBACK_READ: _l("%(who)s read the family's words."),
    Verb.PROMISE_MADE: _l("A promise was made at the conference."),
    Verb.PROMISE_LOOKED_BACK: _l("%(who)s looked back at a promise."),
    Verb.OBSERVED: _l("%(who)s added something they saw."),
    Verb.OBSERVATION_ANSWERED: _l("%(who)s answered something that was seen."),
    Verb.POSITION_MARKED: _l("%(who)s marked who is leading."),
    Verb.POSITION_SHARED: _l("%(who)s chose whether the family sees who is leading."),
    Verb.PRACTICE_REFLECTED: _l("%(who)s reflected on how we learn here."),
    Verb.PRACTICE_LOOKED_BACK: _l("%(who)s looked back at a plan."),
    Verb.PERSON_ADDED: _l("The school added this learner."),
    Verb.ENROLLED: _l("The school put this learner into a class."),
    Verb.ENROLMENT_ENDED: _l("The time in a class ended."),
    Verb.GUARDIAN_LINKED: _l("The school linked an adult of the family."),
    Verb.GUARDIAN_UNLINKED: _l("The school ended the link to an adult."),
    Verb.TEACHING_STARTED: _l("%(who)s put a teacher into a class."),
    Verb.TEACHING_ENDED: _l("%(who)s ended the time of a teacher in a class."),
    Verb.LEADERSHIP_STARTED: _l("%(who)s made somebody a school leader."),
    Verb.LEADERSHIP_ENDED: _l("%(who)s ended the time of a school leader."),
    Verb.ADMINISTRATION_STARTED: _l("%(who)s made somebody an administrator."),
    Verb.ADMINISTRATION_ENDED: _l("%(who)s ended the time of an administrator."),
    Verb.PERSON_CHANGED: _l("%(who)s changed the name or details of a person."),
    Verb.PERSON_LEFT: _l("%(who)s noted that a person left the school."),
    Verb.GRADE_CHANGED: _l("%(who)s changed the grade of this learner."),
    Verb.ACCOUNT_CLOSED: _l("%(who)s closed an account: nobody can sign in with it."),
    Verb.ACCOUNT_OPENED: _l("%(who)s opened an account again."),
    Verb.SIGN_INS_ENDED: _l("%(who)s signed a person out on all devices."),
    Verb.CLASS_ADDED: _l("%(who)s added a class."),
    Verb.CLASS_CHANGED: _l("%(who)s changed the name or room of a class."),
    Verb.CLASS_ENDED: _l("%(who)s ended a class."),
    Verb.CALENDAR_CHANGED: _l("%(who)s changed the school calendar."),
    Verb.YEAR_ROLLED_OVER: _l("%(who)s began the next school year."),
    Verb.SCHOOL_ADDED: _l("A school came with the roster."),
    Verb.SCHOOL_CHANGED: _l("The roster changed what a school is called."),
    Verb.ROSTER_APPLIED: _l("%(who)s brought in a roster."),
    Verb.REQUEST_RECORDED: _l("The school noted a request about this record."),
    Verb.REQUEST_ANSWERED: _l("The school answered a request about this record."),
    Verb.CODE_ISSUED: _l("%(who)s printed a one-time code for a new password."),
    Verb.BADGE_ISSUED: _l("%(who)s printed a sign-in card."),
    Verb.BADGE_REVOKED: _l("%(who)s stopped a sign-in card."),
    Verb.PICTURES_CHOSEN: _l("%(who)s chose secret pictures."),
    Verb.PICTURES_RESET: _l(
        "%(who)s took the secret pictures back, so that new ones can be chosen."
    ),
    Verb.PICTURE_START_OPENED: _l("%(who)s let a class choose secret pictures."),
    Verb.ROUTINE_STARTED: _l("%(who)s started a class routine on a shared device."),
    Verb.ROUTINE_ENDED: _l("%(who)s ended a class routine on a shared device."),
    Verb.IDENTITY_LINKED: _l("%(who)s can now sign in with another account."),
    Verb.IDENTITY_UNLINKED: _l("An account does not sign in here any more."),
    Verb.RECORD_EXPORTED: _l("%(who)s took a copy of the record."),
    Verb.RECORD_ERASED: _l("A part of the record was erased, as the law asks."),
}
ANYTHING_ELSE = _l("Something was recorded.")


def told(verb: Verb) -> LazyString:
    """Return the sentence of ``verb``; it may hold ``%(who)s``."""
    return TOLD.get(verb, ANYTHING_ELSE)


def sentence(verb: Verb, who: str) -> str:
    """Return what happened, in the language of the request, with the doer's name."""
    return str(told(verb)) % {"who": who}
