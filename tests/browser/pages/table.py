"""Every page of the portal, in every state that it has, and who sees it."""

from tests.browser.pages.answering_rows import ANSWERING
from tests.browser.pages.applying_rows import APPLYING
from tests.browser.pages.carrying_rows import CARRYING
from tests.browser.pages.desk_rows import AT_THE_DESK
from tests.browser.pages.expert_rows import EXPERTS
from tests.browser.pages.funding_rows import FUNDING
from tests.browser.pages.meeting_rows import MEETINGS
from tests.browser.pages.milestone_rows import MILESTONES
from tests.browser.pages.report_rows import REPORTS
from tests.browser.pages.rows import (
    DESK,
    FACTOR,
    ME,
    NOBODY,
    PEOPLE,
    SIGNED_IN,
    STAFF,
    Row,
    get,
    post,
)

SIGN_UP = {"name": "x" * 200, "email": "no address", "password1": "a", "password2": "b"}
COMMENT = {"kind": "general", "attribution": "named", "language": "en", "provision": "para_1"}
WRONG_COMMENT = {**COMMENT, "body": "", "quote": "words that are nowhere", "kind": "none"}
PEOPLE_LINES = {"role": "expert", "group": "", "language": "en", "days": "14"}
TABLE_OF_CONTACTS = ("contacts.csv", b"Name;E-mail;Country\n;no address;nowhere\nAna;ana@example.org;PER\n")
MISSION = "account/organizations/{state}/"
ROUND, SAID = "rounds/{round}/", "rounds/{round}/comments/{said}/"
# Braces are doubled: what is sent is filled in with names.
WRONG_ROUND = {
    "title_en": "",
    "opens_at": "2026-13-40",
    "closes_at": "x",
    "visibility": "nobody",
    "scope": ["9"],
}

STANDING = [
    *get("verifying/"),
    *get("", "how-this-works/", "accessibility/", "contact/", "privacy/", "words/", "groups/", "offline/"),
    *get("groups/expert-working-group/"),
    *get("groups/{group}/", roles=("member", "staff")),
    *get("groups/{empty_group}/", roles=NOBODY, status=404),
    *get("help/", *(f"help/{role}/" for role in ("expert", "participant", "focal-point", "drafter"))),
    *get("help/nominee/", "help/reviewer/"),
    *get("help/reading/", "help/secretariat/", "styleguide/", "mailbox/", "mailbox/{mail}/"),
    *get("nowhere/", "rounds/999999/", "mailbox/20260101-x/", roles=("anonymous", "staff"), status=404),
    Row("nowhere/", NOBODY, 404, {"body": "Words that took an evening to write."}),
    Row("rounds/new/", ("member",), 403),
    Row("rounds/{round}/desk/answer/", STAFF, 405),  # where a sign-in leads back to what can only be sent
]

READING = [
    *get(
        "guidelines/{slug}/", "guidelines/{slug}/1/", "guidelines/{slug}/2/", "guidelines/{slug}/2/?text=fr"
    ),
    *get("guidelines/{slug}/2/chp_1/", "guidelines/{slug}/2/pillar_3/", "guidelines/{slug}/2/chp_1/?text=ar"),
    *get("guidelines/{slug}/2/chp_1/?round={closed}", "guidelines/{slug}/2/chp_1/?round={bare}"),
    *get(
        "guidelines/{slug}/2/chp_1/?round={round}&kind=technical&spoken=ar", "guidelines/{slug}/2/term_data/"
    ),
    *get("guidelines/{slug}/2/whole/", "guidelines/{slug}/2/whole/?text=ar"),
    *get("guidelines/{slug}/3/chp_1/", "guidelines/{slug}/3/whole/", roles=DESK),
    *get("guidelines/{slug}/2/documents/"),
    *get("drafting/", "drafting/{slug}/1/", "drafting/{slug}/2/", roles=(*DESK, "admin")),
    *get(*(f"drafting/{{slug}}/{n}/" for n in (3, 4, 5)), "drafting/{adopted}/1/", roles=DESK),
    *get("drafting/", "drafting/{slug}/2/", roles=ME, status=403),
    *get("guidelines/{slug}/1/chp_1/", "guidelines/{slug}/1/whole/", "guidelines/{adopted}/1/"),
    post("drafting/{slug}/3/act/", {"act": "publish", "publish-due_at": "2020-01-01T10:00"}, "staff"),
    post("drafting/{slug}/3/act/", {"act": "circulate"}, "drafter"),
    post("drafting/{slug}/4/act/", {"act": "decline"}, "staff"),
    post("drafting/{slug}/4/act/", {"act": "confirm"}, "drafter", status=403),
    *get("drafting/{slug}/2/begin/", roles=("drafter",)),
    post("drafting/{slug}/2/begin/", {"label_en": ""}, "drafter"),
    *get("drafting/{slug}/2/names/", "drafting/{slug}/3/names/", roles=DESK),
    *get("drafting/{slug}/2/names/", roles=(*ME, "admin"), status=403),
    post("drafting/{slug}/3/names/", {"name": "label", "label_fr": "x" * 121}, *DESK),
    post(
        "drafting/{slug}/3/names/",
        {"name": "label", "label_en": "x", "seen_label_en": "y"},
        "staff",
        status=409,
    ),
    *get("guidelines/{slug}/3/documents/", roles=DESK),
    *get("guidelines/{slug}/2/changes/1/", "guidelines/{slug}/2/changes/1/chp_1/"),
    *get("guidelines/{slug}/2/changes/1/pillar_3/", "guidelines/{slug}/3/changes/2/", roles=DESK),
    *get("drafting/{slug}/2/checks/", "drafting/{slug}/3/checks/?waived=all", roles=DESK),
    *get("drafting/{slug}/2/checks/", roles=ME, status=403),
    *get("guidelines/{slug}/2/history/para_1/", "guidelines/{slug}/wordings/para_1/"),
]

