"""Reading comfort and language: each person's own choice, open to everybody, explained to nobody."""

from __future__ import annotations

from sqlmodel import Session

from learnpath.people.models import Language, Person, Spacing, TextSize, Theme


def choose_language(session: Session, person: Person, language: Language) -> None:
    """Keep the language in which a person reads the app."""
    person.language = language
    session.add(person)


def choose_comfort(
    session: Session, person: Person, text_size: TextSize, spacing: Spacing, theme: Theme
) -> None:
    """Keep how large, how wide and how bright a person reads."""
    person.text_size, person.spacing, person.theme = text_size, spacing, theme
    session.add(person)
