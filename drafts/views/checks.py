"""What the checks of a draft found: listed by chapter and pillar, run again, waived with a reason."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import jobs
from core.models import Job
from core.verdicts import Conflict, Vanished, require
from core.views import STOP_POLLING
from drafts.actions.checking import CHECKS, check_draft, state_of, take_back_waiver, waive_finding
from drafts.checks import Check, all_checks
from drafts.checks.listing import LANGUAGES, Counts, Freshness, Listed, findings_of, freshness_of
from drafts.models import CheckRun, Draft, Finding
from drafts.queries import Unit, contents
from drafts.rules import may_check_draft
from drafts.views.asked import kept

CHOICES = ("code", "severity", "language", "waived")  # what a reader chose, kept in the address
PLACE = (*CHOICES, "page")
PER_PAGE = 100


@dataclass
class Group:
    """The findings of one chapter or pillar; ``unit`` is None for those about the whole draft."""

    unit: Unit | None
    rows: list[Listed] = field(default_factory=list)


@dataclass(frozen=True)
class Explained:
    """A check with how much it found."""

    check: Check
    counts: Counts
    severity: Any


@require_safe
@never_cache
@login_required
def findings(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The findings; asked by htmx, only how fresh they are. What was never checked is checked now."""
    draft = _draft(request, slug, number)
    job = _running(request, draft)
    if request.headers.get("HX-Request") == "true":
        run = _checked(draft) if job is None else CheckRun.objects.get(draft=draft)
        fresh = _freshness(draft, run)
        context = {
            "draft": draft,
            "fresh": fresh,
            "job": job,
            "asked": True,
            "query": kept(request.GET, PLACE),
        }
        return render(request, "drafts/_checks_state.html", context, status=200 if job else STOP_POLLING)
    run = CheckRun.objects.filter(draft=draft).first() or _checked(draft)
    found = findings_of(draft)
    chosen = {name: request.GET.get(name, "") for name in CHOICES}
    page = Paginator(found.chosen(**chosen), PER_PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    labels = dict(Finding.Severity.choices)
    none = Counts()
    context = {
        "draft": draft,
        "fresh": _freshness(draft, run),
        "job": job,
        "groups": _grouped(list(page), contents(draft, language)),
        "page_obj": page,
        "found": found,
        "open": sum(counts.open for counts in found.by_severity.values()),
        "waived": sum(counts.waived for counts in found.by_severity.values()),
        "severities": [
            (code, label, found.by_severity.get(code, none)) for code, label in Finding.Severity.choices
        ],
        "checks": [
            Explained(check, found.by_code.get(check.code, none), labels[Finding.Severity(check.severity)])
            for check in all_checks()
        ],
        "found_languages": [
            (code, LANGUAGES[code])
            for code in LANGUAGES
            if any(row.finding.language == code for row in found.rows)
        ],
        "chosen": chosen,
        "is_chosen": any(chosen.values()),
        "query": kept(request.GET, PLACE),
        "query_without_page": kept(request.GET, CHOICES).removeprefix("?"),
    }
    return render(request, "drafts/checks.html", context)


@require_POST
@login_required
def check_now(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Check again, in the background; one run at a time for each person."""
    draft = _draft(request, slug, number)
    if _running(request, draft) is None:
        jobs.start(CHECKS, request.user, {"draft": draft.pk})
    return _back(request, draft)


@require_POST
@login_required
def waive(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    draft = _draft(request, slug, number)
    fingerprint = request.POST.get("finding", "")
    try:
        waive_finding(
            actor=request.user, draft=draft, fingerprint=fingerprint, reason=request.POST.get("reason", "")
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        messages.warning(request, str(conflict.reason))
    else:
        messages.success(request, _("The finding is waived. It stays among the waived ones."))
    return _back(request, draft)


@require_POST
@login_required
def take_back(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    draft = _draft(request, slug, number)
    try:
        take_back_waiver(actor=request.user, draft=draft, fingerprint=request.POST.get("finding", ""))
    except Vanished:
        messages.warning(request, _("The text has changed: this finding is there no longer."))
    else:
        messages.success(request, _("The waiver is taken back."))
    return _back(request, draft)


def _draft(request: HttpRequest, slug: str, number: int) -> Draft:
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    draft = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    require(may_check_draft(request.user, draft))
    return draft


def _checked(draft: Draft) -> CheckRun:
    run = check_draft(draft.pk)
    assert run is not None
    return run


def _freshness(draft: Draft, run: CheckRun) -> Freshness:
    return freshness_of(draft, run, is_current=run.fingerprint == state_of(draft))


def _running(request: HttpRequest, draft: Draft) -> Job | None:
    user: Any = request.user
    active = (Job.State.QUEUED, Job.State.RUNNING)
    mine = Job.objects.filter(owner=user, kind=CHECKS, state__in=active, params__draft=draft.pk)
    return mine.order_by("-pk").first()


def _grouped(rows: list[Listed], units: list[Unit]) -> list[Group]:
    """Each finding under the last chapter or pillar that begins before it."""
    pages = [unit for unit in units if unit.has_page]
    groups: list[Group] = []
    for row in rows:
        above = [unit for unit in pages if unit.provision.position <= row.finding.position]
        unit = above[-1] if above and row.place else None
        if not groups or groups[-1].unit is not unit:
            groups.append(Group(unit))
        groups[-1].rows.append(row)
    return groups


def _back(request: HttpRequest, draft: Draft) -> HttpResponse:
    address = reverse("checks:findings", args=[draft.guidelines.slug, draft.number])
    return HttpResponseRedirect(f"{address}{kept(QueryDict(request.POST.get('back', '')[:500]), PLACE)}")
