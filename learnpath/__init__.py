"""Learner Paths: learners know, plan and track their own learning, and the app shows how far that has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from learnpath.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the app: the only place that wires the rooms together.

    Raises SettingsError when a setting is wrong, and RuntimeError when a route declares no rule.
    """
    from learnpath import config, wiring  # noqa: PLC0415 - importing a room must not import them all

    return wiring.build(settings or config.load())
