"""Every route, method and role: what is answered. A route that isn't in the table fails.

Statuses are of requests without a body: 400 means that the caller got as far as the input. The objects are of
a round of one group on a published draft, visible to its participants; ``hidden`` ones of a working draft.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.template.base import Template
from django.test import Client
from django.test.client import ClientHandler
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.actions.invitations import invite_people
from accounts.actions.missions import invite_colleague
from accounts.models import Affiliation, Group, Invitation, Organisation
from consultations.actions.question_answers import answer_question
from core.files import keep
from core.models import Job
from drafts.models import Provision
from experts.models import Appointment, Call, Decision, Nomination, Selection
from experts.selection_pool import hash_of, pool_of
from roadmap.actions.agendas import add_item
from roadmap.actions.board_reports import make_report
from roadmap.actions.meeting_records import set_decision, set_task
from roadmap.actions.reporting import add_line
from tests.caches import empty_cache
from tests.experts.hosts import make_hosting_call, make_offer, make_slot
from tests.experts.panel_people import make_pool
from tests.experts.reviewing.world import assign, eligible, reviewer_in, scoring_call
from tests.factories import (
    make_call,
    make_comment,
    make_draft,
    make_group,
    make_member_state,
    make_nomination,
    make_question,
    make_round,
    make_user,
)
from tests.roadmap.funded import funding_for
from tests.roadmap.meetings import invite, make_meeting, make_paper
from tests.roadmap.milestones_made import make_milestone
from tests.roadmap.reports import entry_of, make_period, make_resolution

pytestmark = pytest.mark.django_db

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# "participant" is a stranger to the round's group; "member" belongs to it and wrote none of the objects.
ROLES = ("anonymous", "participant", "member", "drafter", "staff", "admin")
# route: one line of statuses (in the order of METHODS) for each role
TABLE: dict[str, list[str]] = json.loads(Path(__file__).with_name("permissions.json").read_text("utf-8"))


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    """Every address pattern of the portal, language prefix included."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, pattern)
        elif isinstance(entry, URLPattern):
            yield pattern


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> dict[str, Any]:
    """People of every role, and one object of each kind for the addresses."""
    settings.MEDIA_ROOT = tmp_path
    settings.ACCOUNT_RATE_LIMITS = False  # what is limited is tested elsewhere
    group = make_group()
    people: dict[str, Any] = {
        "anonymous": AnonymousUser(),
        "participant": make_user("participant"),
        "member": make_user("expert", groups=(group,)),
        "drafter": make_user("drafter"),
        "staff": make_user("staff"),
        "admin": make_user("admin"),
    }
    draft = make_draft(status="published", paragraphs=2)
    earlier = make_draft(guidelines=draft.guidelines, number=0, status="superseded", paragraphs=2)
    round = make_round(draft, groups=(group,), visibility="participants")
    author = make_user("expert", groups=(group,))
    comment = make_comment(round, author, provision_key="para_1", proposed_text="Other words.")
    question = make_question(round, "open")
    answer = answer_question(author=author, question=question, value="Words.")
    file = keep(
        b"plain text\n",
        owner=author,
        name="a.txt",
        purpose="draft_import",
        allowed={"text/plain"},
        max_bytes=100,
        expires_at=timezone.now() + timedelta(days=1),
    )
    job = Job.objects.create(owner=author, kind="nothing")
    organisation = Organisation.objects.create(kind="academia", name="Lab", name_en="Lab")
    affiliation = Affiliation.objects.create(user=author, organisation=organisation)
    invite_people(actor=people["staff"], people="guest@example.org, Guest", group=group)
    provision = Provision.objects.get(draft=draft, key="para_1")
    mission = make_member_state("KEN", contact=make_user("focal_point"))
    place = Affiliation.objects.create(user=author, organisation=mission, confirmed_at=timezone.now())
    colleague = invite_colleague(
        actor=people["staff"],
        organisation=mission,
        email="colleague@example.org",
        name="Colleague",
        position="deputy",
        language="en",
    )
    call = make_call(guidelines=draft.guidelines)
    scored_call, scored = _scoring(people)
    slot = make_slot(make_hosting_call(guidelines=draft.guidelines))
    return {
        "people": people,
        "call": call.pk,
        "nomination": make_nomination(call).uuid,
        "scored_call": scored_call.pk,
        "scored": scored.uuid,
        "candidate": scored.candidate_number,
        "round_id": round.pk,
        "hosting_id": slot.call_id,
        "slot_id": slot.pk,
        "offer": make_offer(slot, author).uuid,
        "slug": draft.guidelines.slug,
        "number": draft.number,
        "against": earlier.number,
        "draft": draft.pk,
        "provision": provision.pk,
        "comment": comment.uuid,
        "question": question.pk,
        "answer": answer.pk,
        "file": file.uuid,
        "job": job.uuid,
        "group": group.slug,
        "person_id": author.pk,
        "grant_id": author.role_grants.get().pk,
        "membership_id": author.memberships.get().pk,
        "organisation_id": organisation.pk,
        "affiliation_id": affiliation.pk,
        "invitation": Invitation.objects.get(group=group).uuid,
        "mission": mission.pk,
        "mission_place": place.pk,
        "colleague": colleague.uuid,
        "milestone": make_milestone(people["staff"], about=round).uuid,
        **funding_for(people["staff"], draft.guidelines),
        **panel_of_a_call(people["staff"]),
        **meeting_for(people["staff"], people["member"]),
        **report_for(people["staff"]),
    }


