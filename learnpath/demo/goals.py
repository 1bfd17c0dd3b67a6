"""The goals of the demo school: written, talked over, signed, checked in on week by week."""

from __future__ import annotations

from typing import Any

from learnpath.demo.goal_teller import GoalTeller, Plan
from learnpath.demo.story import Raw, Story, read
from learnpath.goals import close, reflect, wording

LAST_FULL_WEEK = -2
GAP_SHARE = 0.15
LIGHT_STATES = (
    *["agreed"] * 19, *["changed"] * 2, *["reached"] * 3, "closed", *["talk"] * 4,
    *["with_teacher"] * 5, *["draft"] * 3,
)  # fmt: skip
NO_GOAL_YET = ("lucia", "asha")
REFLECTION_WEEKS = (3, 6, 9)


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
    teller = GoalTeller(story, plan)
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


def _tell_week(story: Story, teller: GoalTeller, number: int, value: float | None) -> None:
    week = teller.plan.first_week + number
    weekday = 4 if number == 0 else story.chance(teller.plan.key, week).choice((3, 4, 4))
    story.on(week, weekday, lambda now: teller.check_in(week, number, value, now), 14, number)


def _tell_change(story: Story, teller: GoalTeller, week: int) -> None:
    story.on(week, 0, teller.make_smaller, 13)
    story.on(week, 1, lambda now: teller.sign(story.cast.teacher(teller.plan.key), now), 12)
    story.on(week, 1, lambda now: teller.sign(story.cast.learner(teller.plan.key), now), 13)


def _tell_end(story: Story, teller: GoalTeller) -> None:
    ends = {"reached": close.How.REACHED, "closed": close.How.CLOSED}
    how = ends.get(teller.plan.state)
    if how is not None:
        story.on(len(story.days.weeks) + LAST_FULL_WEEK, 4, lambda now: teller.end(how, now), 15)


def _tell_thoughts(story: Story, teller: GoalTeller, raw: Raw) -> None:
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
