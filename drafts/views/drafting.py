"""A draft's way from its beginning to its adoption."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from core.verdicts import require
from drafts.actions.drafting import begin_draft
from drafts.forms.drafting import BeginForm
from drafts.models import Draft
from drafts.rules import may_create_draft


@login_required
def begin(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Begin the next draft from this one: every provision with its key, its words and its translations."""
    drafts = Draft.objects.visible_to(request.user).select_related("guidelines")
    base = get_object_or_404(drafts, guidelines__slug=slug, number=number)
    require(may_create_draft(request.user))
    form = BeginForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin_draft(actor=request.user, base=base, label=form.cleaned_data["label"])
        except ValidationError as error:
            form.add_error("label", error.message_dict["label"])
        else:
            messages.success(request, _("The draft is begun. Drafters and the secretariat alone read it."))
            return redirect("editing:structure", slug, draft.number)
    status = 400 if form.is_bound else 200
    return render(request, "drafts/draft_begin.html", {"draft": base, "form": form}, status=status)
