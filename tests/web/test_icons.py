"""Icons and other vendored files are the ones that were checked, and none is asked for in vain."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from learnpath import resources
from learnpath.web import icons


def test_every_icon_that_a_page_asks_for_is_there() -> None:
    asked = re.compile(r"\bicon(?:_svg)?\(\s*['\"]([a-z0-9-]+)['\"]")
    for template in resources.TEMPLATES.rglob("*.html"):
        for name in asked.findall(template.read_text(encoding="utf-8")):
            assert name in icons.names(), (template.name, name)


def test_an_icon_that_is_not_there_says_where_to_add_it() -> None:
    with pytest.raises(LookupError, match=r"scripts/vendor\.py"):
        icons.icon("no-such-icon")


def test_an_icon_name_is_no_path() -> None:
    with pytest.raises(LookupError):
        icons.icon("../../icons/mark")


def test_the_vendored_files_are_the_ones_that_were_checked() -> None:
    script = resources.ROOT / "scripts" / "vendor.py"
    command = [sys.executable, script, "--check"]
    checked = subprocess.run(command, check=False, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stderr


def test_every_vendored_folder_has_its_licence() -> None:
    for folder in (resources.STATIC / "vendor").iterdir():
        assert not folder.is_dir() or list(folder.glob("LICENSE*")), folder
