"""Names kept in six languages."""

from modeltranslation.translator import TranslationOptions, register

from accounts.models import Country, Group, Organisation, Region


@register(Region)
@register(Country)
@register(Organisation)
class NameTranslation(TranslationOptions):
    fields = ("name",)


@register(Group)
class GroupTranslation(TranslationOptions):
    fields = ("name", "terms")
