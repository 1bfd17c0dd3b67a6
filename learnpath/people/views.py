"""Signing in and out, one's own language, comfort, hat and password."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, session as cookie, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from learnpath import clock
from learnpath.errors import WrongInput
from learnpath.people import comfort, passwords, sign_in
from learnpath.people.blueprint import issuer_name, people
from learnpath.people.forms import ComfortForm, PasswordForm, SignInForm
from learnpath.people.models import Hat, Language, SignIn, SignInHow, Spacing, TextSize, Theme
from learnpath.people.sign_on import accounts
from learnpath.people.signed_in import SignedIn, find
from learnpath.web import current
from learnpath.web.back import own_path
from learnpath.web.rules import public, signed_in
from learnpath.web.words import day


@people.get("/sign-in")
@public
def sign_in_page() -> ResponseReturnValue:
    if current.signed_in():
        return redirect(url_for("today.home"), 303)
    return render_template("people/sign_in.html", form=SignInForm())


@people.post("/sign-in")
@public
def sign_in_send() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate_on_submit():
        return render_template("people/sign_in.html", form=form), 422
    token = sign_in.sign_in(
        current.engine(), current.settings(), form.username.data or "", form.password.data or "",
        request.remote_addr or "", clock.now(), shared=bool(form.shared.data),
    )  # fmt: skip
    if token is None:
        form.username.errors = [_("That name and password do not go together. Try again.")]
        return render_template("people/sign_in.html", form=form), 422
    welcome(token)
    return redirect(own_path(request.args.get("next")) or url_for("today.home"), 303)


def welcome(token: str) -> None:
    """Begin a clean cookie for the new sign-in: nothing of the visitor before stays in it, or stays signed in."""
    before = current.signed_in()
    if before:
        session = current.session()
        sign_in.sign_out(session, session.merge(before.sign_in), clock.now())
    cookie.clear()
    config = current.settings()
    someone = find(current.session(), token, clock.now(), config.idle_minutes, config.session_hours)
    login_user(someone)
    if someone:
        _tell_what_was_tied(someone.sign_in)


def _tell_what_was_tied(begun: SignIn) -> None:
    """Tell a person once that an account elsewhere opens their pages since they were last here."""
    for one in accounts.tied_meanwhile(current.session(), begun):
        flash(
            _(
                "An account of %(name)s was tied to yours on %(day)s. Was it not you? Take it away on the page Accounts I sign in with, under Reading comfort.",
                name=issuer_name(one.issuer),
                day=day(one.linked_at),
            ),
            "asks",
        )


@people.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    someone = current.signed_in()
    if someone:
        sign_in.sign_out(current.session(), someone.sign_in, clock.now())
    logout_user()
    cookie.clear()
    if someone and someone.sign_in.how is SignInHow.SIGN_ON:
        flash(
            _(
                "You are signed out here. Do others use this device? Sign out of your school account too."
            )
        )
    response = redirect(url_for("people.sign_in_page"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _me() -> SignedIn:
    someone = current.signed_in()
    assert someone is not None  # the route's rule saw to that
    return someone


@people.post("/me/stay")
@signed_in()
def stay() -> ResponseReturnValue:
    """Somebody is still there: the sign-in rests no sooner than the answer says, counted from now."""
    row = current.session().get_one(SignIn, _me().sign_in.id)
    sign_in.see(current.session(), row, clock.now())
    return {"seconds": int(sign_in.rests_after(row, current.settings()).total_seconds())}


@people.post("/language")
@public
def language() -> ResponseReturnValue:
    chosen = request.form.get("language", "")
    if chosen in set(Language):
        cookie["language"] = chosen
        someone = current.signed_in()
        if someone:
            comfort.choose_language(current.session(), someone.person, Language(chosen))
    return redirect(own_path(request.form.get("next")) or url_for("today.home"), 303)


@people.post("/hat")
@signed_in()
def hat() -> ResponseReturnValue:
    someone = current.signed_in()
    chosen = request.form.get("hat", "")
    if someone and chosen in set(Hat):
        sign_in.wear(current.session(), someone.sign_in, someone.hats, Hat(chosen))
    return redirect(url_for("today.home"), 303)


@people.get("/me/comfort")
@signed_in()
def comfort_page() -> ResponseReturnValue:
    someone = current.signed_in()
    return render_template("people/comfort.html", form=ComfortForm(obj=someone and someone.person))


@people.post("/me/comfort")
@signed_in()
def comfort_send() -> ResponseReturnValue:
    form, someone = ComfortForm(), current.signed_in()
    if not form.validate_on_submit() or someone is None:
        return render_template("people/comfort.html", form=form), 422
    comfort.choose_comfort(
        current.session(), someone.person, TextSize(form.text_size.data),
        Spacing(form.spacing.data), Theme(form.theme.data),
    )  # fmt: skip
    flash(_("Saved."))
    return redirect(url_for("people.comfort_page"), 303)


@people.get("/me/password")
@signed_in()
def password_page() -> ResponseReturnValue:
    return render_template("people/password.html", form=PasswordForm())


@people.post("/me/password")
@signed_in()
def password_send() -> ResponseReturnValue:
    form, actor = PasswordForm(), current.actor()
    if form.validate_on_submit():
        try:
            passwords.change_password(
                current.engine(), actor.by(), form.old_password.data or "",
                form.new_password.data or "", current.settings().sign_in_tries, clock.now(),
            )  # fmt: skip
        except WrongInput as error:
            form[error.field].errors = [str(error.message)]
        else:
            logout_user()
            cookie.clear()
            flash(_("Your password is new. Sign in with it."))
            return redirect(url_for("people.sign_in_page"), 303)
    return render_template("people/password.html", form=form), 422


from learnpath.people import (  # noqa: E402, F401 - their pages
    badge_views,
    code_views,
    sign_on_views,
)
