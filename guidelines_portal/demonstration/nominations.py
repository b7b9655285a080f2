"""Nominations in bulk: the same rows as the actions leave, with their moves, papers, receipts and audit trail."""

import random
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from accounts.models import ConsentText, Country, User
from core import files
from core.media_types import PDF
from core.models import AuditEntry, subject_of
from experts.actions.papers import PURPOSE
from experts.models import (
    Call,
    CallPaper,
    DeclaredInterest,
    Nomination,
    NominationAnswer,
    NominationMove,
    NominationPaper,
    NominationTrait,
    Referee,
)
from experts.pdf_papers import MAX_BYTES
from experts.receipts import receipt_of
from guidelines_portal.demonstration.nominees import Profile
from guidelines_portal.demonstration.pdf import pdf_of

S, Way = Nomination.State, Nomination.Way
UNTOLD = frozenset({S.DRAFT, S.AWAITING_NOMINEE})


@dataclass
class Plan:
    """One nomination to be written: who, how it began, and how far it came. ``reason``: why it isn't eligible, or was
    withdrawn. ``referee``: the name and address of somebody who speaks for the nominee."""

    profile: Profile
    way: str
    state: str
    reason: str = ""
    referee: tuple[str, str] = ("", "")
    number: int | None = None
    begun: datetime | None = None
    until: datetime | None = None


