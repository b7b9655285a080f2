"""How far the answering of a round is, per pillar and person, and when it will be done at this pace."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from accounts.templatetags.moments import zone_name
from consultations.charts.burndown import burndown_of
from consultations.progress import WINDOW, progress_of
from consultations.rules import is_staff
from consultations.slots import due_of
from consultations.views.desk import desk_round
from consultations.views.rounds import pillar_names
from drafts.queries import contents


@require_safe
@login_required
def progress(request: HttpRequest, round_id: int) -> HttpResponse:
    """The figures with their burn-down, and how they are worked out. For those who answer in the round."""
    round = desk_round(request, round_id)
    found = progress_of(round, request.user, at=timezone.now())
    due = due_of(round, request.user)
    names = pillar_names(contents(round.draft, get_language() or "en"))
    finish = found.whole.finish
    context = {
        "round": round,
        "progress": found,
        "parts": [(part, names.get(str(part.pillar), "")) for part in found.parts],
        "burn": burndown_of(found, due.day if due else None),
        "due": due,
        "late": bool(due and finish and finish.day > due.day),
        "may_be_late": bool(due and finish and (finish.latest is None or finish.latest > due.day)),
        "window": WINDOW,
        "zone": zone_name(settings.SECRETARIAT_TIME_ZONE),
        "staff": is_staff(request.user, round),
    }
    return render(request, "consultations/progress.html", context)
