"""One comment: its words, its discussion, its answer."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotAuthenticated, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import (
    delete_draft_comment,
    edit_comment,
    hand_in_late,
    hide_comment,
    withdraw_comment,
)
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.evidence import add_links
from consultations.actions.sending import send_draft
from consultations.api.inputs import (
    CommentChangeSerializer,
    DispositionChangeSerializer,
    NewReplySerializer,
    SupportSerializer,
    WithdrawSerializer,
    anchor_input,
)
from consultations.api.outputs import (
    CarriedSerializer,
    CommentSerializer,
    DispositionSerializer,
    ReplySerializer,
)
from consultations.carrying import place_in
from consultations.models import Comment, Disposition, Reply
from consultations.queries import with_applied_changes
from consultations.replies import with_mentions
from consultations.rules import may_answer, may_edit_comment, may_moderate, may_read_disposition
from core.replay import once
from core.verdicts import Conflict, require
from drafts.languages import language_of
from drafts.models import Draft


class CommentViewSet(mixins.RetrieveModelMixin, viewsets.GenericViewSet[Comment]):
    """Comments that the caller may read, by their UUID."""

    serializer_class = CommentSerializer
    queryset = Comment.objects.none()
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9a-fA-F-]{36}"
    lookup_value_converter = "uuid"
    filterset_fields: list[str] = []

    def get_queryset(self) -> QuerySet[Comment]:
        return with_applied_changes(Comment.objects.visible_to(self.request.user))

    def get_object(self) -> Comment:
        if self.request.method not in ("GET", "HEAD", "OPTIONS") and not self.request.user.is_authenticated:
            raise NotAuthenticated
        try:
            return super().get_object()
        except (ValueError, TypeError):
            raise NotFound from None

    def _show(self, comment: Comment, status: int = 200) -> Response:
        shown = with_applied_changes(Comment.objects.filter(pk=comment.pk)).get()
        return Response(CommentSerializer(shown, context=self.get_serializer_context()).data, status=status)

    @extend_schema(request=CommentChangeSerializer, responses=CommentSerializer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change one's own words, or send, withdraw, hand in late; staff hide and show."""
        comment = self.get_object()
        change = CommentChangeSerializer(data=request.data)
        change.is_valid(raise_exception=True)
        fields: dict[str, Any] = dict(change.validated_data)
        return self._show(once(request, Comment, lambda: self._change(comment, fields)))

    def _change(self, comment: Comment, fields: dict[str, Any]) -> Comment:
        """Other words, then another status: both or neither."""
        actor = self.request.user
        version, status = fields.pop("version"), fields.pop("status", None)
        reason = fields.pop("hidden_reason", "")
        if "anchor" in fields:
            fields["anchor"] = anchor_input(fields["anchor"])
        if not fields and status is None:
            raise ValidationError({"non_field_errors": ["Nothing to change was given."]})
        if status == "hidden" or (status == "submitted" and comment.status == "hidden"):
            return self._moderate(comment, version, reason, hidden=status == "hidden")
        if status == Comment.Status.SUBMITTED and (comment.status != status or comment.version != version):
            return send_draft(actor=actor, comment=comment, version=version, submit=True, **fields)
        links = fields.pop("links", [])
        if fields or links:
            comment = edit_comment(actor=actor, comment=comment, version=version, **fields)
            version = comment.version
            add_links(actor=actor, comment=comment, links=links)
        moves: dict[str, Any] = {"late": hand_in_late, "withdrawn": withdraw_comment}
        if status is not None and status != comment.status:
            comment = moves[status](actor=actor, comment=comment, version=version)
        elif not fields and not links:
            # It has the status asked for: still only its author asks, and only with the version it has.
            require(may_edit_comment(actor, comment, at=timezone.now()))
            self._check_version(comment, version)
        return comment

    def _moderate(self, comment: Comment, version: int, reason: str, *, hidden: bool) -> Comment:
        require(may_moderate(self.request.user, comment.round))
        self._check_version(comment, version)
        if hidden and not reason.strip():
            raise ValidationError({"hidden_reason": [_("Say why, for the author will read it.")]})
        return hide_comment(actor=self.request.user, comment=comment, reason=reason, hidden=hidden)

    def _check_version(self, comment: Comment, version: int) -> None:
        if comment.version != version:
            raise Conflict(
                _("This comment has changed since you opened it."),
                current={"version": comment.version, "status": comment.status},
            )

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:
        """Delete a draft of one's own."""
        delete_draft_comment(actor=request.user, comment=self.get_object())
        return Response(status=204)

    @extend_schema(request=WithdrawSerializer, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, id: str) -> Response:
        """Take back what was submitted, until the round closes."""
        comment = self.get_object()
        given = WithdrawSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        version = given.validated_data.get("version")
        return self._show(
            once(
                request,
                Comment,
                lambda: withdraw_comment(actor=request.user, comment=comment, version=version),
            )
        )

    @extend_schema(request=SupportSerializer, responses=CommentSerializer)
    @action(detail=True, methods=["post"])
    def support(self, request: Request, id: str) -> Response:
        """Support, oppose or reserve; null takes the position back."""
        comment = self.get_object()
        given = SupportSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        position, reason = given.validated_data["position"], given.validated_data.get("reason")

        def take() -> Comment:
            take_position(user=request.user, comment=comment, position=position, reason=reason)
            return comment

        return self._show(once(request, Comment, take))

    @extend_schema(
        methods=["get"], operation_id="comments_replies_list", responses=ReplySerializer(many=True)
    )
    @extend_schema(methods=["post"], request=NewReplySerializer, responses={201: ReplySerializer})
    @action(detail=True, methods=["get", "post"])
    def replies(self, request: Request, id: str) -> Response:
        """What people said about the comment."""
        comment = self.get_object()
        context = self.get_serializer_context()
        if request.method == "GET":
            visible = Reply.objects.filter(comment=comment, status=Reply.Status.VISIBLE)
            shown = with_mentions(visible.select_related("comment__round", "comment__author"))
            page: Any = self.paginate_queryset(shown)  # type: ignore[arg-type]
            return self.get_paginated_response(
                ReplySerializer(list(page or []), many=True, context=context).data
            )
        new = NewReplySerializer(data=request.data)
        new.is_valid(raise_exception=True)
        reply = once(
            request,
            Reply,
            lambda: reply_to_comment(author=request.user, comment=comment, **new.validated_data),
        )
        return Response(ReplySerializer(reply, context=context).data, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("draft", int, required=True, description="A draft of the same text.")],
        responses=CarriedSerializer,
    )
    @action(detail=True)
    def anchor(self, request: Request, id: str) -> Response:
        """Where the comment's quote stands in another draft; without a quote, where the comment does."""
        comment = self.get_object()
        asked = request.query_params.get("draft", "")
        if not (asked.isascii() and asked.isdigit()):
            raise ValidationError({"draft": [_("Name another draft of the same guidelines.")]})
        drafts = Draft.objects.visible_to(request.user).filter(guidelines=comment.round.draft.guidelines_id)
        draft = drafts.filter(pk=int(asked)).first() if len(asked) <= 15 else None
        if draft is None:
            raise NotFound
        return Response(CarriedSerializer(place_in(comment, draft)).data)

    @extend_schema(methods=["get"], responses=DispositionSerializer)
    @extend_schema(methods=["put"], request=DispositionChangeSerializer, responses=DispositionSerializer)
    @action(detail=True, methods=["get", "put"])
    def disposition(self, request: Request, id: str) -> Response:
        """The answer to the comment: published ones for its readers, all for the secretariat."""
        comment = self.get_object()
        if request.method == "PUT":
            self._answer(request, comment)
            comment = self.get_object()
        disposition = getattr(comment, "disposition", None)
        if disposition is None or not may_read_disposition(
            request.user, comment, published=disposition.published_at is not None
        ):
            raise NotFound
        return Response(DispositionSerializer(disposition).data)

    def _answer(self, request: Request, comment: Comment) -> None:
        require(may_answer(request.user, comment.round))
        # One text without its language is in that of its words.
        text = request.data.get("response") if isinstance(request.data, dict) else None
        language = language_of(text if isinstance(text, str) else "", default=get_language() or "en")
        given = DispositionChangeSerializer(data=request.data, context={"language": language})
        given.is_valid(raise_exception=True)
        fields = dict(given.validated_data)
        publish = fields.pop("published", None)
        standing = getattr(comment, "disposition", None)
        published = standing is not None and standing.published_at is not None
        if publish is False and published:
            raise Conflict(_("A published answer stays published."), current={"published": True})
        fields["responses"] = fields.pop("response")

        def answer() -> Disposition:
            disposition = answer_comment(actor=request.user, comment=comment, **fields)
            if publish and not published and comment.round.second_reader:
                raise Conflict(
                    _(
                        "This round asks for a second reader: the answer is published once they have agreed to it."
                    ),
                    current={"published": False},
                )
            if publish and not published:
                publish_answers(actor=request.user, round=comment.round, comments=[comment])
            return disposition

        once(request, Disposition, answer)
