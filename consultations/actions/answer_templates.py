"""Templates of answers: writing, changing and retiring them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.answering import check_answer
from consultations.answer_rules import may_keep_templates
from consultations.filling import check_places
from consultations.models import AnswerTemplate, Disposition
from core import audit
from core.verdicts import Conflict, Vanished, require
from core.words import clean_words
from drafts.models import Guidelines

LONGEST_NAME = 120


def create_template(
    *, actor: Any, name: str, guidelines: Guidelines | None, outcome: str, responses: dict[str, str]
) -> AnswerTemplate:
    """A template for answers on ``guidelines``, or (None) on all. ``ValidationError`` by field; an unknown placeholder
    is named at ``response_<language>``."""
    require(may_keep_templates(actor))
    template = AnswerTemplate(written_by=actor)
    with transaction.atomic():
        _write(template, name, guidelines, outcome, responses)
        audit.record("answer_template.create", template, actor=actor)
    return template


def update_template(
    *,
    actor: Any,
    template: AnswerTemplate,
    version: int,
    name: str,
    guidelines: Guidelines | None,
    outcome: str,
    responses: dict[str, str],
) -> AnswerTemplate:
    """Change a template; answers written from it stay. ``Conflict`` unless ``version`` is the one that stands."""
    require(may_keep_templates(actor))
    with transaction.atomic():
        template = _lock(template, version)
        template.version += 1
        template.written_by, template.updated_at = actor, timezone.now()
        _write(template, name, guidelines, outcome, responses)
        audit.record(
            "answer_template.change", template, actor=actor, changes={"version": [version, template.version]}
        )
    return template


def retire_template(*, actor: Any, template: AnswerTemplate) -> AnswerTemplate:
    """Offer a template no longer. Twice is once."""
    require(may_keep_templates(actor))
    with transaction.atomic():
        template = _lock(template, None)
        if template.retired_at is None:
            template.retired_at = timezone.now()
            template.save(update_fields=["retired_at"])
            audit.record("answer_template.retire", template, actor=actor)
    return template


def _lock(template: AnswerTemplate, version: int | None) -> AnswerTemplate:
    locked = AnswerTemplate.objects.select_for_update(of=("self",)).filter(pk=template.pk).first()
    if locked is None:
        raise Vanished
    if version is not None and locked.retired_at is not None:
        raise Conflict(_("This template has been retired."))
    if version is not None and locked.version != version:
        raise Conflict(
            _("This template has changed since you opened it."), current={"version": locked.version}
        )
    return locked


def _write(
    template: AnswerTemplate,
    name: str,
    guidelines: Guidelines | None,
    outcome: str,
    responses: dict[str, str],
) -> None:
    template.name = " ".join(clean_words(name).split())
    if not template.name or len(template.name) > LONGEST_NAME:
        raise ValidationError({"name": _("Give it a name of at most 120 characters.")})
    template.guidelines, template.outcome = guidelines, outcome
    template.responses = check_answer(outcome or Disposition.Outcome.NOTED, responses)
    check_places(template.responses)
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise ValidationError({"name": _("There is a template of this name already.")}) from None
