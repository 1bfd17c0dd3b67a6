"""The first page of each person: it answers "what now?" and only reads."""
