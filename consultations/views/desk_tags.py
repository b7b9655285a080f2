"""The tags of a round: how often each is used, renaming, merging, deleting."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from consultations.actions.tagging import delete_tag, merge_tags, rename_tag
from consultations.assigned import tags_of
from consultations.models import Round, Tag
from consultations.views.desk import desk_round
from core.verdicts import Conflict


@login_required
def desk_tags(request: HttpRequest, round_id: int) -> HttpResponse:
    """All tags of the round with their counts; sent: what is to become of one of them."""
    round = desk_round(request, round_id)
    if request.method == "POST":
        _change(request, round)
        return redirect("consultations:desk_tags", round.pk)
    tags = list(tags_of(round))
    return render(request, "consultations/desk_tags.html", {"round": round, "tags": tags})


def _change(request: HttpRequest, round: Round) -> None:
    tag = _tag(request, round, "tag")
    try:
        if "delete" in request.POST:
            delete_tag(actor=request.user, tag=tag)
            messages.success(request, _("“%(tag)s” is deleted.") % {"tag": tag.name})
        elif "merge" in request.POST:
            into = _tag(request, round, "into")
            merge_tags(actor=request.user, tag=tag, into=into)
            words = _("“%(tag)s” is “%(into)s” now.")
            messages.success(request, words % {"tag": tag.name, "into": into.name})
        else:
            name, seen = request.POST.get("name", ""), request.POST.get("seen", "")
            rename_tag(actor=request.user, tag=tag, name=name, seen=seen)
            messages.success(request, _("The tag is renamed."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        messages.warning(request, str(conflict.reason))


def _tag(request: HttpRequest, round: Round, name: str) -> Tag:
    value = request.POST.get(name, "")
    known = value.isascii() and value.isdigit() and len(value) <= 9
    return get_object_or_404(Tag.objects.filter(round=round), pk=int(value) if known else 0)
