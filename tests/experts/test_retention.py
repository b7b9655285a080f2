"""Papers of those who weren't chosen go when their time is over."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from core.models import AuditEntry, StoredFile
from experts.actions.nominating import apply_for
from experts.models import Call, Nomination
from experts.retention import remove_papers
from tests.experts.nominees import fill, make_paper_call, make_person
from tests.experts.reviewing.world import client_of
from tests.experts.test_nominating import kenya

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def call() -> Call:
    return make_paper_call(letter=False, retention_days=100)


def applied(call: Call, state: str) -> Nomination:
    person = make_person()
    nomination = fill(apply_for(actor=person, call=call, country=kenya()), person)
    Nomination.objects.filter(pk=nomination.pk).update(state=state)
    return nomination


@pytest.mark.parametrize(
    ("state", "gone"),
    [
        *(
            (state, True)
            for state in ("not_selected", "alternate", "ineligible", "withdrawn", "draft", "declined")
        ),
        *((state, False) for state in ("invited", "accepted", "published")),
    ],
)
def test_what_goes_and_what_stays(
    call: Call, state: str, gone: bool, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    nomination = applied(call, state)
    now = timezone.now()
    assert remove_papers(now) == 0  # not announced
    Call.objects.filter(pk=call.pk).update(decided_at=now)
    assert remove_papers(now + timedelta(days=99)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_papers(now + timedelta(days=100)) == gone
        assert remove_papers(now + timedelta(days=101)) == 0
    nomination.refresh_from_db()
    assert nomination.papers.exists() is not gone and StoredFile.objects.exists() is not gone
    assert (nomination.papers_removed_at == now + timedelta(days=100)) is gone
    assert any(path.is_file() for path in tmp_path.rglob("*")) is not gone
    assert AuditEntry.objects.filter(action="nomination.papers_expire").count() == gone


def test_the_nominee_is_told_beforehand_and_afterwards(call: Call) -> None:
    nomination = applied(call, "not_selected")
    client, address = client_of(nomination.nominee), f"/en/nominations/{nomination.uuid}/"
    before = client.get(address).content.decode()
    assert "100 days after the decision is announced" in before
    Call.objects.filter(pk=call.pk).update(decided_at=timezone.now())
    told = client.get(address).content.decode()
    assert "The papers are deleted on" in told
    remove_papers(timezone.now() + timedelta(days=100))
    assert "The papers were deleted on" in client.get(address).content.decode()
