"""``learnpath progress FILE``: a goal and its log as JSON in, its progress as JSON out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, strategies as st

from learnpath.goals.progress_file import WrongFile, report

VECTORS = Path(__file__).with_name("progress_vectors.json")
GOAL = {"baseline": 30, "target": 60, "due_week": 20, "direction": "increase"}
SERIES = [{"week": week, "value": 30 + 2 * week} for week in range(1, 8)]


def of(goal: dict[str, Any] | None = None, series: Any = None, **more: Any) -> dict[str, Any]:
    case = {"goal": {**GOAL, **(goal or {})}, "series": SERIES if series is None else series}
    return report(json.dumps({**case, **more}))


def agrees(mine: Any, theirs: Any) -> bool:
    if isinstance(theirs, dict):
        return all(agrees(mine[key], value) for key, value in theirs.items())
    if isinstance(theirs, list):
        return all(agrees(one, two) for one, two in zip(mine, theirs, strict=True))
    if isinstance(theirs, float | int) and not isinstance(theirs, bool):
        return bool(abs(mine - theirs) <= 1e-6)
    return bool(mine == theirs)


# What others work out with numpy and scipy only, and we do not.
NOT_OURS = {
    "scipy_theilslopes_ci95_normal_approx", "kendall_p_scipy_auto", "tukey_thirds_slope",
}  # fmt: skip


def test_the_shared_examples_come_out_to_a_millionth() -> None:
    text = VECTORS.read_text(encoding="utf-8")
    examples, results = json.loads(text)["examples"], report(text)["examples"]
    assert [result["id"] for result in results] == [example["id"] for example in examples]
    for example, result in zip(examples, results, strict=True):
        for key in example["expected"].keys() - NOT_OURS:
            assert agrees(result[key], example["expected"][key]), (example["id"], key)


def test_the_command_prints_the_same(tmp_path: Path) -> None:
    from learnpath.cli import main

    file = tmp_path / "goal.json"
    file.write_text(json.dumps({"goal": GOAL, "series": SERIES}), encoding="utf-8")
    result = CliRunner().invoke(main, ["progress", str(file)])
    assert result.exit_code == 0, result.output
    assert json.loads(result.output) == of()


def test_the_command_names_what_is_wrong(tmp_path: Path) -> None:
    from learnpath.cli import main

    file = tmp_path / "goal.json"
    file.write_text(json.dumps({"goal": GOAL, "series": [{"week": 1, "value": "ten"}]}))
    result = CliRunner().invoke(main, ["progress", str(file)])
    assert result.exit_code == 1
    assert "series[0].value must be a number" in result.output


def test_a_list_of_cases_is_answered_one_by_one() -> None:
    case = {"goal": GOAL, "series": SERIES}
    answer = report(json.dumps([{"id": "mine", **case}, case]))
    assert [one["id"] for one in answer["cases"]] == ["mine", 1]
    assert report(json.dumps({"cases": [case]}))["cases"][0]["n"] == 7


def test_an_empty_log_is_answered() -> None:
    answer = of(series=[])
    assert (answer["n"], answer["status"], answer["projection"]) == (0, "too_early", None)
    assert answer["confidence_label"] is None


def test_the_answer_is_json_whatever_there_is() -> None:
    for length in range(len(SERIES) + 1):
        json.dumps(of(series=SERIES[:length]), allow_nan=False)


def test_a_week_without_a_value_is_no_zero() -> None:
    assert of(series=[*SERIES, {"week": 8, "value": None, "reason": "ill"}])["n"] == 7


def test_the_order_of_the_file_does_not_matter() -> None:
    assert of(series=SERIES[::-1]) == of()


def test_min_and_max_clip_what_is_shown_and_nothing_else() -> None:
    answer = of({"max": 65})
    assert answer["projection"] == pytest.approx(70)
    assert answer["display"]["projection"] == 65
    assert answer["display"]["clipped"] is True


def test_changes_and_long_gaps_begin_a_new_phase_when_asked_for() -> None:
    late = [*SERIES, {"week": 14, "value": 70}]
    assert of(series=late)["phase_start"] is None
    assert of({"new_phase_after": 4}, series=late)["phase_start"] == 14
    assert of({"changes": [3]})["n"] == 5


def test_as_of_a_later_week_the_date_has_come() -> None:
    assert of({"target": 90})["status"] == "off_track"
    assert of({"target": 90}, as_of=20)["status"] == "due_not_met"


def test_yes_and_no_are_counted() -> None:
    answer = of(
        {"measure": "yes_no", "target": 3, "baseline": None},
        [{"week": 1, "value": True}, {"week": 2, "value": False}, {"week": 3, "value": 1}],
    )
    assert answer["yes"] == {"weeks": 2, "of": 3}
    assert answer["status"] == "counting"


def test_a_range_to_keep_is_counted() -> None:
    goal = {"direction": "maintain", "low": 30, "high": 40, "target": None}
    assert of(goal)["inside_band"] == {"weeks": 5, "of": 7}


DATED = {"baseline": 30, "target": 60, "direction": "increase", "start": "2025-11-03"}


def dated(calendar: Any, **goal: Any) -> dict[str, Any]:
    days = ["2025-11-03", "2025-11-10", "2025-11-17", "2025-12-01", "2025-12-08", "2025-12-15"]
    series = [{"date": day, "value": 30 + 2 * n} for n, day in enumerate(days)]
    case: dict[str, Any] = {"goal": {**DATED, "due": "2026-03-02", **goal}, "series": series}
    return report(json.dumps({**case, "calendar": calendar}))


def test_dates_count_school_weeks_of_the_calendar() -> None:
    calendar = {
        "years": [{"name": "2025-26", "start": "2025-08-18", "end": "2026-05-29"}],
        "breaks": [{"start": "2025-11-24", "end": "2025-11-28"}],
    }
    assert dated(calendar)["theil_sen_slope"] == pytest.approx(2)
    assert dated(calendar)["span_weeks"] == 5


def test_dates_without_a_calendar_are_plain_weeks() -> None:
    assert dated(None)["span_weeks"] == 6


def test_a_calendar_may_name_its_school_weeks() -> None:
    mondays = ["2025-11-03", "2025-11-10", "2025-11-17", "2025-12-01", "2025-12-08", "2025-12-15"]
    assert dated({"weeks": mondays}, due="2025-12-22")["span_weeks"] == 5


WRONG: list[tuple[str, Any, str]] = [
    ("not JSON", "{", "it is not JSON: "),
    ("a text", '"goal"', "the file must be an object"),
    ("no goal", {"series": []}, "goal must be an object"),
    ("no series", {"goal": GOAL}, "series must be a list"),
    ("a NaN", '{"goal": {"baseline": NaN}, "series": []}', "NaN is not a number"),
    ("huge", {"goal": {**GOAL, "target": 1e300}, "series": []}, "goal.target must lie between"),
    ("a text for a number", {"goal": {**GOAL, "target": "60"}, "series": []},
     "goal.target must be a number"),
    ("true for a number", {"goal": {**GOAL, "target": True}, "series": []},
     "goal.target must be a number"),
    ("no due week", {"goal": {**GOAL, "due_week": None}, "series": []},
     "goal.due_week must be a number"),
    ("due at once", {"goal": {**GOAL, "due_week": 0}, "series": []}, "due after its start"),
    ("a new direction", {"goal": {**GOAL, "direction": "sideways"}, "series": []},
     "goal.direction must be one of: increase, decrease, maintain"),
    ("a new measure", {"goal": {**GOAL, "measure": "stars"}, "series": []},
     "goal.measure must be one of: count, "),
    ("no band", {"goal": {**GOAL, "direction": "maintain"}, "series": []}, "has a band"),
    ("a band upside down", {"goal": {**GOAL, "direction": "maintain", "low": 5, "high": 1},
     "series": []}, "goal.low must not be more"),
    ("a scale upside down", {"goal": {**GOAL, "min": 5, "max": 1}, "series": []},
     "goal.min must be less"),
    ("an entry that is none", {"goal": GOAL, "series": [3]}, "series[0] must be an object"),
    ("a week that is none", {"goal": GOAL, "series": [{"week": "one", "value": 1}]},
     "series[0].week must be a number"),
    ("a far week", {"goal": GOAL, "series": [{"week": 1e6, "value": 1}]},
     "series[0].week must lie between"),
    ("too many entries", {"goal": GOAL, "series": [{"week": 1, "value": 1}] * 1001},
     "series has more than 1000"),
    ("a date that is none", {"goal": {**DATED, "due": "soon"}, "series": []},
     "goal.due must be a date"),
    ("centuries", {"goal": {**DATED, "due": "9999-12-31"}, "series": []}, "20 years apart"),
    ("a spell backwards", {"goal": {**DATED, "due": "2026-03-02"}, "series": [],
     "calendar": {"years": [{"start": "2025-08-18", "end": "2024-08-18"}]}},
     "calendar.years[0].end must not be before"),
    ("the place in a list", {"cases": [{"goal": GOAL, "series": SERIES}, {"goal": 3}]},
     "cases[1].goal must be an object"),
    ("cases that are none", {"cases": 3}, "cases must be a list"),
    ("changes that are none", {"goal": {**GOAL, "changes": 3}, "series": []},
     "goal.changes must be a list"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "words"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_wrong_file_is_refused_with_the_place(content: Any, words: str) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    with pytest.raises(WrongFile) as refused:
        report(text)
    assert words in str(refused.value)


def test_a_file_nested_without_end_is_refused() -> None:
    with pytest.raises(WrongFile, match="nested"):
        report("[" * 200_000 + "]" * 200_000)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["goal", "series", "week", "value", "target", "due_week", "cases"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_whatever_comes_is_answered_or_refused_in_one_sentence(content: Any) -> None:
    answer, refused = None, ""
    try:
        answer = report(json.dumps(content))
    except WrongFile as error:
        refused = str(error)
    assert answer is not None or (refused and "\n" not in refused)
    json.dumps(answer, allow_nan=False)
