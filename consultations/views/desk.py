"""The secretariat's desk as a page: the list, the provision with the comment, the answer."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.desk_choices import DeskChoices
from consultations.desk_filters import DeskFilter
from consultations.desk_list import head_figures, page_of, rows_of
from consultations.forms.desk import AnswerForm
from consultations.models import Comment, Round, SavedFilter
from consultations.presenting import present_comments
from consultations.progress import summary_of, tallied
from consultations.queries import with_discussion
from consultations.rules import is_staff, may_answer, may_see_carried
from consultations.views.desk_answer_pane import answer_pane, form_for
from consultations.views.desk_places import address_after, provision_at
from consultations.views.voices import visible_round
from core.verdicts import Conflict, require
from drafts.lifecycle import successor_of
from drafts.models import Draft
from drafts.queries import read_provision

SHOWN_WITH = ("provision__draft", "author", "anchor", "disposition__answer", "assignment__person")


@login_required
def desk(request: HttpRequest, round_id: int) -> HttpResponse:
    """Three panes: comments, the one chosen (``?comment=``) beside its provision, and its answer."""
    return show_desk(request, desk_round(request, round_id))


def desk_round(request: HttpRequest, round_id: int) -> Round:
    """The round, for who answers in it: hidden is 404, everyone else is told why not."""
    round = visible_round(request, round_id)
    require(may_answer(request.user, round))
    return round


def show_desk(
    request: HttpRequest,
    round: Round,
    *,
    form: AnswerForm | None = None,
    chosen: Comment | None = None,
    ticked: Collection[UUID] = (),
    status: int = 200,
    conflict: Conflict | None = None,
    pane: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page, with what a refused form holds: its comment (``chosen``), ticks and words; ``pane`` is what else its
    answer's pane is told."""
    given = asked_filters(request)
    filters = DeskFilter.of(given)
    staff = is_staff(request.user, round)
    now = timezone.now()
    counts = tallied(round, at=now)
    progress = head_figures(round, counts, publishing=staff)
    page = page_of(round, request.user, filters, given.get("page"), total=progress["total"])
    listed = rows_of(list(page), round, request.user)
    if request.GET.get("tick") == "page":
        ticked = {comment.uuid for comment in listed}
    asked = request.GET.get("comment", "")
    wanted = chosen.uuid if chosen else next((c.uuid for c in listed if str(c.uuid) == asked), asked)
    shown = _chosen(request, round, wanted) or (_chosen(request, round, listed[0].uuid) if listed else None)
    row = None
    if shown and shown.comment.provision:
        language = (
            shown.comment.anchor.language if hasattr(shown.comment, "anchor") else round.draft.source_language
        )
        row = read_provision(shown.comment.provision, language)
    form = form_for(shown, form, conflict)
    context = {
        "round": round,
        "page": page,
        "comments": listed,
        "filters": filters,
        "choices": DeskChoices(round, filters),
        "cleared": filters.without(*filters.narrowing).query,
        "saved": saved_filters(request.user, round),
        "query": _on_page(filters, page.number),
        "shown": shown,
        "row": row,
        "form": form,
        "conflict": conflict,
        "ticked": ticked,
        "work": _work_on(shown),
        "tabs": _tabs(filters),
        "progress": progress,
        "pace": summary_of(counts, at=now),
        "staff": staff,
        "carried_to": _carried_to(request, round),
        **answer_pane(round, request.user, shown, listed),
        **(pane or {}),
    }
    return render(request, "consultations/desk.html", context, status=status)


def _carried_to(request: HttpRequest, round: Round) -> Draft | None:
    """The draft that the round's open comments have gone on to, for those who see what was carried there."""
    if round.draft.status != Draft.Status.SUPERSEDED or not may_see_carried(request.user):
        return None
    return successor_of(round.draft)


def asked_filters(request: HttpRequest) -> QueryDict:
    """What the list is narrowed to: in the address, or where something was sent from the list in its form."""
    return QueryDict(request.POST.get("filters", "")) if request.method == "POST" else request.GET


def _on_page(filters: DeskFilter, number: int) -> str:
    """The part of an address that shows the same page of the same list."""
    asked = QueryDict(filters.query, mutable=True)
    if number > 1:
        asked["page"] = str(number)
    return asked.urlencode()


def saved_filters(user: Any, round: Round) -> list[SavedFilter]:
    """The caller's own, and those that others share."""
    found = SavedFilter.objects.filter(Q(owner=user.pk) | Q(shared=True), round=round)
    return list(found.select_related("owner"))


def _work_on(shown: Any) -> dict[str, Any]:
    """What the secretariat keeps beside the comment that is shown."""
    if shown is None:
        return {}
    comment = shown.comment
    person = comment.assignment.person if hasattr(comment, "assignment") else None
    return {
        "notes": list(comment.notes.select_related("author")),
        "tags": [
            tagging.tag.name for tagging in comment.taggings.select_related("tag").order_by("tag__folded")
        ],
        "person": person,
        "key": str(person.pk) if person else "",
        "act": uuid4(),
    }


def _tabs(filters: DeskFilter) -> list[dict[str, Any]]:
    """The lists of the desk; the other filters stay as they are."""
    labels = (
        ("", _("Submitted")),
        ("late", _("Late input")),
        ("hidden", _("Hidden")),
        ("withdrawn", _("Withdrawn")),
    )
    return [
        {"label": label, "query": replace(filters, status=status).query, "current": status == filters.status}
        for status, label in labels
    ]


def _chosen(request: HttpRequest, round: Round, uuid: Any) -> Any:
    try:
        comments = with_discussion(Comment.objects.visible_to(request.user)).filter(round=round, uuid=uuid)
        found = list(comments.select_related(*SHOWN_WITH))
    except (ValidationError, ValueError):
        return None
    return present_comments(found, request.user, round=round)[0] if found else None


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
            following = _next_waiting(DeskFilter.of(query), round, request.user, after)
            if following:
                query["comment"] = str(following.uuid)
    address = reverse("consultations:desk", args=[round.pk])
    return f"{address}?{query.urlencode()}" if query else address


def _next_waiting(filters: DeskFilter, round: Round, user: Any, after: Comment) -> Comment | None:
    """The next comment of the list without an answer: in the order of numbers the one after it, else the first."""
    waiting = filters.sorted(filters.find(round, user).filter(disposition=None).exclude(pk=after.pk))
    if not filters.sort:
        waiting = waiting.filter(number__gt=after.number or 0)
    return waiting.first()
