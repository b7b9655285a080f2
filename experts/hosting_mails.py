"""The words of the mails about offers to host."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from core.mail import MailContent
from core.models import Notice, pk_of
from experts.deadlines import days_in_words, for_mail
from experts.models import HostingOffer, OfferMove

S = HostingOffer.State


def _offer(notice: Notice) -> HostingOffer | None:
    found = HostingOffer.objects.select_related("slot__call", "country").filter(
        pk=pk_of(notice.subject, HostingOffer)
    )
    return found.first()


def occurrence_of(offer: HostingOffer) -> str:
    """Names a decision: what was told of an earlier one is told no more."""
    return f"version-{offer.version}"


def render_submitted(notices: Sequence[Notice]) -> MailContent | None:
    """The receipt. None once the offer was withdrawn."""
    offer = _offer(notices[-1])
    if offer is None or offer.state == S.WITHDRAWN or offer.submitted_at is None:
        return None
    call, named = offer.slot.call, {"meeting": offer.slot.title, "receipt": offer.receipt}
    closes, _endorsed = call.deadlines_for(offer.country_id)
    return MailContent(
        subject=_("Your offer to host was handed in: %(meeting)s") % named,
        paragraphs=[
            _("It was handed in on %(when)s.")
            % {"when": for_mail(offer.submitted_at, call, notices[-1].recipient)},
            _("You can change it until: %(when)s.") % {"when": for_mail(closes, call, notices[-1].recipient)},
            _("Receipt: %(receipt)s") % named,
        ],
        action_label=_("See the offer"),
        action_path=reverse("hosting:offer_detail", args=[offer.uuid]),
        reason=_(
            "You get this message because an offer to host of yours or of your organization was handed in."
        ),
    )


def render_decided(notices: Sequence[Notice]) -> MailContent | None:
    """What was decided on an offer. None where it was decided otherwise since, or withdrawn: that is told instead."""
    notice = notices[-1]
    offer = _offer(notice)
    if offer is None or notice.occurrence != occurrence_of(offer) or not offer.slot.call.decided_at:
        return None
    named = {
        "meeting": offer.slot.title,
        "host": offer.host,
        "days": days_in_words(offer.starts_on, offer.ends_on),
        "place": offer.place,
    }
    told = {
        S.CHOSEN: _("%(host)s is chosen to host “%(meeting)s”: %(place)s, %(days)s."),
        S.RESERVE: _(
            "The offer of %(host)s to host “%(meeting)s” is kept in reserve. We ask you if the host withdraws."
        ),
        S.NOT_CHOSEN: _(
            "The offer of %(host)s to host “%(meeting)s” was not chosen. Thank you for making it."
        ),
    }
    words = told.get(S(offer.state))
    if words is None:
        return None
    changed = bool(offer.decided_at and offer.decided_at > offer.slot.call.decided_at)
    paragraphs = [words % named]
    if changed:
        paragraphs.insert(0, _("The decision has changed. This message takes the place of the earlier one."))
    if offer.state == S.CHOSEN:
        paragraphs.append(_("Next, we send you the draft of the host agreement."))
    return MailContent(
        subject=_("Decision on your offer to host: %(meeting)s") % named,
        paragraphs=paragraphs,
        action_label=_("See the offer"),
        action_path=reverse("hosting:offer_detail", args=[offer.uuid]),
        reason=_(
            "You get this message because an offer to host of yours or of your organization was handed in."
        ),
    )


def render_withdrawn(notices: Sequence[Notice]) -> MailContent | None:
    """To whoever decided on it, as long as they are of the secretariat: a host withdrew."""
    seen = HostingOffer.objects.visible_to(notices[-1].recipient)
    moves = OfferMove.objects.select_related("offer__slot").filter(offer__in=seen)
    made = moves.filter(pk=pk_of(notices[-1].subject, OfferMove)).first()
    if made is None:
        return None
    slot = made.offer.slot
    named = {"meeting": slot.title, "host": made.offer.host}
    paragraphs = [_("%(host)s withdrew the offer to host “%(meeting)s”.") % named]
    if made.before == S.CHOSEN:
        paragraphs.append(_("This host was chosen. Another offer can now be chosen in its place."))
    return MailContent(
        subject=_("A host withdrew: %(meeting)s") % named,
        paragraphs=paragraphs,
        action_label=_("Compare the offers"),
        action_path=reverse("hosting:slot_detail", args=[slot.call_id, slot.pk]),
        reason=_("You get this message because you decided on this offer."),
    )
