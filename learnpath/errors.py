"""What can go wrong in the domain. Each becomes a page in one place: ``learnpath.web.errors``."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """Something that a person can do something about. ``message`` is shown, already translated lazily."""

    status = 400

    def __init__(self, message: object = "") -> None:
        super().__init__(str(message))
        self.message = message


class NotFound(DomainError):
    """It is not there, or it is not for this person: the two look exactly alike."""

    status = 404


class NotAllowed(DomainError):
    """The person may see this, but not do that."""

    status = 403


class NotAllowedNow(DomainError):
    """The thing is in a state that does not allow this (any more, or yet)."""

    status = 409


class ChangedMeanwhile(DomainError):
    """Someone else changed the same thing first. Both wordings are kept and shown.

    ``mine`` and ``theirs`` map a label to the words on each side.
    """

    status = 409

    def __init__(
        self, mine: Mapping[str, str], theirs: Mapping[str, str], message: object = ""
    ) -> None:
        super().__init__(message)
        self.mine = dict(mine)
        self.theirs = dict(theirs)


class WrongInput(DomainError):
    """One field of what was sent cannot be taken as it is."""

    status = 422

    def __init__(self, field: str, message: object) -> None:
        super().__init__(message)
        self.field = field


class TooManyTries(DomainError):
    """Signing in was tried too often; ``wait`` seconds remain."""

    status = 429

    def __init__(self, wait: int, message: object = "") -> None:
        super().__init__(message)
        self.wait = wait


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which one and what to do."""


class RecordError(Exception):
    """A verb tried to write an event that the record does not know."""
