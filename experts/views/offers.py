"""A host's pages: begin an offer, write it, hand it in, see it, withdraw it."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Country
from core.verdicts import Conflict, require
from experts.actions.offer_papers import add_offer_paper, remove_offer_paper
from experts.actions.offers import begin_offer, organisations_of, save_offer, submit_offer, withdraw_offer
from experts.forms.hosting import BeginOfferForm, OfferForm, WithdrawForm
from experts.forms.weighing_offers import ScoreForm
from experts.hosting_queries import agreement_of, weighed, whole_offers
from experts.hosting_rules import (
    has_in_hand,
    is_open_for,
    is_open_to,
    may_edit_offer,
    may_offer,
    may_score_offer,
    may_see_agreement,
    may_withdraw_offer,
    state_shown_to,
)
from experts.meeting_pages import meeting_pages
from experts.models import Call, HostingOffer
from experts.queries import whole_calls
from experts.standing import country_spoken_for, is_staff

S = HostingOffer.State


def found_offer(request: HttpRequest, uuid: UUID) -> HostingOffer:
    """The offer, for whoever sees it; 404 for all others."""
    return get_object_or_404(whole_offers(HostingOffer.objects.visible_to(request.user)), uuid=uuid)


@login_required
def offer_begin(request: HttpRequest, call_id: int) -> HttpResponse:
    """The first step: which meeting, and who would host. The rest follows on the page of the draft."""
    call = get_object_or_404(whole_calls(request.user), pk=call_id, kind=Call.Kind.HOSTING)
    now = timezone.now()
    require(may_offer(request.user, call, at=now))
    state = Country.objects.filter(pk=country_spoken_for(request.user)).first()
    form = BeginOfferForm(
        request.POST or None,
        call=call,
        state=state,
        organisations=organisations_of(request.user),
        initial={
            "key": uuid4(),
            "country": request.user.country_id,  # type: ignore[union-attr]
            "host_kind": HostingOffer.HostKind.MEMBER_STATE if state else None,
        },
    )
    if request.method == "POST" and form.is_valid():
        try:
            offer = begin_offer(actor=request.user, call=call, **form.start)
        except ValidationError as error:
            form.take_errors(error)
        else:
            return redirect("hosting:offer_edit", offer.uuid)
    context = {
        "call": call,
        "form": form,
        "state": state,
        "slots": call.slots.all(),
        "is_open": is_open_to(request.user, call, at=now),
    }
    return render(request, "experts/offer_begin.html", context, status=400 if form.errors else 200)


@login_required
def offer_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write an offer; save it as it is, or save it and hand it in. Whatever is wrong is told beside its field."""
    offer = found_offer(request, uuid)
    require(may_edit_offer(request.user, offer, at=timezone.now()))
    if request.method != "POST":
        return _edit_page(request, offer, OfferForm(offer=offer))
    form = OfferForm(request.POST, request.FILES, offer=offer)
    if not form.is_valid():
        return _edit_page(request, offer, form, status=400)
    try:
        saved = save_offer(
            actor=request.user, offer=offer, version=form.cleaned_data["version"], **form.content
        )
        form.take_version(saved.version)
        _take_papers(request, saved, form)
        if "hand_in" in request.POST and saved.state == S.DRAFT:
            return _hand_in(request, saved)
    except ValidationError as error:
        form.take_errors(error)
        return _edit_page(request, found_offer(request, uuid), form, status=400)
    except Conflict as conflict:
        standing = found_offer(request, uuid)
        form.take_version(int(conflict.current.get("version", standing.version)))
        return _edit_page(request, standing, form, status=409, conflict=form.differences(standing))
    if "remove" in request.POST or form.files_given:
        return redirect(f"{request.path}#papers")
    messages.success(
        request, _("Saved as a draft.") if saved.state == S.DRAFT else _("The offer is changed.")
    )
    return redirect("hosting:offer_edit" if saved.state == S.DRAFT else "hosting:offer_detail", uuid)


def _take_papers(request: HttpRequest, offer: HostingOffer, form: OfferForm) -> None:
    """Every paper that was sent, each told apart: the good ones are kept where another is wrong."""
    errors: dict[str, Any] = {}
    for kind, file in form.files_given.items():
        try:
            add_offer_paper(actor=request.user, offer=offer, kind=kind, file=file)
        except ValidationError as error:
            errors |= error.message_dict
    if unwanted := request.POST.get("remove"):
        try:
            remove_offer_paper(actor=request.user, offer=offer, kind=unwanted)
        except ValidationError as error:
            errors |= error.message_dict
    offer.refresh_from_db()
    form.take_version(offer.version)
    if errors:
        raise ValidationError(errors)


