"""Outcomes: academic, attendance, behaviour and social-emotional data, and what the learner makes of them."""
