"""Words under embargo are nowhere: every address of the portal, read by everyone whom they are kept from.

Two canaries: the words of a working draft, and those of a draft circulated to another group. Each address is asked
for both drafts, and every list, search, feed and export as such.
"""

from collections.abc import Iterator
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from core import outbox
from core.models import Job, StoredFile
from drafts.actions.checking import check_draft
from drafts.actions.circulating import circulate_draft, take_back_draft
from drafts.actions.drafting import begin_draft
from drafts.actions.publishing import ask_for_status, decline_request, open_request_of
from drafts.actions.rendering import ask_for_document
from drafts.actions.revising import revise_provision
from drafts.models import Draft, Provision, Rendering
from tests.caches import empty_cache
from tests.factories import make_draft, make_group, make_provision, make_round, make_user

pytestmark = pytest.mark.django_db
WORDS, LABEL, REASON = "zqembargowords", "zqembargolabel", "zqembargoreason"
CANARIES = (WORDS, LABEL, REASON)


@pytest.fixture
def world() -> SimpleNamespace:
    """A public draft, a working one begun from it, and one circulated to a group; all with canaries."""
    drafter, staff = make_user("drafter"), make_user("staff")
    public = make_draft(status="published", paragraphs=2, label="First draft")
    make_round(public)
    reads = make_group(name="Reads")
    circulated = begin_draft(actor=drafter, base=public, label=f"{LABEL} circulated")
    working = begin_draft(actor=drafter, base=circulated, label=f"{LABEL} working")
    for draft in (circulated, working):
        make_provision(draft, "term_zq", kind="term", heading=WORDS, text=WORDS)
        provision = Provision.objects.get(draft=draft, key="para_1")
        revise_provision(
            actor=drafter, provision=provision, language="en", version=1, text=f"{WORDS}.", reason=REASON
        )
        check_draft(draft.pk)
    circulate_draft(actor=drafter, draft=circulated, groups=[reads])
    make_round(circulated, title=LABEL, guidance=WORDS)
    asked = ask_for_status(actor=drafter, draft=working, note=REASON)
    decline_request(actor=staff, request=asked, reason=REASON)
    ask_for_status(actor=staff, draft=circulated, note=REASON)
    return SimpleNamespace(
        public=public,
        working=working,
        circulated=circulated,
        reader=make_user("expert", groups=(reads,)),
        kept_from={
            "anonymous": None,
            "participant": make_user("participant"),
            "member of another group": make_user("expert", groups=(make_group(),)),
            "coordinator": make_user("coordinator"),
            "administrator": make_user("admin"),
        },
    )


def of_draft(draft: Draft, public: Draft) -> Iterator[str]:
    """Every address of one draft."""
    slug, pk = draft.guidelines.slug, draft.pk
    base, n = f"/en/guidelines/{slug}", draft.number
    for rest in ("", "chp_1/", "whole/", "documents/", "history/para_1/", f"changes/{public.number}/"):
        yield f"{base}/{n}/{rest}"
    yield f"{base}/{n}/changes/{public.number}/chp_1/"
    yield f"{base}/{public.number}/changes/{n}/"
    yield f"{base}/{n}/term_zq/"
    for form in ("json", "html", "pdf"):
        yield f"{base}/{n}/documents/en/{form}/"
        yield f"/api/v1/drafts/{pk}/documents/en/{form}/"
    for rest in ("", "edit/", "edit/para_1/", "edit/names.json", "checks/", "begin/"):
        yield f"/en/drafting/{slug}/{n}/{rest}"
    for rest in ("", "provisions/", "terms/", "checks/", "documents/", "lifecycle/"):
        yield f"/api/v1/drafts/{pk}/{rest}"
    yield f"/api/v1/drafts/{pk}/redline/?against={public.pk}"
    yield f"/api/v1/drafts/{public.pk}/redline/?against={pk}"
    for provision in draft.provisions.all():
        yield f"/api/v1/provisions/{provision.pk}/"
        yield f"/api/v1/provisions/{provision.pk}/history/"


