"""Puts what lies beside the code into the wheel: templates, static files, migrations, translations.

The catalogues of translations are compiled here, so that no built wheel is without them. In the
installed package all of it is below ``learnpath/_shipped``, where ``learnpath.resources`` looks first.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = "learnpath/_shipped"
FOLDERS = ("templates", "static", "migrations")
LEFT_OUT = {"__pycache__", ".lock"}


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Hatchling calls this before it builds a wheel or a source package."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name every file to be shipped. An editable install uses the files of the checkout."""
        if version == "editable":
            return
        root = Path(self.root)
        shipped: dict[str, str] = build_data["force_include"]
        for folder in FOLDERS:
            for file in sorted((root / folder).rglob("*")):
                if file.is_file() and not LEFT_OUT & set(file.parts):
                    shipped[str(file)] = f"{SHIPPED}/{file.relative_to(root).as_posix()}"
        self._scratch = tempfile.TemporaryDirectory()  # removed when the build is over
        for catalogue in sorted((root / "translations").rglob("*.po")):
            inside = catalogue.relative_to(root).with_suffix(".mo")
            compiled = Path(self._scratch.name) / inside
            compiled.parent.mkdir(parents=True, exist_ok=True)
            compiled.write_bytes(compile_catalogue(catalogue.read_bytes()))
            shipped[str(compiled)] = f"{SHIPPED}/{inside.as_posix()}"


def compile_catalogue(text: bytes) -> bytes:
    """Return a catalogue of translations in the form that gettext reads."""
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(text)))
    return compiled.getvalue()
