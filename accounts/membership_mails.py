"""The words of the mails about memberships of groups. They say how it stands when they are sent, and name nobody."""

from collections.abc import Sequence
from datetime import datetime, time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Group, Membership, MembershipChange, day_of
from accounts.templatetags.moments import day_in_words
from core.mail import MailContent
from core.models import Notice, pk_of

Kind = MembershipChange.Kind


def render_changed(notices: Sequence[Notice]) -> MailContent | None:
    """To whose term or role changed, or whose membership ended; nothing where that was changed again meanwhile."""
    pk = int(pk_of(notices[-1].subject, MembershipChange))
    change = MembershipChange.objects.select_related("membership__group").filter(pk=pk).first()
    if change is None:
        return None
    membership = change.membership
    group = {"group": membership.group.name}
    if membership.changes.filter(kind=change.kind, pk__gt=change.pk).exists():
        return None
    if change.kind == Kind.ENDED:
        subject, stands = _("Your membership has ended: %(group)s") % group, _("Thank you for your work.")
    elif change.kind == Kind.ROLE:
        subject = _("Your role has changed: %(group)s") % group
        stands = _("Your role there is now: %(role)s.") % {"role": membership.get_role_display()}
    else:
        subject, stands = _("Your term has changed: %(group)s") % group, _term_of(membership)
    return MailContent(
        subject=subject,
        paragraphs=[
            stands,
            _("The reason that the secretariat gave: %(reason)s") % {"reason": change.reason},
        ],
        action_label=_("See the group"),
        action_path=reverse("pages:group", args=[membership.group.slug]),
        reason=_("You get this message because your membership of a group has changed."),
    )


def render_ending(notices: Sequence[Notice]) -> MailContent | None:
    """To a member whose term ends soon; nothing where it ended, or another day was agreed."""
    pk = int(pk_of(notices[-1].subject, Membership))
    membership = Membership.objects.select_related("group").filter(pk=pk).first()
    if membership is None or not membership.is_current():
        return None
    if membership.ends_on is None or membership.ends_on.isoformat() != notices[-1].occurrence:
        return None
    return MailContent(
        subject=_("Your term ends soon: %(group)s") % {"group": membership.group.name},
        paragraphs=[
            _term_of(membership),
            _(
                "After that day you no longer see what is shown to the group alone, unless the term is extended."
            ),
        ],
        action_label=_("See the group"),
        action_path=reverse("pages:group", args=[membership.group.slug]),
        reason=_("You get this message because you are a member of this group."),
    )


def render_terms_ending(notices: Sequence[Notice]) -> MailContent | None:
    """To the secretariat: how many terms of a group end on a day; nothing where none does any more."""
    group = Group.objects.filter(pk=int(pk_of(notices[-1].subject, Group))).first()
    day = notices[-1].occurrence
    count = Membership.objects.current().filter(group=group, ends_on=day).count() if group else 0
    if group is None or not count or day < day_of(timezone.now()).isoformat():
        return None
    words = {"day": _in_words(day), "count": count}
    return MailContent(
        subject=_("Terms end soon: %(group)s") % {"group": group.name},
        paragraphs=[
            _("Last day: %(day)s. Members whose term ends then: %(count)d.") % words,
            _(
                "Extend the terms of those who stay. Nothing else needs to be done: the others are members until then."
            ),
        ],
        action_label=_("See the members"),
        action_path=reverse("people:group", args=[group.slug]),
        reason=_("You get this message because you work for the secretariat."),
    )


def _term_of(membership: Membership) -> str:
    if membership.ends_on is None:
        return _("No end of your term is agreed.")
    return _("The last day of your term is %(day)s.") % {"day": _in_words(membership.ends_on.isoformat())}


def _in_words(day: str) -> str:
    return day_in_words(datetime.combine(datetime.fromisoformat(day).date(), time()))
