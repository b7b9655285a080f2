"""Names kept in six languages."""

from modeltranslation.translator import TranslationOptions, register

from accounts.models import Country, Group, Organisation, Region


@register(Region)
@register(Country)
@register(Organisation)
@register(Group)
class NameTranslation(TranslationOptions):
    fields = ("name",)
