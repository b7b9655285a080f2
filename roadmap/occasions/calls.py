"""Reminders of calls: before they close, to states that haven't nominated and to nominees; before endorsing ends."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Affiliation
from core.notices import Addressee
from experts.actions.linking import token_of
from experts.deadlines import in_full
from experts.models import Call, CallReopening, Nomination, NomineeLink
from roadmap.occasions.people import voices_of_states
from roadmap.occasions.registry import DefaultRule, Occasion, Reminded, ReminderWords, Span, candidates

S = Nomination.State
NOT_HANDED_IN = (S.DRAFT, S.WITHDRAWN)


def _call_names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    return {call.pk: call.title for call in Call.objects.filter(pk__in=pks)}


def _running(span: Span, about: int | None) -> "QuerySet[Call]":
    """Calls for experts, announced and not decided, some deadline of which is to come."""
    later = (
        Q(closes_at__gt=span.after)
        | Q(endorsement_closes_at__gt=span.after)
        | Q(reopenings__closes_at__gt=span.after)
        | Q(reopenings__endorsement_closes_at__gt=span.after)
    )
    found = Call.objects.filter(
        later,
        kind=Call.Kind.EXPERTS,
        announced_at__isnull=False,
        decided_at=None,
        opens_at__lte=span.settled,
    ).distinct()
    return found.filter(pk=about) if about is not None else found


def closing_for(call: Call, country: str) -> Any:
    """Until when a row's country (named by a path) hands in; the same as ``Call.deadlines_for``."""
    early = call.closed_at and call.closed_at < call.closes_at
    return _later(call, country, call.closed_at if early else call.closes_at, F("closes_at"))


def endorsing_for(call: Call, country: str) -> Any:
    """Until when it endorses."""
    return _later(call, country, call.endorsed_until, Coalesce("endorsement_closes_at", "closes_at"))


def _later(call: Call, country: str, base: Any, given_until: Any) -> Any:
    if not call.reopenings.exists():
        return base
    given = CallReopening.objects.filter(call=call.pk, country=OuterRef(country))
    latest = given.annotate(until=given_until).order_by("-until").values("until")[:1]
    return Greatest(base, Coalesce(Subquery(latest), base))


# --- Member states ----------------------------------------------------------------------------------------


def without_nomination(span: Span, about: int | None = None) -> Iterator["QuerySet[Affiliation]"]:
    """Who speaks for a member state that has handed nothing in yet."""
    for call in _running(span, about):
        handed_in = Nomination.objects.filter(call=call.pk, country=OuterRef("organisation__country"))
        silent = voices_of_states().filter(~Exists(handed_in.exclude(state__in=NOT_HANDED_IN)))
        closes = closing_for(call, "organisation__country")
        yield candidates(silent, who=F("user_id"), about=call.pk, date=closes)


def to_endorse(span: Span, about: int | None = None) -> Iterator["QuerySet[Affiliation]"]:
    """Who speaks for a member state before which nominations lie, others than their own."""
    for call in _running(span, about):
        waiting = Nomination.objects.filter(
            ~Q(nominee=OuterRef("user_id")),
            call=call.pk,
            country=OuterRef("organisation__country"),
            state=S.AWAITING_ENDORSEMENT,
        )
        asked = voices_of_states().filter(Exists(waiting))
        until = endorsing_for(call, "organisation__country")
        yield candidates(asked, who=F("user_id"), about=call.pk, date=until)


def _nominate_words(reminded: Reminded) -> ReminderWords | None:
    call = Call.objects.get(pk=reminded.about)
    named = {"call": call.title, "when": in_full(reminded.date, call.zone, reminded.person)}
    return ReminderWords(
        title=_("Nominations close soon: %(call)s") % named,
        paragraphs=[
            _("“%(call)s” takes nominations until %(when)s. Your country has handed in none yet.") % named,
            _("If your country does not nominate, you need do nothing."),
        ],
        action_label=_("See the call"),
        action_path=reverse("calls:call_detail", args=[call.pk]),
        reason=_("You get this message because you speak for a Member State in the portal."),
    )


