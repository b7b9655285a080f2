"""Compilations of a round: asking for one, how far it is, and one's own that are there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from consultations.actions.compiling import KIND, ask_for_compilation
from consultations.compilations.asked import Asked, Format, Kind
from consultations.forms.compilations import CompilationForm
from consultations.models import Comment, Round
from consultations.rules import is_secretariat, may_compile
from consultations.views.voices import visible_round
from core import files
from core.errors import too_many_requests
from core.models import Job, StoredFile
from core.throttling import WriteThrottle
from core.verdicts import require

ASKED_PER_MINUTE = 20
LISTED, LISTED_FOR = 20, timedelta(days=30)


@dataclass(frozen=True)
class Compilation:
    """One of the reader's own: with its ``file`` while that can be fetched."""

    job: Job
    kind: str
    form: str
    language: str
    narrowed: bool
    file: StoredFile | None

    @property
    def expired(self) -> bool:
        return self.job.state == Job.State.DONE and self.file is None


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def compilations(request: HttpRequest, round_id: int) -> HttpResponse:
    """The form and one's own compilations; these alone when htmx asks how far they are."""
    round = visible_round(request, round_id)
    require(may_compile(request.user, round))
    if request.method != "POST":
        if request.headers.get("HX-Request") == "true":
            return render(request, "consultations/_compilations.html", _listed(request, round))
        return _page(request, round, _form(request, round))
    if not WriteThrottle().may_once_more(request, "compilations", ASKED_PER_MINUTE):
        return too_many_requests(request)
    form = _form(request, round)
    if form.is_valid():
        try:
            ask_for_compilation(actor=request.user, round=round, asked=form.asked(round))
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The compilation is being written. You may leave this page."))
            return redirect("consultations:compilations", round.pk)
    return _page(request, round, form, status=400)


def _form(request: HttpRequest, round: Round) -> CompilationForm:
    statuses = is_secretariat(request.user, round)
    if request.method == "POST":
        return CompilationForm(request.POST, statuses=statuses)
    # From a page that shows some of the comments: those are proposed.
    given = {name: request.GET[name] for name in CompilationForm.base_fields if name in request.GET}
    return CompilationForm(statuses=statuses, initial=given)


def _page(request: HttpRequest, round: Round, form: CompilationForm, status: int = 200) -> HttpResponse:
    readable = Comment.objects.visible_to(request.user).filter(round=round)
    context = {
        "form": form,
        "count": readable.exclude(status=Comment.Status.DRAFT).count(),
        "secretariat": is_secretariat(request.user, round),
        **_listed(request, round),
    }
    return render(request, "consultations/compilations.html", context, status=status)


def _listed(request: HttpRequest, round: Round) -> dict[str, Any]:
    now = timezone.now()
    own = Job.objects.filter(
        owner=request.user.pk, kind=KIND, params__round=round.pk, created_at__gt=now - LISTED_FOR
    )
    listed = [_compilation(job, now) for job in own.select_related("file").order_by("-pk")[:LISTED]]
    return {
        "round": round,
        "compilations": listed,
        "writing": sum(not each.job.finished for each in listed),
    }


def _compilation(job: Job, now: datetime) -> Compilation:
    asked = Asked.from_json(job.params)
    file = job.file
    there = file is not None and (file.expires_at is None or file.expires_at > now) and files.is_there(file)
    return Compilation(
        job,
        kind=str(Kind(asked.kind).label),
        form=str(Format(asked.form).label),
        language=asked.language,
        narrowed=asked.filters != type(asked.filters)(),
        file=file if there else None,
    )
