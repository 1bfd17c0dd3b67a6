"""Reading a YAML file with its lines, so that whoever wrote it can be told where it is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import yaml

KEY = re.compile(r"[a-z][a-z0-9_-]{0,59}")
LARGEST_FILE = 256 * 1024
DEEPEST = 12


class Wrong(Exception):
    """Something in the file cannot be taken: the line, and why."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


class YamlPart:
    """A mapping of a YAML file, asked for what it must hold."""

    def __init__(self, node: yaml.Node) -> None:
        self.node = node
        self._line = node.start_mark.line + 1

    def refuse(self, reason: str) -> NoReturn:
        """Say that this part cannot be taken. Raises Wrong."""
        raise Wrong(self._line, reason)

    def only(self, *names: str) -> None:
        """Check that nothing but ``names`` is said here, and nothing twice. Raises Wrong."""
        seen: set[str] = set()
        for key, _value in self._pairs():
            name = str(key.value)
            if name not in names:
                YamlPart(key).refuse(f"{name!r} is not known here; known are {', '.join(names)}")
            if name in seen:
                YamlPart(key).refuse(f"{name!r} stands here twice")
            seen.add(name)

    def has(self, name: str) -> bool:
        """Tell whether ``name`` is said here."""
        return any(key.value == name for key, _ in self._pairs())

    def part(self, name: str) -> YamlPart:
        """Return what ``name`` says. Raises Wrong when it says nothing."""
        found = next((value for key, value in self._pairs() if key.value == name), None)
        if found is None:
            self.refuse(f"{name!r} is missing")
        return YamlPart(found)

    def parts(self, name: str) -> list[YamlPart]:
        """Return the list that ``name`` holds. Raises Wrong."""
        held = self.part(name)
        if not isinstance(held.node, yaml.SequenceNode):
            held.refuse(f"{name!r} must be a list")
        return [YamlPart(node) for node in held.node.value]

    def text(self, name: str, longest: int) -> str:
        """Return the text that ``name`` says. Raises Wrong for none, or one that is too long."""
        held = self.part(name)
        said = held.scalar(name).strip()
        if not said:
            held.refuse(f"{name!r} is empty")
        if len(said) > longest:
            held.refuse(f"{name!r} has more than {longest} letters")
        return said

    def key(self, name: str) -> str:
        """Return a key: small letters, digits, - and _. Raises Wrong."""
        said = self.text(name, 60)
        if not KEY.fullmatch(said):
            self.part(name).refuse(f"{name!r} takes small letters, digits, - and _ only")
        return said

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """Return which of ``choices`` was said. Raises Wrong."""
        said = self.text(name, 60)
        if said not in choices:
            self.part(name).refuse(f"{name!r} must be one of: {', '.join(choices)}")
        return said

    def number(self, name: str, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``. Raises Wrong."""
        return self.part(name).whole(name, low, high)

    def numbers(self, name: str, many: int, low: int, high: int) -> list[int]:
        """Return a list of ``many`` whole numbers. Raises Wrong."""
        held = self.parts(name)
        if len(held) != many:
            self.part(name).refuse(f"{name!r} must hold {many} numbers")
        return [one.whole(name, low, high) for one in held]

    def yes_no(self, name: str) -> bool:
        """Return a truth; what is not said is false. Raises Wrong."""
        return self.has(name) and self.one_of(name, ("true", "false")) == "true"

    def whole(self, name: str, low: int, high: int) -> int:
        """Return this as a whole number; ``name`` is what it is called. Raises Wrong."""
        said = self.scalar(name)
        if not (said.isascii() and said.isdigit() and low <= int(said) <= high):
            self.refuse(f"{name!r} must be a whole number from {low} to {high}")
        return int(said)

    def scalar(self, name: str) -> str:
        """Return this as a text; ``name`` is what it is called. Raises Wrong."""
        if not isinstance(self.node, yaml.ScalarNode):
            self.refuse(f"{name!r} must be a text")
        return str(self.node.value)

    def _pairs(self) -> list[tuple[Any, Any]]:
        if not isinstance(self.node, yaml.MappingNode):
            self.refuse("names with values are expected here, as in “key: value”")
        return list(self.node.value)


class YamlFile:
    """A whole YAML file."""

    @staticmethod
    def read(path: Path) -> YamlPart:
        """Return the one mapping of a file. Raises Wrong for what is no YAML, too large or too deep."""
        try:
            raw = path.read_bytes()
            text = raw.decode("utf-8-sig")
        except OSError as error:
            raise Wrong(1, f"the file cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise Wrong(line, "this is not UTF-8 text") from error
        if len(raw) > LARGEST_FILE:
            raise Wrong(1, f"the file is larger than {LARGEST_FILE // 1024} KiB")
        return YamlPart(_composed(text))


def _look_over(text: str) -> None:
    """Refuse what could grow without end before anything is built from it. Raises Wrong."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            raise Wrong(line, "references (*name) are not taken")
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Wrong(line, f"there are more than {DEEPEST} levels inside each other")


def _composed(text: str) -> yaml.Node:
    try:
        _look_over(text)
        node = yaml.compose(text, yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise Wrong(mark.line + 1 if mark else 1, error.problem or "this is no YAML") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise Wrong(1, "this is no YAML that can be read") from error
    if node is None:
        raise Wrong(1, "the file is empty")
    return node
