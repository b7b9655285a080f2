"""Internal notes, written beside the comment at the desk."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.noting import delete_note, edit_note, write_note
from consultations.models import Note, Round
from consultations.views.desk import desk_address, desk_round, ticked_comments
from core.verdicts import Conflict


@login_required
@require_POST
def desk_note(request: HttpRequest, round_id: int) -> HttpResponse:
    """Write a note on the comment shown, change one's own, or (button "delete") delete it."""
    round = desk_round(request, round_id)
    note = _note(request, round)
    comment = note.comment if note else next(iter(ticked_comments(request, round, field="comment")), None)
    filters = request.POST.get("filters", "")
    body = request.POST.get("body", "")
    try:
        if comment is None:
            messages.error(request, _("Choose at least one comment."))
        elif note is None:
            write_note(actor=request.user, comment=comment, body=body)
        elif "delete" in request.POST:
            delete_note(actor=request.user, note=note)
            messages.success(request, _("The note is deleted."))
        else:
            edit_note(actor=request.user, note=note, body=body, version=_number(request, "version"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        # What was typed isn't lost: it is given back to be looked at beside what stands now.
        messages.warning(request, f"{conflict.reason} “{body}”")
    return redirect(desk_address(round, filters, after=comment) + "#notes")


def _note(request: HttpRequest, round: Round) -> Note | None:
    if "note" not in request.POST:
        return None
    found = Note.objects.filter(comment__round=round).select_related("comment__round")
    return get_object_or_404(found, pk=_number(request, "note"))


def _number(request: HttpRequest, name: str) -> int:
    value = request.POST.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 9 else 0
