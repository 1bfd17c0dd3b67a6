"""A wrong inventory file is refused with its line and the reason, whatever is wrong; and no app starts with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from learnpath.errors import SettingsError
from learnpath.profiles import inventories

GOOD = """\
id: spring
version: 1
grades: [4, 8]
page: question
title: {en: "Spring", es: "Primavera"}
lead: {en: "Two questions.", es: "Dos preguntas."}
sections:
  - title: {en: "Now", es: "Ahora"}
    questions:
      - key: proud
        ask: {en: "What are you proud of?", es: "¿De qué sientes orgullo?"}
        kind: words
        block: strengths
      - key: place
        ask: {en: "Where do you work well?", es: "¿Dónde trabajas bien?"}
        kind: pick
        block: what_helps
        most: 2
        cards:
          - {key: window, icon: leaf, en: "By the window", es: "Junto a la ventana"}
          - {key: table, en: "At the big table", es: "En la mesa grande"}
"""
WRONG = [
    ("id: spring\n", "", 1, "'id' is missing"),
    ('es: "Dos preguntas."', 'es: ""', 6, "'es' is empty"),
    ("block: strengths", "block: style", 13, "'block' must be one of: in_my_words"),
    ("key: place", "key: proud", 14, "there is another question with the key 'proud'"),
    ("most: 2", "most: 99", 18, "'most' must be a whole number from 1 to 24"),
    ("key: table", "key: window", 21, "there is another card with the key 'window'"),
    ("icon: leaf", "icon: no-such-thing", 20, "there is no picture 'no-such-thing'"),
]


@pytest.fixture(autouse=True)
def _ours_again() -> Iterator[None]:
    yield
    inventories.load()


def written(folder: Path, text: str) -> Path:
    """Write an inventory file."""
    path = folder / "spring.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "line", "reason"), WRONG)
def test_the_line_and_the_reason_are_said(
    tmp_path: Path, old: str, new: str, line: int, reason: str
) -> None:
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SettingsError) as refused:
        inventories.read(path)
    assert str(refused.value).startswith(f"{path}: line {line}: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"- one\n- two\n", "names with values are expected here"),
        (b"id: spring\nversion: \xff\xfe\n", "line 2: this is not UTF-8 text"),
        (b"a: &a [x]\nb: *a\n", r"line 2: references \(\*name\) are not taken"),
        (b"id: " + b"[" * 5000, "line 1: there are more than 12 levels"),
        (b"id: !!python/object/apply:os.system [ls]\n", "line 1: "),
    ],
)
def test_what_is_no_inventory_at_all_is_refused(tmp_path: Path, raw: bytes, reason: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(raw)
    with pytest.raises(SettingsError, match=reason):
        inventories.read(path)


def test_the_app_does_not_start_with_a_wrong_file_and_starts_with_a_right_one(
    tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    path = written(tmp_path, GOOD.replace("version: 1", "version: -1"))
    with pytest.raises(SettingsError, match="line 2: 'version' must be a whole number"):
        make_app(inventories=tmp_path)
    path.write_text(GOOD, encoding="utf-8")
    make_app(inventories=tmp_path)
    assert [one.id for one in inventories.for_grade(7)] == ["older", "spring"]


def test_nothing_private_is_asked_and_nobody_is_a_type() -> None:
    never = (
        "learning style", "visual learner", "religio", "medic", "diagnos", "immigra", "inmigra",
        "income", "ingresos", "church", "iglesia", "citizen", "estilo de aprendizaje",
    )  # fmt: skip
    for path in inventories.OURS.glob("*.yaml"):
        text = path.read_text(encoding="utf-8").lower()
        assert [word for word in never if word in text] == []
