"""The words of the mails about a draft's way: what waits for a second person, what became of it, what may be read."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.templatetags.moments import day_in_words, zone_name
from core.mail import MailContent
from core.models import Notice, pk_of
from drafts.models import Draft, StatusRequest
from drafts.rules import may_confirm, may_publish_draft, may_read_draft

ASKED, SETTLED, CIRCULATED = "status_requested", "status_settled", "draft_circulated"
Target, Ending = StatusRequest.Target, StatusRequest.Ending


def render_asked(notices: Sequence[Notice]) -> MailContent | None:
    """To those who may confirm: somebody asks; None once it is settled or the reader may do so no longer."""
    request = _request_of(notices[-1])
    if request is None or not request.is_open or request.confirmed_at:
        return None
    if not may_confirm(notices[-1].recipient, request):
        return None
    names = {"name": request.requested_by.shown_name, "draft": _named(request.draft)}
    if request.target == Target.ADOPTED:
        first = _("%(name)s asks that %(draft)s be marked as adopted.") % names
    elif request.target == Target.RELEASED:
        first = _("%(name)s asks that a language of %(draft)s be released: %(language)s.") % {
            **names,
            "language": _language(request),
        }
    elif request.due_at:
        first = _("%(name)s asks that %(draft)s be published on %(time)s.") % {
            **names,
            "time": _time(request.due_at),
        }
    else:
        first = _("%(name)s asks that %(draft)s be published.") % names
    return MailContent(
        subject=_("A second person is needed: %(draft)s") % names,
        paragraphs=[first, request.note, _("It happens only if another person confirms it.")],
        action_label=_("Look at it and decide"),
        action_path=_page(request.draft),
        reason=_("You get this message because you may publish this draft."),
    )


def render_settled(notices: Sequence[Notice]) -> MailContent | None:
    """To the one who asked, and for a time set to the one who confirmed: what became of it."""
    notice = notices[-1]
    request = _request_of(notice)
    if request is None or not may_publish_draft(notice.recipient, request.draft):
        return None
    subject, *paragraphs = _outcome(request, notice.occurrence)
    if not subject:
        return None
    return MailContent(
        subject=subject,
        paragraphs=paragraphs,
        action_label=_("See where the draft stands"),
        action_path=_page(request.draft),
        reason=_("You get this message because you asked for this or confirmed it."),
    )


def _outcome(request: StatusRequest, occurrence: str) -> list[str]:
    """Subject and paragraphs; an empty subject where nothing is left to tell."""
    named = {"draft": _named(request.draft)}
    if occurrence == "confirmed" and request.confirmed_by and request.due_at:
        words = _("%(name)s confirmed it: %(draft)s will be published on %(time)s.")
        said = {**named, "name": request.confirmed_by.shown_name, "time": _time(request.due_at)}
        return [_("Confirmed: %(draft)s") % named, words % said]
    if occurrence == "carried_out" and request.target == Target.ADOPTED:
        return [_("Adopted: %(draft)s") % named, _("%(draft)s is marked as adopted.") % named]
    if occurrence == "carried_out" and request.target == Target.RELEASED:
        said = {**named, "language": _language(request)}
        return [
            _("Language released: %(draft)s") % named,
            _("%(draft)s can now be read by everyone in a further language: %(language)s.") % said,
        ]
    if occurrence == "carried_out":
        return [
            _("Published: %(draft)s") % named,
            _("%(draft)s is published: everyone can read it, and it can no longer be changed.") % named,
        ]
    if occurrence in (Ending.DECLINED, Ending.WITHDRAWN) and request.ended_by:
        said = {**named, "name": request.ended_by.shown_name}
        if occurrence == Ending.DECLINED:
            return [
                _("Declined: %(draft)s") % named,
                _("%(name)s declined what was asked for %(draft)s.") % said,
                request.reason,
            ]
        return [
            _("Withdrawn: %(draft)s") % named,
            _("%(name)s withdrew what was asked for %(draft)s.") % said,
        ]
    if occurrence == Ending.LAPSED:
        return [
            _("Not published: %(draft)s") % named,
            _(
                "The time set for %(draft)s has come, but its words are no longer those that two people confirmed."
                " Nothing was published. Look at the changes and ask again."
            )
            % named,
        ]
    return [""]


def render_circulated(notices: Sequence[Notice]) -> MailContent | None:
    """To a member of a group that a draft is circulated to; None where they may read it no longer."""
    notice = notices[-1]
    draft = Draft.objects.select_related("guidelines").filter(pk=pk_of(notice.subject, Draft)).first()
    if draft is None or draft.status != Draft.Status.CIRCULATED:
        return None
    if not may_read_draft(notice.recipient, draft):
        return None
    return MailContent(
        subject=_("For you to read: %(draft)s") % {"draft": _named(draft)},
        paragraphs=[
            _("The secretariat has circulated %(draft)s to a group that you belong to.")
            % {"draft": _named(draft)},
            _(
                "It is not published. Please do not pass it on: only the groups named by the secretariat read it."
            ),
        ],
        action_label=_("Read the draft"),
        action_path=reverse("drafts:contents", args=[draft.guidelines.slug, draft.number]),
        reason=_("You get this message because you belong to a group that this draft was given to."),
    )


def _request_of(notice: Notice) -> StatusRequest | None:
    requests = StatusRequest.objects.select_related(
        "draft__guidelines", "requested_by", "confirmed_by", "ended_by"
    )
    return requests.filter(pk=pk_of(notice.subject, StatusRequest)).first()


def _named(draft: Draft) -> str:
    return _("“%(label)s” of “%(guidelines)s”") % {"label": draft.label, "guidelines": draft.guidelines.title}


def _language(request: StatusRequest) -> str:
    return dict(settings.LANGUAGES)[request.language]


def _page(draft: Draft) -> str:
    return reverse("drafting:draft", args=[draft.guidelines.slug, draft.number])


def _time(at: Any) -> str:
    zone = settings.SECRETARIAT_TIME_ZONE
    local = at.astimezone(ZoneInfo(zone))
    return _("%(date)s, %(time)s %(zone)s time") % {
        "date": day_in_words(local.replace(tzinfo=None), weekday=True),
        "time": local.strftime("%H:%M"),
        "zone": zone_name(zone),
    }
