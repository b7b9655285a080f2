"""Nominations that look like one person's, side by side, and what the secretariat decides of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.verdicts import Conflict
from experts.actions.duplicates import decide_duplicate
from experts.duplicates import likenesses
from experts.models import Call, Nomination
from experts.nomination_queries import in_words, trait_names
from experts.views.screening import for_screening, frame

PER_PAGE = 20


@for_screening
@require_http_methods(["GET", "HEAD", "POST"])
def duplicates(request: HttpRequest, call: Call) -> HttpResponse:
    """Pairs that look alike; POST says whether two are one person."""
    errors: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        try:
            _decide(request, call)
        except ValidationError as error:
            errors, status = {"pair": request.POST.get("pair", ""), "said": error.messages}, 400
        except Conflict as conflict:
            errors, status = {"pair": request.POST.get("pair", ""), "said": [str(conflict.reason)]}, 409
        else:
            messages.success(request, _("Kept. Both nominations stay as they are."))
            return redirect("reviewing:duplicates", call.pk)
    found = likenesses(request.user, call)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    names = trait_names(call)
    rows = [(pair, [_side(pair.first, names), _side(pair.second, names)]) for pair in page]
    context = {
        **frame(call, "duplicates"),
        "page": page,
        "rows": rows,
        "undecided": sum(pair.verdict is None for pair in found),
        "errors": errors,
        "typed": request.POST.get("reason", "")[:1000],
    }
    return render(request, "experts/duplicates.html", context, status=status)


def _side(nomination: Nomination, names: dict[str, str]) -> dict[str, Any]:
    return {"nomination": nomination, "words": in_words(nomination, names)}


def _decide(request: HttpRequest, call: Call) -> None:
    first, _dash, second = request.POST.get("pair", "").partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 16 for part in (first, second)):
        raise Http404
    said = request.POST.get("same", "")
    if said not in ("0", "1"):
        raise ValidationError(_("Say whether the two are one person."))
    decide_duplicate(
        actor=request.user,
        call=call,
        first=int(first),
        second=int(second),
        same=said == "1",
        reason=request.POST.get("reason", ""),
        seen=request.POST.get("seen", ""),
    )
