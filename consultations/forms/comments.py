"""The form of a comment, of a reply and of a position."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consultations.actions.anchoring import AnchorInput
from consultations.models import Comment, ReplyMails
from core.forms import TakesVersion
from core.widgets import LanguageSelect


class CommentForm(TakesVersion, forms.Form):
    """Kind, comment, other words, reason; the quote comes from the selection or is pasted."""

    kind = forms.ChoiceField(
        label=_("Kind"), choices=Comment.Kind.choices, widget=forms.RadioSelect, initial="substantive"
    )
    quote = forms.CharField(
        label=_("Words you comment on"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Copy them from the text, or leave this empty to comment on the whole provision."),
    )
    body = forms.CharField(
        label=_("Comment"),
        required=False,
        help_text=_("Write a comment, propose other words, or both."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    proposed_text = forms.CharField(
        label=_("Propose other words"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    rationale = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    links = forms.CharField(
        label=_("Links as evidence"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "url", "dir": "ltr"}),
        help_text=_(
            "One link a line. Files can be added on the comment's page, as soon as it is saved as a draft or sent."
        ),
    )
    attribution = forms.ChoiceField(label=_("Shown"), choices=Comment.Attribution.choices, initial="named")
    language = forms.ChoiceField(
        label=_("Language of the comment"), choices=settings.LANGUAGES, widget=LanguageSelect
    )
    provision = forms.CharField(required=False, widget=forms.HiddenInput)
    anchor_start = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    anchor_end = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)
    anchor_language = forms.CharField(required=False, widget=forms.HiddenInput)
    anchor_version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    # The draft into which this form was saved while it was typed; ``version`` is the draft's then.
    saved_as = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, provision_text: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provision_text = provision_text
        # Either this or other words: to call it optional would say that neither is wanted.
        self.fields["body"].one_of = True  # type: ignore[attr-defined]

    def clean_proposed_text(self) -> str:
        """The provision's own words, sent back unchanged, are no proposal."""
        words: str = self.cleaned_data["proposed_text"].replace("\r\n", "\n").strip()
        return "" if words == self.provision_text.strip() else words

    @property
    def anchor(self) -> AnchorInput | None:
        """The quote as the action takes it. Pasted words come without offsets."""
        data = self.cleaned_data
        exact = data["quote"].replace("\r\n", "\n")
        if not exact.strip():
            return None
        placed = data.get("anchor_start") is not None and data.get("anchor_end") is not None
        return AnchorInput(
            exact=exact if placed else exact.strip(),
            start=data["anchor_start"] if placed else None,
            end=data["anchor_end"] if placed else None,
            language=data["anchor_language"] if data["anchor_language"] in dict(settings.LANGUAGES) else "",
            version=data["anchor_version"],
        )

    @property
    def words(self) -> dict[str, str]:
        names = ("kind", "body", "proposed_text", "rationale", "language", "attribution")
        return {name: self.cleaned_data[name] for name in names}

    @property
    def given_links(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["links"].splitlines() if line.strip()]

    def take_errors(self, error: ValidationError) -> None:
        """Show what an action found wrong beside the field that people know."""
        for field, messages in error.message_dict.items():
            name = "quote" if field == "anchor" else field
            self.add_error(
                name if name in self.fields and not self.fields[name].widget.is_hidden else None, messages
            )


class ReplyForm(forms.Form):
    """A reply. One that came back keeps its key, so that what arrived after all counts once."""

    body = forms.CharField(
        label=_("Reply"),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("To address somebody, write @ and the name that stands here, or @Secretariat."),
    )
    idempotency_key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    @classmethod
    def new(cls) -> "ReplyForm":
        return cls(initial={"idempotency_key": uuid.uuid4()})


class ReplyMailsForm(forms.Form):
    choice = forms.ChoiceField(
        label=_("Mail me"), choices=ReplyMails.Choice.choices, widget=forms.RadioSelect
    )


def new_form(
    *, key: str, language: str, text_language: str, provision_text: str, version: int | None
) -> CommentForm:
    """An empty form on a provision (``key`` "" for the draft as a whole)."""
    return CommentForm(
        initial={
            "provision": key,
            "language": language,
            "anchor_language": text_language,
            "anchor_version": version,
            "idempotency_key": uuid.uuid4(),
        },
        provision_text=provision_text,
    )
