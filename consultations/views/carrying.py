"""What was carried to a draft that came out: by state, and the places that wait for a person."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from consultations.actions.carrying import start_carrying
from consultations.actions.placing import set_place
from consultations.carried import State, carried_to, counts_of, latest_job, rows_of, standing_in, with_words
from consultations.models import Comment
from consultations.presenting import present_comments
from consultations.queries import with_discussion
from consultations.rules import may_see_carried
from core.verdicts import Conflict, require
from core.views import STOP_POLLING
from drafts.models import Draft
from drafts.queries import find_provision, page_key_of
from drafts.views.language import text_language

PER_PAGE = 20
ORDER = (State.PROPOSED, State.ORPHANED, State.MAPPED, State.EXACT)


@login_required
def carried(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The comments carried to a draft, those first that wait for a person."""
    draft = _draft(request, slug, number)
    found = carried_to(draft, request.user)
    counts = counts_of(found)
    asked = request.GET.get("state", "")
    state = State(asked) if asked in State.values else next((s for s in ORDER if counts[s]), State.PROPOSED)
    listed = with_words(found.filter(state=state)).order_by("provision__position", "comment")
    page = Paginator(listed, PER_PAGE).get_page(request.GET.get("page"))
    job = latest_job(draft)
    context = {
        "draft": draft,
        "state": state,
        "tabs": [(each, counts[each]) for each in ORDER],
        "page": page,
        "rows": rows_of(page, draft),
        "query": f"state={state}",
        "job": job,
    }
    if getattr(request, "htmx", False):
        status = STOP_POLLING if job is None or job.finished else 200
        return render(request, "consultations/_carried_job.html", context, status=status)
    return render(request, "consultations/carried.html", context)


@require_safe
def carried_on(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """For every reader of a draft: what was said of a provision in earlier drafts and is still open."""
    draft = _draft_that_is_out(request, slug, number)
    row = find_provision(draft, key, text_language(request))
    if row is None:
        raise Http404
    found = with_words(standing_in(draft, request.user).filter(provision=row.provision)).order_by("comment")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = rows_of(page, draft)
    discussed = with_discussion(Comment.objects.filter(pk__in=[each.comment.pk for each in rows]))
    shown = {each.comment.pk: each for each in present_comments(discussed, request.user)}
    context = {
        "draft": draft,
        "row": row,
        "page": page,
        "carried": [(each, shown[each.comment.pk]) for each in rows if each.comment.pk in shown],
        "page_key": page_key_of(row.provision),
        "query": "",
    }
    return render(request, "consultations/carried_on.html", context)


@login_required
@require_POST
def carry_again(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Also what was said since; what a person has confirmed stays."""
    draft = _draft(request, slug, number)
    start_carrying(draft=draft, actor=request.user)
    messages.success(request, _("Comments are being carried. What was confirmed stays."))
    return redirect("consultations:carried", slug, number)


@login_required
@require_POST
def place(request: HttpRequest, slug: str, number: int, uuid: UUID) -> HttpResponse:
    """Confirm a place, set another one, or say that nothing stands for the quote."""
    draft = _draft(request, slug, number)
    comment = get_object_or_404(Comment.objects.visible_to(request.user), uuid=uuid)
    version = request.POST.get("version", "")
    words = "" if "nowhere" in request.POST else request.POST.get("exact", "")
    try:
        if "nowhere" not in request.POST and not words.strip():
            raise ValidationError(_("Quote the words that stand for it."))
        set_place(
            actor=request.user,
            comment=comment,
            draft=draft,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            exact=words,
            place=request.POST.get("place", ""),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        messages.warning(request, str(conflict.reason))
    else:
        messages.success(request, _("The place is set."))
    asked = request.POST.get("state", "")
    query = f"?state={asked}" if asked in State.values else ""
    return redirect(reverse("consultations:carried", args=[slug, number]) + query)


def _draft(request: HttpRequest, slug: str, number: int) -> Draft:
    draft = _draft_that_is_out(request, slug, number)
    require(may_see_carried(request.user))
    return draft


def _draft_that_is_out(request: HttpRequest, slug: str, number: int) -> Draft:
    out = Draft.objects.visible_to(request.user).filter(status__in=Draft.OPEN_TO_ALL)
    return get_object_or_404(out.select_related("guidelines"), guidelines__slug=slug, number=number)
