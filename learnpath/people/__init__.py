"""Persons, sign-in, and reading-comfort settings."""
