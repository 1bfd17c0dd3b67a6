"""The blueprint that all pages of conferences hang on."""

from __future__ import annotations

from flask import Blueprint

conferences = Blueprint("conferences", __name__)
