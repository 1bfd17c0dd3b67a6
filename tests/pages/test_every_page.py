"""What holds for every page, whoever reads it: the pages come from the url map, none is forgotten."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup, Tag

from learnpath.people.models import Language
from tests.living import House
from tests.pages.reading import Shown, shown


@pytest.fixture(scope="module")
def pages(house: House) -> list[Shown]:
    """Return every page as everybody who may see it sees it, in English."""
    return shown(house)


@pytest.fixture(scope="module")
def spoken(house: House, pages: list[Shown]) -> dict[Language, list[Shown]]:
    """Return the same in each language."""
    spanish = shown(house, Language.ES)
    house.set_back()
    return {Language.EN: pages, Language.ES: spanish}


@pytest.fixture(scope="module")
def whole(pages: list[Shown]) -> list[Shown]:
    """Return those of them that are pages, not ways to another one."""
    return [each for each in pages if each.page.status == 200]


def _wrong(pages: list[Shown], check: object) -> list[str]:
    return [f"{each}: {problem}" for each in pages if (problem := check(each))]  # type: ignore[operator]


def test_every_page_opens_or_leads_on_to_another_of_our_own(pages: list[Shown]) -> None:
    assert len(pages) > 80
    wrong = [
        f"{each}: {each.page.status} {each.page.location}"
        for each in pages
        if each.page.status not in {200, 409}  # a page may say that now is not the time
        and not (each.page.status in {302, 303} and each.page.location.startswith("/"))
    ]
    assert wrong == []


def test_every_page_has_one_heading_a_title_and_its_language(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        soup = each.page.soup
        if len(soup.find_all("h1")) != 1 or not each.page.heading:
            return f"{len(soup.find_all('h1'))} h1"
        if soup.html.get("lang") != "en":
            return f"lang={soup.html.get('lang')}"
        title = soup.title.get_text(strip=True) if soup.title else ""
        return (
            ""
            if title.endswith("Learner Paths") and len(title) > len("Learner Paths") + 3
            else f"title {title!r}"
        )

    assert _wrong(whole, check) == []


def test_titles_tell_pages_of_one_reader_apart(whole: list[Shown]) -> None:
    """A browser's tabs and a screen reader's list of windows show nothing else."""
    titles = Counter(
        each.page.soup.title.get_text(strip=True) for each in whole if each.reader == "learner"
    )
    most, times = titles.most_common(1)[0]
    assert times <= 8, f"{times} pages are called {most!r}"


def test_headings_leave_no_level_out(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        levels = [int(h.name[1]) for h in each.page.soup.select("h1, h2, h3, h4, h5, h6")]
        jumps = [(a, b) for a, b in pairwise(levels) if b > a + 1]
        return f"{jumps}" if jumps else ""

    assert _wrong(whole, check) == []


def test_ids_are_there_once_and_what_points_to_one_finds_it(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        soup = each.page.soup
        ids = Counter(tag["id"] for tag in soup.select("[id]"))
        twice = [id for id, times in ids.items() if times > 1]
        if twice:
            return f"twice: {twice}"
        lost = [
            target
            for tag in soup.find_all(True)
            for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls", "list")
            for target in str(tag.get(name) or "").replace("['", "").split()
            if name in tag.attrs and target not in ids
        ]
        anchors = [a["href"][1:] for a in soup.select('a[href^="#"]') if a["href"][1:] not in ids]
        return f"lost: {lost + anchors}" if lost or anchors else ""

    assert _wrong(whole, check) == []


def test_every_field_has_a_label_and_every_control_a_name(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        soup = each.page.soup
        nameless = [
            str(tag)[:120]
            for tag in soup.select("input, select, textarea")
            if not _named(soup, tag)
        ]
        nameless += [
            str(tag)[:120]
            for tag in soup.select("button, a[href]")
            if not (
                tag.get_text(strip=True)
                or tag.get("aria-label")
                or tag.get("title")
                or tag.find("title")
            )
        ]
        nameless += [str(tag)[:120] for tag in soup.select("img:not([alt])")]
        nameless += [
            str(tag)[:80]
            for tag in soup.select("fieldset")
            if not (tag.find("legend") or tag.get("aria-labelledby") or tag.get("aria-label"))
        ]
        return "; ".join(nameless)

    assert _wrong(whole, check) == []


def _named(soup: BeautifulSoup, tag: Tag) -> bool:
    if tag.get("type") in {"hidden", "submit", "button"}:
        return True
    if tag.get("aria-label") or tag.get("aria-labelledby") or tag.find_parent("label"):
        return True
    return bool(tag.get("id") and soup.find("label", {"for": tag["id"]}))


def test_every_page_can_be_walked_by_landmarks(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        soup = each.page.soup
        mains = soup.find_all("main")
        if len(mains) != 1:
            return f"{len(mains)} main"
        first = soup.body.find("a")
        skips = first is not None and str(first.get("href", "")).startswith("#")
        return "" if skips else "the first link does not skip to the content"

    assert _wrong(whole, check) == []


def test_tables_say_what_their_columns_are(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        bare = [
            str(table)[:100]
            for table in each.page.soup.find_all("table")
            if not table.select("thead th, th[scope]")
        ]
        return "; ".join(bare)

    assert _wrong(whole, check) == []


# -- security ------------------------------------------------------------------------------------------


def test_every_answer_has_its_security_headers(pages: list[Shown]) -> None:
    expected = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "private, no-store",
    }

    def check(each: Shown) -> str:
        headers = each.page.response.headers
        missing = [name for name, value in expected.items() if headers.get(name) != value]
        if headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
            missing.append("Referrer-Policy")
        return ", ".join(missing)

    assert _wrong(pages, check) == []


def test_scripts_run_by_nonce_only_and_nothing_comes_from_elsewhere(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        policy = each.page.response.headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([\w-]{20,})'", policy)
        if not nonce or "unsafe" in policy or "default-src 'none'" not in policy:
            return policy
        soup = each.page.soup
        strange = [str(s)[:100] for s in soup.find_all("script") if s.get("nonce") != nonce[1]]
        strange += [
            str(tag)[:100]
            for tag in soup.select("[src], link[href]")
            if re.match(r"(https?:)?//", str(tag.get("src") or tag.get("href") or ""))
            and tag.get("rel") != ["canonical"]
        ]
        return "; ".join(strange)

    assert _wrong(whole, check) == []


def test_nonces_are_never_used_twice(whole: list[Shown]) -> None:
    policies = [each.page.response.headers["Content-Security-Policy"] for each in whole]
    nonces = [re.search(r"nonce-([\w-]+)", policy)[1] for policy in policies]
    assert len(set(nonces)) == len(nonces)


def test_no_style_and_no_script_stands_in_the_page(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        inline = [
            f"{tag.name} {name}"
            for tag in each.page.soup.find_all(True)
            for name, value in tag.attrs.items()
            if name == "style"
            or name.startswith("on")
            or (
                name in {"href", "src", "action", "formaction"}
                and str(value).strip().lower().startswith(("javascript:", "data:text"))
            )
        ]
        inline += ["style element"] * len(each.page.soup.find_all("style"))
        inline += [
            f"script without src: {str(script)[:80]}"
            for script in each.page.soup.find_all("script")
            if not script.get("src") and script.get("type") != "application/json"
        ]
        return ", ".join(inline)

    assert _wrong(whole, check) == []


def test_every_form_that_changes_something_carries_its_token_and_goes_to_us(
    whole: list[Shown],
) -> None:
    def check(each: Shown) -> str:
        for form in each.page.soup.find_all("form"):
            method = str(form.get("method", "get")).lower()
            if not str(form.get("action", "/")).startswith(("/", "#", "?")) and form.get("action"):
                return f"goes to {form['action']}"
            if method == "post" and not form.find("input", {"name": "csrf_token"}):
                return f"no token: {str(form)[:100]}"
            if method == "get" and form.find("input", {"name": "csrf_token"}):
                return "a token in an address"
        return ""

    assert _wrong(whole, check) == []


def test_links_to_other_sites_tell_them_nothing(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        careless = [
            a["href"]
            for a in each.page.soup.select('a[href^="http"]')
            if not {"noopener", "noreferrer"} & set(a.get("rel") or [])
        ]
        return ", ".join(careless)

    assert _wrong(whole, check) == []


def test_one_cookie_and_it_is_guarded(house: House) -> None:
    page = house.visitors["nobody"].get("/sign-in")
    cookies = page.response.headers.getlist("Set-Cookie") or [
        house.app.test_client().get("/sign-in").headers["Set-Cookie"]
    ]
    assert len(cookies) == 1
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= {
        part.strip() for part in cookies[0].split(";")
    }


# -- words ---------------------------------------------------------------------------------------------

SLIPS = re.compile(
    r"\{\{|\}\}|\{%|%\(\w+\)s|\bNone\b(?! of)|\bundefined\b|\bNaN\b|&amp;amp;|&lt;\w|<LazyString"
    r"|\b(GoalState|Relation|Hat|Column|Audience|Feel|Measure)\.\w+|\bDecimal\("
)


def test_nothing_of_the_machine_shows(whole: list[Shown]) -> None:
    def check(each: Shown) -> str:
        slip = SLIPS.search(each.page.words)
        return each.page.words[max(0, slip.start() - 40) : slip.end() + 40] if slip else ""

    assert _wrong(whole, check) == []


# Words that no learner and no family reads here: they judge, rank, count days in a row, or sort people.
FORBIDDEN = {
    Language.EN: re.compile(
        r"\b(fail(ed|ing|ure)?|behind|overdue|late|missed|missing|streaks?|points|ranks?|ranking|rankings"
        r"|leaderboard|badge|scoreboard|visual learner|learning styles?|low[- ]performing|gifted)\b",
        re.IGNORECASE,
    ),
    Language.ES: re.compile(
        r"\b(fracas\w+|fall(ó|aste|ado|ida)|atrasad\w+|retrasad\w+|vencid\w+|tarde|rachas?|puntos|ranking"
        r"|clasificación|insignia|estilos? de aprendizaje|bajo rendimiento)\b",
        re.IGNORECASE,
    ),
}
# The afternoon is no judgement, and to say that nobody gives points is none either.
HARMLESS = re.compile(
    r"nobody gives points|nadie (da|pone) puntos|de la tarde|por la tarde|la tarde|check point|punto de|puntos y comas",
    re.IGNORECASE,
)


@pytest.mark.parametrize("language", list(Language))
def test_learners_and_families_read_no_word_that_judges(
    spoken: dict[Language, list[Shown]], language: Language
) -> None:
    wrong = []
    for each in spoken[language]:
        if each.reader not in {"learner", "family"} or each.page.status != 200:
            continue
        said = HARMLESS.sub(" ", _own_words(each))
        found = FORBIDDEN[language].search(said)
        if found:
            wrong.append(f"{each}: …{said[max(0, found.start() - 50) : found.end() + 50]}…")
    assert wrong == []


def _own_words(each: Shown) -> str:
    """Return what the app itself says: quoted words of people are their own."""
    soup = BeautifulSoup(each.page.text, "html.parser")  # not the one that others read too
    for quoted in soup.select(".voice, blockquote, textarea, script"):
        quoted.decompose()
    return " ".join(soup.get_text(" ").split())


def test_the_spanish_pages_say_that_they_are_spanish(
    spoken: dict[Language, list[Shown]],
) -> None:
    wrong = [
        str(each)
        for each in spoken[Language.ES]
        if each.page.status == 200 and each.page.soup.html.get("lang") != "es"
    ]
    assert wrong == []
