"""What people are told of a decision: the words of mails and letters, each in the person's language."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.templatetags.moments import day_in_words
from core.mail import MailAttachment, MailContent
from core.media_types import PDF
from core.models import Notice, pk_of
from core.names import file_name
from core.notices import Addressee
from experts.actions.appointing import OPEN, state_at
from experts.actions.offering import token_of
from experts.deadlines import for_mail
from experts.models import Appointment, DecisionItem, Nomination
from experts.panel_group import is_regional, name_of_group
from experts.papers import Paper, facts, paragraph, pdf_of

SENDER = "UN-Habitat"


def address_of(notices: Sequence[Notice]) -> Addressee | None:
    """Whoever is offered the place, by the address that was named."""
    found = _appointment(notices)
    return Addressee(found.nomination.email, found.nomination.name) if found else None


def note_sent(notices: Sequence[Notice], at: datetime) -> None:
    """The mail of this invitation went out."""
    found = _appointment(notices)
    if found is not None and notices[-1].occurrence == mailing_of(found):
        Appointment.objects.filter(pk=found.pk, mailing=found.mailing).update(sent_at=at)


def mailing_of(appointment: Appointment) -> str:
    """What tells one mailing of an invitation from the next."""
    return f"mailing-{appointment.mailing}"


def render_offer(notices: Sequence[Notice]) -> MailContent | None:
    """The mail of an invitation, with its letter; None once it isn't open any more, or was sent anew."""
    found = _appointment(notices)
    if found is None or notices[-1].occurrence != mailing_of(found):
        return None
    if state_at(found, timezone.now()) != OPEN:
        return None
    return replace(_offer(found), attachments=[letter_file(found)])


def reminder_of(appointment: Appointment) -> MailContent:
    """The words of a reminder of an invitation, with its letter, under the language that is active."""
    return replace(_reminder(appointment), attachments=[letter_file(appointment)])


def letter_file(appointment: Appointment) -> MailAttachment:
    return MailAttachment(letter_name(appointment), pdf_of(letter_of(appointment)), PDF)


def _appointment(notices: Sequence[Notice]) -> Appointment | None:
    related = Appointment.objects.select_related(
        "group", "nomination__call__guidelines", "nomination__country"
    )
    return related.filter(pk=pk_of(notices[-1].subject, Appointment)).first()


def render_decision(notices: Sequence[Notice]) -> MailContent | None:
    """To who isn't offered a place now: an alternate, or not chosen; None for who withdrew or was invited meanwhile."""
    item = _item(notices)
    if item is None or item.nomination.state not in ("alternate", "not_selected"):
        return None
    if item.outcome == DecisionItem.Outcome.ALTERNATE:
        return _alternate(item.nomination)
    return _not_chosen(item.nomination)


def address_of_decision(notices: Sequence[Notice]) -> Addressee | None:
    item = _item(notices)
    return Addressee(item.nomination.email, item.nomination.name) if item else None


def _item(notices: Sequence[Notice]) -> DecisionItem | None:
    announced = DecisionItem.objects.filter(decision__announced_at__isnull=False)
    return (
        announced.select_related("nomination__call")
        .filter(pk=pk_of(notices[-1].subject, DecisionItem))
        .first()
    )


def letter_name(appointment: Appointment) -> str:
    return file_name("-".join([_("Invitation"), appointment.nomination.name + ".pdf"]))


def letter_of(appointment: Appointment) -> Paper:
    """The letter of invitation, under the language that is active."""
    nomination, call = appointment.nomination, appointment.nomination.call
    guidelines = call.guidelines.title
    if is_regional(appointment):
        said = [
            _("thank you for your part in the call “%(call)s”.") % {"call": call.title},
            _(
                "We invite you to join a group that is consulted on every draft of “%(guidelines)s”: %(group)s."
            )
            % {"group": appointment.group.name, "guidelines": guidelines},
        ]
    else:
        said = [
            _("in answer to the call “%(call)s” your nomination was considered together with all others.")
            % {"call": call.title},
            _(
                "It is our pleasure to offer you a place in the group that advises on “%(guidelines)s”: %(group)s."
            )
            % {"group": appointment.group.name, "guidelines": guidelines},
            _("Members serve in their personal capacity and without pay."),
        ]
    return Paper(
        language=translation.get_language() or "en",
        title=_("Invitation to a group: %(group)s") % {"group": appointment.group.name},
        subtitle=call.title,
        sender=SENDER,
        made_at=appointment.offered_at,
        blocks=[
            paragraph(day_in_words(appointment.offered_at)),
            paragraph(_("Dear %(name)s,") % {"name": nomination.name}),
            *map(paragraph, said),
            paragraph(
                _(
                    "Please accept or decline by the link in the mail that came with this letter, until the date below."
                )
            ),
            facts(
                [
                    (_("Nominated by"), nomination.country.name),
                    (_("Answer until"), for_mail(appointment.expires_at, call, nomination.nominee)),
                ]
            ),
            paragraph(_("The secretariat")),
        ],
    )


