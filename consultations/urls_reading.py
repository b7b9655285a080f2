"""Addresses of the reading room and of commenting."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from consultations.views import comments, discussing, evidence, giving_account, own, reading, voices


class OwnActConverter(StringConverter):
    """What authors do to their own comments."""

    regex = "submit|withdraw|hand-in|delete|undo"


register_converter(OwnActConverter, "own_act")

ONE = "rounds/<int:round_id>/comments/<uuid:uuid>/"

ACCOUNT = "rounds/<int:round_id>/account/"

urlpatterns = [
    path(ACCOUNT, giving_account.account, name="account"),
    path(f"{ACCOUNT}figures.csv", giving_account.account_table, name="account_table"),
    path(f"{ACCOUNT}changes/", giving_account.account_changes, name="account_changes"),
    path(f"{ACCOUNT}comments/<slug:part>/", giving_account.account_comments, name="account_comments"),
    path("rounds/<int:round_id>/on/", voices.voices, name="voices_whole"),
    path("rounds/<int:round_id>/on/<slug:key>/", voices.voices, name="voices"),
    path("rounds/<int:round_id>/quotes/<slug:key>/", reading.quotes, name="quotes"),
    path("rounds/<int:round_id>/comments/", comments.comment_list, name="comment_list"),
    path("rounds/<int:round_id>/comments/new/", comments.comment_create, name="comment_create"),
    path(ONE, comments.comment_detail, name="comment_detail"),
    path(f"{ONE}edit/", comments.comment_edit, name="comment_edit"),
    path(f"{ONE}evidence/", evidence.evidence_add, name="evidence_add"),
    path(f"{ONE}evidence/<uuid:evidence>/remove/", evidence.evidence_remove, name="evidence_remove"),
    path(f"{ONE}replies/", discussing.reply_create, name="reply_create"),
    path(f"{ONE}position/", discussing.position_take, name="position_take"),
    path(f"{ONE}<own_act:act>/", comments.comment_act, name="comment_act"),
    path("my/comments/", own.my_comments, name="my_comments"),
    path("my/replies/", own.my_replies, name="my_replies"),
    path("my/replies/mails/", own.my_replies_mails, name="my_replies_mails"),
    path("my/comments/download/", own.my_comments_download, name="my_comments_download"),
    path("my/comments/<int:round_id>/mail/", own.my_comments_mail, name="my_comments_mail"),
]
