"""Tests of Learner Paths.

Property tests have no deadline for a single example: on a busy machine it would tell of the machine.
"""

from hypothesis import settings

settings.register_profile("no_clock", deadline=None)
settings.load_profile("no_clock")
