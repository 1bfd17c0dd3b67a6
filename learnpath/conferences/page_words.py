"""Lists of names as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import get_locale


def listed(names: Sequence[str]) -> str:
    """Return names in one phrase: "Mateo, Mamá and Ms. Baca"."""
    return format_list(list(names), locale=get_locale() or "en") if names else ""
