"""Addresses of rounds, their figures and questions, and of the secretariat's desk."""

from django.urls import path

from consultations.views import (
    answer_templates,
    applying,
    balance,
    brackets,
    brackets_pasting,
    carrying,
    compilations,
    dashboard,
    desk,
    desk_answering,
    desk_notes,
    desk_provisions,
    desk_saved,
    desk_second_reading,
    desk_tags,
    desk_templates,
    desk_work,
    entering,
    progress,
    questions,
    rounds,
)

QUESTIONS = "rounds/<int:round_id>/questions/"
TEMPLATES = "rounds/answer-templates/"
CARRIED = "rounds/carried/<slug:slug>/<int:number>/"
DESK = "rounds/<int:round_id>/desk/"
PROVISIONS = "rounds/<int:round_id>/desk/provisions/"
QUESTION = f"{QUESTIONS}<int:question_id>/"

urlpatterns = [
    path("rounds/", rounds.round_list, name="round_list"),
    path("rounds/new/", rounds.round_create, name="round_create"),
    path("rounds/<int:round_id>/", rounds.round_detail, name="round_detail"),
    path("rounds/<int:round_id>/edit/", rounds.round_edit, name="round_edit"),
    path("rounds/<int:round_id>/move/", rounds.round_move, name="round_move"),
    path("rounds/<int:round_id>/follow/", rounds.round_follow, name="round_follow"),
    path("rounds/<int:round_id>/figures/", dashboard.dashboard, name="dashboard"),
    path("rounds/<int:round_id>/compilations/", compilations.compilations, name="compilations"),
    path(QUESTIONS, questions.question_list, name="question_list"),
    path(f"{QUESTIONS}new/", questions.question_create, name="question_create"),
    path(QUESTION, questions.question_detail, name="question_detail"),
    path(f"{QUESTION}edit/", questions.question_edit, name="question_edit"),
    path(f"{QUESTION}delete/", questions.question_delete, name="question_delete"),
    path(
        f"{QUESTION}answers/<int:answer_id>/hide/",
        questions.question_answer_hide,
        name="question_answer_hide",
    ),
    path("rounds/<int:round_id>/brackets/", brackets.brackets, name="brackets_whole"),
    path(
        "rounds/<int:round_id>/brackets/paste/", brackets_pasting.brackets_paste, name="brackets_paste_whole"
    ),
    path("rounds/<int:round_id>/brackets/<slug:key>/", brackets.brackets, name="brackets"),
    path(
        "rounds/<int:round_id>/brackets/<slug:key>/paste/",
        brackets_pasting.brackets_paste,
        name="brackets_paste",
    ),
    path("rounds/<int:round_id>/enter/", entering.enter, name="enter"),
    path(TEMPLATES, answer_templates.template_list, name="template_list"),
    path(f"{TEMPLATES}new/", answer_templates.template_create, name="template_create"),
    path(f"{TEMPLATES}<int:template_id>/", answer_templates.template_edit, name="template_edit"),
    path(f"{TEMPLATES}<int:template_id>/retire/", answer_templates.template_retire, name="template_retire"),
    path(CARRIED, carrying.carried, name="carried"),
    path(f"{CARRIED}on/<slug:key>/", carrying.carried_on, name="carried_on"),
    path(f"{CARRIED}again/", carrying.carry_again, name="carry_again"),
    path(f"{CARRIED}comments/<uuid:uuid>/", carrying.place, name="place"),
    path("rounds/<int:round_id>/balance/", balance.balance, name="balance"),
    path("rounds/<int:round_id>/balance/remind/", balance.balance_remind, name="balance_remind"),
    path("rounds/<int:round_id>/desk/", desk.desk, name="desk"),
    path("rounds/<int:round_id>/desk/progress/", progress.progress, name="progress"),
    path(PROVISIONS, desk_provisions.desk_provisions, name="desk_provisions"),
    path(f"{PROVISIONS}<slug:key>/", desk_provisions.desk_provision, name="desk_provision"),
    path("rounds/<int:round_id>/comments/<uuid:uuid>/apply/", applying.apply, name="desk_apply"),
    path("rounds/<int:round_id>/desk/answer/", desk_answering.desk_answer, name="desk_answer"),
    path("rounds/<int:round_id>/desk/template/", desk_templates.desk_template, name="desk_template"),
    path("rounds/<int:round_id>/desk/agree/", desk_second_reading.desk_agree, name="desk_agree"),
    path("rounds/<int:round_id>/desk/send-back/", desk_second_reading.desk_send_back, name="desk_send_back"),
    path("rounds/<int:round_id>/desk/publish/", desk_answering.desk_publish, name="desk_publish"),
    path("rounds/<int:round_id>/desk/hide/", desk_answering.desk_hide, name="desk_hide"),
    path(f"{DESK}people/", desk_work.desk_people, name="desk_people"),
    path(f"{DESK}work/", desk_work.desk_work, name="desk_work"),
    path(f"{DESK}assign/", desk_work.desk_assign, name="desk_assign"),
    path(f"{DESK}tag/", desk_work.desk_tag, name="desk_tag"),
    path(f"{DESK}tags/", desk_tags.desk_tags, name="desk_tags"),
    path(f"{DESK}notes/", desk_notes.desk_note, name="desk_note"),
    path(f"{DESK}filters/", desk_saved.desk_filters, name="desk_filters"),
]
