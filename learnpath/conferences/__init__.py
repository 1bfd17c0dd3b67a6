"""Conferences that learners lead: planned, prepared, presented, promised on, shared, answered.

What happens in the room and around it follows ``reference/ux.md`` section 1 of the design: the learner
drives, the family hears from the teacher too, and nothing is shared that the learner did not approve.
"""
