"""What a second reader does at the desk: agreeing to answers, sending one back."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations.actions.second_reading import agree_to_answers, send_answer_back
from consultations.models import Comment, Round
from consultations.views.desk import desk_address, desk_round, ticked_comments
from consultations.views.desk_provisions import show_where
from core.verdicts import Conflict, Refusal


@login_required
@require_POST
def desk_agree(request: HttpRequest, round_id: int) -> HttpResponse:
    """Agree to the answer of the comment chosen, or (ticked ones) to theirs, as they were read."""
    round = desk_round(request, round_id)
    ticked = ticked_comments(request, round)
    chosen = ticked or ticked_comments(request, round, field="comment")
    try:
        agreed = agree_to_answers(actor=request.user, seen=_seen(request, chosen))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except (Conflict, Refusal) as refused:
        return _refused(request, round, chosen, ticked, refused)
    else:
        n = len(agreed)
        said = ngettext("You have agreed to %(n)d answer.", "You have agreed to %(n)d answers.", n) % {"n": n}
        messages.success(request, said)
    after = chosen[0] if chosen and not ticked else None
    return redirect(desk_address(round, request.POST.get("filters", ""), after=after))


@login_required
@require_POST
def desk_send_back(request: HttpRequest, round_id: int) -> HttpResponse:
    """Send the answer of the comment chosen back to whoever wrote it, with a note."""
    round = desk_round(request, round_id)
    chosen = ticked_comments(request, round, field="comment")
    if not chosen:
        messages.error(request, _("Choose at least one comment."))
        return redirect(desk_address(round, request.POST.get("filters", "")))
    seen = _seen(request, chosen)
    try:
        send_answer_back(
            actor=request.user,
            comment=chosen[0],
            version=seen[chosen[0]],
            note=request.POST.get("note", ""),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except (Conflict, Refusal) as refused:
        return _refused(request, round, chosen, [], refused)
    else:
        messages.success(request, _("The answer is sent back; whoever wrote it is told."))
    return redirect(desk_address(round, request.POST.get("filters", ""), after=chosen[0]))


def _seen(request: HttpRequest, comments: list[Comment]) -> dict[Comment, int]:
    """The versions at which the page showed the answers; 0, which none has, where it didn't."""
    versions: dict[UUID, int] = {}
    for given in request.POST.getlist("seen")[:500]:
        uuid, _colon, version = given.partition(":")
        try:
            versions[UUID(uuid)] = int(version[:9])
        except ValueError:
            continue
    return {comment: versions.get(comment.uuid, 0) for comment in comments}


def _refused(
    request: HttpRequest,
    round: Round,
    chosen: list[Comment],
    ticked: list[Comment],
    refused: Conflict | Refusal,
) -> HttpResponse:
    messages.error(request, str(refused))
    status = 409 if isinstance(refused, Conflict) else 403
    shown = chosen[0] if chosen else None
    return show_where(request, round, chosen=shown, ticked={c.uuid for c in ticked}, status=status)
