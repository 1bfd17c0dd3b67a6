#!/usr/bin/env python3
"""Keep the translations: English is the source, every other language is complete.

extract   print all marked texts as a catalogue template
merge     bring each language's catalogue up to the marked texts; new ones come in empty
compile   write the .mo files that the app reads
check     fail for a text that is missing, doubtful or out of date, for a translation whose
          placeholders or tags differ from the source, and for template text that is not marked
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes

ROOT = Path(__file__).resolve().parent.parent
SOURCES = {"learnpath": ("**.py", "python"), "templates": ("**.html", "jinja2")}
# As the app reads its templates, or the texts of {% trans %} would differ.
JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
KEYWORDS = DEFAULT_KEYWORDS | {
    "_l": None, "lazy": None, "lazy_gettext": None, "_n": (1, 2), "lazy_ngettext": (1, 2),
    "lazy_plural": (1, 2),
}  # fmt: skip
MARKERS = frozenset(KEYWORDS)
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]")
TAG = re.compile(r"</?[a-z]+")
SENTENCE = re.compile(r"[A-ZÁÉÍÓÚÑ¿¡][^\W\d_]+")
FOR_DEVELOPERS = frozenset({"templates/web/components.html"})
# Names are the same in every language.
NAMES = frozenset({"Learner Paths", "English", "Español", "Chart.js", "LEAP"})
VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source", "wbr"})
SHOWN_ATTRIBUTES = frozenset({"alt", "aria-label", "placeholder", "title"})


def extract(root: Path = ROOT) -> Catalog:
    """Return every marked text of the code and the templates below ``root``."""
    found = Catalog(project="Learner Paths", charset="utf-8")
    for folder, (pattern, method) in SOURCES.items():
        for _file, _line, message, comments, context in extract_from_dir(
            root / folder, [(pattern, method)], {pattern: JINJA}, KEYWORDS,
            comment_tags=("For translators:",), strip_comment_tags=True,
        ):  # fmt: skip
            found.add(message, auto_comments=comments, context=context)
    return found


def catalogues(root: Path = ROOT) -> list[Path]:
    """Return the catalogue of each language."""
    return sorted((root / "translations").glob("*/LC_MESSAGES/messages.po"))


def read(path: Path) -> Catalog:
    """Return the catalogue in ``path``."""
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue in an order that makes small differences."""
    with path.open("wb") as file:
        write_po(
            file, catalogue, width=100, no_location=True, sort_output=True, ignore_obsolete=True
        )


def merge(root: Path = ROOT) -> None:
    """Bring each catalogue up to the marked texts."""
    template = extract(root)
    for path in catalogues(root):
        catalogue = read(path)
        catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
        write(path, catalogue)


def compile_all(root: Path = ROOT) -> None:
    """Write what gettext reads beside each catalogue."""
    for path in catalogues(root):
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


# -- what can be wrong -------------------------------------------------------------------------------


def check(root: Path = ROOT) -> list[str]:
    """Return a line for everything that is wrong, in the order of the files."""
    faults: list[str] = []
    template = extract(root)
    for path in catalogues(root):
        where = path.relative_to(root).as_posix()
        faults += [f"{where}: {fault}" for fault in catalogue_faults(template, read(path))]
    for path in sorted((root / "templates").rglob("*.html")):
        where = path.relative_to(root).as_posix()
        if where in FOR_DEVELOPERS:
            continue
        text = path.read_text(encoding="utf-8")
        faults += [f"{where}:{line}: not marked: {words}" for line, words in unmarked(text)]
    return faults


def catalogue_faults(template: Catalog, catalogue: Catalog) -> Iterator[str]:
    """Give what is wrong with one catalogue."""
    for message in template:
        if message.id:
            translated = catalogue.get(message.id, context=message.context)
            for fault in message_faults(message, translated):
                yield f"{fault}: {_forms(message.id)[0]!r}"
    for message in catalogue:
        if message.id and template.get(message.id, context=message.context) is None:
            yield f"not used any more (run merge): {_forms(message.id)[0]!r}"


