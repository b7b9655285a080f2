"""The trail leads to what its entries are about, by name, for who may see it; second factors are in it."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions.invitations import invite_people
from accounts.actions.people import keep_person
from accounts.models import Organisation
from consultations.actions.discussing import reply_to_comment
from consultations.actions.sending import take_back
from core import audit
from core.models import AuditEntry
from tests.accounts.codes import app_code
from tests.accounts.conftest import PASSWORD, signed_in
from tests.factories import make_comment, make_draft, make_group, make_question, make_round, make_user

pytestmark = pytest.mark.django_db
TRAIL = "/en/people/audit/"


def links(page: str) -> dict[str, str]:
    """The pages to which the table of the trail leads, with their words."""
    table = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return dict(re.findall(r'<a href="([^"]+)"><bdi>([^<]+)</bdi></a>', table))


def test_entries_lead_to_their_subject() -> None:
    person, staff = make_user(name="Ana Ruiz"), make_user("staff", name="Amara")
    draft = make_draft(status="published", paragraphs=1, label="Draft Zero")
    round = make_round(draft, title="The first round")
    comment = make_comment(round, make_user("expert"), provision_key="para_1")
    question = make_question(round, "open", wording="What is missing?")
    provision = draft.provisions.get(key="para_1")
    for subject in (person, draft, draft.guidelines, round, comment, question, provision):
        audit.record("person.keep", subject, actor=staff)
    invite_people(actor=staff, people="ben@example.org, Ben Invited", role="expert")
    found = links(signed_in(staff).get(TRAIL).content.decode())
    at = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/"
    assert found[f"/en/people/{person.pk}/"] == "Ana Ruiz"
    assert "Draft Zero" in found[at] and "1" in found[f"{at}para_1/"]
    assert found[f"/en/guidelines/{draft.guidelines.slug}/"] == draft.guidelines.title
    assert found[f"/en/rounds/{round.pk}/"] == "The first round"
    assert found[f"/en/rounds/{round.pk}/comments/{comment.uuid}/"] == "Comment 1 in “The first round”"
    assert found[f"/en/rounds/{round.pk}/questions/{question.pk}/"] == "What is missing?"
    assert found["/en/account/invitations/"] == "Ben Invited"


def test_what_the_reader_may_not_see_is_not_named() -> None:
    """An administrator reads the trail, but not the drafts and rounds of groups that they aren't in."""
    draft = make_draft(paragraphs=1, label="Embargoed Draft")
    round = make_round(draft, groups=(make_group(),), title="Secret round", visibility="secretariat")
    comment = make_comment(
        round, make_user("staff", groups=(round.audience.get().group,)), provision_key="para_1"
    )
    for subject in (draft, draft.guidelines, round, comment, draft.provisions.get(key="para_1")):
        audit.record("person.keep", subject, actor=None)
    page = signed_in(make_user("admin")).get(TRAIL).content.decode()
    assert "Embargoed Draft" not in page and "Secret round" not in page
    assert f"drafts.draft:{draft.pk}" in page and f"consultations.round:{round.pk}" in page
    seen = signed_in(make_user("staff")).get(TRAIL).content.decode()
    assert "Embargoed Draft" in seen and "Secret round" in seen


def test_a_comment_without_name_is_not_named_beside_its_author_to_an_administrator() -> None:
    """Beside each entry stands who did it; comments by number and address are public."""
    author = make_user("expert", name="Ana Ruiz")
    open_round = make_round(make_draft(status="published", paragraphs=1))
    nameless = make_comment(open_round, author, provision_key="para_1", attribution="anonymous")
    named = make_comment(open_round, author, provision_key="para_1")
    kept = make_comment(
        make_round(make_draft(status="published", paragraphs=1), anonymous=True),
        author,
        provision_key="para_1",
    )
    reply = reply_to_comment(author=author, comment=nameless, body="As I said.")
    draft = take_back(actor=author, comment=nameless, version=nameless.version)
    pages = {f"/en/rounds/{comment.round_id}/comments/{comment.uuid}/" for comment in (nameless, kept)}
    admin, staff = signed_in(make_user("admin")), signed_in(make_user("staff"))
    for address in (TRAIL, f"/en/people/{author.pk}/"):
        page = admin.get(address).content.decode()
        assert f"/comments/{named.uuid}/" in page and "Wrote a reply" in page
        assert not any(path in page for path in pages) and str(draft.uuid) not in page
        assert f"consultations.reply:{reply.pk}" in page
        # The staff see who wrote what (docs/decisions/0009).
        assert all(path in staff.get(address).content.decode() for path in pages)


