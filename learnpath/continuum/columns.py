"""The four columns of the continuum: names in an order, never numbers."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Column(StrEnum):
    """Who drives a piece of learning. The order is the order of these lines."""

    TEACHER_DRIVEN = "teacher_driven"
    TOWARD_LEARNER_CENTERED = "toward_learner_centered"
    LEARNER_CENTERED = "learner_centered"
    LEARNER_DRIVEN = "learner_driven"


_ALONG = tuple(Column)


def in_order(columns: Sequence[Column]) -> list[Column]:
    """Return the columns in the order of the continuum, from teacher-driven on."""
    return sorted(columns, key=_ALONG.index)


def lower_median(columns: Sequence[Column]) -> Column | None:
    """Return the one in the middle, of two in the middle the more teacher-driven; None for none."""
    ordered = in_order(columns)
    return ordered[(len(ordered) - 1) // 2] if ordered else None


def is_past(one: Column, other: Column) -> bool:
    """Tell whether ``one`` lies further towards learner-driven than ``other``."""
    return _ALONG.index(one) > _ALONG.index(other)


def next_after(column: Column) -> Column | None:
    """Return the column that follows, or None at the last."""
    following = _ALONG[_ALONG.index(column) + 1 :]
    return following[0] if following else None
