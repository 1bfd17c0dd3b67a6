"""The cards of a conference by grade band, read from ``cards.json`` and checked when the app starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from learnpath.errors import SettingsError
from learnpath.people.models import Language

FILE = Path(__file__).with_name("cards.json")
PARTS = frozenset({"profile", "work", "hard", "goals", "teacher", "questions", "promises"})
# What no conference goes without, whatever the grade.
NEEDED = frozenset({"profile", "work", "hard", "goals", "teacher", "promises"})


@dataclass(frozen=True)
class Card:
    """One card: its words in each language, its minutes, and what of the learner's things it shows."""

    key: str
    minutes: int
    parts: tuple[str, ...]
    titles: Mapping[str, str]
    starters: Mapping[str, tuple[str, ...]]

    def title(self, language: str) -> str:
        """Return the card's title in ``language``."""
        return self.titles[Language(language)]

    def says(self, language: str) -> tuple[str, ...]:
        """Return the sentence starters in ``language``."""
        return self.starters[Language(language)]


@dataclass(frozen=True)
class Template:
    """The cards for a grade band, in their usual order, and how many pieces of work are shown."""

    key: str
    grades: tuple[int, int]
    pieces: int
    cards: tuple[Card, ...]

    @property
    def minutes(self) -> int:
        """How long the whole conference takes."""
        return sum(card.minutes for card in self.cards)

    def card(self, key: str) -> Card:
        """Return one card. Raises KeyError for one that this template does not have."""
        return {card.key: card for card in self.cards}[key]


@cache
def templates() -> Mapping[str, Template]:
    """Return all templates by their key. Raises SettingsError when the file is wrong."""
    said = _read(FILE)
    return {key: _template(key, raw, said["cards"]) for key, raw in said["templates"].items()}


@cache
def family_questions(language: str) -> tuple[str, ...]:
    """Return the questions that families may want to ask, in ``language``."""
    return tuple(_read(FILE)["questions"][Language(language)])


def template_for(grade: int | None) -> Template:
    """Return the template for a grade; without a grade, the one for grades 6 to 8."""
    for template in templates().values():
        low, high = template.grades
        if grade is not None and low <= grade <= high:
            return template
    return templates()["6-8"]


def _read(path: Path) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path.name}: the cards cannot be read ({error}).") from error
    return said


def _template(key: str, raw: Mapping[str, Any], cards: Mapping[str, Any]) -> Template:
    try:
        made = tuple(
            _card(name, minutes, cards[name], raw["voice"]) for name, minutes in raw["cards"]
        )
        low, high = raw["grades"]
        template = Template(key, (low, high), raw["pieces"], made)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(
            f"{FILE.name}: template {key}: {error!r} is missing or wrong."
        ) from error
    shown = {part for card in template.cards for part in card.parts}
    if not shown >= NEEDED or not shown <= PARTS:
        wrong = sorted((NEEDED - shown) | (shown - PARTS))
        raise SettingsError(f"{FILE.name}: template {key}: parts {', '.join(wrong)}.")
    return template


def _card(key: str, minutes: int, raw: Mapping[str, Any], voice: str) -> Card:
    return Card(
        key, minutes, tuple(raw["parts"]),
        {language: raw["title"][language] for language in Language},
        {language: tuple(raw[voice][language]) for language in Language},
    )  # fmt: skip
