"""The Driver Model as data: read once from ``driver_model.json`` and held to its shape.

Fourteen strands in five groups with four columns each, the fifteen indicators of Learner Paths with
their thresholds and reasons, and the five threads that gather them for a learner. A school that mends
the file is told in one line what is wrong with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from learnpath.continuum.columns import Column
from learnpath.continuum.counted_words import FORMS, Clause
from learnpath.record.verbs import Relation, Verb

FILE = Path(__file__).with_name("driver_model.json")
LANGUAGES = ("en", "es")
READERS = ("learner", "family", "educator")
VOICES = ("learner", "educator")
LEARNER_PATHS = "learner_paths"

Words = Mapping[str, str]  # language -> text
Voices = Mapping[str, Words]  # reader -> language -> text
Clauses = Mapping[str, Mapping[str, tuple[Clause, ...]]]  # reader -> language -> sentences


class ModelError(Exception):
    """The data file does not have its shape; the text says where."""


@dataclass(frozen=True)
class Threshold:
    """A number that a rule asks for, and why it is this one."""

    key: str
    value: str
    reason: Words
    told: Voices

    @cached_property
    def number(self) -> Fraction:
        """The value, exact: "3/4" is three quarters."""
        return Fraction(self.value)


@dataclass(frozen=True)
class Sighting:
    """Something that a person may have seen and the record could not: it counts like ``verb``."""

    key: str
    verb: Verb | None
    decided_by: Relation | None
    payload: Mapping[str, Any]
    name: Words
    told: Voices


@dataclass(frozen=True)
class Told:
    """What an indicator is called, asks and sees, as one reader is told: a learner is "you"."""

    name: Words
    asks: Words
    columns: Mapping[Column, Words]


@dataclass(frozen=True)
class Indicator:
    """One observable thing of a strand."""

    key: str
    strand: str
    thread: str
    name: Words
    asks: Words
    reads: tuple[Verb, ...]
    columns: Mapping[Column, Words]
    thresholds: Mapping[str, Threshold]
    next: Mapping[Column, Voices]
    says: Clauses
    seen: Mapping[str, Sighting]
    told: Mapping[str, Told]  # reader -> words


@dataclass(frozen=True)
class Thread:
    """Some indicators that a learner reads as one plain thing."""

    key: str
    name: Words
    about: Words
    sentences: Mapping[Column, Voices]
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class Strand:
    """A secondary driver: four columns, each in the words of three readers."""

    key: str
    group: str
    name: Words
    about: Words
    leap: tuple[str, ...]
    columns: Mapping[Column, Mapping[str, Words]]  # column -> language -> reader -> text


@dataclass(frozen=True)
class Group:
    """A primary driver, or the foundational practices."""

    key: str
    name: Words
    about: Words
    strands: tuple[Strand, ...]


@dataclass(frozen=True)
class ColumnNames:
    """What a column is called: for learners, in the drivers, in the foundational practices."""

    learner: Words
    drivers: Words
    foundations: Words


@dataclass(frozen=True)
class DriverModel:
    """The whole model."""

    source: Mapping[str, str]
    columns: Mapping[Column, ColumnNames]
    gates: Mapping[str, Threshold]
    groups: tuple[Group, ...]
    indicators: Mapping[str, Indicator]
    threads: tuple[Thread, ...]
    raw: Mapping[str, Any]

    @property
    def strands(self) -> dict[str, Strand]:
        """All strands by their key, in the model's order."""
        return {strand.key: strand for group in self.groups for strand in group.strands}

    def indicators_of(self, strand: str) -> tuple[Indicator, ...]:
        """Return the indicators of a strand, in the model's order."""
        return tuple(one for one in self.indicators.values() if one.strand == strand)

    @property
    def verbs_read(self) -> frozenset[Verb]:
        """Every verb that some indicator reads, with the observations that may stand for them."""
        read = frozenset(v for one in self.indicators.values() for v in one.reads)
        # Data that was withdrawn counts no more, so that has to be known too.
        return read | {Verb.OBSERVED, Verb.OUTCOME_WITHDRAWN}


@cache
def driver_model() -> DriverModel:
    """Return the model of this installation."""
    return load(FILE.read_text(encoding="utf-8"))


def load(text: str) -> DriverModel:
    """Return the model that ``text`` (JSON) holds. Raises ModelError with the place that is wrong."""
    try:
        raw = json.loads(text)
    except json.JSONDecodeError as error:
        raise ModelError(f"line {error.lineno}: {error.msg}") from None
    try:
        return _model(raw)
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"a part is not there or not as it should be: {error}") from None


def _model(raw: Mapping[str, Any]) -> DriverModel:
    indicators = {one["key"]: _indicator(one) for one in raw["indicators"]}
    model = DriverModel(
        source=raw["source"],
        columns=_each_column(raw["columns"], "columns", _column_names),
        gates=_thresholds(raw["gates"], "gates"),
        groups=tuple(_group(one) for one in raw["groups"]),
        indicators=indicators,
        threads=tuple(_thread(one, indicators.values()) for one in raw["threads"]),
        raw=raw,
    )
    _hold_together(model)
    return model


def _hold_together(model: DriverModel) -> None:
    threads = {thread.key for thread in model.threads}
    for one in model.indicators.values():
        if one.strand not in model.strands:
            raise ModelError(f"indicator {one.key}: there is no strand {one.strand}")
        if one.thread not in threads:
            raise ModelError(f"indicator {one.key}: there is no thread {one.thread}")


