"""What was said on one provision, and the form to say more."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language

from consultations.filters import VoiceFilter
from consultations.forms.comments import CommentForm, new_form
from consultations.models import Comment, Round
from consultations.presenting import ShownComment, present_comments
from consultations.queries import comments_of, own_drafts, with_discussion, with_people
from consultations.rules import CLOSED, may_comment
from core.pagination import UncountedPaginator
from drafts.queries import ReadProvision, find_provision, page_key_of
from drafts.views.language import LANGUAGES, text_language

PER_PAGE = 10


def visible_round(request: HttpRequest, round_id: int) -> Round:
    """The round, with its draft; hidden is 404."""
    return get_object_or_404(with_people(Round.objects.visible_to(request.user)), pk=round_id)


def voices(request: HttpRequest, round_id: int, key: str = "") -> HttpResponse:
    """A provision's words, its comments and the form; with htmx the part that goes into the margin."""
    round = visible_round(request, round_id)
    row = find_row(request, round, key)
    return render_voices(request, round, row)


def find_row(request: HttpRequest, round: Round, key: str) -> ReadProvision | None:
    if not key:
        return None
    row = find_provision(round.draft, key, text_language(request))
    if row is None:
        raise Http404
    return row


def _just_sent(request: HttpRequest, round: Round) -> ShownComment | None:
    """``?sent=``: the caller's own comment that has just arrived, to be thanked for."""
    try:
        uuid = UUID(request.GET.get("sent", ""))
    except ValueError:
        return None
    own = Comment.objects.filter(round=round, uuid=uuid, author=request.user.pk, status="submitted")
    found = present_comments(with_discussion(own), request.user, round=round)
    return found[0] if found else None


def render_voices(
    request: HttpRequest,
    round: Round,
    row: ReadProvision | None,
    *,
    form: CommentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of voices; ``form`` is one that came back with errors."""
    key = row.key if row else ""
    chosen = VoiceFilter.of(request.GET)
    found = comments_of(round, request.user, provision=key).exclude(status=Comment.Status.DRAFT)
    found = chosen.narrow(found, request.user, round)
    htmx = bool(getattr(request, "htmx", False))
    # The margin shows no number of pages, so nothing is counted for it.
    paginator = UncountedPaginator if htmx else Paginator
    page = paginator(with_discussion(found), PER_PAGE).get_page(request.GET.get("page"))
    verdict = may_comment(request.user, round, at=timezone.now())
    writes = bool(verdict) or (verdict.code == CLOSED.code and form is not None)
    if writes and form is None:
        form = new_form(
            key=key,
            language=get_language() or "en",
            text_language=row.language if row else "",
            provision_text=row.printed_text if row else "",
            version=row.text.version if row and row.text else None,
        )
    text_asked = request.GET.get("text", "")
    context: dict[str, Any] = {
        "round": round,
        "draft": round.draft,
        "row": row,
        "key": key,
        # The margin stands on that page already: it needs no way back.
        "page_key": page_key_of(row.provision) if row and not htmx else "",
        "page": page,
        "comments": present_comments(page, request.user, round=round, row=row),
        "sent": _just_sent(request, round),
        "drafts": list(own_drafts(round, request.user, row.provision if row else None))
        if row
        else list(own_drafts(round, request.user).filter(provision=None)),
        "may_comment": verdict,
        "chosen": chosen,
        "kept_query": "&".join(
            filter(None, (f"text={text_asked}" if text_asked in LANGUAGES else "", chosen.query))
        ),
        "form": form if writes else None,
    }
    template = "consultations/_voices.html" if htmx else "consultations/voices.html"
    return render(request, template, context, status=status)
