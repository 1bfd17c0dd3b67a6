"""The files of a OneRoster set as data: which columns we take, what each may say, what we pass over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Cell(StrEnum):
    """What a cell of a column holds."""

    ID = "id"
    IDS = "ids"
    TEXT = "text"
    DATE = "date"
    CHOICE = "choice"
    GRADES = "grades"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Column:
    """A column that we take."""

    name: str
    cell: Cell = Cell.TEXT
    needed: bool = False
    # What a choice may say, in lower case, and how we say it.
    choices: Mapping[str, str] | None = None
    longest: int = 255


@dataclass(frozen=True)
class TableFile:
    """A file of the set. ``needed``: without it a whole set cannot be understood."""

    name: str
    columns: tuple[Column, ...]
    # Columns that the specification has and we do not read: passwords among them.
    passed_over: frozenset[str] = frozenset()
    needed: bool = True


ACTIVE, ENDED = "active", "tobedeleted"
STUDENT, TEACHER, FAMILY, STAFF = "student", "teacher", "family", "staff"


def _words(*words: str) -> dict[str, str]:
    return {word.lower(): word for word in words}


STATUS = {"active": ACTIVE, "tobedeleted": ENDED, "inactive": ENDED}
ORG_TYPES = _words("department", "school", "district", "local", "state", "national")
SESSION_TYPES = _words("gradingPeriod", "semester", "schoolYear", "term")
ENROLMENT_ROLES = {
    "student": STUDENT, "teacher": TEACHER, "administrator": STAFF, "proctor": STAFF, "aide": STAFF,
}  # fmt: skip
# Both versions' roles: senders of 1.1 use words of 1.2, and the other way round.
ROLES = {
    "student": STUDENT,
    "teacher": TEACHER,
    **dict.fromkeys(("guardian", "parent", "relative"), FAMILY),
    **dict.fromkeys(
        (
            "administrator", "aide", "counselor", "districtadministrator", "principal", "proctor",
            "siteadministrator", "systemadministrator",
        ),
        STAFF,
    ),
}  # fmt: skip

_EVERY_ROW = (
    Column("sourcedId", Cell.ID, needed=True),
    Column("status", Cell.CHOICE, choices=STATUS),
    Column("dateLastModified"),
)

ORGS = TableFile(
    "orgs.csv",
    (
        *_EVERY_ROW,
        Column("name", needed=True, longest=120),
        Column("type", Cell.CHOICE, needed=True, choices=ORG_TYPES),
        Column("parentSourcedId", Cell.ID),
    ),
    frozenset({"identifier"}),
)
SESSIONS = TableFile(
    "academicSessions.csv",
    (
        *_EVERY_ROW,
        Column("title", needed=True, longest=40),
        Column("type", Cell.CHOICE, needed=True, choices=SESSION_TYPES),
        Column("startDate", Cell.DATE, needed=True),
        Column("endDate", Cell.DATE, needed=True),
        Column("parentSourcedId", Cell.ID),
        Column("schoolYear"),
    ),
)
COURSES = TableFile(
    "courses.csv",
    (*_EVERY_ROW, Column("title", longest=80), Column("schoolYearSourcedId", Cell.ID)),
    frozenset({"courseCode", "grades", "orgSourcedId", "subjects", "subjectCodes"}),
    needed=False,
)
CLASSES = TableFile(
    "classes.csv",
    (
        *_EVERY_ROW,
        Column("title", longest=80),
        Column("courseSourcedId", Cell.ID),
        Column("classType", Cell.CHOICE, choices=_words("homeroom", "scheduled")),
        Column("location", longest=40),
        Column("schoolSourcedId", Cell.ID, needed=True),
        Column("termSourcedIds", Cell.IDS),
    ),
    frozenset({"grades", "classCode", "subjects", "subjectCodes", "periods"}),
)
_NAMES = (
    Column("enabledUser", Cell.YES_NO),
    Column("username"),
    Column("givenName", longest=80),
    Column("familyName", longest=80),
    Column("identifier", longest=80),
    Column("email", longest=254),
    Column("grades", Cell.GRADES),
    Column("agentSourcedIds", Cell.IDS),
)
_NOT_OF_USERS = frozenset({"userIds", "middleName", "sms", "phone", "password"})
USERS = {
    "1.1": TableFile(
        "users.csv",
        (
            *_EVERY_ROW,
            Column("orgSourcedIds", Cell.IDS),
            Column("role", Cell.CHOICE, needed=True, choices=ROLES),
            *_NAMES,
        ),
        _NOT_OF_USERS,
    ),
    "1.2": TableFile(
        "users.csv",
        (
            *_EVERY_ROW,
            *_NAMES,
            Column("primaryOrgSourcedId", Cell.ID),
            Column("preferredGivenName", longest=80),
            Column("preferredFamilyName", longest=80),
            Column("pronouns", longest=40),
        ),
        _NOT_OF_USERS | {"userMasterIdentifier", "preferredMiddleName", "resourceSourcedIds"},
    ),
}
ROLE_ROWS = TableFile(
    "roles.csv",
    (
        *_EVERY_ROW,
        Column("userSourcedId", Cell.ID, needed=True),
        Column("roleType", Cell.CHOICE, choices=_words("primary", "secondary")),
        Column("role", Cell.CHOICE, needed=True, choices=ROLES),
        Column("beginDate", Cell.DATE),
        Column("endDate", Cell.DATE),
        Column("orgSourcedId", Cell.ID, needed=True),
    ),
    frozenset({"userProfileSourcedId"}),
)
ENROLMENTS = TableFile(
    "enrollments.csv",
    (
        *_EVERY_ROW,
        Column("classSourcedId", Cell.ID, needed=True),
        Column("schoolSourcedId", Cell.ID),
        Column("userSourcedId", Cell.ID, needed=True),
        Column("role", Cell.CHOICE, needed=True, choices=ENROLMENT_ROLES),
        Column("beginDate", Cell.DATE),
        Column("endDate", Cell.DATE),
    ),
    frozenset({"primary"}),
)
VERSIONS = ("1.1", "1.2")


def files_of(version: str) -> tuple[TableFile, ...]:
    """Return the files that we read of a version, in the order in which one refers to another."""
    roles = (ROLE_ROWS,) if version == "1.2" else ()
    return (ORGS, SESSIONS, COURSES, CLASSES, *roles, USERS[version], ENROLMENTS)


# Files that may lie in a set and that we leave closed.
LEFT_CLOSED = frozenset(
    {
        "demographics.csv", "userProfiles.csv", "userResources.csv", "resources.csv",
        "courseResources.csv", "classResources.csv", "categories.csv", "lineItems.csv",
        "results.csv", "scoreScales.csv", "lineItemLearningObjectiveIds.csv",
        "lineItemScoreScales.csv", "resultLearningObjectiveIds.csv", "resultScoreScales.csv",
    }
)  # fmt: skip
