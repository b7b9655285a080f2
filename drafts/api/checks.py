"""What the checks of a draft found, for programs."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from drafts.checks.listing import Listed
from drafts.models import Finding, Waiver


class WaiverSerializer(serializers.Serializer[Waiver]):
    reason = serializers.CharField()
    by = serializers.CharField(source="by.name")
    at = serializers.DateTimeField()


class FindingSerializer(serializers.Serializer[Listed]):
    """One finding. ``fingerprint`` stays, in later drafts too, while the words concerned stay."""

    code = serializers.CharField(source="check.code")
    severity = serializers.ChoiceField(source="finding.severity", choices=Finding.Severity.choices)
    key = serializers.CharField(
        source="finding.key", help_text="The provision; empty where it is the whole draft."
    )
    language = serializers.CharField(
        source="finding.language", help_text="Of the words; empty where it is none's."
    )
    message = serializers.CharField()
    title = serializers.CharField(help_text="What the check of this code is called.")
    others = serializers.SerializerMethodField(help_text="Keys of further provisions concerned.")
    fingerprint = serializers.CharField(source="finding.fingerprint")
    found_at = serializers.DateTimeField(source="finding.found_at")
    waiver = WaiverSerializer(
        allow_null=True, help_text="Who lets it stand, and why; null where it isn't waived."
    )

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_others(self, row: Listed) -> list[str]:
        return [place.key for place in row.others]
