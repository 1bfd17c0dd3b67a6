"""One person for the school office: how they belong here, how they sign in, and changes to both.

The office sees names, ties and sign-ins. What a learner wrote is not the office's to read, and stands nowhere here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from flask_babel import LazyString
from sqlmodel import Session, SQLModel, col, func, or_, select

from learnpath import record
from learnpath.access import current
from learnpath.errors import NotAllowedNow, NotFound, WrongInput
from learnpath.people.models import ClosedBy, Credential, Language, Person, SignIn
from learnpath.people.one_time_codes import NO_PASSWORD
from learnpath.people.passwords import end_all
from learnpath.people.sign_in import plain_username
from learnpath.people.sign_on.accounts import identities_of
from learnpath.people.sign_on.models import OutsideIdentity
from learnpath.record import By, Verb
from learnpath.school import enrol
from learnpath.school.models import (
    Administration,
    Enrolment,
    Guardianship,
    Leadership,
    RosterEntry,
    SchoolClass,
    SchoolYearRow,
    Teaching,
)
from learnpath.wording import lazy as _l

MOST_CANDIDATES = 20


class TieKind(StrEnum):
    """How a person can be tied to the school, a class or another person."""

    LEARNS = "learns"
    TEACHES = "teaches"
    FAMILY_OF = "family_of"
    CHILD_OF = "child_of"
    LEADS = "leads"
    ADMINISTERS = "administers"


@dataclass(frozen=True)
class TieLine:
    """One tie of a person, with its days; ``key`` names its row."""

    key: str
    words: LazyString
    starts: date
    ends: date | None
    class_id: int | None = None
    person_id: int | None = None
    no_contact: bool = False

    def holds(self, today: date) -> bool:
        """Tell whether the tie holds today, or will."""
        return self.ends is None or self.ends >= today

    @property
    def is_family(self) -> bool:
        """Whether it ties a learner and an adult of the family."""
        return self.key.startswith("guardianship")


@dataclass(frozen=True)
class SignInState:
    """How a person signs in."""

    username: str | None
    last_here: datetime | None
    open_now: int


@dataclass(frozen=True)
class PersonPage:
    """One person as the office sees them."""

    person: Person
    number: str
    email: str
    ties: Sequence[TieLine]
    past: Sequence[TieLine]
    sign_in: SignInState
    accounts: Sequence[OutsideIdentity]

    @property
    def is_learner(self) -> bool:
        """Whether this is somebody who learns at school."""
        return self.person.grade is not None


# -- reads ---------------------------------------------------------------------------------------------


def person_page(session: Session, person: Person, today: date) -> PersonPage:
    """Return one person with ties and sign-in state, in eight queries."""
    ties = sorted(_ties(session, person.id or 0), key=lambda tie: (tie.starts, tie.key))
    entry = session.get(RosterEntry, person.id)
    return PersonPage(
        person,
        entry.identifier if entry else "",
        entry.email if entry else "",
        [tie for tie in ties if tie.holds(today)],
        [tie for tie in reversed(ties) if not tie.holds(today)],
        _sign_in_state(session, person.id or 0),
        identities_of(session, person.id or 0),
    )


def _ties(session: Session, person_id: int) -> Iterator[TieLine]:
    for tie, school_class, year in _in_classes(session, Enrolment, Enrolment.learner_id, person_id):
        words = _l("Learns in %(group)s, %(year)s", group=school_class.name, year=year.name)
        yield TieLine(f"enrolment:{tie.id}", words, tie.starts, tie.ends, school_class.id)
    for tie, school_class, year in _in_classes(session, Teaching, Teaching.teacher_id, person_id):
        words = _l("Teaches %(group)s, %(year)s", group=school_class.name, year=year.name)
        yield TieLine(f"teaching:{tie.id}", words, tie.starts, tie.ends, school_class.id)
    yield from _family(session, person_id)
    for leads in session.exec(select(Leadership).where(Leadership.person_id == person_id)):
        yield TieLine(f"leadership:{leads.id}", _l("Leads the school"), leads.starts, leads.ends)
    seats = select(Administration).where(Administration.person_id == person_id)
    for seat in session.exec(seats):
        words = _l("Looks after the app")
        yield TieLine(f"administration:{seat.id}", words, seat.starts, seat.ends)


def _in_classes(session: Session, model: Any, who: Any, person_id: int) -> Any:
    return session.exec(
        select(model, SchoolClass, SchoolYearRow)
        .join(SchoolClass, col(SchoolClass.id) == model.class_id)
        .join(SchoolYearRow, col(SchoolYearRow.id) == col(SchoolClass.year_id))
        .where(who == person_id)
    )


def _family(session: Session, person_id: int) -> Iterator[TieLine]:
    other = or_(
        (col(Guardianship.guardian_id) == person_id) & (col(Guardianship.learner_id) == Person.id),
        (col(Guardianship.learner_id) == person_id) & (col(Guardianship.guardian_id) == Person.id),
    )
    for tie, them in session.exec(select(Guardianship, Person).join(Person, other)):
        words = (
            _l("Family of %(name)s", name=them.full_name)
            if tie.guardian_id == person_id
            else _l("Child of %(name)s", name=them.full_name)
        )
        yield TieLine(
            f"guardianship:{tie.id}", words, tie.starts, tie.ends, person_id=them.id,
            no_contact=tie.no_contact,
        )  # fmt: skip


def _sign_in_state(session: Session, person_id: int) -> SignInState:
    of_person = SignIn.person_id == person_id
    row = session.exec(
        select(
            select(Credential.username).where(Credential.person_id == person_id).scalar_subquery(),
            select(func.max(SignIn.seen_at)).where(of_person).scalar_subquery(),
            select(func.count())
            .select_from(SignIn)
            .where(of_person, col(SignIn.ended_at).is_(None))
            .scalar_subquery(),
        )
    ).one()
    return SignInState(*row)


def candidates(session: Session, school_id: int, words: str, *, learners: bool) -> Sequence[Person]:
    """Return a few people of the school whose name has all of ``words``; nobody without a word."""
    parts = words.split()
    if not parts:
        return []
    grade = col(Person.grade)
    query = (
        select(Person)
        .where(
            Person.school_id == school_id,
            col(Person.left_at).is_(None),
            grade.is_not(None) if learners else grade.is_(None),
            *(_named(word) for word in parts),
        )
        .order_by(col(Person.family_name), col(Person.given_name), col(Person.id))
        .limit(MOST_CANDIDATES)
    )
    return session.exec(query).all()


def _named(word: str) -> Any:
    columns = (Person.given_name, Person.family_name, Person.called)
    spellings = {word, word.title()}
    return or_(*(col(c).icontains(s, autoescape=True) for c in columns for s in spellings))


# -- changes -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Details:
    """What the office may change about a person."""

    given_name: str
    family_name: str
    called: str
    pronouns: str
    say_it: str
    language: Language
    grade: int | None


def change_details(
    session: Session, by: By, person: Person, details: Details, now: datetime
) -> list[str]:
    """Change a person's names and details. Return which ones; nothing is told when there is none.

    Raises WrongInput without a name to be called by, and for a grade that makes a learner of an adult.
    """
    if not details.called:
        raise WrongInput("called", _l("Enter what this person is called."))
    if (details.grade is None) != (person.grade is None):
        raise WrongInput("grade", _l("A student has a grade, an adult has none."))
    changed = [key for key, new in vars(details).items() if getattr(person, key) != new]
    for key in changed:
        setattr(person, key, getattr(details, key))
    session.add(person)
    if "grade" in changed:
        tell_grade(session, by, person, now)
    others = [key for key in changed if key != "grade"]
    if others:
        _tell(session, by, Verb.PERSON_CHANGED, person, now, {"what": others})
    return changed


def tell_grade(session: Session, by: By, person: Person, now: datetime) -> None:
    """Tell the record which grade a learner is in now."""
    _tell(session, by, Verb.GRADE_CHANGED, person, now, {"grade": person.grade})


def leave(session: Session, by: By, person: Person, last_day: date, now: datetime) -> None:
    """Note that a person left the school: every tie to it ends, and so does every sign-in.

    The account is closed by hand: should a roster still know the person, it does not open it. The record stays. Raises NotAllowedNow for who left before, and for oneself.
    """
    if person.left_at is not None:
        raise NotAllowedNow(_l("This person has left the school before."))
    if person.id == by.person_id:
        raise NotAllowedNow(_l("Somebody else has to note that you left."))
    end_ties(session, by, person, last_day, now)
    person.left_at, person.closed_by = now, ClosedBy.SCHOOL
    session.add(person)
    end_all(session, person.id or 0, now)
    _tell(session, by, Verb.PERSON_LEFT, person, now)


def end_ties(session: Session, by: By, person: Person, last_day: date, now: datetime) -> None:
    """End what ties a person to classes and to the school. Families stay families."""
    for model, who in (
        (Enrolment, Enrolment.learner_id), (Teaching, Teaching.teacher_id),
        (Leadership, Leadership.person_id), (Administration, Administration.person_id),
    ):  # fmt: skip
        table: Any = model
        open_ones = select(table).where(
            col(who) == person.id, or_(table.ends.is_(None), table.ends > last_day)
        )
        for tie in session.exec(open_ones).all():
            _end(session, by, tie, max(last_day, tie.starts), now)


def come_back(session: Session, by: By, person: Person, now: datetime) -> None:
    """Note that a person who left is here again. Ties are added anew."""
    if person.left_at is None:
        raise NotAllowedNow(_l("This person is at the school."))
    person.left_at = person.closed_by = None
    session.add(person)
    _tell(session, by, Verb.PERSON_CHANGED, person, now, {"what": ["left_at"]})


def end_sign_ins(session: Session, by: By, person: Person, now: datetime) -> None:
    """Sign a person out on every device."""
    end_all(session, person.id or 0, now)
    _tell(session, by, Verb.SIGN_INS_ENDED, person, now)


def give_username(session: Session, by: By, person: Person, username: str, now: datetime) -> None:
    """Give a person a username. A new one has no password: a one-time code lets them set their own.

    Raises WrongInput for a name that is none or that somebody has.
    """
    name = plain_username(username)
    if not name:
        raise WrongInput("username", _l("Enter a username."))
    kept = session.get(Credential, person.id)
    other = session.exec(select(Credential).where(Credential.username == name)).first()
    if other is not None and other is not kept:
        raise WrongInput("username", _l("Somebody has this username. Choose another one."))
    if kept is None:
        enrol.give_hashed_sign_in(session, person, name, NO_PASSWORD, now)
    else:
        kept.username = name
        session.add(kept)
    _tell(session, by, Verb.PERSON_CHANGED, person, now, {"what": ["username"]})


def _tell(
    session: Session, by: By, verb: Verb, person: Person, now: datetime,
    payload: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    learner_id = person.id if person.grade is not None else None
    record.write(
        session, by, verb, learner_id=learner_id, about=("person", person.id), payload=payload,
        at=now,
    )  # fmt: skip


# -- ties ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NewTie:
    """What is to tie a person: to which class or to whom, from which day."""

    kind: TieKind
    starts: date
    class_id: int | None = None
    other_id: int | None = None
    called: str = ""


def add_tie(session: Session, by: By, person: Person, new: NewTie, now: datetime) -> None:
    """Tie a person to a class, to somebody of the family, or to the school.

    Raises WrongInput for a class or a person that is not there, and for a tie that holds already.
    """
    if person.left_at is not None:
        raise NotAllowedNow(_l("This person has left the school. Bring them back first."))
    if new.kind in (TieKind.LEARNS, TieKind.TEACHES):
        _into_class(session, by, person, new, now)
    elif new.kind in (TieKind.FAMILY_OF, TieKind.CHILD_OF):
        _into_family(session, by, person, new, now)
    elif new.kind is TieKind.LEADS:
        _once(session, Leadership, (Leadership.person_id == person.id,), new)
        enrol.appoint_leader(session, by, person, new.starts, now)
    else:
        _once(session, Administration, (Administration.person_id == person.id,), new)
        enrol.appoint_administrator(session, by, person, new.starts, now)


def _into_class(session: Session, by: By, person: Person, new: NewTie, now: datetime) -> None:
    school_class = session.get(SchoolClass, new.class_id) if new.class_id else None
    if school_class is None or school_class.school_id != by.school_id:
        raise WrongInput("class_id", _l("Choose a class."))
    year = session.get_one(SchoolYearRow, school_class.year_id)
    if new.starts > year.ends:
        raise WrongInput("starts", _l("That day is after the class's school year."))
    if new.kind is TieKind.LEARNS:
        if person.grade is None:
            raise WrongInput("class_id", _l("Only students learn in a class."))
        same = (Enrolment.learner_id == person.id, Enrolment.class_id == school_class.id)
        _once(session, Enrolment, same, new)
        enrol.enrol(session, by, person, school_class, new.starts, now)
    else:
        same = (Teaching.teacher_id == person.id, Teaching.class_id == school_class.id)
        _once(session, Teaching, same, new)
        enrol.start_teaching(session, by, person, school_class, new.starts, now)


def _into_family(session: Session, by: By, person: Person, new: NewTie, now: datetime) -> None:
    other = session.get(Person, new.other_id) if new.other_id else None
    if other is None or other.school_id != by.school_id or other.id == person.id:
        raise WrongInput("other_id", _l("Choose a person."))
    guardian, learner = (person, other) if new.kind is TieKind.FAMILY_OF else (other, person)
    ends = col(Guardianship.ends)
    if learner.grade is None:
        raise WrongInput("other_id", _l("A guardian needs a student to be the guardian of."))
    same = (Guardianship.guardian_id == guardian.id, Guardianship.learner_id == learner.id)
    forbidden = (col(Guardianship.no_contact), or_(ends.is_(None), ends >= new.starts))
    if session.exec(select(Guardianship.id).where(*same, *forbidden)).first() is not None:
        raise WrongInput("other_id", _l("The school has marked that these two have no contact."))
    _once(session, Guardianship, same, new)
    enrol.link_guardian(session, by, guardian, learner, new.called, new.starts, now)


def _once(session: Session, model: Any, same: tuple[Any, ...], new: NewTie) -> None:
    """Refuse a tie that holds on its first day, or that began on the very same day."""
    held = or_(current(model, new.starts), model.starts == new.starts)
    if session.exec(select(model.id).where(*same, held)).first() is not None:
        raise WrongInput("starts", _l("That tie is there on this day."))


def tie_of(session: Session, person: Person, key: str) -> SQLModel:
    """Return the row of one of a person's ties, locked. Raises NotFound for anything else."""
    kind, _, number = key.partition(":")
    owners: dict[str, tuple[Any, tuple[str, ...]]] = {
        "enrolment": (Enrolment, ("learner_id",)),
        "teaching": (Teaching, ("teacher_id",)),
        "guardianship": (Guardianship, ("guardian_id", "learner_id")),
        "leadership": (Leadership, ("person_id",)),
        "administration": (Administration, ("person_id",)),
    }
    if kind not in owners or not number.isascii() or not number.isdigit() or len(number) > 18:
        raise NotFound
    model, names = owners[kind]
    tie: SQLModel | None = session.get(model, int(number), with_for_update=True)
    if tie is None or person.id not in {getattr(tie, name) for name in names}:
        raise NotFound
    return tie


