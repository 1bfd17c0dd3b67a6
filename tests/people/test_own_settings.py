"""Language and reading comfort: everybody's own choice, kept for the next time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session

from learnpath.people.models import Language, Person
from tests.builders import a_learner
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


def test_a_visitor_s_browser_chooses_the_first_language(visit: Visit) -> None:
    for accepted, language in (("es-MX,es;q=0.9,en;q=0.5", "es"), ("de,fr", "en"), ("", "en")):
        page = visit(None).get("/about", headers={"Accept-Language": accepted})
        assert page.soup.html["lang"] == language


def test_a_visitor_can_change_the_language(visit: Visit) -> None:
    visitor = visit(None)
    page = visitor.post("/language", language="es", next="/about")
    assert (page.status, page.location) == (303, "/about")
    assert visitor.get("/about").soup.html["lang"] == "es"


def test_a_person_s_language_is_kept_for_the_next_sign_in(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visit(learner).post("/language", language="es", next="/about")
    assert visit(learner).get("/about").soup.html["lang"] == "es"
    session.expire_all()
    assert session.get_one(Person, learner.id).language is Language.ES


@pytest.mark.parametrize("language", ["fr", "", "EN", "es\x00", "../es"])
def test_a_language_that_is_none_changes_nothing(
    session: Session, visit: Visit, language: str
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    assert visitor.post("/language", language=language, next="/about").status == 303
    assert visitor.get("/about").soup.html["lang"] == "en"


def test_the_language_form_leads_back_to_the_page_it_was_on(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    path = f"/learners/{learner.id}/goals"
    form = visitor.get(path).soup.find("form", {"action": "/language"})
    fields = {i["name"]: i.get("value", "") for i in form.select("input[name], button[name]")}
    assert visitor.post("/language", **fields).location == path


def test_comfort_is_kept_and_shown_on_every_page(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    page = visitor.post("/me/comfort", text_size="larger", spacing="wide", theme="dark")
    assert page.status == 303
    html = visit(learner).get("/about").soup.html
    assert (html["data-size"], html["data-spacing"], html["data-theme"]) == (
        "larger",
        "wide",
        "dark",
    )


def test_the_form_shows_what_was_chosen(session: Session, visit: Visit) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    visitor.post("/me/comfort", text_size="large", spacing="wide", theme="light")
    chosen = {
        i["name"]: i["value"] for i in visitor.get("/me/comfort").soup.select("input[checked]")
    }
    assert chosen == {"text_size": "large", "spacing": "wide", "theme": "light"}


@pytest.mark.parametrize(
    "fields",
    [
        {"text_size": "huge", "spacing": "wide", "theme": "dark"},
        {"text_size": "large", "spacing": "wide"},
        {},
        {"text_size": ["large", "larger"], "spacing": "wide", "theme": "x" * 5000},
    ],
)
def test_a_choice_that_is_not_offered_changes_nothing(
    session: Session, visit: Visit, fields: dict[str, str]
) -> None:
    learner = a_learner(session)
    session.commit()
    visitor = visit(learner)
    assert visitor.post("/me/comfort", **fields).status == 422
    session.expire_all()
    person = session.get_one(Person, learner.id)
    assert (person.text_size, person.spacing, person.theme) == ("normal", "normal", "auto")
