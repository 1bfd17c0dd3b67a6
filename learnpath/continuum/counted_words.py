"""What was counted, said in sentences: each count in the words for none, for one and for more.

Pure. The sentences are in ``driver_model.json``; a sentence without words for a count is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FORMS = ("without", "none", "only", "one", "many", "all")


@dataclass(frozen=True)
class Clause:
    """One sentence about one count, ``among`` another one where it is a part of that.

    ``forms`` holds its words: ``without`` anything to count among, ``none``, the ``only`` one there is,
    ``one``, ``many``, ``all`` of them.
    """

    count: str
    among: str | None
    forms: Mapping[str, str]

    def said(self, counted: Mapping[str, int]) -> str:
        """Return the sentence for what was counted; empty where there is nothing to say."""
        words = next(
            (self.forms[form] for form in self._fitting(counted) if form in self.forms), ""
        )
        return words % counted

    def _fitting(self, counted: Mapping[str, int]) -> Sequence[str]:
        """Return the forms that fit, the best first. A running week may be more than all the full ones."""
        number, whole = counted[self.count], counted[self.among] if self.among else None
        if whole == 0:
            return ("without",)
        if number == 0:
            return ("none",)
        if number == 1:
            return ("only", "one") if whole == 1 else ("one",)
        return ("all", "many") if whole is not None and number >= whole else ("many",)


def sentences(clauses: Sequence[Clause], counted: Mapping[str, int]) -> str:
    """Return all that there is to say about what was counted."""
    return " ".join(said for clause in clauses if (said := clause.said(counted)))


def shortly(clauses: Sequence[Clause], counted: Mapping[str, int]) -> str:
    """Return the sentences about what there was; about all of it where there was nothing."""
    there = [clause for clause in clauses if counted[clause.count]]
    return sentences(there, counted) or sentences(clauses, counted)
