"""The acts on a draft's structure: plain forms, which dragging in the tree fills in too."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.verdicts import Conflict
from drafts.actions.joining import merge_provisions, places_to_split, split_provision
from drafts.actions.structure import (
    add_provision,
    move_provision,
    remove_provision,
    restore_provision,
    step_provision,
)
from drafts.actions.taking_back import take_back
from drafts.forms.editing import AddForm, SplitForm
from drafts.marks import printed_marks
from drafts.models import Draft, Provision, StructureChange
from drafts.outline import Outline
from drafts.places import place_name
from drafts.templatetags.provisions import direction
from drafts.views.asked import number_asked
from drafts.views.editing import Opened, address_of, draft_to_edit, opened, with_errors
from drafts.workspace import kinds_near, workspace_of

LATEST = 50


@login_required
@never_cache
@require_safe
def structure(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The tree of the draft, and what was done to it, newest first; each act can be taken back."""
    draft = draft_to_edit(request, slug, number)
    changes = draft.structure_changes.select_related("author").order_by("-version")[:LATEST]
    names = {p.key: p for p in Provision.with_removed.filter(draft=draft)}
    shown = []
    for change in changes:
        provision = names.get(change.key)
        name = place_name(provision) if provision else change.key
        shown.append((change, provision, name, names.get(change.other_key)))
    context = {
        "draft": draft,
        "language": draft.source_language,
        "space": workspace_of(draft, draft.source_language),
        "changes": shown,
        "query": "",
    }
    return render(request, "drafts/edit_structure.html", context)


@login_required
@require_POST
def act(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """One act on a provision: up, down, move, remove, restore or merge."""
    draft = draft_to_edit(request, slug, number)
    provision = get_object_or_404(Provision.with_removed.filter(draft=draft), key=key)
    given = request.POST
    common: dict[str, Any] = {
        "actor": request.user,
        "structure_version": number_asked(given.get("structure_version", "")),
        "reason": given.get("reason", "")[:2000],
    }
    here: dict[str, Any] = {**common, "draft": draft, "key": key}
    acts: dict[str, tuple[Callable[[], Any], str]] = {
        "up": (lambda: step_provision(**here, by=-1), _("Moved.")),
        "down": (lambda: step_provision(**here, by=1), _("Moved.")),
        "move": (lambda: _move(draft, here, given), _("Moved.")),
        "remove": (lambda: remove_provision(**here), _("Removed. It can be brought back from the tree.")),
        "restore": (lambda: restore_provision(**here), _("It stands in the draft again.")),
        "merge": (
            lambda: merge_provisions(**common, provision=provision, other_key=given.get("other", "")),
            _("Merged."),
        ),
    }
    if given.get("act") not in acts:
        raise Http404
    perform, done = acts[given["act"]]
    return _answer(request, draft, perform, done, _after(draft, provision, given["act"]))


@login_required
@require_POST
def undo(request: HttpRequest, slug: str, number: int, version: int) -> HttpResponse:
    """Take an act on the structure back."""
    draft = draft_to_edit(request, slug, number)
    change = get_object_or_404(draft.structure_changes, version=version)
    asked = number_asked(request.POST.get("structure_version", ""))
    return _answer(
        request,
        draft,
        lambda: take_back(actor=request.user, change=change, structure_version=asked),
        _("Taken back."),
        reverse("editing:structure", args=[slug, number]),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """A new provision behind or under another one."""
    here = opened(request, slug, number, key)
    outline = Outline.of(here.draft)
    node = outline.nodes[key]
    if not node.stands:
        raise Http404
    kinds = kinds_near(outline, node)
    first = {"structure_version": here.draft.structure_version, "kind": kinds[0][0] if kinds else ""}
    form = AddForm(request.POST or None, kinds=kinds, initial=first)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        kind, _sep, where = fields.pop("kind").partition(":")
        above = node if where == "under" else node.parent
        last = [child.key for child in node.children if child.stands and child.kind != "footnote"]
        behind = key if where == "behind" else (last[-1] if last else None)
        try:
            made = add_provision(
                actor=request.user,
                draft=here.draft,
                kind=kind,
                parent=above.key if above else None,
                behind=behind,
                **fields,
            )
        except ValidationError as error:
            with_errors(form, error)
        except Conflict as conflict:
            return _conflict(request, here.draft, conflict, request.path)
        else:
            messages.success(request, _("Added."))
            return HttpResponseRedirect(address_of(here.draft, made.key))
    return _form_page(request, "drafts/edit_add.html", here, form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Where a provision is split in two."""
    here = opened(request, slug, number, key)
    language = here.words.language
    places = [
        (
            at,
            format_html(
                '<span lang="{}" dir="{}">{}</span>',
                *(language, direction(language)),
                printed_marks(here.words.text[at:].strip(), here.words.footnotes),
            ),
        )
        for at in _places(request, here)
    ]
    first = {"version": here.words.version, "structure_version": here.draft.structure_version}
    form = SplitForm(request.POST or None, places=places, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            made = split_provision(actor=request.user, provision=here.provision, **form.cleaned_data)
        except ValidationError as error:
            with_errors(form, error)
        except Conflict as conflict:
            return _conflict(request, here.draft, conflict, request.path)
        else:
            messages.success(request, _("Split. This is the second part."))
            return HttpResponseRedirect(address_of(here.draft, made.key))
    return _form_page(request, "drafts/edit_split.html", here, form)


def _places(request: HttpRequest, here: Opened) -> list[int]:
    if here.words.language != here.draft.source_language or here.provision.kind == "footnote":
        raise Http404
    return places_to_split(here.words.text)


def _form_page(request: HttpRequest, template: str, here: Opened, form: Any) -> HttpResponse:
    context = {"here": here, "draft": here.draft, "provision": here.provision, "form": form}
    context |= {"language": here.words.language, "words": here.words}
    return render(request, template, context, status=400 if form.errors else 200)


def _move(draft: Draft, here: dict[str, Any], given: Any) -> StructureChange:
    """``behind`` names the sibling to stand behind; without it, last under ``parent`` (``first``: before all)."""
    # No key holds a NUL, and no database may be asked for one.
    parent, behind = (given.get(name, "").replace("\x00", "") or None for name in ("parent", "behind"))
    if behind is None and "first" not in given:
        siblings = Provision.objects.filter(draft=draft, parent__key=parent).exclude(kind="footnote")
        last = siblings.exclude(key=here["key"]).order_by("position").last()
        behind = last.key if last else None
    return move_provision(**here, parent=parent, behind=behind)


def _after(draft: Draft, provision: Provision, done: str) -> str:
    """What is shown after an act: the provision, or what it stood under once it is gone."""
    if done != "remove":
        return address_of(draft, provision.key)
    if provision.parent:
        return address_of(draft, provision.parent.key)
    return reverse("editing:structure", args=[draft.guidelines.slug, draft.number])


def _answer(
    request: HttpRequest, draft: Draft, perform: Callable[[], Any], done: str, address: str
) -> HttpResponse:
    try:
        perform()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return HttpResponseRedirect(address)
    except Conflict as conflict:
        return _conflict(request, draft, conflict, address)
    messages.success(request, done)
    return HttpResponseRedirect(address)


def _conflict(request: HttpRequest, draft: Draft, conflict: Conflict, back: str) -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"detail": str(conflict.reason), "current": conflict.current}, status=409)
    written = [
        words for name, words in request.POST.items() if name in ("text", "heading", "reason") and words
    ]
    context = {"reason": conflict.reason, "current": conflict.current, "written": written, "back": back}
    return render(request, "core/conflict.html", context, status=409)
