"""Titles, guidance and questions kept in six languages."""

from modeltranslation.translator import TranslationOptions, register

from consultations.models import Question, Round


@register(Round)
class RoundTranslation(TranslationOptions):
    fields = ("title", "guidance")


@register(Question)
class QuestionTranslation(TranslationOptions):
    fields = ("wording",)
