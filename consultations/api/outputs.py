"""How the API shows rounds, comments and answers, as far as the caller may see them."""

from collections import Counter
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consultations.answer_rules import standing_reaction
from consultations.carrying import Place
from consultations.mails import response_in
from consultations.mentions import text_of, words_of
from consultations.models import Anchor, AnchorMapping, Comment, Disposition, Entry, Reaction, Reply, Round
from consultations.naming import author_name, organisation_name, speaker_name
from consultations.rules import is_secretariat, is_staff, may_comment, may_see_origin, seen_number

LANGUAGES = [code for code, _name in settings.LANGUAGES]
ORIGIN = (
    "As it was at submission. Null for all but the author and the secretariat where the comment bears neither a"
    " person's name nor an organization's, and in anonymous rounds."
)


class RoundSerializer(serializers.ModelSerializer[Round]):
    state = serializers.ChoiceField(choices=Round.State.choices, read_only=True)
    groups = serializers.SerializerMethodField()
    scope = serializers.SerializerMethodField()
    titles = serializers.SerializerMethodField(help_text="The title in every language it has.")

    class Meta:
        model = Round
        fields = [
            *("id", "kind", "draft", "title", "titles", "guidance", "opens_at", "closes_at", "state"),
            *("visibility", "anonymous", "groups", "scope", "closed_at", "answered_at", "published_at"),
        ]
        read_only_fields = fields

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_groups(self, round: Round) -> list[str]:
        return [audience.group.slug for audience in round.audience.all()]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_scope(self, round: Round) -> list[str]:
        return [part.key for part in round.scope.all()]

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_titles(self, round: Round) -> dict[str, str]:
        words = {code: getattr(round, f"title_{code.replace('-', '_')}") for code in LANGUAGES}
        return {code: title for code, title in words.items() if title}


class AnchorOutput(serializers.ModelSerializer[Anchor]):
    version = serializers.IntegerField(source="revision.version")

    class Meta:
        model = Anchor
        fields = ["exact", "prefix", "suffix", "start", "end", "language", "version"]


class PlaceOutput(serializers.Serializer[Place]):
    """A place in a draft: code points of the text that ``provisions/`` would give with its marks' own labels."""

    provision = serializers.CharField(source="provision.key")
    exact = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class CarriedSerializer(serializers.Serializer[Place]):
    """Where a comment stands in another draft.

    ``exact``: its quote stands unchanged; ``mapped``: the words were edited in place; ``orphaned``: they were taken
    out, and ``provision`` is the one it belongs to, else the nearest above. ``proposal`` is where words like them
    stand, of an orphaned quote; it counts once a person has confirmed it. A comment without a quote has no words.
    """

    state = serializers.SerializerMethodField()
    provision = serializers.SerializerMethodField()
    exact = serializers.SerializerMethodField(help_text="The words that stand there in that draft.")
    start = serializers.SerializerMethodField()
    end = serializers.SerializerMethodField()
    proposal = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=["exact", "mapped", "orphaned"]))
    def get_state(self, place: Place) -> str:
        return "orphaned" if self._proposed(place) else place.state

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_provision(self, place: Place) -> str | None:
        return place.provision.key if place.provision else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_exact(self, place: Place) -> str | None:
        return None if self._proposed(place) else place.exact or None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_start(self, place: Place) -> int | None:
        return None if self._proposed(place) else place.start

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_end(self, place: Place) -> int | None:
        return None if self._proposed(place) else place.end

    @extend_schema_field(PlaceOutput(allow_null=True))
    def get_proposal(self, place: Place) -> Any:
        return PlaceOutput(place).data if self._proposed(place) else None

    def _proposed(self, place: Place) -> bool:
        return place.state == AnchorMapping.State.PROPOSED


class AuthorOutput(serializers.Serializer[Any]):
    name = serializers.CharField(allow_null=True)
    organisation = serializers.CharField(allow_null=True)
    country = serializers.CharField(allow_null=True)


class ReactionOutput(serializers.ModelSerializer[Reaction]):
    """The commenter's one reply to the answer as it reads now; ``why`` is empty where it was erased."""

    class Meta:
        model = Reaction
        fields = ["content", "why", "language", "at"]


class EntryOutput(serializers.ModelSerializer[Entry]):
    """``in_time``: entered after the closing, and received before it, as staff vouch."""

    class Meta:
        model = Entry
        fields = ["how", "source", "received_on", "in_time"]


