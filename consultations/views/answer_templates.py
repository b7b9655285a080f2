"""The secretariat's templates for answers: list, form, retiring."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from consultations.actions.answer_templates import create_template, retire_template, update_template
from consultations.answer_rules import may_keep_templates
from consultations.filling import PLACES
from consultations.forms.answer_templates import AnswerTemplateForm, template_initial
from consultations.models import AnswerTemplate
from core.verdicts import Conflict, require

WHAT_FILLS = {
    "number": lambda: _("the number of the comment"),
    "provision": lambda: _("what it is on, such as: paragraph 33"),
    "quote": lambda: _("the words that it points at"),
    "proposal": lambda: _("the words that it proposes"),
    "round": lambda: _("the title of the round"),
    "new_text": lambda: _("the wording as it now stands in the draft that is being written"),
    "author": lambda: _(
        "who wrote it, where the name (or that of the organization) may be shown to everyone"
    ),
}


@login_required
def template_list(request: HttpRequest) -> HttpResponse:
    """Those that are offered."""
    require(may_keep_templates(request.user))
    offered = AnswerTemplate.objects.filter(retired_at=None).select_related("guidelines", "written_by")
    return render(request, "consultations/answer_template_list.html", {"templates": offered})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_create(request: HttpRequest) -> HttpResponse:
    require(may_keep_templates(request.user))
    form = AnswerTemplateForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    status = _saved(form, lambda: create_template(actor=request.user, **form.template))
    if status:
        return _page(request, form, status=status)
    messages.success(request, _("The template is saved."))
    return redirect("consultations:template_list")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: HttpRequest, template_id: int) -> HttpResponse:
    require(may_keep_templates(request.user))
    template = _template(template_id)
    form = AnswerTemplateForm(request.POST or None, initial=template_initial(template))
    if request.method != "POST":
        return _page(request, form, template)

    def save() -> None:
        version = form.cleaned_data["version"] or 0
        update_template(actor=request.user, template=template, version=version, **form.template)

    status = _saved(form, save)
    if status:
        return _page(request, form, template, status=status)
    messages.success(request, _("The template is saved."))
    return redirect("consultations:template_list")


@login_required
@require_POST
def template_retire(request: HttpRequest, template_id: int) -> HttpResponse:
    """Offer it no longer."""
    require(may_keep_templates(request.user))
    retire_template(actor=request.user, template=get_object_or_404(AnswerTemplate, pk=template_id))
    messages.success(request, _("The template is no longer offered. Answers written from it stay."))
    return redirect("consultations:template_list")


def _template(template_id: int) -> AnswerTemplate:
    return get_object_or_404(AnswerTemplate, pk=template_id, retired_at=None)


def _saved(form: AnswerTemplateForm, save: Any) -> int:
    """0 where it went through; else the status to answer with, what was wrong stands at its fields."""
    if not form.is_valid():
        return 400
    try:
        save()
    except ValidationError as error:
        form.take_errors(error)
        return 400
    except Conflict as conflict:
        if version := conflict.current.get("version"):
            form.take_version(version)
        form.add_error(None, str(conflict.reason))
        return 409
    return 0


def _page(
    request: HttpRequest,
    form: AnswerTemplateForm,
    template: AnswerTemplate | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    places = [(f"{{{name}}}", WHAT_FILLS[name]()) for name in PLACES]
    standing = AnswerTemplate.objects.get(pk=template.pk) if template and status == 409 else None
    context = {"form": form, "template": template, "places": places, "standing": standing}
    return render(request, "consultations/answer_template_form.html", context, status=status)
