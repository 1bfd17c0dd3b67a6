"""The pages of conferences."""

from __future__ import annotations

from flask import Blueprint

conferences = Blueprint("conferences", __name__)
