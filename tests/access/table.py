"""Who may do what, written by hand from the design and not read from ``access.RULES``: the two must agree."""

from __future__ import annotations

from learnpath.web.rules import Rule
from tests.living import EVERYBODY, House
from tests.routes import Route
from tests.world import Case

LEARNER, TEACHER, FAMILY = "learner", "teacher", "family"
# Permission -> who has it on a thing of "learner". "family*": only on what is shared with the family.
MAY: dict[str, tuple[str, ...]] = {
    "read_profile": (LEARNER, TEACHER, FAMILY),
    "write_profile": (LEARNER,),
    "read_inventory": (LEARNER, TEACHER),
    "suggest_profile": (TEACHER, FAMILY),
    "acknowledge_profile": (TEACHER, FAMILY),
    "try_tip": (LEARNER, TEACHER),
    "note_profile": (TEACHER,),
    "carry_profile": (TEACHER,),
    "read_invited": ("classmate",),  # the world's learner invited this one
    "read_goals": (LEARNER, TEACHER, FAMILY),
    "read_goal": (LEARNER, TEACHER, "family*"),
    "start_goal": (LEARNER,),
    "write_goal": (LEARNER,),
    "answer_goal": (TEACHER,),
    "comment_goal": (LEARNER, TEACHER, "family*"),
    "suggest_goal": (TEACHER, "family*"),
    "offer_goal": (TEACHER,),
    "sign_goal": (LEARNER, TEACHER),
    "check_in": (LEARNER, TEACHER),
    "read_outcomes": (LEARNER, TEACHER, FAMILY),
    "share_outcomes": (LEARNER,),
    "state_need": (LEARNER,),
    "record_outcome": (TEACHER,),
    "read_conferences": (LEARNER, TEACHER, FAMILY),
    "read_conference": (LEARNER, TEACHER),
    "plan_conference": (TEACHER,),
    "prepare_conference": (LEARNER,),
    "answer_conference": (TEACHER,),
    "present_conference": (LEARNER, TEACHER),
    "approve_summary": (LEARNER,),
    "share_summary": (TEACHER,),
    "read_summary": (LEARNER, TEACHER, "family*"),
    "give_feedback": ("family*",),
    "pass_feedback_on": (TEACHER,),
    "read_feedback": (LEARNER, TEACHER),
    "look_back": (LEARNER, TEACHER),
    "read_position": (LEARNER, TEACHER),
    "mark_position": (LEARNER, TEACHER),
    "read_shared_position": (LEARNER, TEACHER, FAMILY),
    "share_position": (LEARNER, TEACHER),
    "observe": (LEARNER, TEACHER, FAMILY),
    "look_back_at_practice": (TEACHER,),  # the world's reflection is the teacher's own
    "read_learner": (TEACHER,),
    "choose_time": (FAMILY,),
    "see_school": ("leader",),
    "run_class": (TEACHER,),
    "administer": ("administrator",),
    "export_record": (LEARNER, TEACHER),
}
HATS = {
    "learner": ("learner", "classmate", "foreign_learner"),
    "teacher": ("teacher", "other_teacher", "foreign_teacher"),
    "family": ("family", "other_family", "foreign_family"),
    "leader": ("leader", "foreign_leader"),
    "administrator": ("administrator", "foreign_administrator"),
}
# Public addresses that lead to a family's summary: without the link's own key they lead nowhere.
BY_LINK = ("/family/", "/f/")
# The page with the button says nothing of the link, whatever link it is: only pressing asks it.
BUTTON_PAGES = ("conferences.link_page",)
# Shown in a demo only.
FOR_DEMOS = ("/components",)
# There only where the settings name an issuer, which tests/sign_on has.
WITH_ISSUERS = ("/sign-on/",)
TRIED = (
    "nobody", "learner", "classmate", "teacher", "other_teacher", "family", "other_family", "leader",
    "administrator", "foreign_learner", "foreign_teacher", "foreign_administrator",
)  # fmt: skip
# Who is near enough for the state of a thing to matter: they are tried with each of its cases.
NEAR = ("learner", "teacher", "family")


def rule_of(house: House, route: Route) -> Rule:
    """Return what the route declares."""
    rule: Rule = house.app.view_functions[route.endpoint].rule
    return rule


def allowed(house: House, route: Route, case: Case) -> set[str]:
    """Return who may use the route on a thing of "learner", by the hand-written table."""
    rule = rule_of(house, route)
    if rule.public:
        closed = (
            route.path.startswith((*BY_LINK, *FOR_DEMOS, *WITH_ISSUERS))
            and route.endpoint not in BUTTON_PAGES
        )
        return set() if closed else set(EVERYBODY)
    if rule.can is None:
        hats = [str(hat) for hat in rule.hats] or list(HATS)
        return {name for hat in hats for name in HATS[hat]}
    assert str(rule.can) in MAY, f"tests/access/table.py does not say who has {rule.can}"
    who = MAY[str(rule.can)]
    return {
        name.rstrip("*")
        for name in who
        if not name.endswith("*")
        or (case.shared and route.id_name in {"evidence_id", "goal_id", "summary_id"})
    }
