"""What follows an event, outside the request (erasing, data put together, mails), and what the clock does."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts import mails, membership_mails, mission_mails
from accounts.actions import memberships
from accounts.actions.erasing import erase_person
from accounts.actions.exporting import KIND, export_data
from accounts.models import User
from core import jobs, notices, outbox, schedule
from core.models import Job, StoredFile, pk_of


@outbox.handler("person.erase", name="accounts.erase_person", outside=True, slow=True)
def erase(subject: str) -> None:
    """Remove what the accounts know of the person, files and mails included."""
    erase_person(person_id=int(pk_of(subject, User)))


@jobs.kind(KIND, label=_("Putting your data together"))
def export(job: Job, progress: jobs.Progress) -> StoredFile:
    return export_data(job=job, progress=progress)


@schedule.every(24 * 3600.0, "accounts.tell_of_ending_terms")
def tell_of_ending_terms(now: datetime) -> None:
    memberships.tell_of_ending_terms(now)


notices.register_kind(memberships.CHANGED, membership_mails.render_changed)
notices.register_kind(memberships.ENDING, membership_mails.render_ending)
notices.register_kind(memberships.TERMS_END, membership_mails.render_terms_ending)
notices.register_kind("affiliation_asked", mails.render_asked)
notices.register_kind("affiliation_confirmed", mails.render_confirmed)
notices.register_kind("affiliation_declined", mails.render_declined)
notices.register_kind("affiliation_placed", mails.render_placed)
notices.register_kind("contact_handed_over", mission_mails.render_handed_over)
notices.register_kind("contact_replaced", mission_mails.render_replaced)
notices.register_kind("place_ended", mission_mails.render_ended)
notices.register_kind("position_changed", mission_mails.render_changed)