def render_free(notices: Sequence[Notice]) -> MailContent | None:
    """To staff: a place has become free. It names nobody: a mail can't be called back."""
    pks = [int(pk_of(notice.subject, Appointment)) for notice in notices]
    found = Appointment.objects.select_related("nomination__call").filter(pk=pks[-1]).first()
    if found is None or found.answer == Appointment.Answer.ACCEPTED:  # taken again before this went out
        return None
    call = found.nomination.call
    return MailContent(
        subject=_("A place of the panel is free"),
        paragraphs=[
            _("Somebody declined, resigned or didn't answer in time (%(call)s).") % {"call": call.title},
            _("The portal shows who may take the place with all rules kept."),
        ],
        action_label=_("Find a replacement"),
        action_path=reverse("panel:invited", args=[call.pk]),
        reason=_("You get this message because you sent the invitation."),
    )


def render_taken(notices: Sequence[Notice]) -> MailContent | None:
    """To staff: a place that had become free is taken after all. It names nobody, as above."""
    pks = [int(pk_of(notice.subject, Appointment)) for notice in notices]
    found = Appointment.objects.select_related("nomination__call").filter(pk=pks[-1]).first()
    if found is None or found.answer != Appointment.Answer.ACCEPTED:
        return None
    call = found.nomination.call
    return MailContent(
        subject=_("A place of the panel is taken again"),
        paragraphs=[
            _(
                "Somebody who had declined has accepted after all, so nobody is to be found for this place: %(call)s."
            )
            % {"call": call.title}
        ],
        action_label=_("See the invitations"),
        action_path=reverse("panel:invited", args=[call.pk]),
        reason=_("You get this message because you sent the invitation."),
    )


def _offer(appointment: Appointment) -> MailContent:
    names = {
        "group": appointment.group.name,
        "guidelines": appointment.nomination.call.guidelines.title,
    }
    subject = _("Invitation to a group: %(group)s") % names
    if is_regional(appointment):
        chosen_for = name_of_group(appointment.nomination.call)
        first = [
            _("Thank you for your part in the call. We could not offer you a place in this group: %(group)s.")
            % {"group": chosen_for},
            _("We would value your part all the same, and invite you to join another one: %(group)s.")
            % names,
        ]
    else:
        first = [
            _(
                "It is our pleasure to offer you a place in the group that advises on “%(guidelines)s”: %(group)s."
            )
            % names
        ]
    return MailContent(
        subject=subject,
        paragraphs=[*first, _until(appointment), _("You need no account to answer.")],
        action_label=_("Accept or decline"),
        action_path=_path(appointment),
        reason=_reason(appointment),
    )


def _reminder(appointment: Appointment) -> MailContent:
    return MailContent(
        subject=_("Please answer our invitation to a group: %(group)s") % {"group": appointment.group.name},
        paragraphs=[_("You have not answered our invitation yet."), _until(appointment)],
        action_label=_("Accept or decline"),
        action_path=_path(appointment),
        reason=_reason(appointment),
    )


def _until(appointment: Appointment) -> str:
    """A regional group has room for everybody: nobody else waits for a place in it."""
    words = _("Please answer until %(moment)s.")
    if not is_regional(appointment):
        words = _("Please answer until %(moment)s. After that the place goes to somebody else.")
    call, nominee = appointment.nomination.call, appointment.nomination.nominee
    return words % {"moment": for_mail(appointment.expires_at, call, nominee)}


def _path(appointment: Appointment) -> str:
    return reverse("panel:answer", args=[token_of(appointment)])


def _alternate(nomination: Nomination) -> MailContent:
    call = nomination.call
    return MailContent(
        subject=_("List of alternates: %(call)s") % {"call": call.title},
        paragraphs=[
            _("Thank you for your part in the call “%(call)s”.") % {"call": call.title},
            _(
                "The panel has been chosen. You stand on the list of alternates: if a place becomes free that you can "
                "take, we invite you."
            ),
        ],
        reason=_reason_of(call.title),
    )


def _not_chosen(nomination: Nomination) -> MailContent:
    call = nomination.call
    return MailContent(
        subject=_("The panel has been chosen: %(call)s") % {"call": call.title},
        paragraphs=[
            _("Thank you for your part in the call “%(call)s”.") % {"call": call.title},
            _("The panel has been chosen. You are not among its members."),
            _("The drafts are open to consultation, and your voice is welcome there."),
        ],
        action_label=_("To the portal"),
        action_path=reverse("home"),
        reason=_reason_of(call.title),
    )


def _reason(appointment: Appointment) -> str:
    return _reason_of(appointment.nomination.call.title)


def _reason_of(call: str) -> str:
    return _("You get this message because you were nominated in the call “%(call)s”.") % {"call": call}
