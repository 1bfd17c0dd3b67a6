"""A mapping says what the columns of a file mean. It is data: saved by a school, or shipped as a preset.

Pure. What a mapping leaves open is asked for, never guessed: the sign between cells, the encoding, the
format of days, the decimal sign, and what each code means. ``docs/outcomes.md`` tells of each part.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping as Map, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from learnpath.outcomes.cells import NotRead, date_pattern, plain, read_number
from learnpath.outcomes.models import LONGEST_NAME, OutcomeKind

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
ENCODINGS = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}
DECIMALS = {"point": ".", "comma": ","}
LEFT_OUT = "leave out"
MOST_VALUES, MOST_CODES = 40, 200
PLACE = re.compile(r"\{([^{}]*)\}")


class WrongMapping(ValueError):
    """A mapping cannot be used. The text says which part, and what it takes."""


class Key(StrEnum):
    """By what a file names a learner. Never by name: two learners may share one."""

    SOURCED_ID = "sourced_id"
    IDENTIFIER = "identifier"
    USERNAME = "username"


@dataclass(frozen=True)
class Code:
    """What the school says a code means: a value, and words for people if it has any."""

    value: Decimal
    words: str = ""


@dataclass(frozen=True)
class ValueColumn:
    """Where a value stands, and what is said about it.

    ``measure``, ``scale``, ``maximum`` and ``reference`` may hold places such as ``{Subject}``, which the
    cells of the row fill. Without a ``column`` each row counts as ``constant``, as for incidents.
    ``codes`` None: the cells hold numbers. Else only the codes named there are taken; those with None
    are left out on purpose.
    """

    measure: str
    kind: OutcomeKind | None
    column: str = ""
    constant: Decimal | None = None
    maximum: str = ""
    scale: str = ""
    reference: str = ""
    codes: Map[str, Code | None] | None = None


@dataclass(frozen=True)
class Mapping:
    """What the columns of a file mean."""

    name: str
    learner: str
    key: Key
    values: tuple[ValueColumn, ...]
    source: str
    day: str = ""
    date_format: str = ""
    fixed_day: date | None = None
    separator: str = "comma"
    encoding: str = "utf-8"
    decimal: str = "point"
    newer_replaces: bool = False
    # A column that says what kind of data a row is, and what the school says its words mean.
    kind: str = ""
    kinds: Map[str, OutcomeKind] = field(default_factory=dict)
    # Shown with a preset: what to check with one's own export.
    note: str = ""

    @property
    def columns(self) -> frozenset[str]:
        """The columns that a file needs for it, in the form that headers are compared in."""
        named = [self.learner, self.day, self.kind, *places(self.source)]
        for value in self.values:
            texts = (value.measure, value.scale, value.maximum, value.reference)
            named += [value.column, *(place for text in texts for place in places(text))]
        return frozenset(normal(name) for name in named if name)

    def as_json(self) -> dict[str, Any]:
        """Return the mapping as the JSON that ``from_json`` reads."""
        when = {"day": self.fixed_day.isoformat()} if self.fixed_day else {
            "column": self.day, "format": self.date_format}  # fmt: skip
        whole: dict[str, Any] = {
            "name": self.name,
            "separator": self.separator,
            "encoding": self.encoding,
            "decimal": self.decimal,
            "learner": {"column": self.learner, "by": self.key.value},
            "date": when,
            "source": self.source,
            "values": [_value_json(value) for value in self.values],
            "newer_replaces": self.newer_replaces,
        }
        if self.kind:
            kinds = {word: kind.value for word, kind in self.kinds.items()}
            whole["kind"] = {"column": self.kind, "codes": kinds}
        return whole | ({"note": self.note} if self.note else {})


def _value_json(value: ValueColumn) -> dict[str, Any]:
    said: dict[str, Any] = {"measure": value.measure}
    if value.kind:
        said["kind"] = value.kind.value
    if value.column:
        said["column"] = value.column
    if value.constant is not None:
        said["value"] = format(value.constant, "f")
    for name in ("maximum", "scale", "reference"):
        if getattr(value, name):
            said[name] = getattr(value, name)
    if value.codes is not None:
        said["codes"] = {
            code: {"value": format(means.value, "f"), "words": means.words} if means else LEFT_OUT
            for code, means in value.codes.items()
        }
    return said


# -- headers ----------------------------------------------------------------------------------------


def normal(name: str) -> str:
    """Return a header cell in the form that headers are compared in: case and spaces do not count."""
    return plain(name).casefold()


def header_digest(header: Iterable[str]) -> str:
    """Return what a file is recognised by next time: its header cells, whatever their order."""
    cells = sorted(filter(None, (normal(cell) for cell in header)))
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def places(text: str) -> list[str]:
    """Return the columns that a text names in braces."""
    return [name.strip() for name in PLACE.findall(text)]


def filled(text: str, cells: Map[str, str]) -> str:
    """Return ``text`` with the cells of a row in its places."""
    if "{" not in text:
        return text
    return plain(PLACE.sub(lambda found: cells.get(normal(found[1]), ""), text))


# -- reading ----------------------------------------------------------------------------------------


def from_text(text: str) -> Mapping:
    """Return the mapping that JSON text says. Raises WrongMapping."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongMapping("the mapping is not JSON") from error
    return from_json(said)


