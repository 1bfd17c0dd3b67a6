"""The goals of the demo school: written, talked over, signed, checked in on week by week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from learnpath.demo.story import Raw, Story, read
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
    wording,
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

LAST_FULL_WEEK = -2
GAP_SHARE = 0.15
FEELS = (Feel.SMOOTH, Feel.BUMPS, Feel.STUCK)
FEEL_SHARES = (48, 40, 12)
GAPS = (GapReason.SICK, GapReason.NO_CLASS, GapReason.TRAVEL, GapReason.BREAK, GapReason.FORGOT)
LIGHT_STATES = (
    *["agreed"] * 19, *["changed"] * 2, *["reached"] * 3, "closed", *["talk"] * 4,
    *["with_teacher"] * 5, *["draft"] * 3,
)  # fmt: skip
NO_GOAL_YET = ("lucia", "asha")
REFLECTION_WEEKS = (3, 6, 9)


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


def tell_goals(story: Story) -> None:
    """Let all goals of the demo happen."""
    raw = read("goals")
    for key, goals in raw["written"].items():
        for one in goals:
            _tell(story, _written(story, key, one), raw)
    for plan in _light(story, raw):
        _tell(story, plan, raw)


def _written(story: Story, key: str, one: Raw) -> Plan:
    values = one["values"]
    last = len(story.days.weeks) + LAST_FULL_WEEK
    first = max(0, last - len(values) + 1) if values else last
    return Plan(key, one, one["state"], first, values, one["by"])


def _light(story: Story, raw: Raw) -> list[Plan]:
    chance = story.chance("light goals")
    written = set(raw["written"])
    learners = [one["key"] for one in story.cast.learners if one["key"] not in written]
    learners = [key for key in learners if key not in NO_GOAL_YET]
    chance.shuffle(learners)
    plans = []
    for number, state in enumerate(LIGHT_STATES):
        key = learners[number % len(learners)]
        one = raw["light"][(number * 5 + number // len(raw["light"])) % len(raw["light"])]
        plans.append(_light_plan(story, key, one, state))
    return plans


def _light_plan(story: Story, key: str, one: Raw, state: str) -> Plan:
    chance = story.chance(key, one["title"])
    last = len(story.days.weeks) + LAST_FULL_WEEK
    if state in ("talk", "with_teacher", "draft"):
        return Plan(key, one, state, last, ())
    first = chance.randint(2, 5)
    values = _values(story, key, one, last - first + 1)
    by = chance.choices(("learner", "together", "teacher", "teacher_started"), (60, 15, 15, 10))[0]
    return Plan(key, one, state, first, values, by)


def _values(story: Story, key: str, one: Raw, weeks: int) -> list[float | None]:
    """Return noisy values from the baseline towards the target: a plateau, a dip, a jump, some gaps."""
    chance = story.chance(key, one["title"], "values")
    if one["measure"] == "yes_no":
        return [
            _maybe(chance, float(chance.random() < 0.4 + 0.5 * n / weeks)) for n in range(weeks)
        ]
    start, span = float(one["baseline"]), float(one["target"]) - float(one["baseline"])
    reach = chance.uniform(0.6, 1.05)
    found: list[float | None] = []
    for n in range(weeks):
        ideal = start + span * reach * n / max(1, weeks - 1)
        noisy = round(ideal + chance.gauss(0, abs(span) * 0.09))
        low, high = sorted((start - abs(span) * 0.15, float(one["target"])))
        found.append(_maybe(chance, float(min(max(noisy, round(max(low, 0))), round(high)))))
    return found


def _maybe(chance: Any, value: float) -> float | None:
    return None if chance.random() < GAP_SHARE else value


# -- one goal ------------------------------------------------------------------------------------------


def _tell(story: Story, plan: Plan, raw: Raw) -> None:
    teller = _Teller(story, plan)
    week = plan.first_week
    story.on(week, 0, teller.begin, 10)
    if plan.state == "draft":
        return
    story.on(week, 1, teller.send, 9, 30)
    if plan.state in ("with_teacher", "proposed"):
        return
    if plan.state == "talk":
        story.on(week, 2, teller.plan_talk, 15)
        return
    if plan.raw.get("changed_by_teacher"):
        words = raw["suggestions"].get(
            plan.key, "Start a little smaller. Then we set the next step."
        )
        story.on(week, 1, lambda now: teller.suggest(words, now), 15)
        story.on(week, 2, teller.use_it, 9)
    story.on(week, 2, lambda now: teller.sign(story.cast.teacher(plan.key), now), 15, 10)
    story.on(week, 3, lambda now: teller.sign(story.cast.learner(plan.key), now), 8, 45)
    for number, value in enumerate(plan.values):
        _tell_week(story, teller, number, value)
    if plan.raw.get("smaller") or plan.state == "changed":
        _tell_change(story, teller, week + 3)
    _tell_end(story, teller)
    _tell_thoughts(story, teller, raw)


def _tell_week(story: Story, teller: _Teller, number: int, value: float | None) -> None:
    week = teller.plan.first_week + number
    weekday = 4 if number == 0 else story.chance(teller.plan.key, week).choice((3, 4, 4))
    story.on(week, weekday, lambda now: teller.check_in(week, number, value, now), 14, number)


def _tell_change(story: Story, teller: _Teller, week: int) -> None:
    story.on(week, 0, teller.make_smaller, 13)
    story.on(week, 1, lambda now: teller.sign(story.cast.teacher(teller.plan.key), now), 12)
    story.on(week, 1, lambda now: teller.sign(story.cast.learner(teller.plan.key), now), 13)


def _tell_end(story: Story, teller: _Teller) -> None:
    ends = {"reached": close.How.REACHED, "closed": close.How.CLOSED}
    how = ends.get(teller.plan.state)
    if how is not None:
        story.on(len(story.days.weeks) + LAST_FULL_WEEK, 4, lambda now: teller.end(how, now), 15)


def _tell_thoughts(story: Story, teller: _Teller, raw: Raw) -> None:
    """Let the learner reflect, and share with the family what the learner wants to share."""
    key = teller.plan.key
    if teller.plan.raw is not raw["written"].get(key, [None])[0]:
        return
    younger = story.cast.people[key].younger
    prompts = wording.YOUNGER_PROMPTS if younger else wording.OLDER_PROMPTS
    told = zip(raw["reflections"].get(key, ()), REFLECTION_WEEKS, prompts, strict=False)
    for text, week, prompt in told:
        teller.later(max(week, teller.plan.first_week + 1), 30, prompt, text)
    if key in raw["shared_goals"]:
        story.on(min(teller.plan.first_week + 1, 9), 1, teller.share, 16)
    for number, text in enumerate(raw["trends"].get(key, ())):
        teller.later(7 + 2 * number, 40, reflect.TREND, text)
    if key in raw["strategies"]:
        story.on(6, 2, lambda now: teller.try_another_way(raw["strategies"][key], now), 14)


class _Teller:
    """One goal's steps, each at its moment."""

    def __init__(self, story: Story, plan: Plan) -> None:
        self.story, self.plan = story, plan
        self.session: Session = story.session

    @property
    def learner(self) -> By:
        return self.story.cast.learner(self.plan.key)

    @property
    def teacher(self) -> By:
        return self.story.cast.teacher(self.plan.key)

    @property
    def goal(self) -> Goal:
        return self.session.get_one(Goal, self.plan.goal_id)

    @property
    def language(self) -> str:
        return self.story.cast.people[self.plan.key].language.value

    def begin(self, now: datetime) -> None:
        if self.plan.by == "teacher_started":
            return
        goal = draft.start(self.session, self.learner, self.story.cast.id(self.plan.key), now)
        draft.keep(self.session, goal, self._typed(now))
        self.plan.goal_id = goal.id

    def send(self, now: datetime) -> None:
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
        target = _plain(self.plan.raw["target"])
        suggest.suggest(
            self.session, self.teacher, self.goal, GoalPart.TARGET, target, sentence, 1, now
        )

    def use_it(self, now: datetime) -> None:
        found = select(GoalSuggestion).where(GoalSuggestion.goal_id == self.plan.goal_id)
        suggestion = self.session.exec(found).one()
        suggest.answer(
            self.session, self.learner, self.goal, suggestion.id or 0, Answer.USED_IT,
            self._day(now), now, language=self.language,
        )  # fmt: skip

    def plan_talk(self, now: datetime) -> None:
        today = self._day(now)
        ahead = self.story.days.today + timedelta(days=2)
        words = "Let's look at the first step together."
        comment.plan_talk(self.session, self.teacher, self.goal, ahead, words, now, today)

    def sign(self, by: By, now: datetime) -> None:
        goal = self.goal
        shown = parts.digest(draft.newest(self.session, goal))
        cosign.sign(self.session, by, goal, shown, now)

    def make_smaller(self, now: datetime) -> None:
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
        reflect.reflect(
            self.session, self.learner, self.goal, prompt, text, now, language=self.language
        )

    def try_another_way(self, text: str, now: datetime) -> None:
        reason = Reason(ChangeReason.LEARNED, "")
        reflect.change_strategy(
            self.session, self.learner, self.goal, text, reason, self.story.calendar,
            self._day(now), now,
        )  # fmt: skip

    def share(self, now: datetime) -> None:
        close.share(self.session, self.learner, self.goal, True, now)

    def end(self, how: close.How, now: datetime) -> None:
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
