"""What the app has read from files: inventories and the cards of conferences, and where a school's own come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from learnpath.conferences import cards
from learnpath.errors import SettingsError
from learnpath.people.models import Language
from learnpath.profiles import inventories


@dataclass(frozen=True)
class LoadedInventory:
    """One inventory that students can answer."""

    id: str
    titles: Mapping[Language, str]
    version: int
    grades: tuple[int, int]
    questions: int
    own: bool


@dataclass(frozen=True)
class LoadedCards:
    """The cards of conferences for some grades."""

    key: str
    grades: tuple[int, int]
    cards: int
    minutes: int


@dataclass(frozen=True)
class Refused:
    """A file of the school that cannot be taken as it is: it is not loaded, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Loaded:
    """All that was loaded, and what was refused since."""

    inventories: Sequence[LoadedInventory]
    templates: Sequence[LoadedCards]
    folder_is_set: bool
    refused: Sequence[Refused]
    waiting: Sequence[str]


def loaded(folder: Path | None) -> Loaded:
    """Return what was loaded when the app started, and how the files of the folder stand now."""
    there = inventories.all_inventories()
    ours = {inventories.read(path).id for path in sorted(inventories.OURS.glob("*.yaml"))}
    lines = [
        LoadedInventory(
            one.id, {Language(key): text for key, text in one.title.items()}, one.version,
            one.grades, len(one.questions), one.id not in ours,
        )
        for _, one in sorted(there.items())
    ]  # fmt: skip
    bands = [
        LoadedCards(one.key, one.grades, len(one.cards), one.minutes)
        for one in cards.templates().values()
    ]
    refused, waiting = _files_now(folder, there)
    return Loaded(lines, bands, folder is not None, refused, waiting)


def _files_now(
    folder: Path | None, there: Mapping[str, inventories.Inventory]
) -> tuple[list[Refused], list[str]]:
    """Read the school's files again: which are refused, and which differ from what was loaded."""
    refused, waiting = [], []
    for path in sorted(folder.glob("*.yaml")) if folder else []:
        try:
            found = inventories.read(path)
        except SettingsError as error:
            # The reason without the way to the file: where things lie on the server is nobody's business.
            reason = str(error).replace(str(path), path.name)
            refused.append(Refused(path.name, reason.removeprefix(f"{path.name}: ")))
        else:
            if there.get(found.id) != found:
                waiting.append(path.name)
    return refused, waiting
