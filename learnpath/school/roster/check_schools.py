"""Schools, and their years and terms: orgs.csv and academicSessions.csv."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from learnpath.school.roster import cells
from learnpath.school.roster.check_rows import RowCheck
from learnpath.school.roster.scratch import GOOD, LEFT, Weight
from learnpath.school.roster.tables import (
    ORGS,
    SESSIONS,
)  # fmt: skip
from learnpath.school.roster.understood import Org, Session, Year


class SchoolCheck(RowCheck):
    """Reads schools and sessions."""

    def _orgs(self) -> None:
        orgs = self.all.orgs
        for row, said, state in self._rows(ORGS):
            id = said["sourcedId"]
            if id in orgs:
                self._again(ORGS.name, row.line, orgs[id].line)
                continue
            orgs[id] = Org(
                said["name"] or "",
                said["type"] or "",
                said["parentSourcedId"] or "",
                row.line,
                state,
            )
        for id, org in orgs.items():
            self._parent_of_org(id, org)
        self.all.schools = {id: row.name for id, row in self.present.schools.items()}
        for id, org in orgs.items():
            if org.state == GOOD:
                self._may_be_a_school(org)
            if org.type == "school" and org.state == GOOD:
                self.all.schools[id] = org.name

    def _parent_of_org(self, id: str, org: Org) -> None:
        file, orgs = ORGS.name, self.all.orgs
        if org.parent and org.parent not in orgs and org.parent not in self.present.schools:
            self.scratch.wrong(
                file, org.line, "parentSourcedId", "no_parent", Weight.NOTED, id=org.parent
            )
            org.parent = ""
        if _leads_back(id, lambda at: orgs[at].parent if at in orgs else ""):
            self.scratch.wrong(file, org.line, "parentSourcedId", "parent_cycle", Weight.NOTED)
            org.parent = ""

    def _may_be_a_school(self, org: Org) -> None:
        """Some senders call a school a department: one with nothing above it can only be a school."""
        if org.type == "department" and not org.parent:
            org.type = "school"
            self.scratch.wrong(ORGS.name, org.line, "type", "read_as_school", Weight.NOTED)

    def _sessions(self) -> None:
        file, sessions = SESSIONS.name, self.all.sessions
        for row, said, state in self._rows(SESSIONS):
            id = said["sourcedId"]
            if id in sessions:
                self._again(file, row.line, sessions[id].line)
                continue
            starts, ends = said["startDate"], said["endDate"]
            upside_down = state == GOOD and ends < starts
            if upside_down:
                self.scratch.wrong(file, row.line, "endDate", "ends_first")
            sessions[id] = Session(
                said["title"] or "", said["type"] or "", starts, ends,
                said["parentSourcedId"] or "", said["schoolYear"] or "", row.line,
                LEFT if upside_down else state,
            )  # fmt: skip
        good = {id: s for id, s in sessions.items() if s.state == GOOD}
        for id, session in good.items():
            if session.parent and session.parent not in good:
                if session.parent not in self.present.known_sessions:
                    self.scratch.wrong(
                        file, session.line, "parentSourcedId", "no_parent", Weight.NOTED,
                        id=session.parent,
                    )  # fmt: skip
                    session.parent = ""
            elif _leads_back(id, lambda at: good[at].parent if at in good else ""):
                self.scratch.wrong(
                    file, session.line, "parentSourcedId", "parent_cycle", Weight.NOTED
                )
                session.parent = ""
        self._shorten(good)
        self._years(good)

    def _shorten(self, good: dict[str, Session]) -> None:
        """Some senders end a session on the first day of the next one: that day belongs to the next."""
        begins = {(s.type, s.starts) for s in good.values()}
        for session in good.values():
            if (session.type, session.ends) in begins and session.ends > session.starts:
                self.scratch.wrong(
                    SESSIONS.name, session.line, "endDate", "ends_as_next_begins", Weight.NOTED
                )
                session.ends -= timedelta(days=1)

    def _years(self, good: dict[str, Session]) -> None:
        """Find the school year of every session: above it, or by the name of its school year."""
        years = self.all.years
        years.update(
            {
                id: Year(k.name, k.starts, k.ends, k.year)
                for id, k in self.present.known_sessions.items()
            }
        )
        self.all.year_of.update({id: y.year or id for id, y in years.items()})
        for id, session in good.items():
            if session.type == "schoolYear":
                years[id] = Year(session.title, session.starts, session.ends)
                self.all.year_of[id] = id
        for id, session in good.items():
            if session.type != "schoolYear":
                self.all.year_of[id] = self._year_above(id, session, good)
        for id, session in good.items():
            year = self.all.year_of[id]
            if session.type in ("term", "semester") and year != id:
                years[id] = Year(session.title, session.starts, session.ends, year)

    def _year_above(self, id: str, session: Session, good: dict[str, Session]) -> str:
        at = session.parent
        while at:
            if at in self.all.year_of and (at not in good or good[at].type == "schoolYear"):
                return self.all.year_of[at]
            at = good[at].parent if at in good else ""
        years, label = self.all.years, session.label.strip()
        key = f"year {label}" if label and cells.is_id(label) else id
        title = _span_of(label) if label else session.title
        known = years.get(key, Year(title, session.starts, session.ends))
        years[key] = replace(
            known, starts=min(known.starts, session.starts), ends=max(known.ends, session.ends)
        )
        return key


def _leads_back(id: str, parent: Callable[[str], str]) -> bool:
    """Tell whether going up from ``id`` comes back to it."""
    seen: set[str] = set()
    at = parent(id)
    while at and at != id and at not in seen:
        seen.add(at)
        at = parent(at)
    return at == id


def _span_of(label: str) -> str:
    """Return how people write a school year that OneRoster names by the year in which it ends."""
    if len(label) == 4 and label.isdecimal():
        return f"{int(label) - 1}-{label[2:]}"
    return label[:40]
