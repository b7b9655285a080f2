"""Evidence of a comment: adding it on the comment's page, and taking it away."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.evidence import add_evidence, remove_evidence
from consultations.forms.comments import ReplyForm
from consultations.forms.evidence import EvidenceForm
from consultations.models import Evidence
from consultations.views.comments import address_of, render_comment, signed_in_to_write, visible_comment


@signed_in_to_write
@require_POST
def evidence_add(request: HttpRequest, round_id: int, uuid: UUID) -> HttpResponse:
    """Give a link or a file; what is wrong with it is told on the comment's page."""
    comment = visible_comment(request, round_id, uuid)
    form = EvidenceForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            add_evidence(actor=request.user, comment=comment, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Your evidence is added."))
            return redirect(f"{address_of(comment)}#evidence")
    return render_comment(request, comment, ReplyForm.new(), evidence_form=form, status=400)


@signed_in_to_write
@require_POST
def evidence_remove(request: HttpRequest, round_id: int, uuid: UUID, evidence: UUID) -> HttpResponse:
    comment = visible_comment(request, round_id, uuid)
    remove_evidence(
        actor=request.user,
        evidence=get_object_or_404(
            Evidence.objects.select_related("file", "comment"), comment=comment, uuid=evidence
        ),
    )
    messages.success(request, _("Your evidence is removed."))
    return redirect(f"{address_of(comment)}#evidence")
