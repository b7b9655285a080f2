"""Who reads a circulated draft through a group."""

from django.db.models import Q, QuerySet

from accounts.models import Affiliation, Membership, User
from drafts.models import Draft


def readers_of(draft: Draft) -> "QuerySet[User]":
    """The people in the draft's groups now, in person or through an organisation that has confirmed their place.

    As ``accounts.facts.load_facts`` reads one person's groups; those with a closed account are left out.
    """
    members = Membership.objects.current().filter(group__in=draft.access.values("group"))
    places = Affiliation.objects.filter(
        organisation__in=members.exclude(organisation=None).values("organisation"), confirmed_at__isnull=False
    )
    mine = Q(pk__in=members.exclude(user=None).values("user")) | Q(pk__in=places.values("user"))
    return User.objects.active().filter(mine)
