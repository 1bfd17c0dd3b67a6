"""Icons, drawn into the page: no request of their own, in the colour of the words beside them."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup

from learnpath import resources

_FOLDER = resources.STATIC / "vendor" / "lucide"
_NAME = re.compile(r"[a-z0-9-]+")
_BODY = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_GAP = re.compile(r">\s+<")


@cache
def icon(name: str, size: int = 24) -> Markup:
    """Return the icon ``name`` as a decorative drawing: what it means stands beside it in words.

    Raises LookupError for an icon that was never fetched; ``scripts/vendor.py`` lists them.
    """
    file = _FOLDER / f"{name}.svg"
    there = _NAME.fullmatch(name) and file.is_file()
    found = _BODY.search(file.read_text(encoding="utf-8")) if there else None
    if found is None:
        raise LookupError(f"there is no icon {name!r}: add it in scripts/vendor.py and run that")
    body = _GAP.sub("><", found[1].strip())
    return Markup(
        '<svg class="icon" width="{0}" height="{0}" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
        ' aria-hidden="true" focusable="false">{1}</svg>'
    ).format(size, Markup(body))  # noqa: S704 - the drawings come from our own folder


def names() -> list[str]:
    """Return the names of all icons."""
    return sorted(file.stem for file in _FOLDER.glob("*.svg"))
