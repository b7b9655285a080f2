"""Titles and labels kept in six languages."""

from modeltranslation.translator import TranslationOptions, register

from drafts.models import Draft, Guidelines


@register(Guidelines)
class GuidelinesTranslation(TranslationOptions):
    fields = ("title",)


@register(Draft)
class DraftTranslation(TranslationOptions):
    fields = ("label",)