def _words(raw: Any, where: str) -> Words:
    if not isinstance(raw, dict) or not all(str(raw.get(lang, "")).strip() for lang in LANGUAGES):
        raise ModelError(f"{where}: words are needed in {' and '.join(LANGUAGES)}")
    return {lang: str(raw[lang]) for lang in LANGUAGES}


def _voices(raw: Mapping[str, Any], where: str) -> Voices:
    return {who: _words(raw.get(who), f"{where}, {who}") for who in VOICES}


def _told(own: Words, raw: Mapping[str, Any], where: str) -> Voices:
    """Return what educators read, and beside it what is said to the learner."""
    return {"educator": own, "learner": _words(raw.get("to_learner"), f"{where}, to_learner")}


def _said(raw: Mapping[str, Any], where: str) -> dict[str, tuple[Clause, ...]]:
    return {
        lang: tuple(_clause(one, f"{where}, {lang}") for one in raw[lang]) for lang in LANGUAGES
    }


def _clause(raw: Mapping[str, Any], where: str) -> Clause:
    forms = {form: str(raw[form]) for form in FORMS if form in raw}
    if not {"one", "many"} <= forms.keys():
        raise ModelError(f"{where}, {raw['count']}: words for one and for many are needed")
    return Clause(str(raw["count"]), raw.get("among"), forms)


def _each_column(raw: Iterable[Mapping[str, Any]], where: str, make: Any) -> dict[Column, Any]:
    made = {Column(one["key"]): make(one, f"{where}, {one['key']}") for one in raw}
    if list(made) != list(Column):
        raise ModelError(f"{where}: the four columns are needed, in their order")
    return made


def _column_names(raw: Mapping[str, Any], where: str) -> ColumnNames:
    return ColumnNames(
        *(
            _words(raw.get(part), f"{where}, {part}")
            for part in ("learner", "drivers", "foundations")
        )
    )


def _cell(raw: Mapping[str, Any], where: str) -> dict[str, Words]:
    for lang in LANGUAGES:
        missing = [who for who in READERS if not str(raw[lang].get(who, "")).strip()]
        if missing:
            raise ModelError(f"{where}, {lang}: no words for {', '.join(missing)}")
    return {lang: raw[lang] for lang in LANGUAGES}


def _group(raw: Mapping[str, Any]) -> Group:
    where = f"group {raw['key']}"
    return Group(
        raw["key"], _words(raw["name"], where), _words(raw["about"], where),
        tuple(_strand(one, raw["key"]) for one in raw["strands"]),
    )  # fmt: skip


def _strand(raw: Mapping[str, Any], group: str) -> Strand:
    where = f"strand {raw['key']}"
    return Strand(
        raw["key"], group, _words(raw["name"], where), _words(raw["about"], where),
        tuple(raw["leap"]), _each_column(raw["columns"], where, _cell),
    )  # fmt: skip


def _thresholds(raw: Iterable[Mapping[str, Any]], where: str) -> dict[str, Threshold]:
    return {one["key"]: _threshold(one, f"{where}, {one['key']}") for one in raw}


def _threshold(raw: Mapping[str, Any], where: str) -> Threshold:
    reason = _words(raw["reason"], where)
    return Threshold(raw["key"], str(raw["value"]), reason, _told(reason, raw, where))


def _sighting(raw: Mapping[str, Any], where: str) -> Sighting:
    name = _words(raw, where)
    return Sighting(
        raw["key"],
        Verb(raw["verb"]) if raw["verb"] else None,
        Relation(raw["decided_by"]) if raw["decided_by"] else None,
        raw["payload"],
        name,
        _told(name, raw, where),
    )


def _indicator(raw: Mapping[str, Any]) -> Indicator:
    where = f"indicator {raw['key']}"
    plain = Told(
        _words(raw["name"], where), _words(raw["asks"], where),
        _each_column(raw["columns"], where, _words),
    )  # fmt: skip
    return Indicator(
        key=raw["key"], strand=raw["strand"], thread=raw["thread"],
        name=plain.name, asks=plain.asks,
        reads=tuple(Verb(verb) for verb in raw["reads"]),
        columns=plain.columns,
        thresholds=_thresholds(raw["thresholds"], where),
        next={Column(one["from"]): _voices(one, f"{where}, next") for one in raw["next"]},
        says={who: _said(raw["says"][who], f"{where}, says, {who}") for who in VOICES},
        seen={one["key"]: _sighting(one, f"{where}, {one['key']}") for one in raw["seen"]},
        told={"educator": plain, "learner": _to_learner(raw, f"{where}, to_learner")},
    )  # fmt: skip


def _to_learner(raw: Mapping[str, Any], where: str) -> Told:
    own = raw.get("to_learner") or {}
    return Told(
        _words(own.get("name"), where), _words(own.get("asks"), where),
        _each_column(raw["columns"], where, lambda one, at: _words(one.get("to_learner"), at)),
    )  # fmt: skip


def _thread(raw: Mapping[str, Any], indicators: Iterable[Indicator]) -> Thread:
    where = f"thread {raw['key']}"
    return Thread(
        raw["key"], _words(raw["name"], where), _words(raw["about"], where),
        _each_column(raw["sentences"], where, _voices),
        tuple(one.key for one in indicators if one.thread == raw["key"]),
    )  # fmt: skip
