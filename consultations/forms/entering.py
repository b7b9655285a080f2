"""The form for a comment that was received otherwise than through the portal."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Country, Region, StakeholderGroup
from consultations.actions.entering_received import Received, may_vouch
from consultations.models import Comment, Entry, Round
from consultations.rules import counts_if_entered
from core.forms import ReadableFields, TakesErrors
from core.widgets import LanguageSelect
from drafts.models import Provision
from drafts.places import place_in_a_list

ATTRIBUTIONS = [
    (Comment.Attribution.NAMED, _("With the person’s name")),
    (Comment.Attribution.ORGANISATION, _("With the Member State or organization only")),
    (Comment.Attribution.ANONYMOUS, _("Without name")),
]
WORDS = ("kind", "body", "proposed_text", "rationale", "language", "attribution")


class ReceivedForm(ReadableFields, TakesErrors, forms.Form):
    """How and when it came, from whom, and what it says."""

    data: Any
    how = forms.ChoiceField(
        label=_("Received"),
        choices=[(how.value, capfirst(how.label)) for how in Entry.How],
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(
        label=_("Day on which it was received"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    source = forms.ChoiceField(label=_("From"), choices=Entry.Source.choices, widget=forms.RadioSelect)
    country: forms.ModelChoiceField = forms.ModelChoiceField(
        Country.objects.order_by("name"), label=_("Member State, or country"), required=False
    )
    organisation = forms.CharField(label=_("Organization"), required=False, max_length=200)
    stakeholder_group = forms.ChoiceField(
        label=_("Stakeholder group"),
        required=False,
        choices=[("", "–"), *StakeholderGroup.choices],
        help_text=_("Of an organization. A Member State and a person without organization need none."),
    )
    person = forms.CharField(label=_("Name of the person"), required=False, max_length=150)
    region = forms.ChoiceField(
        label=_("Region"),
        required=False,
        help_text=_("Where no country is chosen; else the country tells it."),
    )
    attribution = forms.ChoiceField(
        label=_("Shown"), choices=ATTRIBUTIONS, initial=Comment.Attribution.ORGANISATION
    )
    provision = forms.ChoiceField(label=_("Provision"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=Comment.Kind.choices, initial=Comment.Kind.SUBSTANTIVE)
    language = forms.ChoiceField(
        label=_("Language of the comment"), choices=settings.LANGUAGES, widget=LanguageSelect
    )
    body = forms.CharField(
        label=_("Comment"), required=False, widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"})
    )
    proposed_text = forms.CharField(
        label=_("Proposed words"), required=False, widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"})
    )
    rationale = forms.CharField(
        label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"})
    )
    in_time = forms.BooleanField(
        label=_("It was received before the round closed: count it"),
        required=False,
        help_text=_(
            "This is on the record, with your name in the audit trail, and stands beside the comment."
        ),
    )
    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: Round, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Either this or other words: to call it optional would say that neither is wanted.
        self.fields["body"].one_of = True  # type: ignore[attr-defined]
        regions = Region.objects.filter(scheme="un_group").order_by("pk")
        self._choose("region", [("", "–"), *((region.code, region.name) for region in regions)])
        provisions = Provision.objects.filter(draft=round.draft_id).order_by("position")
        self._choose(
            "provision", [("", _("The draft as a whole")), *((p.key, place_in_a_list(p)) for p in provisions)]
        )
        self.counts = counts_if_entered(round, at=timezone.now())
        if self.counts or not may_vouch(user, round):
            del self.fields["in_time"]

    def _choose(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def take_new_key(self) -> None:
        """Let the form as it was sent be sent again as another comment."""
        self.data = self.data.copy()
        self.data["key"] = str(uuid4())

    @property
    def received(self) -> Received:
        data = self.cleaned_data
        names = ("how", "received_on", "source", "country", "organisation", "person", "region")
        return Received(
            **{name: data[name] for name in names},
            stakeholder_group=data["stakeholder_group"],
            in_time=data.get("in_time", False),
        )

    @property
    def words(self) -> dict[str, str]:
        data = self.cleaned_data
        return {**{name: data[name] for name in WORDS}, "provision_key": data["provision"]}

    @property
    def groups_of_fields(self) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings."""
        came = ("how", "received_on", "in_time")
        who = ("source", "country", "organisation", "stakeholder_group", "person", "region", "attribution")
        what = ("provision", "kind", "language", "body", "proposed_text", "rationale")
        headings = ((_("How and when"), came), (_("From whom"), who), (_("What it says"), what))
        return [(title, [self[name] for name in names if name in self.fields]) for title, names in headings]


def new_entry(round: Round, user: Any, *, provision: str = "", language: str = "en") -> ReceivedForm:
    """An empty form, with a key of its own: sent twice it makes one comment."""
    initial = {"provision": provision, "language": language, "key": uuid4()}
    return ReceivedForm(initial=initial, round=round, user=user)
