"""Selections of a call's panel: posing the problem, reading the answers."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from core.names import has_controls
from core.replay import earlier, once
from core.verdicts import require
from experts.actions.selecting import (
    LONGEST_NAME,
    SECONDS_OF_PROGRAMS,
    Asked,
    analysis_of,
    default_seed,
    keep_whole_selection,
    prepare_selection,
)
from experts.models import Call, Selection
from experts.rules import may_work_on_panel
from experts.selection_pool import PERSON

MOST_PEOPLE = 10_000
LARGEST = 9_999  # as the page's form takes it; no pool is larger


class QuotaSerializer(serializers.Serializer[Any]):
    attribute = serializers.CharField(
        max_length=60, help_text="gender, region, expertise, level_of_government, language, nationality, …"
    )
    value = serializers.CharField(max_length=60)
    min = serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, allow_null=True, default=None
    )
    max = serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, allow_null=True, default=None
    )


class SeedField(serializers.Field[Any, Any, Any, Any]):
    """A whole number or a text."""

    default_error_messages = {"invalid": "Give a whole number or a text of at most 100 characters."}

    def to_internal_value(self, value: Any) -> int | str:
        if isinstance(value, bool) or not isinstance(value, int | str) or len(str(value)[:101]) > 100:
            self.fail("invalid")
        if isinstance(value, str) and has_controls(value, besides=""):
            self.fail("invalid")
        return value

    def to_representation(self, value: Any) -> Any:
        return value


class NewSelectionSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=LONGEST_NAME, required=False, allow_blank=True, default="")
    seats = serializers.IntegerField(min_value=1, max_value=LARGEST)
    quotas = QuotaSerializer(many=True, required=False, default=list)
    per_country = serializers.IntegerField(
        min_value=0, max_value=LARGEST, required=False, allow_null=True, default=None
    )
    include = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=MOST_PEOPLE
    )
    exclude = serializers.ListField(
        child=serializers.UUIDField(), required=False, default=list, max_length=MOST_PEOPLE
    )
    reasons = serializers.DictField(
        child=serializers.CharField(max_length=1000),
        required=False,
        default=dict,
        help_text="Why people are included or excluded, by id.",
    )
    seed = extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})(SeedField)(
        required=False
    )

    def asked(self, call: Call) -> Asked:
        sent = self.validated_data

        def decided(field: str) -> dict[str, str]:
            return {str(uuid): sent["reasons"].get(str(uuid), "") for uuid in sent[field]}

        return Asked(
            seats=sent["seats"],
            quotas=tuple(dict(quota) for quota in sent["quotas"]),
            per_country=sent["per_country"],
            include=decided("include"),
            exclude=decided("exclude"),
            seed=sent.get("seed", default_seed(call)),
        )


class SelectionSerializer(serializers.ModelSerializer[Selection]):
    """What was asked and what came out. People are named by their nominations' ids."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    status = serializers.ChoiceField(choices=Selection.Status.choices, read_only=True)
    seats = serializers.IntegerField(source="problem.seats", read_only=True)
    quotas = QuotaSerializer(source="problem.quotas", many=True, read_only=True)
    per_country = serializers.IntegerField(source="problem.per_country", read_only=True, allow_null=True)
    include = serializers.SerializerMethodField()
    exclude = serializers.SerializerMethodField()
    seed = serializers.SerializerMethodField()
    pool = serializers.SerializerMethodField(help_text="How many people could be chosen.")
    merit = serializers.SerializerMethodField()
    bound = serializers.SerializerMethodField(help_text="No panel has more merit.")
    selected = serializers.SerializerMethodField()
    quota_prices = serializers.SerializerMethodField()
    ties = serializers.SerializerMethodField(help_text="Other panels of the same merit.")
    alternates = serializers.SerializerMethodField()
    unattainable = serializers.SerializerMethodField()
    conflict = serializers.SerializerMethodField()
    relaxation = serializers.SerializerMethodField()
    attainable = serializers.SerializerMethodField()

    class Meta:
        model = Selection
        fields = [
            *("id", "name", "status", "seats", "quotas", "per_country", "include", "exclude", "seed"),
            *("pool", "pool_sha256", "selected", "merit", "bound", "quota_prices", "ties", "alternates"),
            *("unattainable", "conflict", "relaxation", "attainable", "created_at"),
        ]
        read_only_fields = fields

    def get_include(self, selection: Selection) -> list[str]:
        return list(selection.problem["include"])

    def get_exclude(self, selection: Selection) -> list[str]:
        return list(selection.problem["exclude"])

    @extend_schema_field({"oneOf": [{"type": "integer"}, {"type": "string"}]})
    def get_seed(self, selection: Selection) -> Any:
        return selection.problem["seed"]

    def get_pool(self, selection: Selection) -> int:
        return len(selection.pool)

    def get_merit(self, selection: Selection) -> float | None:
        return None if selection.merit is None else selection.merit / 100

    def get_bound(self, selection: Selection) -> float | None:
        return None if selection.bound is None else selection.bound / 100

    def get_selected(self, selection: Selection) -> list[str]:
        return list(selection.outcome.get("solution", {}).get("selected", []))

    def get_quota_prices(self, selection: Selection) -> list[dict[str, Any]]:
        """Points of merit that each rule costs: quotas, attributes, all quotas, the limit, each decision."""
        return [
            {**price, "price": float(price["price"]), "merit": float(price["merit"])}
            for price in selection.outcome.get("prices", [])
            if price["attribute"] != PERSON
        ]

    def get_ties(self, selection: Selection) -> int | None:
        near = selection.outcome.get("near_ties")
        return near["ties"] if near else None

    def get_alternates(self, selection: Selection) -> dict[str, list[str]]:
        return {
            entry["member"]: [replacement["candidate"] for replacement in entry["replacements"]]
            for entry in selection.outcome.get("alternates", [])
        }

    def get_unattainable(self, selection: Selection) -> list[dict[str, Any]]:
        """Quotas that can't be met even alone: asked, the nearest reached, and the decisions that stand in the way."""
        return [
            {
                **entry["demand"],
                "asked": entry["asked"],
                "reached": entry["reached"],
                "because": entry["because"],
            }
            for entry in selection.outcome.get("unattainable", [])
        ]

    def get_conflict(self, selection: Selection) -> list[dict[str, Any]]:
        """Rules that can't be met together, while any one fewer could; empty too where people are fewer than seats."""
        return list((selection.outcome.get("conflict") or {"demands": []})["demands"])

    def get_relaxation(self, selection: Selection) -> list[dict[str, Any]]:
        """The least change after which there is a panel: of quotas, and only where those alone can't help, of the
        limit per country (kind ``per_country``), of inclusions (``include``) and of ``seats``."""
        relaxation = selection.outcome.get("relaxation") or {"changes": []}
        return [
            {**change["demand"], "before": change["before"], "after": change["after"]}
            for change in relaxation["changes"]
        ]

    def get_attainable(self, selection: Selection) -> list[dict[str, Any]]:
        """For each quota the least and the most members there could be: alone, and beside the other quotas."""
        return [
            {**entry["quota"], "alone": entry["alone"], "beside_others": entry["beside_others"]}
            for entry in selection.outcome.get("attainable", [])
            if entry["quota"]["attribute"] != PERSON
        ]


class SelectionViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Selection]):
    """The panels that the secretariat had computed for a call."""

    serializer_class = SelectionSerializer
    queryset = Selection.objects.none()

    def _call(self) -> Call:
        calls = Call.objects.visible_to(self.request.user)
        call = get_object_or_404(calls, pk=int(self.kwargs["call_id"]), kind=Call.Kind.EXPERTS)
        if not self.request.user.is_authenticated:
            raise NotAuthenticated
        require(may_work_on_panel(self.request.user, call))
        return call

    def get_queryset(self) -> QuerySet[Selection]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Selection.objects.filter(call=self._call(), discarded_at=None).order_by("-created_at", "-pk")

    @extend_schema(request=NewSelectionSerializer, responses={201: SelectionSerializer})
    def create(self, request: Request, call_id: str) -> Response:
        """Compute a panel: the answer says everything about it."""
        call = self._call()
        new = NewSelectionSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        if found := earlier(request, Selection):
            return self._shown(found)

        # Computed before anything is locked.
        prepared = prepare_selection(
            actor=request.user,
            call=call,
            asked=new.asked(call),
            reasons_needed=False,
            time_limit=SECONDS_OF_PROGRAMS,
        )
        analysis = analysis_of(prepared)
        selection = once(
            request,
            Selection,
            lambda: keep_whole_selection(
                actor=request.user,
                prepared=prepared,
                analysis=analysis,
                name=new.validated_data["name"],
            ),
        )
        return self._shown(selection)

    def _shown(self, selection: Selection) -> Response:
        shown = SelectionSerializer(selection, context=self.get_serializer_context())
        return Response(shown.data, status=201)