EDIT = "drafting/{slug}/3/edit/"
WRONG_WORDS = {"text": "Words.[^x] As [#nothing] says.", "version": "2"}
EDITING = [
    *get(EDIT, f"{EDIT}para_1/", f"{EDIT}para_1/add/", f"{EDIT}para_1/split/", roles=("drafter",)),
    *get(EDIT, f"{EDIT}para_1/", roles=STAFF, status=403),
    post(f"{EDIT}para_1/", WRONG_WORDS, "drafter"),
    post(f"{EDIT}para_1/add/", {"kind": "none", "structure_version": "1"}, "drafter"),
    post(f"{EDIT}para_1/act/", {"act": "up", "structure_version": "999"}, "drafter", status=409),
]

TRANSLATE = "drafting/{slug}/3/translate/"
WRONG_TRANSLATION = {"text": "[^9]", "version": "1", "source_version": "2"}
TRANSLATING = [
    *get(TRANSLATE, f"{TRANSLATE}ar/", f"{TRANSLATE}ar/?state=approved", roles=DESK),
    *get(f"{TRANSLATE}ar/para_1/", f"{TRANSLATE}fr/chp_1/", roles=DESK),
    *get("drafting/{slug}/2/translate/", "drafting/{slug}/2/translate/ar/para_1/", roles=DESK),
    *get("drafting/{slug}/2/translate/", "drafting/{slug}/2/translate/ar/para_1/", roles=ME, status=403),
    post(f"{TRANSLATE}ar/para_1/", WRONG_TRANSLATION, *DESK),
    post(f"{TRANSLATE}ar/para_1/", {**WRONG_TRANSLATION, "text": "x", "version": "0"}, "staff", status=409),
]

