"""Entering comments that reached the secretariat otherwise: by mail, by letter, at a meeting, in a file."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Country, Region, RegionMembership, StakeholderGroup, day_of
from consultations.actions.comments import check_content, find_provision, take_place
from consultations.actions.numbering import RoundNoLongerAccepts
from consultations.models import Comment, CommentRevision, Entry, Round
from consultations.rules import counts_if_entered, is_staff, may_enter_for_others
from consultations.search import token_column
from core import audit, outbox
from core.verdicts import require
from core.words import clean_words

PERSON = Entry.Source.PERSON


@dataclass(frozen=True)
class Received:
    """From whom a comment came, how and when. ``in_time``: staff vouch that it came before the closing."""

    how: str
    received_on: date
    source: str
    country: Country | None = None
    organisation: str = ""
    person: str = ""
    region: str = ""
    stakeholder_group: str = ""
    in_time: bool = False


def enter_received(
    *,
    actor: Any,
    round: Round,
    received: Received,
    provision_key: str = "",
    kind: str = Comment.Kind.SUBSTANTIVE,
    body: str = "",
    proposed_text: str = "",
    rationale: str = "",
    language: str = "en",
    attribution: str = Comment.Attribution.ORGANISATION,
) -> Comment:
    """Record what somebody said otherwise, under their name and marked as entered.

    It counts as a voice while the round counts what is entered; after that it is late input, unless staff say that it
    was received before the closing and the answers aren't published yet. ``Refusal``: not of the secretariat, or the
    round has not opened; ``ValidationError`` by field.
    """
    require(may_enter_for_others(actor, round, at=timezone.now()))
    provision = find_provision(round, provision_key)
    comment = Comment(
        round=round,
        provision=provision,
        author=actor,
        entered_by=actor,
        kind=kind,
        body=clean_words(body),
        proposed_text=clean_words(proposed_text),
        rationale=clean_words(rationale),
        language=language,
        attribution=attribution,
        receipt_salt=secrets.token_hex(16),
    )
    _name(comment, received)
    _check_received(actor, round, received)
    check_content(comment)
    try:
        with transaction.atomic():
            return _enter(actor, comment, received)
    except RoundNoLongerAccepts:
        comment.pk, comment.number, comment.submitted_at = None, None, None
        with transaction.atomic():
            return _enter(actor, comment, received, closed=True)


def day_of_closing(round: Round) -> date:
    """The last day on which what came in was in time, in the secretariat's zone."""
    return day_of(min(filter(None, (round.closes_at, round.closed_at))))


def may_vouch(user: Any, round: Round) -> bool:
    """Whether the caller may say of what is entered now that it came before the closing."""
    return is_staff(user, round) and round.published_at is None


def _enter(actor: Any, comment: Comment, received: Received, *, closed: bool = False) -> Comment:
    counts = not closed and counts_if_entered(comment.round, at=timezone.now())
    in_time = received.in_time and not counts
    comment.status = Comment.Status.DRAFT
    comment.search_tokens = token_column(comment.body, comment.proposed_text, comment.rationale)
    if not counts and not in_time:
        comment.status = Comment.Status.LATE
        comment.submitted_at = timezone.now()
    comment.save(force_insert=True)
    Entry.objects.create(
        comment=comment,
        how=received.how,
        source=received.source,
        received_on=received.received_on,
        in_time=in_time,
    )
    CommentRevision.objects.create(comment=comment, version=1, content=comment.content)
    told = {"how": received.how, "received_on": received.received_on.isoformat(), "in_time": in_time}
    audit.record("comment.enter_received", comment, actor=actor, changes=told)
    outbox.record("comment.changed", comment)
    # The number last: its row is held until the transaction ends.
    if counts or in_time:
        take_place(
            comment,
            None,
            counts=lambda at: in_time or counts_if_entered(comment.round, at=at),
            though_closed=in_time,
        )
    return comment


def _name(comment: Comment, received: Received) -> None:
    """Who said it, as a commenter's own snapshots tell it. ``ValidationError`` where that isn't known."""
    errors: dict[str, str] = {}
    source, country = received.source, received.country
    organisation, person = (
        " ".join(clean_words(name).split()) for name in (received.organisation, received.person)
    )
    group = received.stakeholder_group
    if source == Entry.Source.STATE:
        # A Member State is known by its country, in every language.
        organisation, group = "", str(StakeholderGroup.MEMBER_STATE)
        if country is None:
            errors["country"] = _("Choose the Member State.")
    elif source == Entry.Source.ORGANISATION:
        if not organisation:
            errors["organisation"] = _("Name the organization.")
        if group in ("", StakeholderGroup.MEMBER_STATE, StakeholderGroup.INDIVIDUAL):
            errors["stakeholder_group"] = _("Say what kind of organization it is.")
    elif source == PERSON:
        group = group or str(StakeholderGroup.INDIVIDUAL)
        if not person:
            errors["person"] = _("Name the person.")
    else:
        errors["source"] = _("Say from whom it came.")
    if group not in StakeholderGroup.values and "stakeholder_group" not in errors:
        errors["stakeholder_group"] = _("There is no such group.")
    for field, name, most in (("person", person, 150), ("organisation", organisation, 200)):
        if len(name) > most:
            errors[field] = _("At most %(limit)d characters.") % {"limit": most}
    if comment.attribution == Comment.Attribution.ORGANISATION and not organisation and source == PERSON:
        errors["attribution"] = _("There is no organization to show it with.")
    if received.region and not Region.objects.filter(scheme="un_group", code=received.region).exists():
        errors["region"] = _("There is no such region.")
    if errors:
        raise ValidationError(errors)
    comment.author_name, comment.organisation_name, comment.stakeholder_group = person, organisation, group
    comment.country = country.pk if country else ""
    comment.region = _region_of(country) if country else received.region


def _region_of(country: Country) -> str:
    regions = RegionMembership.objects.in_un_groups().filter(country=country)
    return regions.values_list("region__code", flat=True).first() or ""


def _check_received(actor: Any, round: Round, received: Received) -> None:
    errors: dict[str, str] = {}
    if received.how not in Entry.How.values:
        errors["how"] = _("Say how it was received.")
    if received.received_on > day_of(timezone.now()):
        errors["received_on"] = _("This day is still to come.")
    if received.in_time and not may_vouch(actor, round):
        errors["in_time"] = _(
            "Only staff say so, and only until the answers are published. Without this it is late input."
        )
    elif received.in_time and received.received_on > day_of_closing(round):
        errors["in_time"] = _("The day on which it was received lies after the closing.")
    if errors:
        raise ValidationError(errors)
