"""What the road map says in six languages."""

from modeltranslation.translator import TranslationOptions, register

from roadmap.models import (
    AgendaItem,
    CostLine,
    EntryLine,
    FundingScenario,
    FundingSnapshot,
    Meeting,
    MeetingDecision,
    MeetingRecord,
    Milestone,
    OperativeParagraph,
    ReportingPeriod,
    Resolution,
)


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


@register(Resolution)
class ResolutionTranslation(TranslationOptions):
    fields = ("title", "preamble")


@register(OperativeParagraph)
class OperativeParagraphTranslation(TranslationOptions):
    fields = ("text",)


@register(ReportingPeriod)
class ReportingPeriodTranslation(TranslationOptions):
    fields = ("session", "venue", "agenda_item", "introduction")


@register(EntryLine)
class EntryLineTranslation(TranslationOptions):
    fields = ("text",)


@register(CostLine)
class CostLineTranslation(TranslationOptions):
    fields = ("title", "unit")


@register(FundingSnapshot)
class FundingSnapshotTranslation(TranslationOptions):
    fields = ("title",)


@register(FundingScenario)
class FundingScenarioTranslation(TranslationOptions):
    fields = ("title", "description")
