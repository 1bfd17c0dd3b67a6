"""A goal read back as whole sentences, the learner's own words in their places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from learnpath.goals.models import GoalVersion
from learnpath.goals.trend import Direction, Measure
from learnpath.goals.wording import HELPERS, amount, day
from learnpath.wording import lazy as _l, number


def sentences(version: GoalVersion) -> list[str]:
    """Return the whole goal as sentences, the learner's words in their places."""
    return [str(sentence) for sentence in _sentences(version)]


def goal_sentence(version: GoalVersion) -> str:
    """Return the whole goal read back in one go."""
    return " ".join(sentences(version))


def _sentences(version: GoalVersion) -> Iterable[Any]:
    yield _l("My goal: %(what)s", what=ended(version.what))
    if version.why:
        yield _l("Why it matters: %(why)s", why=ended(version.why))
    if version.can_now:
        yield _l("Right now I can %(now)s", now=ended(within(version.can_now)))
    yield from _way(version)
    if version.source:
        yield _l(
            "We will see it by %(source)s", source=ended(within(version.source, may_be_name=True))
        )
    for action in version.actions:
        yield _l("Each week: %(action)s", action=ended(action))
    if version.obstacle and version.plan:
        yield _l(
            "If %(obstacle)s, then I will %(plan)s",
            obstacle=within(version.obstacle, may_be_name=True).rstrip(".,;"), plan=ended(within(version.plan)),
        )  # fmt: skip
    elif version.plan:
        yield _l("If something gets in the way, I will %(plan)s", plan=ended(within(version.plan)))
    if version.helpers or version.helper_how:
        yield _l("Help: %(help)s", help=ended(_help(version)))


def _way(version: GoalVersion) -> Iterable[Any]:
    due = day(version.due)
    target = amount(version, version.target)
    if version.direction is Direction.MAINTAIN:
        high = amount(version, version.target_high)
        yield _l(
            "I want to stay from %(low)s to %(high)s until %(due)s.",
            low=number(version.target), high=high, due=due,
        )  # fmt: skip
    elif version.measure is Measure.YES_NO:
        yield _l("I want %(target)s by %(due)s.", target=target, due=due)
    elif version.baseline is None:
        yield _l("I want to get to %(target)s by %(due)s.", target=target, due=due)
    else:
        plain = version.measure not in (Measure.RUBRIC, Measure.PERCENT)
        start = number(version.baseline) if plain else amount(version, version.baseline)
        yield _l(
            "I go from %(start)s to %(target)s by %(due)s.", start=start, target=target, due=due
        )


def _help(version: GoalVersion) -> str:
    who = ", ".join(str(HELPERS[key]) for key in version.helpers if key in HELPERS)
    return (
        f"{who}: {version.helper_how}" if who and version.helper_how else who or version.helper_how
    )


# A capital that stays in the middle of a sentence: I, days, months, languages, and how people are called.
CAPITALS = re.compile(
    r"(I\b|(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|(January|February|March|April|May|June|July|August"
    r"|September|October|November|December|English|Spanish|French|German|Chinese|Arabic|Amharic|Vietnamese"
    r"|Mr|Ms|Mrs|Dr|Sr|Sra|Srta)\b)"
)


# Where a name may come first, only these lose their capital.
OPENERS = frozenset(
    "a an the my our your his her their this that these those it we they he she you there when no not "
    "too so some something someone nothing all each every in on at by with after before during if "
    "el la los las un una mi mis tu tus su sus este esta eso hay no cuando si alguien algo todo cada "
    "en con por después antes durante".split()
)


def within(text: str, *, may_be_name: bool = False) -> str:
    """Return a text that began with a capital as it stands within a sentence.

    A first word with more capitals in it, or before another word with one, is taken for a name and stays;
    where the text ``may_be_name``, so does every first word that is not a plain little one.
    """
    text = text.strip()
    first, _, rest = text.partition(" ")
    if may_be_name and first.lower() not in OPENERS:
        return text
    is_name = not first[1:].islower() and len(first) > 1
    if is_name or (rest[:1].isupper() and not rest.startswith("I ")) or CAPITALS.match(text):
        return text
    return text[:1].lower() + text[1:]


def ended(text: str) -> str:
    """Return a text with a full stop, if it has no end of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
