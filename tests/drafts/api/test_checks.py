"""What the checks find, as programs read it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from drafts.actions.checking import waive_finding
from drafts.actions.drafting import revise_provision
from drafts.models import CheckRun, Draft, ProvisionText
from tests.factories import make_draft, make_provision, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft() -> Draft:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_2", number="2", text="See paragraph 9.")
    make_provision(draft, "para_3", number="4", text="More.")
    return draft


def get(draft: Draft, *roles: str, **query: Any) -> Any:
    client = APIClient()
    if roles:
        client.force_authenticate(make_user(*roles))
    return client.get(f"/api/v1/drafts/{draft.pk}/checks/", query)


def test_findings_of_the_draft_as_it_stands(draft: Draft) -> None:
    answer = get(draft, "drafter").json()
    assert answer["count"] == 2
    first = answer["results"][0]
    assert {name: first[name] for name in ("code", "severity", "key", "language", "others", "waiver")} == {
        "code": "reference_to_nothing",
        "severity": "error",
        "key": "para_2",
        "language": "en",
        "others": [],
        "waiver": None,
    }
    assert "“paragraph 9”" in first["message"]
    words = ProvisionText.objects.get(provision__draft=draft, provision__key="para_2")
    revise_provision(
        actor=make_user("drafter"), provision=words.provision, language="en", version=1, text="See nothing."
    )
    assert [row["code"] for row in get(draft, "staff").json()["results"]] == ["numbering_gap"]


def test_filters(draft: Draft) -> None:
    assert get(draft, "staff", code="numbering_gap").json()["count"] == 1
    assert get(draft, "staff", severity="note").json()["count"] == 0
    finding = draft.findings.get(code="numbering_gap")
    staff = make_user("staff", name="Amina")
    waive_finding(actor=staff, draft=draft, fingerprint=finding.fingerprint, reason="On purpose.")
    assert get(draft, "staff").json()["count"] == 1
    [only] = get(draft, "staff", waived="only").json()["results"]
    assert (only["waiver"]["reason"], only["waiver"]["by"]) == ("On purpose.", "Amina")
    assert get(draft, "staff", waived="all").json()["count"] == 2
    for query in ({"severity": "x"}, {"waived": "x"}, {"language": "xx"}):
        assert get(draft, "staff", **query).status_code == 400


def test_who_may_ask(draft: Draft) -> None:
    for roles in ((), ("expert",), ("participant",), ("admin",)):
        answer = get(draft, *roles)
        assert answer.status_code == 404
        assert "paragraph 9" not in answer.content.decode()
    Draft.objects.filter(pk=draft.pk).update(status="published", published_at="2026-01-01T00:00Z")
    assert get(draft).status_code in (401, 403)
    for role in ("expert", "participant", "admin"):
        answer = get(draft, role)
        assert answer.status_code == 403
        assert "Only drafters and the secretariat" in answer.json()["detail"]
    assert get(draft, "drafter").status_code == 200
    assert not CheckRun.objects.exclude(draft=draft).exists()


def test_queries_do_not_grow_with_the_findings() -> None:
    counts = []
    for n in (2, 30):
        draft = make_draft(paragraphs=1)
        for i in range(2, n + 2):
            make_provision(draft, f"para_{i}", number=str(i), text=f"See paragraph {i + 200}.")
        get(draft, "drafter")
        with CaptureQueriesContext(connection) as captured:
            get(draft, "drafter", page_size=500)
        counts.append(len(captured))
    assert counts[0] == counts[1]
