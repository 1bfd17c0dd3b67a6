"""Security headers of every answer, and the nonce that lets our own scripts run."""

from __future__ import annotations

import secrets
from typing import cast

from flask import Flask, Response, g, request

from learnpath.web import current

CHARTJS_URL = "https://cdn.jsdelivr.net/npm/chart.js@4.6.1/dist/chart.umd.min.js"
CHARTJS_INTEGRITY = "sha384-Emf5ZVIUiarAdhkgtqK+5/Z5qIvM6QoVrS+qAVtfyZVuD5lIHrac0me485+Antp0"
FOR_EVER = "public, max-age=31536000, immutable"


def csp_nonce() -> str:
    """Return this answer's nonce: a script without it does not run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return cast(str, g.csp_nonce)


def allow_chartjs() -> str:
    """Say that this page has a chart, and return the address of Chart.js when the CDN may be asked."""
    g.has_chart = True
    return CHARTJS_URL if current.settings().chartjs == "cdn" else ""


def install(app: Flask) -> None:
    """Give every answer of ``app`` its headers."""

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in _fixed_headers().items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static":
            response.headers["Cache-Control"] = _static_cache(response)
        response.headers.setdefault("Cache-Control", "private, no-store")
        if current.settings().https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def _static_cache(response: Response) -> str:
    if response.status_code not in (200, 304):
        return "no-store"
    # The letters are named in the style sheet without a fingerprint: a day is enough for a school day.
    return FOR_EVER if "v" in request.args else "public, max-age=86400"


def _fixed_headers() -> dict[str, str]:
    return {
        "Content-Security-Policy": _policy(),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), microphone=(), geolocation=(), interest-cohort=()",
    }


def _policy() -> str:
    # The CDN is named on pages with a chart only, by the one file that they load.
    chart = f" {CHARTJS_URL}" if g.get("has_chart") and current.settings().chartjs == "cdn" else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{csp_nonce()}'{chart}",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )
