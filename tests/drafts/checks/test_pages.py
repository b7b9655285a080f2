"""The page of findings: who sees it, what it shows, filters, waiving; no query more for more findings."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Job
from drafts.actions.checking import check_draft
from drafts.actions.drafting import revise_provision
from drafts.models import CheckRun, Draft, DraftAccess, ProvisionText, Waiver
from tests.factories import make_draft, make_group, make_provision, make_text, make_user, set_status

pytestmark = pytest.mark.django_db
CANARY = "zebra-crossing"
LONG = "Cities keep a public inventory of the zebra-crossing data that they hold and share it with residents."


@pytest.fixture
def draft() -> Draft:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_2", number="2", text=f"See paragraph 9 today. {LONG}")
    make_provision(draft, "pillar_1", kind="pillar", number="1", pillar=1, heading="Prosperity")
    make_provision(draft, "para_3", number="3", pillar=1, text=LONG.replace("a public", "a full"))
    return draft


@pytest.fixture
def drafter(client: Client) -> Client:
    client.force_login(make_user("drafter", name="Lucas"))
    return client


def address(draft: Draft, rest: str = "") -> str:
    return f"/en/drafting/{draft.guidelines.slug}/{draft.number}/checks/{rest}"


def page(client: Client, draft: Draft, **query: Any) -> str:
    answer = client.get(address(draft), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_findings_with_links_by_chapter_and_pillar(drafter: Client, draft: Draft) -> None:
    html = page(drafter, draft)
    assert "2 findings to look at." in html
    reading = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}"
    assert f'href="{reading}/para_2/?text=en"' in html
    assert '“<bdi lang="en">paragraph 9</bdi>”' in html
    introduction, prosperity = html.split('id="u-chp_1"')[1].split('id="u-pillar_1"')
    assert "A reference to nothing" in introduction
    assert "<del>public</del><ins>full</ins>" in prosperity
    assert f'href="{reading}/para_2/?text=en"' in prosperity  # the other one of the two
    assert "Checked just now" in html


def test_numbers_have_no_language(drafter: Client) -> None:
    draft = make_draft(paragraphs=1)
    make_provision(draft, "para_3", number="3", text="More.")
    assert "It is numbered <bdi>3</bdi>, where <bdi>2</bdi> would follow." in page(drafter, draft)


def test_names_of_languages_stand_each_by_itself(drafter: Client) -> None:
    """Or the Arabic name would turn the signs and names about it."""
    draft = make_draft(paragraphs=9)
    for row in draft.provisions.order_by("position")[1:9]:
        for language in ("ar", "fr"):
            make_text(row, language=language, text="…")
    html = page(drafter, draft, code="empty_translation")
    assert 'has: <bdi lang="ar">العربية</bdi>, <bdi lang="fr">Français</bdi>' in html


def test_every_check_is_explained(drafter: Client, draft: Draft) -> None:
    html = page(drafter, draft).split('id="explained"')[1]
    assert html.count("Why it matters:") >= 12


def test_filters_stand_in_the_address(drafter: Client, draft: Draft) -> None:
    assert page(drafter, draft, severity="error").count('class="finding ') == 1
    assert page(drafter, draft, code="nearly_repeated_sentence").count('class="finding ') == 1
    assert page(drafter, draft, waived="only").count('class="finding ') == 0
    assert page(drafter, draft, language="fr").count('class="finding ') == 0
    for nonsense in ({"page": "x"}, {"page": "99"}, {"severity": "<x>"}, {"waived": "²"}):
        page(drafter, draft, **nonsense)


def test_waiving_by_hand(drafter: Client, draft: Draft) -> None:
    page(drafter, draft)
    fingerprint = draft.findings.get(severity="error").fingerprint
    sent = {"finding": fingerprint, "reason": "It <b>comes</b>.", "back": "waived=all&evil=//x"}
    answer = drafter.post(address(draft, "waive/"), sent)
    assert answer["Location"] == address(draft) + "?waived=all"
    html = page(drafter, draft, waived="all")
    assert "It &lt;b&gt;comes&lt;/b&gt;." in html and "by Lucas" in html
    assert "1 finding to look at." in html and "1 is waived." in html
    drafter.post(address(draft, "take-back/"), {"finding": fingerprint})
    assert not Waiver.objects.exists()
    for gone in ("waive/", "take-back/"):
        answer = drafter.post(address(draft, gone), {"finding": "0" * 64, "reason": "Why."}, follow=True)
        assert "this finding is there no longer" in answer.content.decode()
    answer = drafter.post(address(draft, "waive/"), {"finding": fingerprint, "reason": " "}, follow=True)
    assert "Say why it may stand." in answer.content.decode()


def test_changes_since_the_last_run_are_told_and_checked(drafter: Client, draft: Draft) -> None:
    check_draft(draft.pk)
    CheckRun.objects.update(at=timezone.now() - timezone.timedelta(minutes=2))
    words = ProvisionText.objects.get(provision__draft=draft, provision__key="para_2")
    revise_provision(
        actor=make_user("drafter"), provision=words.provision, language="en", version=1, text="Nothing now."
    )
    html = page(drafter, draft)
    assert "Checked 2 minutes ago" in html
    assert "changes since, being checked" in html
    assert "data-hx-get=" in html
    state = drafter.get(address(draft), HTTP_HX_REQUEST="true")
    assert state.status_code == 286  # ask no more
    assert "Show the findings" in state.content.decode()
    html = page(drafter, draft)
    assert "data-hx-get=" not in html
    assert "Nothing to look at" in html


def test_check_now_is_a_job_of_ones_own(drafter: Client, draft: Draft) -> None:
    page(drafter, draft)
    for _twice in range(2):
        assert drafter.post(address(draft, "run/")).status_code == 302
    job = Job.objects.get()
    html = page(drafter, draft)
    assert "The draft is being checked" in html
    assert drafter.get(address(draft), HTTP_HX_REQUEST="true").status_code == 200
    Job.objects.filter(pk=job.pk).update(state="done")
    assert drafter.get(address(draft), HTTP_HX_REQUEST="true").status_code == 286


@pytest.mark.parametrize(
    ("role", "of_group", "status"),
    [
        *(("drafter", False, 200), ("staff", False, 200), ("expert", True, 403)),
        *(("expert", False, 404), ("participant", False, 404), ("admin", False, 404), (None, False, 302)),
    ],
)
def test_who_sees_them(client: Client, draft: Draft, role: str | None, of_group: bool, status: int) -> None:
    check_draft(draft.pk)
    group = make_group()
    DraftAccess.objects.create(draft=draft, group=group)
    set_status(draft, "circulated")
    if role:
        client.force_login(make_user(role, groups=(group,) if of_group else ()))
    for method, rest in (("get", ""), ("post", "run/"), ("post", "waive/"), ("post", "take-back/")):
        answer = getattr(client, method)(address(draft, rest))
        assert answer.status_code == (302 if status == 200 and method == "post" else status), rest
        assert (CANARY in answer.content.decode()) == (status == 200 and method == "get")


@pytest.mark.parametrize("n", [3, 40])
def test_queries_do_not_grow_with_the_findings(drafter: Client, n: int) -> None:
    draft = make_draft(paragraphs=1)
    for i in range(2, n + 2):
        row = make_provision(draft, f"para_{i}", number=str(i), text=f"See paragraph {i + 200}.")
        make_text(row, language="fr", text="")
    page(drafter, draft)
    with CaptureQueriesContext(connection) as captured:
        page(drafter, draft)
    assert len(captured) <= 15


def test_long_lists_have_pages(drafter: Client) -> None:
    draft = make_draft(paragraphs=1)
    for i in range(2, 105):
        make_provision(draft, f"para_{i}", number=str(i), text=f"See paragraph {i + 200}.")
    html = page(drafter, draft, severity="error")
    assert html.count('class="finding ') == 100
    assert "?severity=error&amp;page=2" in html
    assert page(drafter, draft, severity="error", page="2").count('class="finding ') == 3
