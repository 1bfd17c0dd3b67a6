"""The blueprint of the profiles room, on which its view modules hang their pages."""

from __future__ import annotations

from flask import Blueprint

profiles = Blueprint("profiles", __name__)
