"""The components page shows every part in all its states, and each part keeps its promises."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from learnpath import resources

COMPONENTS = resources.TEMPLATES / "components"


@pytest.fixture
def page(make_app: Callable[..., Flask]) -> BeautifulSoup:
    answer = make_app(demo=True).test_client().get("/components")
    assert answer.status_code == 200
    return BeautifulSoup(answer.get_data(as_text=True), "html.parser")


def part(page: BeautifulSoup, id: str) -> Tag:
    found = page.find(id=id)
    assert isinstance(found, Tag), id
    return found


def test_only_the_demo_shows_the_components_page(client: FlaskClient) -> None:
    assert client.get("/components").status_code == 404


def test_every_component_of_form_and_ui_is_on_the_page() -> None:
    shown = (resources.TEMPLATES / "web" / "components.html").read_text(encoding="utf-8")
    elsewhere = {"brand_mark", "checkbox"}  # in the head of every page; through field()
    for file in ("form.html", "ui.html"):
        source = (COMPONENTS / file).read_text(encoding="utf-8")
        macros = set(re.findall(r"{% macro ([a-z]\w*)\(", source))
        unused = {name for name in macros - elsewhere if f"{name}(" not in shown and name != "csrf"}
        assert unused == set(), file


def test_the_drawing_of_who_is_leading_stands_there_in_each_of_its_states(
    page: BeautifulSoup,
) -> None:
    drawings = part(page, "band").select("svg.leading-narrow")
    assert len(drawings) == 10
    parts = {"here": 8, "before": 2, "stone": 8, "mine": 4, "theirs": 3}
    for name, count in parts.items():
        assert len([one for one in drawings if one.select(f".{name}")]) == count, name
    assert len({str(one["aria-label"]) for one in drawings}) >= 9


def test_the_outline_of_then_ends_above_the_names_of_the_places(page: BeautifulSoup) -> None:
    for drawing in part(page, "band").select("svg.band"):
        for outline in drawing.select(".before"):
            bottom = float(outline["y"]) + float(outline["height"])
            names = drawing.select("text[text-anchor=middle]")
            # A line of letters reaches about sixteen above the place that it stands on.
            assert all(float(name["y"]) - 16 >= bottom + 2 for name in names)
            assert all(
                float(name["y"]) + 5 <= float(drawing["viewbox"].split()[3]) for name in names
            )


def test_every_field_has_a_label_or_a_legend(page: BeautifulSoup) -> None:
    for field in page.main.select("input:not([type=hidden]), textarea, select"):
        labelled = page.find("label", attrs={"for": field["id"]}) or field.find_parent("label")
        assert labelled, field
        assert labelled.get_text(strip=True), field
    for group in page.main.find_all("fieldset"):
        assert group.legend.get_text(strip=True)


def test_what_is_said_about_a_field_is_tied_to_it(page: BeautifulSoup) -> None:
    for described in page.select("[aria-describedby], [aria-labelledby]"):
        ids = f"{described.get('aria-describedby', '')} {described.get('aria-labelledby', '')}"
        for id in ids.split():
            assert page.find(id=id), id


def test_each_error_stands_in_the_summary_and_at_its_field_in_the_same_words(
    page: BeautifulSoup,
) -> None:
    links = part(page, "error_summary").select("li a")
    assert len(links) == 6
    wrong = part(page, "form-wrong")
    for link in links:
        field = wrong.find(id=link["href"].removeprefix("#"))
        assert field, link
        around = field.find_parent(class_="wrong")
        assert link.get_text() in around.find(class_="field-error").get_text()


def test_wrong_fields_say_so_and_keep_what_was_typed(page: BeautifulSoup) -> None:
    amount = part(page, "wrong-amount")
    assert amount["aria-invalid"] == "true"
    assert amount["value"] == "many"
    assert amount["type"] == "text"
    assert len(part(page, "wrong-helps").select("input[checked]")) == 3


def test_choices_are_real_radios_and_boxes_with_the_chosen_ones_marked(page: BeautifulSoup) -> None:
    feelings = part(page, "filled-feeling").find_all("input")
    assert {choice["type"] for choice in feelings} == {"radio"}
    assert [choice["value"] for choice in feelings if choice.has_attr("checked")] == ["bumps"]
    assert {box["type"] for box in part(page, "filled-helps").find_all("input")} == {"checkbox"}


def test_browsers_do_not_stop_or_cut_what_is_typed(page: BeautifulSoup) -> None:
    assert not page.select("main [required], main [maxlength], main input[type=number]")


def test_buttons_that_need_javascript_are_hidden_without_it(page: BeautifulSoup) -> None:
    for button in page.select("[data-stepper] button, [data-speak], [data-print], [data-copy]"):
        assert button.has_attr("hidden"), button


def test_a_page_has_one_favoured_button_and_answers_weigh_the_same(page: BeautifulSoup) -> None:
    favoured = page.select("main .button:not(.plain)")
    assert [b.get_text(strip=True) for b in favoured if not b.find_parent(class_="answers")] == [
        "Save my check-in"
    ]
    kinds = {tuple(b["class"]) for b in page.select(".answers .button")}
    assert len(kinds) == 1


def test_the_trail_says_in_words_where_it_stands(page: BeautifulSoup) -> None:
    here = part(page, "trail").find("li", class_="here")
    assert here["aria-current"] == "step"
    assert "You are here." in here.get_text()
    assert "Done." in part(page, "trail").find("li", class_="done").get_text()


def test_icons_say_nothing_and_take_the_colour_of_the_words(page: BeautifulSoup) -> None:
    icons = page.select("svg.icon")
    assert len(icons) > 100
    assert all(icon["aria-hidden"] == "true" and icon["stroke"] == "currentColor" for icon in icons)


def test_ids_are_there_once(page: BeautifulSoup) -> None:
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert sorted(ids) == sorted(set(ids))