# Parts of the funding, by their addresses.
FUNDING = {
    "lines/": "cost_line",
    "transactions/": "funding",
    "snapshots/": "snapshot",
    "scenarios/": "scenario",
    "": "funding",
}
# Where screening and scoring are: in a call of their own.
SCREENING = tuple(
    f"en/calls/<int:call_id>/{part}/"
    for part in ("nominations", "board", "reviewers", "conflicts", "assignments", "scoring")
)


def _scoring(people: dict[str, Any]) -> tuple[Call, Nomination]:
    """A call in scoring; the member is its reviewer and has one nomination to score."""
    call = scoring_call()
    (nomination,) = eligible(call, people["staff"])
    assign(people["staff"], nomination, reviewer_in(call, people["staff"], people["member"]))
    return call, nomination


def panel_of_a_call(staff: Any) -> dict[str, Any]:
    """A call with a computed panel, its decision and a place that was offered."""
    call, people = make_pool(2)
    asked = {"seats": 1, "quotas": [], "per_country": None, "include": {}, "exclude": {}, "seed": 1}
    pool = pool_of(call, staff)
    outcome = {"solution": {"selected": [str(people[0].uuid)], "merit": "90.00", "bound": "90.00"}}
    selection = Selection.objects.create(
        call=call,
        problem=asked,
        pool=pool,
        pool_sha256=hash_of(pool),
        status="optimal",
        outcome=outcome,
        created_by=staff,
    )
    Decision.objects.create(call=call, selection=selection, decided_by=staff)
    place = Appointment.objects.create(
        nomination=people[0],
        group=Group.objects.get(slug="expert-working-group"),
        token_sha256="0" * 64,
        offered_by=staff,
        expires_at=timezone.now() + timedelta(days=1),
    )
    return {"panel_call": call.pk, "selection": selection.uuid, "place": place.uuid}


def meeting_for(staff: Any, member: Any) -> dict[str, Any]:
    """A meeting that begins soon, which everybody may know of; the member is invited and has a task."""
    soon = timezone.now() + timedelta(minutes=30)
    meeting = make_meeting(staff, starts_at=soon, ends_at=soon + timedelta(hours=1))
    (guest,) = invite(staff, meeting, member)
    paper = make_paper(staff, meeting)
    return {
        "meeting": meeting.uuid,
        "guest": guest.uuid,
        "agenda_item": add_item(actor=staff, meeting=meeting, titles={"en": "Point"}).pk,
        "meeting_paper": paper.pk,
        "meeting_paper_uuid": paper.uuid,
        "meeting_decision": set_decision(actor=staff, meeting=meeting, wording={"en": "Agreed."}).pk,
        "meeting_task": set_task(actor=staff, meeting=meeting, title="Write", owner=member).uuid,
    }


def report_for(staff: Any) -> dict[str, Any]:
    """A resolution that is reported on in a period that is open; a report of it that isn't issued."""
    resolution = make_resolution(staff)
    period = make_period(staff)
    entry = entry_of(period, resolution)
    return {
        "resolution": resolution.uuid,
        "period": period.code,
        "entry": entry.uuid,
        "line": add_line(actor=staff, entry=entry, kind="done", words={"en": "Done."}).uuid,
        "report": make_report(actor=staff, period=period, as_of=period.starts).uuid,
    }


