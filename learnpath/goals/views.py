"""Goals on the web."""

from __future__ import annotations

from flask import Blueprint

goals = Blueprint("goals", __name__)
