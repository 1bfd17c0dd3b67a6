"""Form fields for people's words: plain text, cleaned of what nobody types on purpose, never too long."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

# Marks that turn the reading direction around could make a text look like another one.
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
KEPT_CONTROLS = frozenset("\n\t")


def clean(text: str) -> str:
    """Return ``text`` in one Unicode form, with one kind of line end and without hidden marks."""
    unified = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in unified if _is_visible(c)).strip()


def _is_visible(character: str) -> bool:
    if character in KEPT_CONTROLS:
        return True
    if character in DIRECTION_MARKS:
        return False
    return unicodedata.category(character) not in {"Cc", "Cs", "Co", "Cn"}


def one_line(text: str) -> str:
    """Return ``text`` cleaned and on one line."""
    return " ".join(clean(text).split())


def _or_nothing(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _line_or_nothing(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


def _limit(limit: int, validators: Sequence[Any]) -> list[Any]:
    message = _l("Use %(limit)s letters or fewer.", limit=limit)
    return [*validators, Length(max=limit, message=message)]


class TextLine(StringField):
    """One line of plain text, of at most ``limit`` characters."""

    def __init__(
        self, label: Any = None, *, limit: int, validators: Sequence[Any] = (), **extra: Any
    ):
        super().__init__(
            label, validators=_limit(limit, validators), filters=[_line_or_nothing], **extra
        )
        self.limit = limit


class TextBlock(TextAreaField):
    """Some lines of plain text, of at most ``limit`` characters."""

    def __init__(
        self, label: Any = None, *, limit: int, validators: Sequence[Any] = (), **extra: Any
    ):
        super().__init__(
            label, validators=_limit(limit, validators), filters=[_or_nothing], **extra
        )
        self.limit = limit
