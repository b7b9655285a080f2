"""Forms of the funding: lines of the estimate, transactions, rates, snapshots."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms.countries import CountryField
from accounts.models import Organisation
from core.forms import ReadableFields, TakesErrors
from core.punctuation import detail
from drafts.models import Guidelines
from experts.forms.hosting import DayField, currency_choices
from experts.words import words_of
from roadmap.actions.accounting import LONGEST_REASON, LONGEST_SOURCE
from roadmap.actions.cost_lines import LONGEST_TITLE, LONGEST_UNIT
from roadmap.actions.milestone_dates import today
from roadmap.actions.rates import LONGEST_SOURCE as LONGEST_RATE_SOURCE
from roadmap.forms.languages import LanguagesForm
from roadmap.funding_choices import organisation_choices, promises
from roadmap.milestone_words import day_words
from roadmap.models import BASE, CostLine, FundingTransaction, Milestone
from roadmap.money_words import amount_words


def _amount(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        decimal_places=2,
        max_digits=16,
        widget=forms.NumberInput(attrs={"step": "0.01", "min": "0", "inputmode": "decimal"}),
        **options,
    )


def _reason(**options: Any) -> forms.CharField:
    options.setdefault("label", _("Why"))
    widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    return forms.CharField(max_length=LONGEST_REASON, widget=widget, **options)


class CostLineForm(LanguagesForm):
    """A line of the estimate. ``key`` becomes its identifier: sent twice it is one."""

    translated = {
        "title": (_("What it is"), LONGEST_TITLE, 0),
        "unit": (_("Counted in"), LONGEST_UNIT, 0),
    }
    needed = ("title",)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=CostLine.Kind.choices)
    milestone: Any = forms.ModelChoiceField(
        Milestone.objects.all(), label=_("Milestone"), required=False, empty_label=_("No milestone alone")
    )
    quantity = _amount(_("How many"), initial=1)
    unit_cost = _amount(_("What each costs"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, initial=BASE)
    on = DayField(
        label=_("Estimated so from"),
        help_text=_("An amount in another currency is turned into US dollars by the rate of that day."),
    )
    dropped = forms.BooleanField(label=_("No longer part of the estimate"), required=False)
    reason = _reason(
        required=False, help_text=_("Needed where the estimate changes; everybody reads it in its history.")
    )

    def __init__(self, data: Any = None, *, line: CostLine | None = None, key: Any = None) -> None:
        initial: dict[str, Any] = {"on": today(), "key": key}
        if line is not None:
            names = ("kind", "milestone", "quantity", "unit_cost", "currency", "dropped", "version")
            initial |= {name: getattr(line, name) for name in names}
            for field in ("title", "unit"):
                initial |= {f"{field}_{code}": text for code, text in words_of(line, field).items()}
        super().__init__(data, initial=initial)
        if line is None:
            del self.fields["dropped"]

    @property
    def content(self) -> dict[str, Any]:
        names = ("kind", "milestone", "quantity", "unit_cost", "currency", "on", "reason", "dropped")
        told = {name: self.cleaned_data[name] for name in names if name in self.fields}
        return {**told, "titles": self.words("title"), "units": self.words("unit")}


class GiverForm(TakesErrors, ReadableFields, forms.Form):
    """From whom, how much and what for: what an entry and one in its stead share."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    on = DayField(label=_("Day"))
    amount = _amount(_("Amount"))
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices, initial=BASE)
    in_kind = forms.BooleanField(label=_("In kind: the amount is what it is worth"), required=False)
    organisation = forms.TypedChoiceField(
        label=_("From: an organization or a member state that the portal knows"),
        required=False,
        choices=organisation_choices,
        coerce=int,
        empty_value=None,
    )
    source = forms.CharField(
        label=_("Or by name"),
        required=False,
        max_length=LONGEST_SOURCE,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("The name of an organization, not of a person."),
    )
    country = CountryField(label=_("Country"), required=False)
    line: Any = forms.ModelChoiceField(
        CostLine.objects.none(),
        label=_("For this line alone"),
        required=False,
        empty_label=_("For whatever is needed"),
    )
    fulfils: Any = forms.ModelChoiceField(
        FundingTransaction.objects.none(),
        label=_("Which promise it fulfils"),
        required=False,
        empty_label=_("None that stands here"),
        help_text=_("A pledge that became a commitment, a commitment that was paid: it then counts once."),
    )
    public = forms.BooleanField(
        label=_("Everybody may know from whom it is"),
        required=False,
        help_text=_("Otherwise it is counted in the sums without a name."),
    )
    note = _reason(label=_("Note for the secretariat"), required=False)

    def __init__(self, data: Any = None, *, guidelines: Guidelines, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        lines = CostLine.objects.filter(guidelines=guidelines, dropped=False)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        fulfils: Any = self.fields["fulfils"]
        fulfils.queryset = promises(guidelines)
        fulfils.label_from_instance = promise_in_words

    @property
    def content(self) -> dict[str, Any]:
        names = ("on", "amount", "currency", "in_kind", "source", "country", "line", "fulfils", "public")
        told = {name: self.cleaned_data[name] for name in (*names, "note") if name in self.fields}
        key = self.cleaned_data["organisation"]
        organisation = Organisation.objects.select_related("country").get(pk=key) if key else None
        return {**told, "organisation": organisation, "uuid": self.cleaned_data["key"]}


class TransactionForm(GiverForm):
    field_order = ("kind",)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=FundingTransaction.Kind.choices, widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, guidelines: Guidelines, key: Any) -> None:
        initial = {"key": key, "on": today(), "public": True, "kind": "pledge"}
        super().__init__(data, guidelines=guidelines, initial=initial)

    @property
    def content(self) -> dict[str, Any]:
        return {**super().content, "kind": self.cleaned_data["kind"]}


