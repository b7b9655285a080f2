"""Small makers of rows for tests; every default is said here, nothing happens behind the back."""

import itertools
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Affiliation, Country, Group, Membership, Organisation, RoleGrant, User
from consultations.models import Comment, Question, Round, RoundAudience, RoundCounter
from drafts.models import Draft, Guidelines, Provision, ProvisionText, Revision
from experts.models import Call, Nomination, NominationTrait

_numbers = itertools.count(1)


def make_user(*roles: str, groups: tuple[Group, ...] = (), **fields: Any) -> User:
    """A person with these roles everywhere, in these groups."""
    n = next(_numbers)
    user = User.objects.create_user(
        email=fields.pop("email", f"person{n}@example.org"), name=fields.pop("name", f"Person {n}"), **fields
    )
    RoleGrant.objects.bulk_create(RoleGrant(user=user, role=role) for role in roles)
    Membership.objects.bulk_create(Membership(group=group, user=user) for group in groups)
    return user


def make_group(**fields: Any) -> Group:
    n = next(_numbers)
    fields.setdefault("slug", f"group-{n}")
    fields.setdefault("kind", Group.Kind.EXPERT_WORKING_GROUP)
    fields.setdefault("name", f"Group {n}")
    return Group.objects.create(**fields)


def make_member_state(iso3: str, *, contact: User | None = None) -> Organisation:
    """The organisation of a member state (reference data), with ``contact`` as its contact point."""
    country = Country.objects.get(pk=iso3)
    organisation, _created = Organisation.objects.get_or_create(
        kind="member_state", country=country, defaults={"name": country.name}
    )
    if contact:
        Affiliation.objects.create(
            user=contact, organisation=organisation, role="contact", confirmed_at=timezone.now()
        )
    return organisation


def make_draft(*, status: str = Draft.Status.WORKING, paragraphs: int = 0, **fields: Any) -> Draft:
    """A draft in English of guidelines of its own, with one chapter and ``paragraphs`` paragraphs."""
    n = next(_numbers)
    guidelines = fields.pop("guidelines", None) or Guidelines.objects.create(
        slug=f"guidelines-{n}", title=f"Guidelines {n}"
    )
    draft = Draft.objects.create(
        guidelines=guidelines,
        number=fields.pop("number", guidelines.drafts.count() + 1),
        label=fields.pop("label", f"Draft {n}"),
        source_language=fields.pop("source_language", "en"),
        **fields,
    )
    chapter = make_provision(draft, "chp_1", kind="chapter", number="I", heading="Introduction")
    for i in range(1, paragraphs + 1):
        make_provision(
            draft, f"para_{i}", parent=chapter, number=str(i), text=f"Paragraph {i} speaks of smart cities."
        )
    if status != draft.status:
        set_status(draft, status)
    return draft


def set_status(draft: Draft, status: str) -> None:
    """Give a draft a status with the times that belong to it, without an act; published, it supersedes the one that
    was."""
    now = timezone.now()
    draft.status = status
    draft.circulated_at = now if status == Draft.Status.CIRCULATED else draft.circulated_at
    draft.published_at = (draft.published_at or now) if status in Draft.OPEN_TO_ALL else None
    draft.superseded_at = now if status == Draft.Status.SUPERSEDED else None
    draft.adopted_at = now if status == Draft.Status.ADOPTED else None
    if status == Draft.Status.PUBLISHED:
        for other in draft.guidelines.drafts.filter(status=status).exclude(pk=draft.pk):
            set_status(other, Draft.Status.SUPERSEDED)
    draft.save()


def make_provision(draft: Draft, key: str, *, text: str = "", heading: str = "", **fields: Any) -> Provision:
    """A provision at the end of ``draft`` with words (version 1) in the draft's source language."""
    language = fields.pop("language", draft.source_language)
    provision = Provision.objects.create(
        draft=draft,
        key=key,
        kind=fields.pop("kind", "paragraph"),
        position=fields.pop("position", draft.provisions.count() + 1),
        **fields,
    )
    make_text(provision, language=language, text=text, heading=heading)
    return provision


