"""After the conference: the summary, its sharing, family links, answers, and looking back at promises."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _

from learnpath import clock
from learnpath.access import Can
from learnpath.conferences import answers, feedback, links, promises, reading, summary
from learnpath.conferences.blueprint import conferences
from learnpath.conferences.feedback import FamilyWords
from learnpath.conferences.forms import ApproveForm, FamilyWordsForm, LookBackForm
from learnpath.conferences.models import (
    Conference,
    FamilyLink,
    Feedback,
    Promise,
    PromiseState,
    Summary,
    Understood,
)
from learnpath.conferences.page_words import listed
from learnpath.conferences.paper import qr_svg
from learnpath.conferences.pdf import pdf_of
from learnpath.errors import NotFound, WrongInput
from learnpath.people.models import Hat, Language, Person
from learnpath.people.queries import names
from learnpath.web import current
from learnpath.web.fields import clean, one_line
from learnpath.web.rules import fetch, may


@conferences.get("/summaries/<id:summary_id>", endpoint="summary")
@may(Can.READ_SUMMARY)
def summary_page(summary_id: int) -> ResponseReturnValue:
    found, _by = fetch(Summary, summary_id)
    return _summary_page(found, ApproveForm(in_my_words=found.in_my_words))


def _summary_page(found: Summary, form: ApproveForm) -> str:
    session, actor = current.session(), current.actor()
    content = (
        found.content if found.approved_at else summary.content_of(session, found, clock.now())
    )
    translated = reading.translated(session, found.id or 0, _language())
    shown = reading.shown(content, translated)
    return render_template(
        "conferences/summary.html",
        summary=found,
        shown=shown,
        there=listed(shown.there),
        translated=translated,
        unchanged=not found.approved_at or summary.is_unchanged(found),
        answers=_answers(found),
        form=form,
        words_form=FamilyWordsForm(),
        hat=actor.hat.value,
        conference_id=found.conference_id,
    )


def _answers(found: Summary) -> list[answers.Answer]:
    session, actor = current.session(), current.actor()
    if found.shared_at is None:
        return []
    if actor.hat is Hat.LEARNER:
        return answers.answers_to_learner(session, found.id or 0)
    if actor.hat is Hat.TEACHER:
        return answers.answers_to_staff(session, found.id or 0)
    return answers.answers_of_guardian(session, found.id or 0, actor.person_id)


def _shared_by(found: Summary) -> str:
    called = names(current.session(), [found.shared_by])
    return called.get(found.shared_by or 0, "") or _("Somebody")


def _language() -> Language:
    return Language(str(get_locale() or "en"))


@conferences.get("/summaries/<id:summary_id>/summary.pdf")
@may(Can.READ_SUMMARY)
def summary_pdf(summary_id: int) -> ResponseReturnValue:
    found, _by = fetch(Summary, summary_id)
    summary.must_be_approved(found)
    return pdf_answer(found, _language())


def pdf_answer(found: Summary, language: Language) -> Response:
    """Return a summary as a PDF in ``language``."""
    translated = reading.translated(current.session(), found.id or 0, language)
    shown = reading.shown(found.content, translated)
    html = render_template(
        "conferences/summary_pdf.html",
        shown=shown,
        there=listed(shown.there),
        translated=translated,
        locale=language.value,
    )
    response = Response(pdf_of(html, shown.density), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="conference.pdf"'
    return response


@conferences.post("/summaries/<id:summary_id>/approve")
@may(Can.APPROVE_SUMMARY)
def approve(summary_id: int) -> ResponseReturnValue:
    found, by = fetch(Summary, summary_id)
    form = ApproveForm()
    if not form.validate_on_submit():
        return _summary_page(found, form), 422
    summary.approve(current.session(), by, found, form.in_my_words.data or "", clock.now())
    flash(_("You said yes. Your teacher can share it now."))
    return redirect(url_for("conferences.summary", summary_id=summary_id), 303)


@conferences.post("/summaries/<id:summary_id>/open-again")
@may(Can.APPROVE_SUMMARY)
def open_again(summary_id: int) -> ResponseReturnValue:
    return _opened_again(summary_id)


@conferences.post("/summaries/<id:summary_id>/send-back")
@may(Can.SHARE_SUMMARY)
def send_back(summary_id: int) -> ResponseReturnValue:
    return _opened_again(summary_id)


def _opened_again(summary_id: int) -> ResponseReturnValue:
    found, by = fetch(Summary, summary_id)
    summary.open_again(current.session(), by, found, clock.now())
    flash(_("The summary is open again."))
    return redirect(url_for("conferences.summary", summary_id=summary_id), 303)


@conferences.post("/summaries/<id:summary_id>/share")
@may(Can.SHARE_SUMMARY)
def share(summary_id: int) -> ResponseReturnValue:
    found, by = fetch(Summary, summary_id)
    session, seen = current.session(), request.form.get("seen", "")
    if summary.share(session, by, found, seen, clock.now()):
        flash(_("The summary is shared with the family."))
    else:
        flash(_("%(name)s shared it before you. Nothing changed.", name=_shared_by(found)))
    return redirect(url_for("conferences.page", conference_id=found.conference_id), 303)


@conferences.route("/summaries/<id:summary_id>/translation", methods=["GET", "POST"])
@may(Can.SHARE_SUMMARY)
def translation(summary_id: int) -> ResponseReturnValue:
    found, by = fetch(Summary, summary_id)
    summary.must_be_approved(found)
    language = Language.ES if found.content["language"] == Language.EN else Language.EN
    parts = summary.parts_of(found.content)
    there = reading.translated(current.session(), summary_id, language)
    texts = {part: there[part].text if part in there else "" for part in parts}
    name, wrong, status = next((t.by for t in there.values()), ""), "", 200
    if request.method == "POST":
        texts = {part: clean(request.form.get(part, ""))[:1500] for part in parts}
        name = one_line(request.form.get("translated_by", ""))[:80]
        try:
            summary.translate(current.session(), by, found, language, texts, name, clock.now())
        except WrongInput as error:
            wrong, status = str(error.message), 422
        else:
            flash(_("Saved."))
            return redirect(url_for("conferences.summary", summary_id=summary_id), 303)
    body = render_template(
        "conferences/translation.html", summary=found, parts=parts, texts=texts,
        language=language.value, translated_by=name, wrong=wrong,
    )  # fmt: skip
    return body, status


# -- family links ------------------------------------------------------------------------------------


@conferences.post("/conferences/<id:conference_id>/links")
@may(Can.PLAN_CONFERENCE)
def issue_link(conference_id: int) -> ResponseReturnValue:
    conference, by = fetch(Conference, conference_id)
    guardian = request.form.get("guardian", "")
    if not (guardian.isascii() and guardian.isdigit() and len(guardian) < 19):
        raise NotFound
    session = current.session()
    link, token = links.issue(session, by, conference, int(guardian), clock.now())
    url = url_for("conferences.link_page", token=token, _external=True)
    # The one page that shows the link: it is not kept anywhere, so there is nothing to redirect to.
    return render_template(
        "conferences/link_made.html",
        conference=conference,
        link=link,
        url=url,
        qr=qr_svg(url),
        guardian=session.get_one(Person, link.guardian_id),
        learner=session.get_one(Person, link.learner_id),
    )


@conferences.post("/family-links/<id:link_id>/revoke")
@may(Can.PLAN_CONFERENCE)
def revoke_link(link_id: int) -> ResponseReturnValue:
    link, by = fetch(FamilyLink, link_id)
    links.revoke(current.session(), by, link, clock.now())
    flash(_("The link opens nothing any more."))
    if link.conference_id is None:
        return redirect(url_for("conferences.list", learner_id=link.learner_id), 303)
    return redirect(url_for("conferences.page", conference_id=link.conference_id), 303)


# -- answers of a family that is signed in ---------------------------------------------------------------


@conferences.post("/summaries/<id:summary_id>/feedback")
@may(Can.GIVE_FEEDBACK)
def give_feedback(summary_id: int) -> ResponseReturnValue:
    found, by = fetch(Summary, summary_id)
    person_id = current.actor().person_id
    understood = understood_from(request.form.get("understood", ""))
    feedback.give(current.session(), by, found, person_id, understood, _language(), clock.now())
    flash(_("Thank you. The school has your answer."))
    return redirect(url_for("conferences.summary", summary_id=summary_id, _anchor="answer"), 303)


@conferences.post("/summaries/<id:summary_id>/feedback/words")
@may(Can.GIVE_FEEDBACK)
def feedback_words(summary_id: int) -> ResponseReturnValue:
    found, by = fetch(Summary, summary_id)
    form = FamilyWordsForm()
    if not form.validate_on_submit():
        return _summary_page(found, ApproveForm(in_my_words=found.in_my_words)), 422
    feedback.add_words(
        current.session(), by, found, current.actor().person_id, words_from(form), _language(),
        clock.now(),
    )  # fmt: skip
    flash(_("Thank you. The school has your words."))
    return redirect(url_for("conferences.summary", summary_id=summary_id, _anchor="answer"), 303)


def understood_from(text: str) -> Understood:
    """Return the answer that a button stands for. Raises NotFound for any other text."""
    if text not in set(Understood):
        raise NotFound
    return Understood(text)


def words_from(form: FamilyWordsForm) -> FamilyWords:
    """Return what a family typed."""
    return FamilyWords(form.proud.data or "", form.question.data or "", bool(form.may_call.data))


@conferences.post("/feedback/<id:feedback_id>/glance")
@may(Can.PASS_FEEDBACK_ON)
def glance(feedback_id: int) -> ResponseReturnValue:
    found, by = fetch(Feedback, feedback_id)
    pass_on = bool(request.form.get("pass_on"))
    feedback.glance(current.session(), by, found, pass_on, clock.now())
    flash(_("Passed on.") if pass_on else _("Noted as read."))
    return _back_to_conference(found)


@conferences.post("/feedback/<id:feedback_id>/read")
@may(Can.READ_FEEDBACK)
def read_feedback(feedback_id: int) -> ResponseReturnValue:
    found, by = fetch(Feedback, feedback_id)
    feedback.read(current.session(), by, found, clock.now())
    return _back_to_conference(found)


def _back_to_conference(found: Feedback) -> ResponseReturnValue:
    to = current.session().get_one(Summary, found.summary_id).conference_id
    return redirect(url_for("conferences.page", conference_id=to, _anchor="answers"), 303)


# -- promises ----------------------------------------------------------------------------------------------


@conferences.post("/promises/<id:promise_id>/look-back")
@may(Can.LOOK_BACK)
def look_back(promise_id: int) -> ResponseReturnValue:
    promise, by = fetch(Promise, promise_id)
    form = LookBackForm()
    if not form.validate_on_submit():
        flash(_("Choose how the promise is going."))
    else:
        promises.look_back(
            current.session(), by, promise, PromiseState(form.state.data), form.note.data or "",
            clock.now(),
        )  # fmt: skip
        flash(_("Saved. Thank you for looking back."))
    return redirect(
        url_for("conferences.page", conference_id=promise.conference_id, _anchor="promises"), 303
    )
