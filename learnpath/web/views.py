"""Pages that belong to no room: about and help, the components, and what machines ask for."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from learnpath.errors import NotFound
from learnpath.web import current, showcase
from learnpath.web.rules import public

web = Blueprint("web", __name__)


@web.get("/about")
@public
def about() -> ResponseReturnValue:
    return render_template("web/about.html")


@web.get("/components")
@public
def components() -> ResponseReturnValue:
    """Show every component with all its states; a page for developers, in the demo and in tests."""
    if not current.is_demo():
        raise NotFound
    return render_template("web/components.html", **showcase.parts())


@web.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Tell a load balancer whether this process reaches its database."""
    try:
        current.session().connection().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return Response("the database does not answer\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")


@web.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """Let a phone keep the app on its first screen."""
    icons = [
        {"src": url_for("static", filename=f"icons/mark-{size}.png"), "type": "image/png",
         "sizes": f"{size}x{size}", "purpose": "any"}
        for size in (192, 512)
    ]  # fmt: skip
    answer = jsonify(
        name="Learner Paths", short_name="Paths", start_url="/", scope="/", display="minimal-ui",
        background_color="#FBF8F2", theme_color="#14595B", icons=icons,
    )  # fmt: skip
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@web.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Nothing here is for search engines."""
    return Response("User-agent: *\nDisallow: /\n", mimetype="text/plain")
