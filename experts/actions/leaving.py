"""What becomes of a person's nominations when they erase their account.

The rows stay, so that what was counted stays counted; what they say goes, with the papers and with what others wrote
about the person. Safe to repeat.
"""

from django.db import transaction

from accounts.models import User
from accounts.pseudonyms import pseudonym_of
from core import audit, files, outbox
from experts.actions.moving import lock_nomination, move
from experts.actions.paper_files import drop_papers
from experts.models import Nomination, NominationMove, NominationPaper, NomineeLink

S = Nomination.State
# Nothing more happens to these: they stay as they ended.
ENDED = frozenset({S.WITHDRAWN, S.INELIGIBLE, S.NOT_SELECTED, S.DECLINED, S.RESIGNED, S.LAPSED})


def erase_nominations_of(*, person_id: int) -> None:
    """Forget what a person's nominations say; those still in the running are withdrawn. Nothing happens unless the
    person asked for their account to be erased."""
    person = User.objects.filter(pk=person_id, erased_at__isnull=False).first()
    if person is None:
        return
    for pk in Nomination.objects.filter(nominee=person).values_list("pk", flat=True):
        _destroy_papers(pk)
        with transaction.atomic():
            _forget(lock_nomination(pk), person)


def _destroy_papers(nomination: int) -> None:
    """The content first: what is asked to be gone is gone even if this is cut short."""
    for paper in NominationPaper.objects.filter(nomination=nomination).select_related("file"):
        stored = paper.file
        with transaction.atomic():
            # Held first: whoever opens the paper at this moment is through, or finds it gone.
            list(NominationPaper.objects.select_for_update().filter(pk=paper.pk))
            paper.delete()
        files.destroy(stored)


def _forget(nomination: Nomination, person: User) -> None:
    first_time = not nomination.email.endswith(".invalid")
    drop_papers(nomination)  # what a focal point uploaded since
    if nomination.state == S.DRAFT:
        nomination.delete()
        return
    nomination.name, nomination.email = pseudonym_of(person), f"erased-{nomination.pk}@erased.invalid"
    nomination.gender = nomination.listed_name = ""
    nomination.workplace = nomination.position = nomination.experience = nomination.motivation = ""
    nomination.eligibility_reason = ""
    nomination.years_of_experience = nomination.experienced_in_processes = nomination.listed_at = None
    if first_time:
        nomination.papers_removed_at = person.erased_at
    nomination.save()
    for rows in (nomination.traits.filter(kind="nationality"), nomination.interests, nomination.referees):
        rows.all().delete()
    nomination.answers.all().delete()
    nomination.discussion.all().delete()
    nomination.reviews.update(comment="")
    NomineeLink.objects.filter(nomination=nomination).delete()
    NominationMove.objects.filter(nomination=nomination).update(reason="")
    if nomination.state not in ENDED:
        outbox.record("nomination.moved", move(nomination, to=S.WITHDRAWN, by=None))
    if first_time:
        audit.record("nomination.erase", nomination, actor=None)
