"""The same way in a real browser, with the policy of our pages as strict as it is."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from sqlmodel import Session

from tests.browsing import LiveServer, a_window
from tests.builders import a_learner
from tests.reading import examined, overflow
from tests.sign_on.build import in_the_roster
from tests.sign_on.conftest import DOMAIN, LocalProvider


@pytest.mark.browser
def test_a_learner_goes_to_the_provider_and_comes_back_to_the_wanted_page(
    session: Session, provider: LocalProvider, live: LiveServer, browser: Browser
) -> None:
    mateo = a_learner(session, "Mateo")
    in_the_roster(session, mateo, f"mateo@{DOMAIN}")
    session.commit()
    provider.somebody("g-77", f"mateo@{DOMAIN}")
    wanted = f"/learners/{mateo.id}/goals"
    complaints: list[str] = []
    # Another host than the provider's, so that the cookie has to survive the way from one site to another.
    home = live.url.replace("127.0.0.1", "localhost")
    with a_window(browser, home) as (_context, page):
        page.on("console", lambda said: complaints.append(said.text))
        answer = page.goto(wanted)
        assert answer is not None
        assert "form-action 'self';" in answer.headers["content-security-policy"]
        assert examined(page)[0] == []
        page.get_by_role("link", name="Sign in with Ridgeline").click()
        expect(page.get_by_role("heading", name="Who is there?")).to_be_visible()
        page.get_by_role("button", name="Go on as g-77").click()
        page.wait_for_url(f"{home}{wanted}")
        expect(page.get_by_role("button", name="Sign out")).to_have_count(1)
        page.go_back()  # the provider's page: its old answer opens nothing new and breaks nothing
        page.get_by_role("button", name="Go on as g-77").click()
        page.wait_for_url(f"{home}/")
        assert not [said for said in complaints if "Content Security Policy" in said]
        page.goto("/me/sign-on")
        assert examined(page)[0] == []
        page.evaluate("document.querySelector('form[action=\"/sign-out\"]').submit()")
        page.wait_for_url(f"{home}/sign-in")
        provider.somebody("stranger")
        page.get_by_role("link", name="Sign in with Ridgeline").click()
        page.get_by_role("button", name="Go on as stranger").click()
        expect(page.get_by_role("heading", name="We do not know this account yet")).to_be_visible()
        assert page.url == f"{home}/sign-on-link"
        page.get_by_role("button", name="Español").click()
        expect(page.get_by_role("heading", name="Todavía no conocemos esta cuenta")).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 700})
        assert (examined(page)[0], overflow(page)) == ([], 0)
        page.goto("/sign-on/ridgeline/back?state=nobody's&code=nothing")
        assert (examined(page)[0], overflow(page)) == ([], 0)
