"""Calls, nominations, reviews and offers of the world of pages."""

from django.utils import timezone

from accounts.models import Country, User
from drafts.models import Draft
from experts.actions.announcing import reopen_for_country
from experts.actions.host_agreement import set_agreement_step
from experts.actions.hosting_slots import record_outcome
from experts.actions.linking import token_of as nominee_token_of
from experts.actions.nominating import nominate
from experts.actions.weighing_offers import announce_hosts, decide_offer, score_offer
from experts.models import Call, CallPaper, CallQuestion, NomineeLink
from tests.browser.pages.world_names import DAY, LONG, World
from tests.experts.hosts import close, make_hosting_call, make_offer, make_slot
from tests.experts.reviewing.world import assign, bar, eligible, reviewer_in, scoring_call, submit
from tests.factories import make_call, make_nomination


def add_calls(world: World, draft: Draft) -> None:
    now, about = timezone.now(), {"guidelines": draft.guidelines, "zone": "Europe/Paris"}
    open_call = make_call(
        title=f"Experts wanted: {LONG}",
        title_en=f"Experts wanted: {LONG}",
        terms_en=f"## Tasks\n\n- Read drafts.\n- {LONG}\n\n| When | What |\n|---|---|\n| May | Meeting |",
        endorsement_closes_at=now + 8 * DAY,
        **about,
    )
    for n, name in enumerate(("Suitability", LONG[:60], "Willingness"), 1):
        open_call.criteria.create(code=f"c{n}", name=name, name_en=name, weight=n, position=n)
    open_call.papers.create(kind="cv", max_pages=4)
    open_call.questions.create(wording=f"Why {LONG}?", wording_en=f"Why {LONG}?", position=1)
    over = make_call(title="Over", opens_at=now - 9 * DAY, closes_at=now - DAY, **about)
    reopen_for_country(
        actor=world.people["staff"],
        call=over,
        country=Country.objects.get(pk="FRA"),
        closes_at=now + 5 * DAY,
        reason="The letter was lost.",
    )
    calls = {
        "call": open_call,
        "call_over": over,
        "call_to_come": make_call(title="To come", opens_at=now + 2 * DAY, closes_at=now + 9 * DAY, **about),
        "call_prepared": make_call(title="In preparation", announced=False, **about),
        "hosting": make_call(title="Hosts wanted", kind="hosting", **about),
    }
    world.names |= {name: call.pk for name, call in calls.items()}
    _offers(world, calls["hosting"])


def _offers(world: World, call: Call) -> None:
    """Offers in every state, of a call that is open, and of one whose hosts are announced."""
    staff, member = world.people["staff"], world.people["member"]
    over = make_hosting_call(guidelines=call.guidelines, zone="Europe/Paris", title="Hosts", title_en="Hosts")
    slots = {"slot": make_slot(call, f"Meeting {LONG}"[:200]), "slot_over": make_slot(over)}
    offers = {
        "offer_draft": make_offer(slots["slot"], member, submit=False),
        "offer": make_offer(slots["slot"], member, venue=LONG),
        "offer_chosen": make_offer(slots["slot_over"], member),
        "offer_reserve": make_offer(slots["slot_over"], member, host_name=LONG[:200]),
    }
    close(over)
    scores = {"fit": (9, LONG), "access": (5, "")}
    score_offer(actor=staff, offer=offers["offer_chosen"], scores=scores)
    for name, outcome in (("offer_chosen", "chosen"), ("offer_reserve", "reserve")):
        decide_offer(actor=staff, offer=offers[name], outcome=outcome, reason=LONG)
    announce_hosts(actor=staff, call=over)
    due = timezone.localdate() - DAY
    set_agreement_step(actor=staff, offer=offers["offer_chosen"], kind="draft_sent", due_on=due, note=LONG)
    slot = slots["slot_over"]
    held = {"outcome": "online", "held_from": timezone.localdate() - DAY, "note": LONG}
    record_outcome(actor=staff, slot=slot, **held)
    world.names |= {name: offer.uuid for name, offer in offers.items()}
    world.names |= {name: slot.pk for name, slot in slots.items()} | {"hosting_over": over.pk}


def add_scoring(world: World) -> None:
    """A call in scoring: one nomination is the member's to score, others are scored."""
    staff, me = world.people["staff"], world.people["member"]
    assert staff and me
    call = scoring_call()
    first, *others = eligible(
        call, staff, count=3, country="FJI", name=f"Nominee {LONG[:60]}", motivation=LONG
    )
    reviewer, second = reviewer_in(call, staff, me), reviewer_in(call, staff)
    assign(staff, first, reviewer)
    for row in others:
        for review, value in zip(assign(staff, row, reviewer, second), (9, 2), strict=True):
            submit(review, value, value, value, comment=LONG)
    bar(staff, second, first)
    world.names |= {"scored_call": call.pk, "scored": first.uuid, "candidate": first.candidate_number}


def add_nominations(world: World) -> None:
    focal, me = world.people["focal"], world.people["member"]
    assert focal and me
    call = Call.objects.get(pk=world.names["call"])
    CallPaper.objects.create(call=call, kind="letter")
    CallQuestion.objects.create(call=call, wording=f"What of the {LONG}?", required=True)
    mine = {"nominee": me, "email": me.email, "name": me.name, "way": "applied"}
    waits = make_nomination(call, state="awaiting_endorsement", country="FRA", expertise=["1"], **mine)
    begun = make_nomination(call, state="draft", **mine)
    named = {"name": f"Somebody {LONG[:40]}", "email": "somebody@example.org", "language": "en"}
    told = nominate(actor=User.objects.get(pk=focal.pk), call=call, changes=named, attested=True)
    world.names |= {
        "waits": waits.uuid,
        "begun": begun.uuid,
        "told": told.uuid,
        "nominee_token": nominee_token_of(NomineeLink.objects.get(nomination=told)),
    }
