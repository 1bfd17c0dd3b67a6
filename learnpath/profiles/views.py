"""The pages of profiles and inventories."""

from __future__ import annotations

from flask import Blueprint

profiles = Blueprint("profiles", __name__)
