"""The app for a WSGI server: ``learnpath.wsgi:app``. What goes wrong is told on standard error."""

import logging

from learnpath import create_app, housekeeping

logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")

app = create_app()
housekeeping.keep_going_round(
    app.extensions["learnpath.engine"], app.extensions["learnpath.settings"]
)
