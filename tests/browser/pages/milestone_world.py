"""Milestones of the world of pages: done late, planned, following a round, dropped, unseen."""

from consultations.models import Round
from roadmap.actions.milestones import change_milestone
from tests.browser.pages.world_names import LONG, World
from tests.roadmap.milestones_made import make_milestone, on


def add_milestones(world: World) -> None:
    staff = world.people["staff"]
    assert staff
    held = {"tentative": on("2024-02"), "actual": on("2024-04-17", "2024-04-18"), "reason": LONG}
    first = make_milestone(staff, "First meeting", descriptions={"en": LONG}, **held)
    late = make_milestone(staff, f"Draft {LONG}"[:200], tentative=on("2031-02"), depends_on=[first])
    change_milestone(actor=staff, milestone=late, forecast=on("2031-08"), reason=LONG)
    make_milestone(staff, "Last", tentative=on("2031-03", "2031-05"), depends_on=[late])
    make_milestone(staff, "Consultation", about=Round.objects.first(), depends_on=[first])
    make_milestone(staff, "Given up", state="dropped", reason=LONG)
    hidden = make_milestone(staff, "Unseen", public=False)
    # The forecast of what others wait for is the one to change.
    world.names |= {"milestone": late.uuid, "milestone_late": first.uuid, "milestone_hidden": hidden.uuid}
