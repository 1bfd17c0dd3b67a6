"""Between the form that people fill in and the mapping that is saved: the same things in other shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from learnpath.errors import WrongInput
from learnpath.outcomes.cells import NotRead, read_number
from learnpath.outcomes.mapping import (
    LEFT_OUT,
    Code,
    Mapping,
    ValueColumn,
    from_json,
    normal,
    places,
)
from learnpath.outcomes.plan import OutcomePlan
from learnpath.outcomes.record_outcome import read_value
from learnpath.wording import lazy as _l

# The form itself is made by the views; here it is only read.
AForm = Any
TEXTS = ("measure", "maximum", "scale", "reference")
ENOUGH_BLOCKS = 12
LEAVE_OUT = "-"


def said(mapping: Mapping) -> dict[str, Any]:
    """Return what the form shows of a mapping."""
    return {
        "name": mapping.name,
        "learner": mapping.learner,
        "key": mapping.key.value,
        "day": mapping.day,
        "date_format": mapping.date_format,
        "fixed_day": mapping.fixed_day,
        "source": mapping.source,
        "decimal": mapping.decimal,
        "newer_replaces": mapping.newer_replaces,
        "separator": mapping.separator,
        "encoding": mapping.encoding,
        "values": [_said_of(value) for value in mapping.values],
    }


def _said_of(value: ValueColumn) -> dict[str, Any]:
    return {
        "column": value.column,
        "constant": format(value.constant, "f") if value.constant is not None else "",
        "measure": value.measure,
        "kind": value.kind.value if value.kind else "",
        "maximum": value.maximum,
        "scale": value.scale,
        "reference": value.reference,
        "coded": value.codes is not None,
    }


def offer(form: AForm, columns: Sequence[str]) -> None:
    """Let the form choose among the columns of the file; what was chosen before stays."""
    choices = [("", _l("Choose")), *((name, name) for name in columns)]
    by_normal = {normal(name): name for name in columns}
    fields = [form.learner, form.day, *(entry.form.column for entry in form.values)]
    for field in fields:
        field.choices = choices
        field.data = by_normal.get(normal(field.data or ""), "")


def add_block(form: AForm) -> None:
    """Give the form room for one more column of values."""
    if len(form.values) < ENOUGH_BLOCKS:
        form.values.append_entry()


def check(form: AForm, columns: Sequence[str]) -> bool:
    """Tell whether the form says a whole mapping; what is missing is written beside its field."""
    known = {normal(name) for name in columns}
    if not form.learner.data:
        form.learner.errors = [_l("Choose the column that says who it is.")]
    if not form.fixed_day.data:
        if not form.day.data:
            form.day.errors = [_l("Choose the column with the day, or one day for the whole file.")]
        elif not form.date_format.data:
            form.date_format.errors = [_l("Say how days are written. It is not guessed.")]
    _check_places(form.source, known)
    used = [entry.form for entry in form.values if entry.form.used]
    if not used:
        form.values[0].form.column.errors = [_l("Choose a column with values.")]
    for one in used:
        _check_value(one, known)
    wrong = [form.learner, form.day, form.date_format, form.source]
    return not any(field.errors for field in wrong) and not any(
        field.errors for entry in form.values for field in entry.form
    )


def _check_value(one: AForm, known: set[str]) -> None:
    if bool(one.column.data) == bool(one.constant.data):
        one.column.errors = [_l("Choose a column, or say as what each row counts: one of the two.")]
    if not one.measure.data:
        one.measure.errors = [_l("Say what was looked at.")]
    if one.constant.data:
        try:
            read_value(one.constant.data)
        except WrongInput as error:
            one.constant.errors = [error.message]
    for name in TEXTS:
        _check_places(one[name], known)


def _check_places(field: AForm, known: set[str]) -> None:
    for place in places(field.data or ""):
        if normal(place) not in known:
            field.errors = [_l("There is no column %(name)s.", name=place)]


def mapping_of(form: AForm, before: Mapping | None) -> Mapping:
    """Return the mapping that a checked form says; codes that were told before stay. Raises WrongMapping."""
    day = form.fixed_day.data
    when = {"day": day.isoformat()} if day else {
        "column": form.day.data, "format": form.date_format.data}  # fmt: skip
    return from_json(
        {
            "name": form.name.data,
            "separator": form.separator.data,
            "encoding": form.encoding.data,
            "decimal": form.decimal.data or "point",
            "learner": {"column": form.learner.data, "by": form.key.data},
            "date": when,
            "source": form.source.data,
            "newer_replaces": form.newer_replaces.data,
            "values": [_value_of(entry.form, before) for entry in form.values if entry.form.used],
        }
    )


def _value_of(one: AForm, before: Mapping | None) -> dict[str, Any]:
    value: dict[str, Any] = {"kind": one.kind.data, "measure": one.measure.data}
    if one.column.data:
        value["column"] = one.column.data
    else:
        value["value"] = format(read_value(one.constant.data), "f")
    value |= {name: one[name].data or "" for name in TEXTS[1:]}
    if one.coded.data:
        value["codes"] = _codes_before(one.column.data, before)
    return value


def _codes_before(column: str, before: Mapping | None) -> dict[str, Any]:
    for value in before.values if before else ():
        if normal(value.column) == normal(column) and value.codes is not None:
            told: dict[str, Any] = {}
            for code, means in value.codes.items():
                told[code] = (
                    {"value": format(means.value, "f"), "words": means.words} if means else LEFT_OUT
                )
            return told
    return {}


# -- codes ------------------------------------------------------------------------------------------


def open_codes(plan: OutcomePlan) -> dict[str, Any]:
    """Return the codes of a plan that nobody told the meaning of, for the form that asks."""
    return {
        "codes": [
            {"column": column, "code": code} for column, code in list(plan.unknown_codes)[:200]
        ]
    }


def with_codes(mapping: Mapping, form: AForm) -> Mapping | None:
    """Return the mapping with the codes of the form told, or None when one is wrong (said beside it)."""
    told: dict[str, dict[str, Code | None]] = {}
    wrong = False
    for entry in form.codes:
        one = entry.form
        text = (one.value.data or "").replace(",", ".")
        try:
            code = None if text == LEAVE_OUT else Code(read_number(text, "."), one.words.data or "")
        except NotRead:
            wrong = True
            one.value.errors = [_l("Type a number, or - to leave it out.")]
        else:
            told.setdefault(normal(one.column.data or ""), {})[one.code.data or ""] = code
    if wrong:
        return None
    values = tuple(
        replace(value, codes={**value.codes, **told.get(normal(value.column), {})})
        if value.codes is not None
        else value
        for value in mapping.values
    )
    return replace(mapping, values=values)