def of_all(public: Draft) -> Iterator[str]:
    """Lists, searches, feeds and what is said of the public draft."""
    slug = public.guidelines.slug
    yield from ("/en/", "/en/feed/", "/sitemap.xml", "/robots.txt", "/en/rounds/", "/en/groups/")
    yield from ("/en/drafting/", "/en/my/comments/", "/en/account/", f"/en/guidelines/{slug}/")
    for rest in ("", "chp_1/", "whole/", "documents/", "history/para_1/"):
        yield f"/en/guidelines/{slug}/{public.number}/{rest}"
    yield from (f"/en/guidelines/{slug}/wordings/para_1/", f"/en/guidelines/{slug}/wordings/term_zq/")
    yield from (f"/p/{slug}/para_1/", f"/p/{slug}/term_zq/", f"/en/drafting/{slug}/{public.number}/")
    yield from ("/api/v1/drafts/", "/api/v1/guidelines/", "/api/v1/rounds/", "/api/v1/drafts/?status=working")
    yield from ("/api/v1/drafts/?status=circulated", f"/api/v1/drafts/?guidelines={slug}")
    for round in public.rounds.all():
        for rest in ("", f"comments/?search={WORDS}", f"comments/?q={WORDS}", "figures/"):
            yield f"/en/rounds/{round.pk}/{rest}"
        for rest in ("", "comments/", f"comments/?search={WORDS}", "tallies/?by=provision"):
            yield f"/api/v1/rounds/{round.pk}/{rest}"


def read(person: Any, address: str) -> tuple[int, str]:
    client = Client()
    if person is not None:
        client.force_login(person)
    answer = client.get(address, follow=True)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return answer.status_code, content.decode("utf-8", "replace").lower()


@pytest.mark.parametrize(
    "who", ["anonymous", "participant", "member of another group", "coordinator", "administrator"]
)
def test_no_word_of_it_anywhere(world: SimpleNamespace, who: str) -> None:
    person = world.kept_from[who]
    hidden = [a for draft in (world.working, world.circulated) for a in of_draft(draft, world.public)]
    leaks = {}
    for address in [*of_all(world.public), *hidden]:
        status, page = read(person, address)
        page = page.replace(f"search={WORDS}", "").replace(f'value="{WORDS}"', "").replace(f"q={WORDS}", "")
        if found := [canary for canary in CANARIES if canary in page]:
            leaks[address] = found
        if address in hidden and who != "anonymous":
            assert status in (400, 403, 404), (address, status)
    assert leaks == {}


def test_a_reader_of_one_reads_that_one_only(world: SimpleNamespace) -> None:
    status, page = read(world.reader, f"/en/guidelines/{world.circulated.guidelines.slug}/2/chp_1/")
    assert status == 200 and WORDS in page and "working" not in page.replace("working together", "")
    for address in of_draft(world.working, world.public):
        status, page = read(world.reader, address)
        assert status in (400, 403, 404) and not any(canary in page for canary in CANARIES), address
    wordings = read(world.reader, f"/en/guidelines/{world.public.guidelines.slug}/wordings/para_1/")[1]
    assert f"{LABEL} circulated" in wordings and f"{LABEL} working" not in wordings
    assert REASON not in read(world.reader, f"/en/drafting/{world.public.guidelines.slug}/2/")[1]


def test_those_who_work_on_it_see_it_so_that_the_canaries_sing(world: SimpleNamespace) -> None:
    drafter = make_user("drafter")
    seen = {c for a in of_draft(world.working, world.public) for c in CANARIES if c in read(drafter, a)[1]}
    assert seen == set(CANARIES)


def test_no_mail_carries_words_and_only_readers_and_drafters_learn_its_name(world: SimpleNamespace) -> None:
    outbox.drain()
    allowed = {world.reader.email}
    assert mail.outbox
    for message in mail.outbox:
        told = f"{message.subject} {message.body} {message.alternatives}".lower()  # type: ignore[attr-defined]
        assert WORDS not in told
        for person in world.kept_from.values():
            assert person is None or person.email not in message.to
        if message.to[0] in allowed:
            assert REASON not in told


FORMS = ("pdf", "html", "json")
FORMS_END = tuple(f"/en/{form}/" for form in FORMS)


@pytest.fixture
def shelves(world: SimpleNamespace, settings: Any, tmp_path: Any) -> SimpleNamespace:
    """Every document of every draft, made; of the hidden ones by somebody who works on them."""
    settings.MEDIA_ROOT = tmp_path
    drafter = make_user("drafter")
    for draft in (world.public, world.circulated, world.working):
        for form in FORMS:
            ask_for_document(actor=drafter, draft=draft, language="en", form=form)
    outbox.drain()
    assert StoredFile.objects.count() == Rendering.objects.exclude(file=None).count() == 9
    world.drafter = drafter
    return world


