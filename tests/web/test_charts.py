"""The chart of a goal: it can be read without colour, without a script, without eyes, and on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, pairwise
from math import hypot
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, render_template_string
from flask_babel import Babel, force_locale
from playwright.sync_api import Browser, Page, Route

from learnpath import resources
from learnpath.goals.picture import Change, Picture, picture
from learnpath.goals.trend import Aim, Direction, Measure, Point, look
from learnpath.web.chart_layout import NARROW, WIDE, Paper, wrapped
from learnpath.web.charts import _layout, base_note, chart_facts, chart_svg, description
from learnpath.web.headers import CHARTJS_URL
from learnpath.web.rules import public
from tests.browsing import a_window, served

START = date(2025, 9, 22)
AIM = Aim(target=42, due=15, baseline=24)
FACTS = (24, 25, 27, 27, None, 30, 33, 32, 36)
LEVELS = ("One piece", "Two pieces, but no reason why", "Two pieces plus why", "And the other side")


def of(*values: float | None, aim: Aim = AIM, **more: Any) -> Picture:
    points = [Point(float(week), value) for week, value in enumerate(values)]
    days = {point.x: START + timedelta(weeks=int(point.x)) for point in points}
    trend = look(aim, points, changes=[change.x for change in more.get("changes", ())])
    due = START + timedelta(days=round(aim.due * 7))
    facts = {"title": "Multiplication facts", "unit": "facts", "start": START, "due": due, **more}
    return picture(aim, points, trend, days=days, **facts)


def _down() -> Picture:
    aim = Aim(target=2, due=10, baseline=8, direction=Direction.DECREASE)
    return of(8, 7, 9, 6, 5, 6, 4, aim=aim, unit="times")


def _band() -> Picture:
    aim = Aim(target=60, due=12, direction=Direction.MAINTAIN, low=60, high=75)
    return of(66, 70, 58, 72, aim=aim, unit="minutes")


def _changed() -> Picture:
    changes = (Change(5.0, "target", START + timedelta(weeks=5)),)
    return of(24, 24, 25, 26, 24, 25, 28, 30, changes=changes, first_aim=replace(AIM, target=50))


PICTURES: dict[str, Callable[[], Picture]] = {
    "facts": lambda: of(*FACTS),
    "two gaps": lambda: of(
        62, None, None, 64, 66, 65, None, 70, aim=Aim(target=75, due=12, baseline=62)
    ),
    "down": _down,
    "rubric": lambda: of(
        1, 1, 2, 2, None, 2, 3, levels=LEVELS,
        aim=Aim(target=3, due=10, baseline=1, measure=Measure.RUBRIC),
    ),
    "percent": lambda: of(
        60, 70, 65, 80, 85, 90, 94, aim=Aim(target=90, due=12, baseline=60, measure=Measure.PERCENT)
    ),
    "band": _band,
    "yes": lambda: of(1, 0, 1, None, 1, aim=Aim(target=8, due=10, measure=Measure.YES_NO)),
    "changed": _changed,
    "one": lambda: of(24),
    "none": of,
    "pause": lambda: of(24, 25, None, None, None, None, 27, 28),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """A chart needs a language and a request to number its ids in, and nothing else of the app."""
    plain = Flask(__name__)
    Babel(plain, default_translation_directories=str(resources.TRANSLATIONS))
    with plain.test_request_context():
        yield


def svg(shown: Picture, narrow: bool = False) -> Tag:
    drawn = BeautifulSoup(chart_svg(shown, narrow), "html.parser").svg
    assert isinstance(drawn, Tag)
    return drawn


def words(shown: Picture, narrow: bool = False) -> list[str]:
    return [text.get_text() for text in svg(shown, narrow).find_all("text")]


# -- read aloud ---------------------------------------------------------------------------------------


def test_it_is_an_image_with_a_name_and_a_description() -> None:
    drawn = svg(of(*FACTS))
    assert drawn["role"] == "img"
    title, desc = drawn.title, drawn.desc
    assert isinstance(title, Tag)
    assert isinstance(desc, Tag)
    assert drawn["aria-labelledby"] == f"{title['id']} {desc['id']}"
    assert title.get_text() == "Multiplication facts"


def test_the_description_tells_what_the_eye_sees() -> None:
    assert description(of(*FACTS)) == (
        "Multiplication facts. 8 check-ins, from 24 to 36. No data in 1 week. Aim: 42 by Jan 5. "
        "The shaded part ends at roughly 43 to 50. The scale goes from 20 to 50."
    )


def test_two_charts_of_a_page_have_ids_of_their_own() -> None:
    ids = re.findall(r' id="([^"]+)"', chart_svg(of(24)) + chart_svg(of(24), narrow=True))
    assert len(ids) == len(set(ids)) == 4


def test_the_base_of_the_scale_is_stated_when_it_is_not_zero() -> None:
    assert base_note(of(*FACTS)) == "The scale starts at 20."
    assert base_note(_down()) == ""


# -- what is drawn --------------------------------------------------------------------------------------


def test_a_gap_is_a_gap_with_its_mark_and_its_words() -> None:
    drawn = svg(of(*FACTS))
    assert len(drawn.select(".chart-line")) == 2
    assert len(drawn.select(".chart-dot")) == 8
    assert len(drawn.select(".chart-gap")) == 1
    assert "no data" in words(of(*FACTS))


def test_the_first_and_the_last_value_and_the_aim_are_written() -> None:
    assert {"24", "36", "Aim: 42 by Jan 5", "Sep 22", "Jan 5"} <= set(words(of(*FACTS)))


def test_the_aim_has_dashes_of_its_own_class_and_a_flag() -> None:
    drawn = svg(of(*FACTS))
    assert len(drawn.select("line.chart-aim")) == 1
    assert len(drawn.select(".chart-flag")) == 1
    assert len(drawn.select(".chart-range")) == 1


def test_a_change_is_marked_and_the_first_aim_stays() -> None:
    drawn = svg(_changed())
    assert len(drawn.select(".chart-change")) == 1
    assert len(drawn.select(".chart-aim-before")) == 1
    assert "New goal" in words(_changed())


def test_a_rubric_has_its_words_and_not_one_number() -> None:
    shown = words(PICTURES["rubric"]())
    assert "Two pieces plus why" in shown
    assert not [word for word in shown if re.fullmatch(r"[\d.]+", word)]


def test_yes_and_no_are_dots_on_two_rows() -> None:
    drawn = svg(PICTURES["yes"]())
    assert drawn.select(".chart-line") == []
    assert {"Yes", "No"} <= set(words(PICTURES["yes"]()))


def test_the_learners_words_are_words_and_not_markup() -> None:
    drawn = chart_svg(of(24, title='<script>alert("x")</script>', unit="<b>"))
    assert "<script>" not in drawn
    assert "<b>" not in drawn


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_there_are_no_styles_inside_and_nothing_to_focus(name: str, narrow: bool) -> None:
    drawn = str(chart_svg(PICTURES[name](), narrow))
    for wrong in ("style=", "tabindex", "<script", "onclick", "<a "):
        assert wrong not in drawn


def test_without_any_style_sheet_it_is_drawn_in_black() -> None:
    drawn = svg(of(*FACTS))
    assert {line["stroke"] for line in drawn.select(".chart-line, .chart-aim")} == {"#000"}
    assert drawn.select_one(".chart-line")["fill"] == "none"
    assert drawn.select_one(".chart-aim")["stroke-dasharray"]
    assert all(text["font-size"] == "16" for text in drawn.find_all("text"))


# -- words keep off the lines and off each other ------------------------------------------------------------

Box = tuple[float, float, float, float]


def box_of(text: Tag, font: float) -> Box:
    wide, x, y = len(text.get_text()) * 0.5 * font, float(str(text["x"])), float(str(text["y"]))
    kinds = text.get("class") or []
    left = x - (wide if "chart-end" in kinds else wide / 2 if "chart-middle" in kinds else 0)
    return (left, y - 0.7 * font, left + wide, y + 0.1 * font)


def ink_of(drawn: Tag) -> list[tuple[float, float]]:
    lines = []
    for line in drawn.select(".chart-line"):
        ends = [tuple(map(float, pair.split(","))) for pair in str(line["points"]).split()]
        lines += [(*one, *two) for one, two in pairwise(ends)]
    lines += [
        tuple(float(str(aim[key])) for key in ("x1", "y1", "x2", "y2"))
        for aim in drawn.select(".chart-aim")
    ]
    return [
        (x1 + (x2 - x1) * n / 100, y1 + (y2 - y1) * n / 100)
        for x1, y1, x2, y2 in lines
        for n in range(101)
    ]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_no_words_cover_a_line_or_other_words_or_leave_the_paper(
    name: str, narrow: bool, language: str
) -> None:
    with force_locale(language):
        drawn, paper = svg(PICTURES[name](), narrow), NARROW if narrow else WIDE
    boxes = [(text.get_text(), box_of(text, paper.font)) for text in drawn.find_all("text")]
    for word, (left, top, right, bottom) in boxes:
        assert left >= 0, word
        assert right <= paper.width, word
        hits = [1 for x, y in ink_of(drawn) if left < x < right and top < y < bottom]
        assert not hits, (word, len(hits))
    for (one, a), (two, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one, two)


@pytest.mark.parametrize("name", ["facts", "two gaps", "down", "rubric", "pause"])
@pytest.mark.parametrize("paper", [NARROW, WIDE])
def test_the_words_of_the_aim_stand_close_to_its_line(name: str, paper: Paper) -> None:
    shown = PICTURES[name]()
    layout = _layout(shown, paper)
    aim = shown.aims[-1]
    (words,) = [text for text in layout.texts if text.words.startswith("Aim")]
    left, top, right, bottom = layout.box(words)
    steps = [step / 20 for step in range(21)]
    line = [
        (layout.x(aim.x1 + (aim.x2 - aim.x1) * n), layout.y(aim.y1 + (aim.y2 - aim.y1) * n))
        for n in steps
    ]
    near = min(hypot(max(left - x, x - right, 0), max(top - y, y - bottom, 0)) for x, y in line)
    assert near <= 2.5 * paper.font


def test_long_words_are_wrapped_and_cut() -> None:
    assert wrapped("Two pieces, but no reason why", 13, 3) == [
        "Two pieces,",
        "but no reason",
        "why",
    ]
    assert wrapped("Two pieces, but no reason why", 13, 2) == ["Two pieces,", "but no reaso…"]
    assert wrapped("Donaudampfschifffahrt", 8, 2) == ["Donauda…"]


# -- in the browser ----------------------------------------------------------------------------------------

PAGE = """{% from "components/chart.html" import progress_chart %}<!doctype html><html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Chart</title>
<link rel="stylesheet" href="{{ static_url('css/app.css') }}"><main>{{ progress_chart(shown) }}</main>"""
OWN_COPY = resources.STATIC / "vendor" / "chartjs" / "chart.umd.min.js"


def with_page(app: Flask, shown: Picture) -> Flask:
    view = public(lambda: render_template_string(PAGE, shown=shown))
    app.add_url_rule("/chart", "chart", view)
    return app


def test_the_page_names_the_cdn_only_when_the_school_lets_it(make_app: Any) -> None:
    for setting, named in (("cdn", True), ("local", False)):
        page = with_page(make_app(chartjs=setting), of(24)).test_client().get("/chart")
        assert (CHARTJS_URL in page.get_data(as_text=True)) is named
        assert (CHARTJS_URL in page.headers["Content-Security-Policy"]) is named


def test_the_facts_for_the_script_cannot_end_their_element(app: Flask) -> None:
    hostile = of(24, title="</script><script>alert(1)</script>", unit="</script>")
    page = with_page(app, hostile).test_client().get("/chart").get_data(as_text=True)
    soup = BeautifulSoup(page, "html.parser")
    held = soup.find("script", {"type": "application/json"})
    assert isinstance(held, Tag)
    assert json.loads(str(held.string))["wide"]["texts"]
    assert "alert(1)" not in "".join(
        str(script) for script in soup.find_all("script") if not script.get("type")
    )


@pytest.mark.parametrize("name", PICTURES)
def test_the_facts_for_the_script_are_json(name: str) -> None:
    json.dumps(chart_facts(PICTURES[name]()), allow_nan=False)


def see(page: Page) -> dict[str, Any]:
    """Return what is on the page."""
    found: dict[str, Any] = page.evaluate("""() => ({
        drawn: !!document.querySelector('.chart.is-drawn canvas'),
        canvas: !!document.querySelector('.chart-canvas')?.offsetHeight,
        drawings: [...document.querySelectorAll('.chart-svg')]
            .filter(svg => svg.getBoundingClientRect().width > 10).length,
        fits: document.documentElement.scrollWidth <= innerWidth,
    })""")
    return found


def waited(page: Page) -> float:
    """Return the milliseconds from asking for Chart.js to having it, as the page measured them."""
    taken: float = page.evaluate(
        "performance.measure('wait', 'chart-asked', 'chart-there').duration"
    )
    return taken


def opened(page: Page) -> list[str]:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto("/chart", wait_until="commit")
    page.wait_for_selector(".chart.is-drawn canvas", state="attached", timeout=5000)
    return [line for line in said if "favicon" not in line and "404" not in line]


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_chartjs_draws_over_the_drawing_and_breaks_no_policy(
    app: Flask, browser: Browser, width: int, scheme: str
) -> None:
    server = served(with_page(app, of(*FACTS)))
    with server as live, a_window(browser, live.url, width=width, scheme=scheme) as (_, page):
        assert opened(page) == []
        assert see(page) == {"drawn": True, "canvas": True, "drawings": 0, "fits": True}
        page.emulate_media(media="print")
        assert see(page)["canvas"] is False
        assert see(page)["drawings"] == 1


@pytest.mark.browser
def test_without_a_script_the_drawing_is_there(app: Flask, browser: Browser) -> None:
    server = served(with_page(app, of(*FACTS)))
    with server as live, a_window(browser, live.url, java_script_enabled=False) as (_, page):
        page.goto("/chart")
        assert page.locator(".chart-wide").is_visible()
        assert not page.locator(".chart-narrow").is_visible()


def _hang(route: Route) -> None:
    """Never answer."""


def _refuse(route: Route) -> None:
    route.abort("connectionfailed")


def _other(route: Route) -> None:
    """Answer with something that is not Chart.js: the hash must refuse it."""
    route.fulfill(
        body="window.Chart = () => { throw Error('not Chart.js') }", content_type="text/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("answer", [_hang, _refuse, _other])
def test_a_cdn_that_hangs_fails_or_lies_costs_less_than_two_seconds(
    make_app: Any, browser: Browser, answer: Callable[[Route], None]
) -> None:
    server = served(with_page(make_app(chartjs="cdn"), of(*FACTS)))
    with server as live, a_window(browser, live.url) as (context, page):
        context.route("https://cdn.jsdelivr.net/**", answer)
        opened(page)
        assert waited(page) < 1500
        assert see(page)["canvas"] is True


@pytest.mark.browser
def test_the_cdns_own_file_is_taken_when_it_answers(make_app: Any, browser: Browser) -> None:
    asked: list[str] = []
    server = served(with_page(make_app(chartjs="cdn"), of(*FACTS)))
    with server as live, a_window(browser, live.url) as (context, page):
        context.route(
            "https://cdn.jsdelivr.net/**",
            lambda route: route.fulfill(
                body=OWN_COPY.read_bytes(), content_type="text/javascript",
                headers={"Access-Control-Allow-Origin": "*"},
            ),
        )  # fmt: skip
        page.on("request", lambda request: asked.append(request.url))
        assert opened(page) == []
        assert CHARTJS_URL in asked
        assert not [url for url in asked if "vendor/chartjs" in url]
