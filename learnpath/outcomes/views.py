"""A learner's own data on the web."""

from __future__ import annotations

from flask import Blueprint

outcomes = Blueprint("outcomes", __name__)
