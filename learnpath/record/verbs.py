"""The verbs of the record: what can happen, as what, and what each event says about it.

A payload holds keys, numbers and enum values only, never anybody's words: words live in the
rooms, where they can be corrected and erased. ``record.write`` refuses a key not listed here, and words in a value.
"""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    """As what a person acts towards the learner."""

    LEARNER = "learner"
    TEACHER = "teacher"
    TOGETHER = "together"
    FAMILY = "family"
    PEER = "peer"
    SCHOOL = "school"


class Verb(StrEnum):
    """Everything that the record can tell."""

    # profiles
    INVENTORY_STARTED = "inventory_started"
    INVENTORY_ANSWERED = "inventory_answered"
    PROFILE_REVISED = "profile_revised"
    PROFILE_NOTED = "profile_noted"
    NOTE_ANSWERED = "note_answered"
    PROFILE_SHARED = "profile_shared"
    PROFILE_ACKNOWLEDGED = "profile_acknowledged"
    SUGGESTION_MADE = "suggestion_made"
    SUGGESTION_ANSWERED = "suggestion_answered"
    TIP_TRIED = "tip_tried"
    # goals
    GROUP_GOAL_SET = "group_goal_set"
    GOAL_DRAFTED = "goal_drafted"
    GOAL_PROPOSED = "goal_proposed"
    GOAL_SUGGESTED = "goal_suggested"
    GOAL_COMMENTED = "goal_commented"
    GOAL_REVISED = "goal_revised"
    GOAL_SIGNED = "goal_signed"
    GOAL_AGREED = "goal_agreed"
    GOAL_SHARED = "goal_shared"
    GOAL_CHANGED = "goal_changed"
    STRATEGY_CHANGED = "strategy_changed"
    GOAL_CLOSED = "goal_closed"
    GOAL_UNDONE = "goal_undone"
    CHECKED_IN = "checked_in"
    GAP_EXPLAINED = "gap_explained"
    WORK_ADDED = "work_added"
    WORK_REMOVED = "work_removed"
    GROWTH_BAND_SET = "growth_band_set"
    TALK_NOTED = "talk_noted"
    REFLECTED = "reflected"
    TREND_STATED = "trend_stated"
    # outcomes
    OUTCOME_RECORDED = "outcome_recorded"
    OUTCOME_WITHDRAWN = "outcome_withdrawn"
    OUTCOMES_SHARED = "outcomes_shared"
    OUTCOMES_IMPORTED = "outcomes_imported"
    OUTCOMES_IMPORT_UNDONE = "outcomes_import_undone"
    OUTCOME_MAPPING_SAVED = "outcome_mapping_saved"
    NEED_STATED = "need_stated"
    # conferences
    CONFERENCE_PLANNED = "conference_planned"
    CONFERENCE_PREPARED = "conference_prepared"
    SESSION_HELD = "session_held"
    CARD_LED = "card_led"
    SUMMARY_APPROVED = "summary_approved"
    SUMMARY_SHARED = "summary_shared"
    LINK_ISSUED = "link_issued"
    LINK_OPENED = "link_opened"
    LINK_REVOKED = "link_revoked"
    FEEDBACK_GIVEN = "feedback_given"
    FEEDBACK_PASSED_ON = "feedback_passed_on"
    FEEDBACK_READ = "feedback_read"
    PROMISE_MADE = "promise_made"
    PROMISE_LOOKED_BACK = "promise_looked_back"
    # continuum
    OBSERVED = "observed"
    OBSERVATION_ANSWERED = "observation_answered"
    POSITION_MARKED = "position_marked"
    POSITION_SHARED = "position_shared"
    PRACTICE_REFLECTED = "practice_reflected"
    PRACTICE_LOOKED_BACK = "practice_looked_back"
    # people and school
    PERSON_ADDED = "person_added"
    ENROLLED = "enrolled"
    ENROLMENT_ENDED = "enrolment_ended"
    TEACHING_STARTED = "teaching_started"
    TEACHING_ENDED = "teaching_ended"
    GUARDIAN_LINKED = "guardian_linked"
    GUARDIAN_UNLINKED = "guardian_unlinked"
    LEADERSHIP_STARTED = "leadership_started"
    LEADERSHIP_ENDED = "leadership_ended"
    ADMINISTRATION_STARTED = "administration_started"
    ADMINISTRATION_ENDED = "administration_ended"
    PERSON_CHANGED = "person_changed"
    PERSON_LEFT = "person_left"
    GRADE_CHANGED = "grade_changed"
    SIGN_INS_ENDED = "sign_ins_ended"
    ACCOUNT_CLOSED = "account_closed"
    ACCOUNT_OPENED = "account_opened"
    CLASS_ADDED = "class_added"
    CLASS_CHANGED = "class_changed"
    CLASS_ENDED = "class_ended"
    CALENDAR_CHANGED = "calendar_changed"
    YEAR_ROLLED_OVER = "year_rolled_over"
    SCHOOL_ADDED = "school_added"
    SCHOOL_CHANGED = "school_changed"
    ROSTER_APPLIED = "roster_applied"
    REQUEST_RECORDED = "request_recorded"
    REQUEST_ANSWERED = "request_answered"
    PASSWORD_CHANGED = "password_changed"
    IDENTITY_LINKED = "identity_linked"
    IDENTITY_UNLINKED = "identity_unlinked"
    CODE_ISSUED = "code_issued"
    BADGE_ISSUED = "badge_issued"
    BADGE_REVOKED = "badge_revoked"
    PICTURES_CHOSEN = "pictures_chosen"
    PICTURES_RESET = "pictures_reset"
    PICTURE_START_OPENED = "picture_start_opened"
    ROUTINE_STARTED = "routine_started"
    ROUTINE_ENDED = "routine_ended"
    RECORD_EXPORTED = "record_exported"
    RECORD_ERASED = "record_erased"


