"""Every address of the portal: pages under their language, API and machine-readable files without one."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib.sitemaps.views import sitemap
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularJSONAPIView

from accounts import urls_sign_in
from core import health
from core.views import file_download
from drafts.views.reading import permalink
from guidelines_portal.api import router
from guidelines_portal.api_docs import docs
from guidelines_portal.home import home, to_language
from guidelines_portal.offline import offline, worker
from guidelines_portal.pages.feeds import PortalFeed
from guidelines_portal.pages.sitemap import SITEMAPS
from guidelines_portal.pages.views import robots
from guidelines_portal.styleguide import styleguide
from roadmap.views.milestone_tables import roadmap_calendar

handler400 = "core.errors.bad_request"
handler403 = "core.errors.not_allowed"
handler404 = "core.errors.page_not_found"
handler429 = "core.errors.too_many_requests"  # allauth's limits ask for it
handler500 = "core.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", to_language, name="root"),
    path("api/v1/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/v1/docs/", docs, name="api_docs"),
    path("api/v1/", include((router.urls, "api"), namespace="v1")),
    path("files/<uuid:uuid>/", file_download, name="file_download"),
    path("p/<slug:slug>/<slug:key>/", permalink, name="permalink"),
    path("roadmap.ics", roadmap_calendar, name="roadmap_calendar"),
    path("", include("roadmap.urls_calendars")),
    path("sw.js", worker, name="service_worker"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", require_safe(sitemap), {"sitemaps": SITEMAPS}, name="sitemap"),
    urls_sign_in.callback,
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

urlpatterns += i18n_patterns(
    path("", home, name="home"),
    path("offline/", offline, name="offline"),
    path("feed/", require_safe(PortalFeed()), name="feed"),
    path("", include("guidelines_portal.pages.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("account/", include("accounts.urls")),
    path("people/", include("accounts.urls_people")),
    path("account/", include("accounts.urls_sign_in")),
    path("", include("core.urls")),
    path("", include("drafts.urls_import")),
    path("", include("drafts.urls_documents")),
    path("", include("drafts.urls_checks")),
    path("", include("drafts.urls_editing")),
    path("", include("drafts.urls_translating")),
    path("", include("drafts.urls_drafting")),
    path("", include("drafts.urls")),
    path("", include("consultations.urls")),
    path("", include("experts.urls_calls")),
    path("", include("experts.urls_nominating")),
    path("", include("experts.urls_reviewing")),
    path("", include("experts.urls_panel")),
    path("", include("experts.urls_hosting")),
    path("", include("roadmap.urls_milestones")),
    path("", include("roadmap.urls_meetings")),
    path("", include("roadmap.urls_reminders")),
    path("", include("roadmap.urls_resolutions")),
)
