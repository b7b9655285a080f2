"""Forms of meetings: the plan, cancelling, inviting, answering."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.forms.countries import CountryField
from accounts.models import Group
from core.forms import ReadableFields, TakesErrors
from experts.actions.calls import LONGEST_REASON, LONGEST_TITLE
from experts.forms.clocks import ClockField, ClocksForm, ZoneField
from experts.models import HostingOffer, HostingSlot
from experts.words import words_of
from roadmap.actions.invitations import answers_open_to
from roadmap.forms.languages import LanguagesForm
from roadmap.meeting_times import last_moment, midnight
from roadmap.models import Meeting, MeetingInvitation


class MeetingForm(LanguagesForm, ClocksForm):
    """When, where and of what kind a meeting is, and which groups are invited."""

    translated = {"title": (_("Name of the meeting"), LONGEST_TITLE, 0)}
    needed = ("title",)
    called = {"time_zone": "zone", "place": "venue"}
    clocks = ("starts_at", "ends_at")
    field_order = (
        *("kind", "precision", "starts_at", "starts_at_which", "ends_at", "ends_at_which", "zone"),
        *("mode", "venue", "country", "join_url", "groups", "public"),
    )

    kind = forms.ChoiceField(label=_("Kind"), choices=Meeting.Kind.choices)
    precision = forms.ChoiceField(
        label=_("How exactly the time is known"), choices=Meeting.Precision.choices, initial="time"
    )
    starts_at = ClockField(label=_("Begins"))
    ends_at = ClockField(
        label=_("Ends"), help_text=_("Where only days or months are known: some time on the last day.")
    )
    zone = ZoneField(label=_("Time zone of the meeting"))
    mode = forms.ChoiceField(label=_("Where"), choices=Meeting.Mode.choices)
    venue = forms.CharField(label=_("Place"), max_length=200, required=False)
    country = CountryField(label=_("Country"), required=False)
    join_url = forms.URLField(
        label=_("Address to join online"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=_("Only those invited see it."),
    )
    groups: Any = forms.ModelMultipleChoiceField(
        Group.objects.order_by("pk"),
        label=_("Groups that are invited"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Everybody in them is invited when the meeting is announced. Others can be invited besides."
        ),
    )
    public = forms.BooleanField(
        label=_("Everybody may know of this meeting once it is announced"), required=False
    )

    def __init__(
        self, data: Any = None, *, meeting: Meeting | None = None, slot: HostingSlot | None = None
    ) -> None:
        plan = plan_of(meeting) if meeting else plan_from(slot) if slot else {}
        zone = str(plan.pop("time_zone", settings.SECRETARIAT_TIME_ZONE))
        standing: dict[str, datetime | None] = {name: plan.pop(name, None) for name in self.clocks}
        initial = {"zone": zone, "public": True, **plan}
        super().__init__(data, initial=initial, zone=zone, standing=standing)

    @property
    def plan(self) -> dict[str, Any]:
        given = self.cleaned_data
        names = ("kind", "precision", "starts_at", "ends_at", "mode", "country", "join_url", "public")
        return {
            **{name: given.get(name) for name in names},
            "place": given["venue"],
            "time_zone": given["zone"],
            "titles": self.words("title"),
            "groups": list(given["groups"]),
        }


def plan_of(meeting: Meeting) -> dict[str, Any]:
    """What stands, as the form begins with it. Of whole days the end is shown within the last."""
    whole = meeting.precision != Meeting.Precision.TIME
    names = ("kind", "precision", "starts_at", "time_zone", "mode", "join_url", "public", "version")
    return {
        **{name: getattr(meeting, name) for name in names},
        "ends_at": last_moment(meeting.ends_at) if whole else meeting.ends_at,
        "venue": meeting.place,
        "country": meeting.country_id or "",
        "groups": [group.pk for group in meeting.groups.all()],
        **{f"title_{code}": text for code, text in words_of(meeting, "title").items()},
    }


def plan_from(slot: HostingSlot) -> dict[str, Any]:
    """What a meeting of a call to host says of the meeting that comes of it: its host's dates and place, or what
    became of it."""
    Outcome = HostingSlot.Outcome
    host = slot.offers.filter(state=HostingOffer.State.CHOSEN).first()
    zone = slot.call.zone
    first = slot.held_from or (host.starts_on if host else None) or slot.starts_on
    last = slot.held_to or slot.held_from or (host.ends_on if host else None) or slot.ends_on
    online = slot.outcome == Outcome.ONLINE
    there = host if host and slot.outcome in ("", Outcome.HELD) else None
    return {
        "kind": slot.kind,
        "precision": Meeting.Precision.DAY,
        "starts_at": midnight(first, zone),
        "ends_at": last_moment(midnight(max(first, last) + timedelta(days=1), zone)),
        "time_zone": zone,
        "mode": Meeting.Mode.ONLINE if online else Meeting.Mode.ON_SITE,
        "venue": there.place if there else "",
        "country": there.country_id if there else "",
        **{f"title_{code}": text for code, text in words_of(slot, "title").items()},
    }


class CancelForm(TakesErrors, ReadableFields, forms.Form):
    note = forms.CharField(
        label=_("What you tell those invited"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class InviteForm(TakesErrors, ReadableFields, forms.Form):
    addresses = forms.CharField(
        label=_("Addresses"),
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
        help_text=_("One e-mail address a line, of people who have an account."),
    )


class AnswerForm(TakesErrors, forms.Form):
    """What somebody answers; on another's behalf with the ``version`` that was read."""

    answer = forms.ChoiceField(label=_("Will you come?"), widget=forms.RadioSelect)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, invitation: MeetingInvitation, **kwargs: Any) -> None:
        super().__init__(data, initial={"answer": invitation.answer, "version": invitation.version}, **kwargs)
        self.fields["answer"].choices = answers_open_to(invitation.meeting)  # type: ignore[attr-defined]
