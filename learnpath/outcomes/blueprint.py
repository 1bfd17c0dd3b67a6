"""The blueprint that all pages of school data hang on."""

from __future__ import annotations

from flask import Blueprint

outcomes = Blueprint("outcomes", __name__)
