"""OneRoster sets for tests: small ones written out, of both versions, and whatever may be wrong with them.

A set is a mapping from file to rows; each row is a mapping from column to text. Tests change that and
write it to a folder or a zip.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

Row = dict[str, str]

HEADERS = {
    "orgs.csv": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "academicSessions.csv": (
        "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear"
    ),
    "courses.csv": (
        "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,"
        "subjects,subjectCodes"
    ),
    "classes.csv": (
        "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
        "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
    ),
    "enrollments.csv": (
        "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
        "beginDate,endDate"
    ),
    "roles.csv": (
        "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,"
        "userProfileSourcedId"
    ),
    "demographics.csv": "sourcedId,status,dateLastModified,birthDate,sex",
}
USERS = {
    "1.1": (
        "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,"
        "familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
    ),
    "1.2": (
        "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,"
        "identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,"
        "resourceSourcedIds,preferredGivenName,preferredMiddleName,preferredFamilyName,"
        "primaryOrgSourcedId,pronouns"
    ),
}
SECRET = "hunter2-in-a-csv"


@dataclass
class ASet:
    """A set in memory: change its rows, then write it."""

    version: str = "1.1"
    mode: str = "bulk"
    files: dict[str, list[Row]] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    manifest: dict[str, str] = field(default_factory=dict)
    system: str = "SIS-7"
    # Files as bytes, instead of their rows.
    raw: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    end_of_line: str = "\n"
    bom: bool = False

    def add(self, file: str, **cells: str) -> Row:
        """Add a row and return it."""
        row = dict(cells)
        if self.mode == "delta":
            row.setdefault("status", "active")
            row.setdefault("dateLastModified", "2025-11-16T08:00:00.000Z")
        self.files.setdefault(file, []).append(row)
        return row

    def row(self, file: str, id: str) -> Row:
        """Return the row with that sourcedId."""
        return next(row for row in self.files[file] if row["sourcedId"] == id)

    def drop(self, file: str, id: str) -> None:
        """Take a row out."""
        self.files[file].remove(self.row(file, id))

    def header(self, file: str) -> str:
        """Return the header line of a file."""
        if file in self.headers:
            return self.headers[file]
        return USERS[self.version] if file == "users.csv" else HEADERS[file]

    def bytes_of(self, file: str) -> bytes:
        """Return a file as it is written."""
        if file in self.raw:
            return self.raw[file]
        out = io.StringIO()
        names = self.header(file).split(",")
        writer = csv.writer(out, lineterminator=self.end_of_line)
        writer.writerow(names)
        for row in self.files[file]:
            writer.writerow([row.get(name.strip(), "") for name in names])
        text = out.getvalue()
        return ("\ufeff" if self.bom else "").encode() + text.encode("utf-8", "surrogateescape")

    def manifest_text(self) -> bytes:
        """Return manifest.csv."""
        said = {
            "manifest.version": "1.0",
            "oneroster.version": self.version,
            "source.systemName": "Demo SIS",
            "source.systemCode": self.system,
        }
        for file in (*HEADERS, "users.csv", "userProfiles.csv", "results.csv"):
            mode = self.mode if file in self.files or file in self.raw else "absent"
            said[f"file.{file.removesuffix('.csv')}"] = self.modes.get(file, mode)
        said |= self.manifest
        lines = ["propertyName,value", *(f"{name},{value}" for name, value in said.items())]
        return (self.end_of_line.join(lines) + self.end_of_line).encode()

    def all_bytes(self) -> dict[str, bytes]:
        """Return every file of the set."""
        names = [*self.files, *(name for name in self.raw if name not in self.files)]
        files = {name: self.bytes_of(name) for name in names if name != "manifest.csv"}
        return {"manifest.csv": self.raw.get("manifest.csv", self.manifest_text()), **files}

    def folder(self, path: Path) -> Path:
        """Write the set into a new folder and return it."""
        path.mkdir(parents=True)
        for name, content in self.all_bytes().items():
            (path / name).write_bytes(content)
        return path

    def zip(self, path: Path, inside: str = "") -> Path:
        """Write the set into a zip and return it."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in self.all_bytes().items():
                packed.writestr(f"{inside}{name}", content)
        return path


