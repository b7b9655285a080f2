"""Writing comments and what belongs to them; each view parses, calls one action, and shows."""

import uuid as uuids
from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import slug_re
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.comments import delete_draft_comment, edit_comment, hand_in_late, withdraw_comment
from consultations.actions.sending import send_draft, take_back, write_with_links
from consultations.forms.comments import CommentForm, ReplyForm
from consultations.forms.evidence import EvidenceForm
from consultations.forms.reacting import ReactionForm
from consultations.mentions import others
from consultations.models import Comment, Disposition, Round
from consultations.naming import reply_shown_as
from consultations.presenting import ShownComment, present_comments
from consultations.queries import comments_of, earlier_answers, with_discussion
from consultations.rules import is_secretariat, may_edit_comment
from consultations.search import asked_words
from consultations.views.voices import PER_PAGE, find_row, render_voices, visible_round
from core.idempotency import perform_once
from core.models import pk_of
from core.verdicts import Conflict, Refusal, require
from drafts.marks import without_marks
from drafts.queries import ReadProvision, read_provision

View = Callable[..., HttpResponse]
SENT_ELSEWHERE = gettext_lazy(
    "This was sent from another window, in other words. Your words stand below: send them as a new comment."
)


def signed_in_to_write(view: View) -> View:
    """Who was signed out while writing comes back, after signing in, to the page on which they wrote.

    The address of the act itself takes no GET; the words wait on the person's device (``static/js/keep.js``).
    """

    @wraps(view)
    def checked(request: HttpRequest, round_id: int, **where: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, round_id, **where)
        key = request.POST.get("provision", "")
        if "uuid" in where:
            back = reverse("consultations:comment_detail", args=[round_id, where["uuid"]])
        elif key and len(key) < 200 and slug_re.match(key):
            back = reverse("consultations:voices", args=[round_id, key])
        else:
            back = reverse("consultations:voices_whole", args=[round_id])
        return redirect_to_login(back)

    return checked


@signed_in_to_write
@require_POST
def comment_create(request: HttpRequest, round_id: int) -> HttpResponse:
    """Write a comment, as a draft (button "draft") or submitted. A second press makes no second comment."""
    round = visible_round(request, round_id)
    row = find_row(request, round, request.POST.get("provision", "").replace("\x00", ""))
    form = CommentForm(request.POST, provision_text=row.printed_text if row else "")
    if not form.is_valid():
        return render_voices(request, round, row, form=form, status=400)
    submit = "draft" not in request.POST
    try:
        comment, _created = perform_once(
            actor=request.user,
            key=form.cleaned_data["idempotency_key"],
            body={"round": round.pk, **request.POST.dict(), "csrfmiddlewaretoken": ""},
            action=lambda: _write(request, round, row, form, submit=submit),
            find=_standing,
        )
    except ValidationError as error:
        form.take_errors(error)
        return render_voices(request, round, row, form=form, status=400)
    except Conflict as conflict:
        # Sent before with other words, and that arrived: these are shown again and may be sent as new ones.
        elsewhere = conflict.current.get("status", Comment.Status.DRAFT) != Comment.Status.DRAFT
        form.add_error(None, SENT_ELSEWHERE if elsewhere else str(conflict.reason))
        form.data = form.data.copy()
        form.data["idempotency_key"] = str(uuids.uuid4())
        form.data["saved_as"] = ""
        return render_voices(request, round, row, form=form, status=409)
    return redirect(_after_sending(request, comment, submit=submit))


