"""The translation desk: one provision, the original and its translation beside each other."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from core.punctuation import listed
from core.verdicts import Conflict, require
from drafts.actions.presence import be_present
from drafts.actions.translating import (
    Saved,
    approve_translation,
    confirm_translation,
    take_back_approval,
    translate_provision,
)
from drafts.forms.editing import TranslationForm, WordsForm
from drafts.marks import MARK
from drafts.models import Lineage, Provision, ProvisionText, Revision, WorkInProgress
from drafts.places import place_in_a_list
from drafts.rules import may_translate
from drafts.templatetags.provisions import direction
from drafts.translating import TranslationState, keys_to_do, official_terms, state_of
from drafts.views.asked import kept, number_asked
from drafts.views.editing import Opened, begun, keep_unsaved, save, tell_presence
from drafts.views.language import LANGUAGES
from drafts.views.translations import FILTERS, draft_to_translate
from drafts.wordings import RevisionRow, between, revisions_of
from drafts.workspace import content_to_edit

NOTHING: dict[str, Any] = {"heading": "", "text": "", "footnotes": [], "references": []}


@dataclass
class OpenedTranslation(Opened):
    """``words`` aren't stored where there are none yet (version 0)."""

    source: ProvisionText
    chosen: QueryDict  # the list from which one came: its states and pillar lead on

    @property
    def query(self) -> str:
        return kept(self.chosen, FILTERS)

    @property
    def address(self) -> str:
        return self.address_of(self.provision.key)

    def address_of(self, key: str) -> str:
        address = reverse(
            "translating:desk", args=[self.draft.guidelines.slug, self.draft.number, self.words.language, key]
        )
        return f"{address}{self.query}"

    @property
    def name(self) -> str:
        return place_in_a_list(self.provision, self.source.heading)

    @property
    def state(self) -> TranslationState:
        return state_of(self.words, self.source)

    def form(self, *args: Any, **kwargs: Any) -> WordsForm:
        language = self.words.language
        return TranslationForm(*args, language=language, direction=direction(language), **kwargs)

    def revision(self, version: int) -> Revision | None:
        if version == 0:
            return Revision(content=NOTHING, version=0)
        return super().revision(version) if self.words.pk else None


def _opened(request: HttpRequest, slug: str, number: int, language: str, key: str) -> OpenedTranslation:
    draft = draft_to_translate(request, slug, number, language)
    provision = get_object_or_404(Provision, draft=draft, key=key)
    provision.draft = draft
    texts = {
        text.language: text
        for text in ProvisionText.with_unreleased.filter(provision=provision).select_related("approved_by")
    }
    source = texts.get(draft.source_language)
    if source is None or not (source.heading.strip() or source.text.strip()):
        raise Http404  # nothing to translate
    words = texts.get(language) or ProvisionText(provision=provision, language=language, version=0)
    words.provision = provision
    return OpenedTranslation(draft, provision, words, source, request.GET)


def _to_write(request: HttpRequest, slug: str, number: int, language: str, key: str) -> OpenedTranslation:
    here = _opened(request, slug, number, language, key)
    require(may_translate(request.user, here.draft, language))
    return here


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def desk(request: HttpRequest, slug: str, number: int, language: str, key: str) -> HttpResponse:
    """The provision in both languages; saving makes a revision of the translation."""
    if request.method == "POST":
        return save(request, _to_write(request, slug, number, language, key), _translate, _page)
    here = _opened(request, slug, number, language, key)
    initial, work = begun(request, here)
    initial["source_version"] = here.source.version
    return _page(request, here, here.form(initial=initial), work=work)


@login_required
@never_cache
@require_POST
def work(request: HttpRequest, slug: str, number: int, language: str, key: str) -> HttpResponse:
    """Keep what is being written, or throw it away (``drop``); tells whether somebody saved meanwhile."""
    return keep_unsaved(request, _to_write(request, slug, number, language, key))


@login_required
@never_cache
@require_POST
def presence(request: HttpRequest, slug: str, number: int, language: str, key: str) -> HttpResponse:
    """The page is open (or, with ``gone``, left): who else has it open, and the version that stands."""
    return tell_presence(request, _to_write(request, slug, number, language, key))


@login_required
@require_POST
def act(request: HttpRequest, slug: str, number: int, language: str, key: str) -> HttpResponse:
    """Say that the translation still holds, approve it, or take the approval back."""
    here = _to_write(request, slug, number, language, key)
    seen: dict[str, Any] = {
        "provision": here.provision,
        "language": language,
        "version": number_asked(request.POST.get("version", "")),
    }
    asked = request.POST.get("act", "")
    try:
        if asked == "holds":
            confirm_translation(
                actor=request.user,
                source_version=number_asked(request.POST.get("source_version", "")),
                **seen,
            )
            said = _("It holds: the translation is up to date.")
        elif asked == "approve":
            approve_translation(actor=request.user, **seen)
            said = _("Approved.")
        elif asked == "take_back":
            take_back_approval(actor=request.user, **seen)
            said = _("The approval is taken back.")
        else:
            raise Http404
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Conflict as conflict:
        messages.warning(request, str(conflict.reason))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(here.address)


def _translate(request: HttpRequest, here: OpenedTranslation, written: dict[str, Any]) -> HttpResponse:
    saved = translate_provision(
        actor=request.user,
        provision=here.provision,
        language=here.words.language,
        approve=request.POST.get("then") == "approve",
        pressed_again=True,
        **written,
    )
    _tell(request, here, saved)
    _tell_of_marks(request, here, saved.words)
    return HttpResponseRedirect(_onward(request, here))


