"""The group whose members a call chooses: where the places are that its panel is offered."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Group
from accounts.queries import regions_by_country
from core.punctuation import listed
from experts.models import Appointment, Call, DecisionItem, Nomination

Outcome = DecisionItem.Outcome
WORKING_GROUP = "expert-working-group"
# Groups that may be chosen for; stakeholders and governments take part by other ways.
CHOSEN_FOR = (Group.Kind.EXPERT_WORKING_GROUP, Group.Kind.THEMATIC, Group.Kind.REGIONAL)


def regional_slug(region: str) -> str:
    """The slug of a UN regional group's own group."""
    return f"regional-{region.replace('_', '-')}"


def is_regional(appointment: Appointment) -> bool:
    """Whether the place was offered to somebody not chosen, in their regional group. Reads group and call."""
    return appointment.group.kind == Group.Kind.REGIONAL and not appointment.nomination.call.sits_in_regions


def name_of_group(call: Call) -> str:
    """What the group is called whose members the call chooses, in the language that is active."""
    if call.by_region:
        return _("the regional group of each member’s country")
    found = call.group or Group.objects.filter(slug=WORKING_GROUP).first()
    return found.name if found else str(Group.Kind.EXPERT_WORKING_GROUP.label)


def unknown_region(names: Iterable[str]) -> str:
    """Said where somebody was chosen for the group of their region, and there is none."""
    words = _("The regional group of their country isn’t known: %(names)s. Choose somebody else.")
    return words % {"names": listed(sorted(names))}


def outcomes_of(call: Call) -> list[tuple[str, str]]:
    """What may be decided of somebody: nobody is invited to a regional group beside a panel that sits in these."""
    return [
        (str(value), str(label))
        for value, label in Outcome.choices
        if not (call.sits_in_regions and value == Outcome.REGIONAL)
    ]


def groups_of(call: Call, members: Iterable[Nomination], invited: Iterable[Nomination]) -> dict[int, Group]:
    """The group in which each nomination is offered a place: the call's for ``members``, their region's for those
    ``invited`` besides. Whose region isn't known is missing. ``ValidationError`` where the portal lacks a group."""
    members, invited = list(members), [] if call.sits_in_regions else list(invited)
    regional = [*members, *invited] if call.by_region else invited
    regions = regions_by_country({nomination.country_id for nomination in regional})
    slug = call.group.slug if call.group else WORKING_GROUP
    slugs = {} if call.by_region else {nomination.pk: slug for nomination in members}
    for nomination in regional:
        if region := regions.get(nomination.country_id):
            slugs[nomination.pk] = regional_slug(region)
    groups = {group.slug: group for group in Group.objects.filter(slug__in=set(slugs.values()))}
    if missing := set(slugs.values()) - set(groups):
        raise ValidationError(_("There is no group named %(slug)s.") % {"slug": listed(sorted(missing))})
    return {pk: groups[slug] for pk, slug in slugs.items()}
