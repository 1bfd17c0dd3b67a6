"""A learner's record, to read and to take along. It stands on top of the rooms and changes none of them."""
