"""What was carried to a draft that came out: by state, and the places that wait for a person."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.carrying import start_carrying
from consultations.actions.placing import set_place
from consultations.carried import State, carried_to, counts_of, latest_job, rows_of, with_words
from consultations.models import Comment
from consultations.rules import may_see_carried
from core.verdicts import Conflict, require
from drafts.models import Draft

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
    context = {
        "draft": draft,
        "state": state,
        "tabs": [(each, counts[each]) for each in ORDER],
        "page": page,
        "rows": rows_of(page, draft),
        "query": f"state={state}",
        "job": latest_job(draft),
    }
    return render(request, "consultations/carried.html", context)


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
    out = Draft.objects.visible_to(request.user).filter(status__in=Draft.OPEN_TO_ALL)
    draft = get_object_or_404(out.select_related("guidelines"), guidelines__slug=slug, number=number)
    require(may_see_carried(request.user))
    return draft
