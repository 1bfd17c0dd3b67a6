"""A set, understood: its small tables. Persons, ties and namings lie in the scratch."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Org:
    """A school, a district or another body."""

    name: str
    type: str
    parent: str
    line: int
    state: int


@dataclass
class Year:
    """A school year or a part of one, as days."""

    name: str
    starts: date
    ends: date
    # The year that a part belongs to; empty for a year.
    year: str = ""


@dataclass
class Session:
    """One row of academicSessions.csv."""

    title: str
    type: str
    starts: date
    ends: date
    parent: str
    label: str
    line: int
    state: int


@dataclass
class Group:
    """A class."""

    name: str
    room: str
    school: str
    year: str
    first_day: date | None
    line: int
    state: int


@dataclass
class Understood:
    """The small tables of the set. Persons, ties and namings lie in the scratch."""

    schools: dict[str, str | None] = field(default_factory=dict)
    orgs: dict[str, Org] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    years: dict[str, Year] = field(default_factory=dict)
    year_of: dict[str, str] = field(default_factory=dict)
    courses: dict[str, tuple[str, str]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