def address(pattern: str, world: dict[str, Any]) -> str:
    """The pattern with the world's objects in it."""
    path = pattern.replace("\\Z", "").replace("$", "").replace("/^", "/")
    path = path.replace("calls/<int:call_id>/panel/", f"calls/{world['panel_call']}/panel/")
    for page in ("offer/", "hosting/"):
        path = path.replace(f"calls/<int:call_id>/{page}", f"calls/{world['hosting_id']}/{page}")
    path = path.replace("<int:slot_id>", str(world["slot_id"])).replace(
        "offers/<uuid:uuid>", f"offers/{world['offer']}"
    )
    path = path.replace("roadmap/milestones.<str:form>", "roadmap/milestones.csv")
    path = path.replace("<slug:table>.<str:form>", "lines.csv").replace(
        "<uuid:line>", str(world["cost_line"])
    )
    path = path.replace("<int:rate_id>", str(world["rate"]))
    for part, key in FUNDING.items():
        for name in ("<uuid:uuid>", "(?P<id>[0-9a-fA-F-]{36})"):
            path = path.replace(f"funding/{part}{name}", f"funding/{part}{world[key]}")
    path = path.replace("roadmap/<uuid:uuid>", f"roadmap/{world['milestone']}")
    path = path.replace("milestones/(?P<id>[0-9a-fA-F-]{36})", f"milestones/{world['milestone']}")
    path = path.replace("meetings/tasks/<uuid:uuid>", f"meetings/tasks/{world['meeting_task']}")
    for name in ("<uuid:uuid>", "(?P<id>[0-9a-f-]{36})"):
        path = path.replace(f"meetings/{name}", f"meetings/{world['meeting']}")
    path = path.replace("meetings/(?P<meeting>[0-9a-f-]{36})", f"meetings/{world['meeting']}")
    for part, key in (
        *(("agenda", "agenda_item"), ("papers", "meeting_paper_uuid"), ("invitations", "guest")),
        *(("decisions", "meeting_decision"), ("tasks", "meeting_task")),
    ):
        for name in (r"(?P<id>[0-9a-f-]{36})", r"(?P<id>\d{1,15})"):
            path = path.replace(
                f"{world['meeting']}/{part}/{name}", f"{world['meeting']}/{part}/{world[key]}"
            )
    path = path.replace("<str:code>", world["period"])
    for part, key in (("entries/", "entry"), ("lines/", "line"), ("reports/", "report"), ("", "resolution")):
        path = path.replace(f"resolutions/{part}<uuid:uuid>", f"resolutions/{part}{world[key]}")
    path = path.replace(f"{world['report']}/<str:language>/<str:form>", f"{world['report']}/en/html")
    path = path.replace("resolutions/(?P<id>[0-9a-fA-F-]{36})", f"resolutions/{world['resolution']}")
    path = path.replace("<uuid:guest>", str(world["guest"])).replace(
        "<uuid:task>", str(world["meeting_task"])
    )
    for name, key in (("item", "agenda_item"), ("paper", "meeting_paper"), ("decision", "meeting_decision")):
        path = path.replace(f"<int:{name}_id>", str(world[key]))
    names = {
        "<slug:slug>": world["slug"],
        "(?P<slug>[^/.]+)": world["slug"],
        "<int:number>": world["number"],
        "<int:against>": world["against"],
        "<int:round_id>": world["round_id"],
        "<int:call_id>": world["call"],
        "<int:question_id>": world["question"],
        "<int:answer_id>": world["answer"],
        "<own_act:act>": "withdraw",
        "<slug:key>": "chp_1" if "guidelines/" in path or "/quotes/" in path else "para_1",
        "<str:mail_id>": "20260101-x",
        "translate/<str:language>": "translate/fr",  # the drafts are written in English
        "<str:language>": "en",
        "<str:form>": "json",
        "(?P<language>[a-z-]{2,10})": "en",
        "(?P<form>[a-z]{3,5})": "json",
        "<key>": "abc",
        "<str:token>": "abc",
        "<int:pk>": "1",
        "<int:version>": "1",
        "<slug:provider_id>": "nowhere",
        "(?P<key>[-:\\w]+)": "abc",
        "(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)": "1-abc",
    }
    names["<int:reviewer_id>"] = names["<int:conflict_id>"] = "999999"
    names["<int:rule_id>"] = names["<int:hold_id>"] = names["<int:message_id>"] = "999999"
    names |= {"<slug:code>": "round_input", "<slug:part>": "whole"}
    if path.startswith(SCREENING):
        names |= {"<int:call_id>": world["scored_call"], "<uuid:uuid>": world["scored"]}
        names["<int:number>"] = world["candidate"]
    names["<slug:group>"] = world["group"]
    path = path.replace("groups/<slug:slug>", f"groups/{world['group']}")
    path = path.replace(
        "<int:organisation_id>/invitations/<uuid:uuid>",
        f"{world['mission']}/invitations/{world['colleague']}",
    )
    for part in ("invite/", "hand-over/"):
        path = path.replace(f"<int:organisation_id>/{part}", f"{world['mission']}/{part}")
    path = path.replace(
        "account/affiliations/<int:affiliation_id>/position/",
        f"account/affiliations/{world['mission_place']}/position/",
    )
    names["<uuid:evidence>"] = world["file"]
    names["calls/(?P<call>\\d{1,15})/offers"] = f"calls/{world['hosting_id']}/offers"
    names["calls/(?P<call>\\d{1,15})"] = f"calls/{world['call']}"
    for name in ("person_id", "grant_id", "membership_id", "organisation_id", "affiliation_id"):
        names[f"<int:{name}>"] = world[name]
    for name, value in names.items():
        path = path.replace(name, str(value))
    numbered = (
        *(("drafts/", "draft"), ("rounds/", "round_id")),
        *(("provisions/", "provision"), ("questions/", "question"), ("calls/", "call")),
    )
    for part, value in numbered:
        path = path.replace(f"{part}(?P<pk>\\d{{1,15}})", f"{part}{world[value]}")
    by_uuid = (
        ("comments/", "comment"),
        ("jobs/", "job"),
        ("nominations/", "nomination"),
        ("offers/", "offer"),
    )
    for part, value in by_uuid:
        for regex in ("(?P<id>[0-9a-fA-F-]{36})", "(?P<id>[0-9a-f-]{36})", "<uuid:id>", "<uuid:uuid>"):
            path = path.replace(f"{part}{regex}", f"{part}{world[value]}")
    path = path.replace("calls/(?P<call_id>\\d{1,15})", f"calls/{world['panel_call']}")
    path = path.replace("panel/invited/<uuid:uuid>", f"panel/invited/{world['place']}")
    path = path.replace("panel/<uuid:uuid>", f"panel/{world['selection']}")
    path = path.replace("invitations/<uuid:uuid>", f"invitations/{world['invitation']}")
    path = path.replace("files/<uuid:uuid>", f"files/{world['file']}")
    return "/" + path.replace("<uuid:uuid>", str(world["file"]))


