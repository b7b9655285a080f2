"""Offers to host as the API takes and shows them, as far as the caller may see them."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from experts.hosting_offers import MOST_PEOPLE, WORDS, gaps
from experts.hosting_queries import Weighed
from experts.hosting_rules import is_open_for, state_shown_to
from experts.models import CallPaper, HostingOffer
from experts.standing import is_staff

S = HostingOffer.State
LANGUAGES = [code for code, _name in settings.LANGUAGES]
BIGGEST = 2**31 - 1


def _words(name: str, **options: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=WORDS[name], **options)


class OfferWordsSerializer(serializers.Serializer[Any]):
    host_name = _words(
        "host_name", help_text="As it is to be published; a member state is called what it is called."
    )
    starts_on = serializers.DateField(required=False, allow_null=True)
    ends_on = serializers.DateField(required=False, allow_null=True, help_text="The last day, included.")
    place = _words("place", help_text="The city.")
    venue = _words("venue")
    capacity = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=MOST_PEOPLE,
        help_text="People the venue holds.",
    )
    accessibility = _words("accessibility")
    interpretation = serializers.ListField(
        child=serializers.CharField(max_length=10),
        required=False,
        max_length=len(LANGUAGES),
        help_text=f"Languages into which the host has speakers interpreted: {', '.join(LANGUAGES)}.",
    )
    visas = _words("visas")
    contribution_in_kind = _words("contribution_in_kind")
    contribution_amount = serializers.DecimalField(
        required=False,
        allow_null=True,
        max_digits=12,
        decimal_places=2,
        help_text="Needs `contribution_currency`.",
    )
    contribution_currency = serializers.CharField(
        required=False, allow_blank=True, max_length=3, help_text="ISO 4217, such as `USD`."
    )


class NewOfferSerializer(OfferWordsSerializer):
    slot = serializers.IntegerField(min_value=1, max_value=10**15, help_text="`id` of a meeting of the call.")
    host_kind = serializers.ChoiceField(choices=HostingOffer.HostKind.choices)
    country = serializers.CharField(
        required=False, max_length=3, help_text="ISO3. Not for a member state: its focal point offers for it."
    )
    organisation = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=10**15,
        help_text="One of the caller’s own; who speaks for it sees the offer, too.",
    )


class OfferChangeSerializer(OfferWordsSerializer):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST)
    slot = serializers.IntegerField(required=False, min_value=1, max_value=10**15)


class SubmitOfferSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1, max_value=BIGGEST, required=False)


class WithdrawOfferSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        allow_blank=True,
        default="",
        max_length=2000,
        help_text="Needed where the secretariat does it for a host.",
    )


class OfferListSerializer(serializers.ModelSerializer[HostingOffer]):
    """The context brings what the page's ``OfferViews._context`` reads."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    call = serializers.IntegerField(source="slot.call_id", read_only=True)
    country = serializers.CharField(source="country_id", read_only=True)
    state = serializers.SerializerMethodField(
        help_text="What is decided is `submitted` until it is announced."
    )
    version = serializers.SerializerMethodField(help_text="For changes; null where the caller can make none.")
    score = serializers.SerializerMethodField(
        help_text="0 to 10, by the criteria's weights; for staff, once every criterion has a score."
    )

    class Meta:
        model = HostingOffer
        fields = [
            *("id", "call", "slot", "host_kind", "host_name", "organisation", "country", "state", "version"),
            *("starts_on", "ends_on", "place", "capacity", "interpretation"),
            *("contribution_amount", "contribution_currency", "submitted_at", "score"),
        ]
        read_only_fields = fields

    @property
    def _reader(self) -> Any:
        return self.context["request"].user

    def _is_assessed_by_reader(self, offer: HostingOffer) -> bool:
        """The secretariat, and nobody of it an offer of their own."""
        return is_staff(self._reader) and offer.pk not in self.context["own"]

    @extend_schema_field(serializers.ChoiceField(choices=S.choices))
    def get_state(self, offer: HostingOffer) -> str:
        return state_shown_to(self._reader, offer)

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_version(self, offer: HostingOffer) -> int | None:
        # A decision raises it: nobody is to read from it that there is one.
        draft, call = offer.state == S.DRAFT, offer.slot.call
        if is_staff(self._reader) or draft or is_open_for(call, offer.country_id, at=timezone.now()):
            return offer.version
        return None

    @extend_schema_field(serializers.FloatField(allow_null=True))
    def get_score(self, offer: HostingOffer) -> float | None:
        found: Weighed | None = self.context["weighed"].get(offer.pk)
        if found is None or found.total is None or not self._is_assessed_by_reader(offer):
            return None
        return round(found.total, 2)


class OfferPaperSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=CallPaper.Kind.choices)
    name = serializers.CharField()
    pages = serializers.IntegerField()
    uploaded_at = serializers.DateTimeField()
    file = serializers.URLField(help_text="For whoever sees the offer; each reading is put on record.")


class OfferSerializer(OfferListSerializer):
    """An offer; what the caller may not see is null."""

    papers = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField(
        help_text="For the host: what it still needs to be handed in."
    )
    late = serializers.SerializerMethodField(help_text="A draft whose deadline is over.")
    decision_reason = serializers.SerializerMethodField(help_text="For staff.")

    class Meta(OfferListSerializer.Meta):
        fields = [
            *OfferListSerializer.Meta.fields,
            *("venue", "accessibility", "visas", "contribution_in_kind", "receipt"),
            *("papers", "missing", "late", "decision_reason"),
        ]
        read_only_fields = fields

    @extend_schema_field(OfferPaperSerializer(many=True))
    def get_papers(self, offer: HostingOffer) -> list[dict[str, Any]]:
        address = self.context["request"].build_absolute_uri
        return [
            {
                "kind": paper.kind,
                "name": paper.file.name,
                "pages": paper.pages,
                "uploaded_at": paper.uploaded_at,
                "file": address(reverse("file_download", args=[paper.file.uuid])),
            }
            for paper in offer.papers.all()
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField(), allow_null=True))
    def get_missing(self, offer: HostingOffer) -> list[str] | None:
        if offer.pk not in self.context["own"]:
            return None
        return sorted(gaps(offer, [paper.kind for paper in offer.papers.all()]))

    def get_late(self, offer: HostingOffer) -> bool:
        call = offer.slot.call
        return offer.state == S.DRAFT and not is_open_for(call, offer.country_id, at=timezone.now())

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_decision_reason(self, offer: HostingOffer) -> str | None:
        return offer.decision_reason if self._is_assessed_by_reader(offer) else None
