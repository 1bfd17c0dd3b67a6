"""The Driver Model's data: whole, in both languages, in our own words, without a number for a place."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import FILE, LEARNER_PATHS, ModelError, driver_model, load
from learnpath.continuum.rules import RULES
from learnpath.record import Verb

MODEL = driver_model()
RAW: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
SOURCE_RUNS = frozenset(Path(__file__).with_name("source_runs.txt").read_text().split())
RUN = 8

# The structure and the LEAP codes of the source, typed a second time from its pages.
STRANDS = {
    "foundational_practices": {
        "relationships": "LE.1 LE.2 LE.3 P.1",
        "culture": "LE.1 LE.2 P.1 P.4",
        "mindset": "LE.2",
        "metacognition": "I.2 I.5 I.6 I.7",
    },
    "learner_paths": {
        "learner_profile_data": "LE.1 I.1 P.1 P.2 I.5 I.6 I.7",
        "goal_setting_progress_monitoring": "P.2 I.1 I.6 I.5 I.7",
    },
    "evolving_roles": {
        "learner_as_lead": "I.6 I.1 I.3 I.8",
        "learner_collaboration": "I.8 I.2 I.5 I.7",
    },
    "strategic_resource_use": {
        "strategic_space": "LE.4 I.6",
        "strategic_tech": "I.2 LE.4 I.6",
        "strategic_time": "",
        "strategic_community": "LE.1 P.4",
    },
    "competencies": {
        "competency_based_progression": "I.6 I.1 I.7 I.5",
        "demonstration_of_learning": "I.7 I.5 I.1 I.2",
    },
}


def texts(value: Any) -> Iterator[str]:
    """Yield every text in a piece of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


def test_five_groups_hold_fourteen_strands_with_their_leap_codes() -> None:
    found = {g.key: {s.key: " ".join(s.leap) for s in g.strands} for g in MODEL.groups}
    assert found == STRANDS


def test_every_cell_speaks_to_three_readers_in_two_languages() -> None:
    cells = [
        cell[language][reader]
        for strand in MODEL.strands.values()
        for cell in strand.columns.values()
        for language in ("en", "es")
        for reader in ("learner", "family", "educator")
    ]
    assert len(cells) == 14 * 4 * 2 * 3
    assert len(set(cells)) == len(cells), "a cell says the same as another one"


def test_fifteen_indicators_stand_in_the_two_strands_and_in_one_thread_each() -> None:
    strands = {one.strand for one in MODEL.indicators.values()}
    group = next(group for group in MODEL.groups if group.key == LEARNER_PATHS)
    assert strands == {strand.key for strand in group.strands}
    gathered = [key for thread in MODEL.threads for key in thread.indicators]
    assert len(MODEL.threads) == 5
    assert sorted(gathered) == sorted(MODEL.indicators)
    assert len(gathered) == 15


def test_every_indicator_has_a_rule_and_every_rule_an_indicator() -> None:
    assert RULES.keys() == MODEL.indicators.keys()


def test_every_threshold_has_its_reason_and_every_column_but_the_last_its_next_step() -> None:
    for one in MODEL.indicators.values():
        assert one.thresholds, one.key
        assert list(one.next) == list(Column)[:-1]
        for threshold in one.thresholds.values():
            assert all(len(threshold.reason[language].split()) >= 6 for language in ("en", "es"))


def test_every_indicator_names_the_events_it_reads() -> None:
    named = {verb for one in MODEL.indicators.values() for verb in one.reads}
    assert named <= set(Verb)
    for one in MODEL.indicators.values():
        rule = RULES[one.key]
        read = {Verb[name] for name in verbs_in(rule)}
        assert read == set(one.reads), f"{one.key} reads {sorted(read ^ set(one.reads))} unsaid"


RULES_ARE_IN = "learnpath.continuum.rules"


def verbs_in(rule: Any) -> set[str]:
    """Return the names of the verbs that a rule and what it calls among the rules look for."""
    found, waiting, seen = set(), [(rule.__code__, rule.__globals__)], set()
    while waiting:
        code, module = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        found |= {name for name in code.co_names if name in Verb.__members__}
        waiting += [(const, module) for const in code.co_consts if hasattr(const, "co_names")]
        for name in code.co_names:
            called = module.get(name)
            if hasattr(called, "__code__") and called.__module__.startswith(RULES_ARE_IN):
                waiting.append((called.__code__, called.__globals__))
            if isinstance(called, tuple):
                found |= {verb.name for verb in called if isinstance(verb, Verb)}
    return found | ({"GAP_EXPLAINED"} if _counts_weeks(seen) else set())


def _counts_weeks(codes: set[Any]) -> bool:
    return any({"weeks_that_count", "explained"} & set(code.co_names) for code in codes)


def test_what_people_may_have_seen_is_something_that_the_rule_reads() -> None:
    for one in MODEL.indicators.values():
        for sighting in one.seen.values():
            assert sighting.verb is None or sighting.verb in one.reads, (one.key, sighting.key)


def test_no_run_of_eight_words_of_the_source_stands_in_our_words() -> None:
    assert len(SOURCE_RUNS) > 4000
    for text in texts(RAW):
        words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
        for start in range(len(words) - RUN + 1):
            run = " ".join(words[start : start + RUN])
            assert hashlib.sha256(run.encode()).hexdigest()[:10] not in SOURCE_RUNS, run


def test_the_check_for_copied_words_would_find_one() -> None:
    known = "learners and teachers use the learner profile data to"
    words = known.split()[:RUN]
    assert hashlib.sha256(" ".join(words).encode()).hexdigest()[:10] in SOURCE_RUNS


