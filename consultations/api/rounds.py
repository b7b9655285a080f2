"""Rounds, the comments in them, and their tallies."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django_filters.rest_framework import FilterSet, ModelChoiceFilter
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.actions.entering_received import Received, enter_received
from consultations.actions.questions import create_question
from consultations.actions.rounds import create_round, move_round, update_round
from consultations.actions.sending import write_with_links
from consultations.api.account import AccountSerializer, account_of
from consultations.api.compilations import ExportShownSerializer, Shape, export_comments
from consultations.api.inputs import (
    NewCommentSerializer,
    NewRoundSerializer,
    RoundChangeSerializer,
    anchor_input,
)
from consultations.api.outputs import CommentSerializer, RoundSerializer, TallySerializer
from consultations.api.questions import NewQuestionSerializer, QuestionSerializer, shown_questions
from consultations.models import Comment, Disposition, Question, Round
from consultations.queries import (
    TALLY_DIMENSIONS,
    comments_of,
    share_rounds,
    tally_cells,
    with_applied_changes,
)
from consultations.rules import may_manage_round, may_manage_rounds, may_see_account, may_set_questions
from core.replay import once
from core.verdicts import require
from drafts.models import Draft

FILTERS = {
    "kind": list(Comment.Kind.values),
    "status": list(Comment.Status.values),
    "disposition": [*Disposition.Outcome.values, "none"],
    "region": None,
    "stakeholder": None,
    "search": None,
}

_OF_KNOWN_ORIGIN = (
    "Only among comments whose origin the caller may know: not among those without any name, nor in anonymous rounds,"
    " their author and the secretariat apart."
)
MEANINGS = {"region": _OF_KNOWN_ORIGIN, "stakeholder": _OF_KNOWN_ORIGIN}


def _visible_drafts(request: Any) -> QuerySet[Draft]:
    return Draft.objects.visible_to(request.user) if request else Draft.objects.none()


class RoundFilter(FilterSet):
    # A draft that the caller may not see is none, as one that doesn't exist.
    draft = ModelChoiceFilter(queryset=_visible_drafts)

    class Meta:
        model = Round
        fields: ClassVar[list[str]] = ["kind", "draft"]


class RoundViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Round]):
    """Consultation rounds that the caller may see."""

    serializer_class = RoundSerializer
    queryset = Round.objects.none()
    lookup_value_regex = r"\d{1,15}"
    filterset_class = RoundFilter

    def get_queryset(self) -> QuerySet[Round]:
        rounds = Round.objects.visible_to(self.request.user)
        return rounds.prefetch_related("audience__group", "scope", "deadlines").order_by("-opens_at", "-pk")

    def _show(self, round: Round, status: int = 200) -> Response:
        shown = self.get_queryset().get(pk=round.pk)
        return Response(RoundSerializer(shown, context=self.get_serializer_context()).data, status=status)

    @extend_schema(request=NewRoundSerializer, responses={201: RoundSerializer})
    def create(self, request: Request) -> Response:
        require(may_manage_rounds(request.user))
        new = NewRoundSerializer(data=request.data, context={"language": get_language() or "en"})
        new.is_valid(raise_exception=True)
        fields = dict(new.validated_data)
        draft = Draft.objects.visible_to(request.user).filter(pk=fields.pop("draft")).first()
        if draft is None:
            raise ValidationError({"draft": ["There is no such draft."]})
        titles = fields.pop("title")
        round = once(
            request,
            Round,
            lambda: create_round(actor=request.user, draft=draft, titles=titles, **fields),
        )
        return self._show(round, status=201)

    @extend_schema(request=RoundChangeSerializer, responses=RoundSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        round = self.get_object()
        require(may_manage_round(request.user, round))
        change = RoundChangeSerializer(data=request.data, context={"language": get_language() or "en"})
        change.is_valid(raise_exception=True)
        fields = dict(change.validated_data)
        state = fields.pop("state", None)
        if "title" in fields:
            fields["titles"] = fields.pop("title")

        def change_round() -> Round:
            changed = update_round(actor=request.user, round=round, **fields) if fields else round
            return move_round(actor=request.user, round=changed, to=state) if state is not None else changed

        return self._show(once(request, Round, change_round))

    @extend_schema(
        methods=["get"],
        operation_id="rounds_comments_list",
        parameters=[
            OpenApiParameter("provision", description="Key; empty for the draft as a whole."),
            OpenApiParameter("pillar", int),
            *(
                OpenApiParameter(name, enum=choices, description=MEANINGS.get(name, ""))
                for name, choices in FILTERS.items()
            ),
            OpenApiParameter("ordering", enum=["created_at", "-created_at", "number", "-number"]),
        ],
        responses=CommentSerializer(many=True),
    )
    @extend_schema(methods=["post"], request=NewCommentSerializer, responses={201: CommentSerializer})
    @action(detail=True, methods=["get", "post"], filterset_class=None)
    def comments(self, request: Request, pk: str) -> Response:
        """The round's comments that the caller may read; POST adds one."""
        if request.method == "POST":
            return self._write(request)
        round = self.get_object()
        found = comments_of(round, request.user, **self._filters(request))
        ordering = request.query_params.get("ordering", "number")
        if ordering.removeprefix("-") not in ("created_at", "number"):
            raise ValidationError({"ordering": ["Choose created_at or number."]})
        page: Any = self.paginate_queryset(with_applied_changes(found.order_by(ordering, "pk")))  # type: ignore[arg-type]
        context = self.get_serializer_context()
        return self.get_paginated_response(
            CommentSerializer(share_rounds(page or [], round), many=True, context=context).data
        )

    def _write(self, request: Request) -> Response:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        round = self.get_object()
        new = NewCommentSerializer(data=request.data)
        new.is_valid(raise_exception=True)
        fields = dict(new.validated_data)
        submit = fields.pop("status") == "submitted"
        provision, anchor = fields.pop("provision", None), anchor_input(fields.pop("anchor", None))
        received = fields.pop("entered_for", None)

        def write() -> Comment:
            if received is not None:
                return enter_received(
                    actor=request.user,
                    round=round,
                    received=Received(**received),
                    provision_key=provision or "",
                    **{name: value for name, value in fields.items() if name != "links"},
                )
            return write_with_links(
                author=request.user,
                round=round,
                provision_key=provision,
                anchor=anchor,
                submit=submit,
                **fields,
            )

        comment = once(request, Comment, write)
        shown = with_applied_changes(Comment.objects.filter(pk=comment.pk)).get()
        return Response(CommentSerializer(shown, context=self.get_serializer_context()).data, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("by", enum=list(TALLY_DIMENSIONS), required=True)],
        responses=TallySerializer(many=True),
    )
    @action(detail=True, filterset_class=None, pagination_class=None)
    def tallies(self, request: Request, pk: str) -> Response:
        """How many comments, people, proposals and voices, as far as the caller may see them."""
        by = request.query_params.get("by", "provision")
        if by not in TALLY_DIMENSIONS:
            raise ValidationError({"by": [f"Choose one of: {', '.join(TALLY_DIMENSIONS)}."]})
        return Response(TallySerializer(tally_cells(self.get_object(), request.user, by), many=True).data)

    @extend_schema(responses=AccountSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def account(self, request: Request, pk: str) -> Response:
        """What became of the input: the figures of the page, for whoever may read it (else 404)."""
        round = self.get_object()
        if not may_see_account(request.user, round):
            raise NotFound
        return Response(account_of(round, request.user))

    @extend_schema(
        methods=["get"], operation_id="rounds_questions_list", responses=QuestionSerializer(many=True)
    )
    @extend_schema(methods=["post"], request=NewQuestionSerializer, responses={201: QuestionSerializer})
    @action(detail=True, methods=["get", "post"], filterset_class=None, pagination_class=None)
    def questions(self, request: Request, pk: str) -> Response:
        """What the round asks, with the caller's answers and, where they may be seen, those of all; staff add."""
        if request.method == "POST":
            return self._ask(request)
        return Response(shown_questions(self.get_object(), request))

    def _ask(self, request: Request) -> Response:
        if not request.user.is_authenticated:
            raise NotAuthenticated
        round = self.get_object()
        require(may_set_questions(request.user, round, at=timezone.now()))
        new = NewQuestionSerializer(data=request.data, context={"language": get_language() or "en"})
        new.is_valid(raise_exception=True)
        fields = dict(new.validated_data)
        wordings, provision = fields.pop("wording"), fields.pop("provision", None)
        question = once(
            request,
            Question,
            lambda: create_question(
                actor=request.user, round=round, wordings=wordings, provision_key=provision or "", **fields
            ),
        )
        shown = next(each for each in shown_questions(round, request) if each["id"] == question.pk)
        return Response(shown, status=201)

    @extend_schema(request=Shape, responses={202: ExportShownSerializer})
    @action(detail=True, methods=["post"], filterset_class=None)
    def export(self, request: Request, pk: str) -> Response:
        """The comments that the caller may read as a file: starts a job, whose ``result`` only they can fetch."""
        if not request.user.is_authenticated:
            raise NotAuthenticated
        return Response({"job": str(export_comments(request, self.get_object()).uuid)}, status=202)

    def _filters(self, request: Request) -> dict[str, Any]:
        filters: dict[str, Any] = {}
        errors = {}
        for name, choices in FILTERS.items():
            value = request.query_params.get(name, "").replace("\x00", "")[:200]
            if value and choices is not None and value not in choices:
                errors[name] = [f"Choose one of: {', '.join(map(str, choices))}."]
            filters[name] = value
        pillar = request.query_params.get("pillar")
        if pillar:
            if pillar not in [str(n) for n in range(1, 9)]:
                errors["pillar"] = ["A pillar is a number from 1 to 8."]
            else:
                filters["pillar"] = int(pillar)
        provision = request.query_params.get("provision")
        filters["provision"] = provision.replace("\x00", "") if provision is not None else None
        if errors:
            raise ValidationError(errors)
        return filters
