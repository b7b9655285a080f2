"""Guidelines and their drafts over the API; drafters begin the next draft."""

import hashlib
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleGrant, User
from core.models import AuditEntry
from drafts.actions.editions import canonical_bytes, release_draft
from drafts.models import Draft, Guidelines, Provision
from tests.api_client import client_of
from tests.drafts.api.addresses import DRAFTS, GUIDELINES, KEYS, of_draft, row, rows
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db


class TestGuidelines:
    def test_those_with_a_readable_draft_are_listed(self) -> None:
        shown = make_draft(status="published").guidelines
        make_draft()
        Guidelines.objects.create(slug="without-drafts", title="Nothing yet")
        page = client_of().get(GUIDELINES).json()
        assert set(page) == {"count", "next", "previous", "results"}
        assert (page["count"], [each["slug"] for each in page["results"]]) == (1, [shown.slug])
        answer = client_of().get(f"{GUIDELINES}{shown.slug}/")
        assert answer.json() == page["results"][0]
        assert answer.json() == {"slug": shown.slug, "title": shown.title, "titles": {"en": shown.title}}

    def test_titles_are_in_the_language_asked_for(self) -> None:
        guidelines = make_draft(status="published").guidelines
        Guidelines.objects.update(title_en="Smart cities", title_fr="Villes intelligentes")
        address = f"{GUIDELINES}{guidelines.slug}/"
        assert client_of().get(address, {"language": "fr"}).json()["title"] == "Villes intelligentes"
        by_header = client_of().get(address, headers={"Accept-Language": "fr"}).json()
        assert by_header["title"] == "Villes intelligentes"
        # Where a title isn't translated, the languages it has are told.
        fallen_back = client_of().get(address, {"language": "ru"}).json()
        assert fallen_back["title"] == "Smart cities"
        assert fallen_back["titles"] == {"en": "Smart cities", "fr": "Villes intelligentes"}

    @pytest.mark.parametrize("slug", ["nowhere", "%00", "%ED%A0%80", "x" * 300, "-"])
    def test_unknown_ones_are_not_found(self, slug: str) -> None:
        make_draft(status="published")
        assert client_of().get(f"{GUIDELINES}{slug}/").status_code == 404


class TestReading:
    def test_a_published_draft_comes_whole(self, book: Draft) -> None:
        release_draft(book, actor=make_user("staff"))
        shown = client_of().get(of_draft(book)).json()
        assert shown.pop("published_at").endswith("Z")
        assert shown == {
            "id": book.pk,
            "guidelines": book.guidelines.slug,
            "number": 1,
            "label": "Second draft",
            "labels": {"en": "Second draft"},
            "status": "published",
            "base": None,
            "source_language": "en",
            "content_hash": hashlib.sha256(canonical_bytes(book, "en")).hexdigest(),
        }

    def test_before_publication_there_is_no_hash(self, book: Draft) -> None:
        shown = client_of(make_user("drafter")).get(of_draft(book)).json()
        assert (shown["status"], shown["published_at"], shown["content_hash"]) == ("working", None, None)

    def test_filters_and_order(self) -> None:
        first = make_draft(status="superseded")
        second = make_draft(status="published", guidelines=first.guidelines)
        last = Guidelines.objects.create(slug="later-in-the-alphabet", title="Later")
        other = make_draft(status="published", guidelines=last)
        cases: list[tuple[dict[str, Any], list[Draft]]] = [
            ({}, [second, first, other]),
            ({"guidelines": first.guidelines.slug}, [second, first]),
            ({"guidelines": "nowhere"}, []),
            ({"status": "superseded"}, [first]),
            ({"number": 2}, [second]),
        ]
        for query, drafts in cases:
            assert [each["id"] for each in rows(client_of(), DRAFTS, **query)] == [d.pk for d in drafts], (
                query
            )

    def test_labels_are_in_the_language_asked_for(self) -> None:
        draft = make_draft(status="published", label="Zero draft")
        Draft.objects.update(label_fr="Projet zéro")
        assert client_of().get(of_draft(draft), {"language": "fr"}).json()["label"] == "Projet zéro"
        assert rows(client_of(), DRAFTS, language="ar")[0]["label"] == "Zero draft"

    def test_the_same_queries_however_many(self) -> None:
        viewer, counts = make_user(), []
        for number in (1, 3):
            for _ in range(number):
                make_draft(status="published")
            fresh = User.objects.get(pk=viewer.pk)
            with CaptureQueriesContext(connection) as queries:
                found = rows(client_of(fresh), DRAFTS)
            assert len(found) == Draft.objects.count()
            counts.append(len(queries))
        assert counts[0] == counts[1] <= 4


