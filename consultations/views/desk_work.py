"""Who answers which comments, and their tags: for one comment, those ticked, or all that a filter finds."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from consultations.actions.assigning import assign_comment, assign_comments
from consultations.actions.tagging import names_in, tag_comments
from consultations.assigned import answerers, shares_of
from consultations.desk_choices import DeskChoices
from consultations.desk_filters import DeskFilter
from consultations.forms.desk_work import WorkForm
from consultations.models import Comment, Round
from consultations.views.desk import asked_filters, desk_address, desk_round, ticked_comments
from core.verdicts import Conflict

MOST = 5_000  # comments at once: more is rather a mistake, and can be done in parts


@login_required
def desk_people(request: HttpRequest, round_id: int) -> HttpResponse:
    """Who answers: how much lies with each."""
    round = desk_round(request, round_id)
    return render(request, "consultations/desk_people.html", {"round": round, "shares": shares_of(round)})


@login_required
def desk_work(request: HttpRequest, round_id: int) -> HttpResponse:
    """What to do with the comments ticked, or (``all``) with all that the filter finds; then doing it."""
    round = desk_round(request, round_id)
    given = asked_filters(request)
    filters = DeskFilter.of(given)
    everything = "all" in request.GET or "all" in request.POST
    keys = _found(request, round, filters) if everything else [c.pk for c in ticked_comments(request, round)]
    if not keys:
        messages.error(request, _("Choose at least one comment."))
        return redirect(desk_address(round, given.urlencode()))
    sent = request.POST if "act" in request.POST else None
    form = WorkForm(sent, round=round, actor=request.user, initial={"act": uuid4()})
    status, changed = 200, False
    if sent is not None:
        status = 400
        changed = everything and sent.get("count") != str(len(keys))
        if changed:
            status = 409
        elif len(keys) <= MOST and form.is_valid() and _done(request, round, form, keys):
            return redirect(desk_address(round, given.urlencode()))
    context = {
        "round": round,
        "form": form,
        "n": len(keys),
        "most": MOST if len(keys) > MOST else 0,
        "everything": everything,
        "changed": changed,
        "chosen": request.POST.getlist("chosen")[:500],
        "filters": given.urlencode(),
        "choices": DeskChoices(round, filters),
        "back": desk_address(round, given.urlencode()),
    }
    return render(request, "consultations/desk_work.html", context, status=status)


def _found(request: HttpRequest, round: Round, filters: DeskFilter) -> list[int]:
    """The keys of all that is found; of too many one more than can be done."""
    found = filters.find(round, request.user).order_by("pk").values_list("pk", flat=True)
    return list(found[: MOST + 1])


def _done(request: HttpRequest, round: Round, form: WorkForm, keys: list[int]) -> bool:
    """Do what the form says and tell of it; False where something in it was wrong."""
    try:
        if form.tags_added or form.tags_removed:
            n = tag_comments(
                actor=request.user,
                round=round,
                comments=keys,
                add=form.tags_added,
                remove=form.tags_removed,
            )
            words = ngettext("Tags changed on %(n)d comment.", "Tags changed on %(n)d comments.", n)
            messages.success(request, words % {"n": n})
        if form.assigns:
            person, act = form.person_chosen, form.cleaned_data["act"]
            n = assign_comments(actor=request.user, round=round, comments=keys, person=person, act=act)
            messages.success(request, _told(person, n))
    except ValidationError as error:
        form.take_errors(error)
        return False
    return True


def _told(person: Any, n: int) -> str:
    if person is None:
        words = ngettext("Assigned to nobody: %(n)d comment.", "Assigned to nobody: %(n)d comments.", n)
        return words % {"n": n}
    words = ngettext("Assigned to %(name)s: %(n)d comment.", "Assigned to %(name)s: %(n)d comments.", n)
    return words % {"name": person.shown_name, "n": n}


@login_required
@require_POST
def desk_assign(request: HttpRequest, round_id: int) -> HttpResponse:
    """Give one comment to somebody (button "me": to the caller), or to nobody."""
    round = desk_round(request, round_id)
    comment = _one(request, round)
    filters = request.POST.get("filters", "")
    if comment is None:
        return redirect(desk_address(round, filters))
    asked = str(request.user.pk) if "me" in request.POST else request.POST.get("person", "")
    person = next((p for p in answerers(round) if str(p.pk) == asked), None)
    try:
        if asked and person is None:
            raise ValidationError(_("Choose somebody who may answer in this round."))
        seen = request.POST.get("seen", "")
        assign_comment(
            actor=request.user,
            comment=comment,
            person=person,
            seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) <= 15 else None,
            act=_act(request),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        messages.warning(request, str(conflict.reason))
    else:
        messages.success(request, _told(person, 1))
    return redirect(desk_address(round, filters, after=comment))


@login_required
@require_POST
def desk_tag(request: HttpRequest, round_id: int) -> HttpResponse:
    """Set the tags of one comment: those typed come on; those that stood there when it was opened and are no longer
    typed come off. What somebody added meanwhile stays."""
    round = desk_round(request, round_id)
    comment = _one(request, round)
    filters = request.POST.get("filters", "")
    if comment is None:
        return redirect(desk_address(round, filters))
    typed, seen = names_in(request.POST.get("tags", "")), names_in(request.POST.get("seen", ""))
    gone = {name for name in seen if name.casefold() not in {each.casefold() for each in typed}}
    off = [t.tag_id for t in comment.taggings.select_related("tag") if t.tag.name in gone]
    try:
        tag_comments(actor=request.user, round=round, comments=[comment.pk], add=typed, remove=off)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(desk_address(round, filters, after=comment))


def _one(request: HttpRequest, round: Round) -> Comment | None:
    comment = next(iter(ticked_comments(request, round, field="comment")), None)
    if comment is None:
        messages.error(request, _("Choose at least one comment."))
    return comment


def _act(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("act", ""))
    except ValueError:
        return uuid4()