def test_no_place_is_told_by_a_digit() -> None:
    for names in MODEL.columns.values():
        for words in (names.learner, names.drivers, names.foundations):
            assert not re.search(r"\d", " ".join(words.values()))
    for thread in MODEL.threads:
        assert not any(re.search(r"\d", text) for text in texts(RAW["threads"]) if " " in text)
        assert list(thread.sentences) == list(Column)
    for group in RAW["groups"]:
        for strand in group["strands"]:
            assert not any(re.search(r"\d", text) for text in texts(strand["columns"]))


def test_words_for_learners_are_short_sentences() -> None:
    for strand in MODEL.strands.values():
        for cell in strand.columns.values():
            sentences = re.split(r"[.!?] ", cell["en"]["learner"])
            assert max(len(sentence.split()) for sentence in sentences) <= 20, cell["en"]["learner"]


def test_words_for_learners_read_at_about_grade_four() -> None:
    said = " ".join(c["en"]["learner"] for s in MODEL.strands.values() for c in s.columns.values())
    assert flesch_kincaid(said) <= 4.5


def test_words_for_families_read_at_about_grade_six() -> None:
    said = " ".join(c["en"]["family"] for s in MODEL.strands.values() for c in s.columns.values())
    assert flesch_kincaid(said) <= 6.5


def test_what_a_learner_may_try_reads_at_about_grade_four() -> None:
    steps = [words["learner"]["en"] for i in MODEL.indicators.values() for words in i.next.values()]
    told = [words["learner"]["en"] for t in MODEL.threads for words in t.sentences.values()]
    assert flesch_kincaid(" ".join(steps)) <= 4
    assert flesch_kincaid(" ".join(told)) <= 4


def to_learner(language: str) -> list[str]:
    """Return all that "How do we know?" says to a learner, besides what was counted."""
    found = [gate.told["learner"][language] for gate in MODEL.gates.values()]
    for one in MODEL.indicators.values():
        told = one.told["learner"]
        found += [words[language] for words in (told.name, told.asks, *told.columns.values())]
        found += [each.told["learner"][language] for each in one.thresholds.values()]
        found += [each.told["learner"][language] for each in one.seen.values()]
    return found


def test_a_learner_is_told_how_we_know_as_you_and_never_as_the_learner() -> None:
    assert len(to_learner("en")) > 150
    for text in to_learner("en"):
        assert not re.search(r"\b(learners?|students?|children|child)\b", text, re.IGNORECASE), text
    for text in to_learner("es"):
        assert not re.search(r"\b(estudiantes?|niños?|usted)\b", text, re.IGNORECASE), text


def test_how_we_know_reads_at_about_grade_four_for_a_learner() -> None:
    told = [text.rstrip(".?") + "." for text in to_learner("en")]
    assert flesch_kincaid(" ".join(told)) <= 4
    for text in told:
        assert max(len(each.split()) for each in re.split(r"[.!?] ", text)) <= 20, text


def flesch_kincaid(text: str) -> float:
    """Return the school grade whose readers read the text with ease."""
    sentences = [s for s in re.split(r"[.!?:]+", text) if s.strip()]
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(_syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = (
        word.lower().endswith("e") and not word.lower().endswith(("le", "ee")) and len(groups) > 1
    )
    return max(1, len(groups) - silent)


def test_banned_words_stand_nowhere() -> None:
    banned = re.compile(
        r"\b(fail\w*|behind|overdue|late|missed|low-level|deficit)\b", re.IGNORECASE
    )
    for text in texts(
        {"groups": RAW["groups"], "threads": RAW["threads"], "indicators": RAW["indicators"]}
    ):
        assert not banned.search(text), text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda raw: raw["indicators"][0].update(strand="nowhere"), "there is no strand nowhere"),
        (lambda raw: raw["indicators"][0].update(thread="nowhere"), "there is no thread nowhere"),
        (lambda raw: raw["threads"][0]["name"].update(es=" "), "words are needed in en and es"),
        (lambda raw: raw["groups"][0]["strands"][0]["columns"].pop(), "four columns are needed"),
        (lambda raw: raw["groups"][0]["strands"][0]["columns"].reverse(), "in their order"),
        (lambda raw: raw["groups"][0]["strands"][0]["columns"][0]["es"].pop("family"), "no words for family"),
        (lambda raw: raw["indicators"][0].update(reads=["danced"]), "danced"),
        (lambda raw: raw["indicators"][0]["to_learner"].pop("asks"), "data_rhythm, to_learner"),
        (lambda raw: raw["indicators"][0]["columns"][1]["to_learner"].pop("es"), "to_learner, toward"),
        (lambda raw: raw["indicators"][0]["seen"][0].pop("to_learner"), "talked_over_data, to_learner"),
        (lambda raw: raw["gates"][0].pop("to_learner"), "weeks_of_record, to_learner"),
        (lambda raw: raw.pop("gates"), "gates"),
    ],
)  # fmt: skip
def test_a_mended_file_that_does_not_hold_is_refused_with_its_place(change: Any, told: str) -> None:
    raw = json.loads(FILE.read_text(encoding="utf-8"))
    change(raw)
    with pytest.raises(ModelError, match=told):
        load(json.dumps(raw))


def test_a_file_that_is_not_json_is_refused_with_its_line() -> None:
    with pytest.raises(ModelError, match="line 2"):
        load('{"a": 1,\n,}')
