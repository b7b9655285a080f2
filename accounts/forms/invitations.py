"""The forms of invitations: the secretariat's, a mission's, and the sign-up of somebody who was invited."""

import hashlib
from typing import Any

from allauth.account.forms import SignupForm
from django import forms
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext_lazy as _

from accounts.actions.invitations import DAYS, MOST_DAYS
from accounts.contact_sheet import find_columns
from accounts.forms.countries import CountryField
from accounts.models import Group, Invitation, Role
from accounts.rules import may_invite
from core.forms import ReadableFields, TakesErrors
from core.sheets import Sheet
from core.spreadsheets import LARGEST, read_table
from core.widgets import LanguageSelect

DAY = 24 * 3600


class InvitationForm(TakesErrors, ReadableFields, forms.Form):
    """A pasted list or a table, and what it is for.

    The table isn't kept: what was read of it travels with the page, signed, until it is sent.
    """

    group: forms.ModelChoiceField = forms.ModelChoiceField(
        Group.objects.none(), label=_("Group"), required=False, empty_label=_("No group")
    )
    role = forms.ChoiceField(label=_("Role"), required=False)
    people = forms.CharField(
        label=_("People"),
        max_length=100_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto", "spellcheck": "false"}),
        help_text=_(
            "One on each line: address, name, and, if you like, language and country. For example: "
            "ana@example.org, Ana Ruiz, es, PER"
        ),
        error_messages={
            "max_length": _(
                "The list has %(show_value)d characters; at most %(limit_value)d go at a time. Divide it, and "
                "send the parts one after the other."
            )
        },
    )
    file = forms.FileField(
        label=_("Or a table"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
        help_text=_(
            "CSV or .xlsx, up to 500 rows. Its first row names the columns, in any of the six languages: name, "
            "email, country, language, position (contact, deputy or member). The file isn’t kept."
        ),
    )
    country = CountryField(
        label=_("Member State"),
        required=False,
        empty_label="–",
        widget=forms.Select,
        help_text=_("For lines that name none. Focal points get a place in its mission."),
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=settings.LANGUAGES,
        widget=LanguageSelect,
        help_text=_("For lines that name no language."),
    )
    days = forms.IntegerField(
        label=_("Days to answer"), min_value=1, max_value=MOST_DAYS, initial=DAYS, localize=False
    )

    def __init__(self, *args: Any, inviter: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.inviter = inviter
        for name in ("people", "file"):
            self.fields[name].one_of = True  # type: ignore[attr-defined]
        self.sheet: Sheet | None = None
        self.carried = ""
        # With it browsers cut a list that is too long, and nobody sees who was left out.
        self.fields["people"].widget.attrs.pop("maxlength", None)
        group, role = self.fields["group"], self.fields["role"]
        assert isinstance(group, forms.ModelChoiceField) and isinstance(role, forms.ChoiceField)
        group.queryset = Group.objects.order_by("kind", "slug")
        allowed = [(value, label) for value, label in Role.choices if may_invite(inviter, value)]
        role.choices = [("", _("No role")), *allowed]

    def clean_file(self) -> None:
        """Read the table, of which nothing else is kept."""
        file = self.cleaned_data["file"]
        if file is None:
            return
        # One byte more than is accepted is enough to know.
        self.sheet = find_columns(read_table(file.read(LARGEST + 1)))
        self.carried = signing.dumps(self.sheet.to_json(), salt=self._salt, compress=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        carried = str(self.data.get("sheet", ""))
        if data.get("people"):
            if self.sheet is not None:
                self.add_error("file", _("Give a list or a table, not both."))
        elif self.sheet is None and "file" not in self.errors and carried:
            try:
                self.sheet = Sheet.from_json(signing.loads(carried, salt=self._salt, max_age=DAY))
                self.carried = carried
            except signing.BadSignature:
                self.add_error("file", _("Choose the file once more."))
        return data

    @property
    def _salt(self) -> str:
        return f"accounts.contact_sheet.{self.inviter.pk}"

    @property
    def plan(self) -> dict[str, Any]:
        """What the actions are told, days apart."""
        names = ("people", "group", "role", "language", "country")
        return {"sheet": self.sheet, **{name: self.cleaned_data[name] for name in names}}

    @property
    def seen(self) -> str:
        """A mark of what was filled in: only what has been previewed is sent."""
        values = [str(self.cleaned_data[name]) for name in sorted(self.fields) if name != "file"]
        return hashlib.sha256("\n".join([*values, self.carried]).encode()).hexdigest()


class InvitedSignUpForm(SignupForm):
    """Sign-up for the address that was invited; what the secretariat knows is filled in."""

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].initial = invitation.email
        self.fields["email"].disabled = True
        self.fields["email"].help_text = _("The invitation has confirmed it.")
        self.initial.setdefault("name", invitation.name)
        self.initial.setdefault("country", invitation.country_id)
        self.initial["email"] = invitation.email
        if invitation.state_spoken_for:
            # Given by the secretariat, with the place in its organization: nothing to choose.
            country = self.fields["country"]
            country.label, country.disabled = _("Member State"), True
            country.help_text = _("You speak for it. If it is the wrong one, write to the secretariat first.")
            self.initial["country"] = invitation.country_id
            del self.fields["stakeholder_group"], self.fields["organisation"]
