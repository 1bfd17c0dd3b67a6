"""What was counted, in sentences: none, one, some and all, in both languages, for both readers."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings, strategies as st

from learnpath.continuum.counted_words import Clause, sentences, shortly
from learnpath.continuum.driver_model import LANGUAGES, VOICES, ModelError, driver_model, load
from learnpath.continuum.facts import gather
from learnpath.continuum.rules import RULES, Limits
from tests.continuum.build import CALENDAR, friday

EVERYTHING = [
    (key, who, language)
    for key in driver_model().indicators
    for who in VOICES
    for language in LANGUAGES
]


def counted_by(key: str) -> dict[str, int]:
    """Return what the rule of an indicator counts, over a record without anything in it."""
    limits = Limits(driver_model().indicators[key].thresholds)
    return dict(RULES[key](gather([], CALENDAR, friday(10)), limits).counted)


@pytest.mark.parametrize("key", driver_model().indicators)
def test_a_sentence_speaks_of_what_its_rule_counts(key: str) -> None:
    counted = counted_by(key)
    for voice in driver_model().indicators[key].says.values():
        for clauses in voice.values():
            for clause in clauses:
                assert {clause.count, clause.among or clause.count} <= counted.keys()


@pytest.mark.parametrize(("key", "who", "language"), EVERYTHING)
@given(numbers=st.lists(st.integers(0, 3), min_size=6, max_size=6))
@settings(max_examples=15)
def test_no_number_sounds_like_a_machine(
    key: str, who: str, language: str, numbers: list[int]
) -> None:
    counted = dict(zip(counted_by(key), numbers, strict=False))
    said = sentences(driver_model().indicators[key].says[who][language], counted)
    assert said, "something is said whatever was counted"
    # "2 of 3 weeks" is a fact; "0 weeks", "1 weeks" and "2 of 0" are not sentences.
    assert not re.search(r"\b0\b|\b1\b", said), said
    assert "%" not in said


def test_the_words_follow_the_count() -> None:
    clause = Clause("led", "parts", {"none": "None.", "one": "One.", "many": "%(led)s of %(parts)s.",
                                     "all": "All.", "only": "It.", "without": "Nothing yet."})  # fmt: skip
    said = [clause.said({"led": led, "parts": parts}) for led, parts in
            [(0, 0), (0, 4), (1, 4), (1, 1), (2, 4), (4, 4), (5, 4)]]  # fmt: skip
    assert said == ["Nothing yet.", "None.", "One.", "It.", "2 of 4.", "All.", "All."]


def test_in_short_what_there_was_and_without_anything_all_of_it() -> None:
    clauses = [
        Clause(
            "talks", None, {"none": "No talk yet.", "one": "One talk.", "many": "%(talks)s talks."}
        ),
        Clause("changes", None, {"one": "One change.", "many": "%(changes)s changes."}),
    ]
    assert shortly(clauses, {"talks": 0, "changes": 2}) == "2 changes."
    assert shortly(clauses, {"talks": 0, "changes": 0}) == "No talk yet."
    assert sentences(clauses, {"talks": 0, "changes": 2}) == "No talk yet. 2 changes."


def test_a_sentence_without_words_for_many_is_refused() -> None:
    raw = json.loads(json.dumps(driver_model().raw))
    del raw["indicators"][0]["says"]["learner"]["es"][1]["many"]
    with pytest.raises(ModelError, match=r"data_rhythm.*es.*words for one and for many"):
        load(json.dumps(raw))
