"""Everything that real sets get wrong: how to make it, and what the plan then says.

Each defect names the row of the plan that it must give: file, line, column, whether it stops everything,
and words of its reason; and how many rows of which file are left out for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.roster.sets import ASet, a_class, a_user, an_enrolment


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong with a set."""

    name: str
    make: Callable[[ASet], object]
    file: str
    line: int
    column: str
    words: str
    stops: bool = False
    left_out: dict[str, int] = field(default_factory=dict)
    versions: tuple[str, ...] = ("1.1", "1.2")

    def __str__(self) -> str:
        return self.name


def _cell(file: str, id: str, column: str, text: str) -> Callable[[ASet], None]:
    return lambda made: made.row(file, id).update({column: text})


def _raw(file: str, change: Callable[[bytes], bytes]) -> Callable[[ASet], None]:
    return lambda made: made.raw.update({file: change(made.bytes_of(file))})


def _header(file: str, old: str, new: str) -> Callable[[ASet], None]:
    return _raw(file, lambda content: content.replace(old.encode(), new.encode(), 1))


def _without(file: str) -> Callable[[ASet], None]:
    return lambda made: (made.modes.update({file: made.mode}), made.files.pop(file))[0]


def _twice(file: str, id: str) -> Callable[[ASet], None]:
    return lambda made: made.files[file].append(dict(made.row(file, id)))


ORGS, SESSIONS, COURSES, CLASSES, USERS, TIES, ROLES = (
    "orgs.csv", "academicSessions.csv", "courses.csv", "classes.csv", "users.csv", "enrollments.csv",
    "roles.csv",
)  # fmt: skip
FIRST, SECOND = ("1.1",), ("1.2",)

