"""The secretariat's desk as a page: the list, the provision with the comment, the answer."""

import math
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.forms.desk import AnswerForm, answer_initial
from consultations.models import Comment, Disposition, Round
from consultations.naming import byline
from consultations.presenting import present_comments
from consultations.progress import summary_of
from consultations.queries import comments_of, share_rounds, told_of_answers, with_discussion
from consultations.rules import is_staff, may_answer, may_see_carried
from consultations.search import asked_words
from consultations.views.desk_places import address_after, provision_at
from consultations.views.voices import visible_round
from core.verdicts import Conflict, require
from drafts.lifecycle import successor_of
from drafts.models import Draft
from drafts.queries import read_provision

PER_PAGE = 50
LISTED = (Comment.Status.SUBMITTED, Comment.Status.HIDDEN)  # what waits for an answer


@login_required
def desk(request: HttpRequest, round_id: int) -> HttpResponse:
    """Three panes: comments, the one chosen (``?comment=``) beside its provision, and its answer."""
    return show_desk(request, desk_round(request, round_id))


def desk_round(request: HttpRequest, round_id: int) -> Round:
    """The round, for who answers in it: hidden is 404, everyone else is told why not."""
    round = visible_round(request, round_id)
    require(may_answer(request.user, round))
    return round


def _filters(request: HttpRequest) -> tuple[dict[str, Any], str]:
    """What the list is narrowed to, and the same as part of an address."""
    given = QueryDict(request.POST.get("filters", "")) if request.method == "POST" else request.GET
    kept = QueryDict(mutable=True)
    chosen: dict[str, Any] = {"status": "", "disposition": "", "kind": "", "pillar": None, "search": ""}
    if given.get("pillar") in list("12345678"):
        chosen["pillar"] = int(given["pillar"])
    if given.get("kind") in Comment.Kind.values:
        chosen["kind"] = given["kind"]
    if given.get("answer") in [*Disposition.Outcome.values, "none"]:
        chosen["disposition"] = given["answer"]
    if given.get("status") in ("late", "hidden", "withdrawn"):
        chosen["status"] = given["status"]
    chosen["search"] = asked_words(given.get("search", ""))
    for name in ("pillar", "kind", "answer", "status", "search", "page"):
        if given.get(name):
            kept[name] = given[name]
    return chosen, kept.urlencode()


def show_desk(
    request: HttpRequest,
    round: Round,
    *,
    form: AnswerForm | None = None,
    chosen: Comment | None = None,
    ticked: Collection[UUID] = (),
    status: int = 200,
    conflict: Conflict | None = None,
) -> HttpResponse:
    """The page, with what a refused form holds: its comment (``chosen``), ticks and words."""
    filters, query = _filters(request)
    found = comments_of(round, request.user, **filters)
    found = found.exclude(status=Comment.Status.DRAFT)
    if not filters["status"]:
        found = found.filter(status__in=LISTED)
    number = request.GET.get("page") or QueryDict(query).get("page")
    page = Paginator(found.select_related("provision", "disposition"), PER_PAGE).get_page(number)
    listed = share_rounds(page, round)
    for each in listed:
        each.byline = byline(each, request.user)  # type: ignore[attr-defined]
    asked = request.GET.get("comment", "")
    wanted = chosen.uuid if chosen else next((c.uuid for c in listed if str(c.uuid) == asked), asked)
    shown = _chosen(request, round, wanted) or (_chosen(request, round, listed[0].uuid) if listed else None)
    row = None
    if shown and shown.comment.provision:
        language = (
            shown.comment.anchor.language if hasattr(shown.comment, "anchor") else round.draft.source_language
        )
        row = read_provision(shown.comment.provision, language)
    if form is None and shown:
        form = AnswerForm(initial=answer_initial(shown.comment), spoken=shown.comment.language)
    if form and conflict and shown and shown.disposition:
        # Both answers are in sight now: sending again is meant to replace the standing one.
        form.take_version(shown.disposition.version)
    context = {
        "round": round,
        "page": page,
        "comments": listed,
        "filters": filters,
        "query": query,
        "shown": shown,
        "row": row,
        "form": form,
        "conflict": conflict,
        "ticked": ticked,
        "tabs": _tabs(query, filters["status"]),
        "progress": (progress := _progress(round)),
        "pace": summary_of(round, total=progress["total"], answered=progress["answered"], at=timezone.now()),
        "staff": is_staff(request.user, round),
        "kinds": Comment.Kind.choices,
        "outcomes": Disposition.Outcome.choices,
        "pillars": range(1, 9),
        "carried_to": _carried_to(request, round),
    }
    return render(request, "consultations/desk.html", context, status=status)


