"""How a nomination begins, and the lists of one's own and of one's country."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Country
from accounts.queries import region_names
from core.verdicts import Conflict, require
from experts import links
from experts.actions.nominating import apply_for, enter, nominate
from experts.forms.nominations import ApplyForm, EntryForm, NominateForm
from experts.models import Call, Nomination
from experts.nomination_queries import nominations_of_region, with_list_parts
from experts.queries import is_represented, nominated_by
from experts.rules import may_apply, may_manage_calls, may_nominate, may_see_region
from experts.sight import Sight
from experts.standing import country_spoken_for, regions_coordinated

S = Nomination.State
PER_PAGE = 50


@login_required
@require_safe
def my_nominations(request: HttpRequest) -> HttpResponse:
    """One's own nominations, with what each waits for; and the way to those of one's country."""
    sight = Sight.of(request.user)
    mine = with_list_parts(Nomination.objects.filter(nominee=request.user.pk)).prefetch_related(
        "call__reopenings"
    )
    rows = [_row(nomination, sight) for nomination in mine.order_by("-pk")]
    begun = {row["nomination"].call_id for row in rows if row["state"] != S.WITHDRAWN}
    open_calls = Call.objects.visible_to(request.user).filter(
        kind=Call.Kind.EXPERTS, opens_at__lte=timezone.now()
    )
    speaks = country_spoken_for(request.user)
    # Whoever has a nomination in a call finds it above.
    offered = [
        (call, call.pk not in begun)
        for call in open_calls.prefetch_related("reopenings")
        if call.state == Call.State.OPEN and (speaks or call.pk not in begun)
    ]
    context = {"rows": rows, "calls": offered, "country": speaks}
    return render(request, "experts/my_nominations.html", context)


@login_required
@require_safe
def country(request: HttpRequest, call_id: int) -> HttpResponse:
    """The focal point's page of a call: how many are nominated of how many, who, and what waits for them."""
    call = visible_call(request, call_id)
    require(may_nominate(request.user, call, at=timezone.now()))
    code = country_spoken_for(request.user)
    sight = Sight.of(request.user)
    seen = with_list_parts(Nomination.objects.visible_to(request.user).filter(call=call, country=code))
    rows = [_row(nomination, sight) for nomination in seen]
    closes_at, endorsed_until = call.deadlines_for(code)
    waiting = sum(row["state"] == S.AWAITING_ENDORSEMENT for row in rows)
    order = {S.AWAITING_ENDORSEMENT: 0, S.DRAFT: 1, S.AWAITING_NOMINEE: 2, S.WITHDRAWN: 4}
    context = {
        "call": call,
        "country": Country.objects.get(pk=code),
        "rows": sorted(rows, key=lambda row: order.get(row["state"], 3)),
        "nominated": nominated_by(call, code),
        "waiting": waiting if timezone.now() < endorsed_until else 0,
        "closes_at": closes_at,
        "endorsed_until": endorsed_until,
        "may_nominate": timezone.now() < closes_at and not call.decided_at,
        "may_endorse": timezone.now() < endorsed_until,
        "call_path": links.call_page(call.pk),
        "members": links.members_link(call),
    }
    return render(request, "experts/country.html", context)


