"""Writing a round's questions: freely until it opens, after that only their words, with a reason."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.comments import find_provision
from consultations.models import Question, Round
from consultations.rules import may_correct_question, may_set_questions
from core import audit
from core.punctuation import listed
from core.verdicts import Conflict, Vanished, require
from core.words import clean_words

MOST_QUESTIONS = 20
MOST_OPTIONS = 12
LONGEST_WORDING = 500
LONGEST_OPTION = 200
LANGUAGES = [code for code, _name in settings.LANGUAGES]
SETTINGS = ("kind", "provision_key", "required", "position")
WORDING_EN = "wording_en"  # modeltranslation's, which holds what no language says, too

Words = Mapping[str, str]


def create_question(
    *,
    actor: Any,
    round: Round,
    kind: str,
    wordings: Words,
    options: Iterable[Words] = (),
    provision_key: str = "",
    required: bool = False,
    position: int | None = None,
) -> Question:
    """Ask something in a round that has not opened. ``wordings`` and each option map languages to text.

    Without ``position`` it comes last. ``Refusal`` unless staff, or once the round has opened;
    ``ValidationError`` by field.
    """
    with transaction.atomic():
        round = _locked(round)
        require(may_set_questions(actor, round, at=timezone.now()))
        standing = list(round.questions.values_list("position", flat=True))
        if len(standing) >= MOST_QUESTIONS:
            raise ValidationError(_("A round asks at most %(limit)d questions.") % {"limit": MOST_QUESTIONS})
        question = Question(
            round=round,
            kind=kind,
            provision_key=provision_key,
            required=required,
            position=max(standing, default=0) + 1 if position is None else position,
        )
        _set_wordings(question, wordings)
        _set_options(question, options)
        _check(question)
        question.save()
        audit.record("question.create", question, actor=actor, changes={"kind": kind, "round": round.pk})
    return question


def edit_question(
    *,
    actor: Any,
    question: Question,
    version: int,
    wordings: Words | None = None,
    options: Iterable[Words] | None = None,
    reason: str = "",
    **fields: Any,
) -> Question:
    """Change a question (``kind, provision_key, required, position`` and its words).

    Once the round has opened only words change, as many options as there were keep their keys, and ``reason``
    goes on the audit trail. ``Conflict`` when somebody changed it since ``version``; ``ValidationError`` by field.
    """
    unknown = set(fields) - set(SETTINGS)
    if unknown:
        raise TypeError(f"not a question's settings: {sorted(unknown)}")
    with transaction.atomic():
        round = _locked(question.round)
        question = _locked_question(question, round)
        require(may_correct_question(actor, question))
        if question.version != version:
            raise Conflict(
                _("This question has changed since you opened it."), current={"version": question.version}
            )
        opened = not may_set_questions(actor, round, at=timezone.now())
        before = len(question.options)
        changed = [name for name, value in fields.items() if getattr(question, name) != value]
        for name, value in fields.items():
            setattr(question, name, value)
        _set_wordings(question, wordings or {})
        if options is not None:
            _set_options(question, options)
        if opened:
            _keep_as_read(question, changed, before, reason)
        _check(question)
        question.version += 1
        question.save()
        said = {"reason": clean_words(reason)} if opened else {}
        audit.record(
            "question.correct" if opened else "question.edit",
            question,
            actor=actor,
            changes={"version": question.version, **said},
        )
    return question


def delete_question(*, actor: Any, question: Question) -> None:
    """Take a question out of a round that has not opened: nobody can have answered it."""
    with transaction.atomic():
        round = _locked(question.round)
        question = _locked_question(question, round)
        require(may_set_questions(actor, round, at=timezone.now()))
        audit.record("question.delete", question, actor=actor, changes={"round": round.pk})
        question.delete()


def _locked(round: Round) -> Round:
    """The round's row: who moves its opening, and who writes its questions, wait for each other."""
    return Round.objects.select_for_update().get(pk=round.pk)


def _locked_question(question: Question, round: Round) -> Question:
    try:
        found = Question.objects.select_for_update().get(pk=question.pk)
    except Question.DoesNotExist:
        raise Vanished from None
    found.round = round
    return found


def _set_wordings(question: Question, wordings: Words) -> None:
    for language, text in wordings.items():
        setattr(question, f"wording_{language.replace('-', '_')}", clean_words(text) or None)
    setattr(question, WORDING_EN, getattr(question, WORDING_EN) or "")


def _set_options(question: Question, options: Iterable[Words]) -> None:
    """Options by their place: the first one's key is "1" however its words change."""
    question.options = [
        {
            "key": str(place),
            "words": {code: words for code, text in option.items() if (words := clean_words(text))},
        }
        for place, option in enumerate(options, 1)
    ]


def _keep_as_read(question: Question, changed: list[str], options_before: int, reason: str) -> None:
    """Refuse what would make answers given already into answers to another question."""
    errors = {name: _("The round has opened: only the words can be corrected.") for name in changed}
    if len(question.options) != options_before:
        errors["options"] = _("The round has opened: options are neither added nor taken away.")
    if not clean_words(reason):
        errors["reason"] = _("Say why: the reason is kept on the audit trail.")
    if errors:
        raise ValidationError(errors)


def _check(question: Question) -> None:
    errors: dict[str, str] = {}
    wordings = [getattr(question, f"wording_{code.replace('-', '_')}") or "" for code in LANGUAGES]
    if not any(wordings):
        errors["wording"] = _("Write the question.")
    elif any(len(text) > LONGEST_WORDING for text in wordings):
        errors["wording"] = _("At most %(limit)d characters.") % {"limit": LONGEST_WORDING}
    if question.kind not in Question.Kind.values:
        errors["kind"] = _("Choose one of: %(choices)s.") % {"choices": listed(Question.Kind.values)}
    elif wrong := _wrong_options(question):
        errors["options"] = wrong
    if errors:
        raise ValidationError(errors)
    if question.provision_key:
        find_provision(question.round, question.provision_key)


def _wrong_options(question: Question) -> str:
    """What is wrong with the options of a question of this kind; "" for nothing."""
    texts = [option["words"] for option in question.options]
    if any(set(words) - set(LANGUAGES) for words in texts):
        return _("Choose one of: %(choices)s.") % {"choices": listed(LANGUAGES)}
    if not all(texts):
        return _("Every option needs words.")
    if any(len(text) > LONGEST_OPTION for words in texts for text in words.values()):
        return _("At most %(limit)d characters.") % {"limit": LONGEST_OPTION}
    if question.kind == Question.Kind.OPEN and texts:
        return _("A question answered in own words has no options.")
    if question.kind == Question.Kind.SCALE and len(texts) not in (0, 2):
        return _("A scale names its two ends: the words for 1 and those for 5.")
    if (
        question.kind in (Question.Kind.CHOICE, Question.Kind.MULTIPLE)
        and not 2 <= len(texts) <= MOST_OPTIONS
    ):
        return _("Give from 2 to %(limit)d options.") % {"limit": MOST_OPTIONS}
    return ""