# What an event of each verb may say. A verb that is not listed says nothing beyond itself.
PAYLOAD_KEYS: dict[Verb, frozenset[str]] = {
    Verb.INVENTORY_STARTED: frozenset({"inventory", "version"}),
    Verb.INVENTORY_ANSWERED: frozenset({"inventory", "version"}),
    # reason: true when the learner said "what changed in me"
    Verb.PROFILE_REVISED: frozenset({"block", "number", "reason"}),
    # audience: "teachers" (private first) | "family" | "conference", or one more reader:
    # "peer" (invited) | "peer_ended"; "new_teachers" | "not_new_teachers": one hard line at the
    # turn of a school year, said by the learner or by a teacher who knew it
    Verb.PROFILE_SHARED: frozenset({"block", "audience"}),
    Verb.SUGGESTION_MADE: frozenset({"block"}),
    # answer: "taken" | "changed" | "declined"; made_by: relation of who suggested
    Verb.SUGGESTION_ANSWERED: frozenset({"block", "answer", "made_by"}),
    # result: "helped" | "a_bit" | "not_this_time"
    Verb.TIP_TRIED: frozenset({"result"}),
    # kind: "individual" | "group"
    Verb.GOAL_DRAFTED: frozenset({"kind"}),
    # number: of the version, from 1; part, parts: keys of what was changed; reason: a ChangeReason
    Verb.GOAL_PROPOSED: frozenset({"number"}),
    Verb.GOAL_SUGGESTED: frozenset({"number", "part"}),
    Verb.GOAL_REVISED: frozenset({"number", "parts", "reason"}),
    Verb.GOAL_SIGNED: frozenset({"number", "sha256"}),
    # drafted_by: relation of who wrote the first words; shaped_by: relations whose words stand in
    # the agreed version; cited_by: relations that chose
    # profile entries for it; cites: how many entries; basis: "profile" | "outcomes" | "nothing"
    Verb.GOAL_AGREED: frozenset(
        {"number", "sha256", "kind", "drafted_by", "shaped_by", "cited_by", "cites", "basis"}
    ),
    Verb.GOAL_SHARED: frozenset({"audience"}),
    Verb.GOAL_CHANGED: frozenset({"number", "reason"}),
    Verb.STRATEGY_CHANGED: frozenset({"reason"}),
    # how: "reached" | "closed" | "carried_on"
    Verb.GOAL_CLOSED: frozenset({"how"}),
    # what: "sent" | "signed" | "closed", taken back within ten minutes
    Verb.GOAL_UNDONE: frozenset({"what"}),
    # week: first day of the school week that the value is about (ISO date); measure: its kind;
    # late: added after that week's window; corrects: id of the check-in whose value this replaces
    Verb.CHECKED_IN: frozenset({"week", "measure", "feel", "late", "corrects"}),
    Verb.GAP_EXPLAINED: frozenset({"week", "reason", "late"}),
    # kind: "link" | "jpeg" | "png" | "pdf"
    Verb.WORK_ADDED: frozenset({"week", "kind"}),
    Verb.WORK_REMOVED: frozenset({"week", "kind"}),
    # class: its id; measure: a kind of measure
    Verb.GROWTH_BAND_SET: frozenset({"class", "measure"}),
    # reason: why the teacher's first page named the learner
    Verb.TALK_NOTED: frozenset({"reason"}),
    # prompt: key of the question that was answered
    Verb.REFLECTED: frozenset({"prompt"}),
    # kind: "academic" | "attendance" | "behaviour" | "social_emotional"; source: how it came in, "typed" |
    # "import"; run: id of the import; replaces: id of the value whose place it takes
    Verb.OUTCOME_RECORDED: frozenset({"kind", "source", "run", "replaces"}),
    # run: id of the import that was undone
    Verb.OUTCOME_WITHDRAWN: frozenset({"kind", "run"}),
    # audience: "family", or "nobody" when it is taken back
    Verb.OUTCOMES_SHARED: frozenset({"kind", "audience"}),
    # how many values
    Verb.OUTCOMES_IMPORTED: frozenset({"added", "replaced"}),
    Verb.OUTCOMES_IMPORT_UNDONE: frozenset({"withdrawn", "restored"}),
    Verb.NEED_STATED: frozenset({"kind"}),
    # day: ISO date; how: "window" | "slots" | "new" | "chosen" | "moved" | "called_off" | "begun" | "another_day"
    Verb.CONFERENCE_PLANNED: frozenset({"day", "how"}),
    # part: what was prepared, such as "lines", "work", "ready", "answer"
    Verb.CONFERENCE_PREPARED: frozenset({"part"}),
    # kind: "feedback" | "conference"; led_by: relation; present: relations that were there;
    # cards: how many cards each relation led, {"learner": 5, "teacher": 1, "together": 1}
    Verb.SESSION_HELD: frozenset({"kind", "led_by", "present", "cards"}),
    Verb.CARD_LED: frozenset({"card", "led_by"}),
    # audience: "family" | "school"
    Verb.SUMMARY_SHARED: frozenset({"audience", "sha256"}),
    # how: "approved" | "opened_again"
    Verb.SUMMARY_APPROVED: frozenset({"sha256", "how"}),
    # expires: ISO date
    Verb.LINK_ISSUED: frozenset({"expires"}),
    # understood: what the family said of the summary; language: "en" | "es"
    Verb.FEEDBACK_GIVEN: frozenset({"understood", "language"}),
    # by: relation of who promised; due: ISO date
    Verb.PROMISE_MADE: frozenset({"by", "due"}),
    # state: "not_yet" | "doing_it" | "done" | "changed"
    Verb.PROMISE_LOOKED_BACK: frozenset({"state"}),
    # indicator and seen: keys of the Driver Model data; day: ISO date
    Verb.OBSERVED: frozenset({"indicator", "day", "seen"}),
    # thread and column: keys of the Driver Model data
    Verb.POSITION_MARKED: frozenset({"thread", "column"}),
    # audience: "family", or "nobody" when it is taken back
    Verb.POSITION_SHARED: frozenset({"audience"}),
    # strand, column, target: keys of the Driver Model data; steps: how many; done: how many of them
    Verb.PRACTICE_REFLECTED: frozenset({"strand", "column", "scope", "target", "steps"}),
    Verb.PRACTICE_LOOKED_BACK: frozenset({"strand", "done"}),
    # class: its id; grade: the learner's
    Verb.ENROLLED: frozenset({"class", "grade"}),
    Verb.ENROLMENT_ENDED: frozenset({"class"}),
    Verb.TEACHING_STARTED: frozenset({"class"}),
    Verb.TEACHING_ENDED: frozenset({"class"}),
    # how: "ended" | "no_contact"
    Verb.GUARDIAN_UNLINKED: frozenset({"how"}),
    Verb.GRADE_CHANGED: frozenset({"grade"}),
    # what: names of the columns
    Verb.PERSON_CHANGED: frozenset({"what"}),
    # how: "school" (by hand) | "roster"
    Verb.ACCOUNT_CLOSED: frozenset({"how"}),
    Verb.ACCOUNT_OPENED: frozenset({"how"}),
    # what: "name" | "room"
    Verb.CLASS_CHANGED: frozenset({"what"}),
    # what: "year" | "term" | "holiday"; how: "added" | "changed" | "removed"; weeks: school weeks of
    # the years that it touches, after the change
    Verb.CALENDAR_CHANGED: frozenset({"what", "how", "weeks"}),
    # what: "name" | "source" (the name that another system has for it)
    Verb.SCHOOL_CHANGED: frozenset({"what"}),
    # mode: "bulk" | "delta" | "mixed"; added, changed, ended: how many things
    Verb.ROSTER_APPLIED: frozenset({"mode", "added", "changed", "ended"}),
    # year: id of the new one; classes, learners: how many went along; leavers: how many left school
    Verb.YEAR_ROLLED_OVER: frozenset({"year", "classes", "learners", "leavers"}),
    # kind: "see" | "correct" | "erase"; by: relation of who asked; due: ISO date
    Verb.REQUEST_RECORDED: frozenset({"kind", "by", "due"}),
    # state: "answered" | "declined"
    Verb.REQUEST_ANSWERED: frozenset({"kind", "state"}),
    # how: "self" | "code"; format: "json" | "zip" | "continuum_counts"; scope: "learner", and how many events
    Verb.PASSWORD_CHANGED: frozenset({"how"}),
    # how: "start" (with the teacher's number) | "self" (by one's own old ones)
    Verb.PICTURES_CHOSEN: frozenset({"how"}),
    # expires: ISO date
    Verb.CODE_ISSUED: frozenset({"expires"}),
    # class: its id
    Verb.PICTURE_START_OPENED: frozenset({"class"}),
    Verb.ROUTINE_STARTED: frozenset({"class"}),
    Verb.ROUTINE_ENDED: frozenset({"class"}),
    # provider: name of the issuer in the settings; how: "roster_address" | "one_time_code"
    Verb.IDENTITY_LINKED: frozenset({"provider", "how"}),
    # how: "self" | "school"
    Verb.IDENTITY_UNLINKED: frozenset({"how"}),
    Verb.RECORD_EXPORTED: frozenset({"format"}),
    Verb.RECORD_ERASED: frozenset({"scope", "events"}),
}
