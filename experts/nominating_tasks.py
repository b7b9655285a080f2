"""What follows a nomination's acts, outside the request: mails, and forgetting whoever erased their account."""

from accounts.models import User
from core import notices, outbox
from core.models import pk_of
from experts.actions.leaving import erase_nominations_of
from experts.models import Nomination, NominationMove, NomineeLink
from experts.nomination_mails import address_of_nominee, note_link_sent, render_link, render_move
from experts.queries import focal_points_of

S = Nomination.State
KIND = "nomination_moved"


@outbox.handler("nominee.told", name="experts.send_link")
def send_link(subject: str) -> None:
    """Have the mail with the link sent, once for each mailing."""
    found = NomineeLink.objects.select_related("nomination").filter(pk=pk_of(subject, NomineeLink)).first()
    if found is not None and found.sent_at is None:
        notices.notify(
            recipient=None,
            kind="nominee_told",
            subject=found,
            occurrence=f"mailing-{found.mailing}",
            language=found.nomination.language,
        )


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
notices.register_kind("nominee_told", render_link, address=address_of_nominee, sent=note_link_sent)
