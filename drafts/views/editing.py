"""A drafter's workspace: one provision to be edited, with the tree of the draft at its side."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.verdicts import Conflict, require
from drafts.actions.presence import be_gone, be_present
from drafts.actions.revising import drop_work, keep_work, restore_revision, revise_provision
from drafts.forms.editing import WordsForm
from drafts.marks import MARK, kept_marks, printed_marks
from drafts.merging import merged
from drafts.models import Draft, Provision, ProvisionText, Revision, WorkInProgress
from drafts.places import place_in_a_list
from drafts.queries import read_provision
from drafts.reasons import back_to
from drafts.rules import may_edit_draft
from drafts.slots import workspace_parts
from drafts.templatetags.provisions import direction
from drafts.terms import terms_of
from drafts.views.asked import number_asked
from drafts.views.language import LANGUAGES, languages_of
from drafts.wordings import revisions_of
from drafts.workspace import content_to_edit, merged_into, names_of, workspace_of
from drafts.writing import printed_numbers, redline_as_read, same_words, with_keys

Here = TypeVar("Here", bound="Opened")
Form = TypeVar("Form", bound=forms.Form)


@dataclass
class Opened:
    """What an address of the workspace names."""

    draft: Draft
    provision: Provision
    words: ProvisionText

    @property
    def address(self) -> str:
        return address_of(self.draft, self.provision.key, self.words.language)

    @property
    def name(self) -> str:
        return place_in_a_list(self.provision, self.words.heading)

    def form(self, *args: Any, **kwargs: Any) -> WordsForm:
        language = self.words.language
        return WordsForm(*args, language=language, direction=direction(language), **kwargs)

    def revision(self, version: int) -> Revision | None:
        """The wording that the writer began with; None where there never was such a one."""
        return self.words.revisions.filter(version=version).first()


def address_of(draft: Draft, key: str, language: str = "", name: str = "editing:edit") -> str:
    address = reverse(name, args=[draft.guidelines.slug, draft.number, key])
    return f"{address}?text={language}" if language and language != draft.source_language else address


def draft_to_edit(request: HttpRequest, slug: str, number: int) -> Draft:
    """The draft, for who may change it: hidden is 404, everyone else is told why not."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    draft = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    require(may_edit_draft(request.user, draft))
    return draft


def opened(request: HttpRequest, slug: str, number: int, key: str) -> Opened:
    draft = draft_to_edit(request, slug, number)
    provision = get_object_or_404(Provision.with_removed.filter(draft=draft), key=key)
    texts = {text.language: text for text in ProvisionText.objects.filter(provision=provision)}
    asked = request.GET.get("text", "")
    words = texts.get(asked if asked in LANGUAGES else "") or texts.get(draft.source_language)
    if words is None:
        raise Http404
    words.provision = provision
    provision.draft = draft
    return Opened(draft, provision, words)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """The provision in its fields; saving makes a revision."""
    here = opened(request, slug, number, key)
    if request.method == "POST":
        return save(request, here, _revise, _page)
    initial, work = begun(request, here)
    return _page(request, here, here.form(initial=initial), work=work)


def begun(request: HttpRequest, here: Opened) -> tuple[dict[str, Any], WorkInProgress | None]:
    """What stands in the fields of the page: the words as they were saved, or what the reader was writing."""
    work = WorkInProgress.objects.on(request.user, here.words).first()
    initial: dict[str, Any] = {**content_to_edit(here.words), "version": here.words.version}
    if work is not None:
        initial |= {**work.content, "version": work.base_version}
    return initial, work


