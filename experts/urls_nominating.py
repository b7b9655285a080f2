"""Addresses of nominations."""

from django.urls import path

from experts.views import invited, nominating, nominations

app_name = "nominations"

ONE = "nominations/<uuid:uuid>/"

urlpatterns = [
    path("my/nominations/", nominating.my_nominations, name="my_nominations"),
    path("calls/<int:call_id>/apply/", nominating.apply, name="apply"),
    path("calls/<int:call_id>/country/", nominating.country, name="country"),
    path("calls/<int:call_id>/region/", nominating.region, name="region"),
    path("calls/<int:call_id>/country/nominate/", nominating.nominate_person, name="nominate"),
    path("calls/<int:call_id>/enter/", nominating.enter_nomination, name="enter"),
    path("nominations/invited/<str:token>/", invited.invited, name="invited"),
    path("nominations/invited/<str:token>/sign-up/", invited.invited_sign_up, name="invited_sign_up"),
    path(ONE, nominations.nomination_detail, name="nomination_detail"),
    path(f"{ONE}edit/", nominations.nomination_edit, name="nomination_edit"),
    path(f"{ONE}keep/", nominations.nomination_keep, name="nomination_keep"),
    path(f"{ONE}hand-in/", nominations.hand_in_page, name="hand_in"),
    path(f"{ONE}endorse/", nominations.nomination_endorse, name="nomination_endorse"),
    path(f"{ONE}return/", nominations.nomination_return, name="nomination_return"),
    path(f"{ONE}withdraw/", nominations.nomination_withdraw, name="nomination_withdraw"),
    path(f"{ONE}tell/", nominations.nomination_tell, name="nomination_tell"),
]
