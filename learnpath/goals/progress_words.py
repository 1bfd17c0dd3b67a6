"""A goal's progress in sentences, for a learner, a family, a teacher. Words carry no more than the numbers can.

Every sentence is looked up in the language of the page that shows it, its numbers and dates too.
"""

from __future__ import annotations

from typing import Any

from flask_babel import LazyString, ngettext

from learnpath.goals.progress_told import Reader, Told, number_words
from learnpath.goals.trend import SETTLED_FROM, TREND_FROM, Direction, Measure, Status
from learnpath.wording import lazy as _l

Pair = tuple[LazyString, LazyString]

# Each pair: as the learner reads it, and as others read it about the learner.
NOTHING_YET = (
    _l("Your check-ins will show here."),
    _l("%(name)s's check-ins will show here."),
)
STARTS = (_l("You start at %(last)s."), _l("%(name)s starts at %(last)s."))
STANDS = (_l("You are at %(last)s."), _l("%(name)s is at %(last)s."))
GOAL = (_l("Your goal is %(target)s."), _l("The goal is %(target)s."))
GOAL_BY = (_l("Your goal is %(target)s by %(date)s."), _l("The goal is %(target)s by %(date)s."))
KEEP_GOING = (
    _l("If you keep going like this, you will probably reach %(target)s by %(date)s."),
    _l("If %(name)s keeps going like this, %(target)s by %(date)s is likely."),
)
POINTS_TO = (
    _l("Your line points to about %(value)s. Your goal is %(target)s."),
    _l("The line points to about %(value)s. The goal is %(target)s."),
)
UNCHANGED = (
    _l("If nothing changes, you will probably be around %(low)s to %(high)s on %(date)s."),
    _l("If nothing changes, %(name)s will probably be around %(low)s to %(high)s on %(date)s."),
)
WHAT_CHANGE = (
    _l("What could you change: the plan, the help, or the goal?"),
    _l("What could change: the plan, the help, or the goal?"),
)
AROUND_GOAL = (
    _l("Your last three check-ins are around your goal."),
    _l("The last three check-ins are around the goal."),
)
IS_GOAL = (_l("That is your goal."), _l("That is the goal."))
DATE_CAME = (_l("Your date has come."), _l("The date has come."))
WENT = (
    _l("You went from %(start)s to about %(middle)s."),
    _l("%(name)s went from %(start)s to about %(middle)s."),
)
LEARNED = (_l("What did you learn?"), _l("What is there to learn from it?"))
SAME_SO_FAR = (
    _l("Your number has stayed the same so far."),
    _l("The number has stayed the same so far."),
)
SAME_STEP = (_l("Your step has stayed the same."), _l("The step has stayed the same."))
TOWARD = (
    _l("Your steps go toward your goal: %(target)s."),
    _l("The steps go toward the goal: %(target)s."),
)
IN_RANGE = (
    _l("%(inside)s of your last %(looks)s check-ins are in your range."),
    _l("%(inside)s of the last %(looks)s check-ins are in the range."),
)
NEAR_TOP = (_l("You are near the top of the scale."), _l("%(name)s is near the top of the scale."))
NEAR_LOW = (
    _l("You are near the low end of the scale."),
    _l("%(name)s is near the low end of the scale."),
)
FOUR_ABOVE = (
    _l("Your last four check-ins are above the aim line."),
    _l("The last four check-ins are above the aim line."),
)
FOUR_BELOW = (
    _l("Your last four check-ins are below the aim line."),
    _l("The last four check-ins are below the aim line."),
)
# The same for everybody.
FROM_FIVE_WEEKS = _l("After 5 weeks we can start to see a direction.")
LIKELY = _l("Roughly %(low)s to %(high)s is likely.")
EARLY = _l("This is an early estimate.")
CLIPPED = _l("The range stops where the scale ends.")
TOO_CLOSE = _l("It is too close to call.")
MORE_HELPS = _l("More check-ins will help.")
KEEP_OR_RAISE = _l("Keep it, or go further?")
UP_AND_DOWN = _l("Some weeks go up and some go down.")
NEWEST_FURTHER = _l("The newest steps are further from the goal than the first ones.")
WHAT_HELPS = _l("What could help?")
TALK_GOAL = _l("A good time to talk about the goal.")
TALK_PLAN = _l("A good time to talk about the plan.")
# For teachers.
PER_WEEK = _l("Per week: %(slope)s. Between %(from)s and %(to)s with %(sure)s%% confidence.")
OF_HUNDRED = _l("Roughly %(from)s to %(to)s of 100 weeks like these.")
EVEN_GROWTH = _l(
    "The line takes for granted that growth is even, that weeks are alike, and that one week does "
    "not carry over into the next."
)
WIDER = _l("When weeks do carry over, the true range is wider than the one shown.")
ONE_LOOK = _l("The starting point is one look. The middle of three is firmer.")

