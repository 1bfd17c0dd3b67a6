"""From counted facts to a column: one pure function for each of the fifteen indicators.

The thresholds and the reason for each are in ``driver_model.json``. What never enters: how well a
learner does, how much was written, how fast, how often somebody signed in. A rule reads as whom a
thing was *decided*, not who typed it. More of what a learner leads never moves a column back: every
condition is an "at least", and shares are taken of weeks that no such fact can add to.
"""

from learnpath.continuum.rules import goal_setting, profile_data
from learnpath.continuum.rules.ruling import RULES, Limits, Reading

__all__ = ["RULES", "Limits", "Reading", "goal_setting", "profile_data"]
