"""Taking a proposal into the working draft: what it would change there, the wording, the answer."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from consultations.actions.applying import apply_proposals
from consultations.applying import (
    Target,
    fate_of,
    joined,
    pieces_of,
    proposal_of,
    proposals_beside,
    target_of,
)
from consultations.forms.applying import ApplyForm
from consultations.models import AppliedChange, Comment, Disposition
from consultations.naming import byline
from consultations.presenting import present_comments
from consultations.queries import share_rounds, with_discussion
from consultations.views.desk import desk_round
from core.verdicts import Conflict, require
from drafts.marks import kept_marks, printed_marks
from drafts.models import ProvisionText
from drafts.rules import may_edit_draft
from drafts.templatetags.provisions import direction


@login_required
@never_cache
def apply(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """A proposal on the text as it stands now, others on the same words beside it; one step takes it in and answers.

    ``?with=`` names other proposals to be taken in together with it.
    """
    round = desk_round(request, round_id)
    comments = with_discussion(Comment.objects.visible_to(request.user)).filter(round=round, uuid=uuid)
    comments = comments.exclude(status=Comment.Status.DRAFT).exclude(proposed_text="")
    comment = get_object_or_404(
        comments.select_related("provision__draft", "author", "anchor__revision", "disposition__answer")
    )
    share_rounds([comment], round)
    beside = proposals_beside(comment, request.user)
    asked = (request.POST if request.method == "POST" else request.GET).getlist("with")
    chosen = [comment, *(each for each in beside if str(each.uuid) in asked)]
    here = _Here(request, comment, beside, chosen, target_of(comment, request.user))
    if request.method != "POST" or here.target is None:
        return here.page()
    require(may_edit_draft(request.user, here.target.draft))
    return here.take()


class _Here:
    """One request for the page: what is looked at, and what was sent."""

    def __init__(
        self,
        request: HttpRequest,
        comment: Comment,
        beside: list[Comment],
        chosen: list[Comment],
        target: Target | None,
    ) -> None:
        self.request, self.comment, self.beside, self.chosen = request, comment, beside, chosen
        self.target = target
        self.answered = all(hasattr(each, "disposition") for each in chosen)
        self.proposal = proposal_of(comment)
        others = (proposal_of(each) for each in chosen if each != comment)
        proposals = [proposal for proposal in (self.proposal, *others) if proposal]
        self.result = joined(proposals, target.words.text) if target and proposals else None

    def form(self, *args: Any, **kwargs: Any) -> ApplyForm:
        language = self.comment.proposed_language
        return ApplyForm(
            *args,
            answered=self.answered,
            written_in=language,
            rtl=direction(language) == "rtl",
            spoken=self.comment.language,
            **kwargs,
        )

    def begun(self) -> ApplyForm | None:
        if self.target is None:
            return None
        words = self.target.words
        text = words.text if self.result is None else self.result
        initial = {
            "text": printed_marks(text, words.footnotes),
            "words_version": words.version,
            "language": self.comment.language,
            "outcome": "" if self.result is None else Disposition.Outcome.ACCEPTED,
        }
        return self.form(initial=initial)

    def take(self) -> HttpResponse:
        """Take in what was sent, or show what it would change (button "see")."""
        assert self.target is not None
        form = self.form(self.request.POST)
        if "see" in self.request.POST:
            text = self._kept(self.request.POST.get("text", ""))
            return self.page(self.form(initial=self.request.POST.dict()), text=text)
        valid, data = form.is_valid(), form.cleaned_data
        text = self._kept(data.get("text"))
        if not valid:
            return self.page(form, text=text, status=400)
        answer = (
            {"outcome": data["outcome"], "responses": form.answer["responses"]} if not self.answered else {}
        )
        try:
            apply_proposals(
                actor=self.request.user,
                comments=self.chosen,
                provision=self.target.provision,
                language=self.target.words.language,
                version=data["words_version"],
                text=text or "",
                reason=data["reason"],
                **answer,
            )
        except ValidationError as error:
            form.take_errors(error)
            return self.page(form, text=text, status=400)
        except Conflict as conflict:
            self.target.words.refresh_from_db()
            form.take_version(self.target.words.version)
            return self.page(form, text=text, conflict=conflict, status=409)
        messages.success(self.request, _("The text reads so now, and the answer says where it came from."))
        return redirect(
            f"{reverse('consultations:desk', args=[self.comment.round_id])}?comment={self.comment.uuid}"
        )

    def page(
        self,
        form: ApplyForm | None = None,
        *,
        text: str | None = None,
        conflict: Conflict | None = None,
        status: int = 200,
    ) -> HttpResponse:
        target = self.target
        words: ProvisionText | None = target.words if target else None
        will = (text if text is not None else self.result) if words else None
        (shown,) = present_comments([self.comment], self.request.user, round=self.comment.round)
        context = {
            "round": self.comment.round,
            "shown": shown,
            "target": target,
            "verdict": may_edit_draft(self.request.user, target.draft) if target else None,
            "pieces": pieces_of(words, will) if words and will is not None else None,
            "touched": bool(words) and text is None and self.result is None,
            "done": words is not None and text is None and self.result == words.text,
            "moved_on": bool(words) and self._moved_on(),
            "form": form or self.begun(),
            "answered": self.answered,
            "conflict": conflict,
            "others": self._others(will if will is not None else (words.text if words else None)),
            "applied": self._applied(),
        }
        return render(self.request, "consultations/apply.html", context, status=status)

    def _moved_on(self) -> bool:
        return bool(self.proposal and self.target and self.proposal.base != self.target.words.text)

    def _kept(self, text: str | None) -> str | None:
        """What was typed, with the labels of the marks that the writer saw by their numbers."""
        if text is None or self.target is None:
            return None
        return kept_marks(text.replace("\r\n", "\n"), self.target.words.footnotes)

    def _others(self, text: str | None) -> list[dict[str, Any]]:
        """The other proposals, with what becomes of each once the text reads so."""
        rows = []
        for each, seen in zip(self.beside, present_comments(self.beside, self.request.user), strict=True):
            proposal = proposal_of(each)
            fate = fate_of(proposal, text) if proposal and text is not None else None
            rows.append(
                {
                    "shown": seen,
                    "byline": byline(each, self.request.user),
                    "fate": fate,
                    "with": each in self.chosen,
                }
            )
        return rows

    def _applied(self) -> list[AppliedChange]:
        """Changes of the text that this comment led to already."""
        found = AppliedChange.objects.filter(
            disposition__comment=self.comment, disposition__outcome__in=Disposition.TAKEN_UP
        )
        return list(
            found.select_related("revision__provision_text__provision__draft__guidelines").order_by("pk")
        )
