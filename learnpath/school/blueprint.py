"""The blueprint of the school room, on which its view modules hang their pages."""

from __future__ import annotations

from flask import Blueprint

school = Blueprint("school", __name__)
