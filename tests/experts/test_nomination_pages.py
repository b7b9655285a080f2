"""Writing a nomination in the browser: kept as it is typed, two windows, the checklist, handing in."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from experts.actions.nominating import apply_for
from experts.models import Nomination
from tests.experts.nominees import fill, make_paper_call, make_person
from tests.experts.test_nominating import kenya

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_two_windows_lose_nothing_and_the_checklist_leads_to_handing_in() -> None:
    person = make_person()
    nomination = apply_for(actor=person, call=make_paper_call(letter=False), country=kenya())
    client, at = Client(), f"/en/nominations/{nomination.uuid}/"
    client.force_login(person)
    typed = {"version": "1", "name": person.name, "motivation": "First window.", "years_of_experience": "x"}
    kept = client.post(f"{at}keep/", typed)
    assert kept.status_code == 200 and kept.json() == {"version": 2, "wrong": ["years_of_experience"]}
    assert client.post(f"{at}keep/", {**typed, "motivation": "Second window."}).status_code == 409
    page = client.post(f"{at}edit/", {"version": "1", "name": person.name, "motivation": "Second window."})
    shown = page.content.decode()
    assert page.status_code == 409 and "First window." in shown and "Second window." in shown
    assert 'name="version" value="2"' in shown
    nomination.refresh_from_db()
    assert nomination.motivation == "First window."
    missing = client.get(f"{at}hand-in/").content.decode()
    assert f"{at}edit/#id_expertise" in missing and "Curriculum vitae" in missing
    nomination = fill(Nomination.objects.get(), person)
    page = client.get(f"{at}hand-in/")
    assert "Everything is there." in page.content.decode() and page.context["text"].kind == "nomination"
    sent = {"version": nomination.version, "consent": page.context["text"].pk, "declared": "on"}
    assert client.post(f"{at}hand-in/", {**sent, "consent": ""}).status_code == 400
    assert client.post(f"{at}hand-in/", sent)["Location"] == at
    nomination.refresh_from_db()
    assert (
        nomination.state == "awaiting_endorsement" and nomination.receipt in client.get(at).content.decode()
    )
