"""Offers to host the meetings of a call, and each of them."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError as Invalid
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Country, Organisation
from core.replay import once
from experts.actions.offers import begin_offer, save_offer, submit_offer, withdraw_offer
from experts.api.offer_shapes import (
    NewOfferSerializer,
    OfferChangeSerializer,
    OfferListSerializer,
    OfferSerializer,
    SubmitOfferSerializer,
    WithdrawOfferSerializer,
)
from experts.hosting_queries import offers_of, weighed, whole_offers
from experts.models import Call, HostingOffer, HostingSlot
from experts.standing import is_staff

FILTERS: dict[str, list[str] | None] = {
    "state": list(HostingOffer.State.values),
    "host_kind": list(HostingOffer.HostKind.values),
    "country": None,
    "slot": None,
}


class OfferViews(viewsets.GenericViewSet[HostingOffer]):
    """What both resources share: how offers are shown to a caller, in a constant number of queries."""

    queryset = HostingOffer.objects.none()
    filterset_fields: list[str] = []

    def _context(self, offers: Sequence[HostingOffer]) -> dict[str, Any]:
        user = self.request.user
        own = HostingOffer.objects.of_hosts(user).filter(pk__in=[offer.pk for offer in offers])
        scored = (
            weighed(offers, list(offers[0].slot.call.criteria.all())) if offers and is_staff(user) else []
        )
        return {
            **self.get_serializer_context(),
            "own": set(own.values_list("pk", flat=True)),
            "weighed": {row.offer.pk: row for row in scored},
        }

    def _show(self, offer: HostingOffer, status: int = 200) -> Response:
        shown = whole_offers(HostingOffer.objects.filter(pk=offer.pk)).prefetch_related("papers__file").get()
        return Response(OfferSerializer(shown, context=self._context([shown])).data, status=status)


class CallOfferViewSet(OfferViews):
    """The offers to a call to host that the caller may know of; POST begins one."""

    serializer_class = OfferListSerializer

    def _call(self) -> Call:
        calls = Call.objects.visible_to(self.request.user).filter(kind=Call.Kind.HOSTING)
        return get_object_or_404(calls.select_related("guidelines"), pk=self.kwargs["call"])

    @extend_schema(
        operation_id="calls_offers_list",
        parameters=[OpenApiParameter(name, enum=choices) for name, choices in FILTERS.items()],
        responses=OfferListSerializer(many=True),
    )
    def list(self, request: Request, call: str) -> Response:
        """One's own, and those of an organization for which one speaks; for staff all that were handed in."""
        found = whole_offers(offers_of(self._call(), request.user, **self._filters(request)))
        page: Any = self.paginate_queryset(found)
        return self.get_paginated_response(
            OfferListSerializer(page, many=True, context=self._context(page)).data
        )

    @extend_schema(
        operation_id="calls_offers_create", request=NewOfferSerializer, responses={201: OfferSerializer}
    )
    def create(self, request: Request, call: str) -> Response:
        """Begin an offer as a draft. Papers are uploaded on its page, `/offers/{id}/edit/`."""
        if not request.user.is_authenticated:
            raise NotAuthenticated
        wanted = self._call()
        new = NewOfferSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        made = once(request, HostingOffer, lambda: self._begin(wanted, dict(new.validated_data)))
        return self._show(made, status=201)

    def _begin(self, call: Call, fields: dict[str, Any]) -> HostingOffer:
        code, organisation = fields.pop("country", None), fields.pop("organisation", None)
        country = Country.objects.filter(pk=code).first() if code else None
        if code and country is None:
            raise ValidationError({"country": ["There is no such country."]})
        known = Organisation.objects.filter(pk=organisation).first() if organisation else None
        if organisation and known is None:
            # As for one of which the caller is no member: which there are is nobody's to try out.
            known = Organisation(pk=organisation)
        return begin_offer(
            actor=self.request.user,
            call=call,
            uuid=uuid4(),
            slot=_slot_of(call, fields.pop("slot")),
            host_kind=fields.pop("host_kind"),
            country=country,
            organisation=known,
            **fields,
        )

    def _filters(self, request: Request) -> dict[str, str]:
        filters, errors = {}, {}
        for name, choices in FILTERS.items():
            value = request.query_params.get(name, "").replace("\x00", "")[:40]
            if value and choices is not None and value not in choices:
                errors[name] = [f"Choose one of: {', '.join(choices)}."]
            if value and name == "slot" and not (value.isascii() and value.isdecimal() and len(value) <= 15):
                errors[name] = ["Give the number of a meeting."]
            filters[name] = value
        if errors:
            raise ValidationError(errors)
        return filters


class OfferViewSet(OfferViews):
    """One offer that the caller may know of, by its UUID."""

    serializer_class = OfferSerializer
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"

    def get_queryset(self) -> QuerySet[HostingOffer]:
        return whole_offers(HostingOffer.objects.visible_to(self.request.user))

    def get_object(self) -> HostingOffer:
        if self.request.method not in ("GET", "HEAD", "OPTIONS") and not self.request.user.is_authenticated:
            raise NotAuthenticated
        try:
            return super().get_object()
        except (ValueError, TypeError, Invalid):
            return get_object_or_404(HostingOffer.objects.none())

    def retrieve(self, request: Request, id: str) -> Response:
        return self._show(self.get_object())

    @extend_schema(request=OfferChangeSerializer, responses=OfferSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change what it says; 409 where it has another version by now. What was handed in must stay complete."""
        offer = self.get_object()
        change = OfferChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        fields = dict(change.validated_data)
        if "slot" in fields:
            fields["slot"] = _slot_of(offer.slot.call, fields["slot"])

        def save() -> HostingOffer:
            return save_offer(actor=request.user, offer=offer, **fields)

        return self._show(once(request, HostingOffer, save))

    @extend_schema(request=SubmitOfferSerializer, responses=OfferSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, id: str) -> Response:
        """Hand it in. After the deadline it stays a draft, and says `late`."""
        offer = self.get_object()
        given = SubmitOfferSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        version = given.validated_data.get("version")

        def hand_in() -> HostingOffer:
            return submit_offer(actor=request.user, offer=offer, version=version)

        return self._show(once(request, HostingOffer, hand_in))

    @extend_schema(request=WithdrawOfferSerializer, responses=OfferSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """Take it back, at any time."""
        offer = self.get_object()
        given = WithdrawOfferSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def act() -> HostingOffer:
            return withdraw_offer(actor=request.user, offer=offer, reason=given.validated_data["reason"])

        return self._show(once(request, HostingOffer, act))


def _slot_of(call: Call, pk: int) -> HostingSlot:
    slot = call.slots.filter(pk=pk).first()
    if slot is None:
        raise ValidationError({"slot": ["Choose a meeting of this call."]})
    return slot
