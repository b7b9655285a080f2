"""Titles and guidance kept in six languages."""

from modeltranslation.translator import TranslationOptions, register

from consultations.models import Round


@register(Round)
class RoundTranslation(TranslationOptions):
    fields = ("title", "guidance")
