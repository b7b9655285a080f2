"""What drafts keep of a person, for their own eyes: what they wrote, moved, and have not saved yet."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.slots import PersonalRecords
from drafts.models import Provision, Revision, StatusRequest, StructureChange, WorkInProgress

Rows = list[dict[str, Any]]


def revisions(person: User) -> Rows:
    found = Revision.objects.filter(author=person).order_by("pk")
    own = found.exclude(version=1, reason="").exclude(pk__in=found.carried().values("pk"))
    return [
        {
            "draft": row.provision_text.provision.draft.label,
            "provision": _name(row.provision_text.provision),
            "language": row.provision_text.language,
            "version": row.version,
            "at": row.at,
            "reason": row.shown_reason,
            **row.content,
        }
        # What a new draft was begun with stands in the draft in which it was written; an import is everybody's.
        for row in own.select_related("provision_text__provision__draft")
    ]


def structure_changes(person: User) -> Rows:
    found = StructureChange.objects.filter(author=person).order_by("pk").select_related("draft")
    return [
        {
            "draft": row.draft.label,
            "act": str(row.get_act_display()),
            "provision": row.key,
            "at": row.at,
            "reason": row.shown_reason,
        }
        for row in found
    ]


def work_in_progress(person: User) -> Rows:
    found = WorkInProgress.objects.filter(user=person).order_by("pk")
    return [
        {
            "draft": provision.draft.label,
            "provision": _name(provision),
            "language": row.provision_text.language if row.provision_text else row.language,
            "saved_at": row.saved_at,
            **row.content,
        }
        for row in found.select_related("provision_text__provision__draft", "provision__draft")
        if (provision := row.provision_text.provision if row.provision_text else row.provision)
    ]


def status_requests(person: User) -> Rows:
    """What the person asked for, and what they declined: each with the words they gave."""
    asked = StatusRequest.objects.filter(requested_by=person).select_related("draft").order_by("pk")
    declined = StatusRequest.objects.filter(ended_by=person, ending=StatusRequest.Ending.DECLINED)
    found = [(row, row.requested_at, row.get_target_display(), row.note) for row in asked]
    found += [
        (row, row.ended_at, row.get_ending_display(), row.reason)
        for row in declined.select_related("draft").order_by("pk")
        if row.ended_at
    ]
    return [
        {"draft": row.draft.label, "act": str(act), "at": at, "reason": words}
        for row, at, act, words in found
    ]


def _name(provision: Provision) -> str:
    return provision.number or provision.key


_PLACE = {"draft": _("Draft"), "provision": _("Provision")}
RECORDS = (
    PersonalRecords(
        "revisions",
        _("Words of drafts you wrote"),
        revisions,
        {**_PLACE, "at": _("When"), "reason": _("Reason")},
    ),
    PersonalRecords(
        "structure_changes",
        _("What you changed in the structure of drafts"),
        structure_changes,
        {**_PLACE, "act": _("Act"), "at": _("When"), "reason": _("Reason")},
    ),
    PersonalRecords(
        "status_requests",
        _("What you asked for or declined of drafts"),
        status_requests,
        {"draft": _("Draft"), "act": _("Act"), "at": _("When"), "reason": _("Reason")},
    ),
    PersonalRecords(
        "unsaved_words",
        _("Words of drafts you have not saved"),
        work_in_progress,
        {**_PLACE, "text": _("Text")},
    ),
)