@dataclass
class Writer:
    """Writes plans into a call. ``contacts``: the focal points by country; ``nominees``: accounts by address."""

    call: Call
    staff: User
    contacts: Mapping[str, User]
    nominees: Mapping[str, User]
    screened: datetime | None = None
    moves: list[NominationMove] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(f"nominations of {self.call.title}")  # noqa: S311 a story, no secret
        self.consents = {
            text.language: text for text in ConsentText.objects.filter(kind="nomination", version=1)
        }
        self.questions = list(self.call.questions.all())
        self.asked = {paper.kind for paper in self.call.papers.all()}
        self.countries = dict(Country.objects.values_list("pk", "name_en"))

    def write(self, plans: Sequence[Plan]) -> list[Nomination]:
        """Write them all; in the order of ``plans``."""
        rows = Nomination.objects.bulk_create([self._row(plan) for plan in plans])
        for plan, row in zip(plans, rows, strict=True):
            self._tell_its_story(plan, row)
        Nomination.objects.bulk_update(rows, [*_TIMES, *_PEOPLE, "consent_text", "version"])
        self._write_parts(plans, rows)
        for plan, row in zip(plans, rows, strict=True):
            self._keep_papers(plan, row)
        self._give_receipts(rows)
        NominationMove.objects.bulk_create(sorted(self.moves, key=lambda move: move.at))
        AuditEntry.objects.bulk_create(sorted(self.audit, key=lambda entry: entry.at))
        return rows

    def _row(self, plan: Plan) -> Nomination:
        person = plan.profile
        applicant = plan.way == Way.APPLIED or (plan.way == Way.NOMINATED and plan.state not in UNTOLD)
        whole = plan.state not in UNTOLD
        return Nomination(
            uuid=uuid.uuid5(uuid.NAMESPACE_URL, f"{self.call.title}/{person.country}/{person.email}"),
            call=self.call,
            way=plan.way,
            state=plan.state,
            country_id=person.country,
            nominee=self.nominees.get(person.email) if applicant else None,
            email=person.email,
            language=person.language,
            name=person.name,
            gender=person.gender,
            workplace=person.workplace,
            position=person.position,
            level_of_government=person.level,
            experience=person.experience if whole else "",
            years_of_experience=person.years if whole else None,
            experienced_in_processes=person.experienced if whole else None,
            motivation=person.motivation if whole else person.motivation.split("\n\n")[0],
            eligibility_reason=plan.reason if plan.state == S.INELIGIBLE else "",
            candidate_number=plan.number,
        )

    # --- What happened, and when ---------------------------------------------------------------------------------

    def _tell_its_story(self, plan: Plan, row: Nomination) -> None:
        contact = self.contacts[plan.profile.country]
        nominee = self.nominees.get(plan.profile.email)
        begins = plan.begun or self.call.opens_at
        until = plan.until or self.call.closes_at
        day = (until - begins) / 10
        at = begins + day * self.random.uniform(0.3, 4)
        starter = {Way.APPLIED: nominee, Way.NOMINATED: contact, Way.ENTERED: self.staff}[Way(plan.way)]
        row.created_by, row.created_at, row.changed_at = starter, at, at
        self._note(row, "nomination.begin", starter, at, {"way": plan.way})
        if plan.state == S.DRAFT:
            return
        if plan.way == Way.ENTERED:
            at += day * 2
            row.submitted_at = at
            self._move(row, S.DRAFT, S.SUBMITTED, self.staff, at, on_behalf=True)
        else:
            at = self._hand_in(plan, row, contact, nominee, at, day)
        if plan.state == S.WITHDRAWN:
            at += day * self.random.uniform(0.2, 1)
            self._move(row, S.SUBMITTED, S.WITHDRAWN, nominee, at, reason=plan.reason)
        elif plan.state in (S.ELIGIBLE, S.INELIGIBLE) and self.screened:
            at = self.screened + timedelta(minutes=row.pk % 400)
            self._move(row, S.SUBMITTED, plan.state, self.staff, at, reason=plan.reason)

    def _hand_in(
        self, plan: Plan, row: Nomination, contact: User, nominee: Any, at: datetime, day: timedelta
    ) -> datetime:
        before = str(S.DRAFT)
        if plan.way == Way.NOMINATED:
            row.attested_by, row.attested_at = contact, at + day / 20
            self._move(row, S.DRAFT, S.AWAITING_NOMINEE, contact, row.attested_at)
            before = S.AWAITING_NOMINEE
            if plan.state == S.AWAITING_NOMINEE:
                return at
        at += day * self.random.uniform(0.5, 4.5)
        row.version = self.random.randint(3, 9)
        row.consent_text = self.consents[plan.profile.language]
        row.consented_at = row.declared_at = row.submitted_at = at
        if plan.way == Way.NOMINATED and plan.state != S.AWAITING_ENDORSEMENT:
            row.endorsed_by, row.endorsed_at = contact, row.attested_at
            self._move(row, before, S.SUBMITTED, nominee, at)
            return at
        self._move(row, before, S.AWAITING_ENDORSEMENT, nominee, at)
        if plan.state != S.AWAITING_ENDORSEMENT:
            at += day * self.random.uniform(0.1, 1)
            row.endorsed_by, row.endorsed_at = contact, at
            self._move(row, S.AWAITING_ENDORSEMENT, S.SUBMITTED, contact, at)
        return at

    def _move(
        self,
        row: Nomination,
        before: str,
        after: str,
        by: Any,
        at: datetime,
        *,
        reason: str = "",
        on_behalf: bool = False,
    ) -> None:
        row.changed_at = at
        self.moves.append(
            NominationMove(
                nomination=row, before=before, after=after, by=by, at=at, reason=reason, on_behalf=on_behalf
            )
        )
        extra = {"on_behalf": True} if on_behalf else {}
        self._note(row, "nomination.move", by, at, {"state": [str(before), str(after)], **extra})

    def _note(self, row: Nomination, act: str, by: Any, at: datetime, changes: dict[str, Any]) -> None:
        self.audit.append(AuditEntry(actor=by, action=act, subject=subject_of(row), at=at, changes=changes))

    # --- What belongs to it --------------------------------------------------------------------------------------

    def _write_parts(self, plans: Sequence[Plan], rows: Sequence[Nomination]) -> None:
        pairs = [(plan, row) for plan, row in zip(plans, rows, strict=True)]
        told = [(plan, row) for plan, row in pairs if plan.state not in UNTOLD]
        K = NominationTrait.Kind
        NominationTrait.objects.bulk_create(
            NominationTrait(nomination=row, kind=kind, value=value)
            for plan, row in pairs
            for kind, values in (
                (K.EXPERTISE, plan.profile.expertise),
                (K.LANGUAGE, plan.profile.languages if plan.state not in UNTOLD else ()),
                (K.NATIONALITY, plan.profile.nationalities),
            )
            for value in values
        )
        DeclaredInterest.objects.bulk_create(
            DeclaredInterest(nomination=row, topic=topic, exists=bool(said), detail=said)
            for _plan, row in told
            for topic, said in self._interests()
        )
        NominationAnswer.objects.bulk_create(
            NominationAnswer(nomination=row, question=question, text=text)
            for plan, row in told
            for question, text in zip(self.questions, plan.profile.answers, strict=False)
        )
        Referee.objects.bulk_create(
            Referee(nomination=row, name=plan.referee[0], email=plan.referee[1])
            for plan, row in told
            if plan.referee[0]
        )

    def _interests(self) -> list[tuple[str, str]]:
        Topic = DeclaredInterest.Topic
        said = {Topic.EMPLOYMENT: "Paid adviser to a supplier of ticketing systems until last year; ended."}
        said[Topic.RESEARCH] = (
            "A research grant, shared with a telecommunications company, until next summer."
        )
        said[Topic.PUBLIC_POSITION] = "Spoke in public against a camera programme of the capital."
        chosen = self.random.choice([*said, *[None] * 7])
        return [(topic, said[topic] if topic == chosen else "") for topic in Topic]

    def _keep_papers(self, plan: Plan, row: Nomination) -> None:
        if plan.state in UNTOLD:
            return
        contact, person = self.contacts[plan.profile.country], plan.profile
        place = self.countries[person.country]
        if CallPaper.Kind.CV in self.asked:
            lines = [f"{person.position}\n{person.workplace}", person.experience, person.motivation]
            title = f"{person.name}"
            self._keep(row, CallPaper.Kind.CV, "cv.pdf", pdf_of(title, lines), row.nominee or self.staff)
        if CallPaper.Kind.LETTER in self.asked and row.endorsed_by_id:
            lines = [
                f"{place} (fictional)\nTo the secretariat of the guidelines",
                f"The Government of {place} nominates {person.name}, {person.position}, {person.workplace}.",
                f"Signed: {contact.name}",
            ]
            self._keep(
                row, CallPaper.Kind.LETTER, "letter.pdf", pdf_of("Letter of nomination", lines), contact
            )

    def _keep(self, row: Nomination, kind: str, name: str, content: bytes, owner: User) -> None:
        at = row.submitted_at or row.created_at
        stored = files.keep(
            content,
            owner=owner,
            name=name,
            purpose=PURPOSE,
            allowed={PDF},
            max_bytes=MAX_BYTES,
            subject=subject_of(row),
            made_as=PDF,
        )
        NominationPaper.objects.create(
            nomination=row, kind=kind, file=stored, pages=1, uploaded_by=owner, uploaded_at=at
        )
        self._note(row, "nomination.add_paper", owner, at, {"kind": str(kind)})

    def _give_receipts(self, rows: Sequence[Nomination]) -> None:
        found = Nomination.objects.filter(pk__in=[row.pk for row in rows], submitted_at__isnull=False)
        handed_in = list(found.prefetch_related("traits", "answers", "papers__file"))
        for row in handed_in:
            assert row.submitted_at
            row.receipt = receipt_of(row, at=row.submitted_at)
        Nomination.objects.bulk_update(handed_in, ["receipt"])


_TIMES = (
    *("created_at", "changed_at", "attested_at", "consented_at", "declared_at"),
    *("endorsed_at", "submitted_at"),
)
_PEOPLE = ("created_by", "attested_by", "endorsed_by")
