"""Erasing an account: the person goes, the official record stays under a pseudonym.

It happens in two steps. ``erase_account`` closes the account at once, so that nothing can be done with it any
more, and notes the event ``person.erase``. Its handlers do the rest, each for the tables it knows and each
safe to repeat. They run a second time an hour later, for what was under way when the account closed.
"""

from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from knox.models import AuthToken

from accounts.models import Consent, Invitation, Organisation, StakeholderGroup, User
from accounts.pseudonyms import pseudonym_of
from accounts.rules import may_erase
from accounts.slots import is_kept_after_erasure
from core import audit, files, mailbox, outbox
from core.models import Job, Message, Outbox, StoredFile, subject_of
from core.notices import CLAIM
from core.verdicts import require

AGAIN_AFTER = timedelta(hours=1)


def erase_account(*, actor: Any, person: User) -> None:
    """Close one's own account for good and begin to erase it. Twice is once."""
    require(may_erase(actor, person))
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if person.erased_at:
            return
        person.erased_at = timezone.now()
        person.is_active = False
        # Sessions hold a hash of the password's hash: all of them end here.
        person.set_unusable_password()
        person.save(update_fields=["erased_at", "is_active", "password"])
        AuthToken.objects.filter(user=person).delete()
        audit.record("person.ask_erasure", person, actor=actor)
        outbox.record("person.erase", person)
        outbox.record("person.erase", person, available_at=person.erased_at + AGAIN_AFTER)


def erase_person(*, person_id: int) -> None:
    """Remove what the accounts know of a person who asked for it; a tombstone stays. Safe to repeat.

    What lies outside the database goes first: the rows that name it are what a repetition finds it by.
    ``Later`` while a mail to the person is being handed over.
    """
    person = User.objects.get(pk=person_id)
    if person.erased_at is None:
        return
    _wait_for_mail(person)
    addresses = _addresses(person)
    mailbox.forget(addresses, set(person.messages.values_list("message_id", flat=True)))
    _end_sessions(person, addresses)
    for stored in StoredFile.objects.filter(owner=person).exclude(purpose__in=files.record_purposes()):
        files.destroy(stored)
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=person_id)
        first_time = person.email != tombstone_address(person)
        organisations = list(Organisation.objects.filter(affiliations__user=person))
        invitations = Invitation.objects.filter(Q(accepted_by=person) | Q(email__in=addresses))
        _forget_deliveries([*person.messages.all(), *Job.objects.filter(owner=person), *invitations])
        invitations.delete()
        _forget_rows(person)
        Consent.objects.filter(user=person, withdrawn_at=None).update(withdrawn_at=timezone.now())
        for organisation in organisations:
            _forget_organisation(organisation)
        _leave_tombstone(person)
        if first_time:
            audit.record("person.erase", person, actor=None)


def tombstone_address(person: User) -> str:
    """An address that nobody has: ``.invalid`` is never given away (RFC 2606)."""
    return f"erased-{person.pk}@erased.invalid"


def _leave_tombstone(person: User) -> None:
    person.name, person.email = pseudonym_of(person), tombstone_address(person)
    person.language, person.time_zone, person.country = "en", "", None
    person.last_login = None
    person.save()


def _wait_for_mail(person: User) -> None:
    sending = person.messages.filter(state=Message.State.SENDING, claimed_at__gt=timezone.now() - CLAIM)
    if sending.exists():
        raise outbox.Later(10)


def _addresses(person: User) -> set[str]:
    own = EmailAddress.objects.filter(user=person).values_list("email", flat=True)
    return {person.email.lower(), *(email.lower() for email in own)} - {tombstone_address(person)}


def _end_sessions(person: User, addresses: set[str]) -> None:
    """Delete the person's sessions, and those in which somebody began to sign in or up with their address.

    A session tells whose it is only once it is decoded, so all of them are looked at.
    """
    for session in Session.objects.iterator():
        content = session.get_decoded()
        text = str(content).lower()
        if content.get("_auth_user_id") == str(person.pk) or any(address in text for address in addresses):
            session.delete()


def _forget_deliveries(owned: list[models.Model]) -> None:
    """Rows of the outbox about a person's mails, jobs, invitations: a mail server's complaint may quote an
    address."""
    subjects = [subject_of(row) for row in owned]
    for start in range(0, len(subjects), 500):
        Outbox.objects.filter(subject__in=subjects[start : start + 500]).delete()


def _forget_rows(person: User) -> None:
    """What would be deleted with a person goes; what protects them is the record and stays.

    The models say which is which (``on_delete``), so that a table added later isn't forgotten here.
    """
    for relation in User._meta.get_fields(include_hidden=True):
        if not isinstance(relation, models.ForeignObjectRel) or relation.on_delete is not models.CASCADE:
            continue
        model = relation.related_model
        assert not isinstance(model, str)
        if not is_kept_after_erasure(model._meta.label):
            model._base_manager.filter(**{relation.field.name: person}).delete()


def _forget_organisation(organisation: Organisation) -> None:
    """An organisation that nobody belongs to any more was known by this person alone; states stay."""
    if organisation.kind == StakeholderGroup.MEMBER_STATE:
        return
    if organisation.affiliations.exists() or organisation.memberships.exists():
        return
    try:
        with transaction.atomic():
            organisation.delete()
    except models.ProtectedError:
        return  # it took a position, which is on record
