"""Words in both languages at once: a running conference changes its language without the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask_babel import force_locale
from markupsafe import Markup

from learnpath.people.models import Language


def both(made: Callable[[], str]) -> Markup:
    """Return what ``made`` gives in each language, marked so that the page shows one of them."""
    return Markup("").join(_in(language, made) for language in Language)


def _in(language: Language, made: Callable[[], str]) -> Markup:
    with force_locale(language.value):
        words = made()
    return Markup('<span class="speaks-{0}" lang="{0}">{1}</span>').format(language.value, words)


def both_blocks(made: Callable[[], str]) -> Markup:
    """Return whole blocks of a page in each language; ``made`` renders a template."""
    return Markup("").join(_block(language, made) for language in Language)


def _block(language: Language, made: Callable[[], str]) -> Markup:
    with force_locale(language.value):
        html = Markup(made())  # noqa: S704 - it comes out of a template, which escaped it
    return Markup('<div class="speaks-{0}" lang="{0}">{1}</div>').format(language.value, html)


def both_texts(texts: Mapping[str, str]) -> Markup:
    """Return a text that a data file holds in each language."""
    return Markup("").join(
        Markup('<span class="speaks-{0}" lang="{0}">{1}</span>').format(
            language.value, texts[language]
        )
        for language in Language
    )
