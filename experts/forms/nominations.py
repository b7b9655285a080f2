"""The form of a nomination: what the nominee says, in sections; every field may stay empty until it is handed in."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms.countries import CountryField
from core.forms import ReadableFields
from core.widgets import LanguageSelect
from experts.actions.writing import LONGEST, MOST_REFEREES
from experts.completeness import LABELS
from experts.expertise import OFFICIAL, expertise_choices, language_choices
from experts.models import Call, CallPaper, DeclaredInterest, Gender, Level, Nomination, NominationTrait
from experts.nomination_queries import values_of

K = NominationTrait.Kind
YES_NO = [("yes", _("Yes")), ("no", _("No"))]
NONE = ("", "–")


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _line(autocomplete: str = "") -> forms.TextInput:
    return forms.TextInput(attrs={"dir": "auto", **({"autocomplete": autocomplete} if autocomplete else {})})


class NominationForm(ReadableFields, forms.Form):
    """Words of a nomination and its papers. ``own``: filled in by the nominee, whose interests they are."""

    use_required_attribute = False

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, nomination: Nomination, own: bool, paper_kinds: list[str], **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", initial_of(nomination))
        super().__init__(*args, **kwargs)
        self.nomination, self.own = nomination, own
        self.sections: list[tuple[str, Any, list[str]]] = []
        call = nomination.call
        if not own and nomination.nominee_id is None:
            self._section("contact", _("How the nominee is reached"), _contact_fields())
        self._section("person", _("Person"), _person_fields())
        self._section("work", _("Work"), _work_fields())
        self._section("knowledge", _("What you know"), _knowledge_fields(call))
        self._section("motivation", _("Why you"), _motivation_fields(call))
        if questions := _question_fields(call):
            self._section("questions", _("Questions of the call"), questions)
        if own or nomination.way == Nomination.Way.ENTERED:
            self._section("interests", _("Declaration of interests"), _interest_fields())
        self._section("referees", _("Who can speak for you"), _referee_fields())
        if papers := _paper_fields(call, paper_kinds):
            self._section("papers", _("Papers"), papers)

    def _section(self, key: str, title: Any, fields: dict[str, forms.Field]) -> None:
        for name, field in fields.items():
            field.required = False
            # Whether it is needed is said by the checklist, not by every label.
            if not name.startswith("paper_"):
                field.one_of = name not in _OPTIONAL and not name.startswith("referee_")  # type: ignore[attr-defined]
            self.fields[name] = field
        self.sections.append((key, title, list(fields)))

    def shown_sections(self) -> Iterator[tuple[str, Any, list[forms.BoundField]]]:
        for key, title, names in self.sections:
            yield key, title, [self[name] for name in names]

    @property
    def changes(self) -> dict[str, Any]:
        """What the action takes, from the fields that could be read; files apart."""
        data = self.cleaned_data
        plain = (
            "name",
            "email",
            "language",
            "gender",
            "level_of_government",
            "workplace",
            "position",
            "experience",
        )
        found: dict[str, Any] = {name: data[name] for name in (*plain, "motivation") if name in data}
        if "years_of_experience" in data:
            found["years_of_experience"] = data["years_of_experience"]
        if "experienced_in_processes" in data:
            found["experienced_in_processes"] = _truth(data["experienced_in_processes"])
        if "expertise" in data:
            found["expertise"] = data["expertise"]
        if {"languages", "languages_2", "languages_3"} <= set(data):
            others = [code for code in values_of(self.nomination, K.LANGUAGE) if code not in OFFICIAL]
            chosen = (data["languages_2"], data["languages_3"])
            # More than the form has room for came through the API, and stays.
            found["languages"] = [*data["languages"], *filter(None, chosen), *others[2:]]
        countries = [data.get(f"nationalities{end}") for end in ("", "_2", "_3")]
        more = values_of(self.nomination, K.NATIONALITY)[3:]
        found["nationalities"] = [*(country.pk for country in countries if country), *more]
        found["answers"] = {name[7:]: text for name, text in data.items() if name.startswith("answer_")}
        if "interest_employment" in self.fields:
            found["interests"] = {
                topic: (_truth(data[f"interest_{topic}"]), data.get(f"interest_{topic}_detail", ""))
                for topic in DeclaredInterest.Topic.values
                if f"interest_{topic}" in data
            }
        rows = range(1, MOST_REFEREES + 1)
        named = {n: {key: f"referee_{n}_{key}" for key in ("name", "position", "email")} for n in rows}
        if all(name in data for names in named.values() for name in names.values()):
            found["referees"] = [{key: data[name] for key, name in names.items()} for names in named.values()]
        return found

    @property
    def given_papers(self) -> dict[str, Any]:
        """Uploads by kind."""
        return {
            name.removeprefix("paper_"): file
            for name, file in self.cleaned_data.items()
            if name.startswith("paper_") and file
        }

    def take_errors(self, error: ValidationError) -> None:
        """Show what an action found wrong beside the field that people know."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, messages in error.message_dict.items():
            at = "referee_1_name" if name == "referees" else name
            self.add_error(at if at in self.fields else None, messages)


