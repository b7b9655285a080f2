"""What follows a nomination's acts, outside the request: mails, and forgetting whoever erased their account."""

from accounts.models import User
from core import notices, outbox
from core.models import pk_of
from experts.actions.leaving import erase_nominations_of
from experts.actions.linking import note_sent, token_of
from experts.models import Nomination, NominationMove, NomineeLink
from experts.nomination_mails import link_mail, render_move
from experts.queries import focal_points_of

S = Nomination.State
KIND = "nomination_moved"


@outbox.handler("nominee.told", name="experts.send_link", outside=True, pause=60)
def send_link(subject: str) -> None:
    """Send the mail with the link, unless it went out, was used, or the nomination ended meanwhile. Raises what the
    mail server raised: the outbox tries again."""
    waiting = NomineeLink.objects.filter(sent_at=None, used_at=None, nomination__state=S.AWAITING_NOMINEE)
    related = waiting.select_related("nomination__call", "nomination__country")
    found = related.filter(pk=pk_of(subject, NomineeLink)).first()
    if found is not None:
        link_mail(found, token_of(found)).send()
        note_sent(link_id=found.pk, mailing=found.mailing)


@outbox.handler("nomination.moved", name="experts.tell_of_move")
def tell_of_move(subject: str) -> None:
    """Tell of a move whom it concerns and who didn't make it; a receipt goes to whoever handed in."""
    made = NominationMove.objects.select_related("nomination").get(pk=pk_of(subject, NominationMove))
    for person in _concerned(made):
        notices.notify(recipient=person, kind=KIND, subject=made)


def _concerned(made: NominationMove) -> list[User]:
    nomination = made.nomination
    nominee = User.objects.active().filter(pk=nomination.nominee_id)
    # First told of it by the link; and of the nominee's own withdrawal by the page.
    tell_nominee = made.after != S.AWAITING_NOMINEE or made.before != S.DRAFT
    if made.after == S.WITHDRAWN and made.by_id == nomination.nominee_id:
        tell_nominee = False
    people = list(nominee) if tell_nominee else []
    known = made.before not in ("", S.DRAFT)
    if made.after == S.AWAITING_ENDORSEMENT or (made.after == S.WITHDRAWN and known):
        people += [person for person in focal_points_of(nomination.country_id) if person.pk != made.by_id]
    return list({person.pk: person for person in people}.values())


@outbox.handler("person.erase", name="experts.erase_nominee", outside=True)
def erase(subject: str) -> None:
    """An account erased: what the person's nominations say goes, their rows stay for the counts."""
    erase_nominations_of(person_id=int(pk_of(subject, User)))


notices.register_kind(KIND, render_move)