# Ten thousand requests: the middleware is loaded once for all of them.
HANDLER = ClientHandler(enforce_csrf_checks=False)


def answers(pattern: str, world: dict[str, Any]) -> dict[str, str]:
    """Per role the statuses of GET, POST, PUT, PATCH, DELETE as one line."""
    path = address(pattern, world)
    found = {}
    for role in ROLES:
        person = world["people"][role]
        statuses = []
        for method in METHODS:
            client = Client(raise_request_exception=False)
            client.handler = HANDLER
            if person.is_authenticated:
                client.force_login(person)
            response = client.generic(method, path, b"", content_type="application/json")
            statuses.append(str(response.status_code))
        found[role] = " ".join(statuses)
    return found


def test_every_route_is_in_the_table() -> None:
    assert sorted(set(routes())) == sorted(TABLE)


SHARES = 12


@pytest.mark.parametrize("share", range(SHARES))
def test_what_each_role_is_answered(
    share: int, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The world is made once for a share of the routes; what asking one of them changes is undone before the next.

    Pages are answered but not written out, which would take most of the time: they are read in tests/browser/pages.
    """
    monkeypatch.setattr(Template, "render", lambda _template, _context: "")
    found, wanted = {}, {}
    for pattern in sorted(TABLE)[share::SHARES]:
        empty_cache()
        with transaction.atomic():
            found[pattern] = answers(pattern, world)
            transaction.set_rollback(True)
        wanted[pattern] = dict(zip(ROLES, TABLE[pattern], strict=True))
    assert found == wanted
