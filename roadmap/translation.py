"""What the road map says in six languages."""

from modeltranslation.translator import TranslationOptions, register

from roadmap.models import Meeting, Milestone


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title",)


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("title", "description")
