"""Calls: announced ones for everybody, all of them for the secretariat."""

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django_filters.rest_framework import FilterSet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Group
from core.replay import once
from core.verdicts import Conflict, require
from drafts.api.language import LanguageViewSet
from drafts.models import Guidelines
from experts.actions.announcing import announce_call, close_call
from experts.actions.calls import create_call, update_call
from experts.api.inputs import CallChangeSerializer, NewCallSerializer
from experts.api.outputs import CallSerializer
from experts.hosting_queries import with_slots
from experts.models import Call
from experts.panel_group import CHOSEN_FOR
from experts.queries import whole_calls
from experts.rules import may_manage_calls

RENAMED = {"title": "titles"}


class CallFilter(FilterSet):
    class Meta:
        model = Call
        fields: ClassVar[list[str]] = ["kind"]


class CallViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, LanguageViewSet[Call]):
    """Calls for experts and calls to host meetings."""

    serializer_class = CallSerializer
    queryset = Call.objects.none()
    lookup_value_regex = r"\d{1,15}"
    filterset_class = CallFilter

    def get_queryset(self) -> QuerySet[Call]:
        return with_slots(whole_calls(self.request.user)).order_by("-opens_at", "-pk")

    def _show(self, call: Call, status: int = 200) -> Response:
        shown = self.get_queryset().get(pk=call.pk)
        return Response(CallSerializer(shown, context=self.get_serializer_context()).data, status=status)

    @extend_schema(request=NewCallSerializer, responses={201: CallSerializer})
    def create(self, request: Request) -> Response:
        """A call, announced at once unless ``announced`` is false."""
        require(may_manage_calls(request.user))
        new = NewCallSerializer(data=request.data, context={"language": get_language() or "en"})
        new.is_valid(raise_exception=True)
        fields = _named(new.validated_data)
        announced, slug = fields.pop("announced"), fields.pop("guidelines", None)
        fields.setdefault("zone", settings.SECRETARIAT_TIME_ZONE)

        def make() -> Call:
            call = create_call(actor=request.user, guidelines=_guidelines(slug), **fields)
            return announce_call(actor=request.user, call=call) if announced else call

        return self._show(once(request, Call, make), status=201)

    @extend_schema(request=CallChangeSerializer, responses=CallSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """What is named changes, the rest stays. ``announced`` and ``state`` come after the rest."""
        call = self.get_object()
        require(may_manage_calls(request.user))
        change = CallChangeSerializer(data=request.data, context={"language": get_language() or "en"})
        change.is_valid(raise_exception=True)
        fields = _named(change.validated_data)
        announced, state = fields.pop("announced", None), fields.pop("state", None)

        def change_call() -> Call:
            changed = update_call(actor=request.user, call=call, **fields)
            if announced is False and changed.announced_at:
                raise Conflict(
                    _("This call is announced: that can’t be taken back."),
                    current={"state": str(changed.state), "version": changed.version},
                )
            if announced:
                changed = announce_call(actor=request.user, call=changed)
            if state is None or state == changed.state:
                return changed
            return _close(request.user, changed, state, fields.get("reason", ""))

        return self._show(once(request, Call, change_call))


def _close(user: Any, call: Call, state: str, reason: str) -> Call:
    if state != Call.State.CLOSED:
        raise Conflict(
            _("A call that is “%(state)s” can’t become “%(to)s”.")
            % {"state": call.state.label, "to": Call.State(state).label},
            current={"state": str(call.state), "version": call.version},
        )
    return close_call(actor=user, call=call, reason=reason)


def _named(validated: dict[str, Any]) -> dict[str, Any]:
    """The fields under the names that the actions know."""
    fields = {RENAMED.get(name, name): value for name, value in validated.items()}
    if fields.get("group"):
        fields["group"] = _group(fields["group"])
    return fields


def _group(slug: str) -> Group:
    found = Group.objects.filter(slug=slug, kind__in=CHOSEN_FOR).first()
    if found is None:
        raise ValidationError({"group": [_("Choose one of the groups.")]})
    return found


def _guidelines(slug: str | None) -> Guidelines:
    """Those named, else those begun last."""
    known = Guidelines.objects.order_by("-pk")
    found = known.first() if slug is None else known.filter(slug=slug).first()
    if found is None:
        raise ValidationError({"guidelines": [_("Name guidelines that the portal has, by their slug.")]})
    return found