TREND_STATUSES = frozenset(
    {Status.ON_TRACK, Status.OFF_TRACK, Status.CLOSE_LEANING_ON, Status.CLOSE_LEANING_OFF}
)
TOLD_MORE = frozenset({Status.GOAL_MET, Status.DUE_NOT_MET, Status.ON_TRACK, Status.OFF_TRACK})


def sentences(told: Told, reader: Reader) -> list[LazyString]:
    """Return what ``reader`` is told, most important first."""
    if told.trend.last is None:
        return [_say(told, reader, NOTHING_YET)]
    status = told.trend.status_for_learner
    if reader is Reader.TEACHER:
        status = told.trend.status
    said = [_so_far(told, reader)]
    said += [_say(told, reader, words) for words in _about(told, status)]
    if status is Status.TOO_EARLY and told.trend.n < TREND_FROM:
        said.append(_after_six(told.trend.n, reader))
    said += [_say(told, reader, words) for words in _prompt(told, status)]
    return [*said, *_for_teachers(told)] if reader is Reader.TEACHER else said


def _say(told: Told, reader: Reader, words: Pair | LazyString) -> LazyString:
    if isinstance(words, tuple):
        words = words[0 if reader is Reader.LEARNER else 1]
    return _filled(words, told.parts())


def _filled(words: LazyString, parts: dict[str, Any]) -> LazyString:
    return LazyString(lambda: str(words) % parts)


# -- so far -----------------------------------------------------------------------------------------


def _so_far(told: Told, reader: Reader) -> LazyString:
    if told.aim.measure is Measure.YES_NO:
        return LazyString(_yes_in_weeks, told, reader)
    if told.trend.n == 1 and told.aim.baseline is None:
        return _say(told, reader, STARTS)
    parts = told.parts()
    if str(parts["start"]) == str(parts["last"]):
        return _say(told, reader, STANDS)
    return LazyString(_went_in_weeks, told, reader)


def _went_in_weeks(told: Told, reader: Reader) -> str:
    weeks, parts = max(1, round(told.trend.last_x or 0.0)), told.parts()
    if reader is Reader.LEARNER:
        return str(ngettext(
            "You went from %(start)s to %(last)s in %(num)s week.",
            "You went from %(start)s to %(last)s in %(num)s weeks.",
            weeks, **parts,
        ))  # fmt: skip
    return str(ngettext(
        "%(name)s went from %(start)s to %(last)s in %(num)s week.",
        "%(name)s went from %(start)s to %(last)s in %(num)s weeks.",
        weeks, **parts,
    ))  # fmt: skip


def _yes_in_weeks(told: Told, reader: Reader) -> str:
    weeks, parts = told.trend.looks, told.parts()
    if reader is Reader.LEARNER:
        return str(ngettext(
            "You said yes in %(yes)s of %(num)s week.",
            "You said yes in %(yes)s of %(num)s weeks.",
            weeks, **parts,
        ))  # fmt: skip
    return str(ngettext(
        "%(name)s said yes in %(yes)s of %(num)s week.",
        "%(name)s said yes in %(yes)s of %(num)s weeks.",
        weeks, **parts,
    ))  # fmt: skip


def _after_six(n: int, reader: Reader) -> LazyString:
    if reader is Reader.LEARNER:
        return LazyString(
            lambda: ngettext(
                "You have %(num)s check-in. After 6 we can start to see a direction.",
                "You have %(num)s check-ins. After 6 we can start to see a direction.",
                n,
            )
        )
    return LazyString(
        lambda: ngettext(
            "There is %(num)s check-in. After 6 we can start to see a direction.",
            "There are %(num)s check-ins. After 6 we can start to see a direction.",
            n,
        )
    )


# -- what each status says ------------------------------------------------------------------------


