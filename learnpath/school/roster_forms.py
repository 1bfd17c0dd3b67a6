"""The forms that bring in a roster."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import FileField, HiddenField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined] # newer than its types
from wtforms.validators import ValidationError


class UploadForm(FlaskForm):  # type: ignore[misc]
    """Choose the zip file."""

    file = FileField(_l("The roster as a zip file"))

    def validate_file(self, field: FileField) -> None:
        """Ask for a file. What is inside is the plan's business."""
        if not getattr(field.data, "filename", ""):
            raise ValidationError(_l("Choose the zip file with the roster."))


class PlanForm(FlaskForm):  # type: ignore[misc]
    """Apply the plan that was seen."""

    upload = HiddenField()
    # Which plan it was: what is applied must do the very same.
    seen = HiddenField()
    org = HiddenField()


class SchoolForm(FlaskForm):  # type: ignore[misc]
    """Say which school of the file is this school: the app never guesses by the name."""

    class Meta:
        """It only asks: the choice goes along in the address."""

        csrf = False

    org = RadioField(_l("Which school in the file is yours?"), validate_choice=False)

    def offer(self, schools: list[tuple[str, str]]) -> None:
        """Offer the schools of the file."""
        self.org.choices = [SelectChoice(id, f"{name} ({id})") for id, name in schools]
