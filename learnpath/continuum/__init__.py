"""The Driver Model and where a learner's record stands on it: positions with their evidence, never a rank.

The room reads the record and the school calendar, and no other room. What it says comes from
``driver_model.json``; how a column is reached is in ``rules.py``.
"""
