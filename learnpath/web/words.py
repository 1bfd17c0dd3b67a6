"""Languages, dates and numbers as people read them."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from flask import Flask, has_request_context, request, session as cookie
from flask_babel import Babel, LazyString, get_locale, lazy_gettext as _l

from learnpath import resources
from learnpath.people.models import Language
from learnpath.record import Relation
from learnpath.web import current
from learnpath.wording import number, number_locale

RELATIONS: dict[Relation, LazyString] = {
    Relation.LEARNER: _l("The learner"),
    Relation.TEACHER: _l("A teacher"),
    Relation.TOGETHER: _l("Learner and teacher"),
    Relation.FAMILY: _l("The family"),
    Relation.PEER: _l("A classmate"),
    Relation.SCHOOL: _l("The school"),
}
# Spelled out here: the nearest skeleton of the locale data shortens both names.
FULL_DAY = {"en": "EEEE, MMMM d", "es": "EEEE d 'de' MMMM"}
OWN_NAMES = {Language.EN: "English", Language.ES: "Español"}


def install(app: Flask) -> None:
    """Set up the languages and the template filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(resources.TRANSLATIONS)
    Babel(app, default_locale="en", locale_selector=language)
    app.add_template_filter(day, "day")
    app.add_template_filter(day_short, "day_short")
    app.add_template_filter(day_year, "day_year")
    app.add_template_filter(time_of_day, "time_of_day")
    app.add_template_filter(number, "number")
    app.add_template_filter(relation, "relation")


def language() -> str:
    """Return the language of this request: the person's own, the visitor's choice, the browser's."""
    if not has_request_context():
        return Language.EN
    chosen = cookie.get("language")
    someone = current.signed_in()
    if someone is not None:
        return someone.person.language
    if chosen in set(Language):
        return str(chosen)
    return request.accept_languages.best_match(list(Language)) or Language.EN


def other_language() -> tuple[str, str]:
    """Return code and own name of the language that the page could be read in instead."""
    other = Language.EN if language() == Language.ES else Language.ES
    return other.value, OWN_NAMES[other]


def school_time(value: date | datetime) -> date | datetime:
    """Return a moment in school time; a calendar day as it is."""
    if not isinstance(value, datetime):
        return value
    someone = current.signed_in() if has_request_context() else None
    zone = someone.actor.zone if someone else current.settings().time_zone
    return value.astimezone(ZoneInfo(zone))


def day(value: date | datetime | None) -> str:
    """Return a day in full: "Friday, November 14", "viernes 14 de noviembre"."""
    locale = str(get_locale() or Language.EN)
    return "" if value is None else format_date(school_time(value), FULL_DAY[locale], locale)


def day_short(value: date | datetime | None) -> str:
    """Return a day in short: "Nov 14", "14 nov"."""
    return "" if value is None else format_skeleton("MMMd", school_time(value), locale=get_locale())


def day_year(value: date | datetime | None) -> str:
    """Return a day in short with its year: "Nov 14, 2025", "14 nov 2025"."""
    return (
        "" if value is None else format_skeleton("yMMMd", school_time(value), locale=get_locale())
    )


def time_of_day(value: datetime | None) -> str:
    """Return the school's time of day of a moment."""
    if value is None:
        return ""
    local = school_time(value)
    assert isinstance(local, datetime)
    # Spanish as families here write it: 3:25 p. m., not 15:25.
    told = format_time(local.replace(tzinfo=None), "short", locale=number_locale())
    # The typeface has no narrow space that does not break, and the wide one reads better.
    return told.replace("\u202f", "\u00a0")


def relation(value: Relation) -> LazyString:
    """Return who acts as ``value``, where no name is known."""
    return RELATIONS[value]
