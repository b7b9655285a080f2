"""Where drafts stand on their way, who did what, and what waits: the reads behind the pages of drafting."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.facts import facts_of
from accounts.models import Group, Role
from core.audit import name_of_act
from core.models import AuditEntry, subject_of
from core.punctuation import listed
from drafts.models import Draft, Guidelines, StatusRequest
from drafts.readiness import Readiness, readiness_of
from drafts.rules import drafts_worked_on
from drafts.translating import LanguageProgress, translation_progress

Status = Draft.Status
_LANGUAGES = dict(settings.LANGUAGES)
# What is told of a draft's way; the words' own changes have pages of their own.
ACTS = (
    *("draft.adopt", "draft.ask_to_adopt", "draft.ask_to_publish", "draft.begin", "draft.change_readers"),
    *("draft.ask_to_release_language", "draft.circulate", "draft.confirm", "draft.import", "draft.name"),
    *("draft.publish", "draft.release_language"),
    *("draft.request_declined", "draft.request_lapsed", "draft.request_withdrawn", "draft.supersede"),
    *("draft.take_back", "draft.translate"),
)


@dataclass(frozen=True)
class Step:
    """A step of a draft's way; ``place`` is ``done``, ``now``, ``next`` or ``left`` (passed over)."""

    name: str
    place: str
    at: datetime | None
    words: str

    @property
    def said(self) -> str:
        return {
            "done": _("done"),
            "now": pgettext("where a draft stands", "here now"),
            "next": _("to come"),
            "left": _("passed over"),
        }[self.place]


@dataclass(frozen=True)
class Act:
    """One act on a draft: what it is called, and what was said with it or is to be known of it."""

    entry: AuditEntry
    name: str
    said: str
    groups: str
    languages: str


@dataclass
class DraftRow:
    """A draft in the list of those in the making."""

    draft: Draft
    request: StatusRequest | None
    readiness: Readiness
    base: Draft | None
    may_act: bool
    may_edit: bool
    may_begin: bool
    waits_for_reader: bool


@dataclass
class GuidelinesRows:
    guidelines: Guidelines
    rows: list[DraftRow] = field(default_factory=list)


def drafts_followed(user: Any) -> "QuerySet[Draft]":
    """The drafts that a caller works on; of an administrator's, those that they read. See ``may_follow_draft``."""
    facts, visible = facts_of(user), Draft.objects.visible_to(user)
    if any(facts.has(role) for role in (Role.STAFF, Role.DRAFTER, Role.ADMIN)):
        return visible
    return visible.filter(pk__in=drafts_worked_on(user))


def waiting_for(user: Any) -> "QuerySet[StatusRequest]":
    """The requests that wait for this person's word: somebody else asked, and they may confirm."""
    facts = facts_of(user)
    waiting = StatusRequest.objects.open().filter(confirmed_at=None).exclude(requested_by=user.pk)
    if facts.has(Role.STAFF) or facts.has(Role.DRAFTER):
        return waiting
    return waiting.filter(draft__in=[int(pk) for pk in drafts_worked_on(user)])


def overview_of(user: Any) -> list[GuidelinesRows]:
    """Every draft that the caller follows, by guidelines, the newest first (a constant number of queries)."""
    drafts = list(
        drafts_followed(user).select_related("guidelines", "base").order_by("guidelines__slug", "-number")
    )
    ids = {draft.pk for draft in drafts}
    requests = StatusRequest.objects.open().filter(draft__in=ids)
    open_requests = {each.draft_id: each for each in requests.select_related("requested_by", "confirmed_by")}
    readiness = readiness_of(drafts)
    found: dict[int, GuidelinesRows] = {}
    for draft in drafts:
        rows = found.setdefault(draft.guidelines_id, GuidelinesRows(draft.guidelines)).rows
        rows.append(_row(user, draft, open_requests.get(draft.pk), readiness[draft.pk], ids))
    return list(found.values())


def _row(
    user: Any, draft: Draft, request: StatusRequest | None, readiness: Readiness, ids: set[int]
) -> DraftRow:
    facts, scope = facts_of(user), ("draft", draft.pk)
    drafter = facts.has(Role.DRAFTER, scope=scope)
    may_act = drafter or facts.has(Role.STAFF, scope=scope)
    confirmed = request is not None and request.confirmed_at is not None
    return DraftRow(
        draft,
        request,
        readiness,
        draft.base if draft.base_id in ids else None,
        may_act=may_act,
        may_edit=drafter and not draft.is_open_to_all and not confirmed,
        may_begin=facts.has(Role.DRAFTER),
        waits_for_reader=may_act
        and request is not None
        and not confirmed
        and request.requested_by_id != user.pk,
    )


