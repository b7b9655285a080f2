"""Loads the demonstration: three drafts, three rounds, some two hundred comments, answers; calls, nominations."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import Group, User
from consultations.actions.anchoring import AnchorInput
from consultations.actions.answering import answer_comment, publish_answers
from consultations.actions.comments import write_comment
from consultations.actions.discussing import reply_to_comment, take_position
from consultations.actions.question_answers import answer_question
from consultations.actions.questions import create_question
from consultations.actions.rounds import create_round, move_round
from consultations.actions.tallying import recount_round
from consultations.models import AppliedChange, Comment, Disposition, Round
from core.models import Outbox
from core.verdicts import Refusal
from drafts.actions.editions import release_draft
from drafts.actions.importing import add_translation, import_draft
from drafts.models import Draft, Guidelines, ProvisionText, Revision
from guidelines_portal.demonstration.calls import counts, load_calls
from guidelines_portal.demonstration.clock import clock_set_to
from guidelines_portal.demonstration.funding import load_funding
from guidelines_portal.demonstration.meetings import load_meetings
from guidelines_portal.demonstration.milestones import load_milestones
from guidelines_portal.demonstration.people import TEXTS, give_offices, make_people
from guidelines_portal.demonstration.resolutions import load_resolutions
from guidelines_portal.demonstration.second_draft import load_second_draft
from guidelines_portal.demonstration.words import GUIDANCE, LABELS, TITLE, TITLES
from roadmap.about import Thing
from roadmap.models import CostLine, Meeting, Milestone, Resolution

SLUG = "smart-cities"
TRANSLATIONS = ("zh-hans", "ar", "es", "fr", "ru")


def is_loaded() -> bool:
    return Guidelines.objects.filter(slug=SLUG).exists()


@transaction.atomic
def load_demonstration(*, password: str) -> dict[str, int]:
    """Load everything, or (when it is there) nothing. Returns how much there is of what."""
    if not is_loaded():
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        secretariat, people = make_people(password)
        give_offices(secretariat["staff"])
        _load_drafts(secretariat, now)
        rounds = _make_rounds(secretariat["staff"], now)
        load_questions(rounds["open"], secretariat["staff"], people)
        for name in ("zero", "open"):
            _load_comments(rounds[name], name, secretariat, people)
        load_second_draft(
            Draft.objects.get(guidelines__slug=SLUG, number=1),
            (secretariat["drafter"], secretariat["second drafter"]),
            begun=now - timedelta(days=6),
            span=timedelta(days=5),
        )
        _finish_first_round(rounds["zero"], secretariat["staff"], now)
        calls = load_calls(secretariat, people, now)
        drafts = {draft.number: draft for draft in Draft.objects.filter(guidelines__slug=SLUG)}
        things: dict[str, Thing] = {
            "call": calls["group"],
            "hosting": calls["hosting"],
            "round": rounds["planned"],
            "zero draft": drafts[0],
            "second draft": drafts[2],
        }
        milestones = load_milestones(secretariat["staff"], things)
        load_funding(secretariat["staff"], Guidelines.objects.get(slug=SLUG), milestones)
        load_meetings(secretariat, people, now)
        load_resolutions(secretariat["staff"], drafts[0].guidelines)
        _settle_events(rounds)
    return {
        "people": User.objects.count(),
        "drafts": Draft.objects.count(),
        "rounds": Round.objects.count(),
        "comments": Comment.objects.count(),
        **counts(),
        "milestones": Milestone.objects.count(),
        "cost lines": CostLine.objects.count(),
        "meetings": Meeting.objects.count(),
        "resolutions": Resolution.objects.count(),
    }


def _load_drafts(secretariat: dict[str, User], now: datetime) -> None:
    """The zero draft (English) and the first draft (six languages)."""
    drafter, staff = secretariat["drafter"], secretariat["staff"]
    for number, age in ((0, timedelta(days=150)), (1, timedelta(days=20))):
        with clock_set_to(now - age):
            file = TEXTS / f"draft-{number}.en.md"
            report = import_draft(
                actor=drafter,
                content=file.read_bytes(),
                filename=file.name,
                guidelines_slug=SLUG,
                label=LABELS[number]["en"],
                language="en",
                number=number,
                status=Draft.Status.WORKING,
            )
            draft = Draft.objects.get(pk=report["draft"])
            for language, label in LABELS[number].items():
                setattr(draft, f"label_{language.replace('-', '_')}", label)
            draft.created_at = now - age
            draft.save()
            for language in TRANSLATIONS if number else ():
                file = TEXTS / f"draft-{number}.{language}.md"
                add_translation(
                    actor=drafter,
                    draft=draft,
                    content=file.read_bytes(),
                    filename=file.name,
                    language=language,
                )
            release_draft(draft, actor=staff)
    guidelines = Guidelines.objects.get(slug=SLUG)
    for language, title in TITLE.items():
        setattr(guidelines, f"title_{language.replace('-', '_')}", title)
    guidelines.save()


def _make_rounds(staff: User, now: datetime) -> dict[str, Round]:
    """One answered, one open, one planned. The first is opened now and dated back once it is filled."""
    experts = Group.objects.get(slug="expert-working-group")
    regional = list(Group.objects.filter(kind=Group.Kind.REGIONAL))
    zero, first = (Draft.objects.get(guidelines__slug=SLUG, number=n) for n in (0, 1))
    day = timedelta(days=1)
    return {
        name: create_round(
            actor=staff,
            draft=draft,
            kind=kind,
            titles=TITLES[name],
            guidance=GUIDANCE[name],
            groups=groups,
            visibility=visibility,
            opens_at=now + opens * day,
            closes_at=now + closes * day,
        )
        for name, draft, kind, groups, visibility, opens, closes in (
            ("zero", zero, Round.Kind.EXPERT_GROUP, [experts, *regional], Round.Visibility.PUBLIC, -120, -75),
            ("open", first, Round.Kind.OPEN, [], Round.Visibility.PUBLIC, -14, 21),
            ("planned", first, Round.Kind.REGIONAL, regional, Round.Visibility.PARTICIPANTS, 30, 60),
        )
    }


def load_questions(round: Round, staff: User, people: list[User]) -> None:
    """Questions written before the round opened, and what people answered since."""
    entries = json.loads((TEXTS / "questions-open.json").read_text("utf-8"))
    span = (timezone.now() - round.opens_at) / (sum(len(entry["answers"]) for entry in entries) + 1)
    at = round.opens_at
    for entry in entries:
        with clock_set_to(round.opens_at - timedelta(days=2)):
            question = create_question(
                actor=staff,
                round=round,
                kind=entry["kind"],
                wordings=entry["wordings"],
                options=entry["options"],
                provision_key=entry["provision"],
                required=entry["required"],
            )
        for index, value in entry["answers"]:
            at += span
            with clock_set_to(at):
                answer_question(author=people[index], question=question, value=value)


def _load_comments(round: Round, name: str, secretariat: dict[str, User], people: list[User]) -> None:
    written: list[tuple[Comment, dict[str, Any]]] = []
    entries = json.loads((TEXTS / f"comments-{name}.json").read_text("utf-8"))
    opened = round.opens_at + timedelta(hours=3)
    span = (min(round.closes_at, timezone.now()) - opened) / (len(entries) + 1)
    for i, entry in enumerate(entries):
        with clock_set_to(opened + i * span, step=timedelta(seconds=1)):
            written.append((_write(round, entry, people), entry))
            _discuss(*written[-1], people)
    answered_at = (
        round.closes_at + timedelta(days=20) if name == "zero" else timezone.now() - timedelta(days=1)
    )
    for i, (comment, entry) in enumerate(written):
        if entry.get("answer"):
            with clock_set_to(answered_at + i * timedelta(minutes=7)):
                answer_comment(
                    actor=secretariat["drafter" if i % 3 else "staff"],
                    comment=comment,
                    outcome=entry["answer"]["outcome"],
                    responses={"en": entry["answer"]["response"]},
                )
    Comment.objects.filter(round=round, submitted_at__isnull=False).update(created_at=F("submitted_at"))


def _write(round: Round, entry: dict[str, Any], people: list[User]) -> Comment:
    anchor = None
    if entry.get("quote") and entry["provision"]:
        language = "zh-hans" if entry["language"] == "zh-hans" and round.draft.number else "en"
        anchor = AnchorInput(exact=entry["quote"], language=language)
    return write_comment(
        author=people[entry["author"]],
        round=round,
        provision_key=entry["provision"],
        submit=True,
        anchor=anchor,
        kind=entry["kind"],
        body=entry["body"],
        proposed_text=entry["proposed_text"],
        rationale=entry["rationale"],
        language=entry["language"],
    )


def _discuss(comment: Comment, entry: dict[str, Any], people: list[User]) -> None:
    for reply in entry.get("replies", ()):
        reply_to_comment(author=people[reply["author"]], comment=comment, body=reply["body"])
    for position in ("support", "oppose"):
        for index in entry.get(position, ()):
            try:
                take_position(user=people[index], comment=comment, position=position)
            except Refusal:
                continue  # the author's own comment, or somebody outside the audience


def _finish_first_round(round: Round, staff: User, now: datetime) -> None:
    _name_changes(round)
    with clock_set_to(now - timedelta(days=30)):
        publish_answers(actor=staff, round=round)
        round = move_round(actor=staff, round=round, to=Round.State.ANSWERED)
        move_round(actor=staff, round=round, to=Round.State.PUBLISHED)


def _name_changes(round: Round) -> None:
    """The first draft came as a text: what it took up of the round is named by what was accepted and did change."""
    before = ProvisionText.objects.filter(provision__draft=round.draft, language="en")
    words = {text.provision.key: text for text in before.select_related("provision")}
    after = Revision.objects.filter(
        provision_text__provision__draft__guidelines=round.draft.guidelines,
        provision_text__provision__draft__number=round.draft.number + 1,
        provision_text__language="en",
        version=1,
    )
    changed = {
        revision.provision_text.provision.key: revision
        for revision in after.select_related("provision_text__provision")
        if (text := words.get(revision.provision_text.provision.key))
        and (text.heading, text.text) != (revision.provision_text.heading, revision.provision_text.text)
    }
    taken_up = Disposition.objects.filter(
        comment__round=round, comment__provision__key__in=changed, outcome__in=Disposition.TAKEN_UP
    )
    AppliedChange.objects.bulk_create(
        AppliedChange(disposition=each, revision=changed[each.comment.provision.key])
        for each in taken_up.select_related("comment__provision")
        if each.comment.provision
    )


def _settle_events(rounds: dict[str, Round]) -> None:
    """Count what was said, and send no mail about the past."""
    for round in rounds.values():
        recount_round(round_id=round.pk)
    Outbox.objects.filter(done_at__isnull=True).update(done_at=timezone.now())