ROUNDS = [
    *get("rounds/", ROUND, "rounds/{planned}/", "rounds/{closed}/", "rounds/{published}/", "rounds/{bare}/"),
    *get("rounds/{secret}/", "rounds/{invited}/", roles=("member", "drafter", "staff")),
    *get(f"{ROUND}figures/", "rounds/{bare}/figures/", "rounds/{planned}/figures/"),
    *get("rounds/{published}/figures/", "rounds/{secret}/figures/", roles=DESK),
    *get("rounds/{secret}/figures/", roles=ME, status=403),
    *get("rounds/{published}/account/", "rounds/{published}/account/comments/other/"),
    *get("rounds/{published}/account/changes/"),
    *get("rounds/{closed}/account/", "rounds/{bare}/account/comments/whole/", roles=DESK),
    *get("rounds/{closed}/account/", roles=ME, status=404),
    *get(f"{ROUND}comments/", f"{ROUND}comments/?page=2", f"{ROUND}comments/?search=nothing-has-this"),
    *get("rounds/{bare}/comments/", f"{ROUND}on/", f"{ROUND}on/para_1/", f"{ROUND}on/para_2/?page=2"),
    *get(
        f"{ROUND}on/para_3/", f"{ROUND}on/long/", "rounds/{closed}/on/para_1/", "rounds/{planned}/on/para_1/"
    ),
    *get("rounds/{secret}/on/para_1/", roles=("member", "drafter", "staff")),
    *get(SAID, "rounds/{round}/comments/{other}/", "rounds/{round}/comments/{whole}/"),
    *get("rounds/{published}/comments/{answered}/"),
    *get(
        *(f"rounds/{{round}}/comments/{{{name}}}/" for name in ("gone", "hidden")), roles=("member", "staff")
    ),
    *get("rounds/{secret}/comments/{secret_said}/", roles=("member", "staff")),
    *get("rounds/{round}/comments/{unsent}/", "rounds/{closed}/comments/{late}/", roles=ME),
    *get(f"{SAID}edit/", "rounds/{round}/comments/{unsent}/edit/", roles=ME),
    post(f"{ROUND}comments/new/", WRONG_COMMENT, "member", "focal"),
    post(f"{ROUND}comments/new/", {**WRONG_COMMENT, "provision": ""}, "member"),
    post("rounds/{bare}/comments/new/", {**COMMENT, "provision": "para_1", "body": ""}, "participant"),
    post(
        "rounds/{planned}/comments/new/",
        {**COMMENT, "body": "Words that took an evening."},
        "member",
        status=403,
    ),
    post(f"{SAID}edit/", {**WRONG_COMMENT, "version": "1"}, "member"),
    post(f"{SAID}edit/", {**COMMENT, "body": "From elsewhere.", "version": "999"}, "member", status=409),
    post(f"{SAID}evidence/", {"url": "not an address", "title": "x" * 300}, "member"),
    post(f"{SAID}replies/", {"body": ""}, "member", "staff"),
    post(f"{SAID}replies/", {"body": "x" * 30_000}, "focal"),
    *get(*(f"{ROUND}questions/{{q_{kind}}}/" for kind in ("choice", "multiple", "scale", "open"))),
    *(post(f"{ROUND}questions/{{q_{kind}}}/", {}, "participant", "member") for kind in ("choice", "open")),
    post(f"{ROUND}questions/{{q_scale}}/", {"value": "4", "version": "99"}, "member", status=409),
    *get(f"{ROUND}questions/", "rounds/{planned}/questions/", "rounds/{bare}/questions/", roles=STAFF),
    *get("rounds/{planned}/questions/new/", f"{ROUND}questions/{{q_choice}}/edit/", roles=STAFF),
    *get("rounds/{planned}/questions/{q_planned}/edit/", roles=STAFF),
    post("rounds/{planned}/questions/new/", {"kind": "choice", "options_en": "one"}, "staff"),
    post("rounds/{planned}/questions/{q_planned}/edit/", {"version": "99"}, "staff"),
    *get("rounds/new/", f"{ROUND}edit/", "rounds/{planned}/edit/", "rounds/{closed}/edit/", roles=STAFF),
    post("rounds/new/", WRONG_ROUND, "staff"),
    post("rounds/{planned}/edit/", WRONG_ROUND, "staff"),
    *AT_THE_DESK,
]

WAYS_IN = [
    *get("account/login/", "account/login/code/", "account/signup/", roles=NOBODY),
    *get("account/inactive/", "account/password/reset/", "account/password/reset/done/"),
    *get("account/password/reset/key/done/", "account/erased/", "account/connected/login/cancelled/"),
    *get("account/connected/login/error/", status=401),
    *get("account/password/reset/key/1-abc/", roles=NOBODY),
    *get("account/password/reset/key/{reset_key}/", roles=NOBODY),
    post("account/login/", {}, "anonymous", status=200),
    post("account/login/", {"login": "a@example.org", "password": "wrong"}, "anonymous", status=200),
    post("account/login/code/", {"email": "no address"}, "anonymous", status=200),
    post("account/signup/", SIGN_UP, "anonymous", status=200),
    post("account/password/reset/", {"email": "no address"}, "anonymous", status=200),
    Row("account/login/code/confirm/", NOBODY, before=(("account/login/code/", {"email": "{email}"}),)),
    post(
        "account/login/code/confirm/",
        {"code": "WRONG"},
        "anonymous",
        status=200,
        before=(("account/login/code/", {"email": "{email}"}),),
    ),
    *get("account/invitation/{token}/", roles=NOBODY),
    *get("account/invitation/{my_token}/", roles=("anonymous", "member")),
    *get("account/invitation/{token}/", roles=("staff",), status=403),
    *get("account/invitation/{expired_token}/", roles=("anonymous", "staff"), status=410),
    *get("account/invitation/unknown/", roles=("anonymous", "staff"), status=404),
    *get("account/invitation/{token}/sign-up/", roles=NOBODY),
    post("account/invitation/{token}/sign-up/", SIGN_UP, "anonymous", status=200),
]

