"""The blueprint of the portability room, on which its view modules hang their pages."""

from __future__ import annotations

from flask import Blueprint

portability = Blueprint("portability", __name__)
