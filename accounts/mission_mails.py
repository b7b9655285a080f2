"""The words of the mails about places in missions and other organisations. They name nobody, and say how it stands
when they are sent: whoever changed places twice reads what is true."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.mails import organisation_of
from accounts.models import Affiliation
from core.mail import MailContent
from core.models import Notice


def _place(notices: Sequence[Notice]) -> Affiliation | None:
    organisation = organisation_of(notices)
    if organisation is None:
        return None
    places = organisation.affiliations.filter(user=notices[-1].recipient_id, confirmed_at__isnull=False)
    return places.first()


def _content(subject: str, *paragraphs: str) -> MailContent:
    return MailContent(
        subject=subject,
        paragraphs=list(paragraphs),
        action_label=_("See my organizations"),
        action_path=reverse("accounts:organisations"),
        reason=_("You get this message because your place in an organization has changed."),
    )


def render_replaced(notices: Sequence[Notice]) -> MailContent | None:
    """To who was contact point until now. Nothing when they are it again."""
    organisation, place = organisation_of(notices), _place(notices)
    if organisation is None or (place is not None and place.role == Affiliation.Position.CONTACT):
        return None
    name = {"organisation": organisation.shown_name}
    stays = (
        _("Your position there is now: %(position)s.") % {"position": place.get_role_display()}
        if place is not None
        else _("Your place there has ended.")
    )
    return _content(
        _("Somebody else is the contact point of %(organisation)s now") % name,
        stays,
        _("What was written and decided in its name stays as it is. Thank you for your work."),
    )


def render_changed(notices: Sequence[Notice]) -> MailContent | None:
    """To whose position in an organisation has changed. Nothing when they have left meanwhile."""
    organisation, place = organisation_of(notices), _place(notices)
    if organisation is None or place is None:
        return None
    return _content(
        _("Your position in %(organisation)s has changed") % {"organisation": organisation.shown_name},
        _("Your position there is now: %(position)s.") % {"position": place.get_role_display()},
    )


def render_ended(notices: Sequence[Notice]) -> MailContent | None:
    """To whose place was ended by somebody else. Nothing when they have one again."""
    organisation, place = organisation_of(notices), _place(notices)
    if organisation is None or place is not None:
        return None
    return _content(
        _("Your place in %(organisation)s has ended") % {"organisation": organisation.shown_name},
        _("You can go on taking part for yourself. If this is a mistake, ask the organization directly."),
    )


def render_handed_over(notices: Sequence[Notice]) -> MailContent | None:
    """To the secretariat: a mission has handed its contact over."""
    organisation = organisation_of(notices)
    if organisation is None:
        return None
    return MailContent(
        subject=_("%(organisation)s has a new contact point") % {"organisation": organisation.shown_name},
        paragraphs=[
            _("The mission has handed its contact over; the new contact point has accepted."),
            _("What was written and decided in its name stays as it is."),
        ],
        action_label=_("See the mission"),
        action_path=reverse("accounts:organisation", args=[organisation.pk]),
        reason=_("You get this message because you work for the secretariat."),
    )
