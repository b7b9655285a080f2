"""The form of an answer to a question, and the staff's form of a question."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from consultations.actions.question_answers import LONGEST_ANSWER
from consultations.actions.questions import LONGEST_WORDING
from consultations.forms.rounds import LANGUAGES
from consultations.models import Question, QuestionAnswer, Round
from consultations.models.questions import SCALE
from core.forms import TakesVersion
from drafts.models import Provision
from drafts.queries import read_provisions


def words_in(words: dict[str, str], language: str = "") -> tuple[str, str]:
    """(language, text): in the reader's language, else in the portal's order of fallback; ("", "") for none."""
    order = (language or get_language() or "en", *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    return next(((code, words[code]) for code in order if words.get(code)), ("", ""))


def marked(words: dict[str, str]) -> SafeString | str:
    """The words for the reader; marked with their language where it isn't the page's."""
    language, text = words_in(words)
    if not language or language == get_language():
        return text
    direction = "rtl" if get_language_info(language)["bidi"] else "ltr"
    return format_html('<span lang="{}" dir="{}">{}</span>', language, direction, text)


def wordings_of(question: Question) -> dict[str, str]:
    """A question's wording in every language that it has."""
    texts = {code: getattr(question, f"wording_{code.replace('-', '_')}") for code, _name in LANGUAGES}
    return {code: text for code, text in texts.items() if text}


def offered(question: Question) -> list[tuple[str, SafeString | str]]:
    """What can be chosen, as (value, words): the options, or the steps of the scale with named ends."""
    words = [marked(option["words"]) for option in question.options]
    if question.kind != Question.Kind.SCALE:
        return list(zip(question.keys, words, strict=True))
    ends = {str(SCALE[0]): words[0], str(SCALE[-1]): words[1]} if words else {}
    return [(str(n), format_html("{} – {}", n, ends[str(n)]) if str(n) in ends else str(n)) for n in SCALE]