def _hand_in(request: HttpRequest, offer: HostingOffer) -> HttpResponse:
    done = submit_offer(actor=request.user, offer=offer, version=offer.version)
    if done.state == S.DRAFT:
        messages.warning(
            request, _("The call has closed. Your offer is kept as a draft; it was not handed in.")
        )
    else:
        messages.success(request, _("Your offer is handed in. A receipt comes by mail."))
    return redirect("hosting:offer_detail", done.uuid)


def _edit_page(
    request: HttpRequest, offer: HostingOffer, form: OfferForm, *, status: int = 200, conflict: Any = None
) -> HttpResponse:
    closes_at, _endorsed = offer.slot.call.deadlines_for(offer.country_id)
    context = {
        "offer": offer,
        "call": offer.slot.call,
        "form": form,
        "draft": offer.state == S.DRAFT,
        "closes_at": closes_at,
        "closed": not is_open_for(offer.slot.call, offer.country_id, at=timezone.now()),
        "papers": {paper.kind: paper for paper in offer.papers.select_related("file")},
        "conflict": conflict,
        "conflicting": status == 409,
    }
    return render(request, "experts/offer_edit.html", context, status=status)


@require_POST
def offer_keep(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is being written, kept in the draft; what is not well-formed yet is left out. Answers JSON.

    409 with the version that stands where another window saved meanwhile; nothing is overwritten.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("You are not signed in.")}, status=401)
    offer = found_offer(request, uuid)
    require(may_edit_offer(request.user, offer, at=timezone.now()))
    if offer.state != S.DRAFT:
        return JsonResponse({"version": offer.version}, status=409)
    form = OfferForm(request.POST, offer=offer)
    form.is_valid()
    version, content, wrong = form.cleaned_data.get("version") or 0, form.content, set(form.errors)
    try:
        try:
            saved = save_offer(actor=request.user, offer=offer, version=version, **content)
        except ValidationError as error:
            wrong |= set(error.message_dict)
            # An amount stands and falls with its currency, a first day with the last.
            left = wrong | {mate for pair in PAIRS if wrong & set(pair) for mate in pair}
            rest = {name: value for name, value in content.items() if name not in left}
            saved = save_offer(actor=request.user, offer=offer, version=version, **rest)
    except Conflict as conflict:
        return JsonResponse(conflict.current, status=409)
    return JsonResponse({"version": saved.version, "wrong": sorted(wrong)})


PAIRS = (("contribution_amount", "contribution_currency"), ("starts_on", "ends_on"))


@login_required
@require_safe
def offer_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An offer as it stands, for the host and the secretariat; each sees what they may do next."""
    return offer_page(request, found_offer(request, uuid))


def offer_page(
    request: HttpRequest, offer: HostingOffer, *, scoring: ScoreForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of an offer, with a scoring form that was sent and is wrong in something."""
    now, staff, call = timezone.now(), is_staff(request.user), offer.slot.call
    mine = has_in_hand(request.user, offer)
    may_score = may_score_offer(request.user, offer, at=now)
    if scoring is None and may_score:
        scoring = ScoreForm(criteria=call.criteria.all(), own=offer.scores.filter(scored_by=request.user.pk))
    closes_at, _endorsed = call.deadlines_for(offer.country_id)
    state = state_shown_to(request.user, offer)
    context = {
        "offer": offer,
        "call": call,
        "mine": mine,
        "meeting_page": meeting_pages(request.user, [offer.slot_id]).get(offer.slot_id),
        "staff": staff,
        "state": state,
        "state_label": S(state).label,
        "closes_at": closes_at,
        "closed": not is_open_for(call, offer.country_id, at=now),
        "may_edit": may_edit_offer(request.user, offer, at=now),
        "may_withdraw": may_withdraw_offer(request.user, offer),
        "papers": offer.papers.select_related("file"),
        "weighed": weighed([offer], list(call.criteria.all()))[0] if staff and not mine else None,
        "scoring": scoring,
        "moves": offer.moves.select_related("by") if staff and not mine else (),
        "agreement": agreement_of(offer, timezone.localdate())
        if may_see_agreement(request.user, offer)
        else (),
    }
    return render(request, "experts/offer_detail.html", context, status=status)


@login_required
def offer_withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an offer back, asked once more: it can't be undone."""
    offer = found_offer(request, uuid)
    if offer.state == S.WITHDRAWN:
        return redirect("hosting:offer_detail", uuid)
    require(may_withdraw_offer(request.user, offer))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_offer(actor=request.user, offer=offer, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The offer is withdrawn."))
            return redirect("hosting:offer_detail", uuid)
    context = {"offer": offer, "call": offer.slot.call, "form": form}
    return render(request, "experts/offer_withdraw.html", context, status=400 if form.errors else 200)