def of_documents(draft: Draft) -> Iterator[str]:
    """Every address under which a document, or word of its making, may be fetched."""
    base = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/documents/"
    yield from (base, f"/api/v1/drafts/{draft.pk}/documents/")
    for form in FORMS:
        yield from (f"{base}en/{form}/", f"/api/v1/drafts/{draft.pk}/documents/en/{form}/")
    for made in draft.renderings.select_related("file", "job"):
        assert made.file is not None and made.job is not None
        yield f"/files/{made.file.uuid}/"
        yield from (f"/en/jobs/{made.job.uuid}/", f"/api/v1/jobs/{made.job.uuid}/")


def printed(person: Any, address: str) -> tuple[int, str]:
    """What a reader of the document reads: of a PDF its words and what it says of itself."""
    empty_cache()  # limits are tested elsewhere
    client = Client()
    if person is not None:
        client.force_login(person)
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if content.startswith(b"%PDF"):
        pdf = PdfReader(BytesIO(content))
        pages = "".join(page.extract_text() for page in pdf.pages)
        return answer.status_code, f"{pages} {pdf.metadata} {pdf.outline}".lower()
    return answer.status_code, content.decode("utf-8", "replace").lower()


def test_no_document_of_it_is_fetched(shelves: SimpleNamespace) -> None:
    for who, person in shelves.kept_from.items():
        for draft in (shelves.circulated, shelves.working):
            for address in of_documents(draft):
                status, page = printed(person, address)
                assert status == 404 or (status in (302, 401) and person is None), (who, address, status)
                assert not any(canary in page for canary in CANARIES), (who, address)
            client = Client()
            if person is not None:
                client.force_login(person)
            path = f"/en/guidelines/{draft.guidelines.slug}/{draft.number}/documents/en/pdf/make/"
            assert client.post(path).status_code == 404, who
    assert Job.objects.count() == 9


def test_the_public_draft_s_documents_carry_none_of_it_and_those_of_hidden_ones_sing(
    shelves: SimpleNamespace,
) -> None:
    for address in of_documents(shelves.public):
        status, page = printed(None, address)
        assert not any(canary in page for canary in CANARIES), address
        assert status == 200 or "/jobs/" in address, address
    for draft in (shelves.circulated, shelves.working):
        for address in of_documents(draft):
            status, page = printed(shelves.drafter, address)
            if address.endswith(FORMS_END) or "/files/" in address:
                assert status == 200 and WORDS in page, address
                assert REASON not in page, address


def test_whoever_read_it_once_fetches_nothing_any_more(shelves: SimpleNamespace) -> None:
    draft, reader = shelves.circulated, shelves.reader
    addresses = list(of_documents(draft))
    files = [address for address in addresses if address.endswith(FORMS_END) or "/files/" in address]
    assert [printed(reader, address)[0] for address in files] == [200] * len(files)
    decline_request(actor=make_user("drafter"), request=open_request_of(draft), reason="No.")
    draft.rounds.all().delete()
    take_back_draft(actor=make_user("staff"), draft=draft)
    for address in addresses:
        status, page = printed(reader, address)
        assert status == 404 and not any(canary in page for canary in CANARIES), address


def test_no_mail_of_a_whole_way_carries_its_words(shelves: SimpleNamespace) -> None:
    """Asked for, declined, given to other groups, commented on, taken back: every mail of it."""
    draft, staff = shelves.circulated, make_user("staff")
    decline_request(actor=shelves.drafter, request=open_request_of(draft), reason="No.")
    other = make_group(name="Other")
    newcomer = make_user("expert", groups=(other,))
    groups = [access.group for access in draft.access.select_related("group")]
    circulate_draft(actor=staff, draft=draft, groups=[*groups, other])
    ask_for_status(actor=staff, draft=draft)
    outbox.drain()
    told = {address for message in mail.outbox for address in message.to}
    assert newcomer.email in told and shelves.reader.email in told
    assert told.isdisjoint(person.email for person in shelves.kept_from.values() if person)
    for message in mail.outbox:
        assert WORDS not in f"{message.subject} {message.body} {message.alternatives}".lower()  # type: ignore[attr-defined]
        assert not message.attachments
