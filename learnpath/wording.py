"""Words that verbs give to people: marked for translation here, translated when they are shown.

Verbs and queries import this, not Flask: the text is looked up in the language of the request that
shows it, and stays English where there is no request.
"""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext


def lazy(message: str, **parts: object) -> LazyString:
    """Return ``message`` to be translated when it is shown, with ``%(name)s`` filled from ``parts``."""
    return lazy_gettext(message, **parts)
