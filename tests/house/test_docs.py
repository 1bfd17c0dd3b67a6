"""What the documents name is there: files, commands, settings, packages and their licences."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from learnpath import cli, resources
from learnpath.config import ELSEWHERE, KNOWN, PREFIX
from learnpath.people.sign_on.providers import SECRET_PREFIX
from learnpath.terminal import Later

ROOT = resources.ROOT
DOCUMENTS = [
    ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
]  # fmt: skip
CODE = re.compile(r"`([^`\n]+)`|^(?: {4})?((?:learnpath|make) .*)$", re.MULTILINE)
every_document = pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)


def _code(file: Path) -> Iterator[str]:
    """Give what a document sets in the letters of code."""
    for inline, line in CODE.findall(file.read_text(encoding="utf-8")):
        yield inline or line


@every_document
def test_links_lead_to_files(file: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", file.read_text(encoding="utf-8"))
    gone = [link for link in links if "://" not in link and not (file.parent / link).exists()]
    assert not gone


@every_document
def test_named_files_are_there(file: Path) -> None:
    tops = {path.name for path in ROOT.iterdir() if path.is_dir()} - {"instance"}
    rooms = {path.name for path in (ROOT / "learnpath").iterdir() if path.is_dir()}
    named = [
        name for name in _code(file)
        if re.fullmatch(r"[\w.-]+(/[\w.*-]+)+/?", name)
        and name.split("/")[0] in tops | rooms and "ROOM" not in name
    ]  # fmt: skip
    gone = [
        name for name in named
        if not any((top / name).exists() for top in (ROOT, ROOT / "learnpath"))
    ]  # fmt: skip
    assert not gone


@every_document
def test_named_commands_are_there(file: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(makefile.partition(".PHONY:")[2].splitlines()[0].split())
    for code in _code(file):
        program, *words = code.split("#")[0].split() or [""]
        if program == "make" and words and "=" not in words[0]:
            assert words[0] in targets, code
        if program == "learnpath" and words:
            _walk(cli.main, words, code)


def _walk(group: click.Group, words: list[str], code: str) -> None:
    command: click.Command = group
    for word in words:
        if not isinstance(command, click.Group) or not re.fullmatch(r"[a-z-]+", word):
            break
        assert word in command.commands, code
        command = command.commands[word]
        command = command.load() if isinstance(command, Later) else command
    options = {name for given in command.params for name in given.opts}
    for option in re.findall(r"--[a-z-]+", code):
        assert option in options | {"--help"}, code


@every_document
def test_named_settings_are_there(file: Path) -> None:
    named = set(re.findall(rf"{PREFIX}[A-Z_]+", file.read_text(encoding="utf-8")))
    strange = {name for name in named if not name.startswith(PREFIX + SECRET_PREFIX)}
    assert strange <= {PREFIX + name for name in KNOWN | ELSEWHERE}


def test_every_package_that_is_needed_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    needed += project["optional-dependencies"]["build"]
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| *([^| ][^|]*) \|", table, re.MULTILINE)
    told = {name for row, _why in rows for name in re.split(r"[ ,()]+", row)}
    for package in needed:
        name = re.split(r"[\[>=<]", package)[0]
        assert name in told or ("types-*" in told and name.startswith("types-")), name


def test_what_others_made_stands_beside_its_licence() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packed = {file for glob in project["license-files"] for file in ROOT.glob(glob)}
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    vendored = [path for path in (ROOT / "static" / "vendor").iterdir() if path.is_dir()]
    licences = {folder: set(folder.glob("LICENSE*")) for folder in vendored}
    licences[ROOT / "learnpath/people/common_passwords.bin"] = {
        ROOT / "learnpath/people/common_passwords.LICENSE"
    }
    for made, files in licences.items():
        assert str(made.relative_to(ROOT)) in notice
        assert files
        assert files <= packed
