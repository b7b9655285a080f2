"""News as an Atom feed in each language: what opened, closed, was answered or came out, for everyone to know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.syndication.views import Feed
from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.templatetags.moments import day_in_words
from consultations.models import Comment, Round
from drafts.models import Draft
from experts.deadlines import in_full
from experts.models import Call

LENGTH = 50


@dataclass(frozen=True)
class News:
    """Something that happened. ``key`` is the same in every language and for ever."""

    at: datetime
    key: str
    title: str
    words: str
    path: str


class PortalFeed(Feed):
    """The latest news. Read by programs that nobody signed in: it holds what anonymous readers may see."""

    feed_type = Atom1Feed

    def title(self) -> str | Promise:
        return _("Guidelines Portal: news")

    def subtitle(self) -> str | Promise:
        return _("Rounds that open and close, answers and drafts that come out.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("home")

    def feed_url(self) -> str:
        return settings.SITE_URL + reverse("feed")

    def feed_guid(self) -> str:
        return self.feed_url()

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = super().__call__(request, *args, **kwargs)
        response["Cache-Control"] = "public, max-age=300"
        return response

    def items(self) -> Iterable[News]:
        return latest_news()

    def item_title(self, item: News) -> str:
        return item.title

    def item_description(self, item: News) -> str:
        return escape(item.words)  # readers take it for HTML

    def item_link(self, item: News) -> str:
        return settings.SITE_URL + item.path

    def item_guid(self, item: News) -> str:
        return f"{settings.SITE_URL}/news/{item.key}"

    def item_pubdate(self, item: News) -> datetime:
        return item.at

    def item_updateddate(self, item: News) -> datetime:
        return item.at


def latest_news() -> list[News]:
    """The newest first, at most LENGTH; a constant number of queries."""
    nobody, now = AnonymousUser(), timezone.now()
    rounds = list(Round.objects.visible_to(nobody).select_related("draft__guidelines"))
    drafts = Draft.objects.visible_to(nobody).select_related("guidelines")
    news = [item for round in rounds for item in _of_round(round)]
    news += [_of_draft(draft) for draft in drafts if draft.published_at]
    news += _answers(rounds)
    news += [item for call in Call.objects.visible_to(nobody) for item in _of_call(call)]
    return sorted((item for item in news if item.at <= now), key=lambda n: n.at, reverse=True)[:LENGTH]


def _of_round(round: Round) -> Iterable[News]:
    key, path = f"round-{round.pk}", reverse("consultations:round_detail", args=[round.pk])
    named, place = {"title": round.title}, f"{round.draft.guidelines.title}, {round.draft.label}"
    closes = day_in_words(
        timezone.localtime(round.closes_at, ZoneInfo(settings.SECRETARIAT_TIME_ZONE)).replace(tzinfo=None)
    )
    until = _("%(draft)s. Closes on %(day)s.") % {"draft": place, "day": closes}
    yield News(round.opens_at, f"{key}-opened", _("Open for comments: %(title)s") % named, until, path)
    closed = min(round.closed_at or round.closes_at, round.closes_at)
    yield News(closed, f"{key}-closed", _("Closed: %(title)s") % named, place, path)
    if round.published_at:
        words = _("The secretariat has answered the comments of this round.")
        title = _("Answers published: %(title)s") % named
        yield News(round.published_at, f"{key}-published", title, words, path)


def _of_call(call: Call) -> Iterable[News]:
    """Announced, open, closed, decided. Its times are the call's own, with their offset and in UTC."""
    assert call.announced_at
    key, path = f"call-{call.pk}", reverse("calls:call_detail", args=[call.pk])
    named, kind = {"title": call.title}, call.get_kind_display()
    closing = in_full(call.closing, call.zone, countdown=False)
    until = _("%(kind)s. Closes on %(when)s.") % {"kind": kind, "when": closing}
    if call.announced_at < call.opens_at:
        yield News(call.announced_at, f"{key}-announced", _("Announced: %(title)s") % named, until, path)
    opened = max(call.announced_at, call.opens_at)
    closed = call.closing
    if opened < closed:
        yield News(opened, f"{key}-opened", _("Open: %(title)s") % named, until, path)
    yield News(max(closed, call.announced_at), f"{key}-closed", _("Closed: %(title)s") % named, kind, path)
    if call.decided_at:
        yield News(call.decided_at, f"{key}-decided", _("Decided: %(title)s") % named, kind, path)


def _of_draft(draft: Draft) -> News:
    assert draft.published_at
    named = {"guidelines": draft.guidelines.title, "draft": draft.label}
    return News(
        draft.published_at,
        f"draft-{draft.pk}",
        _("Published: %(draft)s") % named,
        draft.guidelines.title,
        reverse("drafts:contents", args=[draft.guidelines.slug, draft.number]),
    )


def _answers(rounds: list[Round]) -> Iterable[News]:
    """One piece of news for each round and day on which answers came out, where everyone reads the comments."""
    public = {round.pk: round for round in rounds if round.visibility == Round.Visibility.PUBLIC}
    days = (
        Comment.objects.filter(round__in=public, status=Comment.Status.SUBMITTED)
        .filter(disposition__published_at__lte=timezone.now())
        .annotate(day=TruncDate("disposition__published_at", tzinfo=UTC))
        .values_list("round", "day")
        .annotate(n=Count("pk"), latest=Max("disposition__published_at"))
        .order_by("-day", "round")[:LENGTH]
    )
    for pk, day, n, at in days:
        words = ngettext("%(n)d comment was answered.", "%(n)d comments were answered.", n) % {"n": n}
        title = _("Answers to comments: %(title)s") % {"title": public[pk].title}
        path = reverse("consultations:comment_list", args=[pk])
        yield News(at, f"answers-{pk}-{day.isoformat()}", title, words, path)
