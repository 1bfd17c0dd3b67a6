"""People: added, changed, gone, and their accounts closed and opened."""

from __future__ import annotations

import sqlalchemy as sa

from learnpath.people.models import ClosedBy, Credential, Person, SignIn
from learnpath.people.one_time_codes import NO_PASSWORD
from learnpath.record import Verb
from learnpath.record.many_rows import insert_rows, one_of
from learnpath.record.write import insert_into
from learnpath.school.models import (
    OutsideKind,
    RosterEntry,
)
from learnpath.school.roster.apply_schools import SchoolDoing
from learnpath.school.roster.doing import AT_ONCE

# What every new person has, whatever the roster says.
NEW_PERSON = Person(school_id=0, given_name="", family_name="", called="").model_dump(
    exclude={"id"}
)


class PeopleDoing(SchoolDoing):
    """Does what the plan says of people."""

    def _add_people(self) -> None:
        query = (
            "SELECT u.id, u.given, u.family, u.called, u.pronouns, u.grade, u.org, u.email, u.identifier, "
            "u.legal, u.roles LIKE '%student%', u.enabled, u.username FROM todo d JOIN user u ON u.id = d.outside "
            "WHERE d.kind = 'users' AND d.act = 'add' ORDER BY d.rowid"
        )
        for rows in self._chunks(query):
            people = [
                {
                    **NEW_PERSON, "school_id": self.school_ids[org], "given_name": given,
                    "family_name": family, "called": called, "pronouns": pronouns, "grade": grade,
                    "closed_by": ClosedBy.ROSTER if enabled == 0 else None,
                }
                for _, given, family, called, pronouns, grade, org, *_, enabled, _ in rows
            ]  # fmt: skip
            keys = self._insert(Person, people)
            entries = [
                {
                    "person_id": key,
                    "email": row[7],
                    "identifier": row[8],
                    "legal_given_name": row[9],
                }
                for row, key in zip(rows, keys, strict=True)
            ]
            insert_rows(self.session, sa.insert(RosterEntry.__table__), entries)  # type: ignore[attr-defined]
            for row, key, person in zip(rows, keys, people, strict=True):
                self._name(OutsideKind.PERSON, row[0], key)
                learner = key if row[10] else None
                self._tell(person["school_id"], Verb.PERSON_ADDED, ("person", key), learner)
                if person["closed_by"]:
                    self._account(person["school_id"], Verb.ACCOUNT_CLOSED, key, learner)
            self._usernames(
                [(key, row[12]) for row, key in zip(rows, keys, strict=True) if row[12]]
            )
            self.db.executemany(
                "INSERT INTO c_person VALUES (?, ?, ?, '', '', '', '', '', '', ?, 0, 0, ?, NULL)",
                [
                    (row[0], key, person["school_id"], row[5], row[10])
                    for row, key, person in zip(rows, keys, people, strict=True)
                ],
            )
            self._flush(len(rows))

    def _account(self, school_id: int, verb: Verb, key: int, learner: int | None) -> None:
        self._tell(school_id, verb, ("person", key), learner, how=ClosedBy.ROSTER.value)

    def _usernames(self, named: list[tuple[int, str]]) -> None:
        """Give new people the username of the roster. Without a password it opens nothing yet."""
        rows = [
            {
                "person_id": key, "username": name, "password_hash": NO_PASSWORD,
                "changed_at": self.now,
            }
            for key, name in named
        ]  # fmt: skip
        insert_rows(self.session, sa.insert(Credential.__table__), rows)  # type: ignore[attr-defined]

    def _sign_out(self, keys: list[int]) -> None:
        """End every sign-in of these people, so that none comes back with the account."""
        table = SignIn.__table__  # type: ignore[attr-defined]
        for at in range(0, len(keys), AT_ONCE):
            theirs = one_of(self.session, table.c.person_id, keys[at : at + AT_ONCE])
            self.session.execute(
                sa.update(table).where(theirs, table.c.ended_at.is_(None)).values(ended_at=self.now)
            )

    def _change_people(self) -> None:
        query = (
            "SELECT c.id, d.what, u.given, u.family, u.called, c.called, u.grade, c.grade, s.id, u.email, "
            "u.identifier, u.legal, u.roles LIKE '%student%' OR c.learns, c.closed FROM todo d "
            "JOIN user u ON u.id = d.outside JOIN c_person c ON c.outside = d.outside "
            "JOIN c_school s ON s.outside = u.org WHERE d.kind = 'users' AND d.act = 'change' ORDER BY d.rowid"
        )
        for rows in self._chunks(query):
            people, entries = [], []
            closed: list[int] = []
            for (
                id, words, given, family, called, was_called, grade, was_grade, school, email, number,
                legal, learns, was_closed,
            ) in rows:  # fmt: skip
                what = words.split()
                people.append(
                    {
                        "id": id, "given_name": given, "family_name": family,
                        "called": called if "called" in what else was_called,
                        "grade": grade if "grade" in what else was_grade,
                        "school_id": school, "left_at": None,
                        "closed_by": _closed(what, was_closed),
                    }
                )  # fmt: skip
                entries.append(
                    {
                        "person_id": id,
                        "email": email,
                        "identifier": number,
                        "legal_given_name": legal,
                    }
                )
                learner = id if learns else None
                if "grade" in what:
                    self._tell(school, Verb.GRADE_CHANGED, ("person", id), learner, grade=grade)
                rest = [word for word in what if word not in ("grade", "closed", "opened")]
                if rest:
                    self._tell(school, Verb.PERSON_CHANGED, ("person", id), learner, what=rest)
                if "closed" in what:
                    self._account(school, Verb.ACCOUNT_CLOSED, id, learner)
                    closed.append(id)
                if "opened" in what:
                    self._account(school, Verb.ACCOUNT_OPENED, id, learner)
                self.db.execute("UPDATE c_person SET school = ?, grade = ? WHERE id = ?", (
                    school, people[-1]["grade"], id,
                ))  # fmt: skip
            self._update(Person.__table__, people)  # type: ignore[attr-defined]
            insert = insert_into(self.session, RosterEntry.__table__)  # type: ignore[attr-defined]
            also = {n: insert.excluded[n] for n in ("email", "identifier", "legal_given_name")}
            upsert = insert.on_conflict_do_update(index_elements=["person_id"], set_=also)
            insert_rows(self.session, upsert, entries)
            self._sign_out(closed)
            self._flush(len(rows))

    def _end_people(self) -> None:
        query = (
            "SELECT c.id, c.school, c.learns FROM todo d JOIN c_person c ON c.outside = d.outside "
            "WHERE d.kind = 'users' AND d.act = 'end' ORDER BY d.rowid"
        )
        for rows in self._chunks(query):
            self._update(
                Person.__table__,  # type: ignore[attr-defined]
                [{"id": id, "left_at": self.now} for id, _, _ in rows],
            )
            self._sign_out([id for id, _, _ in rows])
            for id, school, learns in rows:
                self._tell(school, Verb.PERSON_LEFT, ("person", id), id if learns else None)
            self._flush(len(rows))


def _closed(what: list[str], was: str | None) -> ClosedBy | None:
    if "closed" in what:
        return ClosedBy.ROSTER
    return None if "opened" in what or was is None else ClosedBy(was)
