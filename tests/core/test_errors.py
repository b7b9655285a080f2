"""What people and programs are told when something can't be done."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest
from django.test import Client, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from core.errors import bad_request, not_allowed, page_not_found, server_error, too_many_requests
from core.throttling import WriteThrottle
from core.verdicts import Conflict, Refusal, Refused
from guidelines_portal.urls import urlpatterns as portal_addresses
from tests.factories import make_draft, make_round

raised: list[Exception] = []


class Api(APIView):
    permission_classes = []

    def get(self, request: Request) -> Response:
        return Response({})

    def post(self, request: Request) -> Response:
        if raised:
            raise raised[0]
        return Response({}, status=201)


@csrf_exempt
def page(request: HttpRequest) -> None:
    raise raised[0]


handler400, handler403, handler404 = bad_request, not_allowed, page_not_found
handler429, handler500 = too_many_requests, server_error
urlpatterns = [
    path("test-api/", Api.as_view()),
    path("test-page/", page),
    *portal_addresses,
]


@pytest.fixture(autouse=True)
def routes() -> Iterator[None]:
    raised.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.fixture
def api(person: Any) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(person)
    return client


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (
            Refusal(Refused("The round is closed.", "round_closed")),
            403,
            {"detail": "The round is closed.", "code": "round_closed"},
        ),
        (
            Conflict("Changed meanwhile.", current={"version": 3}),
            409,
            {"detail": "Changed meanwhile.", "current": {"version": 3}},
        ),
        (Http404("round 7"), 404, None),
        (PermissionDenied(), 403, None),
        (
            ValidationError({"body": ["Write something."], "__all__": ["Neither nor."]}),
            400,
            {"body": ["Write something."], "non_field_errors": ["Neither nor."]},
        ),
        (ValidationError("Not so."), 400, {"non_field_errors": ["Not so."]}),
    ],
)
def test_the_apis_errors(api: APIClient, error: Exception, status: int, body: Any) -> None:
    raised.append(error)
    answer = api.post("/test-api/", {})
    assert answer.status_code == status
    assert body is None or answer.json() == body


@pytest.mark.parametrize(
    "error", [OperationalError("database is locked"), InterfaceError("connection closed")]
)
def test_with_the_database_away_the_api_says_when_to_come_back(api: APIClient, error: Exception) -> None:
    raised.append(error)
    answer = api.post("/test-api/", {})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert "locked" not in answer.content.decode()


def test_an_error_nobody_foresaw_stays_an_error(api: APIClient) -> None:
    raised.append(IntegrityError("a bug"))
    assert api.post("/test-api/", {}).status_code == 500


@pytest.mark.django_db
def test_who_is_not_signed_in_is_asked_to(settings: Any) -> None:
    raised.append(Refusal(Refused("Sign in to comment.")))
    answer = APIClient().post("/test-api/", {})
    assert (answer.status_code, answer.json()) == (401, {"detail": "Sign in to comment."})
    assert answer["WWW-Authenticate"] == "Token"


@pytest.mark.django_db
class TestPages:
    def test_a_refusal_tells_its_reason(self, client: Client, person: Any) -> None:
        client.force_login(person)
        raised.append(Refusal(Refused("The round <closed> yesterday.")))
        answer = client.get("/test-page/")
        assert answer.status_code == 403
        assert "The round &lt;closed&gt; yesterday." in answer.content.decode()

    def test_a_conflict_gives_people_their_words_back(self, client: Client, person: Any) -> None:
        client.force_login(person)
        raised.append(Conflict("Someone changed this.", current={"version": 3}))
        words = "We propose “apply” </textarea><script>"
        answer = client.post("/test-page/", {"body": words, "password1": "a very secret password"})
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "We propose “apply” &lt;/textarea&gt;&lt;script&gt;" in text
        assert "secret" not in text

    def test_with_the_database_away_people_get_their_words_back(self, client: Client) -> None:
        raised.append(OperationalError("server closed the connection"))
        answer = client.post("/test-page/", {"body": "We propose to apply it everywhere."})
        assert (answer.status_code, answer["Retry-After"]) == (503, "2")
        assert "We propose to apply it everywhere." in answer.content.decode()
        assert "server closed" not in answer.content.decode()


@pytest.mark.django_db
class TestThrottle:
    @pytest.fixture(autouse=True)
    def one_window(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("core.throttling.time.time", lambda: 1_800_000_015.0)
        monkeypatch.setattr(WriteThrottle, "_count_again_at", 0.0)

    def test_a_hundred_comments_in_a_minute_are_fine(self, api: APIClient) -> None:
        assert {api.post("/test-api/", {}).status_code for _ in range(100)} == {201}

    def test_floods_are_not(self, api: APIClient, stranger: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        # Few requests: on a machine too busy to answer within Redis' time limit nothing is counted.
        monkeypatch.setattr(WriteThrottle, "limit", 10)
        statuses = [api.post("/test-api/", {}).status_code for _ in range(12)]
        assert statuses == [201] * 10 + [429] * 2
        answer = api.post("/test-api/", {})
        assert 0 < int(answer["Retry-After"]) <= 60
        assert api.get("/test-api/").status_code == 200, "reading goes on"
        other = APIClient()
        other.force_authenticate(stranger)
        assert other.post("/test-api/", {}).status_code == 201, "others are not hit"
        monkeypatch.setattr("core.throttling.time.time", lambda: 1_800_000_075.0)
        assert api.post("/test-api/", {}).status_code == 201, "a minute later"

    def test_a_forged_address_does_not_reset_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(WriteThrottle, "limit", 3)
        client = APIClient()
        statuses = [
            client.post("/test-api/", {}, headers={"X-Forwarded-For": f"10.0.0.{n}"}).status_code
            for n in range(5)
        ]
        assert statuses == [201, 201, 201, 429, 429]

    def test_with_the_cache_away_nobody_is_limited(
        self, api: APIClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*args: Any, **options: Any) -> None:
            raise ConnectionError

        monkeypatch.setattr("core.throttling.cache.add", away)
        assert [api.post("/test-api/", {}).status_code for _ in range(3)] == [201] * 3


def test_a_page_that_is_gone_gives_back_what_was_written() -> None:
    words = "Words that took an evening to write."
    response = Client().post("/en/nowhere/", {"body": words, "password": "a long secret pass phrase"})
    assert response.status_code == 404
    page = response.content.decode()
    assert words in page and "pass phrase" not in page


@pytest.mark.django_db
def test_a_form_that_is_too_large_says_so(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = Client().post("/en/account/login/", {"login": "x" * 2000})
    assert response.status_code == 413
    assert "at most 1000" in response.content.decode()


@pytest.mark.django_db
def test_an_address_that_only_takes_a_form_says_so_and_leads_on(client: Client, person: Any) -> None:
    client.force_login(person)
    response = client.get("/es/account/my-data/export/")
    page = response.content.decode()
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert '<html lang="es"' in page and "/es/rounds/" in page
    assert client.delete("/api/v1/rounds/").headers["Content-Type"] == "application/json"


def test_a_form_without_its_token_gives_back_what_was_written() -> None:
    words = "Words that took an evening to write."
    client = Client(enforce_csrf_checks=True)
    response = client.post("/fr/account/login/", {"body": words, "password": "a long secret pass phrase"})
    page = response.content.decode()
    assert response.status_code == 403
    assert words in page and "pass phrase" not in page
    assert '<html lang="fr"' in page and "/fr/privacy/" in page


@pytest.mark.django_db
def test_a_refusal_of_django_s_own_gives_back_what_was_written(client: Client) -> None:
    raised.append(PermissionDenied("Not on Sundays."))
    answer = client.post("/test-page/", {"body": "We propose to apply it everywhere."})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Not on Sundays." in page and "We propose to apply it everywhere." in page


@pytest.mark.django_db
def test_whoever_asks_too_often_is_told_when_to_try_again(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client = Client()
    answers = [client.post("/es/account/login/", {"login": "a@example.org"}) for _ in range(2)]
    assert answers[1].status_code == 429
    assert int(answers[1]["Retry-After"]) == 60
    page = answers[1].content.decode()
    assert '<html lang="es"' in page and "60" in page


class TestWithoutTheDatabase:
    """No database mark: asking it fails the test."""

    def test_an_error_nobody_foresaw_is_told_in_the_reader_s_language(self) -> None:
        raised.append(ValueError("a bug"))
        client = Client(raise_request_exception=False, headers={"Accept-Language": "ru"})
        answer = client.post("/test-page/", {"body": "Words that took an evening."})
        page = answer.content.decode()
        assert answer.status_code == 500
        assert '<html lang="ru"' in page and "/ru/" in page and "Words that took an evening." in page
        assert "a bug" not in page

    def test_if_even_that_page_fails_there_is_one_that_cannot(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*args: Any, **options: Any) -> str:
            raise OSError("no template")

        monkeypatch.setattr("core.errors.render_to_string", broken)
        raised.append(ValueError("a bug"))
        answer = Client(raise_request_exception=False).get("/test-page/")
        assert answer.status_code == 500
        assert "Произошла ошибка" in answer.content.decode()

    def test_maintenance_is_said_to_everyone_but_the_probes(self, settings: Any, tmp_path: Any) -> None:
        settings.MAINTENANCE_FILE = tmp_path / "maintenance"
        settings.MAINTENANCE_FILE.touch()
        client = Client()
        answer = client.post("/ar/rounds/", {"body": "Words that took an evening."})
        page = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"]) == (503, "300")
        assert '<html lang="ar" dir="rtl"' in page and "Words that took an evening." in page
        program = client.get("/api/v1/rounds/", headers={"Accept-Language": "en"})
        assert program.status_code == 503 and "looked after" in program.json()["detail"]
        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_words_written_while_the_session_ended_come_back(client: Client) -> None:
    round = make_round(make_draft(status="published", paragraphs=1))
    evening = "What took an evening to write, and is to be kept."
    answer = client.post(f"/en/rounds/{round.pk}/comments/new/", {"body": evening})
    assert answer.status_code == 401
    assert evening in answer.content.decode()
    assert 'href="/en/account/login/?next=' in answer.content.decode()
    assert client.post(f"/en/rounds/{round.pk}/comments/new/", {"kind": "general"}).status_code == 302
