"""The account of a round over the API: the same figures as the page's."""

from collections import Counter
from typing import Any

from rest_framework import serializers

from consultations.giving_account.figures import (
    OUTCOMES,
    SET_ASIDE,
    WHO,
    Figures,
    figures_of,
    later_than_given,
)
from consultations.models import Round


class OutcomesSerializer(serializers.Serializer[dict[str, int]]):
    """Comments by answer; ``none`` have none that counts for the caller."""

    accepted = serializers.IntegerField()
    partly_accepted = serializers.IntegerField()
    noted = serializers.IntegerField()
    not_accepted = serializers.IntegerField()
    none = serializers.IntegerField()


class PartSerializer(OutcomesSerializer):
    part = serializers.CharField(
        help_text="A pillar's number; `whole` for the draft as a whole, `other` outside the pillars."
    )
    comments = serializers.IntegerField()


class SpokeSerializer(serializers.Serializer[dict[str, Any]]):
    key = serializers.CharField(
        help_text="A region's, stakeholder group's or language's code; empty: not known."
    )
    participants = serializers.IntegerField(
        allow_null=True, help_text="Null where fewer than three are kept back."
    )
    invited = serializers.IntegerField(
        allow_null=True, help_text="Null for an open round, and where it is fewer than three or nobody."
    )


class WhoSerializer(serializers.Serializer[dict[str, Any]]):
    region = SpokeSerializer(many=True)
    stakeholder = SpokeSerializer(many=True)
    language = SpokeSerializer(many=True)


class SetAsideSerializer(serializers.Serializer[dict[str, int]]):
    hidden = serializers.IntegerField()
    late = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class ChangesSerializer(serializers.Serializer[dict[str, int]]):
    draft = serializers.IntegerField(help_text="The next draft that the caller may read.")
    provisions = serializers.IntegerField(help_text="Provisions that are not as they were.")
    by_comments = serializers.IntegerField(help_text="Of these, because of comments in this round.")
    by_others = serializers.IntegerField(help_text="Because of what was asked for elsewhere.")
    by_drafters = serializers.IntegerField(help_text="Without a comment.")
    changes = serializers.IntegerField(help_text="Changes of words that comments in this round led to.")


class LaterSerializer(serializers.Serializer[dict[str, int]]):
    changed = serializers.IntegerField()
    added = serializers.IntegerField()


class AccountSerializer(serializers.Serializer[dict[str, Any]]):
    """What became of the input of a round, as far as the caller may know it."""

    round = serializers.IntegerField()
    published_at = serializers.DateTimeField(
        allow_null=True, help_text="Null: a preview for the secretariat."
    )
    as_of = serializers.DateTimeField()
    comments = serializers.IntegerField()
    participants = serializers.IntegerField()
    organisations = serializers.IntegerField(allow_null=True)
    proposals = serializers.IntegerField()
    invited = serializers.IntegerField(
        allow_null=True, help_text="People; null for a round open to everyone."
    )
    invited_organisations = serializers.IntegerField(allow_null=True)
    answered = serializers.IntegerField()
    outcomes = OutcomesSerializer()
    median_days = serializers.IntegerField(
        allow_null=True, help_text="From submission to the published answer."
    )
    parts = PartSerializer(many=True)
    who = WhoSerializer()
    not_counted = SetAsideSerializer()
    changes = ChangesSerializer(allow_null=True)
    since_published = LaterSerializer(help_text="Answers changed, or first given, after the account.")


def account_of(round: Round, user: Any) -> dict[str, Any]:
    """A round's account as JSON says it."""
    figures, later = figures_of(round, user), later_than_given(round)
    invited = figures.invited
    return {
        "round": round.pk,
        "published_at": _stamp(round.published_at),
        "as_of": _stamp(figures.as_of),
        "comments": figures.comments,
        "participants": figures.participants,
        "organisations": figures.organisations,
        "proposals": figures.proposals,
        "invited": invited.people if invited else None,
        "invited_organisations": invited.organisations if invited else None,
        "answered": figures.answered,
        "outcomes": _outcomes(figures.outcomes),
        "median_days": figures.days,
        "parts": [
            {"part": part, "comments": sum(counts.values()), **_outcomes(counts)}
            for part, counts in figures.parts.items()
        ],
        "who": {name: _who(name, figures) for name in WHO},
        "not_counted": {str(status): figures.set_aside[status] for status in SET_ASIDE},
        "changes": _changes(figures),
        "since_published": {"changed": later.changed, "added": later.added},
    }


def _stamp(at: Any) -> str | None:
    return serializers.DateTimeField().to_representation(at) if at else None


def _outcomes(counts: Counter[str]) -> dict[str, int]:
    return {outcome or "none": counts[outcome] for outcome in OUTCOMES}


def _who(name: str, figures: Figures) -> list[dict[str, Any]]:
    spoke = {row.key: row.people for row in figures.who[name]}
    invited = figures.invited.by[name] if figures.invited else Counter[str]()
    return [
        {
            "key": key,
            "participants": spoke.get(key, None if figures.guarded else 0),
            "invited": invited[key] or None,
        }
        for key in sorted({*spoke, *(key for key in invited if invited[key])})
    ]


def _changes(figures: Figures) -> dict[str, int] | None:
    if figures.changes is None:
        return None
    counts = figures.changes.counts
    return {
        "draft": figures.changes.draft.pk,
        "provisions": len(figures.changes.rows),
        "by_comments": counts["comments"],
        "by_others": counts["elsewhere"],
        "by_drafters": counts["drafters"],
        "changes": figures.changes.revisions,
    }
