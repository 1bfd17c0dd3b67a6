"""Preference inventories and the learner profile: a learner's own words, and who may see them."""
