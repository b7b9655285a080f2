"""What follows an event, outside the request: tallies and mails."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.facts import facts_of
from accounts.models import User
from consultations.actions.assigning import KIND as ASSIGNED
from consultations.actions.carrying import KIND, carry_comment, carry_comments, start_carrying
from consultations.actions.compiling import KIND as COMPILATION
from consultations.actions.compiling import write_compilation
from consultations.actions.leaving import erase_words_of, take_name_off
from consultations.actions.tallying import tally_comment
from consultations.answer_mails import render_answers, render_sent_back
from consultations.answer_rules import speaks_for_itself
from consultations.assigned_mails import render_assigned
from consultations.balance import KIND as VOICE_MISSING
from consultations.copies import render_copy
from consultations.mails import render_new_closing
from consultations.missing_mails import render_missing
from consultations.models import Comment, Disposition, Reply, Round, SentBack
from consultations.replies import to_mail, with_mentions
from consultations.reply_mails import render_replies
from consultations.rules import may_see_round
from core import jobs, notices, outbox
from core.models import Job, StoredFile, pk_of
from drafts.models import Draft

GATHERED_FOR = timedelta(minutes=2)


@outbox.handler("comment.changed", name="consultations.tally")
def tally(subject: str) -> None:
    """Bring the tallies in step with the comment that changed."""
    tally_comment(comment_id=int(pk_of(subject, Comment)))


@outbox.handler("answer.published", name="consultations.tell_author")
def tell_author(subject: str) -> None:
    """Tell a comment's author of the answer, once per version of it.

    What was published with it to the same author goes into the same mail, whichever of these events comes first:
    those that follow find their notices made.
    """
    disposition = Disposition.objects.select_related("comment__author").get(pk=pk_of(subject, Disposition))
    author = disposition.comment.author
    reached = author.is_active and not author.erased_at and facts_of(author).consent != "withdrawn"
    if not disposition.published_at or not reached or not speaks_for_itself(disposition.comment):
        return
    together = Disposition.objects.filter(
        comment__author=author,
        comment__round=disposition.comment.round_id,
        published_at=disposition.published_at,
    ).exclude(comment__entered_by=author)
    with transaction.atomic():
        for each in together.order_by("pk"):
            notices.notify(
                recipient=author,
                kind="answer_published",
                subject=each,
                occurrence=f"version-{each.version}",
                digest_key=f"answers-{disposition.comment.round_id}",
            )


@outbox.handler("answer.sent_back", name="consultations.tell_writer")
def tell_writer(subject: str) -> None:
    """Tell whoever wrote an answer what its second reader would have otherwise."""
    sent = SentBack.objects.select_related("to").get(pk=pk_of(subject, SentBack))
    if sent.to.is_active and not sent.to.erased_at:
        notices.notify(recipient=sent.to, kind="answer_sent_back", subject=sent)


@outbox.handler("reply.written", name="consultations.tell_of_reply")
def tell_of_reply(subject: str) -> None:
    """Tell of a reply whom it concerns, each once; several in one discussion within minutes make one mail."""
    replies = Reply.objects.select_related("comment__round", "comment__author")
    reply = with_mentions(replies).get(pk=pk_of(subject, Reply))
    for person in to_mail(reply):
        notices.notify(
            recipient=person,
            kind="reply_written",
            subject=reply,
            digest_key=f"replies-{reply.comment_id}",
            send_at=timezone.now() + GATHERED_FOR,
        )


@outbox.handler("round.closing_moved", name="consultations.tell_followers")
def tell_followers(subject: str) -> None:
    """Tell whoever asked for it when a round closes now, once per closing time."""
    round = Round.objects.get(pk=pk_of(subject, Round))
    people = User.objects.active().filter(pk__in=round.followers.values("user")).order_by("pk")
    with transaction.atomic():
        for person in people:
            if facts_of(person).consent != "withdrawn" and may_see_round(person, round):
                notices.notify(
                    recipient=person,
                    kind="round_closing_moved",
                    subject=round,
                    occurrence=f"closes-{round.closes_at:%Y%m%dT%H%M%S}",
                )


@outbox.handler("consent.withdrawn", name="consultations.take_name_off")
def withhold_name(subject: str) -> None:
    """Consent taken back: what was submitted stays, without the name."""
    take_name_off(person_id=int(pk_of(subject, User)))


@outbox.handler("person.erase", name="consultations.erase_person")
def erase(subject: str) -> None:
    """An account erased: drafts go, what was submitted stays, without the name."""
    erase_words_of(person_id=int(pk_of(subject, User)))


@outbox.handler("draft.released", name="consultations.carry_forward")
def carry_forward(subject: str) -> None:
    """A draft, or a language of one, has come out: what is open on earlier drafts goes on to it."""
    start_carrying(draft=Draft.objects.get(pk=pk_of(subject, Draft)))


@outbox.handler("comment.on_earlier_draft", name="consultations.carry_one_forward")
def carry_one_forward(subject: str) -> None:
    """Something was said of a draft after the next one had come out: it goes on, too."""
    carry_comment(comment=Comment.objects.get(pk=pk_of(subject, Comment)))


@jobs.kind(KIND, label=_("Carrying comments to the next draft"))
def carry(job: Job, progress: jobs.Progress) -> StoredFile | None:
    draft = Draft.objects.get(pk=job.params["draft"])
    carry_comments(draft=draft, total=progress.set_total, advance=progress.advance)
    return None


@jobs.kind(COMPILATION, label=_("Compiling the comments of a round"))
def compile_comments(job: Job, progress: jobs.Progress) -> StoredFile | None:
    return write_compilation(job=job, progress=progress)


notices.register_kind("answer_published", render_answers)
notices.register_kind("answer_sent_back", render_sent_back)
notices.register_kind("own_copy", render_copy)
notices.register_kind("round_closing_moved", render_new_closing)
notices.register_kind("reply_written", render_replies)
notices.register_kind(ASSIGNED, render_assigned)
notices.register_kind(VOICE_MISSING, render_missing)
