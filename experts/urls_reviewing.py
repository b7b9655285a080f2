"""Addresses of screening, scoring and the board."""

from django.urls import path

from experts.views import board, duplicates, importing, reviewers, scoring, screening

app_name = "reviewing"

CALL = "calls/<int:call_id>"
urlpatterns = [
    path(f"{CALL}/nominations/", screening.nomination_list, name="nomination_list"),
    path(f"{CALL}/nominations/import/", importing.nomination_import, name="nomination_import"),
    path(f"{CALL}/nominations/duplicates/", duplicates.duplicates, name="duplicates"),
    path(f"{CALL}/nominations/eligibility/", screening.eligibility, name="eligibility"),
    path(f"{CALL}/nominations/<uuid:uuid>/reviews/", board.nomination_reviews, name="nomination_reviews"),
    path(f"{CALL}/nominations/<uuid:uuid>/discussion/", board.nomination_discuss, name="nomination_discuss"),
    path(f"{CALL}/reviewers/", reviewers.reviewers, name="reviewers"),
    path(f"{CALL}/reviewers/<int:reviewer_id>/remove/", reviewers.reviewer_remove, name="reviewer_remove"),
    path(f"{CALL}/conflicts/", reviewers.conflicts, name="conflicts"),
    path(f"{CALL}/conflicts/<int:conflict_id>/lift/", reviewers.conflict_lift, name="conflict_lift"),
    path(f"{CALL}/assignments/", reviewers.assignments, name="assignments"),
    path(f"{CALL}/board/", board.board, name="board"),
    path(f"{CALL}/board/scores.csv", board.scores_csv, name="scores_csv"),
    path(f"{CALL}/board/close/", board.scoring_close, name="scoring_close"),
    path(f"{CALL}/scoring/", scoring.scoring_overview, name="scoring_overview"),
    path(f"{CALL}/scoring/my-scores.csv", scoring.own_scores, name="own_scores"),
    path(f"{CALL}/scoring/<int:number>/", scoring.score, name="score"),
    path(f"{CALL}/scoring/<int:number>/notes/", scoring.note, name="note"),
    path(f"{CALL}/scoring/<int:number>/conflict/", scoring.conflict_declare, name="conflict_declare"),
    path(
        f"{CALL}/scoring/conflicts/<int:conflict_id>/take-back/",
        scoring.conflict_take_back,
        name="conflict_take_back",
    ),
]
