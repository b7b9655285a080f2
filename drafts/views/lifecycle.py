"""Drafts in the making: all of them, and one of them with what can be done now."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.punctuation import listed
from core.verdicts import require
from drafts.actions.circulating import circulate_draft, take_back_draft
from drafts.actions.editions import state_of_language
from drafts.actions.publishing import (
    ask_for_status,
    coming_out,
    confirm_status,
    decline_request,
    open_request_of,
    withdraw_request,
    words_meant,
)
from drafts.forms.lifecycle import (
    ActForm,
    AdoptForm,
    CirculateForm,
    DeclineForm,
    PublishForm,
    ReleaseForm,
    WordsForm,
    how_far,
)
from drafts.lifecycle import acts_on, languages_later, overview_of, steps_of, successor_of
from drafts.models import Draft, StatusRequest
from drafts.readiness import readiness_of
from drafts.rules import (
    may_check_draft,
    may_circulate,
    may_confirm,
    may_create_draft,
    may_decline,
    may_edit_draft,
    may_follow_draft,
    may_import_drafts,
    may_publish_draft,
    may_see_drafting,
    may_withdraw,
)
from drafts.translating import LanguageProgress, translation_progress
from drafts.views.language import LANGUAGES

FORMS: dict[str, type[ActForm]] = {
    "circulate": CirculateForm,
    "publish": PublishForm,
    "adopt": AdoptForm,
    "release": ReleaseForm,
    "confirm": WordsForm,
    "decline": DeclineForm,
    "withdraw": ActForm,
    "take_back": ActForm,
}
Target = StatusRequest.Target


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest) -> HttpResponse:
    """All guidelines and drafts that the caller works on: where they stand and what waits."""
    require(may_see_drafting(request.user))
    context = {
        "guidelines": overview_of(request.user),
        "may_import": may_import_drafts(request.user),
    }
    return render(request, "drafts/drafting_overview.html", context)


@require_safe
@never_cache
@login_required
def draft_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One draft: where it stands, what waits, what can be done now, what was done."""
    draft = _draft(request, slug, number)
    require(may_follow_draft(request.user, draft))
    return _page(request, draft, {})


