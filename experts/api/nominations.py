"""Nominations of a call, and each of them."""

from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db.models import QuerySet
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated, ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Country
from accounts.queries import consent_text, newest_version, regions_by_country
from core.replay import once
from experts.actions.nominating import apply_for, enter, nominate, tell_nominee
from experts.actions.submitting import CONSENT, endorse, hand_in, hand_in_entered, withdraw
from experts.actions.writing import save_words
from experts.api.nomination_shapes import (
    ChangeSerializer,
    EndorseSerializer,
    NewNominationSerializer,
    NominationListSerializer,
    NominationSerializer,
    SubmitSerializer,
    WithdrawNominationSerializer,
    changes_of,
)
from experts.expertise import CODES
from experts.models import Call, Gender, Level, Nomination
from experts.nomination_queries import nominations_of, with_all
from experts.rules import is_nominee
from experts.sight import Sight
from experts.standing import country_spoken_for, is_staff

FILTERS: dict[str, list[str] | None] = {
    "state": list(Nomination.State.values),
    "country": None,
    "region": None,
    "gender": list(Gender.values),
    "expertise": list(CODES),
    "level_of_government": list(Level.values),
    "search": None,
}


def _context(viewset: Any) -> dict[str, Any]:
    context = viewset.get_serializer_context()
    return {**context, "sight": Sight.of(viewset.request.user), "regions": regions_by_country()}


class CallNominationViewSet(viewsets.GenericViewSet[Nomination]):
    """The nominations of a call that the caller may know of; POST begins one."""

    serializer_class = NominationListSerializer
    queryset = Nomination.objects.none()
    filterset_fields: list[str] = []

    def _call(self) -> Call:
        calls = Call.objects.visible_to(self.request.user).filter(kind=Call.Kind.EXPERTS)
        return get_object_or_404(calls.select_related("guidelines"), pk=self.kwargs["call"])

    @extend_schema(
        operation_id="calls_nominations_list",
        parameters=[OpenApiParameter(name, enum=choices) for name, choices in FILTERS.items()],
        responses=NominationListSerializer(many=True),
    )
    def list(self, request: Request, call: str) -> Response:
        found = nominations_of(self._call(), request.user, **self._filters(request))
        page: Any = self.paginate_queryset(found)
        return self.get_paginated_response(
            NominationListSerializer(page, many=True, context=_context(self)).data
        )

    @extend_schema(
        operation_id="calls_nominations_create",
        request=NewNominationSerializer,
        responses={201: NominationSerializer},
    )
    def create(self, request: Request, call: str) -> Response:
        """Apply; or, for the country that the caller speaks for, nominate; the secretariat enters on behalf.

        A focal point who applies for themselves says so with ``"way": "applied"``.
        """
        if not request.user.is_authenticated:
            raise NotAuthenticated
        wanted = self._call()
        new = NewNominationSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        made = once(request, Nomination, lambda: self._begin(wanted, dict(new.validated_data)))
        shown = with_all(Nomination.objects.filter(pk=made.pk)).get()
        return Response(NominationSerializer(shown, context=_context(self)).data, status=201)

    def _begin(self, call: Call, fields: dict[str, Any]) -> Nomination:
        user: Any = self.request.user
        attested, way = fields.pop("attested", False), fields.pop("way", None)
        code = fields.pop("country", None)
        country = Country.objects.filter(pk=code).first() if code else None
        if code and country is None:
            raise ValidationError({"country": ["There is no such country."]})
        changes = changes_of(fields)
        spoken_for = country_spoken_for(user)
        if way != Nomination.Way.APPLIED and spoken_for:
            if code and code != spoken_for:
                raise ValidationError({"country": [f"You speak for {spoken_for}."]})
            return nominate(actor=user, call=call, changes=changes, attested=attested)
        country = country or Country.objects.filter(pk=user.country_id).first()
        if country is None:
            raise ValidationError({"country": ["Name the country."]})
        if way != Nomination.Way.APPLIED and is_staff(user):
            return enter(actor=user, call=call, country=country, changes=changes)
        # The address of an application is that of the account.
        changes.pop("email", None)
        return apply_for(actor=user, call=call, country=country, changes=changes)

    def _filters(self, request: Request) -> dict[str, str]:
        filters, errors = {}, {}
        for name, choices in FILTERS.items():
            value = request.query_params.get(name, "").replace("\x00", "")[:200]
            if value and choices is not None and value not in choices:
                errors[name] = [f"Choose one of: {', '.join(choices)}."]
            filters[name] = value
        if errors:
            raise ValidationError(errors)
        return filters


