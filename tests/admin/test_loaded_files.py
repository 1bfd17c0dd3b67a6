"""The office sees which questions and cards were loaded, and what is wrong with a file of the school."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from learnpath.people.models import Language
from learnpath.portability.loaded import loaded
from learnpath.profiles import inventories
from tests import builders
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def folder(tmp_path: Path):
    """Return a school's folder with one good file in it, loaded."""
    own = tmp_path / "own"
    own.mkdir()
    text = min(inventories.OURS.glob("*.yaml")).read_text(encoding="utf-8")
    there = next(iter(inventories._ours()))[1].id
    good = text.replace(f"id: {there}", "id: ours-alone", 1)
    (own / "ours.yaml").write_text(good, encoding="utf-8")
    inventories.load(own)
    yield own
    inventories.load()


def test_the_page_shows_what_was_loaded_in_the_readers_language(
    session: Session, visit: Visit
) -> None:
    administrator = builders.an_administrator(session, language=Language.ES)
    session.commit()
    page = visit(administrator).get("/admin/files")
    for one in inventories.all_inventories().values():
        assert one.title[Language.ES] in page.words
    assert "LEARNPATH_INVENTORIES" in page.words


def test_a_file_of_the_school_is_told_apart(folder: Path) -> None:
    shown = loaded(folder)
    assert {one.id for one in shown.inventories if one.own} == {"ours-alone"}
    assert (shown.folder_is_set, shown.refused, shown.waiting) == (True, [], [])
    assert loaded(None).folder_is_set is False


def test_a_file_that_is_wrong_or_new_since_the_start_says_so_without_its_place(
    folder: Path,
) -> None:
    (folder / "broken.yaml").write_text("id: [", encoding="utf-8")
    changed = (folder / "ours.yaml").read_text(encoding="utf-8").replace("version: ", "version: 9")
    (folder / "ours.yaml").write_text(changed, encoding="utf-8")
    shown = loaded(folder)
    [refused] = shown.refused
    assert refused.name == "broken.yaml"
    assert refused.reason.startswith("line 1")
    assert str(folder) not in refused.reason
    assert list(shown.waiting) == ["ours.yaml"]