def successor_of(draft: Draft) -> Draft | None:
    """The draft that took the place of a superseded one: the newest that everybody reads (one query)."""
    later = Draft.objects.filter(guidelines=draft.guidelines_id, number__gt=draft.number)
    return later.filter(status__in=Draft.OPEN_TO_ALL).order_by("-number").first()


def languages_later(draft: Draft) -> list[LanguageProgress]:
    """The translations of a published draft that somebody has begun and that readers don't have yet (two queries).

    None of one that was superseded: it gets no further languages (``rules.takes_translation``).
    """
    if not draft.is_open_to_all or draft.status == Status.SUPERSEDED:
        return []
    out = set(draft.editions.values_list("language", flat=True))
    return [part for part in translation_progress(draft) if part.is_begun and part.code not in out]


def steps_of(draft: Draft) -> list[Step]:
    """Working, circulated, published, and what came after, with times and people (three queries)."""
    begun = _entries(draft).filter(action__in=("draft.begin", "draft.import")).first()
    done = draft.status_requests.exclude(carried_out_at=None).select_related("requested_by", "confirmed_by")
    requests = {request.target: request for request in done}
    is_out = draft.is_open_to_all
    circulated = draft.circulated_at if draft.status != Status.WORKING else None
    groups = listed(Group.objects.filter(pk__in=draft.access.values("group")).order_by("slug"))
    last = {
        Status.SUPERSEDED: (Status.SUPERSEDED.label, draft.superseded_at, ""),
        Status.ADOPTED: (Status.ADOPTED.label, draft.adopted_at, _two(requests.get("adopted"))),
    }.get(Status(draft.status), (_("Adopted, or superseded by a newer one"), None, ""))
    return [
        Step(
            str(Status.WORKING.label),
            "now" if draft.status == Status.WORKING else "done",
            draft.created_at,
            _("Begun by %(name)s.") % {"name": begun.actor.shown_name} if begun and begun.actor else "",
        ),
        Step(
            str(Status.CIRCULATED.label),
            "now"
            if draft.status == Status.CIRCULATED
            else "done"
            if circulated
            else "left"
            if is_out
            else "next",
            circulated,
            _("Read by: %(groups)s.") % {"groups": groups} if circulated and groups else "",
        ),
        Step(
            str(Status.PUBLISHED.label),
            "now" if draft.status == Status.PUBLISHED else "done" if is_out else "next",
            draft.published_at,
            _two(requests.get("published")),
        ),
        Step(str(last[0]), "now" if last[1] else "next", last[1], last[2]),
    ]


def _two(request: StatusRequest | None) -> str:
    if request is None or request.confirmed_by is None:
        return ""
    names = {"first": request.requested_by.shown_name, "second": request.confirmed_by.shown_name}
    return _("Asked for by %(first)s, confirmed by %(second)s.") % names


def acts_on(draft: Draft) -> list[Act]:
    """What was done on the draft's way, newest first (three queries)."""
    entries = list(_entries(draft).filter(action__in=ACTS).order_by("-id"))
    requests = {request.pk: request for request in draft.status_requests.all()}
    slugs = {slug for entry in entries for slug in entry.changes.get("groups", [])}
    names = {group.slug: group.name for group in Group.objects.filter(slug__in=slugs)}
    found = []
    for entry in entries:
        request = requests.get(entry.changes.get("request", 0))
        said = ""
        if request is not None:
            said = request.reason if entry.action == "draft.request_declined" else ""
            said = request.note if entry.action.startswith("draft.ask_") else said
        groups = listed(names.get(slug, slug) for slug in entry.changes.get("groups", []))
        codes = [*entry.changes.get("languages", []), *filter(None, [entry.changes.get("language")])]
        spoken = listed(_LANGUAGES.get(code, code) for code in codes)
        found.append(Act(entry, name_of_act(entry.action), said, groups, spoken))
    return found


def _entries(draft: Draft) -> "QuerySet[AuditEntry]":
    return AuditEntry.objects.filter(subject=subject_of(draft)).select_related("actor").order_by("id")


def named_groups(groups: Iterable[Group]) -> str:
    return listed(group.name for group in groups)
