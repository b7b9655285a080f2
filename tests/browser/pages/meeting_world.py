"""Meetings of the world of pages: in preparation, about to begin, told of, and cancelled."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Group
from roadmap.actions.agendas import add_item
from roadmap.actions.attendance import note_attendance
from roadmap.actions.meeting_records import set_decision, set_task, write_record
from roadmap.actions.meetings import cancel_meeting, hold_meeting, publish_summary
from tests.browser.pages.world_names import DAY, LONG, World
from tests.factories import make_draft, make_user
from tests.roadmap.meetings import invite, make_meeting, make_paper, put_in_the_past


def add_meetings(world: World) -> None:
    staff, me = world.people["staff"], world.people["member"]
    assert staff and me
    soon = timezone.now() + timedelta(minutes=30)
    plan = {
        "mode": "hybrid",
        "place": LONG,
        "titles": {"en": f"Meeting {LONG}", "ar": "اجتماع الفريق العامل"},
    }
    group = Group.objects.get(slug=world.names["group"])
    about = make_draft(status="published", paragraphs=1)
    meeting = make_meeting(staff, groups=(group,), starts_at=soon, ends_at=soon + timedelta(hours=2), **plan)
    guest = meeting.invitations.filter(person=me).first() or invite(staff, meeting, me)[0]
    invite(staff, meeting, make_user("expert", name=LONG[:60]))
    item = add_item(
        actor=staff,
        meeting=meeting,
        titles={"en": f"Point {LONG}"},
        minutes=30,
        pillar=3,
        draft=about,
        provision_key="para_1",
        speakers=[(me, 20)],
    )
    paper = make_paper(staff, meeting, f"Paper {LONG}", item=item)
    make_paper(staff, meeting, "Under embargo", embargo_until=timezone.now() + DAY)
    decision = set_decision(actor=staff, meeting=meeting, wording={"en": f"Agreed on {LONG}."}, item=item)
    overdue = timezone.localdate() - DAY
    task = set_task(actor=staff, meeting=meeting, title=f"Write {LONG}", owner=me, due_on=overdue)
    held = make_meeting(staff, groups=(group,))
    put_in_the_past(held)
    rows = list(held.invitations.all()) or invite(staff, held, me)
    note_attendance(actor=staff, meeting=held, states={row.pk: "online" for row in rows})
    set_decision(actor=staff, meeting=held, wording={"en": "- One\n- Two"})
    write_record(actor=staff, meeting=held, summary={"en": f"## {LONG}\n\nIn short."}, notes={"en": LONG})
    hold_meeting(actor=staff, meeting=held)
    publish_summary(actor=staff, meeting=held)
    cancelled = cancel_meeting(actor=staff, meeting=make_meeting(staff), note=LONG)
    prepared = make_meeting(staff, announced=False, groups=(group,), public=False)
    world.names |= {
        "meeting": meeting.uuid,
        "meeting_held": held.uuid,
        "meeting_cancelled": cancelled.uuid,
        "meeting_prepared": prepared.uuid,
        "meeting_item": item.pk,
        "meeting_paper": paper.pk,
        "meeting_decision": decision.pk,
        "meeting_task": task.uuid,
        "guest": guest.uuid,
    }
