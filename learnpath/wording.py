"""Words that verbs give to people: marked for translation here, translated when they are shown.

Verbs and queries import this, not Flask: the text is looked up in the language of the request that
shows it, and stays English where there is no request.
"""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import LazyString, get_locale, lazy_gettext

# Spanish here is that of the United States: 3.5 has a point, as in every report card of the school.
NUMBERS = {"es": "es_US"}

# Flask-Babel's lazy texts say of themselves that they are markup, so that no template would escape the
# names and words of people in them. Without that claim they are escaped like any other text.
if "__html__" in vars(LazyString):
    del LazyString.__html__


def lazy(message: str, **parts: object) -> LazyString:
    """Return ``message`` to be translated when it is shown, with ``%(name)s`` filled from ``parts``."""
    return lazy_gettext(message, **parts)


def number_locale() -> str:
    """Return by whose habits numbers are written in this request's language."""
    locale = str(get_locale() or "en")
    return NUMBERS.get(locale, locale)


def number(value: Decimal | float | None) -> str:
    """Return a number as it is written in the page's language, without zeros that say nothing."""
    return "" if value is None else format_decimal(value, locale=number_locale())
