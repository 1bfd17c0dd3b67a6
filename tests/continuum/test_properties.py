"""What holds for every record: leading more never moves a mark back, and no click, order or holiday matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from learnpath.continuum.columns import Column, is_past
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.facts import Fact, gather
from learnpath.continuum.place import Placement, place
from learnpath.continuum.rules import RULES, Limits
from learnpath.record import Relation, Verb
from learnpath.record.rollup import qualifier
from learnpath.school.calendar import SchoolCalendar, SchoolYear
from tests.continuum.build import (
    CALENDAR,
    LEARNER,
    TEACHER,
    THIS_YEAR,
    TOGETHER,
    WEEKS,
    arrived,
    fact,
    friday,
)
from tests.continuum.test_rules import CASES

LAST = 16
RELATIONS = [LEARNER, TEACHER, TOGETHER, Relation.FAMILY]
SIDES = ["academic", "attendance", "behaviour", "social_emotional"]
EVERYONE = ["learner", "teacher", "family"]
INDICATORS = list(driver_model().indicators)
QUICK = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])

weeks = st.integers(1, LAST)
leads = st.sampled_from(["learner", "teacher", "together"])
some = st.lists(st.sampled_from(["learner", "teacher"]), unique=True, max_size=2)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    """Draw one thing that a rule may read, by anybody, in any week."""
    verb = draw(st.sampled_from(sorted(driver_model().verbs_read - {Verb.OBSERVED})))
    week, by = draw(weeks), draw(st.sampled_from(RELATIONS))
    about = (_kind(verb), draw(st.integers(1, 3)))
    return fact(verb, by, week, about, draw(st.integers(0, 4)), **draw(_payload(verb, week)))


def _kind(verb: Verb) -> str:
    if verb in {Verb.SESSION_HELD, Verb.CARD_LED, Verb.PROMISE_MADE, Verb.FEEDBACK_GIVEN}:
        return "conference"
    if verb in {
        Verb.PROFILE_REVISED,
        Verb.PROFILE_SHARED,
        Verb.SUGGESTION_ANSWERED,
        Verb.TIP_TRIED,
    }:
        return "profile_block"
    return "goal"


def _payload(verb: Verb, week: int) -> st.SearchStrategy[dict[str, object]]:
    named = WEEKS[week - 1].isoformat()
    said: dict[Verb, dict[str, st.SearchStrategy[object]]] = {
        Verb.PROFILE_REVISED: {"reason": st.booleans()},
        Verb.PROFILE_SHARED: {"audience": st.sampled_from(["teachers", "family"])},
        Verb.GOAL_SHARED: {"audience": st.just("family")},
        Verb.SUMMARY_SHARED: {"audience": st.just("family")},
        Verb.SUGGESTION_ANSWERED: {"made_by": st.sampled_from(["teacher", "peer", "family"])},
        Verb.OUTCOME_RECORDED: {"kind": st.sampled_from(SIDES)},
        Verb.CHECKED_IN: {"week": st.just(named)},
        Verb.GAP_EXPLAINED: {"week": st.just(named)},
        Verb.GOAL_AGREED: {
            "kind": st.sampled_from(["individual", "group"]), "drafted_by": leads, "shaped_by": some,
            "cited_by": some, "number": st.integers(1, 4),
        },
        Verb.SESSION_HELD: {
            "kind": st.sampled_from(["feedback", "conference"]), "led_by": leads,
            "present": st.just(EVERYONE),
            "cards": st.fixed_dictionaries({"learner": st.integers(0, 4), "teacher": st.integers(1, 4)}),
        },
        Verb.CARD_LED: {"led_by": leads, "card": st.sampled_from("abc")},
    }  # fmt: skip
    return st.fixed_dictionaries(said.get(verb, {}))


# What a learner leads, for each indicator: one more of it must never move the mark back.
def _led(week: int, id: int) -> dict[str, list[Fact]]:
    block, goal = ("profile_block", id), ("goal", 100 + id)
    revised = fact(Verb.PROFILE_REVISED, LEARNER, week, block, reason=id % 2 == 0)
    answered = [
        fact(Verb.SUGGESTION_ANSWERED, LEARNER, week, block, made_by=who)
        for who in ("teacher", "peer", "family")
    ]
    talk = fact(
        Verb.SESSION_HELD, LEARNER, week, ("conference", 100 + id), kind="conference",
        led_by="learner", present=EVERYONE, cards={"learner": 5},
    )  # fmt: skip
    own_goal = [
        fact(Verb.GOAL_DRAFTED, LEARNER, week, goal, kind="individual"),
        fact(
            Verb.GOAL_AGREED, LEARNER, week, goal, kind="individual", number=1,
            drafted_by="learner", shaped_by=["learner", "teacher"], cited_by=["learner"], cites=2,
        ),
    ]  # fmt: skip
    reflected = fact(Verb.REFLECTED, LEARNER, week, goal)
    need = fact(Verb.NEED_STATED, LEARNER, week, ("outcome", id), kind="academic")
    checked = fact(Verb.CHECKED_IN, LEARNER, week, ("goal", 1), week=WEEKS[week - 1].isoformat())
    shared = fact(Verb.GOAL_SHARED, LEARNER, week, ("goal", 1), audience="family")
    trend = fact(Verb.TREND_STATED, LEARNER, week, ("goal", 1))
    word = fact(Verb.GOAL_COMMENTED, Relation.FAMILY, week, ("goal", 1))
    return {
        "data_rhythm": [need, reflected, checked, trend],
        "data_breadth": [need, reflected, checked],
        "profile_authorship": [revised, *answered],
        "profile_renewal": [revised],
        "profile_use": [fact(Verb.TIP_TRIED, LEARNER, week, block, result="helped")],
        "profile_sharing": answered,
        "profile_continuity": [revised],
        "feedback_leadership": [talk],
        "goal_authorship": own_goal,
        "goal_basis": own_goal,
        "goal_family_voice": [shared, word],
        "goal_monitoring": [checked],
        "goal_reflection": [
            reflected, fact(Verb.STRATEGY_CHANGED, LEARNER, week, ("goal", 1), reason="learned"),
        ],
        "progress_sharing": [shared, trend, talk],
        "conference_leadership": [talk],
    }  # fmt: skip


def told(placement: Placement) -> dict[str, Column | None]:
    """Return where every indicator stands."""
    return {one.indicator.key: one.column for one in placement.indicators}


def stands(known: Iterable[Fact], calendar: SchoolCalendar = CALENDAR) -> dict[str, Column | None]:
    """Return where every indicator stands at the end of the last week."""
    return told(place([arrived(), *known], calendar, friday(LAST)))


@pytest.mark.parametrize("indicator", INDICATORS)
@given(known=st.lists(facts(), max_size=40), week=weeks, id=st.integers(1, 6), data=st.data())
@QUICK
def test_more_that_a_learner_leads_never_moves_a_mark_back(
    indicator: str, known: list[Fact], week: int, id: int, data: st.DataObject
) -> None:
    more = data.draw(st.lists(st.sampled_from(_led(week, id)[indicator]), min_size=1, max_size=3))
    # Both facts of a goal come together: nobody agrees on a goal that was not drafted.
    added = _led(week, id)[indicator] if indicator in {"goal_authorship", "goal_basis"} else more
    before, after = stands(known)[indicator], stands([*known, *added])[indicator]
    if before is not None:
        assert after is not None
        assert after is before or is_past(after, before)


@pytest.mark.parametrize(
    ("indicator", "before", "known", "last"),
    CASES,
    ids=[f"{n}-{c[0]}" for n, c in enumerate(CASES)],
)
def test_week_after_week_of_what_a_learner_leads_moves_no_known_case_back(
    indicator: str, before: Column | None, known: Sequence[Fact], last: int
) -> None:
    """Each boundary case, with more and more of the same: what held at the boundary holds beyond it."""
    limits = Limits(driver_model().indicators[indicator].thresholds)
    grown = [arrived(), *known]
    for week in range(1, last + 1):
        grown += _led(week, week)[indicator]
        after = RULES[indicator](gather(grown, CALENDAR, friday(last)), limits).column
        if before is not None:
            assert after is before or is_past(after, before), f"in week {week}"
        before = after


@given(known=st.lists(facts(), min_size=1, max_size=40), data=st.data())
@QUICK
def test_order_within_a_week_does_not_matter(known: list[Fact], data: st.DataObject) -> None:
    agreements = [f.about for f in known if f.verb is Verb.GOAL_AGREED]
    assume(
        len(set(agreements)) == len(agreements)
    )  # which agreement is newest is a matter of order
    days = data.draw(st.lists(st.integers(0, 4), min_size=len(known), max_size=len(known)))
    moved = [
        replace(one, day=one.day - timedelta(days=one.day.weekday()) + timedelta(days=day))
        for one, day in zip(known, days, strict=True)
    ]
    assert stands(data.draw(st.permutations(moved))) == stands(known)


def test_two_accounts_of_one_conference_count_the_same_in_either_order() -> None:
    def told_on(day: int, learner: int) -> Fact:
        return fact(
            Verb.SESSION_HELD, TEACHER, 4, ("conference", 1), day, kind="conference",
            led_by="learner", present=EVERYONE, cards={"learner": learner, "teacher": 1},
        )  # fmt: skip

    one, other = [told_on(0, 0), told_on(3, 4)], [told_on(3, 0), told_on(0, 4)]
    assert stands(one) == stands(other)


@given(known=st.lists(facts(), min_size=1, max_size=40), data=st.data())
@QUICK
def test_repeating_a_click_does_not_count(known: list[Fact], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(known), min_size=1, max_size=20))
    assert stands([*known, *again]) == stands(known)


@given(known=st.lists(facts(), max_size=40), at=st.integers(2, LAST), length=st.integers(1, 4))
@QUICK
def test_holidays_do_not_matter(known: list[Fact], at: int, length: int) -> None:
    pause = timedelta(weeks=length)

    def later(one: Fact) -> Fact:
        if one.day < WEEKS[at - 1]:
            return one
        named = one.payload.get("week")
        moved = {"week": (one.is_about_day + pause).isoformat()} if named else {}
        return replace(one, day=one.day + pause, payload={**one.payload, **moved})

    stretched = SchoolCalendar(
        tuple(week if week < WEEKS[at - 1] else week + pause for week in CALENDAR.weeks),
        (*CALENDAR.years[:1], SchoolYear(THIS_YEAR.name, THIS_YEAR.starts, THIS_YEAR.ends + pause)),
    )
    after = place([arrived(), *map(later, known)], stretched, friday(LAST) + pause)
    assert told(after) == stands(known)


@given(known=st.lists(facts(), max_size=40))
@QUICK
def test_a_band_holds_its_marker_and_every_place_has_a_name(known: list[Fact]) -> None:
    placement = place([arrived(), *known], CALENDAR, friday(LAST))
    for gathered in (*placement.threads, *placement.strands):
        columns = [one.column for one in gathered.indicators if one.column]
        if gathered.band is None:
            assert not any(one.seen for one in gathered.indicators)
            continue
        low, marker, high = gathered.band.low, gathered.band.marker, gathered.band.high
        assert {low, marker, high} <= set(columns)
        assert not is_past(low, marker)
        assert not is_past(marker, high)


def test_the_events_drawn_here_are_told_apart_as_the_record_tells_them() -> None:
    one = fact(Verb.PROFILE_REVISED, LEARNER, 1, reason=True)
    other = fact(Verb.PROFILE_REVISED, LEARNER, 1, reason=False)
    assert qualifier(one.verb, one.payload) != qualifier(other.verb, other.payload)
