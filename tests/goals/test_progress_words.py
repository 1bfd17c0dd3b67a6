"""What a learner, a family and a teacher read about a goal's progress."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from math import ceil, floor

import pytest
from flask import Flask
from flask_babel import Babel

from learnpath.goals.progress_told import Reader, Told
from learnpath.goals.progress_words import notes_for_teachers, sentences
from learnpath.goals.trend import Aim, Direction, Measure, Point, Status, Trend, look

AIM = Aim(target=42, due=15, baseline=24)
DUE = date(2026, 1, 30)
FORBIDDEN = re.compile(
    r"\b(fail\w*|behind|overdue|late|missed|streak\w*|points?|rank\w*)\b", re.IGNORECASE
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


def told(*values: float | None, aim: Aim = AIM, now: float | None = None) -> Told:
    points = [Point(float(week), value) for week, value in enumerate(values)]
    return Told(aim, look(aim, points, now=now), DUE, "Linh")


def read(what: Told, reader: Reader = Reader.LEARNER) -> str:
    return " ".join(str(sentence) for sentence in sentences(what, reader))


def test_before_the_first_check_in_it_says_what_will_be_here() -> None:
    assert read(told()) == "Your check-ins will show here."
    assert read(told(), Reader.FAMILY) == "Linh's check-ins will show here."


def test_too_early_says_when_a_direction_can_be_seen() -> None:
    assert read(told(24, 26)) == (
        "You went from 24 to 26 in 1 week. Your goal is 42 by January 30. "
        "You have 2 check-ins. After 6 we can start to see a direction."
    )


def test_one_check_in_is_one() -> None:
    assert "You have 1 check-in. After 6" in read(told(26))


def test_a_baseline_that_was_not_known_starts_with_the_first_value() -> None:
    assert read(told(26, aim=replace(AIM, baseline=None))).startswith("You start at 26.")


def test_on_track_says_where_it_leads_and_how_sure_that_is() -> None:
    assert read(told(24, 26, 27, 29, 31, 32)) == (
        "You went from 24 to 32 in 5 weeks. If you keep going like this, you will probably reach 42 "
        "by January 30. Roughly 47 to 51 is likely. This is an early estimate."
    )


def test_a_settled_estimate_is_not_called_early() -> None:
    assert "early" not in read(told(24, 26, 27, 29, 31, 32, 34, 36, 37, 38))


def test_families_and_teachers_read_the_name() -> None:
    for reader in (Reader.FAMILY, Reader.TEACHER):
        words = read(told(24, 26, 27, 29, 31, 32), reader)
        assert "If Linh keeps going like this, 42 by January 30 is likely." in words
        assert "you" not in words.lower().split()


def test_close_is_never_rounded_on_to_the_target() -> None:
    noisy = [33, 30, 36, 33, 40, 37, 38, 44, 41, 46]
    aim = Aim(target=60, due=20, baseline=30)
    points = [Point(float(week), value) for week, value in enumerate(noisy, start=1)]
    words = read(Told(aim, look(aim, points), DUE, "Linh"))
    assert "It is too close to call. Your line points to about 59. Your goal is 60." in words


LOW = (24.0, 24.2, 24.5, 24.8, 25.0, 25.2)


def test_off_track_is_told_to_the_learner_after_two_looks_only() -> None:
    assert told(*LOW).trend.status is Status.OFF_TRACK
    assert "too close to call" in read(told(*LOW))
    words = read(told(*LOW, 25.5))
    assert "If nothing changes, you will probably be around 27 to 28 on January 30." in words
    assert "What could you change: the plan, the help, or the goal?" in words


def test_a_teacher_is_told_at_the_first_look() -> None:
    assert "If nothing changes, Linh" in read(told(*LOW), Reader.TEACHER)


def test_met() -> None:
    words = read(told(30, 42, 43, 41, 44))
    assert "Your last three check-ins are around your goal. Keep it, or go further?" in words


def test_the_date_has_come() -> None:
    words = read(told(24, 26, 27, now=16))
    assert "Your date has come. You went from 24 to about 26. What did you learn?" in words


def test_near_the_top_no_projection_is_told() -> None:
    aim = Aim(target=100, due=15, baseline=60, measure=Measure.PERCENT)
    words = read(told(70, 80, 90, 96, 97, 98, aim=aim))
    assert "You are near the top of the scale. Your goal is 100\u202f%." in words
    assert "Roughly" not in words


def test_what_was_cut_at_the_end_of_the_scale_says_so() -> None:
    aim = Aim(target=95, due=15, baseline=60, measure=Measure.PERCENT)
    assert "The range stops where the scale ends." in read(told(60, 64, 67, 70, 75, 79, aim=aim))


def test_a_rubric_is_told_in_its_own_words() -> None:
    aim = Aim(target=3, due=15, baseline=1, measure=Measure.RUBRIC)
    levels = ("one piece", "two pieces", "two and why")
    words = read(replace(told(1, 1, 1, 2, 2, 2, aim=aim), levels=levels))
    assert words == (
        "You went from “one piece” to “two pieces” in 5 weeks. "
        "Your steps go toward your goal: “two and why”."
    )


def test_yes_is_counted_in_weeks() -> None:
    aim = Aim(target=4, due=15, measure=Measure.YES_NO)
    words = read(told(1, 0, 1, aim=aim))
    assert words == "You said yes in 2 of 3 weeks. Your goal is 4 weeks by January 30."


def test_a_range_is_told_by_how_many_were_in_it() -> None:
    aim = Aim(target=60, due=15, direction=Direction.MAINTAIN, low=60, high=75)
    words = read(told(60, 61, 62, 63, 64, 90, aim=aim))
    assert "5 of your last 6 check-ins are in your range." in words


def test_four_in_a_row_below_prompt_a_talk() -> None:
    assert read(told(30, 24, 24, 24, 25)).endswith(
        "Your last four check-ins are below the aim line. A good time to talk about the plan."
    )


def test_no_prompt_where_the_sentences_tell_more_already() -> None:
    above = told(24, 27, 29, 32, 34, 37)
    assert (above.trend.prompt, above.trend.status) == ("above", Status.ON_TRACK)
    assert "aim line" not in read(above)


def test_a_range_is_never_one_number() -> None:
    assert "Roughly 53 to 55 is likely" in read(told(24, 26, 28, 30, 32, 34))


def test_teachers_read_the_pace_and_what_it_takes_for_granted() -> None:
    words = read(told(24, 26, 27, 29, 31, 32), Reader.TEACHER)
    assert re.search(
        r"Per week: 1\.\d+\. Between 1\.\d+ and [12]\.?\d* with \d\d% confidence\.", words
    )
    assert "growth is even" in " ".join(str(note) for note in notes_for_teachers(told(24)))


def test_a_firm_baseline_needs_no_note() -> None:
    assert len(notes_for_teachers(told(24))) == 3
    assert len(notes_for_teachers(replace(told(24), baseline_looks=3))) == 2


def _kinds() -> list[Told]:
    plain = told(24, 26, 27, 29, 31, 32)
    band = told(
        60, 61, 62, 63, 64, 90,
        aim=Aim(target=60, due=15, direction=Direction.MAINTAIN, low=60, high=75),
    )  # fmt: skip
    weeks = told(1, 0, 1, aim=Aim(target=4, due=15, measure=Measure.YES_NO))
    return [plain, band, weeks]


BAND_STATUSES = {
    Status.GOAL_MET, Status.DUE_NOT_MET, Status.TOO_EARLY, Status.STEADY, Status.MIXED,
    Status.SLIPPING,
}  # fmt: skip


@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("status", Status)
def test_every_status_has_words_for_everybody(status: Status, reader: Reader) -> None:
    plain, band, weeks = _kinds()
    for kind in (plain, weeks, *([band] if status in BAND_STATUSES else [])):
        agreed: Trend = replace(kind.trend, status=status, agrees_with_look_before=True)
        words = read(replace(kind, trend=agreed), reader)
        assert "%" not in words.replace("% confidence", "")
        assert not FORBIDDEN.search(words.replace("points to", "")), words
        for sentence in re.split(r"(?<=[.?]) ", words):
            assert len(sentence.split()) <= 18, sentence


def test_an_estimate_of_whole_things_is_told_in_whole_things() -> None:
    """Six tasks of ten to nine: nobody hands in 7.4 tasks. The range is rounded outwards."""
    tasks = told(6, 7, 6, 7, 7, 7, 8, 7, aim=Aim(target=9, due=12, baseline=6, maximum=10))
    shown = tasks.trend.shown
    assert shown is not None
    assert shown.low != int(shown.low or 0)
    assert not re.search(r"[0-9][.][0-9]", read(tasks))
    assert float(str(tasks.parts()["low"])) <= (shown.low or 0)


def test_what_was_measured_in_halves_is_told_in_tenths() -> None:
    assert re.search(r"[0-9][.][0-9]", read(told(6, 6.5, 6, 7, 6.5, 7, 7, 7.5, aim=Aim(9, 12, 6))))


def test_a_range_that_misses_the_target_is_not_rounded_on_to_it() -> None:
    up = told(6, 6, 7, 6, 7, 7, 7, 8, aim=Aim(40, 12, 6))
    down = told(40, 40, 39, 40, 39, 39, 39, 38, aim=Aim(4, 12, 40, direction=Direction.DECREASE))
    for far in (up, down):
        assert far.trend.status is Status.OFF_TRACK
        assert far.trend.shown is not None
    nearest = ceil(up.trend.shown.high or 0)  # type: ignore[union-attr]
    said = replace(up, aim=replace(up.aim, target=nearest)).parts()
    assert float(str(said["low"])) < float(str(said["high"])) < nearest
    nearest = floor(down.trend.shown.low or 0)  # type: ignore[union-attr]
    said = replace(down, aim=replace(down.aim, target=nearest)).parts()
    assert nearest < float(str(said["low"])) < float(str(said["high"]))
