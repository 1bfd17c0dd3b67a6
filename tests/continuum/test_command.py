"""``learnpath continuum``: anyone can check a placement from a file, and print the model."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings, strategies as st

from learnpath.cli import main
from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.place_file import FileError, report
from learnpath.record import Verb
from learnpath.record.verbs import PAYLOAD_KEYS
from tests.continuum.build import WEEKS

DOCS = Path(__file__).parents[2] / "docs" / "continuum.md"


def event(
    verb: str, at: str, relation: str = "learner", id: int = 1, **payload: Any
) -> dict[str, Any]:
    return {
        "at": at, "relation": relation, "verb": verb, "object": {"type": "goal", "id": id},
        "payload": payload,
    }  # fmt: skip


def a_file(**changes: Any) -> dict[str, Any]:
    """Return a file of eight school weeks in which a learner keeps track."""
    weeks = [week.isoformat() for week in WEEKS[:8]]
    agreed = {"kind": "individual", "drafted_by": "learner", "shaped_by": ["learner"], "cites": 0}
    events = [
        event("goal_drafted", f"{weeks[0]}T10:00:00-06:00", kind="individual"),
        event("goal_agreed", f"{weeks[0]}T11:00:00-06:00", "teacher", **agreed),
        *(event("checked_in", f"{week}T12:00:00-06:00", week=week) for week in weeks[1:]),
    ]
    years = [{"name": "2025-26", "start": "2025-08-18", "end": "2026-05-29"}]
    return {
        "as_of": "2025-10-10", "calendar": {"weeks": weeks, "years": years}, "events": events,
        **changes,
    }  # fmt: skip


def run(content: Any, tmp_path: Path, *options: str) -> Result:
    path = tmp_path / "events.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return CliRunner().invoke(main, ["continuum", "place", str(path), *options])


def test_it_prints_indicators_threads_and_strands_with_their_facts(tmp_path: Path) -> None:
    done = run(a_file(), tmp_path)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    found = {one["key"]: one for one in told["indicators"]}
    assert found["goal_monitoring"]["column"] == "learner_driven"
    assert found["goal_monitoring"]["counted"]["weeks_checked"] == 7
    assert {"day": "2025-08-25", "verb": "checked_in", "decided_by": "learner",
            "object": {"type": "goal", "id": 1}} in found["goal_monitoring"]["facts"]  # fmt: skip
    assert found["conference_leadership"]["column"] is None
    assert found["conference_leadership"]["next"]
    assert [one["key"] for one in told["threads"]] == [t.key for t in driver_model().threads]
    assert len(told["strands"]) == 2


def test_no_place_is_a_number(tmp_path: Path) -> None:
    told = json.loads(run(a_file(), tmp_path).stdout)
    places = [one["column"] for one in told["indicators"]]
    for gathered in (*told["threads"], *told["strands"]):
        places += [gathered["from"], gathered["marker"], gathered["to"]]
    assert set(places) <= {None, *Column}


def test_decided_by_counts_not_who_typed(tmp_path: Path) -> None:
    file = a_file()
    for one in file["events"][2:]:
        one.update(relation="teacher", decided_by="learner")
    assert json.loads(run(file, tmp_path).stdout) == json.loads(run(a_file(), tmp_path).stdout)


def test_weeks_may_be_named_by_any_first_day(tmp_path: Path) -> None:
    file = a_file()
    file["calendar"]["weeks"][2] = "2025-09-02"  # the Monday was a holiday
    assert json.loads(run(file, tmp_path).stdout) == json.loads(run(a_file(), tmp_path).stdout)


def test_a_window_looks_at_its_own_weeks_only(tmp_path: Path) -> None:
    file = a_file(window={"first": "2025-09-08", "last": "2025-10-10"})
    assert json.loads(run(file, tmp_path).stdout)["school_weeks"] == 5


def test_words_come_in_spanish_too(tmp_path: Path) -> None:
    told = json.loads(run(a_file(), tmp_path, "--lang", "es").stdout)
    assert any("estudiante" in (one["next"] or "") for one in told["indicators"])


def test_it_reads_standard_input() -> None:
    done = CliRunner().invoke(main, ["continuum", "place", "-"], input=json.dumps(a_file()))
    assert done.exit_code == 0


def broken(**changes: Any) -> dict[str, Any]:
    file = a_file()
    file["events"][1] = {**file["events"][1], **changes}
    return file


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "line 1, column 2: not JSON"),
        ("[]", "the whole must be an object"),
        (a_file(as_of="soon"), "as_of: a date such as"),
        (a_file(calendar={"weeks": [], "years": []}), "at least one school week"),
        (a_file(calendar=None), "calendar: an object is expected, not nothing"),
        (a_file(events={}), "events: a list is expected"),
        (a_file(time_zone="Mars"), "time_zone"),
        (a_file(window={"first": "2025-10-01", "last": "2025-09-01"}), "comes before"),
        (broken(verb="danced"), 'event 2, verb: "danced" is not known'),
        (broken(relation="boss"), 'event 2, relation: "boss" is not known'),
        (broken(at="today"), "event 2, at: a moment such as"),
        (broken(at=5), "event 2, at: a moment such as"),
        (broken(object={"id": 1}), "event 2, object"),
        (broken(object={"type": "goal", "id": True}), "event 2, object"),
        (broken(payload=[]), "event 2, payload"),
        (broken(payload={"week": "x"}), "event 2, payload, week"),
        (broken(verb="observed", payload={"day": "x"}), "event 2, payload, day"),
        (broken(payload={"cards": {"learner": "many"}}), "event 2, payload, cards, learner"),
        (broken(payload={"number": "two"}), "event 2, payload, number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_file_ends_with_one_clear_line(content: Any, words: str, tmp_path: Path) -> None:
    done = run(content, tmp_path)
    assert done.exit_code == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.output


def test_a_file_that_is_not_there_is_a_matter_of_usage(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["continuum", "place", str(tmp_path / "none.json")])
    assert done.exit_code == 2
    assert "cannot be read" in done.stderr


def test_a_payload_field_that_nobody_reads_is_named_and_passed_over(tmp_path: Path) -> None:
    file = a_file()
    file["events"][0]["payload"]["mood"] = "good"
    done = run(file, tmp_path)
    assert done.exit_code == 0
    assert "event 1: goal_drafted does not say mood; passed over" in done.stderr


def test_the_model_prints_as_json_and_as_lines() -> None:
    done = CliRunner().invoke(main, ["continuum", "model", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    strands = [strand for group in told["groups"] for strand in group["strands"]]
    assert len(strands) == 14
    first = strands[0]["columns"][0]
    assert first["key"] == "teacher_driven"
    assert first["es"].keys() == first["en"].keys() == {"learner", "family", "educator"}
    lines = CliRunner().invoke(main, ["continuum", "model", "--lang", "es"])
    assert "Denver Public Schools" in lines.stdout
    assert "Metas y seguimiento del avance" in lines.stdout


def test_the_document_names_every_verb_with_every_field_it_may_say() -> None:
    text = DOCS.read_text(encoding="utf-8")
    for verb in driver_model().verbs_read | {Verb.ENROLLED}:
        row = re.search(rf"^\| `{verb}` \|.*$", text, re.MULTILINE)
        assert row, f"docs/continuum.md does not tell of {verb}"
        for key in PAYLOAD_KEYS.get(verb, frozenset()):
            assert f"`{key}`" in row.group(), f"docs/continuum.md: {verb} may say {key}"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def any_event(draw: st.DrawFn, *verbs: Verb) -> dict[str, Any]:
    """Draw an event whose payload says its verb's fields, with anything in them."""
    verb = draw(st.sampled_from(sorted(verbs or driver_model().verbs_read)))
    keys = sorted(PAYLOAD_KEYS.get(verb, frozenset()))
    payload = {key: draw(ANYTHING) for key in keys if draw(st.booleans())}
    at = draw(
        st.sampled_from(["2025-08-19", "2025-09-02T10:00:00-06:00", "0001-01-01", "9999-12-31"])
    )
    return event(verb, at, draw(st.sampled_from(["learner", "teacher", "family"])), **payload)


@given(events=st.lists(any_event(), max_size=6))
@settings(max_examples=80, deadline=None)
def test_whatever_a_payload_holds_there_is_an_answer_or_one_clear_line(
    events: list[dict[str, Any]],
) -> None:
    answers_or_says_why(events)


@given(events=st.lists(any_event(Verb.GOAL_AGREED, Verb.SESSION_HELD, Verb.CARD_LED), max_size=6))
@settings(max_examples=80, deadline=None)
def test_whatever_an_agreement_or_a_conference_holds_there_is_an_answer_too(
    events: list[dict[str, Any]],
) -> None:
    answers_or_says_why(events)


def answers_or_says_why(events: list[dict[str, Any]]) -> None:
    reason, found = "", 15
    try:
        told, _passed_over = report(json.dumps(a_file(events=events)))
        found = len(told["indicators"])
    except FileError as error:
        reason = str(error)
    assert found == 15
    assert "\n" not in reason
