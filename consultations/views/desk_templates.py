"""Taking a template at the desk: the form comes back filled, to be changed before it is sent."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.filling import fill, has_places, told_of_lacking
from consultations.forms.desk import AnswerForm
from consultations.models import AnswerTemplate, Comment, Disposition, Round
from consultations.views.desk import desk_address, desk_round, ticked_comments
from consultations.views.desk_answer_pane import templates_for
from consultations.views.desk_provisions import show_where

LANGUAGES = [code for code, _name in settings.LANGUAGES]


@login_required
@require_POST
def desk_template(request: HttpRequest, round_id: int) -> HttpResponse:
    """Fill the form from a template: for one comment at once; for several the places stay, to be filled for each."""
    round = desk_round(request, round_id)
    ticked = ticked_comments(request, round)
    chosen = ticked or ticked_comments(request, round, field="comment")
    template = _asked(request, round)
    if not chosen or template is None:
        messages.error(request, _("Choose a template.") if chosen else _("Choose at least one comment."))
        after = chosen[0] if chosen else None
        return redirect(desk_address(round, request.POST.get("filters", ""), after=after))
    words, notes = _words(request, template, chosen)
    initial = {**_kept(request, template), **_in_sight(words, chosen[0], request.POST.get("language", ""))}
    initial["fill"] = len(chosen) > 1 and has_places(words)
    form = AnswerForm(initial=initial, spoken=chosen[0].language)
    ticks = {comment.uuid for comment in ticked}
    pane = {"template_notes": notes, "template_used": template}
    return show_where(request, round, form=form, chosen=chosen[0], ticked=ticks, pane=pane)


def _asked(request: HttpRequest, round: Round) -> AnswerTemplate | None:
    given = request.POST.get("template", "")
    if not (given.isascii() and given.isdecimal() and len(given) < 16):
        return None
    return templates_for(round).filter(pk=int(given)).first()


def _words(
    request: HttpRequest, template: AnswerTemplate, chosen: Sequence[Comment]
) -> tuple[dict[str, str], list[str]]:
    """The template's words, over what was written in other languages; and what couldn't be filled in."""
    words: dict[str, str] = dict(template.responses)
    notes: list[str] = []
    if len(chosen) == 1:
        try:
            result = fill(chosen[0], words, request.user)
        except ValidationError as error:  # written when there were other places
            notes = error.messages
        else:
            words, notes = result.responses, told_of_lacking(chosen[0], result)
    written = {code: request.POST.get(f"response_{code}", "") for code in LANGUAGES}
    in_sight = request.POST.get("language", "")
    if in_sight in LANGUAGES and request.POST.get("response"):
        written[in_sight] = request.POST["response"]
    return {**{code: text for code, text in written.items() if text.strip()}, **words}, notes


def _kept(request: HttpRequest, template: AnswerTemplate) -> dict[str, Any]:
    """What the form held beside the words: the version, and the outcome where the template leaves it open."""
    version, outcome = request.POST.get("version", ""), request.POST.get("outcome", "")
    kept: dict[str, Any] = {}
    if version.isascii() and version.isdecimal():
        kept["version"] = version
    if template.outcome or outcome in Disposition.Outcome.values:
        kept["outcome"] = template.outcome or outcome
    return kept


def _in_sight(words: dict[str, str], comment: Comment, asked: str) -> dict[str, Any]:
    """The words by field: in sight those in the commenter's language, or in the one that was in sight."""
    language = next((code for code in (comment.language, asked, "en") if code in words), next(iter(words)))
    others = {f"response_{code}": text for code, text in words.items() if code != language}
    return {"language": language, "response": words[language], **others}
