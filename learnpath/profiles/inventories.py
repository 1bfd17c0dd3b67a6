"""Inventories as data: questions about what a learner likes, leans on and is helped by.

They are YAML files, ours beside this module and a school's own in the folder that
``LEARNPATH_INVENTORIES`` names; ``docs/inventories.md`` describes the format. All are read and checked when
the app starts: a wrong one is refused with its file, its line and the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from learnpath import resources
from learnpath.errors import SettingsError
from learnpath.people.models import Language
from learnpath.profiles.models import BLOCKS
from learnpath.profiles.yaml_file import Wrong, YamlFile, YamlPart

OURS = Path(__file__).parent / "inventory_files"
PICTURES = resources.STATIC / "vendor" / "lucide"
LONGEST_WORDS = 300
MOST_CARDS, MOST_QUESTIONS = 24, 60
LANGUAGES = tuple(language.value for language in Language)
Words = Mapping[Language, str]


class Kind(StrEnum):
    """How a question is answered."""

    PICK = "pick"
    SORT = "sort"
    WORDS = "words"


class Scale(StrEnum):
    """What each card of a ``sort`` question is sorted into."""

    FITS = "fits"
    LEAN = "lean"


SCALES: dict[Scale, tuple[str, ...]] = {
    Scale.FITS: ("yes", "sometimes", "not_for_me", "dont_know"),
    Scale.LEAN: ("lean_on", "growing", "want_help"),
}
# Into which block of the profile a sorted card goes; what is not named goes nowhere.
BLOCK_OF: dict[str, str] = {
    "lean_on": "strengths", "growing": "challenges", "want_help": "needs",
}  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A picture and a word to choose."""

    key: str
    icon: str
    words: Words


@dataclass(frozen=True)
class Question:
    """One question: what is asked, how it is answered, and which block of the profile it begins."""

    key: str
    ask: Words
    hint: Words
    kind: Kind
    block: str
    cards: tuple[Card, ...] = ()
    most: int = 0
    own_words: bool = False
    scale: Scale = Scale.FITS
    new_page: bool = False

    def card(self, key: str) -> Card | None:
        """Return the card with that key, or None."""
        return next((card for card in self.cards if card.key == key), None)

    @property
    def icons(self) -> dict[str, str]:
        """The picture of each card that has one."""
        return {card.key: card.icon for card in self.cards if card.icon}

    @property
    def answers(self) -> tuple[str, ...]:
        """Into what each card can be sorted."""
        return SCALES[self.scale]


