"""Answers of an inventory as lines to read: of one day, and of two days side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString

from learnpath.people.models import Language
from learnpath.profiles.inventories import Inventory, Kind, Question
from learnpath.profiles.inventory import Value
from learnpath.wording import lazy as _l

ANSWERS: dict[str, LazyString] = {
    "yes": _l("Yes"),
    "sometimes": _l("Sometimes"),
    "not_for_me": _l("Not for me"),
    "dont_know": _l("I don't know yet"),
    "lean_on": _l("I lean on this"),
    "growing": _l("Growing"),
    "want_help": _l("I'd like help"),
}


def told(question: Question, value: Value, language: Language) -> list[str]:
    """Return an answer as lines, in the language of the reader; own words stay as they are."""
    if question.kind is Kind.WORDS:
        return [value["text"]] if value.get("text") else []
    if question.kind is Kind.PICK:
        cards = [question.card(key) for key in value.get("cards", ())]
        own = [value["own"]] if value.get("own") else []
        return [card.words[language] for card in cards if card is not None] + own
    return [
        f"{card.words[language]}: {ANSWERS[value[card.key]]}"
        for card in question.cards
        if value.get(card.key) in ANSWERS
    ]


@dataclass(frozen=True)
class Row:
    """A question with the answers of two days."""

    ask: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both days say the same."""
        return self.before == self.after


def side_by_side(
    whole: Inventory, before: Mapping[str, Value], after: Mapping[str, Value], language: Language
) -> list[Row]:
    """Return the questions that were answered on either day."""
    rows = [
        Row(
            question.ask[language],
            tuple(told(question, before.get(question.key, {}), language)),
            tuple(told(question, after.get(question.key, {}), language)),
        )
        for question in whole.questions
    ]
    return [row for row in rows if row.before or row.after]
