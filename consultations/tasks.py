"""What follows an event, outside the request: tallies and mails."""

from consultations.actions.tallying import tally_comment
from consultations.mails import render_answers
from consultations.models import Comment, Disposition
from core import notices, outbox
from core.models import pk_of


@outbox.handler("comment.changed", name="consultations.tally")
def tally(subject: str) -> None:
    """Bring the tallies in step with the comment that changed."""
    tally_comment(comment_id=int(pk_of(subject, Comment)))


@outbox.handler("answer.published", name="consultations.tell_author")
def tell_author(subject: str) -> None:
    """Tell a comment's author of the answer, once per version of it."""
    disposition = Disposition.objects.select_related("comment__author").get(pk=pk_of(subject, Disposition))
    author = disposition.comment.author
    if disposition.published_at and author.is_active and not author.erased_at:
        notices.notify(
            recipient=author,
            kind="answer_published",
            subject=disposition,
            occurrence=f"version-{disposition.version}",
        )


notices.register_kind("answer_published", render_answers)