class ReplaceForm(GiverForm):
    """An entry in the stead of another, which begins as that one is."""

    field_order = ("replacement", "reason")
    replacement = forms.ChoiceField(
        label=pgettext_lazy("to an entry", "What happened"),
        choices=FundingTransaction.Replacement.choices,
        widget=forms.RadioSelect,
    )
    reason = _reason(help_text=_("Kept for good, and read by everybody where the entry is public."))

    def __init__(self, data: Any = None, *, entry: FundingTransaction, key: Any) -> None:
        names = ("on", "amount", "currency", "in_kind", "source", "line", "fulfils", "public", "note")
        initial = {name: getattr(entry, name) for name in names}
        initial |= {"key": key, "organisation": entry.organisation_id, "country": entry.country_id}
        if entry.fulfils is not None:
            initial["fulfils"] = promises(entry.guidelines).filter(thread=entry.fulfils.thread).first()
        super().__init__(data, guidelines=entry.guidelines, initial=initial)
        self.fields["amount"].required = False
        self.fields["amount"].help_text = _(
            "What it is from now on, or should have been. Nothing (0) where it should never have been entered."
        )

    @property
    def content(self) -> dict[str, Any]:
        told = {**super().content, **{n: self.cleaned_data[n] for n in ("replacement", "reason")}}
        if told["replacement"] == FundingTransaction.Replacement.CANCELLATION:
            told["amount"] = Decimal(0)
        return told


class RateForm(TakesErrors, ReadableFields, forms.Form):
    currency = forms.ChoiceField(label=_("Currency"), choices=currency_choices)
    on = DayField(label=pgettext_lazy("day", "From"))
    per_usd = forms.DecimalField(
        label=_("Units for one US dollar"),
        decimal_places=8,
        max_digits=18,
        widget=forms.NumberInput(attrs={"step": "any", "min": "0", "inputmode": "decimal"}),
    )
    source = forms.CharField(
        label=_("Where it is read"),
        max_length=LONGEST_RATE_SOURCE,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=_("Such as: United Nations operational rates of exchange, with the day."),
    )


class ReasonForm(TakesErrors, ReadableFields, forms.Form):
    reason = _reason()


class SnapshotForm(LanguagesForm):
    translated = {"title": (_("Name of the snapshot"), LONGEST_TITLE, 0)}
    needed = ("title",)
    key = forms.UUIDField(widget=forms.HiddenInput)
    on = DayField(label=_("As of the end of"))

    def __init__(self, data: Any = None, *, key: Any = None) -> None:
        super().__init__(data, initial={"on": today(), "key": key})

    @property
    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {"titles": self.words("title"), "on": given["on"], "uuid": given["key"]}


def promise_in_words(entry: FundingTransaction) -> str:
    kind = str(FundingTransaction.Kind(entry.kind).label)
    return detail().join((entry.giver, kind, day_words(entry.on), amount_words(entry.amount, entry.currency)))
