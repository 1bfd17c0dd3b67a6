"""The blueprint of the people room, on which its view modules hang their pages."""

from __future__ import annotations

from flask import Blueprint

people = Blueprint("people", __name__)
