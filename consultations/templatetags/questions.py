"""A round's questions where people meet them: on the round's page, beside a provision, in the reading room."""

from typing import Any

from django import template

from consultations.asked import AskedQuestion, asked_questions
from consultations.models import Round

register = template.Library()


@register.inclusion_tag("consultations/_questions.html", takes_context=True)
def round_questions(context: dict[str, Any], round: Round, key: str = "") -> dict[str, Any]:
    """The questions asked beside the provision ``key`` ("": about the round as a whole), to be answered there.

    ``{% load questions %}{% round_questions round row.key %}``. A page may use it for each of its provisions:
    the round is asked once, and nothing is shown where nothing is asked.
    """
    request = context["request"]
    asked: list[AskedQuestion] | None = getattr(round, "asked_here", None)
    if asked is None:
        asks = getattr(round, "asks", True)  # said by ``queries.with_people``
        asked = [] if not asks else asked_questions(round, request.user, back=request.get_full_path())
        round.asked_here = asked  # type: ignore[attr-defined]
    return {
        "round": round,
        "asked": [each for each in asked if each.question.provision_key == key],
        "beside": True,
        "request": request,
        "user": request.user,
        "csrf_token": context.get("csrf_token"),
    }
