"""Schools, years, terms and classes: added, changed, and classes closed."""

from __future__ import annotations

from typing import Any

from learnpath.record import Verb
from learnpath.school.models import (
    OutsideKind,
    School,
    SchoolClass,
    SchoolYearRow,
    Term,
)
from learnpath.school.roster.doing import AT_ONCE, DAY, Doing, days_of
from learnpath.school.roster.present import BESIDE


class SchoolDoing(Doing):
    """Does what the plan says of schools and classes."""

    def _schools(self) -> None:
        for outside, _, said in self._todo("orgs", "add"):
            (key,) = self._insert(
                School,
                [
                    {
                        "name": said["name"],
                        "time_zone": self.plan.zone,
                        "phone": "",
                        "invented": False,
                    }
                ],
            )
            self.school_ids[outside] = key
            self.zones[key] = self.plan.zone
            self._name(OutsideKind.SCHOOL, outside, key)
            self._tell(key, Verb.SCHOOL_ADDED, ("school", key))
        for outside, id, said in self._todo("orgs", "change"):
            assert id is not None
            self._update(School.__table__, [{"id": id, "name": said["name"]}])  # type: ignore[attr-defined]
            if said["tied"]:
                self._name(OutsideKind.SCHOOL, outside, id)
            what = ["source"] if said["tied"] else ["name"]
            self._tell(id, Verb.SCHOOL_CHANGED, ("school", id), what=what)
        self.db.executemany(
            "INSERT OR IGNORE INTO c_school VALUES (?, ?)", list(self.school_ids.items())
        )
        self._flush()

    def _spans(self) -> None:
        """Years first: a term needs the year that it belongs to."""
        spans = [
            (act, outside, id, said)
            for act in ("add", "change")
            for outside, id, said in self._todo("sessions", act)
        ]
        for act, outside, id, said in sorted(spans, key=lambda span: bool(span[3]["year"])):
            school = self.school_ids[said["school"]]
            days = {"name": said["name"], **days_of(said)}
            kind = "term" if said["year"] else "year"
            model: Any = Term if said["year"] else SchoolYearRow
            if act == "change":
                assert id is not None
                self._update(model.__table__, [{"id": id, **days}])
                key, how = id, "changed"
            else:
                owner = (
                    {"year_id": self.year_ids[said["year"], school]}
                    if said["year"]
                    else {"school_id": school}
                )
                (made,) = self._insert(model, [{**owner, **days}])
                outside_kind = OutsideKind.TERM if said["year"] else OutsideKind.YEAR
                self._name(outside_kind, f"{outside}{BESIDE}{school}", made)
                key, how = made, "added"
                if not said["year"]:
                    self.year_ids[outside, school] = made
            self._tell(school, Verb.CALENDAR_CHANGED, (kind, key), what=kind, how=how)
        self._flush()

    def _classes(self) -> None:
        new = self._todo("classes", "add")
        rows = []
        for _, _, said in new:
            school = self.school_ids[said["school"]]
            year = self.year_ids[said["year"], school]
            rows.append(
                {
                    "school_id": school, "year_id": year, "name": said["name"], "room": said["room"],
                    "closed_on": None,
                }
            )  # fmt: skip
        for at in range(0, len(rows), AT_ONCE):
            part = rows[at : at + AT_ONCE]
            keys = self._insert(SchoolClass, part)
            for row, key, (outside, _, _) in zip(part, keys, new[at:], strict=False):
                self._name(OutsideKind.CLASS, outside, key)
                self._tell(row["school_id"], Verb.CLASS_ADDED, ("school_class", key))
                self.db.execute(
                    "INSERT OR REPLACE INTO c_class VALUES (?, ?, ?)",
                    (outside, key, row["school_id"]),
                )
            self._flush(len(part))
        for outside, id, said in self._todo("classes", "change"):
            assert id is not None
            there = self.present.classes[outside]
            row = {
                "id": id, "name": said["name"], "room": said["room"], "closed_on": None,
                "year_id": self.year_ids[said["year"], there.school_id],
            }  # fmt: skip
            was = {
                "name": there.name,
                "room": there.room,
                "closed_on": there.closed_on,
                "year_id": there.year_id,
            }
            self._update(SchoolClass.__table__, [row])  # type: ignore[attr-defined]
            what = [name for name, value in was.items() if row[name] != value]
            self._tell(there.school_id, Verb.CLASS_CHANGED, ("school_class", id), what=what)
        self._flush()

    def _end_classes(self) -> None:
        for outside, id, _ in self._todo("classes", "end"):
            assert id is not None
            there = self.present.classes[outside]
            self._update(
                SchoolClass.__table__,  # type: ignore[attr-defined]
                [{"id": id, "closed_on": self.today - DAY}],
            )
            self._tell(there.school_id, Verb.CLASS_ENDED, ("school_class", id))
        self._flush()
