"""Classes, and the courses that give them a name: courses.csv and classes.csv."""

from __future__ import annotations

from datetime import date
from typing import Any

from learnpath.school.roster.check_schools import SchoolCheck
from learnpath.school.roster.scratch import ELSEWHERE, GOOD, LEFT, Weight
from learnpath.school.roster.tables import (
    CLASSES,
    COURSES,
)  # fmt: skip
from learnpath.school.roster.understood import Group


class ClassCheck(SchoolCheck):
    """Reads courses and classes."""

    def _courses(self) -> None:
        lines: dict[str, int] = {}
        for row, said, state in self._rows(COURSES):
            id = said["sourcedId"]
            if id in lines:
                self._again(COURSES.name, row.line, lines[id])
            elif state == GOOD:
                self.all.courses[id] = (said["title"] or "", said["schoolYearSourcedId"] or "")
            lines.setdefault(id, row.line)

    def _classes(self) -> None:
        groups = self.all.groups
        for id, there in self.present.classes.items():
            # One that the set does not name is still there for those who refer to it.
            if not self.roster.ends_what_is_gone(CLASSES.name) and there.closed_on is None:
                year = self.present.key_of_year.get(there.year_id, "")
                groups[id] = Group(there.name, there.room, there.school, year, None, 0, GOOD)
        for row, said, state in self._rows(CLASSES):
            id = said["sourcedId"]
            if id in groups and groups[id].line:
                self._again(CLASSES.name, row.line, groups[id].line)
                continue
            groups[id] = self._group(row.line, said, state)

    def _group(self, line: int, said: dict[str, Any], state: int) -> Group:
        course, course_year = self._course_of(line, said)
        name, school = said["title"] or course, said["schoolSourcedId"] or ""
        terms = self._terms_of(line, said["termSourcedIds"] or [])
        year = self.all.year_of.get(terms[0], "") if terms else ""
        first_day = min((self._begins(term) for term in terms), default=None)
        if not year:
            year = self.all.year_of.get(course_year, "")
        if state == GOOD:
            fault = self._fault_of_group(said["sourcedId"], name, school, year)
            if fault:
                column, code, parts = fault
                self.scratch.wrong(CLASSES.name, line, column, code, Weight.LEFT_OUT, **parts)
                state = LEFT
            elif not self._in_scope(school):
                state = ELSEWHERE
        return Group(name, said["location"] or "", school, year, first_day, line, state)

    def _begins(self, session: str) -> date:
        if session in self.all.sessions and self.all.sessions[session].state == GOOD:
            return self.all.sessions[session].starts
        return self.all.years[session].starts

    def _fault_of_group(
        self, id: str, name: str, school: str, year: str
    ) -> tuple[str, str, dict[str, str]] | None:
        there = self.present.classes.get(id)
        if there is not None and there.school != school and self._near(there.school, school):
            return "schoolSourcedId", "class_elsewhere", {}
        if school not in self.all.schools:
            known = school in self.all.orgs and self.all.orgs[school].state == GOOD
            return "schoolSourcedId", "not_a_school" if known else "no_org", {"id": school}
        if not year:
            return "termSourcedIds", "no_year", {}
        if not name:
            return "title", "no_title", {}
        return None

    def _course_of(self, line: int, said: dict[str, Any]) -> tuple[str, str]:
        id = said["courseSourcedId"]
        if id and id not in self.all.courses:
            if self.roster.ends_what_is_gone(COURSES.name):
                self.scratch.wrong(
                    CLASSES.name, line, "courseSourcedId", "no_course", Weight.NOTED, id=id
                )
            return "", ""
        return self.all.courses.get(id or "", ("", ""))

    def _terms_of(self, line: int, named: list[str]) -> list[str]:
        terms = []
        for id in named:
            if id in self.all.year_of:
                terms.append(id)
            else:
                self.scratch.wrong(
                    CLASSES.name, line, "termSourcedIds", "no_session", Weight.NOTED, id=id
                )
        return terms
