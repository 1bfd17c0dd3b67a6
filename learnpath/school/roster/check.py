"""What each row may say, and what the rows say together: the set, understood, lies in the scratch afterwards.

Files are taken in the order in which one refers to another. A row that cannot be used is left out and
named; what refers to it is left out too. What was left out never counts as gone.
"""

from __future__ import annotations

from learnpath.school.roster.check_ties import TieCheck
from learnpath.school.roster.understood import Org, Understood


class Check(TieCheck):
    """Reads a set file by file."""

    def only_orgs(self) -> dict[str, Org]:
        """Return the organisations of the set and read no further."""
        self._orgs()
        return self.all.orgs

    def everything(self) -> Understood:
        """Read all files and return what they say."""
        self._orgs()
        self._sessions()
        self._courses()
        self._classes()
        if self.roster.version == "1.2":
            self._roles()
        self._users()
        self._families()
        self._enrolments()
        self._homes()
        self.scratch.settle()
        return self.all