def _endorse_words(reminded: Reminded) -> ReminderWords | None:
    person, call = reminded.person, Call.objects.get(pk=reminded.about)
    countries = voices_of_states().filter(user=person).values("organisation__country")
    waiting = Nomination.objects.filter(call=call, country__in=countries, state=S.AWAITING_ENDORSEMENT)
    number = waiting.filter(~Q(nominee=person)).count()
    named = {"call": call.title, "when": in_full(reminded.date, call.zone, person), "n": number}
    words = ngettext(
        "%(n)d nomination waits for your endorsement in “%(call)s”. Endorse until: %(when)s.",
        "%(n)d nominations wait for your endorsement in “%(call)s”. Endorse until: %(when)s.",
        number,
    )
    return ReminderWords(
        title=_("Nominations wait for your endorsement: %(call)s") % named,
        paragraphs=[words % named, _("What isn’t endorsed by then is not considered.")],
        action_label=_("See the nominations"),
        action_path=reverse("nominations:country", args=[call.pk]),
        reason=_("You get this message because you speak for a Member State in the portal."),
    )


# --- Nominees ---------------------------------------------------------------------------------------------


def unfinished(span: Span, about: int | None = None) -> Iterator["QuerySet[Nomination]"]:
    """Nominees whose nomination isn't handed in: by their account, or by the link where it still opens."""
    begun = Q(state=S.AWAITING_NOMINEE) | Q(state=S.DRAFT, way=Nomination.Way.APPLIED)
    open_link = Q(link__used_at=None, link__expires_at__gt=span.now, link__sent_at__lte=span.settled)
    reachable = Q(nominee__isnull=False) | open_link
    calls = _running(span, None)
    if about is not None:
        calls = calls.filter(nominations=about)
    for call in calls:
        found = Nomination.objects.filter(begun, reachable, call=call.pk, created_at__lte=span.settled)
        if about is not None:
            found = found.filter(pk=about)
        yield candidates(
            found,
            who=F("nominee_id"),
            about=F("pk"),
            date=closing_for(call, "country"),
            language=F("language"),
        )


def nomination_names(pks: Sequence[int], reader: Any) -> dict[int, str]:
    """The call's title; without nominations with which the reader has a conflict of interest."""
    found = Nomination.objects.unbarred_for(reader).filter(pk__in=pks).select_related("call")
    return {nomination.pk: nomination.call.title for nomination in found}


def _nominee(pk: int) -> Addressee | None:
    found = Nomination.objects.filter(pk=pk).first()
    return Addressee(found.email, found.name) if found and found.email else None


def _unfinished_words(reminded: Reminded) -> ReminderWords | None:
    nomination = Nomination.objects.select_related("call", "country").get(pk=reminded.about)
    call = nomination.call
    named = {"call": call.title, "when": in_full(reminded.date, call.zone, reminded.person)}
    path = reverse("nominations:nomination_detail", args=[nomination.uuid])
    if reminded.person is None:
        link = NomineeLink.objects.filter(nomination=nomination, used_at=None).first()
        if link is None:
            return None
        path = reverse("nominations:invited", args=[token_of(link)])
    return ReminderWords(
        title=_("Your nomination isn’t complete: %(call)s") % named,
        paragraphs=[
            _("Your nomination in “%(call)s” isn’t handed in yet. It is possible until %(when)s.") % named,
            _("What isn’t handed in by then is not considered."),
        ],
        action_label=_("Complete the nomination"),
        action_path=path,
        reason=_("You get this message because you are nominated in “%(call)s”.") % named,
    )


OCCASIONS = [
    Occasion(
        "call_nominate",
        gettext_lazy("A call closes: no nomination yet"),
        gettext_lazy("Focal points of Member States that have handed in nothing"),
        gettext_lazy("the deadline of the call"),
        Call,
        without_nomination,
        _nominate_words,
        [DefaultRule(14), DefaultRule(3)],
        _call_names,
    ),
    Occasion(
        "nomination_unfinished",
        gettext_lazy("A call closes: nominations not complete"),
        gettext_lazy("Nominees who have not handed in"),
        gettext_lazy("the deadline of the call"),
        Nomination,
        unfinished,
        _unfinished_words,
        [DefaultRule(7), DefaultRule(2)],
        nomination_names,
        address=_nominee,
    ),
    Occasion(
        "endorsement_waiting",
        gettext_lazy("Nominations wait for endorsement"),
        gettext_lazy("Focal points before whom nominations lie"),
        gettext_lazy("the end of endorsing"),
        Call,
        to_endorse,
        _endorse_words,
        [DefaultRule(7), DefaultRule(2, mandatory=True)],
        _call_names,
    ),
]
