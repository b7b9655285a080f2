"""Documents are made once for the same words, begun anew where they failed, and let go when superseded."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from core import files, outbox
from core.models import AuditEntry, Job, StoredFile
from core.verdicts import Refusal
from drafts.actions import rendering
from drafts.actions.editions import release_draft
from drafts.actions.rendering import ask_for_document, is_made, remove_superseded
from drafts.models import Draft, ProvisionText, Rendering
from tests.factories import make_draft, make_user

NOBODY = AnonymousUser()


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def ask(draft: Draft, actor: Any = NOBODY, form: str = "json") -> Rendering:
    return ask_for_document(actor=actor, draft=draft, language="en", form=form)


def made(draft: Draft, actor: Any = NOBODY, form: str = "json") -> Rendering:
    found = ask(draft, actor, form)
    outbox.drain()
    found.refresh_from_db()
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["pdf", "html", "json"])
def test_a_second_request_finds_the_kept_file(form: str) -> None:
    draft = make_draft(status="published", paragraphs=2)
    first = made(draft, form=form)
    assert is_made(first) and first.file is not None and first.file.name.endswith(f".{form}")
    assert first.job is not None and first.job.state == "done" and first.job.done == first.job.total
    assert first.job.owner is None and first.file.owner is None, "nobody's erasure takes it away"
    assert ask(draft, make_user("staff"), form) == first
    assert Job.objects.count() == StoredFile.objects.count() == 1
    assert AuditEntry.objects.filter(action="draft.make_document").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_the_same_moment_make_one_document() -> None:
    draft = make_draft(status="published", paragraphs=2)

    def one(_n: int) -> int:
        try:
            return ask(draft).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(one, range(6)))) == 1
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_failed_document_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = make_draft(status="published", paragraphs=1)
    with monkeypatch.context() as broken:
        broken.setattr(rendering, "make_html", lambda *args: 1 / 0)
        failed = made(draft, form="html")
    assert failed.job is not None and failed.job.state == "failed" and not is_made(failed)
    again = made(draft, form="html")
    assert again == failed and is_made(again) and Job.objects.count() == 2


@pytest.mark.django_db
def test_a_lost_job_and_a_lost_file_are_begun_anew() -> None:
    draft = make_draft(status="published", paragraphs=1)
    asked = ask(draft)
    lost = timezone.now() - rendering.LOST_AFTER - timedelta(minutes=1)
    Job.objects.update(created_at=lost)
    again = ask(draft)
    assert again == asked and again.job_id != asked.job_id
    outbox.drain()
    assert StoredFile.objects.count() == 1, "the first job finds that the work is another's"
    again.refresh_from_db()
    assert again.file is not None
    files._place(again.file.uuid).unlink()
    assert is_made(made(draft)) and Job.objects.count() == 3


@pytest.mark.django_db
def test_other_words_another_title_and_another_status_make_another_document() -> None:
    drafter, draft = make_user("drafter"), make_draft(paragraphs=1)
    seen = {ask(draft, drafter, "html").made_of}
    ProvisionText.objects.filter(provision__key="para_1").update(text="Other words.")
    seen.add(ask(draft, drafter, "html").made_of)
    draft.guidelines.title = draft.guidelines.title_en = "Another title"
    draft.guidelines.save()
    seen.add(ask(draft, drafter, "html").made_of)
    release_draft(draft, actor=drafter)
    seen.add(ask(draft, drafter, "html").made_of)
    assert len(seen) == 4
    hashes = Rendering.objects.values_list("content_sha256", flat=True)
    assert len(set(hashes)) == 2 and draft.editions.get().sha256 in hashes


@pytest.mark.django_db
def test_words_that_changed_before_the_work_began_are_those_that_are_made() -> None:
    drafter, draft = make_user("drafter"), make_draft(paragraphs=1)
    asked = ask(draft, drafter)
    ProvisionText.objects.filter(provision__key="para_1").update(text="Changed since.")
    outbox.drain()
    now = ask(draft, drafter)
    assert now == asked and is_made(now) and now.made_of != asked.made_of
    assert now.file is not None
    with files.open_file(now.file) as content:
        assert "Changed since." in content.read().decode()


@pytest.mark.django_db
def test_the_json_of_a_released_language_has_its_hash() -> None:
    draft = make_draft(paragraphs=2)
    release_draft(draft, actor=make_user("staff"))
    file = made(draft).file
    assert file is not None and file.sha256 == draft.editions.get(language="en").sha256


@pytest.mark.django_db
def test_who_may_not_read_the_draft_has_nothing_made() -> None:
    draft = make_draft(paragraphs=1)
    for person in (NOBODY, make_user("participant"), make_user("expert")):
        with pytest.raises(Refusal):
            ask(draft, person)
    public = make_draft(status="published", paragraphs=1)
    for language, form in (("fr", "pdf"), ("en", "docx")):
        with pytest.raises(ValidationError):
            ask_for_document(actor=NOBODY, draft=public, language=language, form=form)
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_week_later_documents_of_earlier_words_are_gone_and_present_ones_kept() -> None:
    drafter, draft, public = make_user("drafter"), make_draft(paragraphs=1), make_draft(status="published")
    kept, old = made(public), made(draft, drafter)
    ProvisionText.objects.filter(provision__key="para_1").update(text="Other words.")
    present = made(draft, drafter)
    now = timezone.now()
    assert remove_superseded(now + timedelta(days=6)) == 0
    assert remove_superseded(now + timedelta(days=8)) == 1
    assert set(Rendering.objects.all()) == {kept, present}
    assert StoredFile.objects.count() == 2 and old.file_id not in StoredFile.objects.values_list(
        "pk", flat=True
    )
