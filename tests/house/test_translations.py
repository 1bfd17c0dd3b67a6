"""Everything that people read is marked and comes in Spanish too, and the check finds what does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages import Catalog

from scripts import translations

MARKED = "{{ _('One goal') }}"


def test_the_spanish_catalogue_is_complete() -> None:
    assert translations.check() == []


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a small project with one template, one module and a complete catalogue."""
    (tmp_path / "learnpath").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "translations" / "es" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "templates" / "page.html").write_text(f"<h1>{MARKED}</h1>\n")
    (tmp_path / "learnpath" / "words.py").write_text(
        'there = ngettext("%(num)s goal", "%(num)s goals", n)\n'
        'later = _l("%(who)s signed.", who=name)\n'
    )
    _write(
        tmp_path,
        {
            "One goal": "Una meta",
            ("%(num)s goal", "%(num)s goals"): ("una meta", "%(num)s metas"),
            "%(who)s signed.": "%(who)s firmó.",
        },
    )
    return tmp_path


def _po(project: Path) -> Path:
    return project / "translations" / "es" / "LC_MESSAGES" / "messages.po"


def _write(project: Path, words: dict[object, object]) -> None:
    catalogue = Catalog(locale="es", fuzzy=False)
    for message, translated in words.items():
        catalogue.add(message, translated)
    translations.write(_po(project), catalogue)


def _change(project: Path, before: str, after: str) -> None:
    path = _po(project)
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_a_complete_catalogue_passes(project: Path) -> None:
    assert translations.check(project) == []


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('"Una meta"', '""', "missing: 'One goal'"),
        ('msgid "One goal"', '#, fuzzy\nmsgid "One goal"', "doubtful: 'One goal'"),
        ("%(who)s firmó", "%(quien)s firmó", "placeholders differ: '%(who)s signed.'"),
        ("%(who)s firmó", "Alguien firmó", "placeholders differ: '%(who)s signed.'"),
        ('"%(num)s metas"', '"varias metas"', "placeholders differ: '%(num)s goal'"),
        ('"%(num)s metas"', '""', "missing: '%(num)s goal'"),
        ('"Una meta"', '"Una <b>meta"', "tags differ: 'One goal'"),
        ('"One goal"', '"One dream"', "missing: 'One goal'"),
        ('"One goal"', '"One dream"', "not used any more (run merge): 'One dream'"),
    ],
)
def test_a_fault_in_the_catalogue_is_found(
    project: Path, before: str, after: str, fault: str
) -> None:
    _change(project, before, after)
    assert f"translations/es/LC_MESSAGES/messages.po: {fault}" in translations.check(project)


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ("<p>Hello there</p>", ["Hello there"]),
        ("<p>\n\n  Hello\n</p>", ["Hello"]),
        ('<img alt="A path">', ["A path"]),
        ('<a aria-label="Open" href="/x">{{ icon("x") }}</a>', ["Open"]),
        ("{% if x %}Yes, do it{% endif %}", ["Yes, do it"]),
        ("{{ empty('Nothing here yet') }}", ["Nothing here yet"]),
        ("{{ 'Ready' if done else _('Not yet') }}", ["Ready"]),
        (MARKED, []),
        ("{{ empty(_('Nothing here yet'), label=_('Start')) }}", []),
        ("{% trans %}Hello there{% endtrans %}", []),
        ("{% trans n=3 %}A goal{% pluralize %}{{ n }} goals{% endtrans %}", []),
        ("{# A note #}<!-- Another --><script>let word = 'Word';</script>", []),
        ('<p class="Card wide" data-name="Big">· {{ number }} ·</p>', []),
        ('<p lang="es">Hola <b>a<br>todas</b></p>{{ f(None, True) }}', []),
        ('<p lang="es">Hola</p><p>Hello</p>', ["Hello"]),
        ('<p lang="{{ quote.language }}">Hello</p>', ["Hello"]),
        ("<span>Learner Paths</span> {{ tag('card now') }}", []),
    ],
)
def test_text_that_is_not_marked_is_found(template: str, found: list[str]) -> None:
    assert [words for _, words in translations.unmarked(template)] == found


def test_the_line_of_the_text_is_told(project: Path) -> None:
    (project / "templates" / "page.html").write_text(
        f"{{% if\n a %}}\n{MARKED}\n{{% endif %}}\n<p>Here</p>"
    )
    assert "templates/page.html:5: not marked: Here" in translations.check(project)


def test_merging_brings_new_texts_in_and_keeps_what_is_there(project: Path) -> None:
    with (project / "templates" / "page.html").open("a") as page:
        page.write("{{ _('A new text') }}\n")
    translations.merge(project)
    merged = translations.read(_po(project))
    assert merged.get("One goal").string == "Una meta"
    assert merged.get("A new text").string == ""


def test_merging_twice_changes_nothing(project: Path) -> None:
    translations.merge(project)
    once = _po(project).read_bytes()
    translations.merge(project)
    assert _po(project).read_bytes() == once
