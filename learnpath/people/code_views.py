"""A new password by the code on a slip."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session as cookie, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from learnpath import clock
from learnpath.errors import WrongInput
from learnpath.people import reset
from learnpath.people.blueprint import people
from learnpath.people.forms import CodeForm
from learnpath.web import current
from learnpath.web.rules import public


@people.get("/code")
@public
def code_page() -> ResponseReturnValue:
    return render_template("people/code.html", form=CodeForm(formdata=None))


@people.post("/code")
@public
def code_send() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            reset.set_password(
                current.engine(), current.settings(), form.username.data or "", form.code.data or "",
                form.new_password.data or "", request.remote_addr or "", clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            logout_user()
            cookie.clear()
            flash(_("Your password is new. Sign in with it."))
            return redirect(url_for("people.sign_in_page"), 303)
    return render_template("people/code.html", form=form), 422