def message_faults(source: Message, translated: Message | None) -> Iterator[str]:
    """Give what is wrong with one translation."""
    if translated is None or not all(_forms(translated.string)):
        yield "missing"
        return
    if translated.fuzzy:
        yield "doubtful"
    ids, strings = _forms(source.id), _forms(translated.string)
    # A singular may say "one goal" without its number; the plural must have all that the source has.
    known = set().union(*(PLACEHOLDER.findall(text) for text in ids))
    if any(set(PLACEHOLDER.findall(text)) - known for text in strings) or set(
        PLACEHOLDER.findall(ids[-1])
    ) != set(PLACEHOLDER.findall(strings[-1])):
        yield "placeholders differ"
    if sorted(TAG.findall(ids[-1])) != sorted(TAG.findall(strings[-1])):
        yield "tags differ"


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str | None) else tuple(text)


def unmarked(template: str) -> list[tuple[int, str]]:
    """Return line and words of every text in ``template`` that people see but that is not marked."""
    reader = _Reader()
    reader.feed(_without_jinja(template))
    return sorted(set(reader.found) | set(_literals(template)))


# A letter of the private area stands for what Jinja puts there.
_FILLED = "\ue000"
_JINJA = re.compile(
    r"\{#.*?#\}|\{%-?\s*trans\b.*?endtrans\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)


def _without_jinja(template: str) -> str:
    def blank(match: re.Match[str]) -> str:
        return _FILLED + "\n" * match.group().count("\n")

    return _JINJA.sub(blank, template)


class _Reader(HTMLParser):
    """Finds words between tags and in the attributes that are read out.

    Words inside an element that names its language are meant to be in that language.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[int, str]] = []
        self._quiet: list[str] = []  # the open elements, from the one that needs no marks inwards

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes, and remember where words need no marks."""
        says = dict(attrs)
        own_language = tag != "html" and (says.get("lang") or _FILLED) != _FILLED
        if tag not in VOID and (self._quiet or own_language or tag in {"script", "style"}):
            self._quiet.append(tag)
        for name in SHOWN_ATTRIBUTES & says.keys():
            self._note(says[name] or "")

    def handle_endtag(self, tag: str) -> None:
        """Forget the element, with all in it that was not closed."""
        if tag in self._quiet:
            del self._quiet[len(self._quiet) - 1 - self._quiet[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """Look at the words between tags."""
        self._note(data)

    def _note(self, text: str) -> None:
        words = " ".join(text.replace(_FILLED, " ").split()).strip("-–—·|:()[] ")
        if not self._quiet and re.search(r"[^\W\d_]{2}", words) and words not in NAMES:
            self.found.append((self.getpos()[0], words[:60]))


def _literals(template: str) -> Iterator[tuple[int, str]]:
    """Give the sentences written as literals in expressions, outside a marker's call."""
    environment = Environment(  # noqa: S701 - the template is read, not rendered
        extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"]
    )
    waiting: list[nodes.Node] = [environment.parse(template)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in MARKERS:
            continue
        words = node.value if isinstance(node, nodes.Const) else None
        if isinstance(words, str) and SENTENCE.match(words) and words not in NAMES:
            yield node.lineno, words[:60]
        waiting.extend(node.iter_child_nodes())


# -- the command -------------------------------------------------------------------------------------


def main(arguments: list[str]) -> int:
    """Do what is asked; 1 when ``check`` finds something."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("do", choices=("extract", "merge", "compile", "check"))
    asked = parser.parse_args(arguments).do
    if asked == "extract":
        write_po(sys.stdout.buffer, extract(), width=100, no_location=True, sort_output=True)
    elif asked == "merge":
        merge()
    elif asked == "compile":
        compile_all()
    else:
        faults = check()
        for fault in faults:
            print(fault, file=sys.stderr)
        print("Translations:", f"{len(faults)} things are wrong." if faults else "complete.")
        return 1 if faults else 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
