"""Support groups for a class: who could take the same next step, by name. No group is better than another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from learnpath.continuum.driver_model import driver_model
from learnpath.continuum.leading import furthest_back
from learnpath.continuum.place import Placement
from learnpath.people.models import Person


@dataclass(frozen=True)
class SupportGroup:
    """Learners whom the same next step would help, in the order of their names."""

    about: str
    to_try: str
    learners: tuple[Person, ...]


@dataclass(frozen=True)
class ThreadSupport:
    """One thread of a class: its groups, and those of whom not enough was seen."""

    key: str
    name: str
    about: str
    groups: tuple[SupportGroup, ...]
    not_seen: tuple[Person, ...]


def support_groups(
    learners: Sequence[Person], placements: Mapping[int, Placement], language: str
) -> list[ThreadSupport]:
    """Return the groups of a class for each thread.

    The groups stand in the model's order of indicators, never in the order of places; so does nobody's
    name say where somebody stands.
    """
    by_name = sorted(learners, key=lambda one: (one.family_name, one.given_name, one.id or 0))
    return [
        _thread(index, by_name, placements, language)
        for index in range(len(driver_model().threads))
    ]


def _thread(
    index: int, learners: Sequence[Person], placements: Mapping[int, Placement], language: str
) -> ThreadSupport:
    thread = driver_model().threads[index]
    steps: dict[tuple[str, str], list[Person]] = {}
    not_seen = []
    for learner in learners:
        gathered = placements[learner.id or 0].threads[index]
        if gathered.band is None:
            not_seen.append(learner)
            continue
        placed = furthest_back(gathered.indicators, "educator")
        words = placed.next_words("educator") if placed else None
        if placed and words:
            steps.setdefault((placed.indicator.key, words[language]), []).append(learner)
    order = list(driver_model().indicators)
    groups = tuple(
        SupportGroup(driver_model().indicators[key].name[language], words, tuple(people))
        for (key, words), people in sorted(
            steps.items(), key=lambda item: (order.index(item[0][0]), item[0][1])
        )
    )
    return ThreadSupport(
        thread.key, thread.name[language], thread.about[language], groups, tuple(not_seen)
    )
