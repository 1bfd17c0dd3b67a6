"""The forms of signing in and of one's own settings."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import InputRequired, Length

from learnpath.people.models import Spacing, TextSize, Theme
from learnpath.people.passwords import LONGEST
from learnpath.web.fields import TextLine

ENTER_NAME = _l("Enter your username.")
ENTER_PASSWORD = _l("Enter your password.")


class SignInForm(FlaskForm):  # type: ignore[misc]
    """Username and password."""

    username = TextLine(_l("Username"), limit=80, validators=[InputRequired(ENTER_NAME)])
    password = PasswordField(
        _l("Password"), validators=[InputRequired(ENTER_PASSWORD), Length(max=LONGEST)]
    )
    shared = BooleanField(_l("Others use this device after me"))


class BadgeForm(FlaskForm):  # type: ignore[misc]
    """What a camera, a scanner or a keyboard read off a badge."""

    badge = TextLine(
        _l("The code on your card"),
        limit=400,
        validators=[InputRequired(_l("Scan your card, or type its code."))],
    )


class CodeForm(FlaskForm):  # type: ignore[misc]
    """A printed one-time code, and the password that it is for."""

    username = TextLine(_l("Username"), limit=80, validators=[InputRequired(ENTER_NAME)])
    code = TextLine(
        _l("One-time code"),
        limit=40,
        validators=[InputRequired(_l("Enter the code on your slip."))],
    )
    new_password = PasswordField(
        _l("Your new password"), validators=[InputRequired(_l("Enter a new password."))]
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    """The old password and a new one."""

    old_password = PasswordField(
        _l("Your password now"), validators=[InputRequired(ENTER_PASSWORD), Length(max=LONGEST)]
    )
    new_password = PasswordField(
        _l("Your new password"), validators=[InputRequired(_l("Enter a new password."))]
    )


class ComfortForm(FlaskForm):  # type: ignore[misc]
    """How the pages look to me."""

    text_size = RadioField(
        _l("Size of the letters"),
        choices=[
            SelectChoice(TextSize.NORMAL, _l("Normal")),
            SelectChoice(TextSize.LARGE, _l("Large")),
            SelectChoice(TextSize.LARGER, _l("Larger")),
        ],
    )
    spacing = RadioField(
        _l("Space between letters, words and lines"),
        choices=[
            SelectChoice(Spacing.NORMAL, _l("Normal")),
            SelectChoice(Spacing.WIDE, _l("Wide")),
        ],
    )
    theme = RadioField(
        _l("Light or dark"),
        choices=[
            SelectChoice(Theme.AUTO, _l("As my device says")),
            SelectChoice(Theme.LIGHT, _l("Light")),
            SelectChoice(Theme.DARK, _l("Dark")),
        ],
    )


class LinkForm(FlaskForm):  # type: ignore[misc]
    """The username and the one-time code that tie an account elsewhere to a person."""

    username = TextLine(_l("Username"), limit=80, validators=[InputRequired(ENTER_NAME)])
    code = TextLine(
        _l("One-time code"),
        limit=40,
        validators=[InputRequired(_l("Enter the code on your slip."))],
    )
