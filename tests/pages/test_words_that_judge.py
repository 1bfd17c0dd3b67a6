"""No text of the app judges, ranks or counts somebody, in either language, wherever it may be shown.

All texts are read, those for teachers and leaders too: what a teacher reads is soon said to a learner.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
JUDGING = {
    "en": re.compile(
        r"\b(fail(s|ed|ing|ures?)?|behind|overdue|late|missed|missing|streaks?|points?|rank(s|ed|ings?)?"
        r"|scores?|scored|leaderboards?|badges?|below (average|grade)|at[- ]risk|weak(ness|nesses)?"
        r"|deficits?|low[- ]perform\w+|struggl\w+|lazy|visual learners?|learning styles?|gifted"
        r"|slow learners?|lag(s|ging)?|winners?|losers?|worst)\b",
        re.IGNORECASE,
    ),
    "es": re.compile(
        r"\b(fracas\w*|fall(ó|aste|aron|ado|ida|o)|atras(o|os|ad\w+)|retras(o|os|ad\w+)|vencid\w*"
        r"|tarde|tardí\w+|rachas?|puntos?|puntaj\w+|puntuaci\w+|rankings?|clasificaci\w+|insignias?"
        r"|rezag\w+|reprob\w+|suspens\w+|perdiste|deficien\w+|debilidad\w*|en riesgo|flojo"
        r"|estilos? de aprendizaje|bajo rendimiento|superdotad\w+|peor|ganador\w*|perdedor\w*)\b",
        re.IGNORECASE,
    ),
}
# Where such a word judges nobody. Each is named with what stands around it, so that no other use slips by.
HARMLESS_WORDS = (
    # It says that there is none of it.
    "nobody gives points", "nadie da puntos", "nobody is ranked",
    "no score and no grade", "ni un puntaje, ni una nota",
    # A place on the way, in a number, on a line; to show with a finger.
    "a check point sooner", "un punto más cercano", "the starting point", "el punto de partida",
    "after the point", "después del punto", "ya pasaste ese punto", "line points to", "^point the camera",
    "people to believe my point", "is the point, not",
    # A kind of measure that a learner may choose for a goal of their own, and its example.
    "^a score$", "^un puntaje$", "^my score$", "^score$",
    "only for a score. for example 20, when there are 20 points",
    "solo para un puntaje. por ejemplo 20, si hay 20 puntos",
    # The time of day.
    "miren el resumen juntos, o más tarde",
    # What a school keeps, and what practice that is driven by the teacher looks at.
    "^scores and days at school", "looks at scores", "looks at test scores", "monthly scores",
    "is scores only", "from scores", "such as scores", "beside scores", "weekly scores",
    # What other systems call their columns, and how numbers and cells are told apart.
    "^composite score$", "^overall scale score$", r"^reading fluency \(orf\) - score$",
    "^with a point: 4.5$", "^con punto: 4.5$", "^un punto y coma$",
    # A learner of the invented school says what is good about somebody.
    "i have good points",
)  # fmt: skip
HARMLESS = re.compile("|".join(HARMLESS_WORDS), re.IGNORECASE)


def catalogue() -> Iterator[tuple[str, str, str]]:
    """Return every text of the catalogue in both languages, with its language and where it is."""
    path = ROOT / "translations" / "es" / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale="es") if message.id]
    for message in messages:
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            yield "en", "catalogue", text
        for said in message.string if isinstance(message.string, tuple) else (message.string,):
            yield "es", "catalogue", str(said)


def data_files() -> Iterator[tuple[str, str, str]]:
    """Return every text of every data file. A text is tried in both languages: files mix them."""
    for path in sorted((ROOT / "learnpath").rglob("*.*")):
        if path.suffix in {".json", ".yaml", ".yml"}:
            for where, text in _texts(yaml.safe_load(path.read_text(encoding="utf-8")), ""):
                yield from ((language, f"{path.name}{where}", text) for language in JUDGING)


def _texts(found: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(found, dict):
        for key, inner in found.items():
            yield from _texts(inner, f"{where}/{key}")
    elif isinstance(found, list):
        for number, inner in enumerate(found):
            yield from _texts(inner, f"{where}/{number}")
    elif isinstance(found, str):
        yield where, found


def judging(texts: Iterator[tuple[str, str, str]]) -> list[str]:
    """Return the texts that judge."""
    return [
        f"{where}: {found[0]!r} in {text!r}"
        for language, where, text in texts
        if (found := JUDGING[language].search(HARMLESS.sub(" ", text)))
    ]


def test_no_text_of_the_catalogue_judges() -> None:
    assert len(list(catalogue())) > 1500
    assert judging(catalogue()) == []


def test_no_text_of_a_data_file_judges() -> None:
    assert len(list(data_files())) > 500
    assert judging(data_files()) == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "You missed a check-in."), ("en", "Two check-ins are overdue"), ("en", "A 5-week streak!"),
        ("en", "She is behind. Nobody gives points for this."), ("en", "Your score is 12"),
        ("es", "Vas atrasado"), ("es", "Llegaste tarde"), ("es", "Racha de 5 semanas"),
        ("es", "Tu puntaje es 12"), ("es", "La fecha está vencida"), ("es", "Esta meta fracasó"),
    ],
)  # fmt: skip
def test_a_text_that_judges_is_found(language: str, text: str) -> None:
    assert judging(iter([(language, "here", text)]))


def test_every_word_that_may_stand_still_stands_somewhere() -> None:
    """An exception that nothing needs any more would let another text slip by."""
    everything = [text for _language, _where, text in (*catalogue(), *data_files())]
    unused = [
        one
        for one in HARMLESS_WORDS
        if not any(re.search(one, text, re.IGNORECASE) for text in everything)
    ]
    assert unused == []
