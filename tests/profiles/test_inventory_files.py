"""Inventories as files: a wrong one is refused with its file, its line and the reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from learnpath.errors import SettingsError
from learnpath.profiles import inventories

GOOD = """id: own
version: 1
grades: [2, 12]
page: question
title: {en: Ours, es: Las nuestras}
lead: {en: A few questions, es: Unas preguntas}
sections:
  - title: {en: One, es: Uno}
    questions:
      - key: first
        ask: {en: "What?", es: "¿Qué?"}
        kind: words
        block: interests
"""


@pytest.fixture(autouse=True)
def _ours_again():
    yield
    inventories.load()


def test_a_school_adds_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(GOOD, encoding="utf-8")
    assert "own" in inventories.load(tmp_path)


@pytest.mark.parametrize(
    ("change", "line", "reason"),
    [
        (("id: own", "id: Own School"), 1, "small letters"),
        (("version: 1", "version: one"), 2, "whole number"),
        (("grades: [2, 12]", "grades: [2]"), 3, "2 numbers"),
        (("grades: [2, 12]", "grades: [9, 4]"), 3, "must not be above"),
        (("page: question", "page: all"), 4, "one of: question, section"),
        (("title: {en: Ours, es: Las nuestras}", "title: {en: Ours}"), 5, "'es' is missing"),
        (("kind: words", "kind: stars"), 12, "one of: pick, sort, words"),
        (("kind: words", "kind: pick"), 10, "'cards' is missing"),
        (("block: interests", "block: health"), 13, "one of"),
        (("block: interests", "block: interests\n        score: 3"), 14, "not known here"),
        (("key: first", "key: [a"), 12, ""),
        (("version: 1", "version: 1\nversion: 2"), 3, "twice"),
        (("id: own", "id: &a own"), 0, ""),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, reason: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(GOOD.replace(*change), encoding="utf-8")
    if line == 0:
        assert inventories.load(tmp_path)["own"]
        return
    with pytest.raises(SettingsError) as refused:
        inventories.load(tmp_path)
    said = str(refused.value)
    assert str(path) in said
    assert reason in said
    assert "line " in said
    if reason:
        assert f"line {line}:" in said


def test_an_empty_a_binary_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    for content in (b"", b"\xff\xfe\x00", b"a: " + b"x" * 300_000, b"- 1\n- 2\n", b"a: *b\n"):
        path.write_bytes(content)
        with pytest.raises(SettingsError, match=r"own\.yaml: line \d+"):
            inventories.load(tmp_path)


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(SettingsError, match="has the id 'own' already"):
        inventories.load(tmp_path)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="there is no folder"):
        inventories.load(tmp_path / "nowhere")
