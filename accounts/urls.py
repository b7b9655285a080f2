"""Addresses of a person's own pages and of invitations; signing in and up is allauth's."""

from django.urls import path

from accounts.views import account, invitations, invited, missions, my_data, organisations, profile

app_name = "accounts"

urlpatterns = [
    path("", account.overview, name="overview"),
    path("welcome/", account.welcome, name="welcome"),
    path("profile/", profile.profile, name="profile"),
    path("profile/tokens/<slug:key>/revoke/", profile.token_revoke, name="token_revoke"),
    path("organizations/", organisations.organisations, name="organisations"),
    path("organizations/new/", organisations.name_new, name="organisation_new"),
    path("organizations/<int:organisation_id>/", organisations.organisation, name="organisation"),
    path("organizations/<int:organisation_id>/join/", organisations.ask, name="organisation_join"),
    path("organizations/<int:organisation_id>/invite/", missions.colleague, name="mission_colleague"),
    path("organizations/<int:organisation_id>/hand-over/", missions.contact, name="mission_contact"),
    *(
        path(
            f"organizations/<int:organisation_id>/invitations/<uuid:uuid>/{act}/",
            missions.invitation,
            {"act": act},
            name=f"mission_invitation_{act}",
        )
        for act in ("resend", "withdraw")
    ),
    path("affiliations/<int:affiliation_id>/position/", missions.position, name="affiliation_position"),
    *(
        path(
            f"affiliations/<int:affiliation_id>/{act}/",
            organisations.decide,
            {"act": act},
            name=f"affiliation_{act}",
        )
        for act in ("confirm", "decline", "end")
    ),
    path("my-data/", my_data.my_data, name="my_data"),
    path("my-data/export/", my_data.export, name="export"),
    path("my-data/consent/", my_data.consent, name="consent"),
    path("my-data/consent/withdraw/", my_data.consent_withdraw, name="consent_withdraw"),
    path("my-data/erase/", my_data.erase, name="erase"),
    path("erased/", my_data.erased, name="erased"),
    path("sessions/", account.session_list, name="session_list"),
    path("sessions/end-others/", account.session_end_others, name="session_end_others"),
    path("sessions/<int:pk>/end/", account.session_end, name="session_end"),
    path("invitations/", invitations.invitation_list, name="invitation_list"),
    path("invitations/new/", invitations.invitation_create, name="invitation_create"),
    path("invitations/<uuid:uuid>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:uuid>/withdraw/", invitations.invitation_withdraw, name="invitation_withdraw"),
    path("invitation/<str:token>/", invited.invitation, name="invitation"),
    path("invitation/<str:token>/sign-up/", invited.invitation_sign_up, name="invitation_sign_up"),
]
