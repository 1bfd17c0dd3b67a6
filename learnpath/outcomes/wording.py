"""The words of the outcomes room."""

from __future__ import annotations

from flask_babel import LazyString

from learnpath.outcomes.models import OutcomeKind
from learnpath.wording import lazy as _l

KINDS: dict[OutcomeKind, LazyString] = {
    OutcomeKind.ACADEMIC: _l("School work"),
    OutcomeKind.ATTENDANCE: _l("Being at school"),
    OutcomeKind.BEHAVIOUR: _l("Working with others"),
    OutcomeKind.SOCIAL_EMOTIONAL: _l("How I feel and cope"),
}
KINDS_FOR_OTHERS: dict[OutcomeKind, LazyString] = {
    OutcomeKind.ACADEMIC: _l("Academic"),
    OutcomeKind.ATTENDANCE: _l("Attendance"),
    OutcomeKind.BEHAVIOUR: _l("Behaviour"),
    OutcomeKind.SOCIAL_EMOTIONAL: _l("Social and emotional"),
}

# Why something of a file is left out, and what came of an import.
REASONS: dict[str, LazyString] = {
    "empty": _l("cells without a value"),
    "code": _l("codes that the mapping leaves out"),
    "code_unknown": _l("codes without a meaning"),
    "no_learner": _l("values of students who are not known here"),
    "wrong": _l("rows or cells that are wrong"),
    "conflict": _l("values that differ from what is here"),
    "taken_back": _l("results that the sender took back"),
    "no_number": _l("final results without a number"),
}
COUNTS: dict[str, LazyString] = {
    "rows": _l("rows in the file"),
    "add": _l("new values"),
    "replace": _l("values that took the place of older ones"),
    "unchanged": _l("values that were here already"),
    "conflict": _l("values that differ from what is here, not taken"),
}
LEFT_OUT = "left_out_"


def reason_words(reason: str) -> object:
    """Return in words why something of a file is left out."""
    if reason.startswith("state_"):
        state = reason.removeprefix("state_").replace("_", " ")
        return _l("results that are not final: %(state)s", state=state)
    return REASONS.get(reason, reason)


def count_words(key: str) -> object:
    """Return in words what a count of an import counts."""
    if key.startswith(LEFT_OUT):
        words = reason_words(key.removeprefix(LEFT_OUT))
        return _l("left out: %(what)s", what=words)
    return COUNTS.get(key, key)