class TestBeginning:
    def test_the_next_draft_has_the_words_of_its_base(self, book: Draft) -> None:
        release_draft(book, actor=make_user("staff"))
        drafter = client_of(make_user("drafter"))
        answer = drafter.post(DRAFTS, {"base": book.pk, "label": " Third draft "})
        assert answer.status_code == 201
        made = answer.json()
        assert (made["number"], made["label"], made["base"]) == (2, "Third draft", book.pk)
        assert (made["status"], made["source_language"]) == ("working", "en")
        assert (made["guidelines"], made["published_at"]) == (book.guidelines.slug, None)
        assert drafter.get(f"{DRAFTS}{made['id']}/").json() == made
        for language in ("en", "fr"):
            old, new = (
                rows(drafter, f"{DRAFTS}{pk}/provisions/", language=language) for pk in (book.pk, made["id"])
            )
            assert [each["key"] for each in new] == KEYS
            assert {each["id"] for each in old}.isdisjoint(each["id"] for each in new)
            assert [{**each, "id": 0} for each in new] == [{**each, "id": 0} for each in old]
        assert AuditEntry.objects.filter(action="draft.begin").count() == 1

    def test_its_words_begin_at_version_one(self, book: Draft) -> None:
        drafter = client_of(make_user("drafter", name="Dora"))
        paragraph = row(drafter, book, "para_1")
        change = {"version": 1, "text": "Other.", "reason": "Shorter."}
        drafter.patch(f"/api/v1/provisions/{paragraph['id']}/", change)
        made = drafter.post(DRAFTS, {"base": book.pk, "label": "Next"}).json()
        copied = Provision.objects.get(draft=made["id"], key="para_1")
        assert drafter.get(f"/api/v1/provisions/{copied.pk}/").json()["version"] == 1
        (only,) = rows(drafter, f"/api/v1/provisions/{copied.pk}/history/")
        assert (only["after"]["text"], only["before"], only["author"]) == ("Other.", None, "Dora")

    def test_only_drafters_do(self, book: Draft) -> None:
        release_draft(book, actor=make_user("staff"))
        sent = {"base": book.pk, "label": "Next"}
        assert client_of().post(DRAFTS, sent).status_code == 401
        of_this_draft = make_user()
        RoleGrant.objects.create(
            user=of_this_draft, role="drafter", scope_type="draft", scope_id=str(book.pk)
        )
        others = [make_user(role) for role in ("staff", "expert", "coordinator", "participant", "admin")]
        for person in (make_user(), of_this_draft, *others):
            refused = client_of(person).post(DRAFTS, sent)
            assert refused.status_code == 403 and refused.json()["detail"]
        assert Draft.objects.count() == 1

    @pytest.mark.parametrize("base", [999_999, 10**15, 10**30, 0, -1, "x", "", None, [], {}, 1.5, True])
    def test_an_unknown_base_is_told(self, book: Draft, base: Any) -> None:
        answer = client_of(make_user("drafter")).post(DRAFTS, {"base": base, "label": "Next"})
        assert answer.status_code == 400 and list(answer.json()) == ["base"]
        assert Draft.objects.count() == 1

    @pytest.mark.parametrize(
        "label", ["", " ", "x" * 121, "a\x00b", "a\nb", None, [], {}, True, "Second draft", "SECOND DRAFT "]
    )
    def test_a_wrong_label_is_told(self, book: Draft, label: Any) -> None:
        answer = client_of(make_user("drafter")).post(DRAFTS, {"base": book.pk, "label": label})
        assert answer.status_code == 400 and list(answer.json()) == ["label"]
        assert Draft.objects.count() == 1

    @pytest.mark.parametrize("taken", ["Zero draft", "projet zéro"])
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_a_label_is_taken_in_whatever_language(self, taken: str, language: str) -> None:
        draft = make_draft(status="published", label="Zero draft")
        Draft.objects.update(label_fr="Projet zéro")
        answer = client_of(make_user("drafter")).post(
            DRAFTS, {"base": draft.pk, "label": taken}, headers={"Accept-Language": language}
        )
        assert answer.status_code == 400 and list(answer.json()) == ["label"]

    def test_a_label_given_in_french_is_read_in_every_language(self, book: Draft) -> None:
        drafter = client_of(make_user("drafter"))
        sent = {"base": book.pk, "label": "Nouveau"}
        made = drafter.post(DRAFTS, sent, headers={"Accept-Language": "fr"}).json()
        for language in ("fr", "en", "ru"):
            shown = drafter.get(f"{DRAFTS}{made['id']}/", {"language": language}).json()
            assert shown["label"] == "Nouveau"

    def test_a_repeat_returns_the_first(self, book: Draft) -> None:
        drafter, key = client_of(make_user("drafter")), {"Idempotency-Key": str(uuid4())}
        sent = {"base": book.pk, "label": "Next"}
        first, again = (drafter.post(DRAFTS, sent, headers=key) for _ in range(2))
        assert first.status_code == again.status_code == 201 and first.json() == again.json()
        assert Draft.objects.count() == 2
        other = drafter.post(DRAFTS, {**sent, "label": "Else"}, headers=key)
        assert other.status_code == 409 and other.json()["current"] == {"key": key["Idempotency-Key"]}
        malformed = drafter.post(DRAFTS, {**sent, "label": "Else"}, headers={"Idempotency-Key": "x"})
        assert malformed.status_code == 400 and list(malformed.json()) == ["Idempotency-Key"]

    def test_a_refused_one_leaves_the_key_unused(self, book: Draft) -> None:
        drafter, key = client_of(make_user("drafter")), {"Idempotency-Key": str(uuid4())}
        taken = drafter.post(DRAFTS, {"base": book.pk, "label": book.label}, headers=key)
        assert taken.status_code == 400
        assert drafter.post(DRAFTS, {"base": book.pk, "label": "Next"}, headers=key).status_code == 201