def _about(told: Told, status: Status) -> list[Pair | LazyString]:
    trend = told.trend
    if status not in TREND_STATUSES:
        return _without_line(told, status)
    if trend.near:
        return [NEAR_TOP if trend.near == "top" else NEAR_LOW, GOAL]
    said = list(WITH_LINE[status])
    if trend.n < SETTLED_FROM:
        said.append(EARLY)
    if trend.shown and trend.shown.clipped:
        said.append(CLIPPED)
    return said


WITH_LINE: dict[Status, tuple[Pair | LazyString, ...]] = {
    Status.ON_TRACK: (KEEP_GOING, LIKELY),
    Status.CLOSE_LEANING_ON: (TOO_CLOSE, POINTS_TO, MORE_HELPS),
    Status.CLOSE_LEANING_OFF: (TOO_CLOSE, POINTS_TO, MORE_HELPS),
    Status.OFF_TRACK: (UNCHANGED, GOAL, WHAT_CHANGE),
}
WITHOUT_LINE: dict[Status, tuple[Pair | LazyString, ...]] = {
    Status.GOAL_MET: (AROUND_GOAL, KEEP_OR_RAISE),
    Status.DUE_NOT_MET: (DATE_CAME, WENT, LEARNED),
    Status.TOO_EARLY: (GOAL_BY,),
    Status.FLAT: (SAME_SO_FAR, GOAL, WHAT_CHANGE),
    Status.RISING: (TOWARD,),
    Status.STEADY: (SAME_STEP, GOAL),
    Status.MIXED: (UP_AND_DOWN, GOAL),
    Status.SLIPPING: (NEWEST_FURTHER, WHAT_HELPS),
    Status.COUNTING: (GOAL_BY,),
}
FOR_A_RANGE: dict[Status, tuple[Pair | LazyString, ...]] = {
    Status.GOAL_MET: (IN_RANGE, DATE_CAME, KEEP_OR_RAISE),
    Status.DUE_NOT_MET: (IN_RANGE, DATE_CAME, LEARNED),
    Status.TOO_EARLY: (IN_RANGE,),
    Status.STEADY: (IN_RANGE,),
    Status.MIXED: (IN_RANGE, UP_AND_DOWN),
    Status.SLIPPING: (IN_RANGE, WHAT_HELPS),
}
FOR_WEEKS: dict[Status, tuple[Pair | LazyString, ...]] = {
    Status.GOAL_MET: (IS_GOAL, KEEP_OR_RAISE),
    Status.DUE_NOT_MET: (DATE_CAME, LEARNED),
}


def _without_line(told: Told, status: Status) -> list[Pair | LazyString]:
    if told.aim.direction is Direction.MAINTAIN:
        return list(FOR_A_RANGE[status])
    if told.aim.measure is Measure.YES_NO and status in FOR_WEEKS:
        return list(FOR_WEEKS[status])
    said = list(WITHOUT_LINE[status])
    early = status is Status.TOO_EARLY and told.trend.n >= TREND_FROM
    return [*said, FROM_FIVE_WEEKS] if early else said


# -- a prompt for a talk, and what teachers see besides ---------------------------------------------


def _prompt(told: Told, status: Status) -> list[Pair | LazyString]:
    """Return the prompt after four in a row on one side of the aim line: for a talk, no verdict.

    Where the sentences before have told more already, it is left out.
    """
    side = told.trend.prompt
    if side == "none" or status in TOLD_MORE:
        return []
    past = (side == "above") is (told.aim.direction is not Direction.DECREASE)
    return [FOUR_ABOVE if side == "above" else FOUR_BELOW, TALK_GOAL if past else TALK_PLAN]


def _for_teachers(told: Told) -> list[LazyString]:
    trend, said = told.trend, []
    if trend.label and trend.line and trend.interval80:
        parts = {
            "slope": _fine(trend.line.slope), "from": _fine(trend.interval80.low),
            "to": _fine(trend.interval80.high), "sure": round(trend.interval80.confidence * 100),
        }  # fmt: skip
        said.append(_filled(PER_WEEK, parts))
    if trend.yes_range:
        low, high = (round(100 * end) for end in trend.yes_range)
        said.append(_filled(OF_HUNDRED, {"from": low, "to": high}))
    return said


def _fine(number: float) -> LazyString:
    return LazyString(lambda: number_words(number))


def notes_for_teachers(told: Told) -> list[LazyString]:
    """Return what a teacher should know about the estimate: the text beside it."""
    return [EVEN_GROWTH, WIDER, ONE_LOOK] if told.baseline_looks < 3 else [EVEN_GROWTH, WIDER]
