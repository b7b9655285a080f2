"""Addresses of the secretariat's pages about people."""

from django.urls import path

from accounts.views import groups, memberships, missions, people

app_name = "people"

urlpatterns = [
    path("", people.people_list, name="list"),
    path("<int:person_id>/", people.person, name="person"),
    path("<int:person_id>/roles/", people.role_grant, name="role_grant"),
    path("<int:person_id>/roles/<int:grant_id>/withdraw/", people.role_withdraw, name="role_withdraw"),
    path("<int:person_id>/memberships/", people.membership_add, name="membership_add"),
    path("<int:person_id>/places/", people.place, name="place"),
    path("<int:person_id>/active/", people.active, name="active"),
    path("memberships/<int:membership_id>/", memberships.membership, name="membership"),
    path("memberships/<int:membership_id>/term/", memberships.membership_term, name="membership_term"),
    path("memberships/<int:membership_id>/role/", memberships.membership_role, name="membership_role"),
    path(
        "memberships/<int:membership_id>/replaced/",
        memberships.membership_replaced,
        name="membership_replaced",
    ),
    path("memberships/<int:membership_id>/end/", memberships.membership_end, name="membership_end"),
    path(
        "affiliations/<int:affiliation_id>/position/", people.affiliation_appoint, name="affiliation_appoint"
    ),
    path("member-states/", missions.mission_list, name="missions"),
    path("member-states/invite-again/", missions.missions_resend, name="missions_resend"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/<slug:group>/", groups.group_detail, name="group"),
    path("groups/<slug:group>/history/", groups.group_history, name="group_history"),
    path("groups/<slug:group>/terms/", groups.group_terms, name="group_terms"),
    path("audit/", people.trail, name="trail"),
]
