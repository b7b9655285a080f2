"""A round's questions: answering them, and writing them."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from consultations.actions.question_answers import answer_question, hide_question_answer
from consultations.actions.questions import create_question, delete_question, edit_question
from consultations.asked import answer_counts, asked_questions, said, visible_answers
from consultations.charts import result_of
from consultations.forms.questions import QuestionAnswerForm, QuestionForm, question_initial
from consultations.models import Question, QuestionAnswer, Round
from consultations.rules import is_staff, may_manage_round, may_see_figures, may_set_questions
from consultations.views.voices import PER_PAGE, visible_round
from core.addresses import is_local
from core.verdicts import Conflict, require


def question_detail(request: HttpRequest, round_id: int, question_id: int) -> HttpResponse:
    """One question: answering it, and what others answered as far as the reader may see it."""
    round = visible_round(request, round_id)
    question = get_object_or_404(Question, round=round, pk=question_id)
    question.round = round
    if request.method != "POST":
        return _question_page(request, question)
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("consultations:question_detail", args=[round.pk, question.pk]))
    return _answer(request, question)


def _answer(request: HttpRequest, question: Question) -> HttpResponse:
    form = QuestionAnswerForm(question, request.POST)
    if not form.is_valid():
        return _question_page(request, question, form=form, status=400)
    try:
        answer = answer_question(
            author=request.user,
            question=question,
            value=form.value,
            version=form.cleaned_data["version"] or 0,
        )
    except ValidationError as error:
        form.take_errors(error)
        return _question_page(request, question, form=form, status=400)
    except Conflict as conflict:
        form.take_version(conflict.current["version"])
        standing = said(question, conflict.current["value"])
        return _question_page(request, question, form=form, conflict=conflict, standing=standing, status=409)
    _tell(request, answer)
    return redirect(_way_back(request, question, form.cleaned_data["back"]))


def _tell(request: HttpRequest, answer: QuestionAnswer) -> None:
    if answer.late is not None:
        messages.warning(
            request,
            _("The round closed before this arrived. Your answer is kept as a draft and not counted."),
        )
    elif answer.value is None:
        messages.success(request, _("Your answer is taken back."))
    else:
        messages.success(request, _("Thank you. Your answer is kept."))


def _way_back(request: HttpRequest, question: Question, back: str) -> str:
    """The page on which the question was answered, at the question."""
    if not is_local(back):
        back = reverse("consultations:round_detail", args=[question.round_id])
    return f"{back.partition('#')[0]}#question-{question.pk}"


def _question_page(
    request: HttpRequest,
    question: Question,
    *,
    form: QuestionAnswerForm | None = None,
    status: int = 200,
    **shown: Any,
) -> HttpResponse:
    """The page of one question; ``form`` is one that came back with errors or met another answer."""
    round, user = question.round, request.user
    asked = next(each for each in asked_questions(round, user) if each.question.pk == question.pk)
    if form is not None:
        asked.form = form
    context = {"round": round, "asked": asked, "names": is_staff(user, round), **shown}
    if may_see_figures(user, round):
        found = visible_answers(round, user).filter(question=question).select_related("author")
        page = Paginator(found.order_by("-at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
        people, counts = answer_counts(round, user).get(question.pk, (0, Counter()))
        written = list(page) if question.kind == Question.Kind.OPEN else []
        context |= {"result": result_of(question, people, counts, written), "page": page}
    return render(request, "consultations/question_detail.html", context, status=status)


@login_required
def question_list(request: HttpRequest, round_id: int) -> HttpResponse:
    """The questions as the secretariat keeps them."""
    round = visible_round(request, round_id)
    require(may_manage_round(request.user, round))
    context = {
        "round": round,
        "asked": asked_questions(round, request.user),
        "may_set": may_set_questions(request.user, round, at=timezone.now()),
    }
    return render(request, "consultations/question_list.html", context)


@login_required
def question_create(request: HttpRequest, round_id: int) -> HttpResponse:
    round = visible_round(request, round_id)
    require(may_set_questions(request.user, round, at=timezone.now()))
    form = QuestionForm(request.POST or None, round=round, initial={"kind": Question.Kind.CHOICE})
    if request.method == "POST" and form.is_valid():
        try:
            create_question(actor=request.user, round=round, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The question is added."))
            return redirect("consultations:question_list", round.pk)
    return _form_page(request, round, form, None)


@login_required
def question_edit(request: HttpRequest, round_id: int, question_id: int) -> HttpResponse:
    """Change a question; once the round has opened, correct its words."""
    round = visible_round(request, round_id)
    require(may_manage_round(request.user, round))
    question = get_object_or_404(Question, round=round, pk=question_id)
    opened = not may_set_questions(request.user, round, at=timezone.now())
    form = QuestionForm(request.POST or None, round=round, opened=opened, initial=question_initial(question))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edit_question(actor=request.user, question=question, version=version, **form.plan)
        except ValidationError as error:
            form.take_errors(error)
        else:
            messages.success(request, _("The question is saved."))
            return redirect("consultations:question_list", round.pk)
    return _form_page(request, round, form, question)


def _form_page(
    request: HttpRequest, round: Round, form: QuestionForm, question: Question | None
) -> HttpResponse:
    context = {"form": form, "round": round, "question": question}
    return render(request, "consultations/question_form.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def question_delete(request: HttpRequest, round_id: int, question_id: int) -> HttpResponse:
    round = visible_round(request, round_id)
    require(may_manage_round(request.user, round))
    delete_question(actor=request.user, question=get_object_or_404(Question, round=round, pk=question_id))
    messages.success(request, _("The question is deleted."))
    return redirect("consultations:question_list", round.pk)


@login_required
@require_POST
def question_answer_hide(
    request: HttpRequest, round_id: int, question_id: int, answer_id: int
) -> HttpResponse:
    """Moderate an answer in own words: hide it with a reason, or (without "hide") show it again."""
    round = visible_round(request, round_id)
    require(may_manage_round(request.user, round))
    answer = get_object_or_404(QuestionAnswer, question__round=round, question=question_id, pk=answer_id)
    try:
        hide_question_answer(
            actor=request.user,
            answer=answer,
            reason=request.POST.get("reason", ""),
            hidden="show" not in request.POST,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("consultations:question_detail", round.pk, question_id)
