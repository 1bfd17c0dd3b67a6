"""The fifteen rules: a case for each column, and each boundary from both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import pytest

from learnpath.continuum.columns import Column
from learnpath.continuum.facts import Fact
from learnpath.continuum.place import Placed, place
from learnpath.record import Verb
from learnpath.school.calendar import Break, SchoolCalendar
from tests.continuum.build import (
    AUTUMN,
    CALENDAR,
    FAMILY,
    LAST_YEAR,
    LEARNER,
    SCHOOL,
    TEACHER,
    THIS_YEAR,
    TOGETHER,
    arrived,
    check_in,
    fact,
    friday,
    goal,
    session_held,
)

TD, TOWARD, LC, LD = Column
Facts = Sequence[Fact]
BLOCK = ("profile_block", 1)


def placed(indicator: str, facts: Iterable[Fact], weeks: int = 12) -> Placed:
    """Return an indicator after some school weeks of record."""
    placement = place([arrived(), *facts], CALENDAR, friday(weeks))
    return next(one for one in placement.indicators if one.indicator.key == indicator)


def column(indicator: str, facts: Iterable[Fact], weeks: int = 12) -> Column | None:
    """Return where an indicator stands."""
    return placed(indicator, facts, weeks).column


def in_weeks(make: Callable[[int], Fact], weeks: Iterable[int]) -> list[Fact]:
    """Return one fact in each of the weeks."""
    return [make(week) for week in weeks]


def data(week: int) -> Fact:
    return fact(Verb.OUTCOME_RECORDED, SCHOOL, week, ("outcome", week), kind="academic")


def need(week: int) -> Fact:
    return fact(Verb.NEED_STATED, LEARNER, week, ("outcome", week), kind="academic")


def reflection(week: int) -> Fact:
    return fact(Verb.REFLECTED, LEARNER, week, prompt="helped")


def revision(week: int, reason: bool = False) -> Fact:
    return fact(Verb.PROFILE_REVISED, LEARNER, week, BLOCK, block="hopes", reason=reason)


def inventory(week: int) -> Fact:
    return fact(Verb.INVENTORY_ANSWERED, LEARNER, week, ("inventory_run", week))


def answered(week: int, made_by: str) -> Fact:
    return fact(
        Verb.SUGGESTION_ANSWERED,
        LEARNER,
        week,
        BLOCK,
        block="hopes",
        made_by=made_by,
        answer="taken",
    )


def tip(week: int) -> Fact:
    return fact(Verb.TIP_TRIED, LEARNER, week, BLOCK, result="helped")


def side(week: int, kind: str = "attendance") -> Fact:
    return fact(Verb.OUTCOME_RECORDED, SCHOOL, week, ("outcome", 100 + week), kind=kind)


def trend(week: int) -> Fact:
    return fact(Verb.TREND_STATED, LEARNER, week)


def family_word(week: int) -> Fact:
    return fact(Verb.GOAL_COMMENTED, FAMILY, week)


def comment(week: int) -> Fact:
    return fact(Verb.GOAL_COMMENTED, TEACHER, week)


def shared(by: object, week: int = 3) -> Fact:
    return fact(Verb.GOAL_SHARED, by, week, audience="family")


EVERYONE = ("learner", "teacher", "family")


def conference(week: int, cards: dict[str, int], present: tuple[str, ...] = EVERYONE) -> Fact:
    return session_held(week, "learner", present, id=week, kind="conference", cards=cards)


def weekly(last: int) -> list[Fact]:
    return in_weeks(data, range(1, last + 1))


TALKS = [session_held(5, "teacher", id=5), session_held(10, "teacher", id=10)]
BROAD = [data(1), side(2), inventory(3)]
RICH = [*BROAD, reflection(4), reflection(5), session_held(6, "teacher")]
LED_TALKS = [session_held(4, "learner", id=4), session_held(8, "learner", EVERYONE, id=8)]

CASES: list[tuple[str, Column | None, Facts, int]] = [
    # twelve school weeks: two in five are 4.8, three in four are nine, a half is six
    ("data_rhythm", TD, weekly(4), 12),
    ("data_rhythm", TOWARD, weekly(5), 12),
    ("data_rhythm", TOWARD, [*weekly(8), *TALKS], 12),
    ("data_rhythm", LC, [*weekly(9), *TALKS], 12),
    ("data_rhythm", TOWARD, [*weekly(9), TALKS[0]], 12),  # seven weeks without a talk at the end
    ("data_rhythm", LC, [*weekly(9), session_held(6, "teacher", id=6), session_held(12, "teacher", id=12)], 12),
    ("data_rhythm", TOWARD, [*weekly(9), session_held(5, "teacher", id=5), session_held(12, "teacher", id=12)], 12),
    ("data_rhythm", LC, [*weekly(9), *TALKS, *in_weeks(need, range(1, 6))], 12),
    ("data_rhythm", LD, [*weekly(9), *TALKS, *in_weeks(need, range(1, 7))], 12),
    ("data_breadth", TD, weekly(6), 12),
    ("data_breadth", TD, [data(1), side(2)], 12),
    ("data_breadth", TOWARD, BROAD, 12),
    ("data_breadth", TOWARD, [*RICH[:4], RICH[5]], 12),  # one reflection
    ("data_breadth", TOWARD, RICH[:5], 12),  # no talk
    ("data_breadth", LC, RICH, 12),
    ("data_breadth", LC, [*RICH, need(7)], 12),
    ("data_breadth", LD, [*RICH, need(7), need(8)], 12),
    ("profile_authorship", TD, [fact(Verb.PROFILE_NOTED, TEACHER, w, BLOCK) for w in (1, 2)], 12),
    ("profile_authorship", TOWARD, [inventory(1), inventory(5)], 12),
    ("profile_authorship", TOWARD, [inventory(1), revision(2)], 12),
    ("profile_authorship", LC, [inventory(1), revision(2), answered(3, "teacher")], 12),
    ("profile_authorship", LC, [revision(2), session_held(4, "teacher")], 12),
    ("profile_authorship", LC, [revision(2, True), revision(4, True), answered(3, "teacher"), answered(5, "peer")], 12),
    ("profile_authorship", LC, [revision(2, True), revision(4), revision(6), answered(3, "teacher"), answered(5, "peer")], 12),
    ("profile_authorship", LC, [revision(2, True), revision(4, True), revision(6), answered(3, "teacher")], 12),
    ("profile_authorship", LD, [revision(2, True), revision(4, True), revision(6), answered(3, "teacher"), answered(5, "peer")], 12),
    ("profile_renewal", TOWARD, [inventory(1), revision(8)], 12),  # seven weeks apart
    ("profile_renewal", LC, [inventory(1), revision(9)], 12),  # eight weeks apart
    ("profile_renewal", LC, [revision(1, True), revision(5, True), revision(9)], 12),
    ("profile_renewal", LC, [revision(1, True), revision(5), revision(9), revision(12)], 12),
    ("profile_renewal", LD, [revision(1, True), revision(5, True), revision(9), revision(12)], 12),
    ("profile_renewal", LD, [revision(1, True), revision(2, True), revision(14), revision(15)], 16),  # 12 apart
    ("profile_renewal", LC, [revision(1, True), revision(2, True), revision(15), revision(16)], 16),  # 13 apart
    ("profile_use", TD, goal(), 12),
    ("profile_use", TOWARD, goal(cited_by=("teacher",)), 12),
    ("profile_use", LC, goal(cited_by=("learner", "teacher")), 12),
    ("profile_use", LC, [*goal(cited_by=("learner",)), tip(3)], 12),
    ("profile_use", LD, [*goal(cited_by=("learner",)), tip(3), tip(4)], 12),
    ("profile_use", LC, [*goal(1, 1, cited_by=("learner",)), *goal(1, 2), tip(3), tip(4)], 12),  # half, not most
    ("profile_sharing", TD, [inventory(1), revision(2)], 12),
    ("profile_sharing", TOWARD, [revision(2), fact(Verb.PROFILE_SHARED, LEARNER, 3, BLOCK, audience="family")], 12),
    ("profile_sharing", TD, [revision(2), revision(3), fact(Verb.PROFILE_SHARED, LEARNER, 3, BLOCK, audience="teachers")], 12),
    ("profile_sharing", LC, [revision(2), fact(Verb.PROFILE_ACKNOWLEDGED, FAMILY, 3, BLOCK)], 12),
    ("profile_sharing", LC, [revision(2), answered(3, "family")], 12),
    ("profile_sharing", LD, [revision(2), answered(3, "family"), answered(4, "teacher")], 12),
    ("feedback_leadership", None, [], 7),
    ("feedback_leadership", TD, [], 8),
    ("feedback_leadership", TOWARD, [session_held(2, "teacher"), session_held(5, "teacher", id=2)], 12),
    ("feedback_leadership", TOWARD, [session_held(2, "teacher"), session_held(5, "together", id=2)], 12),
    ("feedback_leadership", LC, [session_held(2, "together"), session_held(5, "together", id=2)], 12),
    ("feedback_leadership", LC, [session_held(4, "learner", id=4), session_held(8, "learner", id=8)], 12),
    ("feedback_leadership", LC, [session_held(4, "together", id=4), LED_TALKS[1]], 12),
    ("feedback_leadership", LD, LED_TALKS, 12),
    ("goal_authorship", TD, goal(kind="group", drafted_by="teacher"), 12),
    ("goal_authorship", TD, [fact(Verb.GROUP_GOAL_SET, TEACHER, w, ("group_goal", w)) for w in (1, 2)], 12),
    ("goal_authorship", TOWARD, goal(drafted_by="teacher", shaped_by=("teacher",)), 12),
    ("goal_authorship", LC, goal(drafted_by="teacher", shaped_by=("learner", "teacher")), 12),
    ("goal_authorship", LD, goal(), 12),
    ("goal_authorship", LD, goal(shaped_by=("learner",)), 12),
    ("goal_authorship", TOWARD, [*goal(1, 1), *goal(1, 2, drafted_by="teacher", shaped_by=("teacher",))], 12),
    ("goal_basis", TD, goal(), 12),
    ("goal_basis", TOWARD, goal(drafted_by="teacher", shaped_by=("teacher",), cited_by=("teacher",)), 12),
    ("goal_basis", LC, goal(cited_by=("teacher",)), 12),
    ("goal_basis", LD, goal(cited_by=("learner",)), 12),
    ("goal_basis", LD, [*goal(1, 1), *goal(1, 2, cited_by=("learner",)), *goal(1, 3, cited_by=("learner",))], 12),
    ("goal_family_voice", TD, goal(), 12),
    ("goal_family_voice", TOWARD, [*goal(), shared(TEACHER)], 12),
    ("goal_family_voice", LC, [*goal(), family_word(3)], 12),
    ("goal_family_voice", LC, [*goal(), family_word(3), family_word(9), family_word(3)], 12),
    ("goal_family_voice", LC, [*goal(), *in_weeks(family_word, (3, 5, 9))], 12),  # spread over seven
    ("goal_family_voice", LD, [*goal(), *in_weeks(family_word, (3, 5, 10))], 12),  # spread over eight
    # a goal agreed in week 2 and twelve weeks: ten weeks are due
    ("goal_monitoring", TD, [*goal(2), *in_weeks(check_in, range(3, 7))], 12),
    ("goal_monitoring", TOWARD, [*goal(2), *(check_in(w, TEACHER) for w in range(3, 8))], 12),
    ("goal_monitoring", TOWARD, [*goal(2), *(check_in(w, TEACHER) for w in range(3, 7)), *in_weeks(check_in, (7, 8, 9))], 12),
    ("goal_monitoring", LC, [*goal(2), *(check_in(w, TEACHER) for w in range(3, 7)), *in_weeks(check_in, range(7, 11))], 12),
    ("goal_monitoring", LC, [*goal(2), *(check_in(w, TOGETHER) for w in range(3, 13))], 12),
    ("goal_monitoring", LC, [*goal(2), *in_weeks(check_in, range(3, 10))], 12),  # seven of ten
    ("goal_monitoring", LD, [*goal(2), *in_weeks(check_in, range(3, 11))], 12),  # eight of ten
    ("goal_reflection", TD, goal(), 12),
    ("goal_reflection", TOWARD, [*goal(), comment(3)], 12),
    ("goal_reflection", TOWARD, [*goal(), comment(3), comment(4)], 12),
    ("goal_reflection", TOWARD, [*goal(), comment(3), reflection(4)], 12),
    ("goal_reflection", LC, [*goal(), comment(3), comment(4), reflection(4)], 12),
    ("goal_reflection", LC, [*goal(), comment(3), comment(4), *in_weeks(reflection, range(4, 8))], 12),
    ("goal_reflection", LC, [*goal(), comment(3), comment(4), *in_weeks(reflection, range(4, 7)),
                             fact(Verb.STRATEGY_CHANGED, LEARNER, 8, reason="learned")], 12),
    ("goal_reflection", LD, [*goal(), comment(3), comment(4), *in_weeks(reflection, range(4, 8)),
                             fact(Verb.STRATEGY_CHANGED, LEARNER, 8, reason="learned")], 12),
    ("goal_reflection", LC, [*goal(), comment(3), comment(4), *in_weeks(reflection, range(4, 8)),
                             fact(Verb.STRATEGY_CHANGED, TEACHER, 8, reason="learned")], 12),
    ("progress_sharing", TD, [*goal(), check_in(3)], 12),
    ("progress_sharing", TOWARD, [*goal(), shared(TEACHER)], 12),
    ("progress_sharing", LC, [*goal(), shared(LEARNER), trend(4)], 12),
    ("progress_sharing", LC, [*goal(), session_held(5, "learner", EVERYONE)], 12),
    ("progress_sharing", LD, [*goal(), shared(LEARNER), trend(4), trend(5)], 12),
    ("progress_sharing", TOWARD, [*goal(), shared(TEACHER), trend(4), trend(5)], 12),
    ("conference_leadership", None, [], 17),
    ("conference_leadership", TD, [], 18),
    ("conference_leadership", TD, [conference(5, {"teacher": 6})], 12),
    ("conference_leadership", TOWARD, [conference(5, {"teacher": 5, "learner": 2})], 12),
    ("conference_leadership", LC, [conference(5, {"teacher": 4, "learner": 2})], 12),  # a third
    ("conference_leadership", LC, [conference(5, {"teacher": 3, "learner": 8})], 12),
    ("conference_leadership", LD, [conference(5, {"teacher": 2, "learner": 6})], 12),  # three quarters
    ("conference_leadership", LC, [conference(5, {"learner": 7}, ("learner", "teacher"))], 12),
]  # fmt: skip


@pytest.mark.parametrize(
    ("indicator", "expected", "facts", "weeks"),
    CASES,
    ids=[f"{n}-{case[0]}-{case[1]}" for n, case in enumerate(CASES)],
)
def test_each_column_and_each_boundary(
    indicator: str, expected: Column | None, facts: Facts, weeks: int
) -> None:
    assert column(indicator, facts, weeks) == expected


def test_every_indicator_has_a_case_for_every_column_that_it_can_tell() -> None:
    seen = {(indicator, expected) for indicator, expected, _facts, _weeks in CASES}
    indicators = {indicator for indicator, *_ in CASES}
    missing = {(i, c) for i in indicators for c in Column} - seen
    # These two look at the years before and are told below.
    assert len(indicators) == 14
    assert missing == {("profile_renewal", TD)}


# -- the years before ------------------------------------------------------------------------------


def last_year(verb: Verb = Verb.PROFILE_REVISED, id: int = 1) -> Fact:
    return Fact(LAST_YEAR.starts.replace(month=10), verb, LEARNER, ("profile_block", id), {})


def test_a_profile_that_nobody_touched_this_year_is_the_teachers() -> None:
    assert column("profile_renewal", [last_year(), last_year(id=2)]) is TD


def test_a_first_year_says_nothing_about_following_the_learner() -> None:
    assert column("profile_continuity", [revision(1), revision(9)]) is None


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([last_year(), last_year(id=2)], TD),
        ([last_year(), inventory(3)], LC),
        ([last_year(), revision(3)], LC),
        ([last_year(), inventory(3), fact(Verb.SUGGESTION_MADE, TEACHER, 4, BLOCK)], LC),
        ([last_year(), revision(3), fact(Verb.SUGGESTION_MADE, TEACHER, 4, BLOCK)], LD),
        ([last_year(), revision(3), fact(Verb.SUGGESTION_MADE, FAMILY, 4, BLOCK)], LC),
    ],
)
def test_a_profile_that_grew_over_two_years_follows_the_learner(
    facts: Facts, expected: Column
) -> None:
    assert column("profile_continuity", facts) is expected


# -- what must not matter --------------------------------------------------------------------------


def test_under_four_weeks_of_record_nothing_is_said() -> None:
    facts = [*goal(1), *in_weeks(check_in, range(1, 4))]
    assert column("goal_authorship", facts, weeks=3) is None
    assert column("goal_authorship", facts, weeks=4) is LD


def test_empty_weeks_alone_give_a_column_and_no_band() -> None:
    placement = place([arrived()], CALENDAR, friday(10))
    (talks,) = [one for one in placement.indicators if one.indicator.key == "feedback_leadership"]
    assert (talks.column, talks.seen) == (TD, None)
    assert all(one.band is None for one in (*placement.threads, *placement.strands))


def test_one_talk_is_enough_for_a_band_over_it_and_the_empty_weeks() -> None:
    placement = place([arrived(), session_held(5, "teacher")], CALENDAR, friday(10))
    (reflecting,) = [one for one in placement.threads if one.key == "reflecting"]
    assert reflecting.band is not None


def test_one_fact_alone_says_nothing() -> None:
    assert column("profile_authorship", [inventory(1)]) is None


def test_an_explained_week_is_no_gap_in_ownership() -> None:
    facts = [*goal(2), *in_weeks(check_in, range(3, 10))]
    explained = [fact(Verb.GAP_EXPLAINED, LEARNER, 12, week="2025-11-10", reason="ill")]
    assert column("goal_monitoring", facts) is LC
    assert column("goal_monitoring", [*facts, *explained]) is LD


def test_five_check_ins_on_a_day_are_one_week() -> None:
    burst = [
        fact(
            Verb.CHECKED_IN,
            LEARNER,
            11,
            ("goal", 1),
            week="2025-11-03",
            measure="count",
            corrects=n,
        )
        for n in range(5)
    ]
    assert placed("goal_monitoring", [*goal(2), *burst]).counted["weeks_checked"] == 1


def test_a_check_in_counts_for_the_week_that_it_names() -> None:
    told = placed("goal_monitoring", [*goal(2), check_in(4), fact(Verb.CHECKED_IN, LEARNER, 9, week="2025-09-15")])  # fmt: skip
    assert told.counted["weeks_checked"] == 2


def test_what_happens_after_the_day_is_not_seen() -> None:
    assert column("goal_authorship", goal(9), weeks=8) is None


def test_a_closed_goal_asks_for_no_more_check_ins() -> None:
    facts = [
        *goal(2),
        *in_weeks(check_in, range(3, 7)),
        fact(Verb.GOAL_CLOSED, LEARNER, 6, how="reached"),
    ]
    told = placed("goal_monitoring", facts)
    assert (told.counted["due_weeks"], told.column) == (4, LD)


def test_a_start_in_mid_year_counts_against_nobody() -> None:
    late = [arrived(8), *goal(8), *in_weeks(check_in, range(9, 13))]
    placement = place(late, CALENDAR, friday(12))
    assert placement.weeks == 5
    found = {one.indicator.key: one.column for one in placement.indicators}
    assert found["goal_monitoring"] is LD


def test_the_agreed_version_with_the_highest_number_counts() -> None:
    first = goal(1, drafted_by="teacher", shaped_by=("teacher",))
    second = fact(Verb.GOAL_AGREED, TEACHER, 5, number=2, kind="individual", drafted_by="teacher",
                  shaped_by=["learner", "teacher"], cited_by=[], cites=0)  # fmt: skip
    assert column("goal_authorship", [*first, second]) is LC


def test_a_classmates_idea_is_not_the_teachers() -> None:
    assert column("profile_authorship", [revision(2), answered(3, "peer")]) is TOWARD


def test_a_change_of_class_in_mid_year_changes_nothing() -> None:
    facts = [*goal(2), *in_weeks(check_in, range(3, 13)), *weekly(12)]
    moved = [*facts, fact(Verb.ENROLLED, SCHOOL, 7, ("enrolment", 2), grade=7)]
    assert [one.column for one in place([arrived(), *facts], CALENDAR, friday(12)).indicators] == [
        one.column for one in place([arrived(), *moved], CALENDAR, friday(12)).indicators
    ]


def test_a_change_of_school_is_read_in_the_weeks_of_the_new_one() -> None:
    # The new school has its break two weeks later: the same days fall into its own school weeks.
    pause = Break(AUTUMN.starts + timedelta(weeks=2), AUTUMN.ends + timedelta(weeks=2))
    new = SchoolCalendar.from_years([THIS_YEAR], [pause])
    facts = [arrived(), *goal(1), *in_weeks(check_in, range(2, 11))]
    told = {one.indicator.key: one for one in place(facts, new, friday(10)).indicators}
    assert told["goal_monitoring"].counted["due_weeks"] == 9
    assert told["goal_monitoring"].column is LD


def test_the_rhythm_is_the_same_across_a_break() -> None:
    # Weeks eight and nine lie before and after the autumn break.
    before = placed("data_rhythm", weekly(8), weeks=8)
    after = placed("data_rhythm", weekly(9), weeks=9)
    assert (before.counted["school_weeks"], after.counted["school_weeks"]) == (8, 9)
    assert (after.counted["weeks_with_data"], after.column) == (9, before.column)


def test_what_is_done_in_a_break_counts_for_the_week_before() -> None:
    in_break = Fact(AUTUMN.starts, Verb.REFLECTED, LEARNER, ("goal", 1))
    told = placed("data_rhythm", [*weekly(4), in_break])
    assert told.counted["weeks_with_own_words"] == 1


def test_an_observation_counts_for_the_day_it_was_seen() -> None:
    seen = fact(
        Verb.OBSERVED, TEACHER, 12, ("observation", 1),
        indicator="goal_reflection", seen="reflected_aloud", day=friday(5).isoformat(),
    )  # fmt: skip
    told = placed("goal_reflection", [*goal(2), seen])
    assert [one.is_about_day for one in told.facts if one.observed_for] == [friday(5)]
    assert told.counted["reflection_weeks"] == 1
    assert placed("data_breadth", [*goal(2), seen]).counted["reflection_weeks"] == 0


def test_what_fits_no_kind_is_still_one_fact() -> None:
    seen = fact(
        Verb.OBSERVED, TEACHER, 6, ("observation", 1),
        indicator="profile_authorship", seen="something_else", day=friday(6).isoformat(),
    )  # fmt: skip
    assert column("profile_authorship", [inventory(1)]) is None
    assert column("profile_authorship", [inventory(1), seen]) is TOWARD