def a_set(version: str = "1.1", mode: str = "bulk") -> ASet:
    """Return a clean set: a district, two schools, a year, two classes, three learners and their people."""
    made = ASet(version, mode)
    _school(made)
    for id, given, family, grade, agents in (
        ("s1", "Ana", "Ruiz", "05", "g1,t2"),
        ("s2", "Ben", "Ruiz", "03", "g1"),
        ("s3", "José", "Núñez", "KG", ""),
    ):
        a_user(made, id, "student", given, family, grades=grade, agentSourcedIds=agents)
    a_user(made, "t1", "teacher", "Tom", "Baca", email="Tom.Baca@Ridge.example")
    a_user(made, "t2", "teacher", "Sue", "Ruiz")
    a_user(made, "g1", "guardian", "Lucía", "Ruiz", agentSourcedIds="s1, s2")
    a_user(made, "g2", "parent", "Iván", "Núñez", agentSourcedIds="s3")
    for id, group, person, role in (
        ("e1", "c1", "s1", "student"), ("e2", "c1", "s2", "student"), ("e3", "c2", "s3", "student"),
        ("e4", "c1", "t1", "teacher"), ("e5", "c2", "t2", "teacher"),
    ):  # fmt: skip
        an_enrolment(made, id, group, person, role)
    return made


def nothing(version: str = "1.1") -> ASet:
    """Return a set of changes without any."""
    return ASet(version, "delta")


def _school(made: ASet) -> None:
    made.add("orgs.csv", sourcedId="d", name="Ridge District", type="district")
    made.add(
        "orgs.csv", sourcedId="o1", name="Ridge Elementary", type="school", parentSourcedId="d"
    )
    made.add("orgs.csv", sourcedId="o2", name="Valley School", type="school", parentSourcedId="d")
    a_session(made, "y", "2025-2026", "schoolYear", "2025-08-18", "2026-05-29")
    a_session(made, "f", "Fall", "semester", "2025-08-18", "2025-12-19", "y")
    a_session(made, "s", "Spring", "semester", "2026-01-05", "2026-05-29", "y")
    made.add(
        "courses.csv", sourcedId="k1", schoolYearSourcedId="y", title="Reading", orgSourcedId="o1"
    )
    a_class(made, "c1", "Room 12", "o1")
    a_class(made, "c2", "Room 14", "o1")


def a_session(
    made: ASet, id: str, title: str, type: str, starts: str, ends: str, parent: str = ""
) -> Row:
    """Add a session."""
    return made.add(
        "academicSessions.csv", sourcedId=id, title=title, type=type, startDate=starts, endDate=ends,
        parentSourcedId=parent, schoolYear="2026",
    )  # fmt: skip


def a_class(made: ASet, id: str, title: str, school: str, terms: str = "f,s") -> Row:
    """Add a class."""
    return made.add(
        "classes.csv", sourcedId=id, title=title, courseSourcedId="k1", classType="homeroom",
        location=title[-2:], schoolSourcedId=school, termSourcedIds=terms,
    )  # fmt: skip


def a_user(made: ASet, id: str, role: str, given: str, family: str, **more: str) -> Row:
    """Add a person of the first school, with a password that nobody may ever see again."""
    org = more.pop("org", "o1")
    common = {
        "sourcedId": id, "enabledUser": "true", "username": f"user.{id}", "givenName": given,
        "familyName": family, "identifier": f"N-{id}", "password": SECRET, **more,
    }  # fmt: skip
    if made.version == "1.1":
        return made.add("users.csv", role=role, orgSourcedIds=org, **common)
    a_role(made, f"r-{id}", id, role, org)
    return made.add("users.csv", primaryOrgSourcedId=org, **common)


def a_role(made: ASet, id: str, person: str, role: str, org: str = "o1", **more: str) -> Row:
    """Add a role (1.2)."""
    cells = {"sourcedId": id, "userSourcedId": person, "roleType": "primary", "role": role, **more}
    return made.add("roles.csv", orgSourcedId=org, **cells)


def an_enrolment(made: ASet, id: str, group: str, person: str, role: str, **more: str) -> Row:
    """Add an enrolment."""
    return made.add(
        "enrollments.csv", sourcedId=id, classSourcedId=group, schoolSourcedId=more.pop("school", "o1"),
        userSourcedId=person, role=role, **{"beginDate": "2025-08-18", **more},
    )  # fmt: skip


Change = Callable[[ASet], None]
