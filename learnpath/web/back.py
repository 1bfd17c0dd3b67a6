"""Where to go back to: only ever to a page of our own."""

from __future__ import annotations


def own_path(target: str | None) -> str | None:
    r"""Return ``target`` when it is a plain path of this app, else None.

    Browsers read a backslash as a slash and drop tabs and newlines, so that ``/\evil`` and ``/\t/evil``
    would leave us; such a target is none.
    """
    if not target or len(target) > 500 or any(ord(c) < 33 or c == "\\" for c in target):
        return None
    if not target.startswith("/") or target.startswith("//"):
        return None
    return target
