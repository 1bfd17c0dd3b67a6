"""The append-only learning record: who did what, as what, to which thing, when.

Five readers live from it: the audit log, the timeline, notifications, the continuum and the research
export. It knows no feature room; the rooms write to it.
"""

from learnpath.record.many import Told, write_many
from learnpath.record.verbs import Relation, Verb
from learnpath.record.write import By, write

__all__ = ["By", "Relation", "Told", "Verb", "write", "write_many"]
