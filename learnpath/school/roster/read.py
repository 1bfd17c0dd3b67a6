"""From a folder or a zip to rows: bytes, encodings, quotes and headers, and nothing of what they mean.

A zip is read where it lies. Nothing is unpacked to the disk, and names inside it lead nowhere.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePosixPath

from learnpath.school.roster.rows import ABSENT, BULK, DELTA, MANIFEST, RosterSet, rows_of_text
from learnpath.school.roster.scratch import Scratch, Weight
from learnpath.school.roster.tables import LEFT_CLOSED, VERSIONS, TableFile, files_of

MOST_FILES = 1000
MOST_BYTES = 8 * 1024**3
# A roster packs to a tenth or so; what packs far better is no roster.
BOMB_BYTES, BOMB_RATIO = 20 * 1024**2, 200


def open_set(path: Path, scratch: Scratch) -> RosterSet:
    """Return the set at ``path`` with its manifest read. What is wrong is noted in ``scratch``."""
    roster = RosterSet(path, scratch)
    names = _names_in(roster)
    if scratch.stopped:
        return roster
    _find_files(roster, names)
    if MANIFEST not in roster.found:
        scratch.wrong(MANIFEST, 0, "", "no_manifest", Weight.STOPS)
        return roster
    said = _manifest(roster)
    if not scratch.stopped:
        _take_manifest(roster, said)
    return roster


def _names_in(roster: RosterSet) -> list[str]:
    if roster.path.is_dir():
        return sorted(entry.name for entry in roster.path.iterdir() if entry.is_file())
    try:
        with zipfile.ZipFile(roster.path) as packed:
            return _names_in_zip(roster, packed.infolist())
    except zipfile.BadZipFile:
        zip_like = roster.path.suffix.lower() == ".zip"
        code = "broken_zip" if zip_like else "not_a_set"
        roster.scratch.wrong(roster.path.name, 0, "", code, Weight.STOPS)
    except (OSError, NotImplementedError, RuntimeError, ValueError, EOFError):
        roster.scratch.wrong(roster.path.name, 0, "", "broken_zip", Weight.STOPS)
    return []


def _names_in_zip(roster: RosterSet, entries: list[zipfile.ZipInfo]) -> list[str]:
    wrong = roster.scratch.wrong
    if len(entries) > MOST_FILES or sum(e.file_size for e in entries) > MOST_BYTES:
        wrong(roster.path.name, 0, "", "zip_too_big", Weight.STOPS)
        return []
    names = []
    for entry in entries:
        if _is_unsafe(entry):
            shown = entry.filename[:60].encode("ascii", "replace").decode()
            wrong(roster.path.name, 0, "", "unsafe_name", Weight.STOPS, name=shown)
        elif entry.file_size > BOMB_BYTES and entry.file_size > BOMB_RATIO * entry.compress_size:
            wrong(PurePosixPath(entry.filename).name, 0, "", "zip_too_big", Weight.STOPS)
        elif entry.flag_bits & 1:
            wrong(roster.path.name, 0, "", "broken_zip", Weight.STOPS)
        elif not entry.is_dir() and not entry.filename.startswith("__MACOSX/"):
            names.append(entry.filename)
    return names


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    name = entry.orig_filename.replace("\\", "/")
    link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    parts = PurePosixPath(name).parts
    return link or name.startswith("/") or ".." in parts or ":" in name or "\0" in name


def _find_files(roster: RosterSet, names: list[str]) -> None:
    """Find the files by name, whatever the case; a zip may hold them in one folder."""
    known = {name.lower(): name for version in VERSIONS for name in _known(version)}
    for inside in names:
        name = PurePosixPath(inside.replace("\\", "/")).name
        if name.startswith(".") or not name.lower().endswith(".csv"):
            continue
        proper = known.get(name.lower())
        if proper is None:
            roster.scratch.noted(name, 0, "", "file_not_known")
        elif proper in roster.found:
            roster.scratch.wrong(proper, 0, "", "named_twice", Weight.STOPS)
        else:
            roster.found[proper] = inside


def _known(version: str) -> set[str]:
    return {MANIFEST, *LEFT_CLOSED, *(table.name for table in files_of(version))}


# -- the manifest ---------------------------------------------------------------------------------


def _manifest(roster: RosterSet) -> dict[str, tuple[int, str]]:
    said: dict[str, tuple[int, str]] = {}
    table = rows_of_text(roster, MANIFEST)
    for line, cells in table:
        if cells and cells[0].strip().lower() != "propertyname":
            value = cells[1].strip() if len(cells) > 1 else ""
            said[cells[0].strip().lower()] = (line, value)
    if not said and not roster.scratch.stopped:
        roster.scratch.wrong(MANIFEST, 1, "", "no_version", Weight.STOPS)
    return said


def _take_manifest(roster: RosterSet, said: dict[str, tuple[int, str]]) -> None:
    scratch = roster.scratch
    line, value = said.get("oneroster.version", (1, ""))
    match = re.fullmatch(r"v?(1)[.p]([12])([.p]\d+)*", value.lower())
    if match is None:
        code = "other_version" if value else "no_version"
        scratch.wrong(MANIFEST, line, "value", code, Weight.STOPS, value=value[:40])
        return
    roster.version = f"{match[1]}.{match[2]}"
    line, value = said.get("manifest.version", (1, "1.0"))
    if value != "1.0":
        scratch.noted(MANIFEST, line, "value", "odd_manifest_version", value=value[:40])
    code = said.get("source.systemcode", (0, ""))[1] or said.get("source.systemname", (0, ""))[1]
    plain = re.sub(r"[^\w.-]+", "-", code.strip().lower())[:50].strip("-")
    roster.source = f"oneroster {plain}" if plain else "oneroster"
    _take_modes(roster, said)


def _take_modes(roster: RosterSet, said: dict[str, tuple[int, str]]) -> None:
    """Find out how each file is meant; where the manifest is silent, the other files are asked."""
    unsaid: dict[str, int] = {}
    for table in files_of(roster.version):
        name = table.name
        line, value = said.get(f"file.{name.removesuffix('.csv').lower()}", (0, ""))
        mode = value.lower()
        there = name in roster.found
        if mode in (ABSENT, BULK, DELTA):
            roster.modes[name] = mode
            _compare(roster, table, line, mode, there)
        elif mode:
            weight = Weight.STOPS if table.needed and there else Weight.NOTED
            _tell(roster, weight, MANIFEST, line, "value", "odd_mode", value=value[:40])
        elif there:
            unsaid[name] = line
    others = {mode for mode in roster.modes.values() if mode != ABSENT}
    for name, line in unsaid.items():
        if len(others) == 1:
            (mode,) = others
            roster.modes[name] = mode
            roster.scratch.noted(name, line, "", "no_mode", value=mode)
        else:
            roster.scratch.wrong(name, line, "", "mode_unknown", Weight.STOPS)


def _compare(roster: RosterSet, table: TableFile, line: int, mode: str, there: bool) -> None:
    if mode == ABSENT and there:
        roster.scratch.noted(table.name, 0, "", "said_absent")
    if mode != ABSENT and not there:
        stops = table.needed and mode == BULK
        weight = Weight.STOPS if stops else Weight.NOTED
        _tell(roster, weight, MANIFEST, line, "value", "file_missing")
        if stops:
            roster.scratch.wrong(table.name, 0, "", "file_missing", Weight.STOPS)
        roster.modes[table.name] = ABSENT


def _tell(
    roster: RosterSet, weight: Weight, file: str, line: int, column: str, code: str, **parts: str
) -> None:
    if weight is Weight.NOTED:
        roster.scratch.noted(file, line, column, code, **parts)
    else:
        roster.scratch.wrong(file, line, column, code, weight, **parts)
