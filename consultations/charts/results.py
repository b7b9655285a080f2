"""What people answered to a round's questions, as bars, a median, or their words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.charts.bars import WIDTH, plain, sentence_of
from consultations.forms.questions import marked, offered, wordings_of
from consultations.models import Question, QuestionAnswer
from consultations.models.questions import SCALE


@dataclass(frozen=True)
class ResultBar:
    """One option or step: how many people chose it, and whether the median lies there."""

    label: SafeString | str
    people: int
    width: int
    median: bool = False


@dataclass(frozen=True)
class QuestionResult:
    """The answers to one question; ``words`` are the latest of those in own words."""

    question: Question
    wording: SafeString | str
    people: int
    bars: list[ResultBar]
    sentence: str
    median: float | None = None
    words: Sequence[QuestionAnswer] = field(default_factory=list)
    width: int = WIDTH

    @property
    def more(self) -> int:
        """How many answers in own words are not among ``words``."""
        return self.people - len(self.words)


def result_of(
    question: Question, people: int, counts: Counter[str], words: Sequence[QuestionAnswer] = ()
) -> QuestionResult:
    """``people`` answered; ``counts`` says how many of them chose each key."""
    wording = marked(wordings_of(question))
    if question.kind == Question.Kind.OPEN:
        said = ngettext("%(n)d answer in own words.", "%(n)d answers in own words.", people) % {"n": people}
        return QuestionResult(question, wording, people, [], said, words=words)
    median = median_of(counts) if question.kind == Question.Kind.SCALE else None
    most = max(counts.values(), default=0)
    bars = [
        ResultBar(
            label,
            counts[key],
            round(WIDTH * counts[key] / most) if most else 0,
            median is not None and abs(int(key) - median) < 1 and (median % 1 != 0 or int(key) == median),
        )
        for key, label in offered(question)
    ]
    return QuestionResult(question, wording, people, bars, _sentence(bars, people, median), median)


def median_of(counts: Counter[str]) -> float | None:
    """The middle of the steps that people chose; between two steps where the middle two differ."""
    steps = [step for step in SCALE for _n in range(counts[str(step)])]
    if not steps:
        return None
    middle = len(steps) // 2
    return float(steps[middle]) if len(steps) % 2 else (steps[middle - 1] + steps[middle]) / 2


def _sentence(bars: list[ResultBar], people: int, median: float | None) -> str:
    if not people:
        return _("Nobody has answered yet.")
    if median is not None:
        return ngettext(
            "The median of %(n)d answer is %(median)s, on a scale from 1 to 5.",
            "The median of %(n)d answers is %(median)s, on a scale from 1 to 5.",
            people,
        ) % {"n": people, "median": number_format(median, 0 if median % 1 == 0 else 1)}
    return sentence_of([(plain(bar.label), bar.people) for bar in bars], people)