def end_tie(
    session: Session, by: By, person: Person, key: str, last_day: date, now: datetime
) -> None:
    """End one of a person's ties after ``last_day``.

    Raises WrongInput for a day before the tie began, and NotAllowedNow for the last administrator's own
    seat: nobody could let anybody in again.
    """
    tie: Any = tie_of(session, person, key)
    if last_day < tie.starts:
        raise WrongInput("last_day", _l("That day comes before the first day of this tie."))
    if isinstance(tie, Administration):
        _somebody_else_administers(session, tie, last_day)
    _end(session, by, tie, last_day, now)


def _somebody_else_administers(session: Session, seat: Administration, last_day: date) -> None:
    others = select(Administration.id).where(
        Administration.school_id == seat.school_id,
        col(Administration.person_id) != seat.person_id,
        current(Administration, last_day),
        col(Administration.ends).is_(None),
    )
    if session.exec(others).first() is None:
        raise NotAllowedNow(_l("A school needs an administrator. Name another one first."))


def _end(session: Session, by: By, tie: Any, last_day: date, now: datetime) -> None:
    ends: dict[type, Any] = {
        Enrolment: enrol.end_enrolment, Teaching: enrol.end_teaching,
        Guardianship: enrol.end_guardianship, Leadership: enrol.end_leadership,
        Administration: enrol.end_administration,
    }  # fmt: skip
    ends[type(tie)](session, by, tie, last_day, now)


def forbid_contact(session: Session, by: By, person: Person, key: str, now: datetime) -> None:
    """Mark that an adult may not see a learner's pages. Raises NotFound for another kind of tie."""
    tie = tie_of(session, person, key)
    if not isinstance(tie, Guardianship):
        raise NotFound
    if tie.no_contact:
        raise NotAllowedNow(_l("This is marked already."))
    # The two may be tied more than once: none of the ties is a way round the mark.
    ties = select(Guardianship).where(
        Guardianship.guardian_id == tie.guardian_id, Guardianship.learner_id == tie.learner_id,
        col(Guardianship.no_contact).is_(False),
    )  # fmt: skip
    for one in session.exec(ties.with_for_update()).all():
        enrol.forbid_contact(session, by, one, now)
