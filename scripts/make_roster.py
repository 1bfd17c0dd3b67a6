"""Write a made-up OneRoster set of any size, to measure and to try with: everybody in it is invented.

    scripts/make_roster.py FOLDER --learners 100000 [--version 1.2]

Each school has 500 learners in 25 homerooms with one teacher each; every learner is in two classes and has
one or two guardians, whom brothers and sisters share.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

IN_SCHOOL, IN_CLASS = 500, 20
GIVEN = "Ana Ben Chidi Dara Eli Fatima Gus Hana Iris Jamal Kai Linh Mateo Nora Omar Priya Rosa Sam".split()
FAMILY = "Abebe Baca Cruz Diaz Ellis Flores Garcia Hall Ito Jones Kim Lopez Mills Nguyen Okoye Park".split()
Row = list[str]
EVERY = ["sourcedId", "status", "dateLastModified"]


class Maker:
    """Makes the rows of each file."""

    def __init__(self, learners: int, version: str) -> None:
        self.learners, self.version = learners, version
        self.schools = -(-learners // IN_SCHOOL)
        self.classes = -(-learners // IN_CLASS)
        self.dice = random.Random(7)  # noqa: S311 - the same set each time

    def files(self) -> dict[str, tuple[Row, Iterator[Row]]]:
        """Return the header and the rows of every file."""
        users = {"1.1": self._users_header(), "1.2": self._users_header_2()}[self.version]
        files = {
            "orgs": ([*EVERY, "name", "type", "identifier", "parentSourcedId"], self._orgs()),
            "academicSessions": (
                [*EVERY, "title", "type", "startDate", "endDate", "parentSourcedId", "schoolYear"],
                self._sessions(),
            ),
            "classes": (
                [
                    *EVERY, "title", "grades", "courseSourcedId", "classCode", "classType", "location",
                    "schoolSourcedId", "termSourcedIds",
                ],
                self._classes(),
            ),
            "users": (users, self._users()),
            "enrollments": (
                [
                    *EVERY, "classSourcedId", "schoolSourcedId", "userSourcedId", "role", "primary",
                    "beginDate", "endDate",
                ],
                self._enrolments(),
            ),
        }  # fmt: skip
        if self.version == "1.2":
            header = [
                *EVERY,
                "userSourcedId",
                "roleType",
                "role",
                "beginDate",
                "endDate",
                "orgSourcedId",
            ]
            files["roles"] = (header, self._roles())
        return files

    @staticmethod
    def _users_header() -> Row:
        return [
            *EVERY, "enabledUser", "orgSourcedIds", "role", "username", "givenName", "familyName",
            "identifier", "email", "agentSourcedIds", "grades", "password",
        ]  # fmt: skip

    @staticmethod
    def _users_header_2() -> Row:
        return [
            *EVERY, "enabledUser", "username", "givenName", "familyName", "identifier", "email",
            "agentSourcedIds", "grades", "password", "preferredGivenName", "primaryOrgSourcedId",
        ]  # fmt: skip

    def _orgs(self) -> Iterator[Row]:
        yield ["district", "", "", "Made-up District", "district", "", ""]
        for n in range(self.schools):
            yield [f"school-{n}", "", "", f"Made-up School {n + 1}", "school", str(n), "district"]

    @staticmethod
    def _sessions() -> Iterator[Row]:
        yield ["year", "", "", "2026-27", "schoolYear", "2026-08-17", "2027-05-28", "", "2027"]
        yield ["fall", "", "", "Fall", "semester", "2026-08-17", "2026-12-18", "year", "2027"]
        yield ["spring", "", "", "Spring", "semester", "2027-01-04", "2027-05-28", "year", "2027"]

    def _school_of_class(self, n: int) -> str:
        return f"school-{n * IN_CLASS // IN_SCHOOL}"

    def _classes(self) -> Iterator[Row]:
        for n in range(self.classes):
            room = 100 + n % 25
            for kind, word in (("h", "Homeroom"), ("s", "Science")):
                yield [
                    f"{kind}-{n}", "", "", f"{word} {room}", "", "", "", "scheduled", str(room),
                    self._school_of_class(n), "fall,spring",
                ]  # fmt: skip

    def _people(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Return id, role, school, grade and agents: families have two children each."""
        for n in range(self.classes):
            yield f"teacher-{n}", "teacher", self._school_of_class(n), "", ""
        for n in range(self.learners):
            family = n // 2
            agents = f"guardian-{family}-a" + (f",guardian-{family}-b" if family % 3 else "")
            grade = f"{n // IN_CLASS % 12 + 1:02}"
            yield f"learner-{n}", "student", f"school-{n // IN_SCHOOL}", grade, agents
        for family in range((self.learners + 1) // 2):
            school = f"school-{family * 2 // IN_SCHOOL}"
            children = [f"learner-{n}" for n in (family * 2, family * 2 + 1) if n < self.learners]
            for which in "ab" if family % 3 else "a":
                yield f"guardian-{family}-{which}", "guardian", school, "", ",".join(children)

    def _users(self) -> Iterator[Row]:
        for id, role, school, grade, agents in self._people():
            given, family = self.dice.choice(GIVEN), self.dice.choice(FAMILY)
            mail = f"{id}@made-up.example"
            if self.version == "1.1":
                yield [
                    id, "", "", "true", school, role, id, given, family, id, mail, agents, grade, "x",
                ]  # fmt: skip
            else:
                yield [
                    id,
                    "",
                    "",
                    "true",
                    id,
                    given,
                    family,
                    id,
                    mail,
                    agents,
                    grade,
                    "x",
                    "",
                    school,
                ]

    def _roles(self) -> Iterator[Row]:
        for id, role, school, *_ in self._people():
            yield [f"role-{id}", "", "", id, "primary", role, "", "", school]

    def _enrolments(self) -> Iterator[Row]:
        for n in range(self.classes):
            for kind in "hs":
                yield [
                    f"t-{kind}-{n}", "", "", f"{kind}-{n}", self._school_of_class(n), f"teacher-{n}",
                    "teacher", "true", "2026-08-17", "",
                ]  # fmt: skip
        for n in range(self.learners):
            group, school = n // IN_CLASS, f"school-{n // IN_SCHOOL}"
            for kind in "hs":
                yield [
                    f"e-{kind}-{n}", "", "", f"{kind}-{group}", school, f"learner-{n}", "student",
                    "false", "2026-08-17", "",
                ]  # fmt: skip


def main() -> int:
    """Write the set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("--learners", type=int, default=1000)
    options.add_argument("--version", choices=("1.1", "1.2"), default="1.1")
    said = options.parse_args()
    folder: Path = said.folder
    folder.mkdir(parents=True)
    files = Maker(said.learners, said.version).files()
    with (folder / "manifest.csv").open("w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["propertyName", "value"])
        rows.writerow(["manifest.version", "1.0"])
        rows.writerow(["oneroster.version", said.version])
        rows.writerow(["source.systemCode", "made-up"])
        rows.writerows([f"file.{name}", "bulk"] for name in files)
    for name, (header, rows_of_file) in files.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            rows = csv.writer(out)
            rows.writerow(header)
            rows.writerows(rows_of_file)
    print(f"{said.learners:,} learners in {folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