def _tell(request: HttpRequest, here: OpenedTranslation, saved: Saved) -> None:
    name = {"name": here.name}
    if saved.state == TranslationState.OUTDATED:
        if saved.changed:
            said = _("Saved: %(name)s. The original has changed, so that the translation is outdated.")
        else:
            said = _("Nothing was changed, so %(name)s stays outdated. If it still holds, say so.")
        messages.warning(request, said % name)
    elif saved.state == TranslationState.APPROVED:
        messages.success(request, _("Approved: %(name)s.") % name)
    elif saved.changed:
        messages.success(request, _("Saved: %(name)s.") % name)
    else:
        messages.info(request, _("Nothing was changed: %(name)s.") % name)


def _tell_of_marks(request: HttpRequest, here: OpenedTranslation, words: ProvisionText) -> None:
    """A translation marks its footnotes as often as the original; a draft of it needn't yet."""
    here_marks, there = (
        Counter(mark[1] for mark in MARK.finditer(f"{each.heading} {each.text}"))
        for each in (words, here.source)
    )
    numbers = {note["label"]: note["number"] for note in here.source.footnotes}
    others = [numbers[label] for label in numbers if here_marks[label] != there[label]]
    if others:
        said = _("These footnotes are not marked as often as in the original: %(notes)s.")
        messages.warning(request, said % {"notes": listed(others)})


def _onward(request: HttpRequest, here: OpenedTranslation) -> str:
    """Where one goes after saving: to what is to be done next, or stays here."""
    if request.POST.get("then") not in ("next", "approve"):
        return here.address
    _before, after = _neighbours(here)
    if after:
        return here.address_of(after)
    if here.query:
        messages.success(request, _("Nothing else is left to do in this list."))
    else:
        messages.success(request, _("Nothing else is left to do in this language."))
    address = reverse(
        "translating:listing", args=[here.draft.guidelines.slug, here.draft.number, here.words.language]
    )
    return f"{address}{here.query}"


def _neighbours(here: OpenedTranslation) -> tuple[str, str]:
    """The keys before and after this one that are still to be done; past the end one begins anew."""
    rows = Provision.objects.filter(draft=here.draft).values_list("key", "position", "pillar")
    pillar = here.chosen.get("pillar", "")
    places = {key: place for key, place, within in rows if pillar in ("", str(within or "none"))}
    to_do = keys_to_do(here.draft, here.words.language, here.chosen.get("state", ""))
    keys = [key for key in to_do if key in places and key != here.provision.key]
    place = here.provision.position
    before = [key for key in keys if places[key] <= place]
    after = [key for key in keys if places[key] > place]
    return [*after, *before][-1] if keys else "", [*after, *before][0] if keys else ""


def _page(
    request: HttpRequest,
    here: OpenedTranslation,
    form: WordsForm,
    *,
    work: WorkInProgress | None = None,
    status: int = 200,
) -> HttpResponse:
    words, draft, source = here.words, here.draft, here.source
    may = may_translate(request.user, draft, words.language)
    before, after = _neighbours(here)
    wordings = revisions_of(words) if words.pk else []
    context: dict[str, Any] = {
        "here": here,
        "draft": draft,
        "provision": here.provision,
        "words": words,
        "language": words.language,
        "language_name": LANGUAGES[words.language],
        "source": source,
        "source_name": LANGUAGES[source.language],
        "source_shown": between(NOTHING, Revision(content=source.content)),
        "change": _change(here, work),
        "state": here.state,
        "form": form,
        "saved": content_to_edit(words),
        "work": work,
        "overtaken": work is not None and work.base_version < words.version,
        "terms": official_terms(here.provision, source, words),
        "notes": _notes(here),
        "split_from": _split_from(here),
        "wordings": wordings,
        "written_by": wordings[0].revision.author if wordings else None,
        "query": here.query,
        "before": before,
        "after": after,
        "may_translate": may,
        "is_to_come": draft.is_open_to_all and may,
        "others": be_present(actor=request.user, provision=here.provision, language=words.language)
        if may
        else [],
    }
    return render(request, "drafts/translate.html", context, status=status)


def _change(here: OpenedTranslation, work: WorkInProgress | None) -> RevisionRow | None:
    """What changed in the original since it was translated; None where nothing did or nobody knows."""
    seen = here.words.translated_from_version if here.words.pk else None
    if seen is None and work is not None:
        began = str(work.content.get("source_version", ""))
        seen = int(began) if began.isdecimal() else None
    if seen is None or seen == here.source.version:
        return None
    rows = {r.version: r for r in here.source.revisions.filter(version__in=(seen, here.source.version))}
    old, new = rows.get(seen), rows.get(here.source.version)
    return between(old.content, new) if old and new else None


def _split_from(here: OpenedTranslation) -> list[tuple[Provision, str]]:
    """The translations of what this was split from, as they are written in a field: to be cut from as long as it
    has none of its own."""
    if here.words.pk:
        return []
    rows = Lineage.objects.filter(draft=here.draft, key=here.provision.key, kind=Lineage.Kind.SPLIT)
    texts = ProvisionText.with_unreleased.filter(
        provision__draft=here.draft,
        provision__key__in=rows.values("ancestor_key"),
        language=here.words.language,
    )
    found = texts.select_related("provision").order_by("provision__position")
    return [(text.provision, content_to_edit(text)["text"]) for text in found]


def _notes(here: OpenedTranslation) -> list[tuple[str, str]]:
    """(number, key) of the footnotes that the original marks here: each is translated at a desk of its own."""
    return [(note["number"], note["key"]) for note in here.source.footnotes]
