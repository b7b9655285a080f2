"""The addresses that anonymous readers may visit, each in six languages."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from consultations.models import Round
from drafts.models import Draft, Provision
from drafts.queries import PAGE_KINDS
from experts.models import Call
from guidelines_portal.pages.texts import SLUGS
from roadmap.models import Meeting, Resolution

STANDING = (
    *("home", "consultations:round_list", "calls:call_list"),
    *("roadmap:overview", "roadmap:funding", "meetings:list", "resolutions:tracker", "pages:groups"),
    *(f"pages:{slug}" for slug in SLUGS),
)


class InSixLanguages(Sitemap):
    """Addresses begin with SITE_URL, whatever host was asked: they are kept by others."""

    i18n = True
    alternates = True
    x_default = True
    protocol = urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return urlsplit(settings.SITE_URL).netloc


class StandingPages(InSixLanguages):
    def items(self) -> Iterable[str]:
        return STANDING

    def location(self, item: str) -> str:
        return reverse(item)


class Rounds(InSixLanguages):
    def items(self) -> Iterable[Round]:
        return Round.objects.visible_to(AnonymousUser()).order_by("pk")

    def location(self, item: Round) -> str:
        return reverse("consultations:round_detail", args=[item.pk])


class Calls(InSixLanguages):
    def items(self) -> Iterable[Call]:
        return Call.objects.visible_to(AnonymousUser()).order_by("pk")

    def location(self, item: Call) -> str:
        return reverse("calls:call_detail", args=[item.pk])


class Resolutions(InSixLanguages):
    def items(self) -> Iterable[Resolution]:
        return Resolution.objects.all()

    def location(self, item: Resolution) -> str:
        return reverse("resolutions:detail", args=[item.uuid])


class Meetings(InSixLanguages):
    def items(self) -> Iterable[Meeting]:
        return Meeting.objects.visible_to(AnonymousUser()).order_by("pk")

    def location(self, item: Meeting) -> str:
        return reverse("meetings:detail", args=[item.uuid])


class Comments(InSixLanguages):
    """The list of each round whose comments everyone reads."""

    def items(self) -> Iterable[Round]:
        seen = Round.objects.visible_to(AnonymousUser())
        return seen.filter(visibility=Round.Visibility.PUBLIC).order_by("pk")

    def location(self, item: Round) -> str:
        return reverse("consultations:comment_list", args=[item.pk])


class Accounts(InSixLanguages):
    """What became of the input, of each round whose account is public."""

    def items(self) -> Iterable[Round]:
        return Round.objects.accounted_to(AnonymousUser()).order_by("pk")

    def location(self, item: Round) -> str:
        return reverse("consultations:account", args=[item.pk])

    def lastmod(self, item: Round) -> datetime | None:
        return item.published_at


class Drafts(InSixLanguages):
    def items(self) -> Iterable[Draft]:
        return Draft.objects.visible_to(AnonymousUser()).select_related("guidelines").order_by("pk")

    def location(self, item: Draft) -> str:
        return reverse("drafts:contents", args=[item.guidelines.slug, item.number])

    def lastmod(self, item: Draft) -> datetime | None:
        return item.published_at


class DraftPages(InSixLanguages):
    def items(self) -> Iterable[Provision]:
        drafts = Draft.objects.visible_to(AnonymousUser()).values("pk")
        pages = Provision.objects.filter(draft__in=drafts, kind__in=PAGE_KINDS)
        return pages.select_related("draft__guidelines").order_by("draft", "position")

    def location(self, item: Provision) -> str:
        return reverse("drafts:read", args=[item.draft.guidelines.slug, item.draft.number, item.key])

    def lastmod(self, item: Provision) -> datetime | None:
        return item.draft.published_at


SITEMAPS: dict[str, type[Sitemap]] = {
    "pages": StandingPages,
    "rounds": Rounds,
    "calls": Calls,
    "meetings": Meetings,
    "resolutions": Resolutions,
    "comments": Comments,
    "accounts": Accounts,
    "drafts": Drafts,
    "draft-pages": DraftPages,
}
