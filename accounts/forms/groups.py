"""The forms of the secretariat's pages about groups, their members and their terms of reference."""

from typing import Any

from django import forms
from django.conf import settings
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.actions.groups import LONGEST_TERMS
from accounts.actions.memberships import LONGEST_REASON, replaceable_by
from accounts.forms.people import AddressesForm, DayField
from accounts.models import Group, Membership
from accounts.reference_tables import usual_terms
from core.forms import ReadableFields, TakesErrors
from core.six_languages import words_of

LANGUAGES = [("en", "English"), *((code, name) for code, name in settings.LANGUAGES if code != "en")]


def _reason(help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Reason"),
        max_length=LONGEST_REASON,
        required=required,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=help_text,
    )


TOLD = _("It is kept with the membership, and the member reads it.")


class MembersForm(TakesErrors, AddressesForm):
    """People to put into a group, and for how long."""

    ends_on = DayField(
        label=_("Last day of their term"),
        required=False,
        help_text=_(
            "They are members to the end of that day, in the secretariat’s time zone. Empty: no end is agreed."
        ),
    )
    reason = _reason(_("It is kept with each membership; members read their own."), required=False)


class TermForm(TakesErrors, ReadableFields, forms.Form):
    ends_on = DayField(
        label=_("Last day"),
        required=False,
        help_text=_("That day included, in the secretariat’s time zone. Empty: no end is agreed."),
    )
    reason = _reason(TOLD)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "term")
        kwargs.setdefault("initial", {"ends_on": membership.ends_on})
        super().__init__(*args, **kwargs)


class RoleForm(TakesErrors, ReadableFields, forms.Form):
    role = forms.ChoiceField(
        label=_("Role in the group"), choices=Membership.Role.choices, widget=forms.RadioSelect
    )
    reason = _reason(TOLD)

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "role")
        kwargs.setdefault("initial", {"role": membership.role})
        super().__init__(*args, **kwargs)


class ReplacedForm(TakesErrors, ReadableFields, forms.Form):
    replaces: forms.ModelChoiceField = forms.ModelChoiceField(
        Membership.objects.none(), label=_("In place of"), required=False, empty_label=_("Nobody")
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "replaced")
        kwargs.setdefault("initial", {"replaces": membership.replaces_id})
        super().__init__(*args, **kwargs)
        field: Any = self.fields["replaces"]
        field.queryset = replaceable_by(membership)
        field.label_from_instance = lambda row: row.shown_name


class EndForm(TakesErrors, ReadableFields, forms.Form):
    reason = _reason(TOLD)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "end")
        super().__init__(*args, **kwargs)


class TermsForm(TakesErrors, ReadableFields, forms.Form):
    """Terms of reference in six languages."""

    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        # Where there are none, those that groups of the kind usually have are offered.
        words = words_of(group, "terms") or usual_terms(group.kind)
        initial = {
            "version": group.version,
            **{f"terms_{code}": words.get(code, "") for code, _n in LANGUAGES},
        }
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for code, language in LANGUAGES:
            self.fields[f"terms_{code}"] = forms.CharField(
                label=_("Terms of reference"),
                max_length=LONGEST_TERMS,
                required=False,
                widget=forms.Textarea(attrs={"rows": 12 if code == "en" else 8, "lang": code, "dir": "auto"}),
                help_text=format_html('<span lang="{}">{}</span>', code, language),
            )

    @property
    def language_fields(self) -> list[tuple[str, str, BoundField]]:
        return [(code, name, self[f"terms_{code}"]) for code, name in LANGUAGES]

    @property
    def terms(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"terms_{code}"] for code, _name in LANGUAGES}
