"""What the road map says in six languages."""

from modeltranslation.translator import TranslationOptions, register

from roadmap.models import Meeting


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title",)
