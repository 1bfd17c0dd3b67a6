"""A text that is translated only when it is shown holds words of people, and those are no markup."""

from __future__ import annotations

import pytest
from flask import Flask, render_template_string
from markupsafe import Markup

from learnpath.wording import lazy

NAME = "<b data-evil>Zo & Co</b>"
SHOWN = "&lt;b data-evil&gt;Zo &amp; Co&lt;/b&gt;"


@pytest.mark.parametrize(
    "template",
    ["{{ said }}", "{{ said ~ '' }}", "{{ _('%(who)s', who=said) }}", "{{ [said]|join(' ') }}"],
)
def test_a_name_in_a_lazy_text_is_escaped(app: Flask, template: str) -> None:
    with app.test_request_context():
        page = render_template_string(template, said=lazy("%(name)s signed.", name=NAME))
    assert page == f"{SHOWN} signed."


def test_it_is_escaped_where_markup_is_put_together(app: Flask) -> None:
    with app.test_request_context():
        made = Markup("<p>{}</p>").format(lazy("%(name)s signed.", name=NAME))
    assert made == f"<p>{SHOWN} signed.</p>"
