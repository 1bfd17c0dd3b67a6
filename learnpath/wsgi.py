"""The app for a WSGI server: ``learnpath.wsgi:app``."""

from learnpath import create_app

app = create_app()
