"""A role granted for one draft reaches that draft and no other, whatever is asked and however."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from accounts.models import Group, RoleGrant
from consultations.models import Round
from core.models import AuditEntry, Job
from drafts.actions.checking import check_draft
from drafts.models import (
    CheckRun,
    Draft,
    DraftAccess,
    Finding,
    Presence,
    Provision,
    ProvisionText,
    Rendering,
    Revision,
    StatusRequest,
    StructureChange,
    Waiver,
    WorkInProgress,
)
from tests.caches import empty_cache
from tests.factories import make_draft, make_group, make_provision, make_text, make_user, set_status

pytestmark = pytest.mark.django_db
CANARY = "zqembargowords"
NOW = "now"  # the structure's version when it is sent
STATES = ("working", "circulated", "published")


@dataclass(frozen=True)
class Asked:
    """A request that is right in itself. ``who``: the roles that may; of an open draft everybody may ``read``."""

    name: str
    method: str
    address: str
    sent: dict[str, Any] = field(default_factory=dict)
    who: tuple[str, ...] = ("drafter", "staff")
    reads: bool = False


def requests_for(draft: Draft, group: Group) -> Iterator[Asked]:
    """Every address of a draft, with what a form or a program would send there."""
    slug, n, both = draft.guidelines.slug, draft.number, ("drafter", "staff")
    page, desk = f"/en/guidelines/{slug}/{n}/", f"/en/drafting/{slug}/{n}/"
    for rest in ("", "chp_1/", "whole/", "documents/", "history/para_1/", "documents/en/json/"):
        yield Asked(f"page {rest}", "GET", page + rest, reads=True)
    yield Asked("make a document", "POST", f"{page}documents/en/json/make/", reads=True)
    said = {"text": "Other words.", "heading": "", "version": 1}
    move = {"structure_version": NOW, "reason": "Why."}
    for rest in ("edit/", "edit/para_1/", "edit/para_2/add/", "edit/para_2/split/", "edit/names.json"):
        yield Asked(f"workspace {rest}", "GET", desk + rest, who=("drafter",))
    for rest, sent in {
        "edit/para_1/work/": said,
        "edit/para_1/here/": {},
        "edit/para_1/": said,
        "edit/para_1/restore/": {"revision": 1, "version": 2},
        "edit/para_2/add/": {**move, "kind": "paragraph:behind", "text": "New."},
        "edit/para_2/split/": {**move, "version": 1, "at": 6},
        "edit/para_2/act/": {**move, "act": "remove"},
        "edit/take-back/2/": {"structure_version": NOW},
    }.items():
        yield Asked(f"workspace {rest}", "POST", desk + rest, sent, who=("drafter",))
    for rest in ("", "translate/", "translate/fr/", "translate/fr/para_3/", "checks/"):
        yield Asked(f"desk {rest}", "GET", desk + rest)
    words = {"text": "Mots.", "heading": "", "version": 0, "source_version": 1}
    seen = {"version": 1, "source_version": 1}
    for rest, sent in {
        "translate/fr/para_3/work/": words,
        "translate/fr/para_3/here/": {},
        "translate/fr/para_3/": words,
        "translate/fr/term_1/act/": {**seen, "act": "approve"},
        "checks/run/": {},
        "checks/waive/": {"finding": "f" * 64, "reason": "So be it."},
        "checks/take-back/": {"finding": "f" * 64},
    }.items():
        yield Asked(f"desk {rest}", "POST", desk + rest, sent)
    api, provision = f"/api/v1/drafts/{draft.pk}/", draft.provisions.get(key="para_3")
    for rest in ("", "provisions/", "terms/", "documents/"):
        yield Asked(f"API {rest}", "GET", api + rest, reads=True)
    yield Asked("API documents", "POST", f"{api}documents/", {"language": "en", "format": "json"}, reads=True)
    for rest in ("checks/", "lifecycle/"):
        yield Asked(f"API {rest}", "GET", api + rest)
    for rest in ("", "history/"):
        yield Asked(f"API provision {rest}", "GET", f"/api/v1/provisions/{provision.pk}/{rest}", reads=True)
    one = f"/api/v1/provisions/{provision.pk}/"
    yield Asked("API words", "PATCH", one, {"version": 1, "text": "Other words."}, who=("drafter",))
    yield Asked("API translation", "PATCH", one, {**words, "language": "es"})
    # The draft's way, back and forth, and at last where nothing more is to be changed.
    acts: list[tuple[str, dict[str, Any]]] = [
        ("circulate", {"circulate-groups": [group.slug]}),
        ("take_back", {}),
        ("publish", {"publish-note": "Now."}),
        ("withdraw", {}),
    ]
    for name, sent in acts:
        yield Asked(f"act {name}", "POST", f"{desk}act/", {"act": name, **sent}, who=both)
    yield Asked("API circulate", "POST", f"{api}circulate/", {"groups": [group.slug]})
    yield Asked("API take-back", "POST", f"{api}take-back/")
    yield Asked("API publish", "POST", f"{api}publish/")
    yield Asked("API withdraw", "POST", f"{api}withdraw/")


def send(client: Client, asked: Asked) -> Any:
    empty_cache()  # limits are tested elsewhere
    kind = {"content_type": "application/json"} if asked.address.startswith("/api/") else {}
    if asked.method == "GET":
        return client.get(asked.address)
    sent = dict(asked.sent)
    if sent.get("structure_version") == NOW:
        slug, number = asked.address.split("/")[3:5]
        draft = Draft.objects.get(guidelines__slug=slug, number=number)
        sent["structure_version"] = draft.structure_version
    call = {"POST": client.post, "PATCH": client.patch}[asked.method]
    return call(asked.address, sent, **kind)  # type: ignore[operator]


def filled(group: Group, **fields: Any) -> Draft:
    """A draft with words, a translation, a finding, and the act that ``take-back/2/`` is about."""
    draft = make_draft(paragraphs=3, **fields)
    make_provision(draft, "term_1", kind="term", heading="City", text=f"Streets. {CANARY}.")
    ProvisionText.objects.filter(provision__draft=draft, provision__key="para_2").update(
        text=f"First. Second {CANARY}."
    )
    term = draft.provisions.get(key="term_1")
    make_text(term, language="fr", heading="Ville", text="Rues.", state="in_work", translated_from_version=1)
    check_draft(draft.pk)
    Finding.objects.create(draft=draft, code="names", severity="note", fingerprint="f" * 64)
    DraftAccess.objects.create(draft=draft, group=group)
    return draft


def person_of(draft: Draft, role: str) -> Any:
    person = make_user()
    RoleGrant.objects.create(user=person, role=role, scope_type="draft", scope_id=str(draft.pk))
    return person


def everything_written(but: Any) -> list[Any]:
    """Whatever is kept of drafts, and what ``but`` was noted to have done."""
    models = (
        *(CheckRun, Draft, DraftAccess, Finding, Presence, Provision, ProvisionText, Revision, Round),
        *(StatusRequest, StructureChange, Waiver, WorkInProgress),
    )
    kept: list[Any] = [list(model._base_manager.order_by("pk").values()) for model in models]
    return [*kept, list(AuditEntry.objects.filter(actor=but).exclude(action="draft.make_document").values())]


@pytest.fixture
def group() -> Group:
    return make_group()


@pytest.fixture(autouse=True)
def _files_of_the_test(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("role", ["drafter", "staff"])
def test_what_is_asked_is_right_for_the_draft_of_the_role(role: str, group: Group, client: Client) -> None:
    """Or the refusals below would say nothing."""
    draft = filled(group)
    client.force_login(person_of(draft, role))
    for asked in requests_for(draft, group):
        answer = send(client, asked)
        if role in asked.who or asked.reads:
            assert answer.status_code < 400, (asked, answer.status_code)
        else:
            assert answer.status_code == 403, (asked, answer.status_code)


@pytest.mark.parametrize("same", [True, False], ids=["same guidelines", "other guidelines"])
@pytest.mark.parametrize("status", STATES)
@pytest.mark.parametrize("role", ["drafter", "staff"])
def test_a_role_of_one_draft_does_nothing_in_another(
    role: str, status: str, same: bool, group: Group, client: Client
) -> None:
    mine = make_draft(paragraphs=1)
    other = filled(group, **({"guidelines": mine.guidelines} if same else {}))
    set_status(other, status)
    person = person_of(mine, role)
    client.force_login(person)
    asked_for = list(requests_for(other, group))
    before = everything_written(person)
    for asked in asked_for:
        answer = send(client, asked)
        page = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if status != "published":
            assert answer.status_code == 404 and CANARY.encode() not in page, (asked, answer.status_code)
        elif asked.reads:
            assert answer.status_code in (200, 202, 302), (asked, answer.status_code)
        else:
            assert answer.status_code in (403, 404), (asked, answer.status_code)
    assert everything_written(person) == before
    assert status == "published" or not Rendering.objects.exists() and not Job.objects.exists()


@pytest.mark.parametrize("role", ["drafter", "staff"])
def test_nor_does_it_begin_import_or_ask_about_drafts(role: str, group: Group, client: Client) -> None:
    mine, other = make_draft(paragraphs=1), filled(group)
    person = person_of(mine, role)
    client.force_login(person)
    before = everything_written(person)
    slug, as_json = other.guidelines.slug, {"content_type": "application/json"}
    acts: list[tuple[int, Callable[[], Any]]] = [
        (404, lambda: client.post(f"/en/drafting/{slug}/{other.number}/begin/", {"label": "Mine"})),
        (403, lambda: client.post("/api/v1/drafts/", {"base": other.pk, "label": "Mine"}, **as_json)),
        (403, lambda: client.post("/api/v1/drafts/", {"base": mine.pk, "label": "Mine"}, **as_json)),
        (403, lambda: client.get("/en/drafts/import/")),
        (403, lambda: client.post("/en/drafts/import/", {})),
        (403, lambda: client.get("/en/rounds/new/")),
        (403, lambda: client.post("/api/v1/rounds/", {"draft": other.pk}, **as_json)),
    ]
    for status, act in acts:
        assert act().status_code == status
    assert everything_written(person) == before
    overview = client.get("/en/drafting/").content.decode()
    assert other.label not in overview and mine.label in overview
    listed = [each["id"] for each in client.get("/api/v1/drafts/").json()["results"]]
    assert listed == [mine.pk]


@pytest.mark.parametrize("scope", ["round", "guidelines"])
def test_a_number_counts_within_its_kind_only(scope: str, group: Group, client: Client) -> None:
    """A round's or anything else's number that is also the draft's opens nothing."""
    draft = filled(group)
    person = make_user()
    RoleGrant.objects.create(user=person, role="drafter", scope_type=scope, scope_id=str(draft.pk))
    client.force_login(person)
    before = everything_written(person)
    for asked in requests_for(draft, group):
        assert send(client, asked).status_code == 404, asked
    assert everything_written(person) == before
