"""What nominees know: the eight pillars of the guidelines, and fields beside them; and the languages they speak."""

from babel import Locale
from django.db.models import Q
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext_lazy as _

from core.collation import sorted_by_name
from drafts.models import Draft, Guidelines, ProvisionText

PILLARS = tuple(str(number) for number in range(1, 9))
FIELDS = {
    "data_governance": _("Data governance"),
    "urban_planning": _("Urban planning"),
    "accessibility": _("Accessibility"),
    "gender_equality": _("Gender equality"),
    "legal": _("Law and regulation"),
    "finance": _("Municipal finance"),
    "statistics": _("Statistics"),
    "climate": _("Climate"),
    "cybersecurity": _("Cybersecurity"),
    "transport": _("Transport"),
    "housing": _("Housing"),
    "human_rights": _("Human rights"),
}
CODES = (*PILLARS, *FIELDS)

# The six official ones first, then others that many of those who take part speak.
OFFICIAL = ("ar", "zh-hans", "en", "fr", "ru", "es")
OTHERS = (
    *("am", "bn", "cs", "de", "el", "fa", "ha", "he", "hi", "hu", "id", "it", "ja", "ko", "ms", "my"),
    *("ne", "nl", "pl", "ps", "pt", "ro", "si", "so", "sr", "sw", "ta", "th", "tr", "uk", "ur", "uz", "vi"),
)
SPOKEN = (*OFFICIAL, *OTHERS)


def expertise_choices(guidelines: Guidelines | None) -> list[tuple[str, str]]:
    """Every code with its name in the active language; pillars as the newest published draft calls them (one
    query)."""
    named = _pillar_names(guidelines) if guidelines else {}
    pillars = [
        (code, f"{code}. {named[code]}" if code in named else str(_("Pillar %(number)s") % {"number": code}))
        for code in PILLARS
    ]
    return pillars + [(code, str(label)) for code, label in FIELDS.items()]


def _pillar_names(guidelines: Guidelines) -> dict[str, str]:
    language = (get_language() or "en").lower()
    newest = (
        Draft.objects.filter(guidelines=guidelines, status__in=Draft.OPEN_TO_ALL)
        .order_by("-number")
        .values("pk")[:1]
    )
    wanted = Q(language=language) | Q(language="en")
    found = ProvisionText.objects.filter(
        wanted, provision__draft__in=list(newest.values_list("pk", flat=True)), provision__kind="pillar"
    ).values_list("provision__pillar", "language", "heading")
    names: dict[str, str] = {}
    for pillar, spoken, heading in found:
        if heading and (spoken == language or str(pillar) not in names):
            names[str(pillar)] = heading
    return names


def language_choices() -> list[tuple[str, str]]:
    """Languages by their names in the active language; the official ones first."""
    locale = Locale.parse(to_locale(get_language() or "en"))
    names = {code: str(locale.languages.get(code.partition("-")[0], code)) for code in SPOKEN}
    names = {code: name[:1].upper() + name[1:] for code, name in names.items()}
    language = (get_language() or "en").lower()
    rest = sorted_by_name([(code, names[code]) for code in OTHERS], language, lambda choice: choice[1])
    return [(code, names[code]) for code in OFFICIAL] + rest