BY_PASSWORD = (("account/login/", {"login": "{secured_email}", "password": "{password}"}),)
ACCOUNT = [
    *get(
        "account/",
        "account/welcome/",
        "account/profile/",
        "account/organizations/",
        "account/my-data/",
        roles=SIGNED_IN,
    ),
    *get("account/my-data/consent/", "account/sessions/", "account/email/", roles=SIGNED_IN),
    *get("account/logout/", "account/password/set/", "account/connected/", roles=SIGNED_IN),
    *get("my/comments/", "my/replies/", roles=SIGNED_IN),
    post("account/profile/", {"name": "", "language": "xx", "time_zone": "x"}, "member", "participant"),
    post("account/organizations/new/", {"name": "", "kind": "none"}, "participant"),
    *get("account/organizations/{lab}/", roles=("member", "staff", "admin")),
    *get("account/my-data/erase/", roles=SIGNED_IN),
    post("account/my-data/erase/", {"email": "not mine"}, "participant", "staff"),
    post("account/email/", {"email": "no address", "action_add": "1"}, "member", status=200),
    post("account/password/set/", {"password1": "a", "password2": "b"}, "participant", status=200),
    *get("account/password/change/", "account/reauthenticate/", roles=("member",)),
    post("account/password/change/", {"oldpassword": "x", "password1": "a"}, "member", status=200),
    post("account/reauthenticate/", {"password": "wrong"}, "member", status=200),
    *(Row(f"jobs/{{job_{state}}}/", ME) for state in ("queued", "running", "done", "failed")),
]

SECOND = "account/second-factor/"
SECOND_FACTOR = [
    *get(SECOND, f"{SECOND}webauthn/", f"{SECOND}totp/activate/", roles=SIGNED_IN),
    *get(f"{SECOND}webauthn/add/", f"{SECOND}recovery-codes/generate/", roles=SIGNED_IN),
    *get(SECOND, f"{SECOND}webauthn/", f"{SECOND}webauthn/add/", f"{SECOND}totp/deactivate/", roles=FACTOR),
    *get(f"{SECOND}recovery-codes/", f"{SECOND}recovery-codes/generate/", roles=FACTOR),
    *get(f"{SECOND}webauthn/keys/{{key}}/edit/", f"{SECOND}webauthn/keys/{{key}}/remove/", roles=FACTOR),
    *get(f"{SECOND}reauthenticate/", f"{SECOND}webauthn/reauthenticate/", "account/", roles=FACTOR),
    post(f"{SECOND}totp/activate/", {"code": "000"}, "participant", status=200),
    post(f"{SECOND}webauthn/add/", {"name": "", "credential": "{}"}, "participant", status=200),
    post(f"{SECOND}webauthn/keys/{{key}}/edit/", {"name": ""}, "secured", status=200),
    post(f"{SECOND}reauthenticate/", {"code": "000"}, "secured", status=200),
    Row(f"{SECOND}authenticate/", NOBODY, before=BY_PASSWORD),
    post(f"{SECOND}authenticate/", {"code": "000"}, "anonymous", status=200, before=BY_PASSWORD),
]

MISSIONS = [
    *get(MISSION, f"{MISSION}invite/", f"{MISSION}hand-over/", roles=("focal", *PEOPLE)),
    post(f"{MISSION}invite/", {"name": "", "email": "no address"}, "focal", "staff"),
    post(f"{MISSION}hand-over/", {"successor": "new", "email": "no address"}, "focal", "staff"),
    *get(f"{MISSION}hand-over/", roles=ME, status=404),
]

