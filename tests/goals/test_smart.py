"""The coach asks where there is something to ask, in both languages, and is silent where there is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from learnpath.goals.smart import RULES, WORDS_FILE, GoalDraft, hints, letters, pace, plain
from learnpath.goals.trend import Direction, Measure, OwnRate

GOOD = GoalDraft(
    what="Know my multiplication facts",
    measure=Measure.COUNT,
    baseline=24,
    target=42,
    confidence="with_work",
    weeks=9,
    actions=("Practise 6 hard ones after lunch",),
    plan="If I get tired, I do three.",
)


def asked(draft: GoalDraft) -> set[str]:
    return {hint.key for hint in hints(draft)}


def asked_about(what: str) -> set[str]:
    return asked(GoalDraft(what=what))


# For each rule about words: what makes it ask, and what does not, in English and in Spanish.
WORDS: dict[str, tuple[list[str], list[str]]] = {
    "vague": (
        [
            "Get better at reading", "I want to be good at math", "Try harder in class",
            "Do my best", "improve my writing", "Read MORE",
            "Leer mejor", "Quiero ser bueno en matemáticas", "Mejorar mi letra",
            "Leer más", "Echarle ganas", "intentar participar",
        ],
        [
            "Read 20 more pages", "Raise my hand three times a week", "Know my facts by heart",
            "Leer 20 páginas más", "Levantar la mano tres veces", "Saber las tablas de memoria",
            "Read every day, better each week", "",
        ],
    ),
    "two": (
        [
            "Read 20 minutes and write a page and do math", "Read 75 words and I want to spell",
            "Finish my homework and stop talking in class",
            "Leer 20 minutos y escribir una hoja y hacer cuentas", "Leer bien y quiero escribir",
            "Terminar la tarea y también ayudar",
        ],
        [
            "Read 75 words and sound out big words in parts", "Know my facts", "Work on sand art",
            "Leer con ritmo y expresión", "Saber las tablas", "Hacer yoga",
        ],
    ),
    "up_to_others": (
        [
            "Make the team", "Get an A in science", "Win the race", "Be chosen for the play",
            "Entrar al equipo", "Sacar un 10 en ciencias", "Ganar la carrera", "Que me elijan",
        ],
        [
            "Practise free throws", "Draw a window", "Hand in 9 of 10 tasks on time",
            "Practicar tiros libres", "Entregar 9 de 10 tareas a tiempo",
        ],
    ),
    "compares": (
        [
            "Beat Sam at chess", "Read faster than my brother", "Have more points than the others",
            "Ganarle a Sam en ajedrez", "Leer más rápido que mi hermano", "Saber más que los demás",
        ],
        [
            "Beat my best time", "Read more than 20 pages", "Write longer than last week",
            "Do better than before", "Jump farther than I did", "Beat the clock",
            "Superar mi marca", "Leer más que 20 páginas", "Leer más rápido que antes",
            "Llegar más lejos que la semana pasada",
        ],
    ),
    "avoids": (
        [
            "Stop talking in class", "Not fight at recess", "Don’t forget my book",
            "Dejar de hablar en clase", "No pelear en el recreo",
        ],
        [
            "Listen until my friend is done", "Notice one good thing", "Know the nots and bolts",
            "Escuchar hasta el final", "Anotar mi tarea",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "what"), [(rule, what) for rule, (fires, _) in WORDS.items() for what in fires]
)
def test_these_words_make_the_coach_ask(rule: str, what: str) -> None:
    assert rule in asked_about(what)


@pytest.mark.parametrize(
    ("rule", "what"), [(rule, what) for rule, (_, silent) in WORDS.items() for what in silent]
)
def test_these_words_do_not(rule: str, what: str) -> None:
    assert rule not in asked_about(what)


def test_a_measure_answers_the_vague_word() -> None:
    assert "vague" in asked(GoalDraft(what="Get better at reading"))
    assert "vague" not in asked(GoalDraft(what="Get better at reading", measure=Measure.MINUTES))


def test_an_action_answers_what_to_do_instead() -> None:
    assert "avoids" not in asked(
        GoalDraft(what="Stop calling out", actions=("Write it down first",))
    )


OWN = OwnRate(a_week=1.0, sd=1.0)
DOWN = replace(GOOD, direction=Direction.DECREASE, baseline=8, target=2)
KEEP = replace(GOOD, direction=Direction.MAINTAIN, baseline=None, target=60, low=60, high=75)
YES = replace(GOOD, measure=Measure.YES_NO, baseline=None, target=8)

# For each rule about numbers: a draft that makes it ask, and drafts that do not.
NUMBERS: dict[str, tuple[list[GoalDraft], list[GoalDraft]]] = {
    "no_baseline": (
        [replace(GOOD, baseline=None), GoalDraft(target=5.0)],
        [GOOD, GoalDraft(), KEEP, YES, replace(GOOD, baseline=0)],
    ),
    "same": ([replace(GOOD, target=24)], [GOOD, KEEP, YES, DOWN]),
    "other_way": (
        [replace(GOOD, target=20), replace(DOWN, target=9)],
        [GOOD, DOWN, KEEP, YES, replace(GOOD, target=24)],
    ),
    "over_band": (
        [replace(GOOD, usual_high=10), replace(DOWN, usual_high=4)],
        [GOOD, replace(GOOD, usual_high=18), replace(DOWN, usual_high=6)],
    ),
    "under_band": (
        [replace(GOOD, usual_low=20)],
        [GOOD, replace(GOOD, usual_low=18), replace(GOOD, usual_low=20, target=24)],
    ),
    "beyond_scale": (
        [replace(GOOD, highest=40), replace(GOOD, measure=Measure.PERCENT, target=110)],
        [GOOD, replace(GOOD, highest=42), replace(GOOD, measure=Measure.PERCENT)],
    ),
    "already": ([replace(GOOD, confidence="already")], [GOOD, replace(GOOD, confidence="")]),
    "not_sure": ([replace(GOOD, confidence="not_sure")], [GOOD, replace(GOOD, confidence="")]),
    "pace_gentle": (
        [replace(GOOD, own_rate=OwnRate(4, 1)), replace(DOWN, own_rate=OwnRate(-1, 1))],
        [GOOD, replace(GOOD, own_rate=OwnRate(2, 1)), replace(GOOD, own_rate=OwnRate(-2, 1))],
    ),
    "pace_about": (
        [replace(GOOD, own_rate=OwnRate(2, 1)), replace(GOOD, own_rate=OwnRate(1.5, 1))],
        [GOOD, replace(GOOD, own_rate=OwnRate(4, 1)), replace(GOOD, own_rate=OwnRate(1, 1))],
    ),
    "pace_ambitious": (
        [replace(GOOD, own_rate=OwnRate(1.25, 1))],
        [GOOD, replace(GOOD, own_rate=OwnRate(2, 1)), replace(GOOD, own_rate=OwnRate(1, 1))],
    ),
    "pace_steep": (
        [replace(GOOD, own_rate=OWN), replace(DOWN, own_rate=OwnRate(-0.2, 1))],
        [GOOD, replace(GOOD, own_rate=OwnRate(1.25, 1)), replace(GOOD, own_rate=OWN, weeks=None)],
    ),
    "small": (
        [replace(GOOD, up_and_down=9.5)],
        [GOOD, replace(GOOD, up_and_down=9), replace(GOOD, target=24, up_and_down=9.5)],
    ),
    "short": (
        [replace(GOOD, weeks=5)], [GOOD, replace(GOOD, weeks=6), replace(GOOD, weeks=None)],
    ),
    "far": ([replace(GOOD, weeks=13)], [GOOD, replace(GOOD, weeks=12)]),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "draft"), [(rule, draft) for rule, (fires, _) in NUMBERS.items() for draft in fires]
)
def test_these_numbers_make_the_coach_ask(rule: str, draft: GoalDraft) -> None:
    assert rule in asked(draft)


@pytest.mark.parametrize(
    ("rule", "draft"), [(rule, draft) for rule, (_, silent) in NUMBERS.items() for draft in silent]
)
def test_these_numbers_do_not(rule: str, draft: GoalDraft) -> None:
    assert rule not in asked(draft)


def test_every_rule_has_its_examples() -> None:
    assert {rule.key for rule in RULES} == WORDS.keys() | NUMBERS.keys()


def test_a_good_goal_is_left_in_peace() -> None:
    assert hints(GOOD) == []


def test_hints_can_be_asked_for_one_part_only() -> None:
    draft = replace(GOOD, what="Get better and beat Sam", measure=None, baseline=None, weeks=20)
    assert {hint.part for hint in hints(draft)} == {"what", "now", "when"}
    assert {hint.part for hint in hints(draft, "when")} == {"when"}


def test_every_hint_is_one_question() -> None:
    for rule in RULES:
        assert str(rule.text).count("?") == 1, rule.key


def test_a_big_jump_can_be_kept_or_stepped() -> None:
    (hint,) = [hint for hint in hints(replace(GOOD, usual_high=10)) if hint.key == "over_band"]
    assert [choice.key for choice in hint.choices] == ["keep", "step"]


def test_the_pace_needs_time_ahead_and_an_own_pace_in_the_same_direction() -> None:
    assert pace(replace(GOOD, own_rate=OWN)) == pytest.approx(2)
    assert pace(GOOD) is None
    assert pace(replace(GOOD, own_rate=OWN, weeks=0)) is None
    assert pace(replace(GOOD, own_rate=OwnRate(-1, 1))) is None


# -- the letters ------------------------------------------------------------------------------------------


def here(draft: GoalDraft) -> str:
    return "".join(letter.letter for letter in letters(draft) if letter.here)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (GoalDraft(), ""),
        (GOOD, "SMART"),
        (GoalDraft(what="Get better at reading"), ""),
        (GoalDraft(what="Know my facts"), "S"),
        (replace(GOOD, baseline=None), "SART"),
        (replace(GOOD, confidence="already"), "SMAT"),
        (replace(GOOD, confidence="not_sure"), "SMRT"),
        (replace(GOOD, target=24), "SMAT"),
        (replace(GOOD, weeks=None), "SMAR"),
        (KEEP, "SMART"),
        (YES, "SMART"),
    ],
)
def test_the_letters_that_are_here(draft: GoalDraft, expected: str) -> None:
    assert here(draft) == expected


def test_a_letter_says_here_or_lets_add() -> None:
    assert [str(letter.word) for letter in letters(GoalDraft(what="Know my facts"))][:2] == [
        "Here", "Let's add",
    ]  # fmt: skip


# -- the words --------------------------------------------------------------------------------------------


def test_both_languages_have_the_same_lists_in_plain_letters() -> None:
    lists = json.loads(WORDS_FILE.read_text(encoding="utf-8"))
    assert lists["en"].keys() == lists["es"].keys()
    for language in ("en", "es"):
        for kind, words in lists[language].items():
            assert len(set(words)) == len(words), (language, kind)
            for word in words:
                assert plain(word) == f" {word} ", (language, kind, word)


def test_accents_capitals_and_signs_do_not_matter() -> None:
    assert plain("¡MÁS rápido, don't!") == " mas rapido dont "
