"""People and papers of a call, as tests of nominations need them."""

import io
import zlib
from typing import Any

from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from accounts.models import Affiliation, User
from accounts.queries import consent_text
from experts.actions.papers import add_paper
from experts.actions.submitting import CONSENT, hand_in
from experts.actions.writing import save_words
from experts.models import Call, CallPaper, DeclaredInterest, Nomination
from tests.factories import make_call, make_member_state, make_user

WHOLE: dict[str, Any] = {
    "gender": "woman",
    "workplace": "City of Nairobi",
    "position": "Planner",
    "level_of_government": "local",
    "expertise": ["1", "6", "data_governance"],
    "languages": ["en", "sw"],
    "nationalities": ["KEN"],
    "experience": "Twelve years of planning.",
    "years_of_experience": 12,
    "motivation": "To serve cities.",
    "interests": dict.fromkeys(DeclaredInterest.Topic.values, (False, "")),
}


def make_person(*roles: str, **fields: Any) -> User:
    """Somebody whose address is confirmed."""
    person = make_user(*roles, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    return person


def make_focal_point(country: str = "KEN", *, role: str = "contact") -> User:
    person = make_person("focal_point", country_id=country)
    state = make_member_state(country)
    Affiliation.objects.create(user=person, organisation=state, role=role, confirmed_at=timezone.now())
    return person


def make_paper_call(*, letter: bool = True, **fields: Any) -> Call:
    """A call that asks for a CV of four pages and, mostly, a letter."""
    call = make_call(**fields)
    CallPaper.objects.create(call=call, kind="cv", max_pages=4)
    if letter:
        CallPaper.objects.create(call=call, kind="letter")
    return call


def fill(nomination: Nomination, person: User, *, cv: bool = True) -> Nomination:
    """Say everything that is asked for, by the real actions."""
    nomination.refresh_from_db()
    saved = save_words(actor=person, nomination=nomination, version=nomination.version, changes=WHOLE)
    if cv and nomination.call.papers.filter(kind="cv").exists():
        add_paper(actor=person, nomination=saved, kind="cv", file=pdf())
    saved.refresh_from_db()
    return saved


def handed_in(nomination: Nomination, person: User) -> Nomination:
    return hand_in(
        actor=person,
        nomination=nomination,
        version=Nomination.objects.get(pk=nomination.pk).version,
        consent=consent_text(1, "en", CONSENT),
        declared=True,
    )


def pdf(pages: int = 1, *, name: str = "cv.pdf", **traits: Any) -> SimpleUploadedFile:
    """A PDF; ``script``, ``attachment``, ``password``: what it holds beside blank pages; ``opening``:
    the kind of action that runs when it is opened; ``link``: that of a link on its page."""
    writer = PdfWriter()
    for _number in range(pages):
        writer.add_blank_page(width=200, height=200)
    if traits.get("script"):
        script = {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
        writer.root_object[NameObject("/OpenAction")] = DictionaryObject(script)
    if kind := traits.get("opening"):
        writer.root_object[NameObject("/OpenAction")] = _action(kind)
    if kind := traits.get("link"):
        place = ArrayObject([NumberObject(0)] * 4)
        link = {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): _action(kind)}
        link |= {NameObject("/Type"): NameObject("/Annot"), NameObject("/Rect"): place}
        writer.pages[0][NameObject("/Annots")] = ArrayObject([DictionaryObject(link)])
    if traits.get("attachment"):
        writer.add_attachment("a.txt", b"hello")
    if traits.get("password"):
        writer.encrypt("secret")
    stream = io.BytesIO()
    writer.write(stream)
    return SimpleUploadedFile(name, stream.getvalue(), content_type="application/pdf")


def _action(kind: str) -> DictionaryObject:
    there = TextStringObject(r"\\elsewhere.example\share\a.pdf")
    return DictionaryObject(
        {NameObject("/S"): NameObject(f"/{kind}"), NameObject("/F"): there, NameObject("/URI"): there}
    )


def bomb() -> SimpleUploadedFile:
    """A PDF whose object stream unpacks to far more than a reader may use."""
    packed = _packed(900_000_000)
    head = b"%PDF-1.5\n"
    body = b"1 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    body += packed + b"\nendstream\nendobj\n"
    xref = len(head) + len(body)
    index = bytes([1, 0, 0, 0, 9, 0]) + bytes([2, 0, 0, 0, 1, 0])
    table = b"3 0 obj\n<</Type/XRef/Size 3/Index[1 2]/W[1 4 1]/Root 2 0 R/Length %d>>\nstream\n" % len(index)
    tail = b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % xref
    return SimpleUploadedFile("cv.pdf", head + body + table + index + tail, content_type="application/pdf")


def _packed(size: int) -> bytes:
    packer, parts = zlib.compressobj(9), []
    for _step in range(size // 10_000_000):
        parts.append(packer.compress(b" " * 10_000_000))
    return b"".join([*parts, packer.flush()])