@require_POST
@login_required
def act(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One of the acts; ``act`` names it. What is wrong is said beside its field."""
    draft = _draft(request, slug, number)
    require(may_publish_draft(request.user, draft))
    name = request.POST.get("act", "")
    if name not in FORMS:
        return _page(request, draft, {}, status=400)
    form = _form(name, draft, request.POST)
    if form.is_valid():
        try:
            done = _ACTS[name](request.user, draft, form)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, done)
            return redirect("drafting:draft", slug, number)
    return _page(request, draft, {name: form}, status=400)


def _draft(request: HttpRequest, slug: str, number: int) -> Draft:
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines", "base")
    return get_object_or_404(drafts, guidelines__slug=slug, number=number)


def _form(name: str, draft: Draft, sent: Any = None) -> ActForm:
    if name == "circulate":
        chosen = draft.access.values_list("group", flat=True)
        return CirculateForm(sent, chosen=chosen, prefix=name)
    if name == "publish":
        parts = [] if draft.is_open_to_all else translation_progress(draft)
        return PublishForm(sent, parts=parts, prefix=name)
    if name == "release":
        later = [part for part in languages_later(draft) if part.is_complete]
        ready = [(part.code, part.name, state_of_language(draft, part.code)) for part in later]
        return ReleaseForm(sent, ready=ready, prefix=name)
    return FORMS[name](sent, prefix=name)


def _page(
    request: HttpRequest, draft: Draft, bound: dict[str, ActForm], *, status: int = 200
) -> HttpResponse:
    user = request.user
    waiting = draft.status_requests.open().select_related("draft", "requested_by", "confirmed_by").first()
    may_act = may_publish_draft(user, draft)
    words = words_meant(draft, waiting.language if waiting else "") if may_act else ""
    later = languages_later(draft) if may_act else []
    context = {
        "draft": draft,
        "steps": steps_of(draft),
        "waiting": waiting,
        "words": words,
        "words_changed": bool(waiting and waiting.asked_sha256 and waiting.asked_sha256 != words and may_act),
        "may_act": may_act,
        "offers": _offers(draft, waiting, later) if may_act else [],
        "later": [(part, how_far(part)) for part in later],
        "ready": [part for part in later if part.is_complete],
        "coming_out": _names(coming_out(waiting)) if waiting and waiting.languages else "",
        "forms": {name: bound.get(name) or _new(name, draft, words) for name in FORMS} if may_act else {},
        "wrong": next(iter(bound.values()), None),
        "readiness": readiness_of([draft])[draft.pk],
        "acts": acts_on(draft),
        "successor": successor_of(draft),
        "editions": draft.editions.defer("canonical").order_by("language"),
        "readers": [access.group for access in draft.access.select_related("group").order_by("group__slug")],
        "base": draft.base
        if draft.base and Draft.objects.visible_to(user).filter(pk=draft.base_id)
        else None,
        "may_edit": may_edit_draft(user, draft),
        "may_check": may_check_draft(user, draft),
        "may_begin": may_create_draft(user),
        **_verdicts(user, waiting),
    }
    return render(request, "drafts/drafting_draft.html", context, status=status)


def _new(name: str, draft: Draft, words: str) -> ActForm:
    form = _form(name, draft)
    form.initial["words"] = words
    return form


def _verdicts(user: Any, waiting: StatusRequest | None) -> dict[str, Any]:
    if waiting is None:
        return {}
    return {
        "may_confirm": may_confirm(user, waiting),
        "may_decline": may_decline(user, waiting),
        "may_withdraw": may_withdraw(user, waiting),
    }


def _names(codes: Iterable[str]) -> str:
    return listed(LANGUAGES[code] for code in codes)


def _offers(draft: Draft, waiting: StatusRequest | None, later: Sequence[LanguageProgress]) -> list[str]:
    """What may be begun now, the most likely first."""
    offers = []
    if waiting is None:
        follow = Draft.TRANSITIONS[draft.status]
        offers = [
            name for name, to in (("publish", Target.PUBLISHED), ("adopt", Target.ADOPTED)) if to in follow
        ]
        offers[:0] = ["release"] if later else []
    if draft.status == Draft.Status.WORKING:
        offers.insert(0, "circulate")
    elif draft.status == Draft.Status.CIRCULATED:
        offers.append("circulate")
        offers += ["take_back"] if waiting is None else []
    return offers


def _circulate(user: Any, draft: Draft, form: Any) -> str:
    require(may_circulate(user, draft))
    circulate_draft(actor=user, draft=draft, groups=form.groups_chosen)
    if draft.status == Draft.Status.CIRCULATED:
        return _("The groups are changed. Those added are told by mail.")
    return _("The draft is circulated. The members of the groups are told by mail.")


def _take_back(user: Any, draft: Draft, form: Any) -> str:
    take_back_draft(actor=user, draft=draft)
    return _("The draft is a working draft again. Only those who work on it read it.")


def _publish(user: Any, draft: Draft, form: Any) -> str:
    said = form.cleaned_data
    ask_for_status(
        actor=user,
        draft=draft,
        note=said["note"],
        due_at=said["due_at"],
        languages=said.get("languages", ()),
        seen=said["words"],
    )
    return _("You asked for publication. It happens once another person has confirmed it.")


def _adopt(user: Any, draft: Draft, form: Any) -> str:
    said = form.cleaned_data
    ask_for_status(actor=user, draft=draft, target=Target.ADOPTED, note=said["note"], seen=said["words"])
    return _("You asked for the draft to be marked as adopted. Another person must confirm it.")


def _release(user: Any, draft: Draft, form: Any) -> str:
    language, words = form.chosen
    note = form.cleaned_data["note"]
    ask_for_status(actor=user, draft=draft, target=Target.RELEASED, language=language, note=note, seen=words)
    return _("You asked for the language to be released. It happens once another person has confirmed it.")


def _confirm(user: Any, draft: Draft, form: Any) -> str:
    done = confirm_status(actor=user, request=open_request_of(draft), seen=form.cleaned_data["words"])
    if done.carried_out_at is None:
        return _("Confirmed. The draft is published when its time comes.")
    if done.target == Target.ADOPTED:
        return _("The draft is marked as adopted.")
    if done.target == Target.RELEASED:
        return _("The language is released: everyone reads it.")
    return _("The draft is published.")


def _decline(user: Any, draft: Draft, form: Any) -> str:
    decline_request(actor=user, request=open_request_of(draft), reason=form.cleaned_data["reason"])
    return _("Declined. The one who asked is told why.")


def _withdraw(user: Any, draft: Draft, form: Any) -> str:
    withdraw_request(actor=user, request=open_request_of(draft))
    return _("Withdrawn: nothing waits any more.")


_ACTS: dict[str, Callable[[Any, Draft, Any], str]] = {
    "circulate": _circulate,
    "take_back": _take_back,
    "publish": _publish,
    "adopt": _adopt,
    "release": _release,
    "confirm": _confirm,
    "decline": _decline,
    "withdraw": _withdraw,
}
