"""Who is leading, on the web."""

from __future__ import annotations

from flask import Blueprint

continuum = Blueprint("continuum", __name__)
