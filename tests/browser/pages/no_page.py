"""Addresses that show no page of their own, and why."""

NO_PAGE = {
    "acts, answered by a redirect to a page above": """
        account/affiliations/<int:affiliation_id>/confirm/ account/affiliations/<int:affiliation_id>/decline/
        account/affiliations/<int:affiliation_id>/end/ account/affiliations/<int:affiliation_id>/position/
        account/organizations/<int:organisation_id>/invitations/<uuid:uuid>/resend/
        account/organizations/<int:organisation_id>/invitations/<uuid:uuid>/withdraw/
        account/invitations/<uuid:uuid>/resend/
        account/invitations/<uuid:uuid>/withdraw/ account/my-data/consent/withdraw/ account/my-data/export/
        account/organizations/<int:organisation_id>/join/ account/profile/tokens/<slug:key>/revoke/
        reminders/hold/ reminders/holds/<int:hold_id>/release/ reminders/send/ reminders/test/
        reminders/messages/<int:message_id>/bounced/
        account/sessions/<int:pk>/end/ account/sessions/end-others/ my/comments/<int:round_id>/mail/ my/replies/mails/
        calls/<int:call_id>/hosting/<int:slot_id>/remove/ offers/<uuid:uuid>/keep/
        people/<int:person_id>/roles/<int:grant_id>/withdraw/ people/affiliations/<int:affiliation_id>/position/
        rounds/<int:round_id>/comments/<uuid:uuid>/<own_act:act>/
        rounds/<int:round_id>/comments/<uuid:uuid>/evidence/<uuid:evidence>/remove/
        rounds/<int:round_id>/comments/<uuid:uuid>/position/ rounds/<int:round_id>/desk/hide/
        rounds/carried/<slug:slug>/<int:number>/again/ rounds/carried/<slug:slug>/<int:number>/comments/<uuid:uuid>/
        rounds/<int:round_id>/desk/publish/ rounds/<int:round_id>/follow/ rounds/<int:round_id>/move/
        rounds/<int:round_id>/questions/<int:question_id>/answers/<int:answer_id>/hide/
        rounds/<int:round_id>/questions/<int:question_id>/delete/
        calls/<int:call_id>/board/close/ calls/<int:call_id>/conflicts/<int:conflict_id>/lift/
        calls/<int:call_id>/nominations/<uuid:uuid>/discussion/ calls/<int:call_id>/reviewers/<int:reviewer_id>/remove/
        calls/<int:call_id>/scoring/<int:number>/conflict/ calls/<int:call_id>/scoring/<int:number>/notes/
        calls/<int:call_id>/scoring/conflicts/<int:conflict_id>/take-back/
        meetings/<uuid:uuid>/agenda/<int:item_id>/move/ meetings/<uuid:uuid>/agenda/<int:item_id>/remove/
        meetings/<uuid:uuid>/decisions/<int:decision_id>/remove/ meetings/<uuid:uuid>/held/
        meetings/<uuid:uuid>/invitations/<uuid:guest>/withdraw/ meetings/<uuid:uuid>/invitations/groups/
        meetings/<uuid:uuid>/named/ meetings/<uuid:uuid>/papers/<int:paper_id>/remove/
        meetings/<uuid:uuid>/publish/ meetings/mine/calendar/ meetings/mine/calendar/stop/ meetings/tasks/<uuid:uuid>/
        nominations/<uuid:uuid>/endorse/ nominations/<uuid:uuid>/return/ nominations/<uuid:uuid>/tell/
        nominations/<uuid:uuid>/withdraw/ roadmap/<uuid:uuid>/follow/ roadmap/<uuid:uuid>/place/
        resolutions/periods/<str:code>/close/ resolutions/entries/<uuid:uuid>/take/
        resolutions/entries/<uuid:uuid>/leave-out/ resolutions/lines/<uuid:uuid>/remove/ resolutions/reports/
        resolutions/reports/<uuid:uuid>/issue/ resolutions/reports/<uuid:uuid>/<str:language>/<str:form>/make/
        roadmap/funding/scenarios/<uuid:uuid>/adopt/
        drafting/<slug:slug>/<int:number>/checks/run/ drafting/<slug:slug>/<int:number>/checks/take-back/
        drafting/<slug:slug>/<int:number>/checks/waive/
        calls/<int:call_id>/panel/<uuid:uuid>/change/ calls/<int:call_id>/panel/<uuid:uuid>/decide/
        calls/<int:call_id>/panel/decision/record/ calls/<int:call_id>/panel/invited/<uuid:uuid>/
        calls/<int:call_id>/panel/invited/fill/
        guidelines/<slug:slug>/<int:number>/documents/<str:language>/<str:form>/make/
        drafting/<slug:slug>/<int:number>/edit/<slug:key>/restore/
        drafting/<slug:slug>/<int:number>/edit/take-back/<int:version>/
        drafting/<slug:slug>/<int:number>/translate/<str:language>/<slug:key>/act/""",
    "the frame of another page, in a document of its own": "mailbox/<str:mail_id>/html/",
    "only ever leads to another page": """
        account/confirm-email/ account/second-factor/webauthn/login/""",
    "a PDF": "places/<str:token>/letter/",
    "for programs": "roadmap/milestones.<str:form> roadmap/funding/<slug:table>.<str:form>"
    " calls/<int:call_id>/board/scores.csv calls/<int:call_id>/scoring/my-scores.csv"
    " rounds/<int:round_id>/account/figures.csv"
    " nominations/<uuid:uuid>/keep/ feed/ my/comments/download/ rounds/<int:round_id>/quotes/<slug:key>/"
    " guidelines/<slug:slug>/<int:number>/documents/<str:language>/<str:form>/"
    " resolutions/reports/<uuid:uuid>/<str:language>/<str:form>/"
    " account/second-factor/recovery-codes/download/ drafting/<slug:slug>/<int:number>/edit/names.json"
    " drafting/<slug:slug>/<int:number>/edit/<slug:key>/here/ drafting/<slug:slug>/<int:number>/edit/<slug:key>/work/"
    " drafting/<slug:slug>/<int:number>/translate/<str:language>/<slug:key>/here/"
    " drafting/<slug:slug>/<int:number>/translate/<str:language>/<slug:key>/work/",
    "shown where a service of sign-in is configured: tests/browser/pages/test_single_sign_on_pages.py": """
        account/connected/signup/ account/oidc/<slug:provider_id>/login/""",
}
