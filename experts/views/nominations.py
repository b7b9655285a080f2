"""One nomination: what it says, changing it, handing it in, endorsing, giving back, withdrawing."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Country
from accounts.queries import consent_text, newest_version
from accounts.templatetags.moments import day_in_words
from core.verdicts import Conflict, require
from experts import links
from experts.actions.linking import resend_link
from experts.actions.nominating import tell_nominee
from experts.actions.papers import add_paper, remove_paper
from experts.actions.submitting import CONSENT, endorse, give_back, hand_in, hand_in_entered, withdraw
from experts.actions.writing import save_words
from experts.completeness import Gap, gaps_of_entry, gaps_of_nominee, letter_is_missing
from experts.counting import count_words
from experts.forms.nominations import NominationForm, initial_of, paper_field
from experts.models import CallPaper, Nomination, PaperReading
from experts.nomination_queries import history, in_words, paper_asked, trait_names, with_all
from experts.nominee_records import reader_in_words
from experts.queries import is_represented
from experts.retention import papers_until
from experts.rules import (
    is_nominee,
    may_edit_nomination,
    may_endorse,
    may_give_paper,
    may_withdraw,
    speaks_for_country,
)
from experts.sight import Sight
from experts.views.nominating import BADGES

S, Way = Nomination.State, Nomination.Way
LETTER = CallPaper.Kind.LETTER
UNFINISHED = (S.DRAFT, S.AWAITING_NOMINEE)
View = Callable[..., HttpResponse]


def find(request: HttpRequest, uuid: UUID) -> Nomination:
    """The nomination, whole, where the caller may know of it; 404 otherwise."""
    return get_object_or_404(with_all(Nomination.objects.visible_to(request.user)), uuid=uuid)


@login_required
@require_safe
def nomination_detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the nomination says, as far as the caller sees it, what happened to it, and what they may do."""
    nomination, sight = find(request, uuid), Sight.of(request.user)
    user: Any = request.user
    reads_as, now = sight.reads_as(nomination), timezone.now()
    state = Nomination.State(sight.state_of(nomination))
    closes_at, endorsed_until = nomination.call.deadlines_for(nomination.country_id)
    mine, for_country = is_nominee(user, nomination), speaks_for_country(user, nomination)
    letter = paper_asked(nomination.call, LETTER)
    nationalities = Country.objects.filter(
        pk__in=[t.value for t in nomination.traits.all() if t.kind == "nationality"]
    ).values_list("pk", "name")
    names = trait_names(nomination.call) | {f"nationality:{pk}": name for pk, name in nationalities}
    context = {
        "nomination": nomination,
        "call": nomination.call,
        "state": state,
        "badge": BADGES.get(state, ""),
        "reads_as": reads_as,
        "mine": mine,
        "traits": in_words(nomination, names),
        "words": count_words(nomination.motivation),
        "closes_at": closes_at,
        "endorsed_until": endorsed_until,
        "closed": now >= nomination.call.accepts_until(closes_at),
        "gaps": gaps_of_nominee(nomination) if mine and state in UNFINISHED else [],
        "moves": [(made, _by_whom(made, nomination)) for made in history(nomination, sight)],
        "returned": _returned(nomination) if mine and state in UNFINISHED else None,
        "readings": _readings(nomination) if mine else [],
        **_paper_days(nomination, state),
        "sees_interests": reads_as in (PaperReading.As.NOMINEE, PaperReading.As.SECRETARIAT),
        "may_edit": may_edit_nomination(user, nomination, at=now),
        "may_endorse": may_endorse(user, nomination, at=now),
        "may_withdraw": may_withdraw(user, nomination),
        "letter_field": _bound(letter) if letter else None,
        "may_give_letter": bool(letter) and may_give_paper(user, nomination, LETTER, at=now),
        "letter_missing": letter_is_missing(nomination),
        "may_tell": for_country and nomination.way == Way.NOMINATED and state in UNFINISHED and not mine,
        "told": getattr(nomination, "link", None),
        "represented": is_represented(nomination.country_id),
        "call_path": links.call_page(nomination.call_id),
        "list": links.list_of(user, nomination),
    }
    return render(request, "experts/nomination_detail.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def nomination_edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change what a nomination says. What another window saved meanwhile is shown beside what stands here."""
    nomination = find(request, uuid)
    require(may_edit_nomination(request.user, nomination, at=timezone.now()))
    if request.method != "POST":
        return _show_form(request, nomination, _form(request, nomination))
    form = _form(request, nomination, request.POST, request.FILES)
    if not form.is_valid():
        return _show_form(request, nomination, form, status=400)
    if form.cleaned_data["version"] != nomination.version:
        return _show_conflict(request, nomination, form)
    try:
        changed = save_words(
            actor=request.user, nomination=nomination, version=nomination.version, changes=form.changes
        )
        for kind, file in form.given_papers.items():
            add_paper(actor=request.user, nomination=find(request, uuid), kind=kind, file=file)
        if (gone := request.POST.get("remove", "")) in CallPaper.Kind.values:
            remove_paper(actor=request.user, nomination=find(request, uuid), kind=gone)
    except ValidationError as error:
        form.take_errors(error)
        # The words may have been kept before a paper was refused.
        _set_version(form, find(request, uuid))
        return _show_form(request, find(request, uuid), form, status=400)
    except Conflict:
        return _show_conflict(request, find(request, uuid), form)
    messages.success(request, _("Saved."))
    if "check" in request.POST and changed.state in UNFINISHED:
        return redirect("nominations:hand_in", uuid)
    if "check" in request.POST or gone:
        return redirect("nominations:nomination_edit" if gone else "nominations:nomination_detail", uuid)
    return redirect("nominations:nomination_edit", uuid)


@require_POST
def nomination_keep(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Save a draft while it is typed, for programs: fields that can't be kept are named, the others are saved.

    409 with the version that stands where another window saved meanwhile; nothing is overwritten.
    """
    if not request.user.is_authenticated:
        return JsonResponse({"detail": _("You are not signed in.")}, status=401)
    nomination = find(request, uuid)
    if nomination.state not in UNFINISHED:
        raise Http404
    require(may_edit_nomination(request.user, nomination, at=timezone.now()))
    form = _form(request, nomination, request.POST)
    form.is_valid()
    version = form.cleaned_data.get("version")
    if version != nomination.version:
        return JsonResponse({"version": nomination.version}, status=409)
    changes, wrong = form.changes, set(form.errors)
    try:
        try:
            saved = save_words(actor=request.user, nomination=nomination, version=version, changes=changes)
        except ValidationError as error:
            wrong |= set(error.message_dict)
            rest = {name: value for name, value in changes.items() if name not in error.message_dict}
            saved = save_words(actor=request.user, nomination=nomination, version=version, changes=rest)
    except Conflict as conflict:
        return JsonResponse(conflict.current, status=409)
    return JsonResponse({"version": saved.version, "wrong": sorted(wrong)})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in_page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What is missing, with the way there; and, once nothing is, the consent and the button."""
    nomination = find(request, uuid)
    mine = is_nominee(request.user, nomination)
    entered = nomination.way == Way.ENTERED and Sight.of(request.user).is_secretariat(nomination)
    if not (mine or entered):
        raise Http404
    if request.method != "POST" and nomination.state not in UNFINISHED:
        return redirect("nominations:nomination_detail", uuid)
    text = consent_text(newest_version(CONSENT), get_language() or "en", CONSENT)
    errors: dict[str, Any] = {}
    if request.method == "POST":
        given = request.POST.get("version", "")
        version = int(given) if given.isdecimal() and len(given) < 9 else 0
        agreed = request.POST.get("consent") == str(text.pk if text else "")
        try:
            if entered:
                done = hand_in_entered(actor=request.user, nomination=nomination, version=version)
            else:
                done = hand_in(
                    actor=request.user,
                    nomination=nomination,
                    version=version,
                    consent=text if agreed else None,
                    declared="declared" in request.POST,
                )
            return _after_handing_in(request, done)
        except ValidationError as error:
            errors = error.message_dict
        except Conflict as conflict:
            errors = {"conflict": [str(conflict.reason)]}
        nomination = find(request, uuid)
    gaps: list[Gap] = gaps_of_entry(nomination) if entered else gaps_of_nominee(nomination)
    closes_at, endorsed_until = nomination.call.deadlines_for(nomination.country_id)
    context = {
        "nomination": nomination,
        "call": nomination.call,
        "gaps": gaps,
        "errors": errors,
        "text": text,
        "entered": entered,
        "state": Sight.of(request.user).state_of(nomination),
        "represented": is_represented(nomination.country_id),
        "closes_at": closes_at,
        "endorsed_until": endorsed_until,
        "closed": timezone.now() >= nomination.call.accepts_until(closes_at),
        "letter_missing": letter_is_missing(nomination),
    }
    status = 409 if "conflict" in errors else 400 if errors else 200
    return render(request, "experts/hand_in.html", context, status=status)


def _after_handing_in(request: HttpRequest, nomination: Nomination) -> HttpResponse:
    if nomination.state in UNFINISHED:
        messages.warning(
            request, _("The call has closed: your nomination was not handed in. It is kept here as a draft.")
        )
    elif nomination.state == S.AWAITING_ENDORSEMENT:
        messages.success(request, _("Handed in. Next, the focal point of the country endorses it."))
    else:
        messages.success(request, _("Handed in. A receipt is on its way to you."))
    return redirect("nominations:nomination_detail", nomination.uuid)


def act(view: Callable[[HttpRequest, Nomination], str]) -> View:
    """A button of the nomination's page: what went wrong is told there."""

    @login_required
    @require_POST
    @wraps(view)
    def pressed(request: HttpRequest, uuid: UUID) -> HttpResponse:
        try:
            messages.success(request, view(request, find(request, uuid)))
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
        except Conflict as conflict:
            messages.error(request, str(conflict.reason))
        return redirect("nominations:nomination_detail", uuid)

    return pressed


@act
def nomination_endorse(request: HttpRequest, nomination: Nomination) -> str:
    """The letter first, where one comes along; then the endorsement."""
    given = request.POST.get("version", "")
    if file := request.FILES.get("paper_letter"):
        add_paper(actor=request.user, nomination=nomination, kind=LETTER, file=file)
    if "letter_only" in request.POST:
        return _("The letter is kept.")
    version = int(given) if given.isdecimal() and len(given) < 9 else None
    endorse(actor=request.user, nomination=nomination, version=version)
    return _("Endorsed. The secretariat considers it now, and the nominee is told.")


@act
def nomination_return(request: HttpRequest, nomination: Nomination) -> str:
    give_back(actor=request.user, nomination=nomination, reason=request.POST.get("reason", ""))
    return _("Given back. The nominee is told why.")


@act
def nomination_withdraw(request: HttpRequest, nomination: Nomination) -> str:
    withdraw(actor=request.user, nomination=nomination, reason=request.POST.get("reason", ""))
    return _("The nomination is withdrawn.")


@act
def nomination_tell(request: HttpRequest, nomination: Nomination) -> str:
    """Tell the nominee: of a draft for the first time, or again."""
    if nomination.state == S.DRAFT:
        told = tell_nominee(
            actor=request.user,
            nomination=nomination,
            version=nomination.version,
            attested="attested" in request.POST,
        )
        if told.state == S.DRAFT:
            raise ValidationError(
                _("The call has closed. What you wrote is kept as a draft; nobody was told.")
            )
    else:
        resend_link(actor=request.user, nomination=nomination)
    return _("A mail is on its way to %(name)s.") % {"name": nomination.name}


def _form(request: HttpRequest, nomination: Nomination, *sent: Any) -> NominationForm:
    user: Any = request.user
    now = timezone.now()
    kinds = [p.kind for p in nomination.call.papers.all() if may_give_paper(user, nomination, p.kind, at=now)]
    return NominationForm(*sent, nomination=nomination, own=is_nominee(user, nomination), paper_kinds=kinds)


def _bound(paper: CallPaper) -> Any:
    form = forms.Form()
    form.fields[f"paper_{paper.kind}"] = paper_field(paper)
    return form[f"paper_{paper.kind}"]


def _show_form(
    request: HttpRequest, nomination: Nomination, form: NominationForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    closes_at, _endorsed = nomination.call.deadlines_for(nomination.country_id)
    context = {
        "nomination": nomination,
        "call": nomination.call,
        "form": form,
        "sections": list(form.shown_sections()),
        "papers": {paper.kind: paper for paper in nomination.papers.all()},
        "mine": is_nominee(request.user, nomination),
        "draft": nomination.state in UNFINISHED,
        "words": count_words(str(form["motivation"].value() or "")),
        "closes_at": closes_at,
        "closed": timezone.now() >= nomination.call.accepts_until(closes_at),
        **more,
    }
    return render(request, "experts/nomination_edit.html", context, status=status)


def _show_conflict(request: HttpRequest, nomination: Nomination, form: NominationForm) -> HttpResponse:
    """What stands now beside what was sent, field by field; sending again replaces it."""
    standing = {name: _comparable(value) for name, value in initial_of(nomination).items()}
    others = [
        (form[name].label, standing.get(name) or "–")
        for name, value in form.cleaned_data.items()
        if name != "version"
        and not name.startswith("paper_")
        and _comparable(value) != standing.get(name, "")
    ]
    _set_version(form, nomination)
    return _show_form(request, nomination, form, status=409, conflict=others)


def _set_version(form: NominationForm, nomination: Nomination) -> None:
    sent: Any = form.data.copy()  # type: ignore[attr-defined]
    sent["version"] = nomination.version
    form.data = sent


def _comparable(value: Any) -> str:
    if isinstance(value, Country):
        return str(value.pk)
    if isinstance(value, list | tuple):
        return " ".join(sorted(map(str, value)))
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def _by_whom(made: Any, nomination: Nomination) -> str:
    """As what somebody moved a nomination: what they are is told rather than their name."""
    if made.on_behalf:
        return _("The secretariat, on behalf")
    if made.by_id is None or made.by_id == nomination.nominee_id:
        return _("The nominee")
    if made.after in (*Nomination.UNFINISHED, S.SUBMITTED, S.WITHDRAWN) and nomination.way != Way.ENTERED:
        return _("The focal point of the country")
    return _("The secretariat")


def _paper_days(nomination: Nomination, state: str) -> dict[str, Any]:
    """Until when the papers are kept, and since when they are gone. By the state as it is told, so that no date tells
    of a decision before it is announced."""
    until = papers_until(nomination) if state != S.SUBMITTED else None
    removed = nomination.papers_removed_at
    return {
        "papers_until": until,
        "kept_until": day_in_words(until) if until else "",
        "removed_on": day_in_words(removed) if removed else "",
        "undecided": () if nomination.call.decided_at else tuple(S.values),
    }


def _returned(nomination: Nomination) -> Any:
    """The move by which the focal point gave it back, where that was the last one."""
    last = list(nomination.moves.all())[-1:]
    return last[0] if last and last[0].before == S.AWAITING_ENDORSEMENT and last[0].reason else None


def _readings(nomination: Nomination) -> list[tuple[PaperReading, str]]:
    found = nomination.readings.exclude(reader=nomination.nominee_id).select_related("nomination__call")
    return [(reading, reader_in_words(reading)) for reading in found.order_by("-at")[:50]]