@login_required
@require_safe
def region(request: HttpRequest, call_id: int) -> HttpResponse:
    """The coordinator's page of a call: who was submitted from the region, 50 a page, and where each stands."""
    call = visible_call(request, call_id)
    require(may_see_region(request.user, call, at=timezone.now()))
    sight = Sight.of(request.user)
    page = Paginator(nominations_of_region(call, request.user), PER_PAGE).get_page(request.GET.get("page"))
    names = region_names()
    context = {
        "call": call,
        "regions": sorted(names.get(code, code) for code in regions_coordinated(request.user)),
        "page": page,
        "rows": [_row(nomination, sight) for nomination in page],
        "call_path": links.call_page(call.pk),
        "members": links.members_link(call),
    }
    return render(request, "experts/region.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, call_id: int) -> HttpResponse:
    """Begin an application: for which country."""
    call = visible_call(request, call_id)
    require(may_apply(request.user, call, at=timezone.now()))
    sent = request.POST if request.method == "POST" else None
    person: Any = request.user
    form = ApplyForm(sent, initial={"country": person.country_id})
    if form.is_valid():
        begun = apply_for(actor=request.user, call=call, country=form.cleaned_data["country"])
        return redirect("nominations:nomination_edit", begun.uuid)
    chosen = Country.objects.filter(pk=form["country"].value() or "").first()
    closes_at, _endorsed = call.deadlines_for(chosen.pk if chosen else "")
    context = {
        "call": call,
        "call_path": links.call_page(call.pk),
        "form": form,
        "closes_at": closes_at,
        "late": timezone.now() >= closes_at,
        "unrepresented": chosen if chosen and not is_represented(chosen.pk) else None,
    }
    return render(request, "experts/apply.html", context, status=400 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nominate_person(request: HttpRequest, call_id: int) -> HttpResponse:
    """Nominate somebody for one's country: they are told at once."""
    call = visible_call(request, call_id)
    require(may_nominate(request.user, call, at=timezone.now()))
    form = NominateForm(
        request.POST if request.method == "POST" else None, initial={"language": get_language()}
    )
    status = 200
    if form.is_valid():
        try:
            made = nominate(
                actor=request.user, call=call, changes=form.changes, attested=form.cleaned_data["attested"]
            )
        except ValidationError as error:
            form.take_errors(error)
        except Conflict as conflict:
            form.add_error(None, str(conflict.reason))
            status = 409
        else:
            if made.state == S.DRAFT:
                messages.warning(
                    request, _("The call has closed. What you wrote is kept as a draft; nobody was told.")
                )
            else:
                messages.success(
                    request, _("%(name)s is nominated; a mail is on its way.") % {"name": made.name}
                )
            return redirect("nominations:country", call.pk)
    context = {
        "call": call,
        "form": form,
        "country": Country.objects.get(pk=country_spoken_for(request.user)),
    }
    return render(
        request, "experts/nominate.html", context, status=status if not form.errors or status == 409 else 400
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter_nomination(request: HttpRequest, call_id: int) -> HttpResponse:
    """The secretariat enters on behalf of a country what reached it otherwise."""
    require(may_manage_calls(request.user))
    call = visible_call(request, call_id)
    form = EntryForm(request.POST if request.method == "POST" else None, initial={"language": get_language()})
    if form.is_valid():
        try:
            made = enter(
                actor=request.user, call=call, country=form.cleaned_data["country"], changes=form.changes
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            return redirect("nominations:nomination_edit", made.uuid)
    return render(
        request, "experts/enter.html", {"call": call, "form": form}, status=400 if form.errors else 200
    )


def visible_call(request: HttpRequest, call_id: int) -> Call:
    """A call for experts that the caller may see, with its reopenings; 404 otherwise."""
    calls = Call.objects.visible_to(request.user).filter(kind=Call.Kind.EXPERTS).select_related("guidelines")
    return get_object_or_404(calls.prefetch_related("reopenings"), pk=call_id)


def _row(nomination: Nomination, sight: Sight) -> dict[str, Any]:
    state = Nomination.State(sight.state_of(nomination))
    return {"nomination": nomination, "state": state, "badge": BADGES.get(state, "")}


# How a state looks, by the badges of the design system.
BADGES = {
    S.DRAFT: "draft",
    S.AWAITING_NOMINEE: "planned",
    S.AWAITING_ENDORSEMENT: "planned",
    S.SUBMITTED: "submitted",
    S.INELIGIBLE: "failed",
    S.ACCEPTED: "accepted",
    S.PUBLISHED: "published",
    S.INVITED: "open",
    S.INVITED_TO_GROUP: "open",
    S.JOINED_GROUP: "accepted",
}