def test_names_stand_where_ids_are_kept() -> None:
    person, group = make_user(), make_group(name="Group of Friends")
    lab = Organisation.objects.create(kind="academia", name="City Lab", name_en="City Lab")
    round = make_round(make_draft(status="published"), title="The first round")
    for changes in (
        {"organisation": lab.pk},
        {"group": group.slug},
        {"role": "coordinator", "scope": ["round", str(round.pk)]},
        {"organisation": 999_999},
    ):
        audit.record("affiliation.ask", person, actor=person, changes=changes)
    page = signed_in(make_user("staff")).get(TRAIL).content.decode()
    for words in ("City Lab", "Group of Friends", "The first round", "999999"):
        assert f"<bdi>{words}</bdi></small>" in page, words
    # The invitation keeps the group's number.
    invite_people(actor=make_user("staff"), people="a@example.org, A", group=group)
    assert AuditEntry.objects.latest("pk").changes["group"] == group.pk
    page = signed_in(make_user("staff")).get(f"{TRAIL}?action=invitation").content.decode()
    assert "<bdi>Group of Friends</bdi></small>" in page


def test_what_is_gone_is_shown_by_its_number() -> None:
    audit.record("person.keep", make_user(), actor=None)
    AuditEntry.objects.update(subject="consultations.round:987654")
    AuditEntry.objects.create(action="x", subject="consultations.round:no-number")
    page = signed_in(make_user("staff")).get(TRAIL).content.decode()
    assert "consultations.round:987654" in page and "consultations.round:no-number" in page


def test_the_cost_does_not_grow_with_the_entries() -> None:
    client = signed_in(make_user("staff"))
    draft = make_draft(status="published", paragraphs=1)

    def fill() -> None:
        round = make_round(draft)
        comment = make_comment(round, make_user("expert"), provision_key="para_1")
        lab = Organisation.objects.create(kind="academia", name="Lab")
        for subject in (make_user(), round, comment, draft):
            audit.record(
                "person.keep", subject, actor=None, changes={"organisation": lab.pk, "round": round.pk}
            )

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(TRAIL).status_code == 200
        return len(queries)

    fill()
    client.get(TRAIL)
    few = cost()
    for _ in range(3):
        fill()
    assert cost() == few


# --- Second factors -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_turning_a_second_factor_on_and_off_and_new_codes_are_recorded() -> None:
    person = keep_person(email="ana@example.org", name="Ana", roles=["participant"], password=PASSWORD)
    client = Client()
    client.post("/en/account/login/", {"login": person.email, "password": PASSWORD})
    pages = "/en/account/second-factor/"
    shown = client.get(f"{pages}totp/activate/").content.decode()
    secret: Any = re.search(r'class="secret"[^>]*>([A-Z2-7]+)<', shown)
    client.post(f"{pages}totp/activate/", {"code": app_code(secret.group(1))})
    client.post(f"{pages}recovery-codes/generate/")
    client.post(f"{pages}totp/deactivate/")
    assert not Authenticator.objects.filter(user=person, type="totp").exists()
    entries = AuditEntry.objects.filter(action__startswith="second_factor.", actor=person).order_by("pk")
    acts = list(entries.values_list("action", flat=True))
    assert sorted(acts[:2]) == ["second_factor.add", "second_factor.new_codes"]
    assert acts[2:] == ["second_factor.new_codes", "second_factor.remove"]
    assert entries.get(action="second_factor.add").changes == {"factor": "totp"}
    page = signed_in(make_user("staff")).get(f"{TRAIL}?action=second_factor").content.decode()
    assert "Turned a second factor on" in page and "Made new recovery codes" in page