def from_json(said: Any) -> Mapping:
    """Return the mapping that parsed JSON says. Raises WrongMapping, naming the part that is wrong."""
    whole = _object(said, "the mapping", {
        "name", "separator", "encoding", "decimal", "learner", "date", "source", "values",
        "newer_replaces", "kind", "note",
    })  # fmt: skip
    learner = _object(whole.get("learner"), "learner", {"column", "by"})
    kind = _object(whole.get("kind", {}), "kind", {"column", "codes"})
    when = _object(whole.get("date"), "date", {"column", "format", "day"})
    mapping = Mapping(
        name=_words(whole, "name"),
        learner=_words(learner, "column", "learner"),
        key=Key(_one_of(learner, "by", [key.value for key in Key], "", "learner")),
        values=_values(whole.get("values"), by_column=bool(kind.get("column"))),
        source=_text(whole, "source"),
        **_when(when),
        separator=_one_of(whole, "separator", SEPARATORS, "comma"),
        encoding=_one_of(whole, "encoding", ENCODINGS, "utf-8"),
        decimal=_one_of(whole, "decimal", DECIMALS, "point"),
        newer_replaces=_yes_no(whole, "newer_replaces"),
        kind=_text(kind, "column", "kind"),
        kinds=_kinds(kind.get("codes", {})),
        note=_text(whole, "note", limit=1000),
    )
    if not mapping.source:
        raise WrongMapping("source: say where the values come from")
    return mapping


def _when(when: Map[str, Any]) -> dict[str, Any]:
    """Return where a row's day stands: a column with its named format, or one day for the whole file."""
    if when.get("day"):
        try:
            return {"fixed_day": date.fromisoformat(_words(when, "day", "date"))}
        except ValueError as error:
            raise WrongMapping("date: the day must be written as 2026-09-15") from error
    column, named = _words(when, "column", "date"), _words(when, "format", "date")
    try:
        date_pattern(named)
    except NotRead as error:
        raise WrongMapping(f"date: {error}") from error
    return {"day": column, "date_format": named}


def _kinds(said: Any) -> dict[str, OutcomeKind]:
    known = [kind.value for kind in OutcomeKind]
    codes = _object(said, "kind: codes", None)
    return {
        plain(word): OutcomeKind(_one_of(codes, word, known, "", "kind: codes")) for word in codes
    }


def _values(said: Any, *, by_column: bool) -> tuple[ValueColumn, ...]:
    if not isinstance(said, list) or not 1 <= len(said) <= MOST_VALUES:
        raise WrongMapping(f"values: a list of 1 to {MOST_VALUES} is needed")
    return tuple(_value(one, f"values[{n}]", by_column) for n, one in enumerate(said))


def _value(said: Any, where: str, by_column: bool) -> ValueColumn:
    one = _object(said, where, {
        "column", "value", "measure", "kind", "maximum", "scale", "reference", "codes",
    })  # fmt: skip
    column, constant = _text(one, "column", where), _text(one, "value", where)
    if bool(column) == bool(constant):
        raise WrongMapping(f"{where}: name a column, or one value that each row counts as")
    known = [kind.value for kind in OutcomeKind]
    kind = None if by_column and "kind" not in one else OutcomeKind(
        _one_of(one, "kind", known, "", where)
    )  # fmt: skip
    return ValueColumn(
        measure=_words(one, "measure", where),
        kind=kind,
        column=column,
        constant=_number(constant, f"{where}: value") if constant else None,
        maximum=_text(one, "maximum", where),
        scale=_text(one, "scale", where),
        reference=_text(one, "reference", where),
        codes=_codes(one["codes"], f"{where}: codes") if "codes" in one else None,
    )


def _codes(said: Any, where: str) -> dict[str, Code | None]:
    codes = _object(said, where, None)
    if len(codes) > MOST_CODES:
        raise WrongMapping(f"{where}: at most {MOST_CODES} codes are taken")
    return {plain(code): _code(means, f"{where}: {code}") for code, means in codes.items()}


def _code(said: Any, where: str) -> Code | None:
    if said == LEFT_OUT:
        return None
    one = _object(said, where, {"value", "words"})
    return Code(_number(_words(one, "value", where), where), _text(one, "words", where))


def _number(text: str, where: str) -> Decimal:
    try:
        return read_number(text, ".")
    except NotRead as error:
        raise WrongMapping(f"{where}: {error}") from error


def _object(said: Any, where: str, parts: set[str] | None) -> Map[str, Any]:
    if not isinstance(said, dict):
        raise WrongMapping(f"{where}: an object is needed")
    for name in said.keys() - (parts if parts is not None else said.keys()):
        raise WrongMapping(f"{where}: there is no part {name!r}")
    return said


def _text(said: Map[str, Any], name: str, where: str = "", limit: int = LONGEST_NAME) -> str:
    text = said.get(name, "")
    place = f"{where}: {name}" if where else name
    if not isinstance(text, str):
        raise WrongMapping(f"{place}: text in quotation marks is needed")
    if len(text) > limit:
        raise WrongMapping(f"{place}: at most {limit} letters are taken")
    return plain(text)


def _words(said: Map[str, Any], name: str, where: str = "") -> str:
    text = _text(said, name, where)
    if not text:
        raise WrongMapping(f"{where}: {name} is missing" if where else f"{name} is missing")
    return text


def _one_of(
    said: Map[str, Any], name: str, known: Iterable[str], default: str, where: str = ""
) -> str:
    text = said.get(name, default)
    choices: Sequence[str] = list(known)
    if text not in choices:
        place = f"{where}: {name}" if where else name
        raise WrongMapping(f"{place}: must be one of {', '.join(choices)}")
    return str(text)


def _yes_no(said: Map[str, Any], name: str) -> bool:
    if not isinstance(said.get(name, False), bool):
        raise WrongMapping(f"{name}: must be true or false")
    return bool(said.get(name, False))