class NominationViewSet(viewsets.GenericViewSet[Nomination]):
    """One nomination that the caller may know of, by its UUID."""

    serializer_class = NominationSerializer
    queryset = Nomination.objects.none()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"
    filterset_fields: list[str] = []

    def get_queryset(self) -> QuerySet[Nomination]:
        return with_all(Nomination.objects.visible_to(self.request.user))

    def get_object(self) -> Nomination:
        if self.request.method not in ("GET", "HEAD", "OPTIONS") and not self.request.user.is_authenticated:
            raise NotAuthenticated
        try:
            return super().get_object()
        except (ValueError, TypeError, Invalid):
            return get_object_or_404(Nomination.objects.none())

    def _show(self, nomination: Nomination) -> Response:
        shown = with_all(Nomination.objects.filter(pk=nomination.pk)).get()
        return Response(NominationSerializer(shown, context=_context(self)).data)

    def retrieve(self, request: Request, id: str) -> Response:
        return Response(NominationSerializer(self.get_object(), context=_context(self)).data)

    @extend_schema(request=ChangeSerializer, responses=NominationSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change what it says; 409 where it has another version by now."""
        nomination = self.get_object()
        change = ChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        fields = dict(change.validated_data)
        version = fields.pop("version")

        def save() -> Nomination:
            return save_words(
                actor=request.user, nomination=nomination, version=version, changes=changes_of(fields)
            )

        return self._show(once(request, Nomination, save))

    @extend_schema(request=SubmitSerializer, responses=NominationSerializer)
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, id: str) -> Response:
        """The nominee hands it in (``consent`` and ``declared``); the focal point tells the nominee of a draft
        (``attested``); the secretariat hands in what it entered. After the deadline its state stays: ``late``."""
        nomination = self.get_object()
        given = SubmitSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        return self._show(once(request, Nomination, lambda: self._submit(nomination, given.validated_data)))

    def _submit(self, nomination: Nomination, given: dict[str, Any]) -> Nomination:
        actor, version = self.request.user, given.get("version") or nomination.version
        if is_nominee(actor, nomination):
            text = consent_text(newest_version(CONSENT), get_language() or "en", CONSENT)
            consent = text if given["consent"] else None
            return hand_in(
                actor=actor,
                nomination=nomination,
                version=version,
                consent=consent,
                declared=given["declared"],
            )
        if nomination.way == Nomination.Way.ENTERED:
            return hand_in_entered(actor=actor, nomination=nomination, version=version)
        return tell_nominee(actor=actor, nomination=nomination, version=version, attested=given["attested"])

    @extend_schema(request=EndorseSerializer, responses=NominationSerializer)
    @action(detail=True, methods=["post"])
    def endorse(self, request: Request, id: str) -> Response:
        """The focal point of the country endorses; with ``version``, what they read."""
        nomination = self.get_object()
        given = EndorseSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        version = given.validated_data.get("version")

        def act() -> Nomination:
            return endorse(actor=request.user, nomination=nomination, version=version)

        return self._show(once(request, Nomination, act))

    @extend_schema(request=WithdrawNominationSerializer, responses=NominationSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """Take it back, at any time."""
        nomination = self.get_object()
        given = WithdrawNominationSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def act() -> Nomination:
            return withdraw(actor=request.user, nomination=nomination, reason=given.validated_data["reason"])

        return self._show(once(request, Nomination, act))