class DispositionSerializer(serializers.ModelSerializer[Disposition]):
    comment = serializers.UUIDField(source="comment.uuid")
    response = serializers.SerializerMethodField(help_text="In the language asked for, if the answer has it.")
    responses = serializers.DictField(source="answer.responses", child=serializers.CharField())
    published = serializers.SerializerMethodField()
    applied_revision = serializers.SerializerMethodField()
    reaction = serializers.SerializerMethodField()

    class Meta:
        model = Disposition
        fields = [
            *("comment", "outcome", "response", "responses", "published", "published_at"),
            *("applied_revision", "decided_at", "version", "reaction"),
        ]

    def get_response(self, disposition: Disposition) -> str:
        return response_in(disposition.answer.responses, get_language() or "en", "en")[1]

    def get_published(self, disposition: Disposition) -> bool:
        return disposition.published_at is not None

    @extend_schema_field(ReactionOutput(allow_null=True))
    def get_reaction(self, disposition: Disposition) -> Any:
        reaction = standing_reaction(disposition) if disposition.published_at else None
        return ReactionOutput(reaction).data if reaction else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_applied_revision(self, disposition: Disposition) -> int | None:
        """The change named last, whatever the age of its revision."""
        changes = sorted(disposition.applied_changes.all(), key=lambda change: change.pk)
        return changes[-1].revision_id if changes else None


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment as the caller may see it; ``late`` marks unsent words of a round that has closed for them."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    provision = serializers.CharField(source="provision.key", default=None, allow_null=True)
    anchor = serializers.SerializerMethodField()
    author = serializers.SerializerMethodField()
    mine = serializers.SerializerMethodField()
    late = serializers.SerializerMethodField()
    region = serializers.SerializerMethodField(help_text=ORIGIN)
    stakeholder = serializers.SerializerMethodField(help_text=ORIGIN)
    number = serializers.SerializerMethodField()
    receipt = serializers.SerializerMethodField(help_text="Only its author holds it.")
    support = serializers.SerializerMethodField()
    oppose = serializers.SerializerMethodField()
    reserve = serializers.SerializerMethodField()
    replies = serializers.SerializerMethodField()
    disposition = serializers.SerializerMethodField()
    entered = serializers.SerializerMethodField(
        help_text="How and when the secretariat received what it entered for somebody; null for all other comments."
    )

    class Meta:
        model = Comment
        fields = [
            *("id", "round", "number", "provision", "anchor", "kind", "status", "late", "body"),
            *("proposed_text", "rationale", "language", "attribution", "author", "mine", "region"),
            *("stakeholder", "support", "oppose", "reserve", "replies", "disposition", "version"),
            *("created_at", "submitted_at", "receipt", "hidden_reason", "entered"),
        ]
        read_only_fields = fields

    @property
    def user(self) -> Any:
        return self.context["request"].user

    def _mine(self, comment: Comment) -> bool:
        return bool(self.user.is_authenticated and comment.author_id == self.user.pk)

    @extend_schema_field(AnchorOutput(allow_null=True))
    def get_anchor(self, comment: Comment) -> Any:
        anchor = getattr(comment, "anchor", None)
        return AnchorOutput(anchor).data if anchor else None

    @extend_schema_field(AuthorOutput())
    def get_author(self, comment: Comment) -> dict[str, str | None]:
        return {
            "name": author_name(comment, self.user) or None,
            "organisation": organisation_name(comment, self.user) or None,
            "country": (comment.country or None) if may_see_origin(self.user, comment) else None,
        }

    def get_mine(self, comment: Comment) -> bool:
        return self._mine(comment)

    def get_late(self, comment: Comment) -> bool:
        if comment.status == Comment.Status.LATE:
            return True
        if comment.status != Comment.Status.DRAFT or not self._mine(comment):
            return False
        return may_comment(self.user, comment.round, at=timezone.now()).code == "closed"

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_region(self, comment: Comment) -> str | None:
        return comment.region or None if may_see_origin(self.user, comment) else None

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_stakeholder(self, comment: Comment) -> str | None:
        return comment.stakeholder_group or None if may_see_origin(self.user, comment) else None

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_number(self, comment: Comment) -> int | None:
        """Null where the round's totals are not for the caller, for numbers tell how many comments there are."""
        return seen_number(self.user, comment)

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_receipt(self, comment: Comment) -> str | None:
        return (
            (comment.receipt or None) if self._mine(comment) or is_staff(self.user, comment.round) else None
        )

    def _voices(self, comment: Comment) -> Counter[str]:
        return Counter(position.position for position in comment.positions.all())

    def get_support(self, comment: Comment) -> int:
        return self._voices(comment)["support"]

    def get_oppose(self, comment: Comment) -> int:
        return self._voices(comment)["oppose"]

    def get_reserve(self, comment: Comment) -> int:
        return self._voices(comment)["reserve"]

    def get_replies(self, comment: Comment) -> int:
        return len(comment.replies.all())

    @extend_schema_field(EntryOutput(allow_null=True))
    def get_entered(self, comment: Comment) -> Any:
        entry = getattr(comment, "entry", None)
        return EntryOutput(entry).data if entry else None

    @extend_schema_field(DispositionSerializer(allow_null=True))
    def get_disposition(self, comment: Comment) -> Any:
        disposition = getattr(comment, "disposition", None)
        if disposition is None:
            return None
        if disposition.published_at is None and not is_secretariat(self.user, comment.round):
            return None
        return DispositionSerializer(disposition).data


class MentionOutput(serializers.Serializer[Any]):
    """Somebody addressed in a reply: the name as shown, and where ``@`` and name stand in ``body`` (code points)."""

    name = serializers.CharField()
    start = serializers.IntegerField()
    end = serializers.IntegerField()


class ReplySerializer(serializers.ModelSerializer[Reply]):
    id = serializers.UUIDField(source="uuid")
    author = serializers.SerializerMethodField()
    body = serializers.SerializerMethodField(
        help_text="With the names that are called in it, as the reader sees them."
    )
    mentions = serializers.SerializerMethodField()

    class Meta:
        model = Reply
        fields = ["id", "author", "body", "mentions", "language", "created_at"]

    def get_body(self, reply: Reply) -> str:
        return text_of(reply, reply.comment)

    @extend_schema_field(MentionOutput(many=True))
    def get_mentions(self, reply: Reply) -> list[dict[str, Any]]:
        found, at = [], 0
        for run in words_of(reply, reply.comment):
            end = at + len(run.text)
            if run.called:
                found.append({"name": run.text[1:], "start": at, "end": end})
            at = end
        return found

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_author(self, reply: Reply) -> str | None:
        return speaker_name(reply, reply.comment, self.context["request"].user) or None


class TallySerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    comments = serializers.IntegerField()
    participants = serializers.IntegerField()
    proposals = serializers.IntegerField()
    support = serializers.IntegerField()
    oppose = serializers.IntegerField()
