"""The desk by provision: all provisions with what is left to answer, and one with all voices on it and the answer."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from consultations.by_provision import WHOLE, Counts, Place, beside, counts_of, overview, places
from consultations.forms.desk import AnswerForm
from consultations.models import Anchor, Comment, Round
from consultations.presenting import present_comments
from consultations.queries import with_discussion
from consultations.rules import is_staff
from consultations.stances import groups_of_supporters, on_provision, tables_of, voices_of
from consultations.views.desk import desk_round, show_desk
from consultations.views.desk_answer_pane import answer_pane, form_for
from consultations.views.desk_places import AT, provision_at
from core.verdicts import Conflict
from drafts.models import Provision
from drafts.queries import ReadProvision, find_provision, read_provision
from drafts.views.language import LANGUAGES, languages_of, text_language

PER_PAGE = 40
MOST_QUOTES = 500


@require_safe
@login_required
def desk_provisions(request: HttpRequest, round_id: int) -> HttpResponse:
    """What was said in the order of the text: by part and provision, with what is left. ``?all=1``: every provision."""
    round = desk_round(request, round_id)
    language = text_language(request)
    everything = request.GET.get("all") == "1"
    parts = overview(round, request.user, language, everything=everything)
    context = {
        "round": round,
        "parts": parts,
        "sums": sum((part.sums for part in parts), Counts()),
        "everything": everything,
        "first": next((row.key for part in parts for row in part.rows if row.counts.left), None),
        "text": request.GET.get("text", "") if request.GET.get("text") in LANGUAGES else "",
        "staff": is_staff(request.user, round),
    }
    return render(request, "consultations/desk_provisions.html", context)


@require_safe
@login_required
def desk_provision(request: HttpRequest, round_id: int, key: str) -> HttpResponse:
    """Three panes: provisions, one of them with all voices on it, and the answer at hand."""
    return show_provision(request, desk_round(request, round_id), key)


def show_where(request: HttpRequest, round: Round, **shown: Any) -> HttpResponse:
    """The page of the desk from which a form was sent, with what it held."""
    key = provision_at(request.POST.get("filters", ""))
    return show_provision(request, round, key, **shown) if key else show_desk(request, round, **shown)


def show_provision(
    request: HttpRequest,
    round: Round,
    key: str,
    *,
    form: AnswerForm | None = None,
    chosen: Comment | None = None,
    ticked: Collection[UUID] = (),
    status: int = 200,
    conflict: Conflict | None = None,
    pane: dict[str, Any] | None = None,
) -> HttpResponse:
    """The page, with what a refused form holds; ``pane`` is what else its answer's pane is told. A constant number of
    queries, whatever the size of the round."""
    given = QueryDict(request.POST.get("filters", "")) if request.method == "POST" else request.GET
    row = _row(request, round, key, given)
    user = request.user
    all_voices = on_provision(round, user, row.provision if row else None)
    live = _counts(all_voices)
    found = all_voices.filter(disposition=None) if given.get("show") == "left" else all_voices
    in_order = with_discussion(found).order_by(F("number").asc(nulls_last=True), "pk")
    asked = str(chosen.uuid) if chosen else given.get("comment", "")
    paginator = Paginator(in_order, PER_PAGE)
    page = paginator.get_page(given.get("page") or _page_of(found, asked))
    shown = present_comments(page, user, round=round, row=row)
    current = next((each for each in shown if str(each.comment.uuid) == asked), None)
    current = current or next((each for each in shown if each.disposition is None), None)
    current = current or (shown[0] if shown else None)
    groups = groups_of_supporters(all_voices)
    form = form_for(current, form, conflict)
    listed = _places(round, user, row, live)
    before, after = beside(listed, key, row.provision.position if row else -1)
    query, here = _kept(given, key)
    context = {
        "round": round,
        "row": row,
        "key": key,
        "places": listed,
        "before": before,
        "after": after,
        "page": page,
        "voices": voices_of(shown, groups, user),
        "tables": tables_of(all_voices, round, user, groups),
        "quotes": _quotes(all_voices, row),
        "counts": live,
        "only_left": given.get("show") == "left",
        "languages": [each for each in languages_of(round.draft, row.language) if not each["to_come"]]
        if row
        else [],
        "text": given.get("text", "") if given.get("text") in LANGUAGES else "",
        "shown": current,
        "form": form,
        "conflict": conflict,
        "ticked": ticked,
        "query": query,
        "here": here,
        # Publishing all of the round stands on the list: counting it would take longer the larger the round is.
        "progress": {"publishable": 0},
        "staff": is_staff(user, round),
        **answer_pane(round, user, current, [each.comment for each in shown]),
        **(pane or {}),
    }
    return render(request, "consultations/desk_provision.html", context, status=status)


def _row(request: HttpRequest, round: Round, key: str, given: QueryDict) -> ReadProvision | None:
    """The provision with its words in every language; None for the draft as a whole."""
    if key == WHOLE:
        return None
    asked = given.get("text", "")
    language = asked if asked in LANGUAGES else text_language(request)
    row = find_provision(round.draft, key, language)
    if row is None:
        # Taken out of the draft since: what was said on it is answered all the same.
        removed = Provision.with_removed.filter(draft=round.draft_id, key=key).select_related("draft").first()
        row = read_provision(removed, language) if removed else None
    if row is None:
        raise Http404
    return row


def _counts(found: "QuerySet[Comment]") -> Counts:
    """What was said here and what is left of it, counted from the comments: tallies follow a little later."""
    waits = Q(status__in=Comment.TO_ANSWER)
    counted = found.order_by().aggregate(
        voices=Count("pk", filter=waits),
        left=Count("pk", filter=waits & Q(disposition=None)),
        proposals=Count("pk", filter=waits & ~Q(proposed_text="")),
    )
    return Counts(**counted)


def _page_of(found: "QuerySet[Comment]", asked: str) -> int:
    """The page on which the comment ``asked`` for stands; the first without one."""
    try:
        number = found.filter(uuid=asked).values_list("number", flat=True).first() if asked else None
    except ValidationError:
        return 1
    if number is None:
        return 1
    return found.filter(number__lt=number).count() // PER_PAGE + 1


def _places(round: Round, user: Any, row: ReadProvision | None, live: Counts) -> list[Place]:
    """The provisions for the list beside, the shown one as it was just counted."""
    counts = counts_of(round, user)
    key = row.key if row else ""
    if live.voices or key in counts:
        standing = counts.get(key, Counts())
        counts[key] = Counts(live.voices, live.left, live.proposals, standing.support, standing.oppose)
    return places(round, counts)


def _kept(given: QueryDict, key: str) -> tuple[str, str]:
    """What the links of this page keep of the address; and the same as the form carries it (``filters``)."""
    kept = QueryDict(mutable=True)
    for name in ("show", "text", "page"):
        if given.get(name):
            kept[name] = given.get(name, "")
    here = kept.copy()
    here[AT] = key
    kept.pop("page", None)
    return kept.urlencode(), here.urlencode()


def _quotes(found: "QuerySet[Comment]", row: ReadProvision | None) -> list[Anchor]:
    """The words that comments point at, in the language in which the provision is read."""
    if row is None:
        return []
    anchors = Anchor.objects.filter(comment__in=found.order_by().values("pk"), language=row.language)
    return list(anchors.only("start", "end", "exact").order_by("pk")[:MOST_QUOTES])