def _carried_to(request: HttpRequest, round: Round) -> Draft | None:
    """The draft that the round's open comments have gone on to, for those who see what was carried there."""
    if round.draft.status != Draft.Status.SUPERSEDED or not may_see_carried(request.user):
        return None
    return successor_of(round.draft)


def _tabs(query: str, current: str) -> list[dict[str, Any]]:
    """The lists of the desk; the other filters stay as they are."""
    labels = (
        ("", _("Submitted")),
        ("late", _("Late input")),
        ("hidden", _("Hidden")),
        ("withdrawn", _("Withdrawn")),
    )
    tabs = []
    for status, label in labels:
        kept = QueryDict(query, mutable=True)
        kept.pop("status", None)
        kept.pop("page", None)
        if status:
            kept["status"] = status
        tabs.append({"label": label, "query": kept.urlencode(), "current": status == current})
    return tabs


def _chosen(request: HttpRequest, round: Round, uuid: Any) -> Any:
    try:
        comments = with_discussion(Comment.objects.visible_to(request.user)).filter(round=round, uuid=uuid)
        found = list(comments.select_related("provision__draft", "author", "anchor", "disposition__answer"))
    except (ValidationError, ValueError):
        return None
    return present_comments(found, request.user, round=round)[0] if found else None


def _progress(round: Round) -> dict[str, int]:
    """How far the answering is, counted from the comments themselves: tallies follow a little later."""
    to_answer = Comment.objects.filter(round=round, status__in=LISTED)
    counts = to_answer.aggregate(total=Count("pk"), answered=Count("disposition"))
    waiting = Disposition.objects.filter(comment__round=round, published_at__isnull=True).count()
    days = math.ceil((round.closes_at - timezone.now()).total_seconds() / 86400)
    return {
        **counts,
        "left": counts["total"] - counts["answered"],
        "unpublished": waiting,
        "mails": told_of_answers(round).count() if waiting else 0,
        "days": max(0, days),
    }


def ticked_comments(request: HttpRequest, round: Round, *, field: str = "chosen") -> list[Comment]:
    """The comments named in the form, of this round, that the caller may read."""
    uuids = []
    for value in request.POST.getlist(field)[:500]:
        try:
            uuids.append(Comment._meta.get_field("uuid").to_python(value))
        except ValidationError:
            continue
    return list(
        Comment.objects.visible_to(request.user).filter(round=round, uuid__in=uuids).order_by("number")
    )


def desk_address(
    round: Round, filters: str, *, after: Comment | None = None, request: HttpRequest | None = None
) -> str:
    """The desk again, at the next comment without an answer after ``after`` (or at it, without "next"): its list, or
    the provision from which the form was sent."""
    if provision_at(filters):
        onward = request is not None and "next" in request.POST
        return address_after(round, filters, after=after, onward=onward)
    query = QueryDict(filters, mutable=True)
    if after is not None:
        query["comment"] = str(after.uuid)
        if request is not None and "next" in request.POST:
            waiting = Comment.objects.filter(round=round, status=Comment.Status.SUBMITTED, disposition=None)
            following = waiting.filter(number__gt=after.number or 0).order_by("number").first()
            if following:
                query["comment"] = str(following.uuid)
    address = reverse("consultations:desk", args=[round.pk])
    return f"{address}?{query.urlencode()}" if query else address
