"""The words of the mails about accounts. They name nobody: a mail can't be called back when somebody goes."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.queries import waiting_affiliations
from core.mail import MailContent
from core.models import Notice, pk_of


def organisation_of(notices: Sequence[Notice]) -> Organisation | None:
    """What the last of the notices is about; None where it is gone."""
    pks = [int(pk_of(notice.subject, Organisation)) for notice in notices]
    return Organisation.objects.select_related("country").filter(pk=pks[-1]).first()


def render_asked(notices: Sequence[Notice]) -> MailContent | None:
    """To who confirms: somebody asks to join. Nothing when nobody waits any more."""
    organisation = organisation_of(notices)
    if organisation is None or not waiting_affiliations(organisation).exists():
        return None
    name = organisation.shown_name
    return MailContent(
        subject=_("Somebody asks to be confirmed as a member of %(organisation)s") % {"organisation": name},
        paragraphs=[
            _("Until somebody confirms it, their place in %(organisation)s doesn't count.")
            % {"organisation": name},
        ],
        action_label=_("See who it is and decide"),
        action_path=reverse("accounts:organisation", args=[organisation.pk]),
        reason=_("You get this message because you confirm the members of this organization."),
    )


def render_confirmed(notices: Sequence[Notice]) -> MailContent | None:
    organisation = organisation_of(notices)
    if organisation is None:
        return None
    return MailContent(
        subject=_("You are confirmed as a member of %(organisation)s")
        % {"organisation": organisation.shown_name},
        paragraphs=[_("Your comments now count for this organization.")],
        action_label=_("See my organizations"),
        action_path=reverse("accounts:organisations"),
        reason=_("You get this message because you asked to join."),
    )


def render_placed(notices: Sequence[Notice]) -> MailContent | None:
    organisation = organisation_of(notices)
    if organisation is None:
        return None
    return MailContent(
        subject=_("You have a place in %(organisation)s") % {"organisation": organisation.shown_name},
        paragraphs=[
            _("The secretariat has entered it."),
            _("Your comments now count for this organization."),
        ],
        action_label=_("See my organizations"),
        action_path=reverse("accounts:organisations"),
        reason=_("You get this message because your place in an organization has changed."),
    )


def render_declined(notices: Sequence[Notice]) -> MailContent | None:
    organisation = organisation_of(notices)
    if organisation is None:
        return None
    return MailContent(
        subject=_("Your request to join %(organisation)s was declined")
        % {"organisation": organisation.shown_name},
        paragraphs=[
            _("You can go on taking part for yourself. If this is a mistake, ask the organization directly.")
        ],
        action_label=_("See my organizations"),
        action_path=reverse("accounts:organisations"),
        reason=_("You get this message because you asked to join."),
    )