@dataclass(frozen=True)
class Step:
    """What stands on one page: a single question for the young, a section or a part of it for the older."""

    title: Words
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Inventory:
    """A whole inventory."""

    id: str
    version: int
    grades: tuple[int, int]
    title: Words
    lead: Words
    steps: tuple[Step, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        """All questions, in order."""
        return tuple(question for step in self.steps for question in step.questions)

    @property
    def one_a_page(self) -> bool:
        """Whether each page has a single question."""
        return all(len(step.questions) == 1 for step in self.steps)

    def question(self, key: str) -> Question | None:
        """Return the question with that key, or None when it is another inventory's."""
        return next((question for question in self.questions if question.key == key), None)

    def fits(self, grade: int | None) -> bool:
        """Tell whether this inventory is for a grade; without a grade it is for everybody."""
        return grade is None or self.grades[0] <= grade <= self.grades[1]


_loaded: dict[str, Inventory] = {}


def load(folder: Path | None = None) -> Mapping[str, Inventory]:
    """Read and check all inventories: ours, and the school's in ``folder``.

    Raises SettingsError with file, line and reason for the first wrong one.
    """
    found: dict[str, Inventory] = {}
    for path, inventory in [*_ours(), *_of_school(folder)]:
        if inventory.id in found:
            raise SettingsError(
                f"{path}: line 1: another file has the id {inventory.id!r} already."
            )
        found[inventory.id] = inventory
    _loaded.clear()
    _loaded.update(found)
    return dict(found)


def all_inventories() -> Mapping[str, Inventory]:
    """Return the inventories of this installation, by id."""
    return _loaded or load()


def for_grade(grade: int | None) -> list[Inventory]:
    """Return the inventories that fit a grade, by their id."""
    return [one for _, one in sorted(all_inventories().items()) if one.fits(grade)]


@cache
def _ours() -> tuple[tuple[Path, Inventory], ...]:
    return tuple((path, read(path)) for path in sorted(OURS.glob("*.yaml")))


def _of_school(folder: Path | None) -> Iterator[tuple[Path, Inventory]]:
    if folder is None:
        return
    if not folder.is_dir():
        raise SettingsError(f"LEARNPATH_INVENTORIES: there is no folder {folder}.")
    yield from ((path, read(path)) for path in sorted(folder.glob("*.yaml")))


# -- reading one file ----------------------------------------------------------------------------------


def read(path: Path) -> Inventory:
    """Return the inventory in ``path``. Raises SettingsError with file, line and reason."""
    try:
        return _inventory(YamlFile.read(path))
    except Wrong as wrong:
        raise SettingsError(f"{path}: line {wrong.line}: {wrong.reason}") from wrong


def _inventory(file: YamlPart) -> Inventory:
    file.only("id", "version", "grades", "page", "title", "lead", "sections")
    low, high = file.numbers("grades", 2, 0, 12)
    if low > high:
        file.part("grades").refuse("the first grade must not be above the second")
    one_a_page = file.one_of("page", ("question", "section")) == "question"
    steps = tuple(_steps(file.parts("sections"), one_a_page))
    questions = [question for step in steps for question in step.questions]
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        file.part("sections").refuse(f"an inventory has 1 to {MOST_QUESTIONS} questions")
    return Inventory(
        file.key("id"), file.number("version", 1, 9999), (low, high), _words(file, "title"),
        _words(file, "lead"), steps,
    )  # fmt: skip


def _steps(sections: Iterable[YamlPart], one_a_page: bool) -> Iterator[Step]:
    seen: set[str] = set()
    for section in sections:
        section.only("title", "questions")
        title = _words(section, "title")
        questions = tuple(_question(part, seen) for part in section.parts("questions"))
        if one_a_page:
            yield from (Step(title, (question,)) for question in questions)
        else:
            yield from (Step(title, page) for page in _pages(questions))


def _pages(questions: Sequence[Question]) -> Iterator[tuple[Question, ...]]:
    """Yield the questions of a section by page: one that says so begins the next."""
    page: list[Question] = []
    for question in questions:
        if question.new_page and page:
            yield tuple(page)
            page = []
        page.append(question)
    if page:
        yield tuple(page)


def _question(part: YamlPart, seen: set[str]) -> Question:
    part.only(
        "key", "ask", "hint", "kind", "block", "cards", "most", "own_words", "scale", "new_page"
    )
    key = part.key("key")
    if key in seen:
        part.part("key").refuse(f"there is another question with the key {key!r}")
    seen.add(key)
    kind = Kind(part.one_of("kind", tuple(Kind)))
    cards = tuple(_cards(part)) if kind is not Kind.WORDS else ()
    hint = _words(part, "hint") if part.has("hint") else {}
    scale = part.one_of("scale", tuple(Scale)) if kind is Kind.SORT else Scale.FITS
    most = part.number("most", 1, MOST_CARDS) if kind is Kind.PICK else 0
    return Question(
        key, _words(part, "ask"), hint, kind, part.one_of("block", BLOCKS), cards, most,
        part.yes_no("own_words"), Scale(scale), part.yes_no("new_page"),
    )  # fmt: skip


def _cards(part: YamlPart) -> Iterator[Card]:
    cards = part.parts("cards")
    if not 2 <= len(cards) <= MOST_CARDS:
        part.part("cards").refuse(f"a question has 2 to {MOST_CARDS} cards")
    seen: set[str] = set()
    for card in cards:
        card.only("key", "icon", *LANGUAGES)
        key = card.key("key")
        if key in seen:
            card.refuse(f"there is another card with the key {key!r}")
        seen.add(key)
        yield Card(
            key, _icon(card), {language: card.text(language.value, 80) for language in Language}
        )


def _icon(card: YamlPart) -> str:
    if not card.has("icon"):
        return ""
    name = card.key("icon")
    if not (PICTURES / f"{name}.svg").is_file():
        card.part("icon").refuse(f"there is no picture {name!r}")
    return name


def _words(part: YamlPart, name: str) -> Words:
    words = part.part(name)
    words.only(*LANGUAGES)
    return {language: words.text(language.value, LONGEST_WORDS) for language in Language}
