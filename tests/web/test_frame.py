"""What every page has around it: headers, the head with its places, language, comfort, messages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from learnpath.people.models import Hat, Language, Spacing, TextSize, Theme
from learnpath.school import enrol
from tests import builders
from tests.visiting import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("path", ["/sign-in", "/about", "/nothing-here", "/healthz", "/robots.txt"])
def test_every_answer_has_its_policy_and_is_kept_by_nobody(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert headers["Cache-Control"] == "private, no-store"


def test_scripts_carry_the_nonce_of_the_answer_and_nothing_is_inline(client: FlaskClient) -> None:
    answer = client.get("/sign-in")
    text = answer.get_data(as_text=True)
    policy = answer.headers["Content-Security-Policy"]
    assert text.count("<script ") == text.count('<script nonce="') > 0
    nonce = text.split('<script nonce="')[1].split('"')[0]
    assert f"'nonce-{nonce}'" in policy
    assert " style=" not in text
    assert "onclick" not in text


def test_files_with_a_fingerprint_are_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    sheet = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(sheet) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


def test_the_letters_are_kept_for_a_day_and_are_ours(client: FlaskClient) -> None:
    with client.get("/static/vendor/atkinson/latin.woff2") as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=86400"


def test_a_file_that_is_not_there_is_remembered_by_nobody(client: FlaskClient) -> None:
    answer = client.get("/static/css/none.css?v=1")
    assert answer.status_code == 404
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_load_balancer_can_ask_whether_the_app_is_well(client: FlaskClient) -> None:
    assert client.get("/healthz").get_data(as_text=True) == "ok\n"


def test_it_is_not_well_without_its_database(make_app: Callable[..., Flask]) -> None:
    app = make_app(database_url="sqlite:////nowhere/at/all.db")
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503


def test_a_phone_can_keep_the_app_on_its_first_screen(client: FlaskClient) -> None:
    manifest = client.get("/manifest.webmanifest")
    assert manifest.mimetype == "application/manifest+json"
    for icon in manifest.get_json()["icons"]:
        with client.get(icon["src"]) as answer:
            assert answer.status_code == 200


def test_the_language_of_the_page_is_said_and_the_other_one_offered(client: FlaskClient) -> None:
    text = client.get("/sign-in", headers={"Accept-Language": "es"}).get_data(as_text=True)
    assert '<html lang="es"' in text
    assert '<button type="submit" lang="en">English</button>' in text


def test_the_demo_says_that_everybody_is_invented(make_app: Callable[..., Flask]) -> None:
    words = "Demo school. All people are invented."
    for path in ("/sign-in", "/about", "/nothing-here"):
        assert words in make_app(demo=True).test_client().get(path).get_data(as_text=True)
        assert words not in make_app(demo=False).test_client().get(path).get_data(as_text=True)


def test_a_learner_has_five_places_and_can_sign_out_from_every_page(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session)
    session.commit()
    page = visit(learner).get("/about")
    places = [a.get_text(strip=True) for a in page.soup.select("nav.places a")]
    assert places == ["Home", "My profile", "My goals", "My conference", "Who is leading?"]
    assert (
        page.soup.select_one('form[action="/sign-out"] button').get_text(strip=True) == "Sign out"
    )
    last = page.soup.select(".mine > *")[-1]
    assert last.get_text(strip=True) == "Help and about"


def test_the_present_place_is_marked(session: Session, visit: Visit) -> None:
    teacher = builders.a_teacher(session, builders.a_class(session))
    session.commit()
    page = visit(teacher).get("/classes")
    assert [a.get_text(strip=True) for a in page.soup.select("[aria-current=page]")] == [
        "My classes"
    ]


def test_a_page_inside_a_place_marks_that_place(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    session.commit()
    visitor = visit(learner)
    for path, place in (
        (f"/learners/{learner.id}/goals/new", "My goals"),
        (f"/learners/{learner.id}/inventories", "My profile"),
    ):
        page = visitor.get(path)
        assert page.status == 200, path
        assert [a.get_text(strip=True) for a in page.soup.select("[aria-current=true]")] == [place]
    assert not visitor.get("/about").soup.select("nav [aria-current]")


def test_somebody_with_two_hats_can_change_them_from_every_page(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session)
    teacher = builders.a_teacher_of(session, learner)
    school = builders.the_school(session)
    own_child = builders.a_learner(session)
    enrol.link_guardian(
        session, builders.by_school(school), teacher, own_child, "Mom", builders.YEAR_START,
        builders.MONDAY,
    )  # fmt: skip
    session.commit()
    visitor = visit(teacher, hat=Hat.TEACHER)
    buttons = visitor.get("/about").soup.select('form[action="/hat"] button')
    assert [b.get_text(strip=True) for b in buttons] == ["Go on as family"]
    visitor.post("/hat", hat="family")
    page = visitor.get("/about")
    assert "Goals to sign" not in page.words
    assert "Go on as a teacher" in page.words


def test_one_hat_offers_no_other(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    session.commit()
    assert not visit(learner).get("/about").soup.select('form[action="/hat"]')


def test_reading_comfort_is_on_every_page_of_that_person(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session, grade=3)
    learner.text_size, learner.spacing, learner.theme = TextSize.LARGER, Spacing.WIDE, Theme.DARK
    session.add(learner)
    session.commit()
    html = visit(learner).get("/about").soup.html
    assert (html["data-size"], html["data-spacing"], html["data-theme"]) == (
        "larger",
        "wide",
        "dark",
    )
    assert html["data-band"] == "younger"


def test_a_visitor_without_a_sign_in_gets_no_places(client: FlaskClient) -> None:
    text = client.get("/about").get_data(as_text=True)
    assert "nav" not in text.split("<main")[0].replace("navigator", "")
    assert "Sign out" not in text


def test_choosing_comfort_is_said_back(session: Session, visit: Visit) -> None:
    learner = builders.a_learner(session)
    session.commit()
    answer = visit(learner).post("/me/comfort", text_size="large", spacing="normal", theme="light")
    page = answer.follow()
    assert page.soup.select_one("[role=status]").get_text(strip=True) == "Saved."
    assert page.soup.html["data-size"] == "large"


def test_about_says_what_is_kept_who_sees_it_and_whose_ideas_these_are(
    session: Session, visit: Visit
) -> None:
    learner = builders.a_learner(session, language=Language.EN)
    session.commit()
    words = visit(learner).get("/about").words
    assert "What is kept, and who sees it" in words
    assert "Denver Public Schools" in words
    assert "Universal Design for Learning" in words
    assert "303-555-0100" in words