class QuestionAnswerForm(TakesVersion, forms.Form):
    """One question, asked in the reader's language. ``back`` is the page on which it was answered."""

    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput, initial=0)
    back = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)

    def __init__(self, question: Question, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"question-{question.pk}-%s"
        super().__init__(*args, **kwargs)
        self.question = question
        label = marked(wordings_of(question))
        if question.kind == Question.Kind.OPEN:
            words = forms.Textarea(attrs={"rows": 4, "dir": "auto", "maxlength": LONGEST_ANSWER})
            self.fields["value"] = forms.CharField(label=label, widget=words)
        elif question.kind == Question.Kind.MULTIPLE:
            self.fields["value"] = forms.MultipleChoiceField(
                label=label, choices=offered(question), widget=forms.CheckboxSelectMultiple
            )
        else:
            self.fields["value"] = forms.ChoiceField(
                label=label, choices=offered(question), widget=forms.RadioSelect
            )
        # An empty answer is none; what was answered is taken back by a button of its own.
        self.taken_back = "take_back" in self.data
        self.fields["value"].required = not self.taken_back

    @classmethod
    def of(cls, question: Question, answer: QuestionAnswer | None, back: str = "") -> "QuestionAnswerForm":
        """The form with what its author answered, the late answer first."""
        initial: dict[str, Any] = {"back": back}
        if answer is not None:
            value = answer.value if answer.late is None else answer.late
            initial |= {"version": answer.version, "value": value}
        return cls(question, initial=initial)

    @property
    def value(self) -> Any:
        """The answer as the action takes it."""
        value = None if self.taken_back else self.cleaned_data.get("value")
        return int(value) if self.question.kind == Question.Kind.SCALE and value else value

    def take_errors(self, error: ValidationError) -> None:
        self.add_error("value", error.messages)


class QuestionForm(forms.Form):
    """A question in six languages; options are written one a line, in the same order in every language."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of answer"), choices=Question.Kind.choices, widget=forms.RadioSelect
    )
    provision_key = forms.ChoiceField(
        label=gettext_lazy("Asked beside"),
        required=False,
        help_text=gettext_lazy("Without a choice it is asked about the round as a whole."),
    )
    required = forms.BooleanField(
        label=gettext_lazy("An answer, once given, can be changed but not taken back"), required=False
    )
    position = forms.IntegerField(
        label=gettext_lazy("Place among the questions"), min_value=1, max_value=1000, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the correction"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("The round has opened: only words change now, and the reason is recorded."),
    )
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, round: Round, opened: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.opened = opened
        for code, name in LANGUAGES:
            own, written_in = (
                {"lang": code, "dir": "auto"},
                format_html('<span lang="{}">{}</span>', code, name),
            )
            self.fields[f"wording_{code}"] = forms.CharField(
                label=gettext_lazy("Question"),
                max_length=LONGEST_WORDING,
                required=code == "en",
                widget=forms.Textarea(attrs={"rows": 2, **own}),
                help_text=written_in,
            )
            self.fields[f"options_{code}"] = forms.CharField(
                label=gettext_lazy("Options, one a line"),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, **own}),
                help_text=written_in,
            )
        if opened:
            for name in ("kind", "provision_key", "required", "position"):
                del self.fields[name]
        else:
            del self.fields["reason"]
            self.fields["provision_key"].choices = places(round)  # type: ignore[attr-defined]

    @property
    def language_fields(self) -> list[tuple[str, str, Any, Any]]:
        return [(code, name, self[f"wording_{code}"], self[f"options_{code}"]) for code, name in LANGUAGES]

    @property
    def other_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if not name.startswith(("wording_", "options_"))]

    @property
    def plan(self) -> dict[str, Any]:
        """What the actions take: words by language, options by place, and the settings there were fields for."""
        data = self.cleaned_data
        # A line left empty holds the place of an option without words in that language.
        lines = {code: data[f"options_{code}"].splitlines() for code, _name in LANGUAGES}
        places = range(max(map(len, lines.values()), default=0))
        options = [
            {code: texts[n].strip() for code, texts in lines.items() if n < len(texts) and texts[n].strip()}
            for n in places
        ]
        plan: dict[str, Any] = {
            "wordings": {code: data[f"wording_{code}"] for code, _name in LANGUAGES},
            "options": [option for option in options if option],
        }
        if self.opened:
            return {**plan, "reason": data["reason"]}
        plan |= {name: data[name] for name in ("kind", "provision_key", "required")}
        return plan if data["position"] is None else {**plan, "position": data["position"]}

    def take_errors(self, error: ValidationError) -> None:
        names = {"wording": "wording_en", "options": "options_en", "provision": "provision_key"}
        for field, messages in getattr(error, "error_dict", {None: error}).items():
            name = names.get(field or "", field)
            self.add_error(name if name in self.fields else None, messages)


def places(round: Round) -> list[tuple[str, str]]:
    """Where a question can stand: the draft's provisions in document order, by number and first words."""
    kinds = (Provision.Kind.FOOTNOTE, Provision.Kind.HEADING)
    rows = Provision.objects.filter(draft=round.draft_id).exclude(kind__in=kinds).order_by("position")
    found = [("", _("The round as a whole"))]
    for row in read_provisions(round.draft, rows, get_language() or "en"):
        words = (row.text.heading or row.text.text) if row.text else ""
        short = words if len(words) <= 60 else f"{words[:60].rsplit(' ', 1)[0]} …"
        found.append((row.key, " ".join(filter(None, (row.provision.number, short))) or row.key))
    return found


def question_initial(question: Question) -> dict[str, Any]:
    """The form filled with a standing question."""
    initial: dict[str, Any] = {
        name: getattr(question, name) for name in ("kind", "provision_key", "required", "position", "version")
    }
    for code, _name in LANGUAGES:
        initial[f"wording_{code}"] = wordings_of(question).get(code, "")
        lines = [option["words"].get(code, "") for option in question.options]
        initial[f"options_{code}"] = "\n".join(lines) if any(lines) else ""
    return initial
