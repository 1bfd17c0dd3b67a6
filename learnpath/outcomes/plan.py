"""What a file would do, told before anything is done: counts, what is unclear, and every row that is wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from learnpath.db import canonical_json
from learnpath.outcomes.compare import Compared, Does, NoLearner, Value
from learnpath.outcomes.rows import Passed, Read, Unknown, Wrong

MOST_NAMED = 500
VERSION = 1


@dataclass
class Seen:
    """One measure of a file: how many values, for how many learners, from which day to which."""

    values: int = 0
    learners: set[int] = field(default_factory=set)
    first: date = date.max
    last: date = date.min

    def count(self, value: Value) -> None:
        """Count one value."""
        self.values += 1
        self.learners.add(value.learner_id)
        self.first = min(self.first, value.read.day)
        self.last = max(self.last, value.read.day)


@dataclass
class UnknownCode:
    """A code that the mapping does not tell the meaning of: how often, and where first."""

    line: int
    values: int = 0


@dataclass
class OutcomePlan:
    """What a file would do. What is named one by one is named up to ``MOST_NAMED``, and counted in full."""

    file: str
    mapping: str
    strict: bool = False
    rows: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    measures: dict[tuple[str, str, str], Seen] = field(default_factory=dict)
    conflicts: list[Value] = field(default_factory=list)
    unknown_learners: Counter[str] = field(default_factory=Counter)
    unknown_codes: dict[tuple[str, str], UnknownCode] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    wrong_count: int = 0
    stopped: bool = False

    @property
    def takes(self) -> int:
        """How many values would be written."""
        return self.counts[Does.ADD] + self.counts[Does.REPLACE]

    @property
    def can_apply(self) -> bool:
        """Whether it may be applied: nothing stops it, and there is something in it."""
        nothing = not (self.takes or self.counts[Does.KEEP])
        incomplete = self.strict and (self.wrong_count or self.unknown_learners)
        return not (self.stopped or self.unknown_codes or incomplete or nothing)

    def note(self, portion: Iterable[Compared]) -> None:
        """Count what a portion of the file does."""
        for one in portion:
            if isinstance(one, Value):
                self._note_value(one)
            elif isinstance(one, NoLearner):
                self.left_out["no_learner"] += 1
                self._name(self.unknown_learners, one.read.key)
            elif isinstance(one, Unknown):
                self.left_out["code_unknown"] += 1
                self._name_code(one)
            elif isinstance(one, Passed):
                self.left_out[one.reason] += 1
            elif isinstance(one, Wrong):
                self.refuse(one)

    def refuse(self, wrong: Wrong) -> None:
        """Note a row that is not taken."""
        self.wrong_count += 1
        self.stopped = self.stopped or wrong.stops
        self.left_out["wrong"] += 1
        if len(self.wrong) < MOST_NAMED or wrong.stops:
            self.wrong.append(wrong)

    def _note_value(self, value: Value) -> None:
        self.counts[value.does] += 1
        read = value.read
        if value.does is Does.CONFLICT:
            self.left_out["conflict"] += 1
            if len(self.conflicts) < MOST_NAMED:
                self.conflicts.append(value)
        about = (read.kind, read.measure, read.source)
        if about in self.measures or len(self.measures) < MOST_NAMED:
            self.measures.setdefault(about, Seen()).count(value)

    def _name_code(self, unknown: Unknown) -> None:
        about = (unknown.column, unknown.code)
        if about in self.unknown_codes or len(self.unknown_codes) < MOST_NAMED:
            self.unknown_codes.setdefault(about, UnknownCode(unknown.line)).values += 1

    def _name(self, named: Counter[str], key: str) -> None:
        if key in named or len(named) < MOST_NAMED:
            named[key] += 1

    def summary(self) -> dict[str, int]:
        """Return the counts that stay with an import."""
        return {
            "rows": self.rows,
            **{str(does): self.counts[does] for does in Does},
            **{f"left_out_{reason}": count for reason, count in sorted(self.left_out.items())},
        }

    def digest(self) -> str:
        """Return what tells whether a plan is the one that somebody read."""
        said = canonical_json({**self.as_json(), "kind": "seen"})
        return hashlib.sha256(said.encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return the plan as JSON."""
        return {
            "version": VERSION,
            "kind": "outcomes",
            "file": self.file,
            "mapping": self.mapping,
            "rows": self.rows,
            **{str(does): self.counts[does] for does in Does},
            "can_apply": self.can_apply,
            "measures": [
                {
                    "kind": kind, "measure": measure, "source": source, "values": seen.values,
                    "learners": len(seen.learners), "first": seen.first.isoformat(),
                    "last": seen.last.isoformat(),
                }
                for (kind, measure, source), seen in sorted(self.measures.items())
            ],
            "conflicts": [_conflict(value) for value in self.conflicts],
            "unknown_learners": [
                {"key": key, "values": count} for key, count in self.unknown_learners.items()
            ],
            "unknown_codes": [
                {"column": column, "code": code, "values": one.values, "line": one.line}
                for (column, code), one in self.unknown_codes.items()
            ],
            "left_out": dict(sorted(self.left_out.items())),
            "wrong": [
                {
                    "file": one.file, "line": one.line, "column": one.column, "reason": str(one.reason),
                    "stops": one.stops,
                }
                for one in self.wrong
            ],
        }  # fmt: skip


def _conflict(value: Value) -> dict[str, Any]:
    read: Read = value.read
    return {
        "file": read.file,
        "line": read.line,
        "learner": read.key,
        "measure": read.measure,
        "day": read.day.isoformat(),
        "there": format(value.before, "f") if value.before is not None else "",
        "new": format(read.value, "f"),
    }
