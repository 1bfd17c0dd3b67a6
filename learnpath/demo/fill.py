"""Filling a database with the demo school, keeping it, or starting it over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.engine import Engine
from sqlmodel import Session, col, select

from learnpath import clock, migrate
from learnpath.config import Settings
from learnpath.db import open_session, unit_of_work
from learnpath.demo.cast import PASSWORD, assemble
from learnpath.demo.conferences import tell_conferences
from learnpath.demo.days import ZONE, DemoDays
from learnpath.demo.goals import tell_goals
from learnpath.demo.marks import tell_marks
from learnpath.demo.outcomes import tell_outcomes
from learnpath.demo.profiles import tell_profiles
from learnpath.demo.story import Story
from learnpath.errors import SettingsError
from learnpath.school.models import School

# One sign-in of each kind, as a visitor of the demo meets them.
SHOWN = (
    ("student", "mateo"), ("teacher", "baca"), ("family", "mateo-family-1"),
    ("leader", "quinones"), ("administrator", "calderon"),
)  # fmt: skip
Step = Callable[[int], None]


@dataclass(frozen=True)
class SignInShown:
    """A sign-in to show to somebody who tries the demo."""

    role: str
    username: str
    password: str


@dataclass(frozen=True)
class Made:
    """What there is after filling: whether it is new, and how to sign in."""

    new: bool
    sign_ins: tuple[SignInShown, ...]

    def as_dict(self) -> dict[str, object]:
        """Return this for machines."""
        return {"new": self.new, "sign_ins": [asdict(one) for one in self.sign_ins]}

    def lines(self) -> list[str]:
        """Return this for people, a line for each sign-in."""
        wide = max(len(one.username) for one in self.sign_ins)
        return [f"  {one.role:<14} {one.username:<{wide}}  {one.password}" for one in self.sign_ins]


def fill(engine: Engine, settings: Settings, *, fresh: bool, step: Step = lambda _: None) -> Made:
    """Fill the database that ``settings`` name; ``step`` hears of each hundredth that is done.

    A demo school that is there is kept, or started over with ``fresh``. Raises SettingsError when the
    database holds any other school: it is not touched.
    """
    migrate.upgrade(engine)
    schools = _schools(engine)
    if any(not school.invented for school in schools):
        raise SettingsError(
            "This database holds a school that is not the demo school, and was not touched. "
            "Name another one with LEARNPATH_DATABASE_URL."
        )
    sign_ins = tuple(SignInShown(role, name, PASSWORD) for role, name in SHOWN)
    if schools and not fresh:
        return Made(False, sign_ins)
    if schools:
        migrate.start_over(engine)
    with unit_of_work(engine) as session:
        tell(session, settings.now or clock.now(), step)
    return Made(True, sign_ins)


def tell(session: Session, now: datetime, step: Step = lambda _: None) -> None:
    """Let the demo school's term happen, up to ``now``."""
    local = now.astimezone(ZoneInfo(ZONE))
    days = DemoDays(local.date())
    story = Story(session, assemble(session, days), days, now)
    for chapter in (tell_profiles, tell_goals, tell_outcomes, tell_conferences, tell_marks):
        chapter(story)
    told = 0
    for share in story.tell():
        step(int(share * 100) - told)
        told = int(share * 100)


def _schools(engine: Engine) -> list[School]:
    with open_session(engine, writing=False) as session:
        return list(session.exec(select(School).order_by(col(School.id))))
