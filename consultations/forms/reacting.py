"""The form of a commenter's one reply to an answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import ReadableFields, TakesErrors, TakesVersion


class ReactionForm(ReadableFields, TakesErrors, TakesVersion, forms.Form):
    """Content or not, and why."""

    content = forms.ChoiceField(
        label=_("Are you content with this answer?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=_("Why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Needed if you are not content. Whoever reads your comment reads this, too."),
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
