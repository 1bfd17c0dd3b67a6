"""The Driver Model as plain lines, for a terminal or a printer."""

from __future__ import annotations

from collections.abc import Iterator

from learnpath.continuum.driver_model import DriverModel, Group


def model_lines(model: DriverModel, language: str) -> Iterator[str]:
    """Yield the whole model in educators' words, a line at a time."""
    source = model.source
    yield f"{source['title']} · {source['by']} · {source['edition']}"
    yield source["wording"]
    for group in model.groups:
        yield from _group_lines(group, model, language)


def _group_lines(group: Group, model: DriverModel, language: str) -> Iterator[str]:
    yield ""
    yield group.name[language].upper()
    for strand in group.strands:
        codes = f" ({' '.join(strand.leap)})" if strand.leap else ""
        yield ""
        yield f"{strand.name[language]}{codes}: {strand.about[language]}"
        for column, cell in strand.columns.items():
            names = model.columns[column]
            name = names.foundations if group.key == "foundational_practices" else names.drivers
            yield f"  {name[language]}: {cell[language]['educator']}"
        for one in model.indicators_of(strand.key):
            yield f"    {one.name[language]}: {one.asks[language]}"
