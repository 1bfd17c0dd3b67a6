"""What the form components ask about a WTForms field: its kind, its choices, its errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import BooleanField, Form, IntegerField, RadioField, SelectMultipleField
from wtforms.fields import Field, FieldList, FormField
from wtforms.widgets import NumberInput


@dataclass(frozen=True)
class ErrorLine:
    """One thing to put right: where on the page it is, and the same words as beside the field."""

    target: str
    text: str


@dataclass(frozen=True)
class Choice:
    """One choice of a group."""

    value: str
    label: str
    chosen: bool
    disabled: bool


def is_checkbox(field: Field) -> bool:
    """Tell whether the field is one box to tick."""
    return isinstance(field, BooleanField)


def takes_many(field: Field) -> bool:
    """Tell whether more than one of the field's choices may be taken."""
    return isinstance(field, SelectMultipleField)


def choice_list(field: Any) -> list[Choice]:
    """Return the choices of a field in their order."""
    return [
        Choice(str(value), label, bool(chosen), "disabled" in (rest[0] if rest else {}))
        for value, label, chosen, *rest in field.iter_choices()
    ]


def described_by(field: Field, hint: str, *more: str) -> str | bool:
    """Return the ids of what is said about a field, or False when there is nothing."""
    parts = ["hint" if hint else "", "error" if field.errors else "", *more]
    return " ".join(f"{field.id}-{part}" for part in parts if part) or False


def plain_number(field: Field) -> dict[str, str | bool]:
    """Return how a field for a number is shown: as text, so that a slip of the pen stays to be seen.

    A browser's own number box drops "3,5" or "many" and changes by the mouse wheel.
    """
    if not isinstance(field.widget, NumberInput):
        return {}
    whole = isinstance(field, IntegerField)
    return {"type": "text", "step": False, "inputmode": "numeric" if whole else "decimal"}


def error_texts(field: Field) -> list[str]:
    """Return the error words of a field itself."""
    return [str(text) for text in field.errors if not isinstance(text, Mapping | list | tuple)]


def error_lines(form: Form) -> list[ErrorLine]:
    """Return every error of a form, in the order of the page, each with the field to go to."""
    whole = [ErrorLine("", str(text)) for text in form.form_errors]
    return whole + [line for field in form for line in _lines(field)]


def _lines(field: Field) -> Iterator[ErrorLine]:
    if isinstance(field, FormField):
        yield from (line for inner in field.form for line in _lines(inner))
        return
    yield from (ErrorLine(_target(field), text) for text in error_texts(field))
    if isinstance(field, FieldList):
        yield from (line for inner in field.entries for line in _lines(inner))


def _target(field: Field) -> str:
    # A group of choices is a fieldset: the link goes to its first choice, which can take the focus.
    return f"{field.id}-0" if isinstance(field, RadioField | SelectMultipleField) else field.id
