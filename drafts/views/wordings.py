"""How a provision was worded: in every draft, and from revision to revision."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from drafts.models import Draft, Provision
from drafts.places import place_in_a_list
from drafts.queries import text_to_read
from drafts.slots import wording_parts
from drafts.views.asked import number_asked
from drafts.views.language import languages_of, text_language
from drafts.wordings import between, revisions_of, wordings_of


@require_safe
def wordings(request: HttpRequest, slug: str, key: str) -> HttpResponse:
    """A provision in every draft that the reader may read, newest first, with its ancestors."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines").filter(guidelines__slug=slug)
    line = list(drafts.order_by("-number"))
    language = text_language(request)
    rows = wordings_of(line, key, language)
    if not rows:
        raise Http404
    newest = rows[0].row.here
    keys: dict[int, set[str]] = {}
    for each in rows:
        keys.setdefault(each.draft.pk, set()).add(each.row.here.key)
    parts = [(part.template, part.beside(request, keys)) for part in wording_parts()]
    told: set[int] = set()
    listed = []
    for each in rows:
        # What led to a draft's wordings stands once, beneath the first of them.
        said = [(template, found[each.draft.pk]) for template, found in parts if each.draft.pk in found]
        listed.append((each, [] if each.draft.pk in told else said))
        told.add(each.draft.pk)
    context = {
        "rows": listed,
        "key": key,
        "name": place_in_a_list(newest, newest.heading),
        "language": language,
        "draft": rows[0].draft,
        "text_languages": languages_of(rows[0].draft, language),
    }
    return render(request, "drafts/provision_wordings.html", context)


@require_safe
def history(request: HttpRequest, slug: str, number: int, key: str) -> HttpResponse:
    """Every revision of a provision in one draft; any two can be set against each other."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    draft = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    provision = get_object_or_404(Provision.with_removed.filter(draft=draft), key=key)
    language = text_language(request)
    text = text_to_read(provision, language)
    if text is None:
        raise Http404
    rows = revisions_of(text)
    by_version = {row.revision.version: row.revision for row in rows}
    old, new = (by_version.get(number_asked(request.GET.get(name, ""))) for name in ("from", "to"))
    # What is asked for mostly is the last change.
    last = [row.revision for row in rows[:2]]
    context = {
        "draft": draft,
        "provision": provision,
        "name": place_in_a_list(provision, text.heading),
        "text": text,
        "language": language,
        "text_languages": languages_of(draft, language),
        "rows": rows,
        "old": old,
        "new": new,
        "from_shown": old or last[-1],
        "to_shown": new or last[0],
        "chosen": between(old.content, new) if old and new else None,
    }
    return render(request, "drafts/provision_history.html", context)
