"""One goal of the demo school, told step by step by the people in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from learnpath.demo.story import Raw, Story
from learnpath.goals import (
    checkins,
    close,
    comment,
    cosign,
    draft,
    parts,
    propose,
    reflect,
    suggest,
)
from learnpath.goals.models import (
    Answer,
    ChangeReason,
    Feel,
    GapReason,
    Goal,
    GoalPart,
    GoalSuggestion,
)
from learnpath.goals.propose import Reason
from learnpath.profiles.queries import entries_of
from learnpath.profiles.visible import Reader
from learnpath.record import By, Relation

FEELS = (Feel.SMOOTH, Feel.BUMPS, Feel.STUCK)
FEEL_SHARES = (48, 40, 12)
GAPS = (GapReason.SICK, GapReason.NO_CLASS, GapReason.TRAVEL, GapReason.BREAK, GapReason.FORGOT)


@dataclass
class Plan:
    """A goal as the data file tells it, with the weeks it takes."""

    key: str
    raw: Raw
    state: str
    first_week: int
    values: Sequence[float | None]
    by: str = "learner"
    goal_id: int | None = field(default=None)


class GoalTeller:
    """One goal's steps, each at its moment."""

    def __init__(self, story: Story, plan: Plan) -> None:
        self.story, self.plan = story, plan
        self.session: Session = story.session

    @property
    def learner(self) -> By:
        """The learner, as the one who does it."""
        return self.story.cast.learner(self.plan.key)

    @property
    def teacher(self) -> By:
        """The learner's teacher, as the one who does it."""
        return self.story.cast.teacher(self.plan.key)

    @property
    def goal(self) -> Goal:
        """The goal as it stands now."""
        return self.session.get_one(Goal, self.plan.goal_id)

    @property
    def language(self) -> str:
        """The language that the learner writes in."""
        return self.story.cast.people[self.plan.key].language.value

    def begin(self, now: datetime) -> None:
        """Let the learner begin to write."""
        if self.plan.by == "teacher_started":
            return
        goal = draft.start(self.session, self.learner, self.story.cast.id(self.plan.key), now)
        draft.keep(self.session, goal, self._typed(now))
        self.plan.goal_id = goal.id

    def send(self, now: datetime) -> None:
        """Let the learner send the goal to the teacher, or the teacher write it."""
        today = self._day(now)
        if self.plan.by == "teacher_started":
            learner_id = self.story.cast.id(self.plan.key)
            goal = propose.offer(
                self.session, self.teacher, learner_id, self._typed(now), today, now,
                language=self.language,
            )  # fmt: skip
            self.plan.goal_id = goal.id
            return
        propose.send(self.session, self.learner, self.goal, today, now, language=self.language)

    def suggest(self, sentence: str, now: datetime) -> None:
        """Let the teacher suggest a smaller target."""
        target = _plain(self.plan.raw["target"])
        suggest.suggest(
            self.session, self.teacher, self.goal, GoalPart.TARGET, target, sentence, 1, now
        )

    def use_it(self, now: datetime) -> None:
        """Let the learner take the suggestion."""
        found = select(GoalSuggestion).where(GoalSuggestion.goal_id == self.plan.goal_id)
        suggestion = self.session.exec(found).one()
        suggest.answer(
            self.session, self.learner, self.goal, suggestion.id or 0, Answer.USED_IT,
            self._day(now), now, language=self.language,
        )  # fmt: skip

    def plan_talk(self, now: datetime) -> None:
        """Let the teacher plan a talk about the goal."""
        today = self._day(now)
        ahead = self.story.days.today + timedelta(days=2)
        words = "Let's look at the first step together."
        comment.plan_talk(self.session, self.teacher, self.goal, ahead, words, now, today)

    def sign(self, by: By, now: datetime) -> None:
        """Let somebody sign the newest version as they see it."""
        goal = self.goal
        shown = parts.digest(draft.newest(self.session, goal))
        cosign.sign(self.session, by, goal, shown, now)

    def make_smaller(self, now: datetime) -> None:
        """Let the learner change the agreed goal."""
        goal = self.goal
        draft.take_up(self.session, goal)
        draft.keep(self.session, goal, {"target": _plain(self.plan.raw["target"])})
        reason = Reason(ChangeReason.TOO_BIG, "")
        propose.send(
            self.session,
            self.learner,
            goal,
            self._day(now),
            now,
            reason=reason,
            language=self.language,
        )

    def check_in(self, week: int, number: int, value: float | None, now: datetime) -> None:
        """Let the learner say how the week went, or why there is no number."""
        monday = self.story.days.weeks[week]
        entry = checkins.Entry(monday, gap=self._gap(number))
        if value is not None:
            entry = checkins.Entry(
                monday, Decimal(_plain(value)), self._feel(number),
                wants_talk=self._feel(number) is Feel.STUCK and self.plan.key == "jamal",
            )  # fmt: skip
        checkins.check_in(
            self.session, self._logged_by(week), self.goal, entry, self.story.calendar,
            self._day(now), now,
        )  # fmt: skip

    def later(self, week: int, minute: int, prompt: str, text: str) -> None:
        """Let the learner answer a prompt on the Friday of a week."""
        self.story.on(week, 4, lambda now: self.reflect(prompt, text, now), 14, minute)

    def reflect(self, prompt: str, text: str, now: datetime) -> None:
        """Let the learner answer a question to think with."""
        reflect.reflect(
            self.session, self.learner, self.goal, prompt, text, now, language=self.language
        )

    def try_another_way(self, text: str, now: datetime) -> None:
        """Let the learner change the way of working; the goal stays."""
        reason = Reason(ChangeReason.LEARNED, "")
        reflect.change_strategy(
            self.session, self.learner, self.goal, text, reason, self.story.calendar,
            self._day(now), now,
        )  # fmt: skip

    def share(self, now: datetime) -> None:
        """Let the learner share the goal with the family."""
        close.share(self.session, self.learner, self.goal, True, now)

    def end(self, how: close.How, now: datetime) -> None:
        """Let the learner close the goal."""
        words = self.plan.raw.get("closing", "I learned what helps me. That stays.")
        close.close(self.session, self.learner, self.goal, how, words, now)

    def _typed(self, now: datetime) -> dict[str, Any]:
        raw = self.plan.raw
        due = self._day(now) + timedelta(weeks=raw["weeks"] + 1)
        return {
            "what": raw["title"], "why": raw["why"], "can_now": raw["now"],
            "measure": raw["measure"], "unit": raw["unit"], "levels": raw.get("rubric", []),
            "direction": raw["direction"], "baseline": _plain(raw["baseline"]),
            "target": _plain(self._first_target()), "confidence": "with_work",
            "stretch": raw["stretch"], "due": due.isoformat(), "actions": [raw["actions"]],
            "obstacle": raw["obstacle"], "plan": raw["plan"], "helpers": [raw["helper"]],
            "builds_on": self._builds_on(),
        }  # fmt: skip

    def _first_target(self) -> float:
        """What the learner wrote first: more than was agreed later, where the story says so."""
        raw = self.plan.raw
        if "smaller" in raw:
            return float(raw["smaller"]["from"])
        target, baseline = float(raw["target"]), float(raw["baseline"] or 0)
        if raw.get("changed_by_teacher") or self.plan.state == "changed":
            step = 1.0 if raw["measure"] == "rubric" else max(1.0, round((target - baseline) * 0.4))
            return max(target + step if target > baseline else target - 1, 0)
        return target

    def _builds_on(self) -> list[dict[str, str]]:
        learner_id = self.story.cast.id(self.plan.key)
        reader = Reader.the_learner(learner_id, self.story.now.date())
        entries = entries_of(self.session, learner_id, reader)
        by = "teacher" if self.plan.by == "teacher_started" else "learner"
        wanted = [one for one in entries if one.block in ("what_helps", "strengths")][:2]
        return [{"key": e.key, "block": e.block, "text": e.text, "cited_by": by} for e in wanted]

    def _logged_by(self, week: int) -> By:
        cast, key = self.story.cast, self.plan.key
        if self.plan.by == "together":
            return cast.teacher(key).deciding(Relation.TOGETHER)
        if self.plan.by == "teacher":
            own = self.story.chance(key, week, "logged").random() < 0.25
            return self.learner if own else self.teacher
        return self.learner

    def _feel(self, number: int) -> Feel:
        told = self.plan.raw.get("feels")
        if told:
            return Feel(told[number])
        chance = self.story.chance(self.plan.key, number, "feel")
        return chance.choices(FEELS, FEEL_SHARES)[0]

    def _gap(self, number: int) -> GapReason:
        return self.story.chance(self.plan.key, number, "gap").choice(GAPS)

    def _day(self, now: datetime) -> date:
        return now.date()


def _plain(value: float | int | None) -> str:
    return "" if value is None else format(Decimal(str(value)).normalize(), "f")