def comment_detail(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """One comment with its provision, its discussion, its answer, and what its author may do."""
    return render_comment(request, visible_comment(request, round_id, uuid), ReplyForm.new())


def render_comment(
    request: HttpRequest,
    comment: Comment,
    reply_form: ReplyForm,
    *,
    evidence_form: EvidenceForm | None = None,
    reaction_form: ReactionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of a comment; the forms are empty, or came back with errors."""
    anchor = getattr(comment, "anchor", None)
    language = anchor.language if anchor else get_language() or "en"
    secretariat = is_secretariat(request.user, comment.round)
    shown = present_comments([comment], request.user)[0]
    context = {
        "shown": shown,
        "just_sent": shown.mine and comment.status == Comment.Status.SUBMITTED and "sent" in request.GET,
        "comment": comment,
        "round": comment.round,
        "row": read_provision(comment.provision, language) if comment.provision else None,
        "reply_form": reply_form,
        "addressees": others(comment, request.user),
        "replies_as": reply_shown_as(request.user, comment) if request.user.is_authenticated else "",
        "evidence_form": evidence_form or EvidenceForm(),
        "reaction_form": reaction_form or _reaction_form(shown),
        "earlier": earlier_answers(comment, request.user) if shown.disposition else [],
        "secretariat": secretariat,
        "revisions": comment.revisions.order_by("-version") if comment.author_id == request.user.pk else [],
    }
    return render(request, "consultations/comment_detail.html", context, status=status)


def _reaction_form(shown: ShownComment) -> ReactionForm | None:
    """For whoever may reply to the answer, and hasn't."""
    if not shown.may_react or shown.reaction or shown.disposition is None:
        return None
    return ReactionForm(initial={"version": shown.disposition.version})


@login_required
def comment_edit(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """Change one's own words; what another window saved meanwhile is shown beside them."""
    comment = visible_comment(request, round_id, uuid)
    require(may_edit_comment(request.user, comment, at=timezone.now()))
    row = read_provision(comment.provision, comment.language) if comment.provision else None
    context: dict[str, Any] = {"comment": comment, "round": comment.round, "row": row}
    if request.method != "POST":
        context["form"] = CommentForm(initial=_initial(comment))
        return render(request, "consultations/comment_edit.html", context)
    form = CommentForm(request.POST, provision_text=row.printed_text if row else "")
    context["form"] = form
    if not form.is_valid():
        return render(request, "consultations/comment_edit.html", context, status=400)
    standing = getattr(comment, "anchor", None)
    kept = without_marks(standing.exact) if standing else ""
    quote: dict[str, Any] = (
        {} if form.cleaned_data["quote"].strip() == kept.strip() else {"anchor": form.anchor}
    )
    try:
        changed = edit_comment(
            actor=request.user,
            comment=comment,
            version=form.cleaned_data["version"] or 0,
            **quote,
            **form.words,
        )
    except ValidationError as error:
        form.take_errors(error)
        return render(request, "consultations/comment_edit.html", context, status=400)
    except Conflict as conflict:
        context["conflict"] = conflict
        context["standing"] = visible_comment(request, round_id, uuid)
        form.take_version(conflict.current["version"])
        return render(request, "consultations/comment_edit.html", context, status=409)
    messages.success(request, _("Your comment is saved."))
    return redirect(address_of(changed))


@signed_in_to_write
@require_POST
def comment_act(request: HttpRequest, round_id: int, uuid: UUID, act: str) -> HttpResponse:
    """Submit, withdraw, hand in late or delete one's own comment."""
    comment = visible_comment(request, round_id, uuid)
    given = request.POST.get("version", "")
    version = int(given) if given.isdecimal() and len(given) < 9 else comment.version
    if act == "delete":
        delete_draft_comment(actor=request.user, comment=comment)
        messages.success(request, _("The draft is deleted."))
        return redirect("consultations:my_comments")
    moves: dict[str, Callable[..., Comment]] = {
        "submit": partial(send_draft, submit=True),
        "withdraw": withdraw_comment,
        "hand-in": hand_in_late,
        "undo": take_back,
    }
    try:
        comment = moves[act](actor=request.user, comment=comment, version=version)
    except ValidationError as error:
        for message in error.messages:
            messages.error(request, message)
        return redirect(address_of(comment))
    except Refusal:
        if act == "undo" and visible_comment(request, round_id, uuid).status == Comment.Status.WITHDRAWN:
            # Pressed twice: the first press took it back, and the answer to the second is what is shown.
            return redirect("consultations:my_comments")
        raise
    if act == "submit":
        return redirect(_after_sending(request, comment, submit=True))
    if act == "undo":
        messages.success(request, _("Taken back. Your words are here as a draft; nobody else sees it."))
    elif act == "withdraw":
        messages.success(request, _("Your comment is withdrawn. You still see it here."))
    else:
        messages.success(request, _("Your comment is on the list of late input."))
    return redirect(address_of(comment))


def comment_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """All of a round's comments that the caller may read, filtered."""
    round = visible_round(request, round_id)
    pillar = request.GET.get("pillar", "")
    chosen = {
        "pillar": int(pillar) if pillar in list("12345678") else None,
        "kind": request.GET.get("kind", "") if request.GET.get("kind") in Comment.Kind.values else "",
        "disposition": request.GET.get("answer", "")
        if request.GET.get("answer") in [*Disposition.Outcome.values, "none"]
        else "",
        "search": asked_words(request.GET.get("search", "")),
    }
    found = comments_of(round, request.user, **chosen).exclude(status=Comment.Status.DRAFT)  # type: ignore[arg-type]
    language = request.GET.get("language", "")
    if language in dict(settings.LANGUAGES):
        found = found.filter(language=language)
    page = Paginator(with_discussion(found), PER_PAGE).get_page(request.GET.get("page"))
    kept = request.GET.copy()
    kept.pop("page", None)
    context = {
        "round": round,
        "page": page,
        "comments": present_comments(page, request.user, round=round),
        "chosen": {**chosen, "language": language},
        "spoken": settings.LANGUAGES,
        "kinds": Comment.Kind.choices,
        "outcomes": Disposition.Outcome.choices,
        "pillars": range(1, 9),
        "query": kept.urlencode(),
    }
    return render(request, "consultations/comment_list.html", context)


def _write(
    request: HttpRequest, round: Round, row: ReadProvision | None, form: CommentForm, *, submit: bool
) -> Comment:
    """A new comment; or the draft into which the form was saved while it was typed, where it is still there."""
    anchor = form.anchor if row else None
    saved_as = form.cleaned_data["saved_as"]
    own = Comment.objects.filter(round=round, author=request.user.pk)
    draft = own.filter(uuid=saved_as).first() if saved_as else None
    if draft is None:
        return write_with_links(
            author=request.user,
            round=round,
            provision_key=row.key if row else None,
            submit=submit,
            anchor=anchor,
            links=form.given_links,
            **form.words,
        )
    version = form.cleaned_data["version"] or draft.version
    return send_draft(
        actor=request.user,
        comment=draft,
        version=version,
        submit=submit,
        anchor=anchor,
        links=form.given_links,
        **form.words,
    )


def visible_comment(request: HttpRequest, round_id: int, uuid: UUID) -> Comment:
    """The comment with what it is shown with; hidden is 404."""
    comments = with_discussion(Comment.objects.visible_to(request.user)).select_related(
        "round__draft__guidelines", "provision__draft", "author", "anchor", "disposition__answer"
    )
    return get_object_or_404(comments, round_id=round_id, uuid=uuid)


def address_of(comment: Comment) -> str:
    return reverse("consultations:comment_detail", args=[comment.round_id, comment.uuid])


def _standing(subject: str) -> Comment:
    """The comment that was made under a form's key; deleted since, its words may be sent as a new one."""
    comment = Comment.objects.filter(pk=pk_of(subject, Comment)).first()
    if comment is None:
        raise Conflict(_("What you sent from this form before has been deleted. Send it again as a new one."))
    return comment


def _initial(comment: Comment) -> dict[str, Any]:
    anchor = getattr(comment, "anchor", None)
    return {
        **comment.content,
        "quote": without_marks(anchor.exact) if anchor else "",
        "version": comment.version,
        "provision": comment.provision.key if comment.provision else "",
    }


def _after_sending(request: HttpRequest, comment: Comment, *, submit: bool) -> str:
    """Where whoever sent a comment goes on: its page, which thanks them for one that arrived."""
    if comment.status == Comment.Status.SUBMITTED:
        return f"{address_of(comment)}?sent"
    if submit:
        messages.warning(
            request,
            _(
                "The round closed before this arrived. Your words are kept as a draft;"
                " you can hand them in as late input."
            ),
        )
    else:
        messages.success(request, _("Your draft is saved. Only you see it."))
    return address_of(comment)
