"""What the road map says in six languages."""

from modeltranslation.translator import TranslationOptions, register

from roadmap.models import AgendaItem, Meeting, MeetingDecision, MeetingRecord, Milestone


@register(Meeting)
class MeetingTranslation(TranslationOptions):
    fields = ("title",)


@register(Milestone)
class MilestoneTranslation(TranslationOptions):
    fields = ("title", "description")


@register(AgendaItem)
class AgendaItemTranslation(TranslationOptions):
    fields = ("title",)


@register(MeetingRecord)
class MeetingRecordTranslation(TranslationOptions):
    fields = ("notes", "summary")


@register(MeetingDecision)
class MeetingDecisionTranslation(TranslationOptions):
    fields = ("wording",)
