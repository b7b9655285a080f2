"""What calls say in six languages."""

from modeltranslation.translator import TranslationOptions, register

from experts.models import Call, CallQuestion, Criterion, HostingSlot


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("title", "terms")


@register(Criterion)
class CriterionTranslation(TranslationOptions):
    fields = ("name", "description")


@register(CallQuestion)
class CallQuestionTranslation(TranslationOptions):
    fields = ("wording",)


@register(HostingSlot)
class HostingSlotTranslation(TranslationOptions):
    fields = ("title",)
