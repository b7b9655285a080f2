"""Reports to the Board: made as of a day, issued, read, and fetched as documents."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core import files
from core.errors import too_many_requests
from core.models import Job
from core.throttling import WriteThrottle
from core.verdicts import require
from roadmap.actions.board_reports import (
    RECIPE,
    ask_for_report_document,
    is_being_made,
    is_made,
    issue_report,
    make_report,
)
from roadmap.board_reports.html import drawn
from roadmap.forms.resolutions import ReportForm
from roadmap.models import BoardReport, BoardReportDocument, BoardReportText, ReportingPeriod
from roadmap.resolution_queries import seen_reports
from roadmap.resolution_rules import may_manage_resolutions

ASKED_PER_MINUTE = 60
MADE, MAKING, FAILED, NOT_MADE = "made", "making", "failed", "not_made"


@login_required
@require_POST
def report_make(request: HttpRequest) -> HttpResponse:
    """The report on a period as of a day."""
    require(may_manage_resolutions(request.user))
    year, _dash, half = request.POST.get("period", "").partition("-")
    if not (year.isascii() and year.isdecimal() and half in ("1", "2")) or len(year) != 4:
        raise Http404
    period = get_object_or_404(ReportingPeriod, year=int(year), half=int(half))
    form = ReportForm(request.POST)
    problems = [str(words) for told in form.errors.values() for words in told]
    if form.is_valid():
        try:
            report = make_report(actor=request.user, period=period, as_of=form.cleaned_data["as_of"])
        except ValidationError as error:
            problems = error.messages
        else:
            return redirect("resolutions:report", report.uuid)
    messages.error(request, " ".join(problems))
    return redirect("resolutions:period", period.code)


def _report(request: HttpRequest, uuid: UUID) -> BoardReport:
    return get_object_or_404(seen_reports(request.user), uuid=uuid)


@require_safe
@never_cache
def report_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The report in the reader's language, and its documents; the table alone when htmx asks."""
    report = _report(request, uuid)
    context = _documents(report)
    if request.headers.get("HX-Request") == "true":
        return render(request, "roadmap/_report_documents.html", context)
    texts = list(report.texts.all())
    asked = request.GET.get("text", get_language() or "en")
    text = next((each for each in texts if each.language == asked), texts[0])
    content = json.loads(text.content)
    for annex in content["annexes"]:
        annex["drawn"] = drawn(annex["bars"])
    context |= {
        "text": text,
        "content": content,
        "staff": bool(may_manage_resolutions(request.user)),
    }
    return render(request, "roadmap/report_detail.html", context)


def _documents(report: BoardReport) -> dict[str, Any]:
    """What the table of documents shows."""
    shelf = _shelf(list(report.texts.all()))
    making = sum(place["state"] == MAKING for row in shelf for place in row["places"])
    return {"report": report, "shelf": shelf, "making": making}


def _shelf(texts: list[BoardReportText]) -> list[dict[str, Any]]:
    """By language each format, made or to be asked for. One query."""
    names = dict(settings.LANGUAGES)
    documents = BoardReportDocument.objects.filter(text__in=texts, recipe=RECIPE).select_related(
        "job", "file"
    )
    found = {(made.text_id, made.format): made for made in documents}
    return [
        {
            "language": text.language,
            "name": names[text.language],
            "sha256": text.sha256,
            "places": [
                {"form": form, "label": label, "state": _state(found.get((text.pk, form)))}
                for form, label in BoardReportDocument.Format.choices
            ],
        }
        for text in texts
    ]


def _state(made: BoardReportDocument | None) -> str:
    if made is None:
        return NOT_MADE
    if is_made(made):
        return MADE
    if is_being_made(made):
        return MAKING
    return FAILED if made.job and made.job.state == Job.State.FAILED else NOT_MADE


@login_required
@require_POST
def report_issue(request: HttpRequest, uuid: UUID) -> HttpResponse:
    report = _report(request, uuid)
    require(may_manage_resolutions(request.user))
    try:
        issue_report(actor=request.user, report=report)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The report is issued: everybody can read it."))
    return redirect("resolutions:report", report.uuid)


@require_POST
@never_cache
def make(request: HttpRequest, uuid: UUID, language: str, form: str) -> HttpResponse:
    """Ask for a document. Anybody may who reads the report: it is made once, whoever asks."""
    report = _report(request, uuid)
    if not WriteThrottle().may_once_more(request, "documents", ASKED_PER_MINUTE):
        return too_many_requests(request)
    try:
        ask_for_report_document(actor=request.user, report=report, language=language, form=form)
    except ValidationError as error:
        raise Http404 from error
    if request.headers.get("HX-Request") == "true":
        return render(request, "roadmap/_report_documents.html", _documents(report))
    return redirect("resolutions:report", report.uuid)


@require_safe
def download(request: HttpRequest, uuid: UUID, language: str, form: str) -> HttpResponseBase:
    """The document; one that isn't made yet can be asked for on the report's page, where this leads."""
    report = _report(request, uuid)
    if form not in BoardReportDocument.Format.values or language not in dict(settings.LANGUAGES):
        raise Http404
    documents = BoardReportDocument.objects.filter(text__report=report, text__language=language, format=form)
    made = documents.filter(recipe=RECIPE).select_related("file").first()
    if made is None or made.file is None or not is_made(made):
        return redirect("resolutions:report", report.uuid)
    stored = made.file
    media_type = stored.media_type + ("; charset=utf-8" if stored.media_type.startswith("text/") else "")
    content = files.open_file(stored)
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store" if report.issued_at is None else "public, max-age=300"
    return response
