"""Addresses of meetings."""

from django.urls import path

from roadmap.views import calendars, meeting_parts, meeting_planning, meeting_running, meetings

app_name = "meetings"

ONE = "meetings/<uuid:uuid>/"
urlpatterns = [
    path("meetings/", meetings.meeting_list, name="list"),
    path("meetings/new/", meeting_planning.meeting_create, name="create"),
    path("meetings/mine/", meetings.my_meetings, name="mine"),
    path("meetings/mine/calendar/", calendars.link_renew, name="link_renew"),
    path("meetings/mine/calendar/stop/", calendars.link_stop, name="link_stop"),
    path("meetings/tasks/<uuid:uuid>/", meetings.task_done, name="task_done"),
    path("meetings/attendance/<slug:group>/", meeting_running.attendance, name="attendance"),
    path(ONE, meetings.meeting_detail, name="detail"),
    path(f"{ONE}answer/", meetings.meeting_answer, name="answer"),
    path(f"{ONE}named/", meetings.meeting_named, name="named"),
    path(f"{ONE}edit/", meeting_planning.meeting_edit, name="edit"),
    path(f"{ONE}announce/", meeting_planning.announce, name="announce"),
    path(f"{ONE}cancel/", meeting_planning.cancel, name="cancel"),
    path(f"{ONE}agenda/", meeting_parts.agenda, name="agenda"),
    path(f"{ONE}agenda/<int:item_id>/", meeting_parts.agenda_item, name="agenda_item"),
    path(f"{ONE}agenda/<int:item_id>/move/", meeting_parts.agenda_move, name="agenda_move"),
    path(f"{ONE}agenda/<int:item_id>/remove/", meeting_parts.agenda_remove, name="agenda_remove"),
    path(f"{ONE}papers/", meeting_parts.papers, name="papers"),
    path(f"{ONE}papers/<int:paper_id>/", meeting_parts.paper_edit, name="paper"),
    path(f"{ONE}papers/<int:paper_id>/remove/", meeting_parts.paper_remove, name="paper_remove"),
    path(f"{ONE}invitations/", meeting_parts.invitations, name="invitations"),
    path(f"{ONE}invitations/groups/", meeting_parts.bring, name="bring"),
    path(f"{ONE}invitations/<uuid:guest>/answer/", meeting_parts.invitation_answer, name="answer_for"),
    path(f"{ONE}invitations/<uuid:guest>/withdraw/", meeting_parts.invitation_withdraw, name="withdraw"),
    path(f"{ONE}run/", meeting_running.run, name="run"),
    path(f"{ONE}held/", meeting_running.hold, name="hold"),
    path(f"{ONE}record/", meeting_running.record, name="record"),
    path(f"{ONE}publish/", meeting_running.publish, name="publish"),
    path(f"{ONE}outcomes/", meeting_running.outcomes, name="outcomes"),
    path(f"{ONE}decisions/<int:decision_id>/", meeting_running.decision_edit, name="decision"),
    path(
        f"{ONE}decisions/<int:decision_id>/remove/", meeting_running.decision_remove, name="decision_remove"
    ),
    path(f"{ONE}tasks/<uuid:task>/", meeting_running.task_edit, name="task"),
]