@login_required
@never_cache
@require_POST
def work(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Keep what is being written, or throw it away (``drop``); tells whether somebody saved meanwhile."""
    return keep_unsaved(request, opened(request, slug, number, key))


def keep_unsaved(request: HttpRequest, here: Opened) -> HttpResponse:
    """Keep what is being written of ``here``, or throw it away; at the desk of translations as here."""
    if "drop" in request.POST:
        drop_work(actor=request.user, words=here.words)
        messages.success(request, _("Your unsaved words were thrown away."))
        return HttpResponseRedirect(here.address)
    form = here.form(request.POST)
    if not form.is_valid():
        return JsonResponse({"errors": form.errors}, status=400)
    content = {name: str(given) for name, given in form.cleaned_data.items()}
    version = int(content.pop("version"))
    content |= {f"note-{label}": words for label, words in _new_notes_given(request).items() if words}
    try:
        keep_work(actor=request.user, words=here.words, base_version=version, content=content)
    except ValidationError as error:
        return JsonResponse({"errors": error.message_dict}, status=400)
    return JsonResponse({"version": here.words.version})


@login_required
@never_cache
@require_POST
def presence(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """The page is open (or, with ``gone``, left): who else has it open, and the version that stands."""
    return tell_presence(request, opened(request, slug, number, key))


def tell_presence(request: HttpRequest, here: Opened) -> HttpResponse:
    """Note who has ``here`` open, or has left it; at the desk of translations as here."""
    if "gone" in request.POST:
        be_gone(actor=request.user, provision=here.provision)
        return JsonResponse({})
    others = be_present(actor=request.user, provision=here.provision, language=here.words.language)
    return JsonResponse({"others": others, "version": here.words.version})


@login_required
@require_POST
def restore(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Give the provision an earlier wording again."""
    here = opened(request, slug, number, key)
    asked = request.POST.get("revision", "")
    revision = get_object_or_404(here.words.revisions, version=number_asked(asked))
    revision.provision_text = here.words
    try:
        restore_revision(
            actor=request.user,
            revision=revision,
            version=number_asked(request.POST.get("version", "")),
            reason=request.POST.get("reason", "") or back_to(revision.version),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        context = {"reason": conflict.reason, "written": [], "back": here.address}
        return render(request, "core/conflict.html", context, status=409)
    else:
        messages.success(request, _("The earlier wording stands again."))
    return HttpResponseRedirect(here.address)


@login_required
@require_safe
def names(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Every provision by name, to be referred to."""
    draft = draft_to_edit(request, slug, number)
    asked = request.GET.get("text", "")
    found = names_of(draft, asked if asked in LANGUAGES else draft.source_language)
    return JsonResponse({"names": [{"key": each.key, "name": each.name} for each in found]})


def save(
    request: HttpRequest,
    here: Here,
    write: Callable[[HttpRequest, Here, dict[str, Any]], HttpResponse],
    page: Callable[..., HttpResponse],
) -> HttpResponse:
    """Let ``write`` save what was sent, and answer. What is wrong is told on ``page``, beside what was written; where
    somebody was faster, both are shown."""
    if "theirs" in request.POST:
        drop_work(actor=request.user, words=here.words)
        return HttpResponseRedirect(here.address)
    form = here.form(request.POST)
    if not form.is_valid():
        return page(request, here, form, status=400)
    fields = form.cleaned_data
    base = here.revision(fields["version"])
    if base is None:
        raise Http404
    if "mine" in request.POST:
        fields |= {name: request.POST.get(f"mine_{name}", "") for name in ("heading", "text")}
    notes = notes_known(here, base)
    mine = {name: kept_marks(fields[name], notes) for name in ("heading", "text")}
    if base.version and here.words.pk and same_words(base.content, here.words.content):
        fields["version"] = here.words.version  # only numbers changed since it was opened
    try:
        return write(request, here, {**fields, **mine})
    except ValidationError as error:
        return page(request, here, with_errors(form, error), status=400)
    except Conflict as conflict:
        stands = ProvisionText.with_unreleased.filter(provision=here.provision)
        here.words = stands.get(language=here.words.language)
        return both(request, here, base, mine, conflict)


def _revise(request: HttpRequest, here: Opened, written: dict[str, Any]) -> HttpResponse:
    revise_provision(
        actor=request.user,
        provision=here.provision,
        language=here.words.language,
        notes=_new_notes_given(request),
        carry=False,
        pressed_again=True,
        **written,
    )
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(here.address)


def _new_notes_given(request: HttpRequest) -> dict[str, str]:
    """Mark → words of the footnotes that are written together with the text."""
    given = request.POST.items()
    return {name.removeprefix("note-"): str(words) for name, words in given if name.startswith("note-")}


def wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


def notes_known(here: Opened, base: Revision) -> list[dict[str, str]]:
    """Footnotes by the numbers that the writer saw; a translation may mark those of its source."""
    source: list[dict[str, str]] = []
    if here.words.language != here.draft.source_language:
        texts = ProvisionText.objects.filter(provision=here.provision, language=here.draft.source_language)
        source = [note for text in texts for note in text.footnotes]
    return [*source, *base.content["footnotes"]]


def with_errors(form: Form, error: ValidationError) -> Form:
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, said in found.items():
        form.add_error(name if name in form.fields else None, said)
    return form


def both(
    request: HttpRequest, here: Opened, base: Revision, mine: dict[str, str], conflict: Conflict
) -> HttpResponse:
    """409: the other's change beside one's own words, and both together where they can be."""
    if wants_json(request):
        return JsonResponse({"detail": str(conflict.reason), "current": conflict.current}, status=409)
    current = here.words
    both = {
        "heading": merged(base.content["heading"], mine["heading"], current.heading),
        "text": merged(_plain(base.content), mine["text"], _plain(current.content)),
    }
    whole = both["heading"] is not None and both["text"] is not None
    notes = [*base.content["footnotes"], *current.footnotes]
    before = _printed({"heading": base.content["heading"], "text": _plain(base.content)}, notes)
    theirs = _printed({"heading": current.heading, "text": _plain(current.content)}, notes)
    own = _printed(mine, notes)
    proposed = _printed({n: w or "" for n, w in both.items()}, notes) if whole else own
    numbers = printed_numbers(here.draft, current.language)
    fields = {**form_fields(request), **proposed, "version": current.version}
    last = current.revisions.select_related("author").order_by("-version").first()
    context = {
        "here": here,
        "draft": here.draft,
        "provision": here.provision,
        "language": current.language,
        "conflict": conflict,
        "form": here.form(initial=fields),
        "whole": whole,
        "revision": last,
        "theirs": {name: redline_as_read(before[name], theirs[name], numbers) for name in before},
        "own": {name: redline_as_read(before[name], own[name], numbers) for name in before},
        "mine": own,
        "new_notes": [
            (f"note-{label}", words) for label, words in _new_notes_given(request).items() if words
        ],
    }
    return render(request, "drafts/edit_conflict.html", context, status=409)


def form_fields(request: HttpRequest) -> dict[str, str]:
    """What was sent beside the words, to be sent again with them."""
    return {name: request.POST.get(name, "") for name in ("reason", "source_version")}


def _plain(content: Any) -> str:
    return with_keys(content["text"], content.get("references") or [])


def _printed(content: dict[str, str], notes: list[dict[str, str]]) -> dict[str, str]:
    return {name: printed_marks(words, notes) for name, words in content.items()}


def _page(
    request: HttpRequest,
    here: Opened,
    form: WordsForm,
    *,
    work: WorkInProgress | None = None,
    status: int = 200,
) -> HttpResponse:
    words, draft = here.words, here.draft
    terms = terms_of(draft, words.language, "")
    occurring = [terms.by_key[found.key] for found in terms.occurrences(words.text)]
    language = words.language
    context: dict[str, Any] = {
        "here": here,
        "draft": draft,
        "provision": here.provision,
        "words": words,
        "language": language,
        "is_source": language == draft.source_language,
        "text_languages": languages_of(draft, language),
        "form": form,
        "saved": content_to_edit(words),
        "work": work,
        "overtaken": work is not None and work.base_version < words.version,
        "new_notes": _new_notes(request, form, words, work),
        "row": read_provision(here.provision, language),
        "terms": occurring,
        "all_terms": list(terms.by_key.values()),
        "merged": merged_into(draft, here.provision),
        "wordings": revisions_of(words),
        "may_restore": here.provision.removed_at is None,
        "space": workspace_of(draft, language, here.provision.key),
        "others": be_present(actor=request.user, provision=here.provision, language=language),
        "query": f"?text={language}" if language != draft.source_language else "",
        "parts": workspace_parts(),
    }
    for part in context["parts"]:
        context |= part.beside(request, draft, here.provision.key)
    return render(request, "drafts/edit.html", context, status=status)


def _new_notes(
    request: HttpRequest, form: WordsForm, words: ProvisionText, work: WorkInProgress | None
) -> list[tuple[str, str]]:
    """Fields for footnotes that are being written: one that waits, and one for each new mark in the text."""
    given = {**(work.content if work else {}), **request.POST.dict()}
    known = {note["number"] for note in words.footnotes}
    marks = [mark[1] for mark in MARK.finditer(str(form["text"].value() or "")) if mark[1] not in known]
    labels = dict.fromkeys(
        [*marks, *(n.removeprefix("note-") for n, w in given.items() if n.startswith("note-") and w)]
    )
    return [(label, str(given.get(f"note-{label}", ""))) for label in labels or {"new": ""}]
