"""The secretariat's list of a call's nominations, and saying who is eligible."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.queries import country_names, region_names, regions_by_country
from core.verdicts import Conflict, require
from experts.actions.screening import screen
from experts.eligibility import reason_shown
from experts.forms.screening import EligibilityForm, NominationSearch, expertise_label
from experts.links import call_page, nomination_pages, reviews_pages
from experts.models import Call, Gender, Level, Nomination, NominationTrait, Review
from experts.pool import pool_of
from experts.review_rules import SCREENED, may_screen

PER_PAGE = 50
# What a line of the list shows: no motivation, no answers, nothing of forty other columns.
SHOWN = (
    "uuid",
    "state",
    "name",
    "country",
    "gender",
    "level_of_government",
    "eligibility_reason",
    "merit",
    "merit_imported",
    "spread",
)
Kind = NominationTrait.Kind


def for_screening(view: Callable[..., Any]) -> Callable[..., Any]:
    """Pages of a call for the secretariat alone; the view gets the call. Kept by no cache."""

    @wraps(view)
    def checked(request: HttpRequest, call_id: int, **kwargs: Any) -> Any:
        call = get_object_or_404(Call.objects.visible_to(request.user), pk=call_id)
        require(may_screen(request.user, call))
        return view(request, call, **kwargs)

    return never_cache(login_required(checked))


def frame(call: Call, current: str) -> dict[str, Any]:
    """What every page of screening and scoring shows around its own content."""
    return {"call": call, "current": current, "call_path": call_page(call.pk)}


def kept_query(request: HttpRequest, *, page: bool = False) -> str:
    """The filters of the address, to be asked again; with the page where ``page``."""
    given = QueryDict(request.POST.get("filters", "")) if request.method == "POST" else request.GET
    query = QueryDict(mutable=True)
    for name, value in given.items():
        if isinstance(value, str) and value and (page or name != "page"):
            query[name] = value
    return query.urlencode()


@for_screening
@require_safe
def nomination_list(request: HttpRequest, call: Call) -> HttpResponse:
    """Everything handed in, 50 a page, with the pool at a glance."""
    return _list_page(request, call, request.GET)


def _list_page(
    request: HttpRequest, call: Call, given: QueryDict, *, status: int = 200, **more: Any
) -> HttpResponse:
    known = Nomination.objects.weighed_by(request.user).filter(call=call)
    regions, names = regions_by_country(), region_names()
    pool = pool_of(known, regions, names)
    traits = NominationTrait.objects.filter(nomination__in=known, kind=Kind.EXPERTISE)
    codes = list(traits.order_by("value").values_list("value", flat=True).distinct())
    countries = country_names()
    asked = {pk: name for pk, name in countries.items() if pk in pool.countries}
    form = NominationSearch(given, countries=asked, regions=names, expertise=codes)
    found = form.narrow(known, regions).only(*SHOWN)
    page = Paginator(found, PER_PAGE).get_page(given.get("page"))
    context = {
        **frame(call, "list"),
        "form": form,
        "pool": pool,
        "page": page,
        "rows": _rows(call, list(page), countries, regions, names),
        "filtered": any(form.asked[name] for name in form.fields if name != "sort"),
        "query": kept_query(request),
        "filters": kept_query(request, page=True),
        "eligibility": EligibilityForm(auto_id="eligibility_%s"),
        **more,
    }
    return render(request, "experts/nomination_list.html", context, status=status)


def _rows(
    call: Call,
    nominations: list[Nomination],
    countries: dict[str, str],
    regions: dict[str, str],
    names: dict[str, str],
) -> list[dict[str, Any]]:
    # Django's get_…_display hashes every choice again for every row.
    genders, levels, states = dict(Gender.choices), dict(Level.choices), dict(Nomination.State.choices)
    counts: dict[int, list[int]] = {row.pk: [0, 0] for row in nominations}
    standing = Review.objects.standing().filter(nomination__in=counts)
    for nomination, submitted_at in standing.values_list("nomination_id", "submitted_at"):
        counts[nomination][0] += 1
        counts[nomination][1] += submitted_at is not None
    expertise: dict[int, list[str]] = {row.pk: [] for row in nominations}
    label_of = cache(expertise_label)
    traits = NominationTrait.objects.filter(nomination__in=expertise, kind=Kind.EXPERTISE).order_by("value")
    for nomination, code in traits.values_list("nomination_id", "value"):
        expertise[nomination].append(label_of(code))
    page_of, reviews_of = nomination_pages(), reviews_pages(call.pk)
    return [
        {
            "nomination": row,
            "path": page_of(row.uuid),
            "reviews_path": reviews_of(row.uuid),
            "country": countries[row.country_id],
            "gender": genders.get(row.gender, ""),
            "level": levels.get(row.level_of_government, ""),
            "state": states[row.state],
            "region": names.get(regions.get(row.country_id, ""), ""),
            "assigned": counts[row.pk][0],
            "submitted": counts[row.pk][1],
            "reason": reason_shown(row.eligibility_reason)
            if row.state == Nomination.State.INELIGIBLE
            else "",
            "screened": row.state in SCREENED,
            "expertise": expertise[row.pk],
        }
        for row in nominations
    ]


@for_screening
@require_POST
def eligibility(request: HttpRequest, call: Call) -> HttpResponse:
    """Mark what is ticked as eligible, as not eligible, or take that back."""
    form, seen = EligibilityForm(request.POST, auto_id="eligibility_%s"), _ticked(request)
    given = QueryDict(request.POST.get("filters", ""))
    shown = {"eligibility": form, "ticked": {str(uuid) for uuid in seen}}
    if not seen:
        messages.error(request, _("Tick at least one nomination."))
        return redirect(_address(call, given))
    if not form.is_valid():
        return _list_page(request, call, given, status=400, **shown)
    try:
        n = screen(
            actor=request.user,
            call=call,
            seen=seen,
            to=request.POST.get("to", ""),
            ground=form.cleaned_data["ground"],
            words=form.cleaned_data["words"],
        )
    except ValidationError as error:
        for field, said in error.message_dict.items():
            form.add_error(field if field in form.fields else None, said)
        return _list_page(request, call, given, status=400, **shown)
    except Conflict as conflict:
        return _list_page(request, call, given, status=409, conflict=conflict, **shown)
    messages.success(request, ngettext("%(n)d nomination marked.", "%(n)d nominations marked.", n) % {"n": n})
    return redirect(_address(call, given))


def _ticked(request: HttpRequest) -> dict[UUID, str]:
    """What was ticked, with the state in which it was seen: ``uuid:state``."""
    seen = {}
    for value in request.POST.getlist("nomination"):
        uuid, _colon, state = value.partition(":")
        try:
            seen[UUID(uuid)] = state
        except ValueError:
            continue
    return seen


def _address(call: Call, given: QueryDict) -> str:
    path = reverse("reviewing:nomination_list", args=[call.pk])
    return f"{path}?{given.urlencode()}#list" if given else f"{path}#list"