SECRETARIAT = [
    *get("people/", "people/?words=nothing-has-this", "people/?role=expert&page=2", roles=PEOPLE),
    *get("reminders/", "reminders/sent/", "reminders/sent/?state=failed", "reminders/rules/", roles=STAFF),
    *get("reminders/rules/new/round_input/", "reminders/rules/new/milestone_concerned/", roles=STAFF),
    *get("reminders/", roles=ME, status=404),
    post("reminders/rules/new/round_input/", {"days": "0", "side": "before", "times": "1"}, "staff"),
    post(
        "reminders/rules/new/round_input/",
        {"days": "20", "side": "before", "times": "1", "active": "1", "preview": "1"},
        "staff",
        status=200,
    ),
    *get("reminders/rules/{reminder_rule}/", roles=STAFF),
    *get("account/reminders/", roles=SIGNED_IN),
    *get("reminders/stop/{stop_token}/", roles=NOBODY),
    post("reminders/stop/{stop_token}/", {}, "anonymous", status=200),
    post("account/reminders/", {"hour": "25"}, "member"),
    *get("reminders/stop/nothing/", roles=NOBODY, status=404),
    *get("people/{person}/", "people/{newcomer}/", "people/{self}/", "people/{left}/", roles=PEOPLE),
    *get(
        "people/audit/",
        "people/audit/?action=nothing",
        "people/audit/?since=x",
        "people/groups/",
        roles=PEOPLE,
    ),
    *get("people/groups/{group}/", "people/groups/{empty_group}/", roles=PEOPLE),
    post("people/groups/{group}/", {"addresses": ""}, *PEOPLE),
    *get("people/groups/{group}/history/", "people/groups/{group}/terms/", roles=PEOPLE),
    *get("people/groups/{empty_group}/history/", "people/groups/{empty_group}/terms/", roles=PEOPLE),
    post("people/groups/{group}/terms/", {"version": "1", "terms_fr": "Sans l’anglais."}, *PEOPLE),
    post("people/groups/{group}/terms/", {"version": "99", "terms_en": "Older words."}, "staff", status=409),
    *get("people/memberships/{membership}/", "people/memberships/{membership_over}/", roles=PEOPLE),
    post(
        "people/memberships/{membership}/term/", {"term-ends_on": "2020-01-01", "term-reason": "x"}, *PEOPLE
    ),
    post("people/memberships/{membership}/role/", {"role-role": "king"}, *PEOPLE),
    post("people/memberships/{membership}/replaced/", {"replaced-replaces": "0"}, *PEOPLE),
    post("people/memberships/{membership}/end/", {"end-reason": ""}, *PEOPLE),
    post(
        "people/groups/{empty_group}/", {"addresses": "nobody@example.org\nno address"}, *PEOPLE, status=200
    ),
    post("people/{newcomer}/roles/", {"role": "none"}, "admin"),
    post("people/{newcomer}/memberships/", {"group": "0"}, *PEOPLE),
    post("people/{newcomer}/places/", {"place-kind": "member_state"}, *PEOPLE),
    post("people/{newcomer}/active/", {}, *PEOPLE),
    *get("people/member-states/", "people/member-states/?reach=invited&region=africa", roles=PEOPLE),
    *get("people/member-states/?words=zzz", "people/member-states/invite-again/", roles=PEOPLE),
    *get("account/invitations/", "account/invitations/new/", roles=PEOPLE),
    *get("account/invitations/new/?role=focal_point&country=PER", roles=STAFF),
    post("account/invitations/new/", {**PEOPLE_LINES, "people": "", "file": TABLE_OF_CONTACTS}, *PEOPLE),
    post("account/invitations/new/", {**PEOPLE_LINES, "people": "", "preview": "1"}, *PEOPLE),
    post("account/invitations/new/", {**PEOPLE_LINES, "people": "a@b\n{email}, X", "preview": "1"}, *PEOPLE),
    post(
        "account/invitations/new/",
        {**PEOPLE_LINES, "people": "new@example.org, New, fr, PER", "preview": "1"},
        *PEOPLE,
        status=200,
    ),
    *get("drafts/import/", roles=DESK),
    post("drafts/import/", {"label": "", "guidelines": "no slug!"}, *DESK),
    *get("drafts/import/{imported}/", roles=("importer",)),
]

TABLE = [
    *STANDING,
    *READING,
    *EDITING,
    *TRANSLATING,
    *ROUNDS,
    *WAYS_IN,
    *ACCOUNT,
    *SECOND_FACTOR,
    *MISSIONS,
    *SECRETARIAT,
    *EXPERTS,
    *MILESTONES,
    *FUNDING,
    *REPORTS,
    *ANSWERING,
    *APPLYING,
    *CARRYING,
    *MEETINGS,
]

# What a portal looks like in which nothing has happened yet.
NOTHING_YET = [
    *get("", "rounds/", "groups/", "roadmap/funding/", roles=("anonymous", "staff")),
    *get(
        *(
            "my/comments/",
            "my/nominations/",
            "my/replies/",
            "account/",
            "account/welcome/",
            "account/organizations/",
            "account/my-data/",
        ),
        roles=("participant",),
    ),
    *get(
        "people/",
        "people/groups/",
        "people/audit/",
        "account/invitations/",
        "drafts/import/",
        roles=("staff",),
    ),
    *get("rounds/new/", "mailbox/", roles=("staff",)),
]
