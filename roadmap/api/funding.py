"""The funding: public for everybody, entered by the secretariat. Nothing that was entered changes in place."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import ValidationError as Unfit
from django.db.models import QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Country, Organisation
from core.replay import once
from core.verdicts import require
from drafts.api.language import LanguageViewSet
from drafts.models import Guidelines
from roadmap.actions.cost_lines import add_line, change_line
from roadmap.actions.funding import enter_transaction, replace_transaction
from roadmap.actions.milestone_dates import today
from roadmap.actions.snapshots import take_snapshot
from roadmap.api.funding_shapes import (
    CostLineChangeSerializer,
    CostLineSerializer,
    NewCostLineSerializer,
    NewSnapshotSerializer,
    NewTransactionSerializer,
    PositionSerializer,
    ReplacementSerializer,
    SnapshotSerializer,
    TransactionSerializer,
)
from roadmap.funding_list import budget_of
from roadmap.funding_queries import funding_position
from roadmap.funding_rules import may_manage_funding
from roadmap.models import CostLine, FundingSnapshot, FundingTransaction, Milestone

T = TypeVar("T")
UUID_PATH = "[0-9a-fA-F-]{36}"
BUDGET = OpenApiParameter(
    "guidelines", str, description="Slug of the guidelines; left out, those that were begun last."
)
AT = OpenApiParameter("at", date, description="As of the end of this day; today where it is left out.")


def asked_budget(slug: str) -> Guidelines:
    found = budget_of(slug)
    if found is None:
        raise NotFound
    return found


class BudgetViewSet(LanguageViewSet[Any]):
    """What belongs to the funding of the guidelines that are asked for."""

    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATH

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        if not getattr(self, "swagger_fake_view", False):
            visible = Milestone.objects.visible_to(self.request.user)
            context["milestones"] = set(visible.values_list("pk", flat=True))
        return context

    def _asked(self) -> Guidelines | None:
        """A list is of one budget, an object is found by its id."""
        return asked_budget(self.request.query_params.get("guidelines", "")) if not self.detail else None

    def _sent(self, shape: Any) -> dict[str, Any]:
        """What was sent, as the shape takes it; refused before to whom doesn't keep the account."""
        require(may_manage_funding(self.request.user))
        taken = shape(data=self.request.data, context={"language": get_language() or "en"})
        taken.is_valid(raise_exception=True)
        return dict(taken.validated_data)

    def _show(self, row: Any, status: int = 200) -> Response:
        found = self._every().get(pk=row.pk)
        shown = self.get_serializer_class()(found, context=self.get_serializer_context())
        return Response(shown.data, status=status)

    def _every(self) -> QuerySet[Any]:
        raise NotImplementedError


class CostLineViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, BudgetViewSet):
    """The lines of the cost estimate, in order of priority."""

    serializer_class = CostLineSerializer
    queryset = CostLine.objects.none()

    def _every(self) -> QuerySet[CostLine]:
        return CostLine.objects.select_related("guidelines", "milestone", "rate").order_by("priority", "pk")

    def get_queryset(self) -> QuerySet[CostLine]:
        budget = self._asked()
        return self._every().filter(guidelines=budget) if budget else self._every()

    @extend_schema(parameters=[BUDGET])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewCostLineSerializer, responses={201: CostLineSerializer})
    def create(self, request: Request) -> Response:
        """A line at the end of the order of priority."""
        sent = _line_plan(self._sent(NewCostLineSerializer))
        budget = asked_budget(sent.pop("guidelines", ""))
        made = once(
            request,
            CostLine,
            lambda: _by_field("date", add_line, actor=request.user, guidelines=budget, **sent),
        )
        return self._show(made, status=201)

    @extend_schema(request=CostLineChangeSerializer, responses=CostLineSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """What is named changes; another estimate needs a reason, and is kept beside those before it."""
        line = self.get_object()
        sent = _line_plan(self._sent(CostLineChangeSerializer))
        changed = once(
            request, CostLine, lambda: _by_field("date", change_line, actor=request.user, line=line, **sent)
        )
        return self._show(changed)


class SnapshotViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, BudgetViewSet):
    """How the funding was told to stand; never changed."""

    serializer_class = SnapshotSerializer
    queryset = FundingSnapshot.objects.none()

    def _every(self) -> QuerySet[FundingSnapshot]:
        return FundingSnapshot.objects.select_related("guidelines").order_by("-on", "-pk")

    def get_queryset(self) -> QuerySet[FundingSnapshot]:
        budget = self._asked()
        return self._every().filter(guidelines=budget) if budget else self._every()

    @extend_schema(parameters=[BUDGET])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewSnapshotSerializer, responses={201: SnapshotSerializer})
    def create(self, request: Request) -> Response:
        sent = self._sent(NewSnapshotSerializer)
        budget = asked_budget(sent.get("guidelines", ""))
        made = once(
            request,
            FundingSnapshot,
            lambda: _by_field(
                "at",
                take_snapshot,
                actor=request.user,
                guidelines=budget,
                titles=sent["title"],
                on=sent["at"],
            ),
        )
        return self._show(made, status=201)


class FundingViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, BudgetViewSet):
    """Pledges, commitments and receipts, also those in whose stead others stand; the latest day first."""

    serializer_class = TransactionSerializer
    queryset = FundingTransaction.objects.none()

    def _every(self) -> QuerySet[FundingTransaction]:
        visible = FundingTransaction.objects.visible_to(self.request.user)
        related = ("guidelines", "organisation__country", "country", "line__milestone", "rate")
        return visible.select_related(*related, "fulfils", "replaces", "replaced_by").order_by("-on", "-pk")

    def get_queryset(self) -> QuerySet[FundingTransaction]:
        budget = self._asked()
        return self._every().filter(guidelines=budget) if budget else self._every()

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if not getattr(self, "swagger_fake_view", False):
            visible = FundingTransaction.objects.visible_to(self.request.user)
            context["seen"] = set(visible.values_list("pk", flat=True))
        return context

    @extend_schema(parameters=[BUDGET])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(request=NewTransactionSerializer, responses={201: TransactionSerializer})
    def create(self, request: Request) -> Response:
        """An entry, turned into dollars by the rate of its day."""
        sent = self._sent(NewTransactionSerializer)
        budget = asked_budget(sent.pop("guidelines", ""))
        plan = _entry_plan(sent, budget)
        made = once(
            request,
            FundingTransaction,
            lambda: _by_field("date", enter_transaction, actor=request.user, guidelines=budget, **plan),
        )
        return self._show(made, status=201)

    @extend_schema(request=ReplacementSerializer, responses={200: TransactionSerializer})
    def partial_update(self, request: Request, id: str) -> Response:
        """Enters a correction, a change or a cancellation in the stead of this entry, and answers with it: its `id` is
        another. 409 where another stands in its stead already."""
        entry = self.get_object()
        plan = _entry_plan(self._sent(ReplacementSerializer), entry.guidelines)
        made = once(
            request,
            FundingTransaction,
            lambda: _by_field("date", replace_transaction, actor=request.user, entry=entry, **plan),
        )
        return self._show(made)

    @extend_schema(operation_id="funding_position", parameters=[BUDGET, AT], responses=PositionSerializer)
    @action(detail=False, methods=["get"], pagination_class=None)
    def position(self, request: Request) -> Response:
        """How the funding stands, or stood at the end of an earlier day, by what is known now."""
        asked = request.query_params.get("at", "")
        try:
            at = date.fromisoformat(asked) if asked else today()
        except ValueError:
            raise ValidationError({"at": ["Give a day such as 2024-05-31."]}) from None
        budget = asked_budget(request.query_params.get("guidelines", ""))
        return Response(PositionSerializer(funding_position(budget, at=at)).data)


def _by_field(day: str, act: Callable[..., T], **given: Any) -> T:
    """Do it; what is wrong with the day is told under the name that the API has for it."""
    try:
        return act(**given)
    except Unfit as error:
        told = {day if field == "on" else field: words for field, words in error.message_dict.items()}
        raise Unfit(told) from error


def _line_plan(sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent, as the actions take it."""
    plan = dict(sent)
    for name, known in (("title", "titles"), ("unit", "units"), ("date", "on")):
        if name in plan:
            plan[known] = plan.pop(name)
    if "milestone" in plan:
        plan["milestone"] = _named(Milestone.objects.all(), "milestone", plan["milestone"])
    return plan


def _entry_plan(sent: dict[str, Any], budget: Guidelines) -> dict[str, Any]:
    plan = dict(sent)
    if "date" in plan:
        plan["on"] = plan.pop("date")
    if "line" in plan:
        lines = CostLine.objects.filter(guidelines=budget)
        plan["line"] = _named(lines, "line", plan["line"])
    if "fulfils" in plan:
        entries = FundingTransaction.objects.filter(guidelines=budget)
        plan["fulfils"] = _named(entries, "fulfils", plan["fulfils"])
    if "organisation" in plan:
        organisations = Organisation.objects.select_related("country")
        plan["organisation"] = _named(organisations, "organisation", plan["organisation"], "pk")
    if "country" in plan:
        plan["country"] = _named(Country.objects.all(), "country", plan["country"] or None, "pk")
    return plan


def _named(rows: QuerySet[Any], field: str, key: UUID | int | str | None, by: str = "uuid") -> Any:
    if key is None:
        return None
    found = rows.filter(**{by: key}).first()
    if found is None:
        raise ValidationError({field: ["There is no such thing."]})
    return found