_OPTIONAL = {"nationalities_2", "nationalities_3", "languages_2", "languages_3", "experienced_in_processes"}


def _truth(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


def _spoken(value: bool | None) -> str:
    return "" if value is None else "yes" if value else "no"


def _contact_fields() -> dict[str, forms.Field]:
    return {
        "email": forms.CharField(
            label=LABELS["email"],
            max_length=254,
            widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        ),
        "language": forms.ChoiceField(
            label=LABELS["language"], choices=settings.LANGUAGES, widget=LanguageSelect
        ),
    }


def _person_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {
        "name": forms.CharField(label=LABELS["name"], max_length=LONGEST["name"], widget=_line("name")),
        "gender": forms.ChoiceField(label=LABELS["gender"], choices=Gender.choices, widget=forms.RadioSelect),
    }
    for end, label in (
        ("", LABELS["nationalities"]),
        ("_2", _("Second nationality")),
        ("_3", _("Third nationality")),
    ):
        fields[f"nationalities{end}"] = CountryField(
            label=label, empty_label="–", widget=forms.Select(attrs={"autocomplete": "off"})
        )
    return fields


def _work_fields() -> dict[str, forms.Field]:
    return {
        "workplace": forms.CharField(
            label=LABELS["workplace"], max_length=LONGEST["workplace"], widget=_line("organization")
        ),
        "position": forms.CharField(
            label=LABELS["position"], max_length=LONGEST["position"], widget=_line("organization-title")
        ),
        "level_of_government": forms.ChoiceField(
            label=LABELS["level_of_government"], choices=[NONE, *Level.choices]
        ),
        "years_of_experience": forms.IntegerField(
            label=LABELS["years_of_experience"], min_value=0, max_value=80, localize=False
        ),
    }


def _knowledge_fields(call: Call) -> dict[str, forms.Field]:
    every = language_choices()
    others = [NONE, *every[len(OFFICIAL) :]]
    return {
        "expertise": forms.MultipleChoiceField(
            label=LABELS["expertise"],
            choices=expertise_choices(call.guidelines),
            widget=forms.CheckboxSelectMultiple,
            help_text=_(
                "The eight pillars of the guidelines, and fields beside them. Choose what you know well."
            ),
        ),
        "languages": forms.MultipleChoiceField(
            label=LABELS["languages"], choices=every[: len(OFFICIAL)], widget=forms.CheckboxSelectMultiple
        ),
        # Ids of their own: those of the boxes above are numbered.
        "languages_2": forms.ChoiceField(
            label=_("Another language"),
            choices=others,
            widget=forms.Select(attrs={"id": "id_second_language"}),
        ),
        "languages_3": forms.ChoiceField(
            label=_("One more language"),
            choices=others,
            widget=forms.Select(attrs={"id": "id_third_language"}),
        ),
    }


def _motivation_fields(call: Call) -> dict[str, forms.Field]:
    rule = _(
        "At most %(most)d words. A word is what stands between spaces; in Chinese and Japanese every character"
        " counts as one."
    )
    return {
        "experience": forms.CharField(
            label=LABELS["experience"], max_length=LONGEST["experience"], widget=_area(6)
        ),
        "experienced_in_processes": forms.ChoiceField(
            label=_("Have you taken part in work of this kind before?"),
            choices=YES_NO,
            widget=forms.RadioSelect,
        ),
        "motivation": forms.CharField(
            label=LABELS["motivation"],
            max_length=LONGEST["motivation"],
            widget=_area(10),
            help_text=rule % {"most": call.motivation_words},
        ),
    }


def _question_fields(call: Call) -> dict[str, forms.Field]:
    return {
        f"answer_{question.pk}": forms.CharField(
            label=question.wording,
            max_length=20_000,
            widget=_area(4),
            help_text=_("At most %(most)d words.") % {"most": question.max_words},
        )
        for question in call.questions.all()
    }


def _interest_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for topic, label in DeclaredInterest.Topic.choices:
        fields[f"interest_{topic}"] = forms.ChoiceField(
            label=label, choices=YES_NO, widget=forms.RadioSelect, help_text=QUESTIONS[topic]
        )
        fields[f"interest_{topic}_detail"] = forms.CharField(
            label=_("If yes: what, with whom, since when"), max_length=5000, widget=_area(2)
        )
    return fields


# Topics: WHO's declaration of interests for experts; the last four years, as there.
QUESTIONS = {
    "employment": _(
        "In the last four years, did an organization with an interest in the subject employ or pay you?"
    ),
    "research": _("In the last four years, did such an organization pay for your research?"),
    "investment": _("Do you own shares or other holdings in a company with an interest in the subject?"),
    "intellectual_property": _(
        "Do you own patents, trademarks or copyrights that the guidelines might affect?"
    ),
    "public_position": _(
        "Did you speak publicly or before a court or regulator for one side of the subject?"
    ),
    "family": _("Does anyone in your close family have such an interest?"),
}


def _referee_fields() -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    for n in range(1, MOST_REFEREES + 1):
        numbered = {"number": n}
        fields[f"referee_{n}_name"] = forms.CharField(
            label=_("Name of referee %(number)d") % numbered, max_length=150, widget=_line("off")
        )
        fields[f"referee_{n}_position"] = forms.CharField(
            label=_("Position of referee %(number)d") % numbered, max_length=200, widget=_line("off")
        )
        fields[f"referee_{n}_email"] = forms.CharField(
            label=_("E-mail of referee %(number)d") % numbered,
            max_length=254,
            widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        )
    return fields


def _paper_fields(call: Call, kinds: list[str]) -> dict[str, forms.Field]:
    asked = [paper for paper in call.papers.all() if paper.kind in kinds]
    return {f"paper_{paper.kind}": paper_field(paper) for paper in asked}


def paper_field(paper: CallPaper) -> forms.FileField:
    pages = {"pages": paper.max_pages}
    field = forms.FileField(
        label=paper.get_kind_display(),
        required=False,
        help_text=_("PDF of at most %(pages)d pages and 5 MB.") % pages
        if paper.max_pages
        else _("PDF of at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )
    # Not called optional where the call requires it, though it may come later.
    field.one_of = paper.required  # type: ignore[attr-defined]
    return field


def initial_of(nomination: Nomination) -> dict[str, Any]:
    """What stands in the nomination, by the names of the form."""
    spoken = values_of(nomination, K.LANGUAGE)
    others = [code for code in spoken if code not in OFFICIAL]
    names = ("version", "name", "email", "language", "gender", "workplace", "position", "level_of_government")
    found: dict[str, Any] = {name: getattr(nomination, name) for name in names}
    for name in ("experience", "years_of_experience", "motivation"):
        found[name] = getattr(nomination, name)
    found["experienced_in_processes"] = _spoken(nomination.experienced_in_processes)
    found["expertise"] = values_of(nomination, K.EXPERTISE)
    found["languages"] = [code for code in spoken if code in OFFICIAL]
    found |= dict(zip(("languages_2", "languages_3"), others, strict=False))
    countries = values_of(nomination, K.NATIONALITY)
    found |= dict(zip(("nationalities", "nationalities_2", "nationalities_3"), countries, strict=False))
    for answer in nomination.answers.all():
        found[f"answer_{answer.question_id}"] = answer.text
    for interest in nomination.interests.all():
        found[f"interest_{interest.topic}"] = _spoken(interest.exists)
        found[f"interest_{interest.topic}_detail"] = interest.detail
    for n, referee in enumerate(nomination.referees.all(), 1):
        for key in ("name", "position", "email"):
            found[f"referee_{n}_{key}"] = getattr(referee, key)
    return found


class ApplyForm(forms.Form):
    """For which country somebody applies."""

    country = CountryField(label=_("Country that is to endorse you"), empty_label="–")


class NominateForm(ReadableFields, forms.Form):
    """Whom a country nominates: enough to tell the person; they complete the rest."""

    name = forms.CharField(label=LABELS["name"], max_length=LONGEST["name"], widget=_line("off"))
    email = forms.CharField(
        label=LABELS["email"],
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        help_text=_("The nominee is told there, and confirms it."),
    )
    language = forms.ChoiceField(label=LABELS["language"], choices=settings.LANGUAGES, widget=LanguageSelect)
    workplace = forms.CharField(
        label=LABELS["workplace"], max_length=LONGEST["workplace"], required=False, widget=_line("off")
    )
    position = forms.CharField(
        label=LABELS["position"], max_length=LONGEST["position"], required=False, widget=_line("off")
    )
    attested = forms.BooleanField(label=_("This person agreed to be nominated."))

    @property
    def changes(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("name", "email", "language", "workplace", "position")
        }

    def take_errors(self, error: ValidationError) -> None:
        for name, messages in error.message_dict.items():
            self.add_error(name if name in self.fields else None, messages)


class EntryForm(NominateForm):
    """What the secretariat enters that reached it otherwise."""

    field_order = ["country"]
    country = CountryField(label=_("Country"), empty_label="–", widget=forms.Select)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["attested"]
        self.fields["email"].help_text = ""
