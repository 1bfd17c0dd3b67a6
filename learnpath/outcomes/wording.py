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