DEFECTS = [
    # -- dates, choices and cells
    Defect(
        "a date that can be two days", _cell(TIES, "e1", "beginDate", "1/05/2023"),
        TIES, 2, "beginDate", "more than one day", left_out={TIES: 1},
    ),
    Defect(
        "a day of change that can be two days", _cell(TIES, "e1", "dateLastModified", "1/05/2023"),
        TIES, 2, "dateLastModified", "more than one day",
    ),
    Defect(
        "a day of change that is none", _cell(TIES, "e1", "dateLastModified", "yesterday"),
        TIES, 2, "dateLastModified", "not a day",
    ),
    Defect(
        "a school that is called a department",
        lambda made: made.row(ORGS, "o1").update(type="department", parentSourcedId=""),
        ORGS, 3, "type", "Read as a school",
    ),
    Defect(
        "a date with a time", _cell(TIES, "e1", "beginDate", "2025-08-18T18:25:43.511Z"),
        TIES, 2, "beginDate", "with a time",
    ),
    Defect(
        "a day that no calendar has", _cell(TIES, "e1", "endDate", "2026-02-30"),
        TIES, 2, "endDate", "not a day", left_out={TIES: 1},
    ),
    Defect(
        "a date of another kind", _cell(TIES, "e1", "beginDate", "Aug 18"),
        TIES, 2, "beginDate", "not a day", left_out={TIES: 1},
    ),
    Defect(
        "an end before its beginning", _cell(TIES, "e1", "endDate", "2025-08-01"),
        TIES, 2, "endDate", "ends before", left_out={TIES: 1},
    ),
    Defect(
        "a session that ends before it begins", _cell(SESSIONS, "s", "endDate", "2025-01-01"),
        SESSIONS, 4, "endDate", "ends before", left_out={SESSIONS: 1},
    ),
    Defect(
        "a role that nobody knows", _cell(USERS, "t2", "role", "wizard"),
        USERS, 6, "role", "may stand here", left_out={USERS: 1, TIES: 1}, versions=FIRST,
    ),
    Defect(
        "a role that nobody knows, 1.2", _cell(ROLES, "r-t2", "role", "wizard"),
        ROLES, 6, "role", "may stand here", left_out={ROLES: 1, USERS: 1, TIES: 1}, versions=SECOND,
    ),
    Defect(
        "an enrolment of another role", _cell(TIES, "e1", "role", "pupil"),
        TIES, 2, "role", "may stand here", left_out={TIES: 1},
    ),
    Defect(
        "a type of organisation that nobody knows", _cell(ORGS, "d", "type", "castle"),
        ORGS, 2, "type", "may stand here", left_out={ORGS: 1},
    ),
    Defect(
        "a status that nobody knows", _cell(TIES, "e1", "status", "sleeping"),
        TIES, 2, "status", "may stand here", left_out={TIES: 1},
    ),
    Defect(
        "a grade that nobody knows", _cell(USERS, "s1", "grades", "fifth"),
        USERS, 2, "grades", "not a grade",
    ),
    Defect(
        "no sourcedId", _cell(TIES, "e1", "sourcedId", ""),
        TIES, 2, "sourcedId", "empty", left_out={TIES: 1},
    ),
    Defect(
        "a sourcedId that cannot be one", _cell(TIES, "e1", "sourcedId", "e" * 300),
        TIES, 2, "sourcedId", "cannot be a sourcedId", left_out={TIES: 1},
    ),
    Defect(
        "no class in an enrolment", _cell(TIES, "e1", "classSourcedId", ""),
        TIES, 2, "classSourcedId", "empty", left_out={TIES: 1},
    ),
    Defect(
        "a person without a name",
        lambda made: made.row(USERS, "s3").update(givenName=" ", familyName=""),
        USERS, 4, "givenName", "no name", left_out={USERS: 2, TIES: 1},
    ),
    Defect(
        "a name of a thousand letters", _cell(USERS, "s1", "givenName", "A" * 1000),
        USERS, 2, "givenName", "cut off",
    ),
    Defect(
        "a field of ten megabytes", _cell(USERS, "s2", "familyName", "x" * 10_000_000),
        USERS, 3, "familyName", "more than", left_out={USERS: 1, TIES: 1},
    ),
    # -- ids and what they lead to
    Defect(
        "the same person twice", _twice(USERS, "s1"), USERS, 9, "sourcedId", "line 2",
        left_out={USERS: 1},
    ),
    Defect(
        "the same enrolment twice", _twice(TIES, "e1"), TIES, 7, "sourcedId", "line 2",
        left_out={TIES: 1},
    ),
    Defect(
        "the same class twice", _twice(CLASSES, "c1"), CLASSES, 4, "sourcedId", "line 2",
        left_out={CLASSES: 1},
    ),
    Defect(
        "the same school twice", _twice(ORGS, "o1"), ORGS, 5, "sourcedId", "line 3",
        left_out={ORGS: 1},
    ),
    Defect(
        "the same session twice", _twice(SESSIONS, "f"), SESSIONS, 5, "sourcedId", "line 3",
        left_out={SESSIONS: 1},
    ),
    Defect(
        "one enrolment under two names",
        lambda made: an_enrolment(made, "e6", "c1", "s1", "student"),
        TIES, 7, "sourcedId", "line 2", left_out={TIES: 1},
    ),
    Defect(
        "an enrolment of nobody", _cell(TIES, "e1", "userSourcedId", "ghost"),
        TIES, 2, "userSourcedId", "“ghost” is not there", left_out={TIES: 1},
    ),
    Defect(
        "an enrolment in no class", _cell(TIES, "e1", "classSourcedId", "ghost"),
        TIES, 2, "classSourcedId", "“ghost” is not there", left_out={TIES: 1},
    ),
    Defect(
        "an enrolment at no school", _cell(TIES, "e1", "schoolSourcedId", "ghost"),
        TIES, 2, "schoolSourcedId", "“ghost” is not there", left_out={TIES: 1},
    ),
    Defect(
        "an enrolment at another school than its class", _cell(TIES, "e1", "schoolSourcedId", "o2"),
        TIES, 2, "schoolSourcedId", "another school", left_out={TIES: 1},
    ),
    Defect(
        "a student who teaches", _cell(TIES, "e1", "role", "teacher"),
        TIES, 2, "role", "cannot teach", left_out={TIES: 1},
    ),
    Defect(
        "a parent who is enrolled", lambda made: an_enrolment(made, "e6", "c1", "g1", "student"),
        TIES, 7, "role", "cannot learn", left_out={TIES: 1},
    ),
    Defect(
        "a class at no school", _cell(CLASSES, "c2", "schoolSourcedId", "ghost"),
        CLASSES, 3, "schoolSourcedId", "“ghost” is not there", left_out={CLASSES: 1, TIES: 2},
    ),
    Defect(
        "a class at a district", _cell(CLASSES, "c2", "schoolSourcedId", "d"),
        CLASSES, 3, "schoolSourcedId", "not a school", left_out={CLASSES: 1, TIES: 2},
    ),
    Defect(
        "a class in a term that is not there", _cell(CLASSES, "c1", "termSourcedIds", "ghost,f"),
        CLASSES, 2, "termSourcedIds", "“ghost” is not there",
    ),
    Defect(
        "a class in no year",
        lambda made: made.row(CLASSES, "c2").update(termSourcedIds="", courseSourcedId=""),
        CLASSES, 3, "termSourcedIds", "No school year", left_out={CLASSES: 1, TIES: 2},
    ),
    Defect(
        "a class without a name",
        lambda made: made.row(CLASSES, "c2").update(title="", courseSourcedId=""),
        CLASSES, 3, "title", "has a name", left_out={CLASSES: 1, TIES: 2},
    ),
    Defect(
        "a class of no course", _cell(CLASSES, "c1", "courseSourcedId", "ghost"),
        CLASSES, 2, "courseSourcedId", "“ghost” is not there",
    ),
    Defect(
        "a parent that is not there", _cell(ORGS, "o1", "parentSourcedId", "ghost"),
        ORGS, 3, "parentSourcedId", "“ghost” is not there",
    ),
    Defect(
        "schools above each other in a circle",
        lambda made: made.row(ORGS, "d").update(parentSourcedId="o1"),
        ORGS, 2, "parentSourcedId", "leads back",
    ),
    Defect(
        "a session above itself", _cell(SESSIONS, "f", "parentSourcedId", "f"),
        SESSIONS, 3, "parentSourcedId", "leads back",
    ),
    Defect(
        "sessions above each other in a circle",
        lambda made: (
            made.row(SESSIONS, "f").update(parentSourcedId="s"),
            made.row(SESSIONS, "s").update(parentSourcedId="f"),
        ),
        SESSIONS, 3, "parentSourcedId", "leads back",
    ),
    Defect(
        "a session below one that is not there", _cell(SESSIONS, "f", "parentSourcedId", "ghost"),
        SESSIONS, 3, "parentSourcedId", "“ghost” is not there",
    ),
    Defect(
        "a student of no school", _cell(USERS, "s3", "orgSourcedIds", "ghost"),
        USERS, 4, "orgSourcedIds", "belongs to no school", left_out={USERS: 1, TIES: 1},
        versions=FIRST,
    ),
    Defect(
        "a person of two organisations, one of them not there",
        _cell(USERS, "s3", "orgSourcedIds", "ghost, o1"),
        USERS, 4, "orgSourcedIds", "“ghost” is not there", versions=FIRST,
    ),
    Defect(
        "a person without any role",
        lambda made: made.drop(ROLES, "r-t2"),
        USERS, 6, "role", "No row of roles.csv", left_out={USERS: 1, TIES: 1}, versions=SECOND,
    ),
    Defect(
        "a role of nobody", _cell(ROLES, "r-g2", "userSourcedId", "ghost"),
        ROLES, 8, "userSourcedId", "“ghost” of this role", left_out={ROLES: 1, USERS: 1},
        versions=SECOND,
    ),
    Defect(
        "a role at no school", _cell(ROLES, "r-s1", "orgSourcedId", "ghost"),
        ROLES, 2, "orgSourcedId", "“ghost” is not there", versions=SECOND,
    ),
    # -- families
    Defect(
        "a guardian whom no child names and who names none",
        lambda made: a_user(made, "g9", "guardian", "Olga", "Alone"),
        USERS, 9, "agentSourcedIds", "No student names", left_out={USERS: 1},
    ),
    Defect(
        "a guardian who is not there", _cell(USERS, "s1", "agentSourcedIds", "g1,ghost,t2"),
        USERS, 2, "agentSourcedIds", "“ghost” is not there",
    ),
    Defect(
        "a student who is guardian of a student", _cell(USERS, "s1", "agentSourcedIds", "s2,g1,t2"),
        USERS, 2, "agentSourcedIds", "Both are students",
    ),
    Defect(
        "a person who is their own guardian", _cell(USERS, "s1", "agentSourcedIds", "s1,g1,t2"),
        USERS, 2, "agentSourcedIds", "their own guardian",
    ),
    Defect(
        "a guardian of a guardian", _cell(USERS, "g2", "agentSourcedIds", "s3,g1"),
        USERS, 8, "agentSourcedIds", "Neither of the two",
    ),
    Defect(
        "a teacher who lists students", _cell(USERS, "t1", "agentSourcedIds", "s1"),
        USERS, 5, "agentSourcedIds", "own row",
    ),
    # -- headers
    Defect(
        "an optional column that is misspelt",
        _header(USERS, "agentSourcedIds", "agentSourceIds"),
        USERS, 1, "agentSourceIds", "looks like “agentSourcedIds”", left_out={USERS: 2},
    ),
    Defect(
        "a needed column that is misspelt", _header(TIES, "userSourcedId", "userSourceId"),
        TIES, 1, "userSourcedId", "“userSourceId” looks like it", stops=True,
    ),
    Defect(
        "a column that nobody knows", _header(USERS, "middleName", "shoeSize"),
        USERS, 1, "shoeSize", "not known",
    ),
    Defect(
        "a column without a name", _header(USERS, "middleName", ""), USERS, 1, "", "has no name",
    ),
    Defect(
        "a column that is there twice", _header(USERS, "middleName", "givenName"),
        USERS, 1, "givenName", "twice", stops=True,
    ),
    Defect(
        "no header at all", _raw(TIES, lambda content: content.split(b"\n", 1)[1]),
        TIES, 1, "sourcedId", "not there", stops=True,
    ),
    Defect(
        "semicolons instead of commas", _raw(TIES, lambda content: content.replace(b",", b";")),
        TIES, 1, "", "not parted by commas", stops=True,
    ),
    # -- rows as text
    Defect(
        "a row with more cells than columns",
        _raw(TIES, lambda content: content.replace(b"e1,", b"e1,,,,,", 1)),
        TIES, 2, "", "more cells", left_out={TIES: 1},
    ),
    Defect(
        "a row with fewer cells than columns",
        _raw(TIES, lambda content: content.replace(b"student,,2025-08-18,\n", b"student\n", 1)),
        TIES, 2, "", "fewer cells",
    ),
    Defect(
        "quotation marks that do not pair",
        _raw(TIES, lambda content: content.replace(b"e1,", b'"e"1",', 1)),
        TIES, 2, "", "do not pair", left_out={TIES: 1},
    ),
    Defect(
        "a quotation mark that never closes",
        _raw(TIES, lambda content: content.replace(b"e2,", b'"e2,', 1)),
        TIES, 3, "", "never closed", stops=True,
    ),
    Defect(
        "Windows-1252 in a file that says UTF-8",
        _raw(USERS, lambda content: content.replace("José".encode(), "José".encode("cp1252"))),
        USERS, 4, "givenName", "Read as Windows-1252: “José”",
    ),
    Defect(
        "bytes that are no letter at all",
        _raw(USERS, lambda content: content.replace("José".encode(), b"Jos\x81")),
        USERS, 4, "givenName", "neither", left_out={USERS: 2, TIES: 1},
    ),
    # -- files
    Defect(
        "an empty file", _raw(TIES, lambda _content: b""), TIES, 1, "", "is empty", stops=True,
    ),
    Defect(
        "an empty file of courses", _raw(COURSES, lambda _content: b""), COURSES, 1, "", "is empty",
        left_out={COURSES: 1},
    ),
    Defect(
        "people with a header only",
        _raw(USERS, lambda content: content.split(b"\n", 1)[0] + b"\n"),
        USERS, 1, "", "no row", stops=True,
    ),
    Defect(
        "a file that is not CSV", _raw(TIES, lambda _content: b"\x89PNG\r\n\x1a\n\0\0\0"),
        TIES, 1, "", "not a CSV", stops=True,
    ),
    Defect(
        "a file with null bytes", _raw(TIES, lambda content: content + b"\0\0\0"),
        TIES, 7, "", "not a CSV", stops=True,
    ),
    Defect(
        "a page instead of a file", _raw(TIES, lambda _content: b"<html><p>Sign in</p></html>"),
        TIES, 1, "sourcedId", "not there", stops=True,
    ),
    Defect(
        "UTF-16", _raw(TIES, lambda content: content.decode().encode("utf-16")),
        TIES, 1, "", "UTF-16", stops=True,
    ),
    Defect(
        "a file that is named and not there", _without(TIES), TIES, 0, "", "not there", stops=True,
    ),
    Defect(
        "courses that are named and not there", _without(COURSES),
        "manifest.csv", 8, "value", "not there",
    ),
    Defect(
        "a file that is there and said to be absent",
        lambda made: made.modes.update({COURSES: "absent"}),
        COURSES, 0, "", "is absent",
    ),
    Defect(
        "a file of no OneRoster set", lambda made: made.raw.update({"lunch.csv": b"a,b\n"}),
        "lunch.csv", 0, "", "belongs to no",
    ),
    # -- the manifest
    Defect(
        "a file of which the manifest does not say how to read it",
        lambda made: made.modes.update({TIES: ""}),
        TIES, 10, "", "as the other files are: bulk",
    ),
    Defect(
        "a manifest that says a word of its own",
        lambda made: made.modes.update({TIES: "full"}),
        "manifest.csv", 10, "value", "absent, bulk or delta", stops=True,
    ),
    Defect(
        "no version", lambda made: made.manifest.update({"oneroster.version": ""}),
        "manifest.csv", 3, "value", "which version", stops=True,
    ),
    Defect(
        "another version", lambda made: made.manifest.update({"oneroster.version": "2.0"}),
        "manifest.csv", 3, "value", "“2.0”", stops=True,
    ),
    Defect(
        "another version of the manifest", lambda made: made.manifest.update({"manifest.version": "3"}),
        "manifest.csv", 2, "value", "not 1.0",
    ),
    Defect(
        "an empty manifest", lambda made: made.raw.update({"manifest.csv": b""}),
        "manifest.csv", 1, "", "which version", stops=True,
    ),
]  # fmt: skip


def with_another_class(made: ASet) -> ASet:
    """Return the set with a class more."""
    a_class(made, "c3", "Room 16", "o2")
    return made
