"""What the family reads of who is leading: the places that were shared, in the family's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from learnpath.continuum.columns import Column
from learnpath.continuum.driver_model import Thread, driver_model
from learnpath.continuum.leading import Reader
from learnpath.continuum.models import SharedPosition
from learnpath.continuum.place import Band
from learnpath.people.models import Person


@dataclass(frozen=True)
class FamilyThread:
    """One thread for the family: a sentence, where it lies, and what the learner may try."""

    key: str
    name: str
    about: str
    sentence: str
    band: Band | None
    to_try: str | None


@dataclass(frozen=True)
class FamilyPage:
    """The whole page; ``threads`` is empty while nothing is shared."""

    called: str
    as_of: date | None
    threads: tuple[FamilyThread, ...]


def family_page(learner: Person, shared: SharedPosition | None, language: str) -> FamilyPage:
    """Return the page in a language."""
    if shared is None:
        return FamilyPage(learner.called, None, ())
    threads = tuple(
        _thread(thread, shared.places.get(thread.key) or {}, learner, language)
        for thread in driver_model().threads
    )
    return FamilyPage(learner.called, shared.as_of, threads)


def _thread(thread: Thread, places: dict[str, Any], learner: Person, language: str) -> FamilyThread:
    reader = Reader(language, is_learner=False, person_id=None)
    band = Band(*map(Column, places["band"])) if places.get("band") else None
    return FamilyThread(
        thread.key, thread.name[language], thread.about[language],
        reader.sentence(thread, band, learner.called), band, _to_try(places.get("next"), language),
    )  # fmt: skip


def _to_try(step: list[str] | None, language: str) -> str | None:
    """Return the learner's next step; nothing for a step that the model does not have any more."""
    if not step:
        return None
    indicator = driver_model().indicators.get(step[0])
    voices = indicator.next.get(Column(step[1])) if indicator else None
    return voices["learner"][language] if voices else None
