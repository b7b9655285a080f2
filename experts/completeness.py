"""What a nomination still needs before it can be handed in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.punctuation import detail
from experts.counting import count_words
from experts.models import CallPaper, DeclaredInterest, Nomination, NominationTrait

K = NominationTrait.Kind

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Name as it is to be published"),
    "email": gettext_lazy("E-mail"),
    "language": gettext_lazy("Language of mails"),
    "gender": gettext_lazy("Gender"),
    "nationalities": gettext_lazy("Nationality"),
    "workplace": gettext_lazy("Place of work"),
    "position": gettext_lazy("Position"),
    "level_of_government": gettext_lazy("Level of government or sector"),
    "expertise": gettext_lazy("Fields of expertise"),
    "languages": gettext_lazy("Languages you work in"),
    "experience": gettext_lazy("Experience"),
    "years_of_experience": gettext_lazy("Years of experience"),
    "motivation": gettext_lazy("Motivation"),
}
# What every nomination has, whoever entered it.
ALWAYS = ("name", "email", "gender", "level_of_government")
WORDS = ("workplace", "position", "experience", "motivation")


@dataclass(frozen=True)
class Gap:
    """Something that is missing. ``field`` is that of the form (its anchor is ``id_<field>``)."""

    field: str
    label: str
    reason: str


def gaps_of_nominee(nomination: Nomination) -> list[Gap]:
    """What the nominee still has to say; what they agree to when they hand it in isn't among it."""
    return list(_gaps(nomination))


def gaps_of_entry(nomination: Nomination) -> list[Gap]:
    """What is needed at least of a nomination that the secretariat enters from elsewhere."""
    kinds = {trait.kind for trait in nomination.traits.all()}
    empty = [name for name in ALWAYS if not getattr(nomination, name)]
    empty += [
        name for name, kind in (("expertise", K.EXPERTISE), ("languages", K.LANGUAGE)) if kind not in kinds
    ]
    return [Gap(name, str(LABELS[name]), _("Missing.")) for name in empty]


def letter_is_missing(nomination: Nomination) -> bool:
    """Whether the call asks for a signed letter of the government that isn't there."""
    return any(
        paper.kind == CallPaper.Kind.LETTER for paper in required_papers(nomination)
    ) and CallPaper.Kind.LETTER not in {paper.kind for paper in nomination.papers.all()}


def required_papers(nomination: Nomination) -> list[CallPaper]:
    return [paper for paper in nomination.call.papers.all() if paper.required]


def _gaps(nomination: Nomination) -> Iterator[Gap]:
    values = {kind: [t.value for t in nomination.traits.all() if t.kind == kind] for kind in K.values}
    several = {
        "nationalities": values[K.NATIONALITY],
        "expertise": values[K.EXPERTISE],
        "languages": values[K.LANGUAGE],
    }
    for name, label in LABELS.items():
        value: Any = several[name] if name in several else getattr(nomination, name)
        if value in ("", None, []):
            yield Gap(name, str(label), _("Missing."))
    most = nomination.call.motivation_words
    if (words := count_words(nomination.motivation)) > most:
        yield Gap("motivation", str(LABELS["motivation"]), too_long(words, most))
    yield from _gaps_of_answers(nomination)
    there = {paper.kind for paper in nomination.papers.all()}
    for paper in required_papers(nomination):
        if paper.kind != CallPaper.Kind.LETTER and paper.kind not in there:
            yield Gap(f"paper_{paper.kind}", str(paper.get_kind_display()), _("Missing."))
    yield from _gaps_of_interests(nomination)


def _gaps_of_answers(nomination: Nomination) -> Iterator[Gap]:
    answers = {answer.question_id: answer.text for answer in nomination.answers.all()}
    for question in nomination.call.questions.all():
        text = answers.get(question.pk, "")
        if question.required and not text:
            yield Gap(f"answer_{question.pk}", question.wording, _("Missing."))
        elif (words := count_words(text)) > question.max_words:
            yield Gap(f"answer_{question.pk}", question.wording, too_long(words, question.max_words))


def _gaps_of_interests(nomination: Nomination) -> Iterator[Gap]:
    declared = {interest.topic: interest for interest in nomination.interests.all()}
    for topic, name in DeclaredInterest.Topic.choices:
        label = _("Declaration of interests") + detail() + name
        if topic not in declared:
            yield Gap(f"interest_{topic}", label, _("Missing."))
        elif declared[topic].exists and not declared[topic].detail:
            yield Gap(f"interest_{topic}_detail", label, _("Say what it is."))


def too_long(words: int, most: int) -> str:
    return _("%(words)d words; at most %(most)d.") % {"words": words, "most": most}
