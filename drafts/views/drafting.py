"""Beginning a draft from an earlier one, and giving guidelines and drafts their names in every language."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.punctuation import listed
from core.six_languages import column
from core.verdicts import Conflict, require
from drafts.actions.drafting import begin_draft
from drafts.actions.naming import Named, name_draft, name_guidelines
from drafts.forms.drafting import BeginForm, LabelForm, StandingNamesForm, TitleForm
from drafts.models import Draft
from drafts.naming import LANGUAGES, labels_suggested, words_of
from drafts.rules import may_create_draft, may_name_draft, may_name_guidelines, may_rename_draft

FORMS: dict[str, type[StandingNamesForm]] = {"title": TitleForm, "label": LabelForm}


def _draft(request: HttpRequest, slug: str, number: int) -> Draft:
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    return get_object_or_404(drafts, guidelines__slug=slug, number=number)


@login_required
def begin(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Begin the next draft from this one: every provision with its key, its words and its translations."""
    base = _draft(request, slug, number)
    require(may_create_draft(request.user))
    suggested = {column("label", code): label for code, label in labels_suggested(base.guidelines).items()}
    form = BeginForm(
        request.POST if request.method == "POST" else None,
        language=get_language() or base.source_language,
        initial=suggested,
    )
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin_draft(actor=request.user, base=base, label=form.words)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The draft is begun. Drafters and the secretariat alone read it."))
            return redirect("editing:structure", slug, draft.number)
    status = 400 if form.is_bound else 200
    return render(request, "drafts/draft_begin.html", {"draft": base, "form": form}, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def names(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The title of the guidelines and the label of the draft in every language; ``name`` says which is saved."""
    draft = _draft(request, slug, number)
    require(may_name_draft(request.user, draft))
    if request.method != "POST":
        return _names_page(request, draft, {})
    name = request.POST.get("name", "")
    if name not in FORMS:
        return _names_page(request, draft, {}, status=400)
    form = _names_form(name, draft, request.POST)
    if not form.is_valid():
        return _names_page(request, draft, {name: form}, status=400)
    try:
        named = _save(request.user, draft, name, form)
    except ValidationError as error:
        form.take_errors(error)
        return _names_page(request, draft, {name: form}, status=400)
    except Conflict as conflict:
        draft = _draft(request, slug, number)
        form = _names_form(name, draft, request.POST)
        form.show_theirs(conflict.current["words"])
        return _names_page(request, draft, {name: form}, conflict=conflict, status=409)
    _tell(request, named)
    return redirect("drafting:names", slug, number)


def _names_form(name: str, draft: Draft, sent: Any = None) -> StandingNamesForm:
    if name == "title":
        return TitleForm(sent, standing=words_of(draft.guidelines, "title"))
    return LabelForm(sent, standing=words_of(draft, "label"), fixed=may_rename_draft(draft).reason)


def _save(user: Any, draft: Draft, name: str, form: StandingNamesForm) -> Named:
    if name == "title":
        return name_guidelines(actor=user, guidelines=draft.guidelines, titles=form.words, seen=form.seen)
    return name_draft(actor=user, draft=draft, labels=form.words, seen=form.seen)


def _tell(request: HttpRequest, named: Named) -> None:
    if named.changed:
        messages.success(request, _("Saved: %(languages)s.") % {"languages": _listed(named.changed)})
    else:
        messages.info(request, _("You changed nothing."))
    if named.theirs:
        said = _("Meanwhile somebody else changed: %(languages)s. Theirs stands.")
        messages.warning(request, said % {"languages": _listed(named.theirs)})


def _listed(codes: list[str]) -> str:
    return listed(LANGUAGES[code] for code in codes)


def _names_page(
    request: HttpRequest,
    draft: Draft,
    bound: Mapping[str, StandingNamesForm],
    *,
    conflict: Conflict | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "draft": draft,
        "forms": {name: bound.get(name) or _names_form(name, draft) for name in FORMS},
        "conflict": conflict and conflict.reason,
        "wrong": next(iter(bound.values()), None),
        "may_name_draft": may_name_draft(request.user, draft),
        "may_name_guidelines": may_name_guidelines(request.user),
    }
    return render(request, "drafts/names.html", context, status=status)
