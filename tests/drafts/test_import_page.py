"""Importing through the page: look first, then save."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.models import StoredFile
from drafts.models import Draft, Guidelines
from tests.drafts.test_importing import TEXT
from tests.factories import make_draft, make_user

pytestmark = pytest.mark.django_db
PATH = "/en/drafts/import/"
ARABIC = """---
title: مبادئ صغيرة
language: ar
---
# أولا. مقدمة

1. تستخدم المدن البيانات بعناية واحترام للناس.

2. وتنشر ما تتعلمه منها.
"""


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff() -> Client:
    return signed_in(make_user("staff"))


def form(content: str | bytes = TEXT, name: str = "draft.md", **fields: Any) -> dict[str, Any]:
    raw = content.encode() if isinstance(content, str) else content
    return {
        "file": SimpleUploadedFile(name, raw),
        "guidelines": "smart-cities",
        "title": "Smart cities",
        "label": "First draft",
        "language": "en",
        "status": "working",
        **fields,
    }


def test_only_the_secretariat_and_drafters_import() -> None:
    assert Client().get(PATH).status_code == 302
    assert Client().post(PATH, form()).status_code == 302
    expert = signed_in(make_user("expert"))
    assert expert.get(PATH).status_code == 403
    assert expert.post(PATH, form()).status_code == 403
    for role in ("staff", "drafter"):
        assert signed_in(make_user(role)).get(PATH).status_code == 200
    assert not Draft.objects.exists() and not StoredFile.objects.exists()


def test_nothing_is_saved_before_it_was_looked_at(staff: Client) -> None:
    response = staff.post(PATH, form())
    assert response.status_code == 200
    page = response.content.decode()
    assert '<th scope="row">Principle</th><td class="number">1</td>' in page
    characters = response.context["report"]["characters"]
    assert characters["read"] == characters["placed"] + characters["furniture"]
    assert f'<td class="number">{characters["read"]}</td>' in page
    assert "Cities use data with care." in page
    assert not Draft.objects.exists() and not Guidelines.objects.exists()
    confirm = f"{PATH}{response.context['kept'].uuid}/"
    assert "Cities use data with care." in staff.get(confirm).content.decode()
    saved = staff.post(confirm)
    assert saved["Location"] == "/en/guidelines/smart-cities/0/"
    draft = Draft.objects.get()
    assert (draft.label, draft.status, draft.guidelines.title) == ("First draft", "working", "Smart cities")
    assert "Introduction" in staff.get(saved["Location"]).content.decode()


def test_confirming_twice_imports_once(staff: Client) -> None:
    confirm = f"{PATH}{staff.post(PATH, form()).context['kept'].uuid}/"
    assert staff.post(confirm).status_code == 302
    again = staff.post(confirm, follow=True)
    assert "This import was finished" in again.content.decode()
    assert Draft.objects.count() == 1


def test_another_s_upload_is_not_there_for_others(staff: Client) -> None:
    confirm = f"{PATH}{staff.post(PATH, form()).context['kept'].uuid}/"
    assert signed_in(make_user("staff")).post(confirm).status_code == 404
    assert signed_in(make_user("expert")).post(confirm).status_code == 403
    assert Client().post(confirm).status_code == 302
    assert not Draft.objects.exists()


def test_a_label_taken_between_looking_and_saving_is_told(staff: Client) -> None:
    confirm = f"{PATH}{staff.post(PATH, form()).context['kept'].uuid}/"
    make_draft(guidelines=Guidelines.objects.create(slug="smart-cities", title="X"), label="First draft")
    response = staff.post(confirm, follow=True)
    assert response.redirect_chain[-1][0] == PATH
    assert "First draft" in response.content.decode()
    assert Draft.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [(b"", "draft.md"), (b"\x00\x01\x02\xff" * 50, "draft.txt"), ("No structure at all.", "draft.txt")],
)
def test_a_file_that_is_no_draft_gets_one_clear_line(staff: Client, content: Any, name: str) -> None:
    response = staff.post(PATH, form(content, name))
    assert response.status_code == 400
    assert len(response.context["form"].errors["file"]) == 1
    assert "First draft" in response.content.decode()
    assert not StoredFile.objects.exists() and not Draft.objects.exists()


def test_an_existing_label_is_refused_beside_its_field(staff: Client) -> None:
    make_draft(guidelines=Guidelines.objects.create(slug="smart-cities", title="X"), label="First draft")
    response = staff.post(PATH, form())
    assert response.status_code == 400
    assert "label" in response.context["form"].errors
    assert Draft.objects.count() == 1


def test_a_preview_in_arabic_runs_right_to_left(staff: Client) -> None:
    response = staff.post(PATH, form(ARABIC, language="ar"))
    assert response.status_code == 200, response.context["form"].errors
    assert 'lang="ar" dir="rtl"' in response.content.decode()


@pytest.mark.parametrize(
    ("language", "warning"),
    [
        ("en", "Paragraph 3 follows paragraph 1: a number is missing."),
        ("fr", "Le paragraphe 3 suit le paragraphe 1"),
        ("zh-hans", "第3段紧接第1段"),
    ],
)
def test_a_preview_tells_its_doubts_in_the_language_of_the_page(
    staff: Client, language: str, warning: str
) -> None:
    text = "# I. Introduction\n\n1. Cities use data with care.\n\n3. They publish what they learn.\n"
    path = f"/{language}/drafts/import/"
    response = staff.post(path, form(text))
    page = response.content.decode()
    assert warning in page
    assert '<td lang="en">' not in page
    assert warning in staff.get(f"{path}{response.context['kept'].uuid}/").content.decode()


@pytest.mark.parametrize(("language", "refusal"), [("fr", "draft.md est vide"), ("ru", "draft.md пуст")])
def test_a_file_is_refused_in_the_language_of_the_page(staff: Client, language: str, refusal: str) -> None:
    response = staff.post(f"/{language}/drafts/import/", form(" \n"))
    assert response.status_code == 400
    assert refusal in str(response.context["form"].errors["file"])
