"""Conferences that learners lead: planned, prepared, presented, promised on, shared, answered.

The learner drives, the family hears from the teacher too, and nothing is shared that the learner did
not approve.
"""