def make_text(
    provision: Provision, *, language: str, text: str = "", heading: str = "", **fields: Any
) -> ProvisionText:
    words = ProvisionText.objects.create(
        provision=provision, language=language, text=text, heading=heading, **fields
    )
    Revision.objects.create(provision_text=words, version=1, content=words.content)
    return words


def make_round(draft: Draft, *, groups: tuple[Group, ...] = (), **fields: Any) -> Round:
    """A round that opened yesterday and closes tomorrow; open to everyone unless groups are named."""
    now = timezone.now()
    fields.setdefault("kind", Round.Kind.EXPERT_GROUP if groups else Round.Kind.OPEN)
    fields.setdefault("title", "A round")
    fields.setdefault("opens_at", now - timedelta(days=1))
    fields.setdefault("closes_at", now + timedelta(days=1))
    round = Round.objects.create(draft=draft, **fields)
    RoundCounter.objects.create(round=round)
    RoundAudience.objects.bulk_create(RoundAudience(round=round, group=group) for group in groups)
    return round


def make_comment(
    round: Round, author: User, *, provision_key: str | None = None, submit: bool = True, **fields: Any
) -> Comment:
    """A comment made the way people make them; runs the real action."""
    from consultations.actions.comments import write_comment

    fields.setdefault("body", "Say it more clearly.")
    return write_comment(author=author, round=round, provision_key=provision_key, submit=submit, **fields)


def make_question(round: Round, kind: str = "choice", **fields: Any) -> Question:
    """A question in English at the end of its round, open for answers; a choice has three options."""
    offered = {"choice": "abc", "multiple": "abc"}.get(kind, "")
    fields.setdefault("wording", f"What of {kind}?")
    fields.setdefault(
        "options", [{"key": str(n), "words": {"en": f"Option {word}"}} for n, word in enumerate(offered, 1)]
    )
    fields.setdefault("position", round.questions.count() + 1)
    return Question.objects.create(round=round, kind=kind, **fields)


def make_call(*, kind: str = "experts", announced: bool = True, **fields: Any) -> Call:
    """A call that opened yesterday and closes tomorrow, of guidelines of its own, two nominees for each country."""
    n, now = next(_numbers), timezone.now()
    guidelines = fields.pop("guidelines", None) or Guidelines.objects.create(
        slug=f"guidelines-{n}", title=f"Guidelines {n}"
    )
    fields.setdefault("opens_at", now - timedelta(days=1))
    fields.setdefault("closes_at", now + timedelta(days=1))
    fields.setdefault("zone", "Africa/Nairobi")
    fields.setdefault("title", f"Call {n}")
    return Call.objects.create(
        guidelines=guidelines,
        kind=kind,
        announced_at=now - timedelta(days=2) if announced else None,
        **fields,
    )


def make_nomination(
    call: Call, *, state: str = "submitted", country: str = "KEN", **fields: Any
) -> Nomination:
    """A nomination by ``country`` in ``state``, without its acts; traits by ``expertise``, ``languages``. One that
    was withdrawn had been handed in and endorsed."""
    n = next(_numbers)
    if state == "withdrawn":
        fields = {"submitted_at": timezone.now(), "endorsed_at": timezone.now(), **fields}
    traits = {"expertise": fields.pop("expertise", ()), "language": fields.pop("languages", ())}
    fields.setdefault("name", f"Nominee {n}")
    fields.setdefault("email", f"nominee{n}@example.org")
    fields.setdefault("way", "nominated")
    nomination = Nomination.objects.create(call=call, country_id=country, state=state, **fields)
    NominationTrait.objects.bulk_create(
        NominationTrait(nomination=nomination, kind=kind, value=str(value))
        for kind, values in traits.items()
        for value in values
    )
    return nomination
